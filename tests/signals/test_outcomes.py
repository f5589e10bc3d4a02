"""Judging signals on hand-made paths: what counts as before and after, noise, controls."""

import itertools
import math
import random

import pytest

from signals.claims import MOVES_ON, Claim, Measure, Path, Step, Terms
from signals.outcomes import GUARD, controls, judge, noise, spacing, tolerance
from signals.redenomination import settled

HOUR = 3600
DAY = 86400
WEEK = 7 * DAY
AT = 20_000 * DAY


def rises(before: Step, after: Step, sigma: float, horizon: int, terms: Terms) -> Measure | None:
    return Measure(after.value / before.value - 1, terms.get("by", 0.0))


def knows_its_sigma(
    before: Step, after: Step, sigma: float, horizon: int, terms: Terms
) -> Measure | None:
    return Measure(sigma, 0.0)


def cannot_tell(_b: Step, _a: Step, _s: float, _h: int, terms: Terms) -> Measure | None:
    return Measure(math.nan, 0.0) if terms else None


RISES = Claim("rises", "a rise", rises)
SIGMA = Claim("sigma", "its sigma", knows_its_sigma)
UNTOLD = Claim("untold", "nothing", cannot_tell)


def walk(
    every: int = 900, seed: int = 1, sigma: float = 0.003, until: int = AT + DAY
) -> list[Step]:
    """A random walk of a week and a day; `sigma` is per 15 minutes."""
    rng = random.Random(seed)
    value, steps = 100.0, []
    for time in range(AT - WEEK, until + 1, every):
        steps.append(Step(time, value))
        value *= math.exp(rng.gauss(0, sigma * math.sqrt(every / 900)))
    return steps


def changed(path: Path, changes: dict[int, float]) -> list[Step]:
    return [Step(one.time, changes.get(one.time, one.value)) for one in path]


def test_the_newest_price_at_the_horizon_is_compared_with_the_one_at_the_signal() -> None:
    path = changed(walk(), {AT: 100.0, AT + HOUR - 900: 90.0, AT + HOUR: 110.0})
    outcome = judge(RISES, path, AT, HOUR, {"by": 0.05})
    assert (outcome.hit, outcome.value, outcome.threshold) == (True, 0.1, 0.05)
    assert judge(RISES, path, AT, HOUR, {"by": 0.11}).hit is False


def test_a_claim_that_is_just_met_holds() -> None:
    path = changed(walk(), {AT: 100.0, AT + HOUR: 150.0})
    assert judge(RISES, path, AT, HOUR, {"by": 0.5}).hit is True


def test_nothing_after_the_horizon_is_looked_at() -> None:
    path = walk()
    cut = [one for one in path if one.time <= AT + HOUR]
    assert judge(RISES, path, AT, HOUR, {}) == judge(RISES, cut, AT, HOUR, {})


def test_an_older_price_within_the_tolerance_stands_in_at_the_horizon() -> None:
    for horizon in (HOUR, 4 * HOUR, DAY):
        end = AT + horizon
        late = [one for one in walk() if one.time <= AT or one.time > end - tolerance(horizon)]
        missing = [one for one in walk() if one.time <= end - tolerance(horizon)]
        assert judge(RISES, late, AT, horizon, {}).hit is not None
        outcome = judge(RISES, missing, AT, horizon, {})
        assert (outcome.hit, outcome.reason) == (None, "no price at the horizon")


def test_a_price_older_than_15_minutes_is_none_at_the_signal() -> None:
    path = [one for one in walk() if not AT - 900 < one.time <= AT]
    assert judge(RISES, path, AT, HOUR, {}).hit is not None
    outcome = judge(RISES, path, AT + 1, HOUR, {})
    assert (outcome.hit, outcome.reason) == (None, "no price at the signal")
    assert judge(RISES, [], AT, HOUR, {}).reason == "no price at the signal"


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_price_that_is_none_counts_as_not_stored(value: float) -> None:
    path = walk()
    broken = changed(path, {AT - HOUR: value, AT - DAY: value, AT + 900: value})
    rest = [one for one in path if one.time not in (AT - HOUR, AT - DAY, AT + 900)]
    assert judge(MOVES_ON, broken, AT, HOUR, {}) == judge(MOVES_ON, rest, AT, HOUR, {})


