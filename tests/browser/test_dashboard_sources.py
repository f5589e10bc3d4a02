"""Who said what, of which age: the numbers beyond prices, the prices by source, the sources."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.views import alter
from tests.support.live import Live

pytestmark = pytest.mark.browser

Open = Callable[[str], dict[str, Any]]


@pytest.fixture
def visit(page: Page, live: Live) -> Open:
    """Opens a path and returns the data of the view that the page has shown."""

    def visit(path: str) -> dict[str, Any]:
        view = "asset" if path.startswith("/asset/") else "overview"
        with page.expect_response(lambda answer: f"/dashboard/{view}" in answer.url) as answer:
            page.goto(live.system.ports.address("dashboard") + path)
        data: dict[str, Any] = answer.value.json()["data"]
        expect(page.locator("[data-asset]").first).to_be_attached(timeout=20_000)
        return data

    return visit


def shown_numbers(page: Page) -> Locator:
    strip = page.get_by_role("region", name="Beyond prices")
    return strip.locator("[data-kind]:visible")


def test_each_number_beyond_prices_stands_with_its_age_and_a_link_to_its_source(
    page: Page, visit: Open
) -> None:
    told = visit("/")["beyond"]
    assert [one["kind"] for one in told] == [
        "fear_greed", "chain_tvl", "dex_volume", "bitcoin_fee", "gas_price",
    ]  # fmt: skip
    told = told[1:]  # the first is shown as the mood of the market
    expect(shown_numbers(page)).to_have_count(len(told))
    for number, one in zip(shown_numbers(page).all(), told, strict=True):
        source = number.get_by_role("link", name=one["attribution"], exact=True)
        expect(source).to_have_attribute("href", re.compile(re.escape(one["attribution_url"])))
        at = number.locator("time").get_attribute("datetime") or ""
        assert datetime.fromisoformat(at) == datetime.fromisoformat(one["observed_at"])
    expect(shown_numbers(page).nth(0).locator("dd").first).to_have_text(re.compile(r"^\$[\d.]+B$"))
    expect(shown_numbers(page).nth(2).locator("dd").first).to_contain_text("sat/vB")


def test_a_number_older_than_three_hours_is_marked_and_the_days_index_is_not(
    page: Page, visit: Open, live: Live
) -> None:
    live.next_hour()  # when all of them are observed
    observed = {one["kind"]: one["observed_at"] for one in visit("/")["beyond"]}
    fee = datetime.fromisoformat(observed["bitcoin_fee"])
    marked = shown_numbers(page).filter(has=page.locator(".stale-chip"))
    index = page.locator("[data-mood=fear_greed] .stale-chip")
    page.clock.set_fixed_time(fee + timedelta(hours=2, minutes=55))
    visit("/")
    expect(shown_numbers(page)).to_have_count(4)
    expect(marked).to_have_count(0)
    page.clock.set_fixed_time(fee + timedelta(hours=5))
    visit("/")
    expect(marked).to_have_count(4)
    expect(index).to_have_count(0)
    page.clock.set_fixed_time(datetime.fromisoformat(observed["fear_greed"]) + timedelta(days=3))
    visit("/")
    expect(index).to_have_count(1)


@pytest.mark.parametrize("known", [("chain_tvl", "gas_price"), ()])
def test_missing_numbers_are_left_out_and_the_strip_is_when_all_are(
    page: Page, visit: Open, known: tuple[str, ...]
) -> None:
    def forget(data: dict[str, Any]) -> None:
        data["beyond"] = [one for one in data["beyond"] if one["kind"] in known]

    alter(page, forget)
    visit("/")
    expect(page.locator(".kpi-strip[aria-busy]")).to_have_count(0)
    assert [one.get_attribute("data-kind") for one in shown_numbers(page).all()] == list(known)
    expect(page.get_by_text("Beyond prices")).to_be_visible(visible=bool(known))


def test_an_asset_shows_what_each_source_says_below_what_they_agree_on(
    page: Page, visit: Open
) -> None:
    data = visit("/asset/bitcoin")
    consensus, sources = data["prices"]["consensus"], data["prices"]["sources"]
    assert len(sources) >= 3
    rows = page.get_by_role("table", name="Prices by source").locator("tbody tr")
    expect(rows).to_have_count(2 + len(sources))
    expect(rows.nth(0).get_by_role("rowheader")).to_contain_text("Consensus")
    used = len(consensus["used"])
    expect(rows.nth(1)).to_contain_text(f"Volume-weighted median of {used} sources, spread ")
    for row, one in zip(rows.all()[2:], sources, strict=True):
        expect(row.get_by_role("link", name=one["attribution"])).to_be_visible()
        price, difference, _ = row.get_by_role("cell").all_inner_texts()
        assert price == f"${one['price']:,.2f}"
        off = 100 * (one["price"] / data["asset"]["price"] - 1)
        assert float(difference.rstrip("%")) == pytest.approx(off, abs=0.0051)
    expect(page.get_by_text(re.compile(rf"^agreed by {used} sources"))).to_be_visible()


def test_a_source_that_the_consensus_left_out_is_marked_with_the_reason(
    page: Page, visit: Open
) -> None:
    def reject(data: dict[str, Any]) -> None:
        prices = data["prices"]
        prices["consensus"]["used"].pop("kraken")
        prices["consensus"]["rejected"] = {"kraken": "3.2 % above the median"}

    alter(page, lambda data: reject(data) if "prices" in data else None)
    used = len(visit("/asset/bitcoin")["prices"]["consensus"]["used"])
    rejected = page.locator("tr[data-rejected]")
    expect(rejected).to_have_count(1)
    expect(rejected).to_contain_text("Left out: 3.2 % above the median")
    expect(page.get_by_text(f"agreed by {used} of {used + 1} sources")).to_be_visible()


def test_sources_that_are_not_well_come_first_with_the_reason(page: Page, visit: Open) -> None:
    def fail(data: dict[str, Any]) -> None:
        for source in data.get("sources", []):
            source |= {"state": "ok", "reason": None}
            if source["source"] == "theblock":
                source |= {"state": "degraded", "reason": "answered 500"}
            if source["source"] == "kraken":
                source |= {"state": "off", "reason": "switched off"}

    alter(page, fail)
    count = len(visit("/")["sources"])
    items = page.locator("#sources li")
    expect(items).to_have_count(count)
    assert count >= 18
    expect(items.nth(0)).to_contain_text(re.compile("Degraded.*answered 500"))
    expect(items.nth(1)).to_contain_text(re.compile("Data by Kraken.*Off.*switched off"))


def test_a_long_name_of_a_source_stays_between_its_dot_and_its_state(
    page: Page, visit: Open
) -> None:
    visit("/")
    item = page.locator("#sources li").filter(has_text="PublicNode")
    whole, dot, name, state = (
        part.bounding_box()
        for part in (item, *(item.locator(f".source-{one}") for one in ("dot", "name", "state")))
    )
    assert whole and dot and name and state
    assert dot["x"] + dot["width"] < name["x"]
    assert name["y"] < dot["y"] < name["y"] + 20  # beside the first line of the name
    beside = state["x"] >= name["x"] + name["width"] and abs(state["y"] - name["y"]) < 4
    below = state["x"] == name["x"] and state["y"] >= name["y"] + name["height"]
    assert beside or below
    assert name["x"] + name["width"] <= whole["x"] + whole["width"]
