"""The page of an asset: its chart by pointer and keyboard, news on the chart, watching it."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import sign_in
from tests.browser.views import alter
from tests.support.live import Live

pytestmark = pytest.mark.browser


def visit(page: Page, live: Live, path: str = "/asset/bitcoin") -> dict[str, Any]:
    """Open an asset's page; return the view that it has shown."""
    with page.expect_response(lambda answer: "/dashboard/asset" in answer.url) as answer:
        page.goto(live.system.ports.address("dashboard") + path)
    expect(page.locator(".chart canvas").first).to_be_visible(timeout=20_000)
    data: dict[str, Any] = answer.value.json()["data"]
    return data


def test_the_interval_and_the_range_are_in_the_address(page: Page, live: Live) -> None:
    assert visit(page, live)["candles"]["interval"] == "15m"
    with page.expect_response(re.compile("interval=1d")):
        page.get_by_role("button", name="1d", exact=True).click()
    page.get_by_role("button", name="90d", exact=True).click()
    expect(page).to_have_url(re.compile(r"/asset/bitcoin\?interval=1d&range=90$"))
    again = visit(page, live, "/asset/bitcoin?interval=1d&range=90")
    assert again["candles"]["window_seconds"] == 86_400
    for name in ("1d", "90d"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
    expect(page.locator(".legend-time")).to_contain_text("UTC")


def test_the_keyboard_goes_from_bar_to_bar_and_opens_the_signal_there(
    page: Page, live: Live
) -> None:
    def fire(data: dict[str, Any]) -> None:
        at = data["candles"]["bars"][-2][0]
        told = json.dumps(SIGNAL).replace("(time)", page.evaluate(ISO, at))
        data["signals"] = [json.loads(told)]

    alter(page, lambda data: fire(data) if "candles" in data else None)
    visit(page, live)
    chart = page.get_by_role("application", name=re.compile("^Price chart of Bitcoin"))
    chart.focus()
    told = page.locator(".chart [role=status]")
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("24 h volume")
    expect(told).not_to_contain_text("A jump")
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("A jump")
    page.keyboard.press("Enter")
    expect(page.locator("[data-signal] .evidence")).to_be_visible()
    expect(page.get_by_role("button", name="Evidence")).to_be_focused()


def test_news_on_the_chart_tells_headline_and_tone_and_leads_to_the_story(
    page: Page, live: Live
) -> None:
    def publish(data: dict[str, Any]) -> None:
        at = page.evaluate(ISO, data["candles"]["bars"][-1][0])
        data["news"] = [
            {
                "title": "Bitcoin holds", "url": "https://news.example/1", "source": "The News",
                "published_at": at, "age_seconds": 60, "sentiment": -0.4,
                "sentiment_model": "headlines-1",
            }
        ]  # fmt: skip

    alter(page, lambda data: publish(data) if "candles" in data else None)
    visit(page, live)
    mark = page.get_by_role("list", name="News on the chart").get_by_role("button")
    expect(mark).to_have_accessible_name("Bitcoin holds, Negative -0.40")
    mark.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Bitcoin holds")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    mark.press("Enter")
    expect(page.get_by_role("link", name="Bitcoin holds")).to_be_focused()


def test_what_it_moves_with_is_told_with_the_hours_it_rests_on(page: Page, live: Live) -> None:
    found = [one for one in visit(page, live)["correlation"]["with"] if one["correlation"]]
    assert found
    rows = page.get_by_role("table", name="Correlation").locator("tbody tr")
    expect(rows).to_have_count(len(found))
    expect(rows.first.get_by_role("link")).to_have_text(found[0]["symbol"])
    expect(rows.first.get_by_role("cell").last).to_have_text(str(found[0]["n"]))


def test_a_signed_in_reader_puts_the_asset_into_a_watchlist_and_takes_it_out(
    page: Page, live: Live
) -> None:
    sign_in(page, live)
    visit(page, live)
    page.locator(".watch summary").click()
    menu = page.locator(".watch-menu")
    start = menu.get_by_role("button", name="Start a watchlist with Bitcoin")
    choice = menu.get_by_role("checkbox").first
    expect(start.or_(choice)).to_be_visible()
    if start.is_visible():
        start.click()
    expect(choice).to_be_visible()
    choice.set_checked(False)
    choice.set_checked(True)
    expect(menu.get_by_role("status")).to_contain_text("Added to")
    choice.set_checked(False)
    expect(menu.get_by_role("status")).to_contain_text("Removed from")
    expect(choice).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()


def test_an_asset_that_is_not_followed_says_so(page: Page, live: Live) -> None:
    page.goto(live.system.ports.address("dashboard") + "/asset/no-such-coin")
    expect(page.get_by_text("This asset is not followed")).to_be_visible()
    page.get_by_role("link", name="See all assets").click()
    expect(page).to_have_url(re.compile("/market$"))


ISO = "at => new Date(1000 * at).toISOString().slice(0, 19) + 'Z'"
SIGNAL = {
    "id": "1-price_anomaly-bitcoin", "type": "price_anomaly", "asset_id": "bitcoin",
    "symbol": "BTC", "name": "Bitcoin", "confidence_score": None, "created_at": "(time)",
    "ended_at": None, "known_at": "(time)", "event_id": "e1", "explanation": "A jump.",
    "metadata": {"direction": "up"},
}  # fmt: skip
