"""`python -m tools.api_guide`: write docs/api.md from what the API says of itself (api.guide)."""

import sys

from tools.system.layout import PROJECT

sys.path.insert(0, str(PROJECT / "src"))

from api.guide import markdown

PAGE = PROJECT / "docs" / "api.md"


def text() -> str:
    """Return the page."""
    return f"# The API\n\nThe same guide is on `/docs`, with every route.\n\n{markdown()}\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
