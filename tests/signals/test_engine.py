"""The engine over hand-made series: what fires, what ends, which states are new."""

from typing import Any

import msgspec

from signals import engine
from signals.claims import MOVES_ON
from signals.detectors.base import (
    Detector,
    Finding,
    Input,
    MarketPoint,
    Measured,
    NewsPoint,
    Statistic,
)
from signals.engine import Kept
from signals.series import Inputs, Item, Series
from signals.trigger import Status, Trigger

TICK = 900
HOUR = 3600


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """The values of all points that a detector was given."""

    time: int = 0
    values: tuple[float, ...] = ()


def step(state: Seen, point: Any) -> tuple[Seen, float]:
    """Remember the point; its value is its score."""
    if point.time <= state.time:
        return state, 0.0
    value = point.price if isinstance(point, MarketPoint) else point.tone
    return Seen(point.time, (*state.values, value)), value


def find(state: Seen, point: Any) -> Finding:
    seen = float(len(state.values))
    return Finding("up", Measured("seen", seen, "1"), TICK, Statistic("it", seen, 1.0), {})


def detector(name: str, reads: Input, trigger: Trigger, kinds: tuple[str, ...] = ()) -> Detector:
    return Detector(
        name, 1, reads, Seen, step, find, lambda _: 0, lambda symbol, _: symbol, trigger, MOVES_ON,
        kinds,
    )  # fmt: skip


TRIGGER = Trigger(cooldown=HOUR, silence=2 * HOUR)
PRICES = detector("prices", "market", TRIGGER)
NEWS = detector("news", "news", TRIGGER)


def priced(*scores: tuple[int, float], key: str = "bitcoin") -> Series:
    """A series whose scores are given with their times in ticks."""
    items = [
        Item(MarketPoint(at * TICK, score, None), at * TICK, (f"row {at}",)) for at, score in scores
    ]
    return Series(1, key, key, key.upper(), items)


def run(*series: Series, until: int, states: engine.States | None = None) -> engine.Result:
    return engine.run([PRICES], {"market": list(series)}, states or {}, until * TICK)


