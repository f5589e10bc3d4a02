"""Watchlists and alert rules: made, changed, undone, tried on the past; live prices."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.books import sign_in
from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def own(live: Live) -> Iterator[str]:
    yield live.system.ports.address("dashboard")
    live.write("DELETE FROM alert_rules; DELETE FROM watchlists")


@pytest.fixture
def reader(page: Page, live: Live) -> Page:
    """A page whose reader is signed in."""
    sign_in(page, live)
    return page


def assets(page: Page) -> Locator:
    return page.locator("tr[data-asset]")


def add(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="Add an asset to").fill(text)
    page.get_by_role("option").first.click()


def test_a_visitor_is_told_what_a_watchlist_is_and_how_to_have_one(page: Page, own: str) -> None:
    for path, title in (
        ("watchlists", "Sign in to keep watchlists"),
        ("alerts", "Sign in to keep alert rules"),
    ):
        page.goto(f"{own}/{path}")
        expect(page.get_by_text(title)).to_be_visible()
        into = page.locator("main").get_by_role("link", name="Sign in", exact=True)
        expect(into).to_have_attribute("href", f"/login?next=%2F{path}")


def test_a_list_is_made_filled_arranged_and_kept(reader: Page, own: str) -> None:
    reader.goto(f"{own}/watchlists")
    expect(reader.get_by_text("No watchlist yet")).to_be_visible()
    reader.get_by_label("Name of a new watchlist").fill("Majors")
    reader.get_by_role("button", name="Make this watchlist").click()
    add(reader, "bitcoin")
    expect(assets(reader)).to_have_count(1)
    add(reader, "ethereum")
    expect(assets(reader)).to_have_count(2)
    arrange = reader.get_by_role("button", name="Arrange")
    if arrange.is_visible():  # on a phone prices have the room until the order is changed
        arrange.click()
    reader.get_by_role("button", name="Move Ethereum up").click()
    expect(assets(reader).first).to_have_attribute("data-asset", "ethereum")
    reader.reload()
    expect(assets(reader).first).to_have_attribute("data-asset", "ethereum")


def test_what_is_removed_comes_back_by_undo(reader: Page, live: Live, own: str) -> None:
    live.write(
        "INSERT INTO watchlists VALUES ('00000000000000aa', 'demo', 'Two',"
        """ '["bitcoin","ethereum"]', 1, 1)"""
    )
    reader.goto(f"{own}/watchlists/00000000000000aa")
    expect(assets(reader)).to_have_count(2)
    reader.get_by_role("button", name="Remove", exact=True).click()
    expect(reader.get_by_text("Removed Two.")).to_be_visible()
    expect(reader.get_by_text("No watchlist yet")).to_be_visible()
    reader.get_by_role("button", name="Undo").click()
    expect(reader.get_by_role("heading", name="Two")).to_be_visible()
    expect(assets(reader)).to_have_count(2)


def test_prices_of_a_list_follow_the_tick(reader: Page, live: Live, own: str) -> None:
    live.write(
        "INSERT INTO watchlists VALUES ('00000000000000bb', 'demo', 'One', '[\"bitcoin\"]', 1, 1)"
    )
    reader.goto(f"{own}/watchlists/00000000000000bb")
    price = reader.locator("tr[data-asset=bitcoin] .watch-price")
    expect(reader.get_by_text("Live", exact=True)).to_be_visible()
    before = price.inner_text()
    live.next_tick()
    expect(price).not_to_have_text(before)


def test_a_rule_is_tried_on_the_past_before_it_is_saved(reader: Page, own: str) -> None:
    reader.goto(f"{own}/alerts/new")
    says = reader.locator(".rule-sentence")
    expect(says).to_contain_text("a signal of any kind on any asset")
    expect(reader.get_by_text("It would have fired")).to_be_visible()
    expect(reader.get_by_role("img", name="Fires a day")).to_be_visible()
    reader.get_by_role("textbox", name="Name", exact=True).fill("Pumps up")
    reader.get_by_label("Pump").check()
    reader.get_by_label("Which way").select_option("up")
    expect(says).to_contain_text("Tells you of a pump that goes up on any asset")
    expect(reader.get_by_text("the rule was changed since")).to_be_visible()
    reader.get_by_role("button", name="Try it").click()
    expect(reader.get_by_text("the rule was changed since")).to_be_hidden()
    reader.get_by_role("button", name="Save the rule").click()
    expect(reader.get_by_text("Saved Pumps up.")).to_be_visible()
    rule = reader.get_by_role("listitem").filter(has=reader.get_by_role("heading", name="Pumps up"))
    rule.get_by_role("button", name="Switch off").click()
    expect(rule.get_by_text("off", exact=True)).to_be_visible()
    reader.get_by_role("button", name="Undo").click()
    expect(rule.get_by_text("on", exact=True)).to_be_visible()
