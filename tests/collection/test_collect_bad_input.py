"""What a provider's bad day costs: exactly what is stored, skipped and said, fault by fault.

Real faults of a real simulator over real HTTP. Every case also asserts that the other sources
lost nothing, and that the next good tick heals the source.
"""

from collections import Counter
from typing import Any, NamedTuple

import pytest

from tests.collection.desk import CORE, FEEDS, QUARTER, TICK, Desk, Impatient, only
from tests.support.simulator import GECKO, Simulator

COINS = 250
DECRYPT = FEEDS["decrypt"]
SHORT = 0.2  # seconds; the deadline for a provider that does not answer
NOTHING: dict[str, int] = {}


class Outcome(NamedTuple):
    """What must be there after one tick under a fault."""

    reason: str | None
    requests: int
    stored: int
    skipped: dict[str, int] = NOTHING
    figures: int = 0


# Per fault of the host: both endpoints suffer, so what fails is asked for twice three times.
MARKET_FAULTS = {
    "429": Outcome("markets: HTTP 429", 6, 0),
    "429_retry_after": Outcome("markets: HTTP 429", 6, 0),
    "500": Outcome("markets: HTTP 500", 6, 0),
    "html_error": Outcome("markets: HTTP 503", 6, 0),
    "cut": Outcome("markets: connection failed: RemoteProtocolError", 6, 0),
    "down": Outcome("markets: connection failed: RemoteProtocolError", 6, 0),
    # A host that takes the whole deadline is not asked for anything else in that tick.
    "slow": Outcome("markets: no complete answer within the deadline", 1, 0),
    "not_json": Outcome("markets: not JSON", 2, 0),
    "oversize": Outcome("markets: body over 8,000,000 bytes", 2, 0),
    "null_heavy": Outcome(None, 2, 200, {"no_price": 50}, 1),
    "nan": Outcome(None, 2, 166, {"no_price": 84}, 1),
    "string_numbers": Outcome(None, 2, COINS, {}, 1),
    "duplicate_rows": Outcome(None, 2, COINS, {"duplicate": 20}, 1),
}
WRONG_TIMES = {
    "future": ("markets: no usable row, most were future_timestamp", {"future_timestamp": COINS}),
    "no_timestamp": ("markets: no usable row, most were no_timestamp", {"no_timestamp": COINS}),
    "stale": ("markets: no usable row, most were stale", {"stale": COINS}),
}
FEED_FAULTS = {
    "429": Outcome("feed: HTTP 429", 3, 0),
    "429_retry_after": Outcome("feed: HTTP 429", 3, 0),
    "500": Outcome("feed: HTTP 500", 3, 0),
    "html_error": Outcome("feed: HTTP 503", 3, 0),
    "cut": Outcome("feed: connection failed: RemoteProtocolError", 3, 0),
    "down": Outcome("feed: connection failed: RemoteProtocolError", 3, 0),
    "slow": Outcome("feed: no complete answer within the deadline", 1, 0),
    "not_json": Outcome("feed: not a feed", 1, 0),
    "oversize": Outcome("feed: body over 8,000,000 bytes", 1, 0),
    "null_heavy": Outcome("feed: no usable row, most were no_title", 1, 0, {"no_title": 25}),
    "duplicate_rows": Outcome(None, 1, 25, {"duplicate": 20}),
    "no_timestamp": Outcome(None, 1, 25),
    "stale": Outcome(None, 1, 25),
}


def stories(desk: Desk, source: str | None = None) -> list[tuple[Any, ...]]:
    """Return the stored stories, without the tick that stored them."""
    return desk.database.rows(
        "SELECT news_id, title, url, published_at, sentiment FROM news_items"
        " WHERE ?1 IS NULL OR source = ?1 ORDER BY news_id",
        source,
    )


def assert_record(desk: Desk, source: str, expected: Outcome) -> None:
    """Both records of a source, for an operator and for /health, say the same."""
    state = "degraded" if expected.reason else "ok"
    assert desk.state(source) == (state, expected.reason)
    run = desk.run(source)
    assert (run["state"], run["reason"]) == (state, expected.reason)
    assert run["skipped"] == expected.skipped
    assert run["requests"] == expected.requests
    assert run["parsed"] == expected.stored + expected.figures


