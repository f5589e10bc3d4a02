"""What is said of a signal: probabilities, edges, notes; fitted to synthetic judged signals."""

import random

import msgspec
import pytest

from signals.calibration import Calibration, Judged, enough, predict, probability
from signals.calibration_fit import base_rate, fit
from signals.calibration_stats import (
    brier,
    correlation,
    effective,
    isotonic,
    quantile,
    wilson,
)
from tests.signals.judged import DAY, FIRST, HOUR, NOW, Truth, judged, steady

SCORES = (1.1, 1.5, 3.0)


def rising(score: float) -> float:
    return 0.35 if score < 1.25 else 0.5 if score < 1.75 else 0.7


def fitted(seed: int, truth: Truth, days: int = 100, shared: float = 0.0) -> Calibration:
    return fit(judged(seed, days, truth, shared=shared), HOUR, NOW, 1)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (9, 10, 0.5958, 0.9821),
     (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)  # fmt: skip
def test_wilsons_interval_is_that_of_the_tables(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits / n, n) == pytest.approx((low, high), abs=1e-4)


def test_an_interval_of_nothing_is_everything() -> None:
    assert wilson(0.5, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("values", "weights", "pooled"),
    [([1, 2, 3], [1, 1, 1], [1, 2, 3]), ([3, 2, 1], [1, 1, 1], [2, 2, 2]),
     ([1, 4, 2, 5], [1, 1, 3, 1], [1, 2.5, 2.5, 5]), ([2, 1], [3, 1], [1.75, 1.75]),
     ([5, 1, 1, 9], [1, 1, 1, 1], [7 / 3, 7 / 3, 7 / 3, 9]), ([], [], [])],
)  # fmt: skip
def test_neighbours_that_violate_the_order_are_pooled(
    values: list[float], weights: list[float], pooled: list[float]
) -> None:
    assert isotonic(values, weights) == pytest.approx(pooled)


def test_isotonic_rates_never_fall_and_keep_their_mean() -> None:
    rng = random.Random(5)
    for _ in range(200):
        size = rng.randint(1, 12)
        values = [rng.random() for _ in range(size)]
        weights = [rng.uniform(0.1, 9) for _ in range(size)]
        pooled = isotonic(values, weights)
        assert pooled == sorted(pooled)
        means = [sum(v * w for v, w in zip(one, weights, strict=True)) for one in (values, pooled)]
        assert means[0] == pytest.approx(means[1])


def test_briers_score_is_the_mean_squared_distance() -> None:
    assert brier([0.9, 0.2, 0.5], [True, False, True]) == pytest.approx((0.01 + 0.04 + 0.25) / 3)


def test_quantiles_lie_on_the_line_between_neighbours() -> None:
    assert [quantile([0, 10, 20, 40], q) for q in (0, 0.5, 0.75, 1)] == [0, 15, 25, 40]


def test_hits_that_share_their_day_count_as_one() -> None:
    together = [[1.0] * 8 if day % 2 else [0.0] * 8 for day in range(100)]
    apart = [[float((day + i) % 2) for i in range(8)] for day in range(100)]
    assert correlation(together, 0.5) > 0.95
    assert correlation(apart, 0.5) < 0.05
    assert effective([8] * 100, 1.0) == pytest.approx(100)
    assert effective([8] * 100, 0.0) == 800
    assert effective([8] * 100, 0.5) == pytest.approx(800 / 4.5)
    assert effective([], 0.5) == 0


def test_thirty_coins_in_one_crash_are_about_two_signals() -> None:
    crash = [Judged(FIRST + i, 1.1, True, 40, 12) for i in range(30)]
    assert fit(crash, HOUR, NOW, 1).n_effective < 2.5


def test_days_that_move_as_one_widen_the_interval() -> None:
    widths = []
    for shared in (0.0, 3.0):
        low, high = fitted(1, steady(0.5), shared=shared).interval
        widths.append(high - low)
    assert widths[1] > 1.5 * widths[0]


def test_every_signal_weighs_the_same_in_the_base_rate() -> None:
    uneven = [Judged(FIRST, 1.1, True, 1000, 0), Judged(FIRST, 1.1, True, 10, 10)] * 500
    assert base_rate(uneven) == pytest.approx(0.5)
    assert base_rate([]) == 0.5
    assert base_rate([Judged(FIRST, 1.1, True, 0, 0)] * 9 + uneven[:1] * 90) < 0.01


@pytest.mark.parametrize("shared", [0.0, 1.5])
def test_a_detector_without_an_edge_is_told_so(shared: float) -> None:
    told = 0
    for seed in range(300):
        calibration = fitted(seed, steady(0.5), shared=shared)
        notes = [probability(calibration, score) for score in SCORES]
        told += all(one.note.startswith("No edge: ") and not one.edge for one in notes)
    assert told >= 0.95 * 300


