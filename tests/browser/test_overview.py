"""The overview: what moved on a map and in lists, why, the mood, and how the sources are."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.views import alter
from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


def visit(page: Page, address: str) -> dict[str, Any]:
    """Open the overview and return what it was told."""
    with page.expect_response("**/api/v1/dashboard/overview") as answer:
        page.goto(address)
    data: dict[str, Any] = answer.value.json()["data"]
    return data


def tile(page: Page, asset: str) -> Locator:
    return page.locator(f".heat-link[data-asset='{asset}']")


def test_the_map_tells_the_change_of_each_asset_over_the_window_in_the_address(
    page: Page, own: str
) -> None:
    told = {one["asset_id"]: one for one in visit(page, own)["assets"]}
    expect(tile(page, "bitcoin")).to_be_visible(timeout=20_000)
    shown = page.locator(".heat-link")
    assert shown.count() >= 16
    for window, change in (("24h", "change_24h"), ("7d", "change_7d"), ("1h", "change_1h")):
        page.get_by_role("group", name="Change over").locator(f"[data-value='{window}']").click()
        written = tile(page, "ethereum").locator("[data-field=change]")
        number = told["ethereum"][change]
        expect(written).to_have_text(re.compile(r"[+-]?\d+\.\d\d%"))
        assert float((written.inner_text()).rstrip("%")) == pytest.approx(number, abs=0.0051)
        heat = int(tile(page, "ethereum").get_attribute("data-heat") or 0)
        assert heat * number > 0 or abs(number) < 0.005
    expect(page).to_have_url(re.compile(r"\?window=1h$"))
    page.reload()
    expect(page.get_by_role("heading", name="Movers, 1 h")).to_be_visible(timeout=20_000)


def test_tiles_lie_beside_each_other_the_largest_has_most_room(page: Page, own: str) -> None:
    visit(page, own)
    expect(tile(page, "bitcoin")).to_be_visible(timeout=20_000)
    boxes = [box for one in page.locator(".heat-tile").all() if (box := one.bounding_box())]
    areas = [box["width"] * box["height"] for box in boxes]
    assert areas[0] == max(areas)
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 1
                or other["x"] + other["width"] <= one["x"] + 1
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            )
            assert apart, (one, other)
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_go_through_it(page: Page, own: str) -> None:
    visit(page, own)
    tile(page, "bitcoin").focus(timeout=20_000)
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.dataset.asset")
    assert below and below != "bitcoin"
    page.keyboard.press("ArrowUp")
    expect(tile(page, "bitcoin")).to_be_focused()
    assert page.locator(".heat-link[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{own}/asset/bitcoin")


def test_a_mover_is_traded_enough_and_has_its_reason_in_a_sentence(page: Page, own: str) -> None:
    def tell(data: dict[str, Any]) -> None:
        rose = max(data["assets"], key=lambda one: one["change_24h"] or 0)
        thin = min(data["assets"], key=lambda one: one["market_cap"] or 0)
        thin |= {"change_24h": 900.0, "volume_24h": data["least_volume"] - 1, "name": "Thin Coin"}
        data["reasons"][rose["asset_id"]] = {
            "signals_24h": 1, "lasting": 1, "signal_id": "s1", "type": "pump", "direction": "up",
            "explanation": "It rose 12 %, 9 times its noise; 3 sources agree.",
            "created_at": data["tick"], "ended_at": None, "horizon_seconds": 14_400,
            "calibration": {"p": 0.41, "n": 118, "n_type": 236, "hits": 48, "base_rate": 0.19,
                            "interval": [0.33, 0.5], "edge": True, "note": "", "days": 20},
        }  # fmt: skip
        data["rose"] = rose["asset_id"]

    alter(page, lambda data: tell(data) if "reasons" in data else None)
    visit(page, own)
    movers = page.get_by_role("region", name="Movers")
    first = movers.locator(".mover").first
    expect(first.locator(".mover-sentence")).to_have_text("It rose 12 %, 9 times its noise")
    expect(first.locator(".confidence")).to_contain_text(re.compile(r"41%.*n.118.*base.19%"))
    expect(movers).to_contain_text("with $1M or more of 24 h volume")
    expect(movers).not_to_contain_text("Thin Coin")


def test_the_mood_is_told_with_what_it_rests_on(page: Page, own: str) -> None:
    told = visit(page, own)
    mood = page.get_by_role("region", name="Mood of the market")
    index = next(one for one in told["beyond"] if one["kind"] == "fear_greed")
    greed = mood.locator("[data-mood=fear_greed]")
    expect(greed).to_contain_text(f"{index['value']:.0f} {index['label']}", timeout=20_000)
    expect(greed.get_by_role("link", name=index["attribution"])).to_be_visible()
    expect(greed.locator("time")).to_have_count(1)
    news = mood.locator("[data-mood=sentiment]")
    tone, n = told["sentiment"]["tone"], told["sentiment"]["n"]
    expect(news).to_contain_text(f"{tone:+.2f}")
    expect(news).to_contain_text(re.compile(rf"{n} stor(y|ies) of \d+ sources?"))


def test_a_mood_that_nobody_told_is_said_to_be_missing(page: Page, own: str) -> None:
    def forget(data: dict[str, Any]) -> None:
        data["beyond"] = []
        data["sentiment"] |= {"tone": None, "n": 0, "points": [], "newest_at": None}

    alter(page, lambda data: forget(data) if "sentiment" in data else None)
    visit(page, own)
    expect(page.get_by_text("The index was not told within two days.")).to_be_visible(
        timeout=20_000
    )
    expect(page.get_by_text("No story was judged within a day.")).to_be_visible()


def test_a_source_that_is_not_well_is_named_with_the_reason(page: Page, own: str) -> None:
    def fail(data: dict[str, Any]) -> None:
        for source in data.get("sources", []):
            ill = source["source"] == "kraken"
            source |= {"state": "degraded" if ill else "ok", "reason": "http_500" if ill else None}

    alter(page, fail)
    visit(page, own)
    health = page.get_by_role("region", name="Source health")
    expect(health).to_contain_text("1 degraded", timeout=20_000)
    expect(health).to_contain_text(re.compile("kraken.*http_500"))
    expect(health.get_by_role("link", name="All sources")).to_have_attribute("href", "/system")


def test_an_overview_that_cannot_be_had_says_so_and_can_be_asked_for_again(
    page: Page, own: str
) -> None:
    problem = '{"title":"Unavailable","detail":"The data store did not answer."}'
    view = "**/api/v1/dashboard/overview"
    page.route(view, lambda route: route.fulfill(status=503, body=problem))
    page.goto(own)
    expect(page.get_by_text("The data store did not answer.").first).to_be_visible(timeout=20_000)
    page.unroute(view)
    page.get_by_role("button", name="Try again").click()
    expect(tile(page, "bitcoin")).to_be_visible(timeout=20_000)


def test_an_asset_that_the_overview_does_not_show_is_found_by_its_name(
    page: Page, own: str
) -> None:
    shown = {one["asset_id"] for one in visit(page, own)["assets"]}
    every = page.request.get(f"{own}/api/v1/dashboard/market").json()["data"]["columns"]
    hidden = next(place for place, one in enumerate(every["asset_id"]) if one not in shown)
    page.get_by_role("combobox").fill(every["name"][hidden])
    option = page.get_by_role("option").filter(has_text=every["name"][hidden])
    expect(option.first).to_be_visible(timeout=10_000)
