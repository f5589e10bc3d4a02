"""When `make dev` fires ticks, whatever is done to the clock."""

from typing import cast

import pytest

from tools.system.dev import keep_time_monotonic, schedule
from tools.system.running import Sources, System

NOON = 1_795_348_800


def walk(*moments: int) -> list[int]:
    """Return the ticks that are fired when the clock shows these moments after each other."""
    _, due = schedule(moments[0], 0)
    fired = []
    for now in moments[1:]:
        tick, due = schedule(now, due)
        if tick is not None:
            fired.append(tick)
    return fired


def test_every_quarter_hour_is_fired_once_when_time_goes_by() -> None:
    assert walk(*range(NOON - 60, NOON + 1900, 1)) == [NOON, NOON + 900, NOON + 1800]


def test_a_start_on_the_quarter_hour_waits_for_the_next_one() -> None:
    assert walk(NOON, NOON + 1, NOON + 899) == []


def test_a_loop_that_was_busy_fires_a_little_late() -> None:
    assert walk(NOON - 10, NOON + 120, NOON + 121) == [NOON]


@pytest.mark.parametrize("jump", [301, 900, 1000, 86_400])
def test_a_tick_that_was_jumped_over_is_not_fired_with_prices_of_another_time(jump: int) -> None:
    later = NOON + jump
    following = later // 900 * 900 + 900
    assert walk(NOON - 10, later, later + 1, following) == [following]


def test_a_clock_that_is_set_back_comes_to_earlier_ticks_again() -> None:
    assert walk(NOON - 10, NOON, NOON - 3000, NOON - 2700) == [NOON, NOON - 2700]


def test_a_clock_that_stands_still_fires_nothing() -> None:
    assert walk(NOON - 10, *[NOON - 10] * 50) == []
    assert walk(NOON - 10, *[NOON] * 50) == [NOON]


class Clock:
    """A system as far as its time goes: what it collected last, and a clock to set."""

    def __init__(self, mode: str, newest: int) -> None:
        self.sources = Sources(mode)
        self.newest = newest
        self.time = NOON

    def last_tick(self) -> int:
        return self.newest

    def now(self) -> float:
        return self.time

    def set_clock(self, at: int) -> None:
        self.time = at


@pytest.mark.parametrize(
    ("mode", "newest", "expected"),
    [
        ("simulated", NOON + 86_400, NOON + 86_400),
        ("simulated", NOON - 900, NOON),
        ("simulated", 0, NOON),
        ("live", NOON + 86_400, NOON),
    ],
)
def test_simulated_time_goes_on_behind_the_newest_tick(
    mode: str, newest: int, expected: int
) -> None:
    clock = Clock(mode, newest)
    keep_time_monotonic(cast(System, clock))
    assert clock.time == expected
