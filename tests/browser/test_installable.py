"""The app can be installed: Chromium itself finds nothing that is missing."""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright

from tests.browser.app import installed, kept, visit
from tests.support.live import Live, eventually
from tools.system.site import SITE, STATIC

pytestmark = pytest.mark.browser

UPDATE = "navigator.serviceWorker.ready.then((one) => one.update()).then(() => true, () => false)"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("installable")
    with sync_playwright() as playwright, installed(playwright, folder) as context:
        yield context


def same(page: Page) -> bool:
    """Whether the page was not loaded anew since it was marked."""
    try:
        return bool(page.evaluate("window.same === true"))
    except Error:  # it is being loaded just now
        return True


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STATIC / "manifest.webmanifest").read_text("utf-8"))
    return found


def test_chromium_would_install_it(app: BrowserContext, live: Live) -> None:
    page = visit(app, live)
    chromium = app.new_cdp_session(page)
    told = chromium.send("Page.getAppManifest")
    assert told["errors"] == []
    assert json.loads(told["data"])["name"] == "CryptoIntel"
    assert chromium.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_the_whole_shell_of_one_release_is_there_without_a_network(
    app: BrowserContext, live: Live
) -> None:
    page = visit(app, live)
    (name,) = [name for name in kept(page) if name.startswith("shell:")]
    release = name.partition(":")[2]
    assert re.fullmatch("[0-9a-f]{12}", release)
    paths = kept(page)[name]
    assert "/" in paths
    assert {f"/r/{release}/app/main.js", f"/r/{release}/styles/tokens.css"} <= set(paths)


def test_a_new_release_is_offered_and_taken_when_the_reader_wants_it(
    app: BrowserContext, live: Live
) -> None:
    page = visit(app, live)
    site = SITE / "sw.js"
    before = site.read_text("utf-8")
    try:
        site.write_text(before + "\n// another release\n", "utf-8")
        notice = page.get_by_text("A new version is ready.")
        # Wrangler takes a while to see the file.
        eventually(lambda: page.evaluate(UPDATE) and notice.is_visible(), 60.0)
        page.evaluate("window.same = true")
        page.get_by_role("button", name="Reload").click()
        eventually(lambda: not same(page), 30.0)
        expect(notice).to_have_count(0)
        expect(page.locator("main h1").first).to_be_attached(timeout=20_000)
    finally:
        site.write_text(before, "utf-8")


def test_what_is_shared_with_it_opens_the_asset_that_it_is_about(
    app: BrowserContext, live: Live
) -> None:
    target = manifest()["share_target"]
    assert (target["method"], target["action"]) == ("GET", "/share")
    page = visit(app, live, "/share?title=Look&text=%24ETH+is+moving")
    page.wait_for_url(re.compile("/asset/ethereum$"))
    page = visit(app, live, "/share?url=https%3A%2F%2Fcoins.example%2Fen%2Fcoins%2Fbitcoin")
    page.wait_for_url(re.compile("/asset/bitcoin$"))
    page = visit(app, live, "/share?text=nothing+of+the+kind")
    expect(page.get_by_text("No asset was found in it")).to_be_visible()


def test_every_icon_is_as_large_as_the_manifest_says() -> None:
    for icon in manifest()["icons"]:
        file = Path(STATIC, icon["src"].lstrip("/"))
        if icon["type"] == "image/png":
            width, height = struct.unpack(">II", file.read_bytes()[16:24])
            assert icon["sizes"] == f"{width}x{height}"
        else:
            assert file.is_file()
    assert {icon["purpose"] for icon in manifest()["icons"]} == {"any", "maskable", "monochrome"}
