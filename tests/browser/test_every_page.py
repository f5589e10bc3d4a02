"""Every page: it loads, breaks no rule of WCAG that axe knows, and fits the screen.

That it does not scroll sideways and that no script of it fails is looked at by the fixture `page`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.books import as_admin
from tests.support.live import Live
from tools.system.site import STATIC

pytestmark = pytest.mark.browser

# Everybody reads these; the others say that one has to sign in.
PAGES = (
    "/", "/market", "/asset/bitcoin", "/signals", "/track-record", "/news",
    "/entity/asset/bitcoin", "/defi", "/on-chain", "/watchlists", "/alerts", "/reports", "/usage",
    "/system", "/settings", "/login", "/sign-up", "/share?text=nothing-so-named", "/nothing-here",
)  # fmt: skip
OF_ADMINS = ("/watchlists", "/alerts", "/reports", "/usage", "/revenue", "/admin", "/settings")
LOADING = "[aria-busy='true'], .skeleton"


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


@pytest.fixture
def admin(page: Page, live: Live) -> Iterator[Page]:
    yield from as_admin(page, live)


def look(page: Page, own: str, path: str, theme: str) -> None:
    """Open a page, wait until it is whole, and let axe look at it."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(origin_of(request.url)))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(own + path)
    expect(page.locator("main h1").first).to_be_attached(timeout=20_000)
    expect(page.locator(LOADING)).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("could not be loaded")).to_have_count(0)
    assert violations(page) == []
    assert asked - {"data://"} == {own}, "nothing is asked of another origin"


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_can_read_it(page: Page, own: str, path: str) -> None:
    look(page, own, path, "dark")


@pytest.mark.parametrize("path", OF_ADMINS)
def test_who_is_signed_in_can_read_it(admin: Page, own: str, path: str) -> None:
    look(admin, own, path, "light")


def test_no_page_is_left_out() -> None:
    text = Path(STATIC / "app" / "routes.js").read_text("utf-8")
    patterns = [pattern.replace("\\/", "/") for pattern in re.findall(r"pattern: /(.+?)/,", text)]
    looked_at = [path.partition("?")[0] for path in (*PAGES, *OF_ADMINS)]
    alone = ("/oauth/authorize", "/challenge", "/notebook", "/reports/daily/2026-11-22")
    for pattern in patterns:
        assert any(re.search(pattern, path) for path in (*looked_at, *alone)), pattern