def test_too_few_prices_before_the_signal_give_no_judgement() -> None:
    short = [one for one in walk() if one.time > AT - 23 * 900]
    assert judge(RISES, short, AT, HOUR, {}).reason == "too few prices before the signal"
    enough = [one for one in walk() if one.time >= AT - 23 * 900]
    assert judge(RISES, enough, AT, HOUR, {}).hit is not None


@pytest.mark.parametrize("terms", [{}, {"not": 1.0}])
def test_a_measure_that_cannot_tell_gives_no_judgement(terms: Terms) -> None:
    outcome = judge(UNTOLD, walk(), AT, HOUR, terms)
    assert (outcome.hit, outcome.reason, outcome.control_n) == (None, "the prices do not tell", 0)


@pytest.mark.parametrize("every", [900, 3600])
def test_sigma_is_the_noise_per_15_minutes_however_often_prices_come(every: int) -> None:
    known = [list(noise(walk(every, seed)))[-1] for seed in range(10)]
    assert sum(one for one in known if one) / 10 == pytest.approx(0.003, rel=0.04)


def test_prices_that_stand_still_between_changes_are_no_calm() -> None:
    hourly = walk(HOUR)
    repeated = [Step(one.time + late, one.value) for one in hourly for late in range(0, HOUR, 900)]
    assert list(noise(repeated))[-1] == pytest.approx(list(noise(hourly))[-1], rel=1e-9)


def test_the_markets_move_is_no_noise_of_the_asset() -> None:
    rng, level, own = random.Random(3), 5.0, walk()
    path = []
    for one in own:
        level += rng.gauss(0, 0.02)
        path.append(Step(one.time, one.value * math.exp(level), market=level))
    assert list(noise(path))[-1] == pytest.approx(list(noise(own))[-1], rel=1e-6)


def test_one_absurd_price_hardly_moves_sigma() -> None:
    path = walk()
    absurd = changed(path, {AT - DAY: 1e9})
    assert list(noise(absurd))[-1] == pytest.approx(list(noise(path))[-1], rel=0.05)


def test_a_value_that_never_moved_has_the_smallest_sigma_believed() -> None:
    still = [Step(one.time, 1.0) for one in walk()]
    sigma = judge(SIGMA, still, AT, HOUR, {}).value
    assert sigma == pytest.approx(0.0003, rel=0.1)


def test_a_signal_is_judged_by_the_noise_before_it() -> None:
    path = walk()
    wild = [
        one if one.time <= AT else Step(one.time, one.value * (1 + one.time % 7)) for one in path
    ]
    assert judge(SIGMA, wild, AT, HOUR, {}).value == judge(SIGMA, path, AT, HOUR, {}).value


@pytest.mark.parametrize(("horizon", "count"), [(HOUR, 167), (4 * HOUR, 82), (DAY, 24)])
def test_controls_lie_before_the_signal_and_apart(horizon: int, count: int) -> None:
    times = [one.time for one in walk()]
    windows = [(times[i], times[j]) for i, j in controls(times, AT, horizon)]
    starts = [start for start, _ in windows]
    assert len(windows) == count
    assert {end - start for start, end in windows} == {horizon}
    assert max(end for _, end in windows) == AT - GUARD
    assert {a - b for a, b in itertools.pairwise(starts)} == {spacing(horizon)}


def test_controls_of_hourly_prices_are_those_of_prices_every_15_minutes() -> None:
    for horizon in (HOUR, 4 * HOUR, DAY):
        fine, coarse = ([one.time for one in walk(every)] for every in (900, HOUR))
        windows = [(fine[i], fine[j]) for i, j in controls(fine, AT, horizon)]
        assert windows == [(coarse[i], coarse[j]) for i, j in controls(coarse, AT, horizon)]


