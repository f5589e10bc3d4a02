"""Signals on the dashboard: every type, how far to believe it, its event, and that it is over."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from common.signal_types import SignalType
from tests.browser.views import alter
from tests.support.live import START, Live

pytestmark = pytest.mark.browser

Told = dict[str, Any]
NOTE = "Fewer than 30 judged signals of this type on 10 days (3 on 2 so far)."
UNKNOWN: Told = {
    "p": None, "n": 0, "n_type": 3, "hits": 0, "base_rate": None, "lift": None, "interval": None,
    "edge": False, "note": NOTE,
}  # fmt: skip
EDGE = UNKNOWN | {
    "p": 0.41, "n": 118, "n_type": 236, "hits": 48, "base_rate": 0.19, "lift": 2.16,
    "interval": [0.33, 0.5], "edge": True, "note": "It was 41 % of 236.",
}  # fmt: skip
NO_EDGE = EDGE | {"p": 0.21, "n": 64, "interval": [0.14, 0.33], "edge": False}
BELOW = EDGE | {"p": 0.06, "n": 90, "interval": [0.03, 0.12], "edge": False}


def iso(minutes_ago: int) -> str:
    moment = datetime.fromtimestamp(START, UTC) - timedelta(minutes=minutes_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signal(
    kind: str, minutes_ago: int, asset: str = "bitcoin", symbol: str = "BTC",
    calibration: Told = UNKNOWN, horizons: dict[str, Told] | None = None,
    labels: dict[str, str] | None = None, **more: Any,
) -> Told:  # fmt: skip
    """A signal as the API tells it."""
    return {
        "id": f"{minutes_ago:05d}-{kind}-{asset}", "type": kind, "asset_id": asset,
        "symbol": symbol, "name": symbol.title(), "confidence_score": calibration["p"],
        "created_at": iso(minutes_ago), "ended_at": None, "known_at": iso(minutes_ago),
        "event_id": f"{minutes_ago:05d}-{asset}", "explanation": f"{kind} of {symbol}.",
        "metadata": {
            "direction": "down", "measured": {"name": "gap", "value": 0.031, "unit": "1"},
            "window_seconds": 900, "score": 1.4, "labels": labels or {},
            "statistic": {"name": "robust z-score", "value": -9.1, "threshold": 6},
            "context": {"left_share": 0.234, "locked_before": 1.23e9},
            "inputs": [{"source": "kraken", "observed_at": iso(minutes_ago), "age_seconds": 42}],
            "detector": {"name": kind, "version": 2},
            "claim": {"name": "moves_on", "says": "a further move of 2 σ", "horizon": 14400},
            "calibration": calibration,
            "horizons": horizons or dict.fromkeys(("3600", "14400", "86400"), calibration),
        },
    } | more  # fmt: skip


class Stream:
    """The live stream of a page, spoken by the test."""

    def __init__(self, page: Page) -> None:
        self._sockets: list[WebSocketRoute] = []
        self._seq = 1
        page.route_web_socket("**/live*", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        socket.send(json.dumps({"event": "hello", "seq": self._seq}))

    def say(self, event: str, told: Told, *, lost: int = 0) -> None:
        """Send an event after `lost` ones that did not arrive."""
        self._seq += 1 + lost
        self._sockets[-1].send(json.dumps({"seq": self._seq, "event": event, "signal": told}))


Show = Callable[..., Stream]


@pytest.fixture
def show(page: Page, live: Live) -> Show:
    """Opens a path with these signals, the newest first, and a stream that the test speaks."""

    def show(*signals: Told, path: str = "/#signals") -> Stream:
        stream = Stream(page)
        alter(page, lambda data: data.update(signals=list(signals)))
        page.goto(live.system.ports.address("dashboard") + path)
        expect(page.locator("[data-signal]").first).to_be_visible(timeout=20_000)
        return stream

    return show


def card(page: Page, told: Told) -> Locator:
    return page.locator(f"[data-signal='{told['id']}']")


def open_evidence(one: Locator) -> Locator:
    one.get_by_role("button", name="Evidence").click()
    return one.locator(".evidence")


# --- types ----------------------------------------------------------------------------------


def test_each_type_has_a_card_and_a_filter_of_its_own(page: Page, show: Show) -> None:
    told = [signal(kind, 5 * place) for place, kind in enumerate(get_args(SignalType), 1)]
    show(*told)
    labels = page.locator(".signal-type").all_inner_texts()
    assert len({label.strip() for label in labels}) == len(told)
    icons = page.locator(".signal-type path").evaluate_all(
        "paths => paths.map((path) => path.getAttribute('d'))"
    )
    assert len(set(icons)) == len(told)
    filters = page.get_by_role("group", name="Signals shown")
    for one in told:
        filters.locator(f"[data-value={one['type']}]").click()
        expect(page.locator("[data-signal]")).to_have_count(1)
        expect(card(page, one)).to_be_visible()
    filters.get_by_role("button", name="All").click()
    expect(page.locator("[data-signal]")).to_have_count(len(told))


def test_a_type_without_a_signal_says_that_there_is_none(page: Page, show: Show) -> None:
    show(signal("pump", 5))
    page.get_by_role("button", name="Depegs").click()
    expect(page.locator(".feed").get_by_text("No signals")).to_be_visible()


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
    expect(facts).to_contain_text("Sunday 12:00 UTC")


def test_a_source_in_trouble_says_nothing_of_the_way_the_price_went(page: Page, show: Show) -> None:
    trouble, depeg = signal("source_trouble", 1), signal("depeg", 2)
    show(trouble, depeg)
    expect(card(page, depeg).get_by_role("img", name="down")).to_be_visible()
    expect(card(page, trouble).get_by_role("img")).to_have_count(0)


# --- how far to believe it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calibration", "kind", "text"),
    [
        (EDGE, "edge", "Confidence 41% in 4 h · n 118 · base 19%"),
        (NO_EDGE, "no-edge", "Confidence 21% in 4 h, no edge · n 64 · base 19%"),
        (BELOW, "no-edge", "Confidence 6% in 4 h, less than chance · n 90 · base 19%"),
        (UNKNOWN, "none", "no probability yet (3 of 30 judged)"),
        (UNKNOWN | {"n_type": 45}, "none", "no probability yet (45 judged)"),
        (
            UNKNOWN | {"n_type": 45, "days": 8},
            "none",
            "no probability yet (45 judged, on 8 of 10 days)",
        ),
    ],
)
def test_the_confidence_is_told_with_what_it_rests_on(
    page: Page, show: Show, calibration: Told, kind: str, text: str
) -> None:
    told = signal("pump", 1, calibration=calibration)
    show(told)
    confidence = card(page, told).locator("[data-confidence]")
    expect(confidence).to_have_attribute("data-confidence", kind)
    expect(confidence).to_have_text(text)


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


def test_no_edge_is_shown_in_another_colour_than_an_edge(page: Page, show: Show) -> None:
    one, other = signal("pump", 1, calibration=EDGE), signal("depeg", 2, calibration=NO_EDGE)
    show(one, other)
    colour = "bar => getComputedStyle(bar).backgroundColor"
    colours = [card(page, each).locator(".bar-level").evaluate(colour) for each in (one, other)]
    assert colours[0] != colours[1]


def test_the_evidence_tells_every_horizon_and_the_note(page: Page, show: Show) -> None:
    horizons = {"3600": EDGE, "14400": NO_EDGE, "86400": UNKNOWN}
    told = signal("pump", 1, calibration=NO_EDGE, horizons=horizons)
    show(told)
    table = open_evidence(card(page, told)).get_by_role(
        "table", name="Followed by a further move of 2 σ?"
    )
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(3)
    assert [row.get_by_role("rowheader").inner_text() for row in rows.all()] == [
        "1 h", "4 h", "24 h",
    ]  # fmt: skip
    expect(rows.nth(0)).to_have_text("1 h41%33% – 50%19%118")
    expect(rows.nth(1)).to_have_text("4 h21%no edge14% – 33%19%64")
    expect(rows.nth(2)).to_contain_text("no probability yet (3 of 30 judged)")
    expect(table).to_contain_text("It was 41 % of 236.")


def test_the_evidence_writes_numbers_in_their_units(page: Page, show: Show) -> None:
    told = signal("tvl_outflow", 1)
    show(told)
    facts = open_evidence(card(page, told))
    for text in ("+3.10%", "23.4%", "$1.23B", "15 min"):
        expect(facts.get_by_text(text, exact=True)).to_be_visible()


# --- events ---------------------------------------------------------------------------------


def test_the_signals_of_one_event_are_one_item_with_the_newest_on_top(
    page: Page, show: Show
) -> None:
    newest = signal("pump", 1, event_id="one")
    other = signal("depeg", 5, "tether", "USDT")
    oldest = signal("volume_spike", 9, event_id="one")
    show(newest, other, oldest)
    items = page.locator(".event")
    expect(items).to_have_count(2)
    expect(items.nth(0)).to_contain_text("2 reasons, one event")
    expect(items.nth(0).get_by_role("link", name="BTC")).to_have_count(1)
    assert items.nth(0).locator("[data-signal]").evaluate_all(
        "all => all.map((one) => one.dataset.signal)"
    ) == [newest["id"], oldest["id"]]
    expect(items.nth(1)).not_to_contain_text("one event")


def test_the_keyboard_goes_through_an_event_from_top_to_bottom(page: Page, show: Show) -> None:
    told = [signal("pump", 1, event_id="one"), signal("volume_spike", 9, event_id="one")]
    show(*told)
    event = page.locator(".event")
    event.get_by_role("link").focus()
    for one in told:
        page.keyboard.press("Tab")
        expect(card(page, one).get_by_role("button", name="Evidence")).to_be_focused()


def test_a_further_reason_joins_its_event_on_top_and_the_focus_stays_where_it_was(
    page: Page, show: Show
) -> None:
    first, other = signal("pump", 5), signal("depeg", 3, "tether", "USDT")
    stream = show(other, first)
    evidence = open_evidence(card(page, first))
    expect(evidence).to_be_visible()
    further = signal("volume_spike", 1, event_id=first["event_id"])
    stream.say("signal", further)
    items = page.locator(".event")
    expect(items.nth(0)).to_contain_text("2 reasons, one event")
    expect(items.nth(0).locator("[data-signal]").first).to_have_attribute(
        "data-signal", further["id"]
    )
    expect(evidence).to_be_visible()
    expect(card(page, first).get_by_role("button", name="Evidence")).to_be_focused()
    expect(items).to_have_count(2)


def test_a_signal_that_is_over_looks_so_in_place(page: Page, show: Show) -> None:
    lasting, told = signal("pump", 90, "dogwifhat", "WIF"), signal("depeg", 125)
    stream = show(lasting, told)
    expect(page.get_by_text("over after")).to_have_count(0)
    evidence = open_evidence(card(page, told))
    stream.say("ended", told | {"ended_at": iso(5)})
    expect(card(page, told).get_by_text("over after 2 h")).to_be_visible()
    expect(evidence.get_by_text("Over", exact=True)).to_be_visible()
    colour = "text => getComputedStyle(text).color"
    before, after = (
        card(page, one).locator(".signal-text").evaluate(colour) for one in (lasting, told)
    )
    assert before != after
    expect(card(page, lasting).get_by_text("over after")).to_have_count(0)


def test_an_overview_that_is_older_than_an_end_does_not_take_it_back(
    page: Page, show: Show
) -> None:
    told, other = signal("depeg", 125), signal("pump", 90, "dogwifhat", "WIF")
    stream = show(other, told)
    stream.say("ended", told | {"ended_at": iso(5)})
    expect(card(page, told).get_by_text("over after 2 h")).to_be_visible()
    with page.expect_response("**/dashboard/overview"):  # where that event is still lasting
        stream.say("ended", other | {"ended_at": iso(80)}, lost=3)
    page.wait_for_timeout(500)
    expect(card(page, told).get_by_text("over after 2 h")).to_be_visible()
    expect(card(page, other).get_by_text("over after 10 min")).to_be_visible()


def test_a_signal_found_in_history_that_was_loaded_later_says_so(page: Page, show: Show) -> None:
    told = signal("depeg", 600, known_at=iso(5))
    show(told)
    expect(card(page, told)).to_contain_text("found later")


def test_an_asset_shows_its_events_and_hears_that_they_are_over(page: Page, show: Show) -> None:
    told = [signal("pump", 60, event_id="one"), signal("volume_spike", 90, event_id="one")]
    stream = show(*told, path="/asset/bitcoin")
    expect(page.locator(".event")).to_have_count(1)
    expect(page.locator(".event").get_by_role("link")).to_have_count(0)
    stream.say("ended", told[1] | {"ended_at": iso(60)})
    expect(card(page, told[1]).get_by_text("over after 30 min")).to_be_visible()
    expect(card(page, told[0]).get_by_text("over after")).to_have_count(0)
