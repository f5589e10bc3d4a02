"""The page of signals: filters in the address, what comes live, what is older, muted or shared."""

import re
from typing import get_args

import pytest
from playwright.sync_api import Page, expect

from common.signal_types import SignalType
from tests.browser.books import sign_in
from tests.browser.signalling import EDGE, NO_EDGE, Feed, card, signal
from tests.support.live import Live

pytestmark = pytest.mark.browser


def filter_by(page: Page, label: str, choice: str) -> None:
    """Choose in a filter; on a phone they are folded away."""
    if not page.get_by_label(label).is_visible():
        page.locator(".filters summary").click()
    page.get_by_label(label).select_option(choice)


def test_each_type_has_a_card_and_a_filter_that_the_address_holds(page: Page, live: Live) -> None:
    told = [signal(kind, 5 * place) for place, kind in enumerate(get_args(SignalType), 1)]
    feed = Feed(page, live, told)
    feed.open()
    labels = page.locator(".signal-type").all_inner_texts()
    assert len({label.strip() for label in labels}) == len(told)
    icons = page.locator(".signal-type path").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('d'))"
    )
    assert len(set(icons)) == len(told)
    filter_by(page, "Type", "depeg")
    expect(page.locator("[data-signal]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/signals\?type=depeg$"))
    page.reload()
    expect(page.locator("[data-signal]")).to_have_count(1)
    assert feed.asked[-1] == {"type": "depeg"}


def test_what_no_signal_passes_says_so_and_can_be_cleared(page: Page, live: Live) -> None:
    told = signal("pump", 5)
    feed = Feed(page, live, [told])
    feed.open()
    filter_by(page, "Type", "depeg")
    expect(page.get_by_text("Nothing that fired passes these filters.")).to_be_visible()
    if not page.get_by_role("button", name="Clear filters").is_visible():
        page.locator(".filters summary").click()
    page.get_by_role("button", name="Clear filters").click()
    expect(card(page, told)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/signals$"))


def test_the_stream_brings_only_what_passes_the_filters(page: Page, live: Live) -> None:
    edge = signal("pump", 30, calibration=EDGE)
    feed = Feed(page, live, [edge])
    feed.open("/signals?verdict=edge")
    feed.say("signal", signal("depeg", 2, calibration=NO_EDGE))
    further = signal("depeg", 1, "tether", "USDT", calibration=EDGE)
    feed.say("signal", further)
    expect(page.locator("[data-signal]")).to_have_count(2)
    expect(page.locator("[data-signal]").first).to_have_attribute("data-signal", further["id"])
    expect(page.get_by_text("2 signals: 2 of a kind that beats the base rate.")).to_be_visible()


def test_what_is_new_waits_while_the_reader_is_further_down(page: Page, live: Live) -> None:
    feed = Feed(page, live, [signal("pump", number, f"coin-{number}") for number in range(5, 45)])
    feed.open()
    page.evaluate("scrollTo(0, 900)")
    new = [signal("depeg", number, f"new-{number}") for number in (2, 1)]
    for one in new:
        feed.say("signal", one)
    button = page.get_by_role("button", name="2 new signals")
    expect(button).to_be_visible()
    expect(card(page, new[0])).to_have_count(0)
    button.click()
    expect(card(page, new[1])).to_be_visible()
    assert page.evaluate("scrollY") == 0
    expect(button).to_have_count(0)


def test_older_signals_come_below_when_they_are_asked_for(page: Page, live: Live) -> None:
    told = [signal("pump", number, f"coin-{number}") for number in range(1, 8)]
    feed = Feed(page, live, told, size=3)
    feed.open()
    older = page.get_by_role("button", name="Older signals")
    for count in (6, 7):
        older.click()
        expect(page.locator("[data-signal]")).to_have_count(count)
    expect(older).to_have_count(0)
    shown = page.locator("[data-signal]").evaluate_all("all => all.map((x) => x.dataset.signal)")
    assert shown == [one["id"] for one in told]


def test_a_link_leads_to_one_signal_with_its_evidence_open(page: Page, live: Live) -> None:
    told, other = signal("pump", 5), signal("depeg", 9)
    feed = Feed(page, live, [told, other])
    feed.open(f"/signals?id={other['id']}")
    expect(page.locator("[data-signal]")).to_have_count(1)
    expect(card(page, other).locator(".evidence")).to_be_visible()
    page.get_by_role("link", name="All signals").click()
    expect(card(page, told)).to_be_visible()


def test_a_signed_in_reader_mutes_a_type_and_may_look_at_it_all_the_same(
    page: Page, live: Live
) -> None:
    sign_in(page, live)
    pump, depeg = signal("pump", 5), signal("depeg", 9)
    feed = Feed(page, live, [pump, depeg])
    feed.open()
    card(page, pump).get_by_role("button", name="Evidence").click()
    card(page, pump).get_by_role("button", name="Mute all of type pump").click()
    expect(card(page, pump)).to_have_count(0)
    expect(card(page, depeg)).to_be_visible()
    page.reload()
    page.get_by_role("button", name="1 muted, show").click()
    card(page, pump).get_by_role("button", name="Evidence").click()
    card(page, pump).get_by_role("button", name="Unmute all of type pump").click()
    expect(page.get_by_role("button", name="muted")).to_have_count(0)
    expect(card(page, pump)).to_be_visible()