@pytest.mark.parametrize(("horizon", "most"), [(HOUR, 145), (DAY, 20)])
def test_a_gap_makes_no_controls_twice_and_none_across_it(horizon: int, most: int) -> None:
    gap = range(AT - 4 * DAY + 900, AT - 3 * DAY)
    times = [one.time for one in walk() if one.time not in gap]
    windows = [(times[i], times[j]) for i, j in controls(times, AT, horizon)]
    assert len(windows) == len(set(windows))
    assert all(end - start <= horizon for start, end in windows)
    assert most - 3 <= len(windows) <= most


def test_controls_use_the_terms_of_the_signal() -> None:
    path = [Step(one.time, 100.0 * 1.001 ** ((one.time - AT) / HOUR)) for one in walk()]
    easy, hard = (judge(RISES, path, AT, HOUR, {"by": by}) for by in (0.0009, 0.0011))
    assert (easy.control_hits, hard.control_hits) == (easy.control_n, 0)


def follows(before: Step, after: Step, sigma: float, horizon: int, terms: Terms) -> Measure:
    return Measure(terms["sign"] * (after.value - before.value), 0.0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_led_up_to_a_signal_is_not_counted_for_its_side(sign: float) -> None:
    """A rise that a rise comes before: the controls are asked for rises and for falls."""
    path = [Step(one.time, 100.0 * 1.001 ** ((one.time - AT) / HOUR)) for one in walk()]
    outcome = judge(Claim("follows", "the same side", follows, ("sign",)), path, AT, DAY,
                    {"sign": sign})  # fmt: skip
    assert outcome.hit is (sign > 0)
    assert (outcome.control_n, outcome.control_hits) == (46, 23)


def test_the_move_that_fired_is_in_no_control() -> None:
    path = [Step(one.time, 100.0 if one.time < AT else 150.0) for one in walk()]
    assert judge(RISES, path, AT, HOUR, {"by": 0.1}).control_hits == 0


def test_random_moments_beat_their_controls_by_nothing() -> None:
    """Volatility that changes from day to day must not look like an edge."""
    difference = 0.0
    for seed in range(250):
        rng, value, path = random.Random(seed), 100.0, []
        for time in range(AT - WEEK, AT + DAY + 1, HOUR):
            if time % DAY == 0:
                sigma = 0.006 * math.exp(rng.gauss(0, 0.7))
            path.append(Step(time, value))
            value *= math.exp(rng.gauss(0, sigma))
        outcome = judge(MOVES_ON, path, AT, DAY, {})
        difference += bool(outcome.hit) - outcome.control_hits / outcome.control_n
    assert abs(difference / 250) < 0.05


def test_the_same_path_gives_the_same_outcome() -> None:
    assert judge(MOVES_ON, walk(), AT, DAY, {}) == judge(MOVES_ON, walk(), AT, DAY, {})


def steps_at(*values: float) -> list[Step]:
    return [Step(1_760_000_400 + 900 * n, value) for n, value in enumerate(values)]


def test_a_bad_tick_and_a_last_one_that_nothing_confirms_are_not_judged_on() -> None:
    kept = settled(steps_at(10.0, 1e13, 10.1, 10.2, 1e-9, 10.3, 99.0))
    assert [one.value for one in kept] == [10.0, 10.1, 10.2, 10.3]


def test_a_new_unit_goes_on_in_the_old_one_and_a_crash_that_lasts_stays() -> None:
    kept = settled(steps_at(10.0, 0.0101, 0.0102, 0.002, 0.002))
    assert [one.value for one in kept] == pytest.approx([10.0, 10.1, 10.2, 2.0, 2.0])


def test_a_claim_is_not_held_by_a_bad_tick_at_its_horizon() -> None:
    quiet = [100.0 + 0.1 * (n % 3) for n in range(200)]
    path = steps_at(*quiet)
    at = path[190].time
    spoilt = [*path[:194], Step(at + 3600, 1e9)]
    clean = judge(MOVES_ON, path, at, 3600, {})
    assert clean.hit is False
    assert judge(MOVES_ON, spoilt, at, 3600, {}).reason == "no price at the horizon"
