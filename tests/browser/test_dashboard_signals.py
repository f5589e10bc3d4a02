"""A signal on the dashboard: what it says, how far to believe it, its event, that it is over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.signalling import (
    BELOW,
    EDGE,
    NO_EDGE,
    UNKNOWN,
    Feed,
    Told,
    card,
    iso,
    open_evidence,
    outcome,
    signal,
)
from tests.support.live import Live

pytestmark = pytest.mark.browser

Show = Callable[..., Feed]


@pytest.fixture
def show(page: Page, live: Live) -> Show:
    """Opens a path with these signals, the newest first, and a stream that the test speaks."""

    def show(*signals: Told, path: str = "/signals") -> Feed:
        feed = Feed(page, live, list(signals))
        feed.open(path)
        return feed

    return show


def test_what_has_no_page_is_named_and_not_linked(page: Page, show: Show) -> None:
    market = signal("price_anomaly", 1, "market", "MARKET")
    long = "Very Long Named Liquid Staking Protocol V3"
    protocol = signal("tvl_outflow", 2, "protocol_tvl:very-long", long)
    coin = signal("pump", 3, "dogwifhat", "WIF")
    show(market, protocol, coin)
    for one in (market, protocol):
        expect(card(page, one).get_by_text(one["symbol"], exact=True)).to_be_visible()
        expect(card(page, one).get_by_role("link")).to_have_count(0)
    expect(card(page, coin).get_by_role("link", name="WIF")).to_have_attribute(
        "href", "/asset/dogwifhat"
    )


def test_labels_are_shown_and_those_that_the_sentence_tells_are_in_the_evidence(
    page: Page, show: Show
) -> None:
    told = signal("pump", 1, labels={"stage": "building", "usual_for": "Sunday 12:00 UTC"})
    show(told)
    expect(card(page, told).locator(".signal-mark")).to_have_text(["Building"])
    facts = open_evidence(card(page, told))
    for text in ("Sunday 12:00 UTC", "+3.10%", "23.4%", "$1.23B", "15 min"):
        expect(facts.get_by_text(text, exact=True)).to_be_visible()


def test_a_source_in_trouble_says_nothing_of_the_way_the_price_went(page: Page, show: Show) -> None:
    trouble, depeg = signal("source_trouble", 1), signal("depeg", 2)
    show(trouble, depeg)
    expect(card(page, depeg).get_by_role("img", name="down")).to_be_visible()
    expect(card(page, trouble).get_by_role("img")).to_have_count(0)


# --- how far to believe it ------------------------------------------------------------------


def test_the_confidence_is_told_with_what_it_rests_on(page: Page, show: Show) -> None:
    few = UNKNOWN | {"n_type": 45, "days": 8}
    said = [
        (EDGE, "edge", "Confidence 41% (33–50%) in 4 h · n 118 · base 19%"),
        (NO_EDGE, "no-edge", "Confidence 21% (14–33%) in 4 h, no edge · n 64 · base 19%"),
        (BELOW, "no-edge", "Confidence 6% (3–12%) in 4 h, less than chance · n 90 · base 19%"),
        (UNKNOWN, "none", "no probability yet (3 of 30 judged)"),
        (UNKNOWN | {"n_type": 45}, "none", "no probability yet (45 judged)"),
        (few, "none", "no probability yet (45 judged, on 8 of 10 days)"),
    ]
    told = [signal("pump", place, calibration=one) for place, (one, _, _) in enumerate(said, 1)]
    show(*told)
    for one, (_, kind, text) in zip(told, said, strict=True):
        confidence = card(page, one).locator("[data-confidence]")
        expect(confidence).to_have_attribute("data-confidence", kind)
        expect(confidence).to_have_text(text)
    colour = "bar => getComputedStyle(bar).backgroundColor"
    edge, none = (card(page, one).locator(".bar-level").evaluate(colour) for one in told[:2])
    assert edge != none


def test_the_bar_marks_the_probability_the_base_rate_and_the_interval(
    page: Page, show: Show
) -> None:
    told = signal("pump", 1, calibration=EDGE)
    show(told)
    bar = card(page, told).locator(".bar")
    parts = {part: bar.locator(f".bar-{part}").bounding_box() for part in ("level", "mark")}
    whole, line = bar.bounding_box(), bar.locator(".bar-interval").bounding_box()
    level, mark = parts["level"], parts["mark"]
    assert whole and level and mark and line
    assert level["width"] == pytest.approx(0.41 * whole["width"], abs=1)
    assert mark["x"] + 1 - whole["x"] == pytest.approx(0.19 * whole["width"], abs=1)
    assert line["x"] - whole["x"] == pytest.approx(0.33 * whole["width"], abs=1)
    assert line["width"] == pytest.approx(0.17 * whole["width"], abs=1)


def test_the_evidence_tells_every_horizon_and_what_came_of_this_one(page: Page, show: Show) -> None:
    horizons = {"3600": EDGE, "14400": NO_EDGE, "86400": UNKNOWN}
    outcomes = [outcome(3600, True), outcome(14400, False), outcome(86400, None, judged=False)]
    told = signal("pump", 1, calibration=NO_EDGE, horizons=horizons, outcomes=outcomes)
    show(told)
    expect(card(page, told).locator(".signal-mark")).to_have_text(["did not come true in 4 h"])
    table = open_evidence(card(page, told)).get_by_role(
        "table", name="Followed by a further move of 2 σ?"
    )
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_have_text("1 h41%33% – 50%19%118came true")
    expect(rows.nth(1)).to_have_text("4 h21%no edge14% – 33%19%64did not")
    expect(rows.nth(2)).to_contain_text("no probability yet (3 of 30 judged)")
    expect(rows.nth(2)).to_contain_text("due ")
    expect(table).to_contain_text("It was 41 % of 236.")


# --- events ---------------------------------------------------------------------------------


def test_the_signals_of_one_event_are_one_item_that_the_keyboard_goes_through(
    page: Page, show: Show
) -> None:
    newest = signal("pump", 1, event_id="one")
    other = signal("depeg", 5, "tether", "USDT")
    oldest = signal("volume_spike", 9, event_id="one")
    show(newest, other, oldest)
    items = page.locator(".event")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_contain_text("2 reasons, one event")
    expect(items.nth(1)).not_to_contain_text("one event")
    items.nth(0).get_by_role("link", name="BTC").focus()
    for one in (newest, oldest):
        page.keyboard.press("Tab")
        expect(card(page, one).get_by_role("button", name="Evidence")).to_be_focused()


def test_a_further_reason_joins_its_event_on_top_and_the_focus_stays_where_it_was(
    page: Page, show: Show
) -> None:
    first, other = signal("pump", 5), signal("depeg", 3, "tether", "USDT")
    feed = show(other, first)
    evidence = open_evidence(card(page, first))
    expect(evidence).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    further = signal("volume_spike", 1, event_id=first["event_id"])
    feed.say("signal", further)
    items = page.locator(".event")
    expect(items.nth(0)).to_contain_text("2 reasons, one event")
    expect(items.nth(0).locator("[data-signal]").first).to_have_attribute(
        "data-signal", further["id"]
    )
    expect(evidence).to_be_visible()
    expect(card(page, first).get_by_role("button", name="Evidence")).to_be_focused()
    expect(items).to_have_count(2)


def test_an_answer_that_is_older_than_an_end_does_not_take_it_back(page: Page, show: Show) -> None:
    told, other = signal("depeg", 125), signal("pump", 90, "dogwifhat", "WIF")
    feed = show(other, told)
    expect(page.get_by_text("over after")).to_have_count(0)
    evidence = open_evidence(card(page, told))
    feed.say("ended", told | {"ended_at": iso(5)})
    expect(card(page, told).get_by_text("over after 2 h")).to_be_visible()
    expect(evidence.get_by_text("Over", exact=True)).to_be_visible()
    missed = signal("pump", 1)
    feed.signals = [missed, other, told]  # where that event is still lasting
    feed.say("ended", other | {"ended_at": iso(80)}, lost=3)
    expect(card(page, missed)).to_be_attached()
    expect(card(page, told).get_by_text("over after 2 h")).to_be_visible()
    expect(card(page, other).get_by_text("over after 10 min")).to_be_visible()


def test_a_signal_found_in_history_that_was_loaded_later_says_so(page: Page, show: Show) -> None:
    told = signal("depeg", 600, known_at=iso(5))
    show(told)
    expect(card(page, told)).to_contain_text("found later")


def test_an_asset_shows_its_events_and_hears_that_they_are_over(page: Page, show: Show) -> None:
    told = [signal("pump", 60, event_id="one"), signal("volume_spike", 90, event_id="one")]
    feed = show(*told, path="/asset/bitcoin")
    expect(page.locator(".event")).to_have_count(1)
    expect(page.locator(".event").get_by_role("link")).to_have_count(0)
    feed.say("ended", told[1] | {"ended_at": iso(60)})
    expect(card(page, told[1]).get_by_text("over after 30 min")).to_be_visible()
    expect(card(page, told[0]).get_by_text("over after")).to_have_count(0)
