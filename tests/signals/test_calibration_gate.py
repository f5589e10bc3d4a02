"""The gate: what is held out, the embargo, and which calibration passes."""

import random

import msgspec
import pytest

from signals.calibration import Calibration, Judged, predict
from signals.calibration_fit import fit
from signals.calibration_gate import FEWEST_TEST, HELD_OUT, Decision, gate
from signals.calibration_stats import brier
from tests.signals.judged import DAY, FIRST, HOUR, NOW, judged, steady


def rising(score: float) -> float:
    return 0.35 if score < 1.25 else 0.5 if score < 1.75 else 0.7


def falling(score: float) -> float:
    return 1 - rising(score)


def daily(hits: list[bool]) -> list[Judged]:
    return [Judged(FIRST + i * DAY, 1.1, hit, 40, 12) for i, hit in enumerate(hits)]


def test_a_calibration_that_beats_the_base_rate_is_used_fitted_to_everything() -> None:
    outcomes = judged(1, 100, rising)
    decision = gate(None, outcomes, HOUR, NOW, 7)
    assert decision.accepted
    assert decision.calibration == fit(outcomes, HOUR, NOW, 7)
    assert (decision.brier_new or 1) < (decision.brier_base or 0)
    assert decision.brier_current is None
    assert decision.n_test == pytest.approx(HELD_OUT * len(outcomes), abs=1)


def test_the_scores_are_those_of_a_candidate_that_saw_only_the_older_part() -> None:
    outcomes = sorted(judged(1, 100, rising), key=lambda one: one.at)
    decision = gate(None, outcomes, HOUR, NOW, 7)
    test = outcomes[-decision.n_test :]
    train = [one for one in outcomes if one.at + HOUR <= test[0].at]
    candidate = fit(train, HOUR, test[0].at, 7)
    hits = [one.hit for one in test]
    new = brier([predict(candidate, one.score) for one in test], hits)
    base = brier([candidate.base_rate] * len(test), hits)
    assert decision.n_train == len(train)
    assert (decision.brier_new, decision.brier_base) == (round(new, 6), round(base, 6))


def test_an_edge_that_has_gone_does_not_pass() -> None:
    outcomes = daily([True] * 70 + [False] * 30)
    decision = gate(None, outcomes, HOUR, NOW, 1)
    assert not decision.accepted
    assert (decision.brier_new or 0) > (decision.brier_base or 1)
    assert "no better than the base rate" in decision.why


def test_where_nothing_passed_the_base_rate_is_used_with_the_counts_so_far() -> None:
    outcomes = daily([True] * 70 + [False] * 30)
    calibration = gate(None, outcomes, HOUR, NOW, 1).calibration
    assert (calibration.flat, calibration.n, calibration.hits) == (True, 100, 70)
    assert predict(calibration, 1.1) == calibration.base_rate


def test_a_calibration_that_is_worse_than_the_one_in_use_is_refused() -> None:
    current = fit(judged(1, 400, rising), HOUR, FIRST + 400 * DAY, 3)
    later = judged(2, 30, falling, first=FIRST + 401 * DAY)
    back = judged(3, 20, rising, first=FIRST + 432 * DAY)
    decision = gate(current, later + back, HOUR, NOW, 4)
    assert not decision.accepted
    assert decision.calibration is current
    assert (decision.brier_new or 0) > (decision.brier_current or 1)


def test_a_calibration_that_is_better_than_the_one_in_use_replaces_it() -> None:
    old = judged(1, 100, falling)
    current = fit(old, HOUR, FIRST + 101 * DAY, 3)
    later = judged(2, 100, rising, first=FIRST + 102 * DAY)
    decision = gate(current, old + later, HOUR, NOW, 4)
    assert decision.accepted
    assert decision.calibration.version == 4
    assert (decision.brier_new or 1) < (decision.brier_current or 0)


