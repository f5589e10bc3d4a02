"""Signals of one asset in one window as one event: joined, over, gone on."""

import itertools
import random

from signals import detectors
from signals.detectors.base import Detector
from signals.engine import Ended
from signals.events import WINDOW, Event, Reason, combine
from signals.signal import Signal

(PRICE,) = (one for one in detectors.DETECTORS if one.name == "price_anomaly")
T = 1_760_000_400
HOUR = 3600


def signal(
    at: int, kind: str = "price_anomaly", asset: str = "bitcoin", side: str = "up"
) -> Signal:
    return Signal(
        f"{T + at}-{kind}-{asset}", kind, asset, asset.upper(), None, "all of it", "{}", T + at,
        side, 1.5, T + at, f"{asset.upper()} {kind} at {at}",
    )  # fmt: skip


def ended(fired: int, at: int, asset: str = "bitcoin") -> Ended:
    return Ended(PRICE, asset, T + fired, T + at)


def reason(one: Signal, over: int | None = None) -> Reason:
    at = None if over is None else T + over
    return Reason(one.id, one.type, one.direction, one.created_at, at)


def test_a_signal_alone_is_an_event_of_one_reason() -> None:
    one = signal(0)
    (event,), (placed,) = combine([], [one], [])
    assert event == Event(
        f"{T}-bitcoin", "bitcoin", "BITCOIN", T, T, None, (reason(one),),
        "BITCOIN price_anomaly at 0.",
    )  # fmt: skip
    assert placed.event_id == event.event_id


def test_several_reasons_within_the_window_are_one_event_with_their_sentences() -> None:
    some = [signal(0), signal(900, "volume_spike"), signal(900, "pump")]
    (event,), placed = combine([], some, [])
    assert event.reasons == tuple(map(reason, some))
    assert (event.started_at, event.last_at) == (T, T + 900)
    assert event.explanation == (
        "BITCOIN price_anomaly at 0. BITCOIN volume_spike at 900. BITCOIN pump at 900."
    )
    assert {one.event_id for one in placed} == {event.event_id}


def test_each_asset_has_its_own_events() -> None:
    events, _ = combine([], [signal(0), signal(0, asset="ether")], [])
    assert [one.event_id for one in events] == [f"{T}-bitcoin", f"{T}-ether"]


def test_the_window_counts_from_the_last_reason_and_includes_its_end() -> None:
    last = 2 * WINDOW
    some = [signal(at, f"type_{at}") for at in (0, WINDOW, last, last + WINDOW + 1)]
    first, second = combine([], some, [])[0]
    assert [one.at - T for one in first.reasons] == [0, WINDOW, last]
    assert second.started_at == T + last + WINDOW + 1


def test_a_later_run_goes_on_with_what_is_stored() -> None:
    stored, _ = combine([], [signal(0)], [])
    (event,), _ = combine(stored, [signal(HOUR, "pump")], [])
    assert (event.event_id, event.last_at, len(event.reasons)) == (f"{T}-bitcoin", T + HOUR, 2)


def test_an_event_is_over_when_all_of_its_reasons_are() -> None:
    price, volume = signal(0), signal(0, "volume_spike")
    stored, _ = combine([], [price, volume], [])
    (event,), _ = combine(stored, [], [ended(0, HOUR)])
    assert event.ended_at is None
    assert set(event.reasons) == {reason(price, HOUR), reason(volume)}
    of_volume = Ended(volume_detector(), "bitcoin", T, T + 2 * HOUR)
    (event,), _ = combine([event], [], [of_volume])
    assert event.ended_at == T + 2 * HOUR


def volume_detector() -> Detector:
    (one,) = (one for one in detectors.DETECTORS if one.name == "volume_spike")
    return one


def test_an_event_that_is_over_goes_on_when_a_reason_joins_within_the_window() -> None:
    over, _ = combine([], [signal(0)], [ended(0, HOUR)])
    assert over[0].ended_at == T + HOUR
    (event,), _ = combine(over, [signal(WINDOW, "pump")], [])
    assert (event.event_id, event.ended_at) == (f"{T}-bitcoin", None)
    (other,), _ = combine(over, [signal(WINDOW + 1, "pump")], [])
    assert other.event_id == f"{T + WINDOW + 1}-bitcoin"


def test_a_turn_at_one_tick_ends_a_reason_and_adds_one() -> None:
    stored, _ = combine([], [signal(0, side="down")], [])
    (event,), _ = combine(stored, [signal(HOUR)], [ended(0, HOUR)])
    assert event.ended_at is None
    assert event.reasons == (reason(signal(0, side="down"), HOUR), reason(signal(HOUR)))


def test_the_end_of_an_unknown_signal_changes_nothing() -> None:
    assert combine([], [], [ended(0, HOUR)]) == ([], [])


def test_the_same_end_twice_is_the_same_as_once() -> None:
    stored, _ = combine([], [signal(0)], [ended(0, HOUR)])
    assert combine(stored, [], [ended(0, 2 * HOUR)])[0] == stored


def test_a_signal_found_late_joins_the_event_that_it_is_near_and_does_not_move_it_back() -> None:
    stored, _ = combine([], [signal(0), signal(HOUR, "pump")], [])
    (event,), _ = combine(stored, [signal(-HOUR, "volume_spike")], [])
    assert (event.event_id, event.last_at, len(event.reasons)) == (f"{T}-bitcoin", T + HOUR, 3)


def test_a_signal_found_long_after_its_time_does_not_join_what_happened_since() -> None:
    stored, _ = combine([], [signal(0)], [])
    (event,), _ = combine(stored, [signal(-5 * HOUR, "pump")], [])
    assert event.event_id == f"{T - 5 * HOUR}-bitcoin"


def test_the_end_of_an_event_is_that_of_the_reason_that_lasted_longest() -> None:
    stored, _ = combine([], [signal(0), signal(0, "volume_spike")], [])
    late = Ended(volume_detector(), "bitcoin", T, T + 3 * HOUR)
    (event,), _ = combine(stored, [], [late])
    (event,), _ = combine([event], [], [ended(0, HOUR)])
    assert event.ended_at == T + 3 * HOUR


def test_runs_of_any_size_make_the_same_events() -> None:
    rng = random.Random(5)
    times = sorted(rng.sample(range(400), 60))
    signals = [signal(900 * t, rng.choice(["pump", "depeg", "price_anomaly"])) for t in times]
    ends = [ended((one.created_at - T), one.created_at - T + HOUR) for one in signals[::2]]
    whole, _ = combine([], signals, ends)
    for size in (1, 7):
        known: dict[str, Event] = {}
        for start in itertools.count(0, size):
            low, high = T + 900 * start, T + 900 * (start + size)
            changed, _ = combine(
                known.values(),
                [one for one in signals if low <= one.created_at < high],
                [one for one in ends if low <= one.tick < high],
            )
            known |= {one.event_id: one for one in changed}
            if start > 450:
                break
        assert [known[one] for one in sorted(known)] == whole


def test_every_signal_is_in_exactly_one_event() -> None:
    signals = [signal(900 * n, asset=f"coin-{n % 7}") for n in range(0, 400, 3)]
    events, placed = combine([], signals, [])
    of = {r.signal_id: e.event_id for e in events for r in e.reasons}
    assert of == {one.id: one.event_id for one in placed}
    assert sum(len(one.reasons) for one in events) == len(signals)