def test_a_real_edge_is_found_with_probabilities_near_the_truth() -> None:
    for seed in range(20):
        calibration = fitted(seed, rising, days=400)
        found = [probability(calibration, score) for score in SCORES]
        assert all(one.edge for one in found[1:])
        for one, score in zip(found, SCORES, strict=True):
            assert one.p == pytest.approx(rising(score), abs=0.1)
            assert one.lift == pytest.approx((one.p or 0) / calibration.base_rate, abs=1e-5)
            assert one.interval is not None
            assert one.interval[0] <= (one.p or 0) <= one.interval[1]
        assert found[2].n_type == calibration.n > found[2].n > found[2].hits


def test_a_claim_that_holds_less_often_than_without_a_signal_is_no_edge() -> None:
    one = probability(fitted(1, steady(0.1)), 1.1)
    assert not one.edge
    assert one.note.startswith("Less often than without a signal: ")
    assert (one.lift or 1) < 0.6


def test_a_band_that_differs_from_its_type_answers_for_itself() -> None:
    calibration = fitted(1, lambda score: 0.3 if score < 1.25 else 0.8, days=400)
    assert not probability(calibration, 1.1).edge
    assert probability(calibration, 3.0).edge


def test_few_signals_shrink_to_the_base_rate() -> None:
    base = 0.3
    distance = []
    for n in (1, 5, 20, 100, 1000):
        all_hit = [Judged(FIRST + i * DAY, 1.1, True, 40, 12) for i in range(n)]
        calibration = fit(all_hit, HOUR, FIRST + n * DAY + HOUR, 1)
        distance.append(predict(calibration, 1.1) - base)
    assert distance == sorted(distance)
    assert distance[0] < 0.08
    assert distance[-1] > 0.65


def test_probabilities_never_fall_with_the_score() -> None:
    for seed in range(30):
        calibration = fitted(seed, lambda score: 0.6 / score)
        rates = [predict(calibration, 1 + i / 20) for i in range(40)]
        assert rates == sorted(rates)


def test_the_sign_of_a_score_does_not_matter() -> None:
    calibration = fitted(1, rising)
    for score in SCORES:
        assert probability(calibration, -score) == probability(calibration, score)


def test_no_probability_is_given_before_30_signals_on_10_days() -> None:
    few = [Judged(FIRST + i * DAY, 1.1, True, 40, 12) for i in range(29)]
    crowded = [Judged(FIRST + i * DAY // 4, 1.1, True, 40, 12) for i in range(36)]
    for outcomes in (few, crowded, []):
        one = probability(fit(outcomes, HOUR, NOW, 1), 1.1)
        assert (one.p, one.interval, one.edge, one.n_type) == (None, None, False, len(outcomes))
        assert one.note.startswith("Fewer than 30 judged signals of this type on 10 days")
    assert "(0 on 0 so far)" in probability(None, 1.1).note
    assert enough(fit([*few, Judged(NOW - HOUR, 1.1, False, 40, 12)], HOUR, NOW, 1))


def test_without_a_base_rate_no_probability_is_given() -> None:
    alone = [Judged(FIRST + i * DAY, 1.1, True, 0, 0) for i in range(40)]
    one = probability(fit(alone, HOUR, NOW, 1), 1.1)
    assert (one.p, one.edge) == (None, False)
    assert "base rate is not known" in one.note


def test_a_flat_calibration_gives_the_base_rate_and_says_why() -> None:
    calibration = msgspec.structs.replace(fitted(1, rising, days=400), flat=True)
    for score in SCORES:
        one = probability(calibration, score)
        assert (one.p, one.lift, one.edge) == (calibration.base_rate, 1.0, False)
    assert one.note.startswith("Not confirmed out of sample")


def test_only_what_was_known_then_is_learned() -> None:
    outcomes = judged(1, 100, rising)
    then = FIRST + 50 * DAY
    past = [one for one in outcomes if one.at + HOUR <= then]
    assert fit(outcomes, HOUR, then, 1) == fit(past, HOUR, then, 1)
    assert fit(past, HOUR, then, 1).newest == max(one.at for one in past)


def test_the_order_of_outcomes_does_not_matter_to_the_last_byte() -> None:
    outcomes = judged(1, 60, rising)
    outcomes += [msgspec.structs.replace(one, issued=0.4) for one in outcomes[:9]]
    first = msgspec.json.encode(fit(outcomes, HOUR, NOW, 1))
    for seed in range(5):
        random.Random(seed).shuffle(outcomes)
        assert msgspec.json.encode(fit(outcomes, HOUR, NOW, 1)) == first


def test_a_stored_calibration_says_the_same_as_a_fresh_one() -> None:
    calibration = fitted(1, rising)
    stored = msgspec.json.decode(msgspec.json.encode(calibration), type=Calibration)
    assert stored == calibration
    assert len(msgspec.json.encode(calibration)) < 1_000