def test_the_one_in_use_is_only_compared_on_what_came_after_it_was_made() -> None:
    outcomes = sorted(judged(1, 100, rising), key=lambda one: one.at)
    made = outcomes[-39].at
    current = fit(outcomes, HOUR, made, 3)
    refused = gate(current, outcomes, HOUR, NOW, 4)
    assert refused.why == "only 39 judged signals since version 3, 40 are needed"
    assert (refused.accepted, refused.calibration, refused.n_test) == (False, current, 0)
    earlier = fit(outcomes, HOUR, outcomes[-60].at, 3)
    assert gate(earlier, outcomes, HOUR, NOW, 4).n_test == 30


def test_a_flat_one_in_use_is_none() -> None:
    outcomes = judged(1, 100, rising)
    flat = msgspec.structs.replace(fit(outcomes, HOUR, NOW, 3), flat=True)
    assert gate(flat, outcomes, HOUR, NOW, 4) == gate(None, outcomes, HOUR, NOW, 4)


@pytest.mark.parametrize("horizon", [HOUR, 4 * HOUR, DAY])
def test_an_embargo_of_one_horizon_lies_between_training_and_test(horizon: int) -> None:
    """Signals an hour apart: those whose window reaches into the test are left out."""
    outcomes = [Judged(FIRST + i * HOUR, 1.1, i % 3 == 0, 40, 12) for i in range(200)]
    decision = gate(None, outcomes, horizon, NOW, 1)
    assert decision.n_test == 60
    assert decision.n_train == 200 - 60 - (horizon // HOUR - 1)


def test_signals_of_one_moment_are_not_parted() -> None:
    outcomes = [Judged(FIRST + i // 25 * DAY, 1.1, i % 3 == 0, 40, 12) for i in range(100)]
    decision = gate(None, outcomes, HOUR, NOW, 1)
    assert (decision.n_train, decision.n_test) == (50, 50)


def test_at_least_twenty_signals_are_held_out_and_thirty_learned_from() -> None:
    hits = [i % 3 == 0 for i in range(50)]
    assert gate(None, daily(hits), HOUR, NOW, 1).n_test == FEWEST_TEST
    for n, why in ((49, "only 29 judged signals before"), (19, "only 19 judged"), (0, "only 0")):
        decision = gate(None, daily(hits[:n]), HOUR, NOW, 1)
        assert decision.why.startswith(why)
        assert (decision.accepted, decision.calibration.flat) == (False, True)
        assert decision.calibration.n == n


def test_what_happens_later_does_not_change_the_decision_of_today() -> None:
    outcomes = judged(1, 200, rising)
    today = FIRST + 100 * DAY
    past = [one for one in outcomes if one.at + HOUR <= today]
    future = [one for one in outcomes if one.at + HOUR > today]
    current = fit(past, HOUR, FIRST + 40 * DAY, 1)
    decision = gate(current, past, HOUR, today, 2)
    assert decision.n_test > 0
    for seed in range(5):
        random.Random(seed).shuffle(future)
        hits = [one.hit for one in future]
        random.Random(seed).shuffle(hits)
        other = [
            msgspec.structs.replace(one, hit=hit) for one, hit in zip(future, hits, strict=True)
        ]
        assert gate(current, past + other, HOUR, today, 2) == decision


def test_the_order_of_outcomes_does_not_matter_to_the_last_byte() -> None:
    outcomes = judged(1, 100, rising)
    first = msgspec.json.encode(gate(None, outcomes, HOUR, NOW, 1))
    for seed in range(5):
        random.Random(seed).shuffle(outcomes)
        assert msgspec.json.encode(gate(None, outcomes, HOUR, NOW, 1)) == first
    assert msgspec.json.decode(first, type=Decision).accepted


def run(seed: int, truth: float) -> Calibration:
    """A month of daily decisions."""
    outcomes = judged(seed, 90, steady(truth))
    current: Calibration | None = None
    for day in range(60, 90):
        current = gate(current, outcomes, HOUR, FIRST + day * DAY, day).calibration
    assert current is not None
    return current


def test_daily_decisions_stay_near_the_truth() -> None:
    for seed in range(10):
        assert predict(run(seed, 0.3), 1.1) == pytest.approx(0.3, abs=0.1)
        assert predict(run(seed, 0.7), 1.1) == pytest.approx(0.7, abs=0.1)
