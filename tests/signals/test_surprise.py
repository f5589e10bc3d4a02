"""What surprise alarms at, what leaves it indifferent, and what an absurd value may do to it."""

import math
import random
from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.surprise import PARAMS, THRESHOLD, Params, State, step
from signals.surprise_cells import Span, move_columns, move_rows, moves

START, MINUTE = 1_760_000_400, 60
SEEDS = range(4)


def scores(values: Sequence[float], start: int = START, params: Params = PARAMS) -> list[float]:
    state, found = State(), []
    for number, value in enumerate(values):
        state, score = step(state, start + MINUTE * number, value, params)
        found.append(score)
    return found


def learned(values: Sequence[float]) -> State:
    state = State()
    for number, value in enumerate(values):
        state, _ = step(state, START + MINUTE * number, value)
    return state


def alarms(values: Sequence[float]) -> list[int]:
    return [at for at, score in enumerate(scores(values)) if score >= THRESHOLD]


def noise(count: int, seed: int = 1) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(0, 1) for _ in range(count)]


def walk(count: int, seed: int = 1) -> list[float]:
    at, found = 0.0, []
    for value in noise(count, seed):
        at += value
        found.append(at)
    return found


def days(count: int, seed: int = 1) -> list[float]:
    return [
        10 * math.sin(2 * math.pi * at / 288) + value for at, value in enumerate(noise(count, seed))
    ]


KINDS = [noise, walk, days]


def with_value(values: list[float], at: int, value: float) -> list[float]:
    return [*values[:at], value, *values[at + 1 :]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_scores_of_a_prefix_are_the_prefix_of_the_scores(
    kind: Callable[[int], list[float]],
) -> None:
    values = with_value(kind(2000), 1500, 40.0)
    whole = scores(values)
    assert any(whole[1400:])
    for length in (1, 2, 12, 301, 1499, 1501):
        assert scores(values[:length]) == whole[:length]


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_that_went_through_storage_goes_on_with_the_same_scores(
    kind: Callable[[int], list[float]],
) -> None:
    values = with_value(kind(1200), 900, 40.0)
    state = State()
    stored = []
    for number, value in enumerate(values):
        state = msgspec.json.decode(msgspec.json.encode(state), type=State)
        state, score = step(state, START + MINUTE * number, value)
        stored.append(score)
    assert stored == scores(values)


def test_a_state_is_small_and_does_not_grow() -> None:
    for kind in KINDS:
        early = len(msgspec.json.encode(learned(kind(2000))))
        assert len(msgspec.json.encode(learned(kind(10_000)))) <= min(1.1 * early, 2100)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [2.0**20, 2.0**-30, -1.0, -4.0])
def test_neither_unit_nor_direction_changes_a_score(
    kind: Callable[[int], list[float]], factor: float
) -> None:
    values = with_value(kind(2000), 1500, 40.0)
    assert scores([factor * value for value in values]) == scores(values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("factor", "offset"), [(0.001, 1e4), (3.7, -12.0), (-0.1, 5.0)])
def test_neither_scale_nor_offset_changes_the_alarms(
    kind: Callable[[int], list[float]], factor: float, offset: float
) -> None:
    values = with_value(kind(2000), 1500, 40.0)
    assert alarms([factor * value + offset for value in values]) == alarms(values)


def test_the_epoch_does_not_matter() -> None:
    values = with_value(noise(1500), 1200, 12.0)
    assert scores(values, -40) == scores(values, 4_000_000_000) == scores(values)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e301])
def test_what_is_no_finite_number_is_ignored(bad: float) -> None:
    state = learned(noise(400))
    before = msgspec.json.encode(state)
    after, score = step(state, START + MINUTE * 400, bad)
    assert (msgspec.json.encode(after), score) == (before, 0.0)
    assert step(State(), START, bad) == (State(), 0.0)


@pytest.mark.parametrize("seconds", [0, -1, -MINUTE * 10])
def test_a_time_that_is_not_after_the_last_is_ignored(seconds: int) -> None:
    state = learned(noise(400))
    before = msgspec.json.encode(state)
    after, score = step(state, state.time + seconds, 50.0)
    assert (msgspec.json.encode(after), score) == (before, 0.0)


@pytest.mark.parametrize("level", [0.0, 0.1, -5.0, 1e300])
def test_a_constant_series_is_never_surprising(level: float) -> None:
    assert not any(scores([level] * 3000))


def test_a_spike_far_outside_is_an_alarm_in_either_direction() -> None:
    for seed in SEEDS:
        for spike in (12.0, -12.0):
            assert 1500 in alarms(with_value(noise(1501, seed), 1500, spike))


