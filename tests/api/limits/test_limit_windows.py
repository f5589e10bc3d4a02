"""Counting in any 60 seconds and in a UTC day."""

from hypothesis import given
from hypothesis import strategies as st

from api.limits.window import DAY_SECONDS, Day, SteadyClock, Window
from tests.api.limits.isolates import START

LIFE = 2.0
# Each: seconds since the last, units wanted, share of them used, how late in the lease's life.
STEPS = st.lists(
    st.tuples(
        st.floats(0, 70), st.integers(1, 12), st.floats(0, 1), st.floats(0, LIFE)
    ),
    max_size=60,
)  # fmt: skip


def most_in_any_minute(used: list[tuple[float, int]]) -> int:
    return max(
        (sum(units for at, units in used if begin <= at < begin + 60) for begin, _ in used),
        default=0,
    )


@given(STEPS, st.floats(0, 1))
def test_in_any_60_seconds_no_more_is_used_than_the_limit(
    steps: list[tuple[float, int, float, float]], offset: float
) -> None:
    window, now, used = Window(), START + offset, []
    given_back: list[tuple[float, int, int]] = []
    for pause, wanted, share, late in steps:
        now += pause
        window.forget(now)
        for slot, units in [back[1:] for back in given_back if back[0] <= now]:
            window.give_back(slot, units)
        given_back = [back for back in given_back if back[0] > now]
        granted = min(wanted, window.free(10))
        slot = window.grant(granted, now + LIFE)
        kept = round(granted * share)
        used.append((now + late, kept))
        given_back.append((now + LIFE, slot, granted - kept))
    assert most_in_any_minute(used) <= 10


@given(st.lists(st.floats(-100, 100), max_size=40), st.integers(1, 8))
def test_a_clock_that_jumps_back_gives_nothing_away(jumps: list[float], wanted: int) -> None:
    clock, window, wrong, true = SteadyClock(), Window(), START, START
    used: list[tuple[float, int]] = []
    for jump in jumps:
        wrong += jump
        true += max(0.0, jump)  # real time goes on at most as the clock goes forward
        now = clock.at(wrong)
        window.forget(now)
        granted = min(wanted, window.free(10))
        window.grant(granted, now)
        used.append((true, granted))
    assert most_in_any_minute(used) <= 10


def test_a_clock_that_went_back_goes_on_at_its_pace() -> None:
    clock = SteadyClock()
    assert [clock.at(START), clock.at(START - 3600), clock.at(START - 3590)] == [
        START, START, START + 10,
    ]  # fmt: skip


def test_a_unit_counts_until_60_seconds_after_the_end_of_its_lease() -> None:
    window = Window()
    window.grant(10, START + 2)
    window.forget(START + 61.9)
    assert window.free(10) == 0
    window.forget(START + 62)
    assert window.free(10) == 10


def test_the_wait_is_until_as_many_are_free_as_are_needed() -> None:
    window = Window()
    window.grant(4, START + 1)
    window.grant(6, START + 9)
    assert window.wait(1, 10, START + 10) == 51
    assert window.wait(4, 10, START + 10) == 51
    assert window.wait(5, 10, START + 10) == 59
    assert window.wait(11, 10, START + 10) == 60
    assert window.wait(1, 20, START + 10) == 51  # free already: until one more is
    assert (Window().wait(1, 10, START), Window().wait(11, 10, START)) == (0, 60)


def test_no_more_comes_back_than_was_leased_then() -> None:
    window = Window()
    slot = window.grant(3, START)
    assert (window.give_back(slot, 5), window.give_back(slot, 1), window.used) == (3, 0, 0)
    assert window.give_back(slot + 7, 1) == 0


def test_a_days_units_are_there_again_at_midnight_utc() -> None:
    day = Day()
    noon = START
    day.turn(noon)
    day.spent = 100
    day.turn(noon + 43_199)
    assert (day.free(100), day.wait(noon)) == (0, 43_200)
    day.turn(noon + 43_200)
    assert day.free(100) == 100


def test_a_clock_that_goes_back_over_midnight_does_not_bring_a_day_back() -> None:
    day = Day()
    day.turn(START + 43_200)
    day.spent = 100
    day.turn(START + 43_190)
    assert day.free(100) == 0
    day.give_back(5, int(START // DAY_SECONDS))  # of the day before: not of this one
    assert day.free(100) == 0
    day.give_back(5, day.number)
    assert day.free(100) == 5
