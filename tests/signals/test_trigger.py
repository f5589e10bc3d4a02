"""From scores to events: hysteresis, cooldown, re-arm, turns, silence."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.trigger import Change, Status, Trigger

TRIGGER = Trigger(rearm=0.4, cooldown=3600, silence=7200)
TURNING = Trigger(rearm=0.4, cooldown=3600, silence=7200, turns=True)
UP, DOWN = Status(1, 1000), Status(-1, 1000)


@pytest.mark.parametrize(
    ("score", "side"), [(1.0, 1), (7.5, 1), (-1.0, -1), (-1e300, -1), (0.999, 0), (0.0, 0)]
)
def test_it_fires_from_one_on_to_the_side_of_the_score(score: float, side: int) -> None:
    status, change = TRIGGER.pull(Status(), 1000, score)
    assert change == ("fired" if side else None)
    assert status == (Status(side, 1000) if side else Status())


@pytest.mark.parametrize("score", [5.0, -5.0, 0.4, -0.4, 0.99])
def test_an_open_event_stays_while_the_score_is_not_small(score: float) -> None:
    assert TRIGGER.pull(UP, 9999, score) == (UP, None)


@pytest.mark.parametrize("score", [0.39, -0.39, 0.0])
def test_it_is_over_when_the_score_is_small_and_the_cooldown_has_passed(score: float) -> None:
    assert TRIGGER.pull(UP, 1000 + 3599, score) == (UP, None)
    assert TRIGGER.pull(UP, 1000 + 3600, score) == (Status(0, 1000), "ended")


def test_only_one_that_turns_changes_side_without_calming_down() -> None:
    assert TRIGGER.pull(UP, 5000, -3.0) == (UP, None)
    assert TURNING.pull(UP, 5000, -3.0) == (Status(-1, 5000), "turned")
    assert TURNING.pull(DOWN, 5000, 3.0) == (Status(1, 5000), "turned")
    assert TURNING.pull(UP, 4599, -3.0) == (UP, None), "not within the cooldown"
    assert TURNING.pull(UP, 5000, 3.0) == (UP, None), "not to its own side"


def test_silence_ends_an_open_event_and_no_other() -> None:
    assert TRIGGER.silent(UP, 2000, 2000 + 7199) == (UP, None)
    assert TRIGGER.silent(UP, 2000, 2000 + 7200) == (Status(0, 1000), "ended")
    assert TRIGGER.silent(Status(), 2000, 99_999) == (Status(), None)


@given(
    st.lists(st.floats(-3, 3), max_size=60), st.sampled_from([TRIGGER, TURNING]), st.integers(1, 9)
)
def test_fires_and_ends_alternate_whatever_the_scores(
    scores: list[float], trigger: Trigger, quarters: int
) -> None:
    status, changes, times = Status(), [], []
    for index, score in enumerate(scores):
        now = 900 * quarters * index
        status, change = trigger.pull(status, now, score)
        if change:
            changes.append(change)
            times.append(now)
    is_open = False
    for change in changes:
        expected: set[Change] = {"turned", "ended"} if is_open else {"fired"}
        assert change in expected
        is_open = change != "ended"
    assert is_open == bool(status.side)
    begun = [t for t, change in zip(times, changes, strict=True) if change != "ended"]
    assert all(b - a >= trigger.cooldown for a, b in itertools.pairwise(begun))