def fired(result: engine.Result) -> list[int]:
    return [one.tick // TICK for one in result.fired]


def ended(result: engine.Result) -> list[tuple[int, int]]:
    return [(one.fired_at // TICK, one.tick // TICK) for one in result.ended]


def test_an_event_fires_once_however_long_its_score_stays_large() -> None:
    result = run(priced(*[(at, 3.0) for at in range(1, 20)]), until=19)
    assert (fired(result), ended(result)) == ([1], [])
    assert result.changed["prices"]["bitcoin"].status == Status(1, TICK)


def test_an_event_that_is_over_may_fire_again_once_it_calmed_down() -> None:
    scores = [(1, 1.0), (2, 0.0), (5, 0.5), (6, 0.3), (7, 0.9), (8, -1.2), (9, 0.0)]
    result = run(priced(*scores), until=9)
    assert (fired(result), ended(result)) == ([1, 8], [(1, 6)])


def test_a_finding_has_the_evidence_and_the_state_before_its_point() -> None:
    series = priced((1, 0.0), (2, 0.5), (3, -2.5))
    (one,) = run(series, until=3).fired
    assert (one.score, one.finding.measured.value) == (-2.5, 2.0)
    assert (one.item.inputs, one.series, one.tick) == (("row 3",), series, 3 * TICK)
    assert one.signal_id == "0000002700-prices-bitcoin"


def test_what_a_detector_has_seen_changes_nothing() -> None:
    once = run(priced((1, 0.0), (2, 2.0)), until=2)
    again = run(priced((1, 0.0), (2, 2.0)), until=2, states=once.changed)
    assert (again.fired, again.ended, again.changed) == ([], [], {"prices": {}})


def test_only_changed_states_are_returned_and_known_ones_are_left_alone() -> None:
    known: engine.States = {"prices": {key: Kept(Status(), Seen(TICK)) for key in ("a", "b")}}
    result = run(priced((1, 0.5), key="a"), priced((2, 0.5), key="b"), until=2, states=known)
    assert list(result.changed["prices"]) == ["b"]
    assert known["prices"]["b"].state == Seen(TICK)


def test_an_event_of_a_series_that_fell_silent_ends_at_the_first_tick_that_can_tell() -> None:
    opened = run(priced((1, 2.0), (2, 2.0)), until=2)
    states = opened.changed
    assert ended(run(priced(), until=9, states=states)) == []
    over = run(priced(), until=10, states=states)
    assert ended(over) == [(1, 10)]
    assert over.changed["prices"]["bitcoin"] == Kept(Status(0, TICK), Seen(2 * TICK, (2.0, 2.0)))
    assert ended(run(priced(), until=40, states=states)) == [(1, 10)], "however late it runs"


def test_one_late_run_finds_what_a_run_every_tick_finds() -> None:
    scores = [(1, 2.0), (2, 2.0), (11, 2.0), (12, 0.1), (21, -3.0), (28, 0.0), (29, 1.5)]
    late = run(priced(*scores), until=60)
    states: engine.States = {"prices": {}}
    found: list[int] = []
    over: list[tuple[int, int]] = []
    for tick in range(1, 61):
        now = [one for one in scores if one[0] == tick]
        result = run(priced(*now), until=tick, states=states)
        states["prices"] |= result.changed["prices"]
        found += fired(result)
        over += ended(result)
    assert found == fired(late) == [1, 11, 21, 29]
    assert over == ended(late) == [(1, 10), (11, 20), (21, 28), (29, 37)]
    assert states == late.changed


def test_a_point_exactly_when_the_silence_would_be_over_keeps_the_event() -> None:
    assert ended(run(priced((1, 2.0), (9, 2.0)), until=9)) == []
    assert ended(run(priced((1, 2.0), (10, 2.0)), until=10)) == [(1, 9)]


def test_a_series_that_was_never_open_does_not_end() -> None:
    assert run(priced((1, 0.2)), until=500).ended == []


def test_every_detector_has_its_own_states_and_reads_only_its_input() -> None:
    story = Item(NewsPoint(10, 0.5, "coindesk"), TICK, ())
    inputs: Inputs = {
        "market": [priced((1, 0.2))],
        "news": [Series(1, "bitcoin", "bitcoin", "BTC", [story])],
    }
    changed = engine.run([PRICES, NEWS], inputs, {}, TICK).changed
    assert changed["prices"]["bitcoin"].state == Seen(TICK, (0.2,))
    assert changed["news"]["bitcoin"].state == Seen(10, (0.5,))


def test_a_detector_of_readings_sees_only_its_kinds() -> None:
    tvl = detector("tvl", "readings", TRIGGER, kinds=("protocol_tvl",))
    inputs: Inputs = {
        "readings": [priced((1, 2.0), key="protocol_tvl:aave"), priced((1, 2.0), key="yield:aave")]
    }
    result = engine.run([tvl], inputs, {}, TICK)
    assert list(result.changed["tvl"]) == ["protocol_tvl:aave"]
    assert [one.series.key for one in result.fired] == ["protocol_tvl:aave"]


def test_a_story_that_was_old_when_it_was_collected_teaches_but_is_no_news() -> None:
    old = Item(NewsPoint(10, 1.0, "x"), 100 * TICK, (), fresh=False)
    series = Series(1, "bitcoin", "bitcoin", "BTC", [old])
    result = engine.run([NEWS], {"news": [series]}, {}, 100 * TICK)
    assert result.fired == []
    assert result.changed["news"]["bitcoin"] == Kept(Status(), Seen(10, (1.0,)))


def test_a_turn_ends_one_event_and_opens_another_at_the_same_tick() -> None:
    turning = detector("prices", "market", Trigger(cooldown=HOUR, turns=True))
    result = engine.run([turning], {"market": [priced((1, 2.0), (6, -2.0))]}, {}, 6 * TICK)
    assert (fired(result), ended(result)) == ([1, 6], [(1, 6)])
    assert [one.score for one in result.fired] == [2.0, -2.0]


def test_findings_come_in_the_order_of_time_then_of_detector_and_series() -> None:
    inputs: Inputs = {
        "market": [priced((2, 2.0), key="b"), priced((1, 2.0), key="c"), priced((2, 2.0), key="a")]
    }
    other = detector("a_first", "market", TRIGGER)
    found = engine.run([PRICES, other], inputs, {}, 2 * TICK).fired
    assert [(one.tick // TICK, one.detector.name, one.series.key) for one in found] == [
        (1, "a_first", "c"), (1, "prices", "c"),
        (2, "a_first", "a"), (2, "a_first", "b"), (2, "prices", "a"), (2, "prices", "b"),
    ]  # fmt: skip


def test_ids_of_signals_sort_by_time_whatever_the_number_of_digits() -> None:
    assert engine.signal_id(900_000_000, "z", "z") < engine.signal_id(1_000_000_000, "a", "a")


def test_a_series_that_its_detector_cannot_go_on_from_costs_no_other() -> None:
    def fails(state: Seen, point: Any) -> tuple[Seen, float]:
        if point.price == 13.0:
            raise IndexError("a state of another length")
        return step(state, point)

    careless = msgspec.structs.replace(PRICES, step=fails)
    damaged, whole = priced((0, 13.0), key="damaged"), priced((0, 1.0), key="whole")
    result = engine.run([careless], {"market": [damaged, whole]}, {}, 0)
    assert result.broken == [(careless.name, "damaged")]
    assert list(result.changed[careless.name]) == ["whole"]


def test_what_is_found_has_ten_digits() -> None:
    long = msgspec.structs.replace(
        PRICES, find=lambda state, point: msgspec.structs.replace(
            find(state, point), context={"a": 1 / 3, "b": 2e9 / 7}
        ),
    )  # fmt: skip
    (one,) = engine.run([long], {"market": [priced((1, 1.5))]}, {}, TICK).fired
    assert one.finding.context == {"a": 0.3333333333, "b": 285714285.7}