def test_a_day_without_its_peak_is_an_alarm() -> None:
    for seed in SEEDS:
        values = days(288 * 11, seed)
        flat = [min(value, -2.0) for value in values[288 * 10 :]]
        assert any(at >= 288 * 10 for at in alarms(values[: 288 * 10] + flat))


def test_a_level_shift_alarms_at_once_and_not_for_ever() -> None:
    later = []
    for seed in range(10):
        values = noise(5000, seed)
        found = alarms(values[:3000] + [value + 20 for value in values[3000:]])
        assert {3000, 3001, 3002} & set(found)
        later.append(len([at for at in found if at > 3002]))
    assert sum(later) / len(later) <= 4  # in 2,000 points


@pytest.mark.parametrize(("kind", "most"), [(noise, 2.2), (walk, 2.2), (days, 2.0)])
def test_an_ordinary_series_alarms_about_twice_in_a_thousand_points_at_most(
    kind: Callable[[int, int], list[float]], most: float
) -> None:
    counts = [len(alarms(kind(5000, seed))) for seed in range(8)]
    assert sum(counts) / len(counts) / 5 <= most


def test_alarms_grow_rarer_with_experience() -> None:
    early = late = 0
    for seed in SEEDS:
        found = alarms(noise(12_000, seed))
        early += len([at for at in found if at < 4000])
        late += len([at for at in found if at >= 8000])
    assert late < early


@pytest.mark.parametrize("absurd", [1e12, -1e12])
def test_one_absurd_value_does_not_hide_an_ordinary_anomaly_200_points_later(
    absurd: float,
) -> None:
    for seed in range(6):
        values = with_value(noise(1400, seed), 900, absurd)
        assert 1100 in alarms(with_value(values, 1100, 12.0))


def test_an_absurd_value_after_a_long_constant_does_not_hide_what_follows() -> None:
    values = [5.0] * 500 + [1e12] + [5.0 + value for value in noise(2000)]
    assert 2000 in alarms(with_value(values, 2000, 25.0))


def test_a_series_that_stays_at_absurd_values_is_followed() -> None:
    far = [1e12 + value for value in noise(2500, 2)]
    assert len([at for at in alarms(noise(1000) + far) if at > 2000]) <= 5


def test_what_was_not_seen_again_is_new_again_one_day() -> None:
    rounds = [float(at % 10) for at in range(6001)]
    for at in (1000, 2000, 3000, 6000):
        rounds = with_value(rounds, at, 30.0)
    assert scores(rounds)[1000] >= THRESHOLD
    assert scores(rounds)[6000] == 0
    assert scores(rounds, params=Params(forget=1000))[6000] >= THRESHOLD


def test_a_range_that_is_no_longer_used_is_forgotten() -> None:
    calm = [4 * value for value in noise(500)] + noise(20_000, 2)
    later = with_value(calm, 20_000, 10.0)
    assert 20_000 in alarms(later)
    assert scores(later, params=Params(fade=0.0))[20_000] < THRESHOLD


def test_a_second_surprise_no_larger_than_the_first_waits_for_its_turn() -> None:
    for seed in SEEDS:
        values = with_value(noise(2600, seed), 1500, 12.0)
        assert 1505 not in alarms(with_value(values, 1505, -12.0))
        assert 2500 in alarms(with_value(values, 2500, -12.0))


def recut(counts: bytearray, old: Span, new: Span) -> bytearray:
    how = moves(old, new, 5)
    assert how
    move_rows(counts, 0, 5, how)
    move_columns(counts, 0, 5, how)
    return counts


def test_finer_cells_inherit_what_was_seen_and_space_beyond_it_is_new() -> None:
    wide, narrow = Span(-8.0, 8.0, 0.0, 8.0), Span(-4.0, 4.0, 0.0, 4.0)
    assert all(recut(bytearray([1] * 25), wide, narrow))
    grown = recut(bytearray([1] * 25), narrow, wide)
    assert [cell for cell, count in enumerate(grown) if count] == [6, 7, 8, 11, 12, 13, 16, 17, 18]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80))
def test_any_numbers_at_all_have_a_score_from_0_to_1(values: list[float]) -> None:
    assert all(0 <= score < 1 for score in scores(values))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0.0, 5e-324, 1e-323, 1.0, 1.0000000000000002]), max_size=60))
def test_steps_as_small_as_roundings_have_a_score(values: list[float]) -> None:
    assert all(0 <= score < 1 for score in scores(values))
