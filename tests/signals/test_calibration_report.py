"""The report against values worked out by hand."""

import random

import msgspec
import pytest

from signals.calibration import Judged
from signals.calibration_fit import fit
from signals.calibration_report import FEWEST_ISSUED, Report, reliability, report
from signals.calibration_stats import wilson
from tests.signals.judged import DAY, FIRST, HOUR, NOW, judged


def rising(score: float) -> float:
    return 0.35 if score < 1.25 else 0.5 if score < 1.75 else 0.7


def issued(pairs: list[tuple[float, bool]]) -> list[Judged]:
    """One signal a day with the probability it was published with."""
    return [
        Judged(FIRST + i * DAY, 1.1, hit, 40, 10, value=float(i), issued=p)
        for i, (p, hit) in enumerate(pairs)
    ]


# 20 signals at 0.8 of which 16 hit, 20 at 0.2 of which 6 hit.
PAIRS = [(0.8, i < 16) for i in range(20)] + [(0.2, i < 6) for i in range(20)]


def test_brier_and_skill_are_those_of_the_probabilities_that_were_issued() -> None:
    outcomes = issued(PAIRS)
    calibration = msgspec.structs.replace(fit(outcomes, HOUR, NOW, 1), base_rate=0.5)
    told = report(outcomes, calibration)
    expected = (16 * 0.04 + 4 * 0.64 + 6 * 0.64 + 14 * 0.04) / 40
    assert (told.basis, told.n_scored) == ("issued", 40)
    assert told.brier == pytest.approx(expected)
    assert told.brier_base == 0.25
    assert told.skill == pytest.approx(1 - expected / 0.25)


def test_the_reliability_curve_sets_the_share_against_the_probability() -> None:
    outcomes = issued(PAIRS)
    low, high = reliability([p for p, _ in PAIRS], outcomes, rho=0.5)
    assert (low.p, low.share, low.n) == (0.2, 0.3, 20)
    assert (high.p, high.share, high.n) == (0.8, 0.8, 20)
    assert high.interval == pytest.approx(wilson(0.8, 20), abs=1e-6)


def test_a_probability_of_one_is_in_the_last_bin() -> None:
    (only,) = reliability([1.0, 0.95], issued([(1.0, True), (0.95, False)]), rho=0.5)
    assert (only.p, only.share, only.n) == (0.975, 0.5, 2)


def test_before_probabilities_were_issued_the_fit_stands_in_and_is_named() -> None:
    outcomes = issued(PAIRS)
    few = [
        one if i < FEWEST_ISSUED - 1 else msgspec.structs.replace(one, issued=None)
        for i, one in enumerate(outcomes)
    ]
    told = report(few, fit(few, HOUR, NOW, 1))
    assert (told.basis, told.n_scored) == ("fitted", 40)
    enough = [*few, *issued([(0.5, True)])]
    told = report(enough, fit(enough, HOUR, NOW, 1))
    assert (told.basis, told.n_scored) == ("issued", FEWEST_ISSUED)


def test_share_lift_and_values_are_those_of_all_judged_signals() -> None:
    outcomes = issued(PAIRS)
    calibration = fit(outcomes, HOUR, NOW, 1)
    told = report(outcomes, calibration)
    assert (told.n, told.hits, told.days, told.share) == (40, 22, 40, 0.55)
    assert told.lift == pytest.approx(0.55 / calibration.base_rate, abs=1e-6)
    assert told.interval == pytest.approx(wilson(0.55, 40), abs=1e-6)
    assert told.values == {"0.05": 1.95, "0.25": 9.75, "0.5": 19.5, "0.75": 29.25, "0.95": 37.05}


def test_hits_are_told_by_band_of_the_score() -> None:
    scores = [1.0, 1.24, -1.25, 1.5, 1.75, -9.0, 2.0]
    outcomes = [Judged(FIRST + i * DAY, score, i != 1, 40, 10) for i, score in enumerate(scores)]
    told = report(outcomes, fit(outcomes, HOUR, NOW, 1)).bands
    assert [(band.low, band.n, band.hits) for band in told] == [
        (1.0, 2, 1), (1.25, 2, 2), (1.75, 3, 3),
    ]  # fmt: skip


def test_a_report_of_nothing_says_nothing() -> None:
    told = report([], fit([], HOUR, NOW, 1))
    assert (told.n, told.share, told.brier, told.skill, told.values) == (0, None, None, None, {})


def test_good_probabilities_have_skill_and_bad_ones_have_less_than_none() -> None:
    outcomes = judged(1, 300, rising)
    calibration = fit(outcomes, HOUR, NOW, 1)
    good = [msgspec.structs.replace(one, issued=rising(abs(one.score))) for one in outcomes]
    bad = [msgspec.structs.replace(one, issued=1 - rising(abs(one.score))) for one in outcomes]
    assert (report(good, calibration).skill or 0) > 0.05
    assert (report(bad, calibration).skill or 0) < -0.05


def test_the_order_of_outcomes_does_not_matter_to_the_last_byte() -> None:
    outcomes = judged(1, 100, rising)
    calibration = fit(outcomes, HOUR, NOW, 1)
    first = msgspec.json.encode(report(outcomes, calibration))
    for seed in range(5):
        random.Random(seed).shuffle(outcomes)
        assert msgspec.json.encode(report(outcomes, calibration)) == first
    assert msgspec.json.decode(first, type=Report).n == len(outcomes)