def assert_others_complete(desk: Desk, failing: str) -> None:
    for source in CORE:
        if source.name != failing:
            assert desk.state(source.name) == ("ok", None)
    for feed in FEEDS:
        if feed != failing:
            assert desk.count("news_items", f"source = '{feed}'") == 25
    if failing != "coingecko":
        assert (desk.count("market_data"), desk.count("market_global")) == (COINS, 1)


def assert_the_next_tick_heals(desk: Desk, simulator: Simulator, source: str) -> None:
    simulator.heal()
    simulator.set_clock(TICK + QUARTER)
    desk.transport = None
    desk.tick(TICK + QUARTER, only(source))
    assert desk.state(source) == ("ok", None)
    assert desk.count("sources", f"source = '{source}' AND last_success = {TICK + QUARTER}") == 1
    if source in FEEDS:
        assert len(stories(desk, source)) >= 25
    else:
        assert len(desk.quotes(TICK + QUARTER)) == COINS


@pytest.mark.parametrize("fault", MARKET_FAULTS)
def test_prices_under_a_fault(desk: Desk, simulator: Simulator, fault: str) -> None:
    expected = MARKET_FAULTS[fault]
    simulator.fault(GECKO, fault)
    desk.transport = Impatient(GECKO, SHORT) if fault == "slow" else None
    desk.tick()
    assert_record(desk, "coingecko", expected)
    assert len(desk.quotes()) == expected.stored
    assert desk.count("market_global") == expected.figures
    assert_others_complete(desk, "coingecko")
    assert_the_next_tick_heals(desk, simulator, "coingecko")


@pytest.mark.parametrize("fault", WRONG_TIMES)
def test_prices_with_wrong_times_are_not_stored(
    desk: Desk, simulator: Simulator, fault: str
) -> None:
    reason, skipped = WRONG_TIMES[fault]
    simulator.fault(GECKO, fault, path="markets")
    desk.tick()
    assert_record(desk, "coingecko", Outcome(reason, 2, 0, skipped, figures=1))
    assert desk.quotes() == {}
    assert_others_complete(desk, "coingecko")
    assert_the_next_tick_heals(desk, simulator, "coingecko")


@pytest.mark.parametrize("fault", ["stale", "future"])
def test_whole_market_figures_of_another_day_are_not_stored_as_todays(
    desk: Desk, simulator: Simulator, fault: str
) -> None:
    simulator.fault(GECKO, fault, path="global")
    desk.tick()
    assert desk.count("market_global") == 0
    assert desk.state("coingecko")[0] == "degraded"
    assert len(desk.quotes()) == COINS


@pytest.mark.parametrize("fault", FEED_FAULTS)
def test_a_feed_under_a_fault(desk: Desk, simulator: Simulator, fault: str) -> None:
    expected = FEED_FAULTS[fault]
    simulator.fault(DECRYPT, fault)
    desk.transport = Impatient(DECRYPT, SHORT) if fault == "slow" else None
    desk.tick()
    assert_record(desk, "decrypt", expected)
    assert len(stories(desk, "decrypt")) == expected.stored
    assert_others_complete(desk, "decrypt")
    assert_the_next_tick_heals(desk, simulator, "decrypt")


