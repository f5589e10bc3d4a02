"""The screener: thousands of rows that scroll, sort and filter, and a link that shows the same."""

import csv
import io
import json
import re
import statistics
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.live import Live

pytestmark = pytest.mark.browser

MANY = 5000
VIEW = "**/api/v1/dashboard/market"
PLACE = ".screener-place"
# How long each frame took, from now on until asked.
RECORD = """() => {
  const frames = [];
  let last = 0, on = true;
  const next = (now) => {
    if (last) frames.push(now - last);
    last = now;
    if (on) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  window.frames_ = () => { on = false; return frames; };
}"""
BLANK = """height => {
  const place = document.createElement("div");
  const inside = document.createElement("div");
  place.id = "blank";
  place.style.cssText = "position: fixed; inset: 0; z-index: 99; overflow: auto";
  inside.style.height = height + "px";
  place.append(inside);
  document.body.append(place);
}"""
# The best of some runs, for the screener and for a plain sort of as many objects.
SORT = """async (keys) => {
  const { Market } = await import(document.querySelector("script[type=module]").src
    .replace("main.js", "screener/model.js"));
  const { data, meta } = await (await fetch("/api/v1/dashboard/market")).json();
  const market = new Market(data, meta);
  const state = { text: "", leastCap: null, leastVolume: null, leastChange: null,
    mostChange: null, signalled: false, order: "descending" };
  const best = (work) => Math.min(...Array.from({ length: 9 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  }));
  const objects = data.columns.price.map((price) => ({ price }));
  const plain = best(() => [...objects].sort((a, b) => b.price - a.price));
  return { plain, ours: keys.map((sort) => best(() => market.arrange({ ...state, sort }, null))) };
}"""


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


def multiply(page: Page) -> None:
    """Serve the real rows again and again, as many as are wanted."""

    def answer(route: Route) -> None:
        real = route.fetch()
        body = real.json()
        columns: dict[str, list[Any]] = body["data"]["columns"]
        times = -(-MANY // len(columns["asset_id"]))
        for name, values in columns.items():
            told = [
                f"{value}-{turn}" if turn and name == "asset_id" else value
                for turn in range(times)
                for value in values
            ]
            columns[name] = told[:MANY]
        route.fulfill(response=real, body=json.dumps(body))

    page.route(VIEW, answer)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(rows(page).first).to_be_visible(timeout=20_000)


def rows(page: Page) -> Locator:
    return page.locator(".screener-row[data-asset]:not([hidden])")


def row(page: Page, index: int) -> Locator:
    """Return the row of an aria-rowindex; the head is row 1."""
    return page.locator(f".screener-row[aria-rowindex='{index}']")


def narrow(page: Page) -> bool:
    return page.viewport_size is not None and page.viewport_size["width"] < 720


def scroll_through(page: Page, selector: str) -> list[float]:
    """Turn the wheel over an element and return how long the frames took meanwhile."""
    box = page.locator(selector).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(RECORD)
    for _ in range(40):
        page.mouse.wheel(0, 700)
    frames: list[float] = page.evaluate("window.frames_()")
    return frames


def test_thousands_of_rows_scroll_as_an_empty_page_does(page: Page, own: str) -> None:
    multiply(page)
    visit(page, f"{own}/market")
    grid = page.get_by_role("grid", name="Assets")
    expect(grid).to_have_attribute("aria-rowcount", str(MANY + 1))
    page.evaluate(BLANK, MANY * 44)
    ours, blank = [], []
    for _ in range(3):
        page.evaluate("document.getElementById('blank').style.display = 'block'")
        blank.append(statistics.median(scroll_through(page, "#blank")))
        page.evaluate("document.getElementById('blank').style.display = 'none'")
        ours.append(statistics.median(scroll_through(page, PLACE)))
    assert min(ours) <= 1.5 * min(blank), (ours, blank)
    assert rows(page).count() < 60, "only what is in sight exists"
    page.evaluate(f"document.querySelector('{PLACE}').scrollTop = 1e9")
    expect(row(page, MANY + 1)).to_be_visible()


def test_thousands_of_rows_are_sorted_as_fast_as_numbers_can_be(page: Page, own: str) -> None:
    if narrow(page):
        return  # it is the same work on any screen
    multiply(page)
    visit(page, f"{own}/market")
    told = page.evaluate(SORT, ["name", "price", "change_24h", "signals"])
    assert max(told["ours"]) <= 3 * told["plain"] + 1, told


def test_a_link_shows_the_same_rows_columns_and_filters(page: Page, own: str) -> None:
    visit(page, f"{own}/market")
    page.get_by_role("button", name="24 h", exact=True).click()
    expect(page).to_have_url(re.compile(r"sort=change_24h"))
    page.get_by_role("searchbox", name="Filter by name").fill("co")
    if narrow(page):
        page.get_by_text("Filters", exact=True).click()
    page.get_by_role("combobox", name="24 h volume").select_option("1000000")
    page.locator(".chooser summary").click()
    page.get_by_role("checkbox", name="Age").check()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"q=co.*min_volume=1000000.*columns="))
    shown = rows(page).all_inner_texts()
    visit(page, page.url)
    expect(page.get_by_role("columnheader", name="Age")).to_be_attached()
    head = page.get_by_role("columnheader", name="24 h", exact=True)
    expect(head).to_have_attribute("aria-sort", "descending")
    assert rows(page).all_inner_texts() == shown
    for name in page.locator(".screener-row:not([hidden]) .screener-label").all_inner_texts():
        assert "co" in name.lower()


