"""`python -m tools.icons`: draw the app's icons from favicon.svg, with Chromium.

What is drawn is committed: run it again when favicon.svg changes. A maskable icon fills
its square, because the phone cuts its shape out of it, and keeps to the middle of it
(https://www.w3.org/TR/appmanifest/#icon-masks); a badge is a shape without colours.
"""

import re
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tools.system import browser as machine
from tools.system.layout import PROJECT

STATIC = PROJECT / "src" / "dashboard" / "static"
ICONS = STATIC / "icons"


class Icon(NamedTuple):
    """A file: its side in pixels, whether its ground fills the square, whether it is a badge.

    `share` is how much of the side the drawing takes.
    """

    name: str
    side: int
    share: float = 1.0
    fills: bool = False
    badge: bool = False


DRAWN = (
    Icon("icon-192", 192),
    Icon("icon-512", 512),
    Icon("maskable-192", 192, 0.72, fills=True),
    Icon("maskable-512", 512, 0.72, fills=True),
    Icon("apple-touch-icon", 180, 0.86, fills=True),
    Icon("badge-96", 96, badge=True),
)


def drawing(favicon: str, icon: Icon) -> str:
    """Return the SVG of an icon. Raises ValueError when favicon.svg is drawn in another way."""
    ground = re.search(r'<rect[^>]*fill="([^"]+)"/>', favicon)
    line = re.search(r"<path[^>]*/>", favicon)
    if ground is None or line is None:
        raise ValueError("favicon.svg is no longer a rect and a path")
    path = line[0]
    before = ground[0]
    if icon.badge:
        before, path = "", re.sub(r'stroke="[^"]+"', 'stroke="#fff"', path)
    elif icon.fills:
        before = f'<rect width="32" height="32" fill="{ground[1]}"/>'
    edge = 16 * (1 - icon.share)
    moved = f'<g transform="translate({edge} {edge}) scale({icon.share})">{path}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="{icon.side}"'
        f' height="{icon.side}">{before}{moved}</svg>'
    )


def main() -> int:
    """Draw every icon."""
    favicon = (STATIC / "favicon.svg").read_text("utf-8")
    ICONS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=machine.ensure(), args=list(machine.FLAGS)
        )
        for icon in DRAWN:
            page = browser.new_page(viewport={"width": icon.side, "height": icon.side})
            page.set_content(f"<style>*{{margin:0;display:block}}</style>{drawing(favicon, icon)}")
            file = Path(ICONS / f"{icon.name}.png")
            page.locator("svg").screenshot(path=file, omit_background=True)
            page.close()
            print(f"{file.relative_to(PROJECT)}: {file.stat().st_size} bytes")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