def test_stories_from_the_future_wait_until_they_are_due(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    other_desk.tick()
    due = [row for row in stories(other_desk, "decrypt") if row[3] + 86_400 <= TICK + 600]
    simulator.fault(DECRYPT, "future")
    desk.tick()
    assert 0 < len(due) < 25
    assert_record(desk, "decrypt", Outcome(None, 1, len(due), {"future_timestamp": 25 - len(due)}))
    assert {row[0] for row in stories(desk, "decrypt")} == {row[0] for row in due}
    assert_others_complete(desk, "decrypt")
    assert_the_next_tick_heals(desk, simulator, "decrypt")


def test_numbers_as_text_give_the_same_rows_as_numbers(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    other_desk.tick()
    simulator.fault(GECKO, "string_numbers")
    desk.tick()
    tables = ("assets", "market_data", "market_global")
    assert desk.dump(*tables) == other_desk.dump(*tables)


def test_rows_without_a_price_leave_the_others_as_they_are(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    other_desk.tick()
    simulator.fault(GECKO, "nan")
    desk.tick()
    good, right = desk.quotes(), other_desk.quotes()
    assert {asset: right[asset] for asset in good} == good


def test_unknown_amounts_are_stored_as_unknown(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(GECKO, "null_heavy", path="markets")
    desk.tick()
    volumes = Counter(quote[2] is None for quote in desk.quotes().values())
    assert volumes[True] > 100
    assert volumes[False] > 0


def test_a_story_without_a_time_gets_the_ticks_and_says_so(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(DECRYPT, "no_timestamp")
    desk.tick()
    rows = desk.database.rows(
        "SELECT DISTINCT published_at, published_is_estimated FROM news_items"
        " WHERE source = 'decrypt'"
    )
    assert rows == [(TICK, 1)]


def test_a_feed_of_five_thousand_gives_its_newest_two_hundred(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(DECRYPT, "many_items")
    desk.tick()
    assert_record(desk, "decrypt", Outcome(None, 1, 200, {"over_limit": 4800}))
    assert_others_complete(desk, "decrypt")
    many = stories(desk, "decrypt")
    assert len(many) == 200
    simulator.heal()
    desk.tick(TICK, only("decrypt"))
    assert stories(desk, "decrypt") == many  # the usual 25 are among them


def test_a_429_that_says_when_is_waited_for_as_long_as_it_says(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(GECKO, "429_retry_after", path="markets")
    desk.tick()
    assert desk.waits == [2.0, 2.0]
    assert simulator.requests(GECKO) == {"/api/v3/coins/markets": 3, "/api/v3/global": 1}


def test_a_429_that_does_not_say_when_is_waited_for_with_growing_jitter(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(GECKO, "429", path="markets")
    desk.tick()
    first, second = desk.waits
    assert 0 <= first <= 0.5
    assert 0 <= second <= 1.0
    assert desk.state("coingecko") == ("degraded", "markets: HTTP 429")
    assert desk.count("market_global") == 1  # the other endpoint of the source went on


@pytest.mark.parametrize("fault", ["429", "500", "html_error", "cut", "down"])
def test_a_fault_that_passes_within_the_tick_costs_an_attempt_and_nothing_else(
    desk: Desk, other_desk: Desk, simulator: Simulator, fault: str
) -> None:
    other_desk.tick()
    simulator.forget_requests()
    simulator.fault(GECKO, fault, path="markets", times=2)
    desk.tick()
    assert desk.state("coingecko") == ("ok", None)
    assert simulator.requests(GECKO)["/api/v3/coins/markets"] == 3
    assert len(desk.waits) == 2
    tables = ("assets", "market_data", "market_global", "news_items", "entity_mentions")
    assert desk.dump(*tables) == other_desk.dump(*tables)


def test_a_body_that_is_too_large_or_no_json_is_not_asked_for_again(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(GECKO, "oversize", path="markets")
    simulator.fault(DECRYPT, "not_json")
    desk.tick()
    assert desk.waits == []
    assert simulator.requests(GECKO)["/api/v3/coins/markets"] == 1
    assert simulator.requests(DECRYPT) == {"/feed": 1}


def test_every_provider_down_at_once_is_recorded_and_healed(
    desk: Desk, simulator: Simulator
) -> None:
    for host in (GECKO, *FEEDS.values()):
        simulator.fault(host, "down")
    desk.tick()
    states = desk.database.rows("SELECT source, state, last_tick, last_success FROM sources")
    assert sorted(states) == sorted((one.name, "degraded", TICK, None) for one in CORE)
    assert desk.count("source_runs", "state = 'degraded'") == len(CORE)
    assert (desk.count("market_data"), desk.count("news_items")) == (0, 0)
    assert_the_next_tick_heals(desk, simulator, "coingecko")


def test_a_degraded_source_is_logged_as_a_warning_with_its_reason(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(GECKO, "500", path="markets")
    desk.tick()
    (line,) = [line for line in desk.lines if line["message"] == "collected coingecko"]
    assert line["level"] == "warning"
    assert line["metadata"]["reason"] == "markets: HTTP 500"
    others = [line for line in desk.lines if line["message"] != "collected coingecko"]
    assert {line["level"] for line in others} == {"info"}