def test_what_makes_no_sense_in_a_link_is_passed_over(page: Page, own: str) -> None:
    visit(page, f"{own}/market?sort=__proto__&order=up&columns=x,constructor&min_cap=many")
    expect(row(page, 2)).to_contain_text("Bitcoin")
    expect(page.get_by_role("columnheader", name="Price")).to_be_visible()


def test_the_list_is_gone_through_by_keys_and_enter_opens_an_asset(page: Page, own: str) -> None:
    visit(page, f"{own}/market")
    row(page, 2).get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, 3).get_by_role("link")).to_be_focused()
    page.keyboard.press("End")
    last = page.get_by_role("grid").get_attribute("aria-rowcount") or ""
    expect(row(page, int(last)).get_by_role("link")).to_be_focused()
    page.keyboard.press("Home")
    expect(row(page, 2).get_by_role("link")).to_be_focused()
    assert page.locator(".screener-link[tabindex='0']").count() == 1, "one stop of the Tab key"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{own}/asset/bitcoin")


def test_the_file_holds_the_rows_that_are_shown(page: Page, own: str, tmp_path: Path) -> None:
    visit(page, f"{own}/market?sort=price&q=bit")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    saved.value.save_as(tmp_path / "market.csv")
    told = list(csv.DictReader(io.StringIO((tmp_path / "market.csv").read_text("utf-8"))))
    assert [one["asset_id"] for one in told] == [
        one.get_attribute("data-asset") for one in rows(page).all()
    ]
    assert all("bit" in (one["name"] + one["symbol"]).lower() for one in told)
    prices = [float(one["price_usd"]) for one in told]
    assert prices == sorted(prices, reverse=True)
    assert all(one["source"] and one["observed_at"].endswith("Z") for one in told)


def test_nothing_that_matches_is_said_and_the_filter_can_be_undone(page: Page, own: str) -> None:
    visit(page, f"{own}/market")
    page.get_by_role("searchbox", name="Filter by name").fill("no such coin")
    expect(page.get_by_text("No asset matches")).to_be_visible()
    expect(page.get_by_role("button", name="CSV")).to_be_disabled()
    page.get_by_role("searchbox", name="Filter by name").fill("")
    expect(rows(page).first).to_be_visible()


def test_a_tick_changes_the_rows_in_sight_without_a_reload(
    page: Page, own: str, live: Live
) -> None:
    visit(page, f"{own}/market")
    expect(page.locator("[data-connection=live]").first).to_be_attached(timeout=20_000)
    page.evaluate("window.notReloaded = true")
    price = row(page, 2).locator("[data-field=price]")
    before = price.get_attribute("data-value") or ""
    live.next_tick()
    expect(price).not_to_have_attribute("data-value", before, timeout=10_000)
    stored = live.rows(
        "SELECT price FROM market_data WHERE asset_id = 'bitcoin' AND timestamp = ?"
        " ORDER BY id DESC LIMIT 1", live.time,
    )  # fmt: skip
    assert float(price.get_attribute("data-value") or 0) == stored[0][0]
    assert page.evaluate("window.notReloaded") is True
