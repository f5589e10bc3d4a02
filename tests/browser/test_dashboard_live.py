"""The dashboard in a real Chromium, on the running Workers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(chromium: Browser, live: Live, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at the overview; anything the console complains of fails the test."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    foreign: list[str] = []
    own = live.system.ports.address("dashboard")
    page.on(
        "request",
        lambda sent: None if sent.url.startswith((own, own.replace("http", "ws"), "data:"))
        else foreign.append(sent.url),
    )  # fmt: skip
    page.goto(own)
    expect(page.locator("[data-connection=live]").first).to_be_attached(timeout=20_000)
    expect(page.locator("[data-asset]").first).to_be_attached(timeout=20_000)
    yield page
    context.close()
    assert complaints == []
    assert foreign == []


def width_of(page: Page) -> int:
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def tile(page: Page, asset_id: str) -> Locator:
    """Return the change that an asset's tile of the map tells."""
    return page.locator(f".heat-link[data-asset='{asset_id}'] [data-field=change]")


def test_a_tick_reaches_the_open_page_with_its_price_and_its_signal(page: Page, live: Live) -> None:
    live.next_tick()
    page.evaluate("window.notReloaded = true")
    coin = "stellar" if width_of(page) > 1000 else "monero"
    before = tile(page, coin).get_attribute("data-value") or ""
    assert before
    live.plant("jump", coin, live.time + 300, 0.15)
    live.next_tick()
    signal = page.locator(f"[data-signal-asset='{coin}'][data-signal-type=price_anomaly]").first
    expect(signal).to_be_attached(timeout=5_000)
    expect(signal).to_contain_text(re.compile(r"\+1\d\.\d %"))
    expect(tile(page, coin)).not_to_have_attribute("data-value", before)
    mover = page.locator(f".mover[data-asset='{coin}']")
    expect(mover.locator(".mover-sentence")).to_contain_text(re.compile(r"\+1\d\.\d %"))
    stored = live.rows(
        "SELECT price FROM market_data WHERE asset_id = ? AND timestamp = ?"
        " ORDER BY id DESC LIMIT 1", coin, live.time,
    )  # fmt: skip
    price = mover.locator("[data-field=price]").get_attribute("data-value")
    assert float(price or 0) == stored[0][0]
    assert page.evaluate("window.notReloaded") is True


def test_nothing_on_the_page_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width_of(page)


def test_simulated_data_is_called_simulated(page: Page) -> None:
    expect(page.get_by_text(re.compile("simulated", re.I)).first).to_be_visible()


def test_an_asset_page_shows_a_chart_and_can_be_linked_to(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/asset/bitcoin")
    expect(page.get_by_role("heading", name=re.compile("Bitcoin")).first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible(timeout=10_000)
    page.go_back()
    expect(page.locator("[data-asset]").first).to_be_attached()


def test_the_demo_user_signs_in_on_the_page(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/login")
    page.get_by_label(re.compile("e-?mail", re.I)).fill(live.system.account.user)
    page.locator("input[type=password]").fill(live.system.account.password)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/$"), timeout=10_000)
    expect(page.get_by_text(live.system.account.user).first).to_be_attached()
