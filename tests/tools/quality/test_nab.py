"""The benchmark's rules, on series small enough to score by hand."""

import math
from typing import Any

import pytest

from signals import surprise
from tools.quality import nab

# 20 points, the first 3 of them free; a window over points 10 to 13.
ROW = {"name": "a", "ts": list(range(0, 2000, 100)), "v": [0.0] * 20, "windows": [[1000, 1300]]}


def answer(**at: float) -> dict[str, Any]:
    """Scores that are 0 except at the points named p<index>."""
    return {"scores": [at.get(f"p{index}", 0.0) for index in range(20)]}


def figures(
    found: dict[str, Any], row: dict[str, Any] = ROW, threshold: float = 0.5, fitted: bool = False
) -> dict[str, dict[str, Any]]:
    lines = nab.score([row], [found], threshold)
    return {line["profile"]: line for line in lines if line["fitted"] == fitted}


def sigmoid(place: float) -> float:
    return 2 / (1 + math.exp(5 * place)) - 1


def test_an_alarm_at_the_start_of_the_window_is_perfect() -> None:
    for line in figures(answer(p10=0.9)).values():
        assert (line["score"], line["windows_hit"], line["false_points"]) == (100.0, 1, 0)


def test_never_alarming_is_0() -> None:
    for line in figures(answer()).values():
        assert (line["score"], line["windows_hit"]) == (0.0, 0)


def test_a_late_alarm_earns_less() -> None:
    # Half of what can be had is for not missing the window; two thirds where misses count twice.
    late = sigmoid(-1 / 4) / sigmoid(-1)
    found = figures(answer(p13=0.9))
    assert found["standard"]["score"] == pytest.approx(50 + 50 * late, abs=0.01)
    assert found["low_FN"]["score"] == pytest.approx(200 / 3 + 100 / 3 * late, abs=0.01)


def test_only_the_best_alarm_of_a_window_counts() -> None:
    assert figures(answer(p11=0.9, p12=0.8, p13=0.9)) == figures(answer(p11=0.9))


def test_every_false_point_costs_and_twice_where_they_matter_more() -> None:
    found = figures(answer(p4=0.6, p5=0.7, p10=0.9))
    assert found["standard"]["score"] == 100 - 100 * 2 * 0.11 / 2
    assert found["low_FP"]["score"] == 100 - 100 * 2 * 0.22 / 2
    assert found["standard"]["false_points"] == 2


def test_a_false_point_close_after_a_window_costs_less() -> None:
    found = figures(answer(p10=0.9, p14=0.9))
    assert found["standard"]["score"] == pytest.approx(100 + 50 * 0.11 * sigmoid(1 / 3), abs=0.01)


def test_the_beginning_is_free() -> None:
    assert figures(answer(p0=1.0, p2=1.0, p10=0.9)) == figures(answer(p10=0.9))
    assert figures(answer(p3=1.0, p10=0.9))["standard"]["false_points"] == 1


def test_a_window_in_the_free_beginning_can_earn_nothing() -> None:
    row = {**ROW, "windows": [[0, 100], [1000, 1300]]}
    # Of 3 that a perfect detector would have: the reward of two windows, the miss of one.
    assert figures(answer(p10=0.9), row)["standard"]["score"] == pytest.approx(66.67)


def test_the_frozen_threshold_includes_its_own_score_and_no_lower_one() -> None:
    found = answer(p5=0.4, p10=0.5)
    assert figures(found)["standard"]["score"] == 100
    assert figures(found, threshold=0.4)["standard"]["score"] == 94.5
    assert figures(found, threshold=0.6)["standard"]["score"] == 0


def test_the_fitted_threshold_is_the_one_that_earns_most() -> None:
    found = figures(answer(p5=0.3, p10=0.2, p6=0.1), threshold=0.9, fitted=True)
    assert (found["standard"]["threshold"], found["standard"]["score"]) == (0.2, 94.5)


def test_a_missed_window_costs_nothing_but_its_reward_in_another_series() -> None:
    other = {**ROW, "name": "b", "windows": [[500, 700], [1500, 1700]]}
    lines = list(nab.score([ROW, other], [answer(p10=0.9), answer(p15=0.9)]))
    assert lines[0]["score"] == pytest.approx(200 / 3, abs=0.01)
    assert (lines[0]["windows_hit"], lines[0]["windows"]) == (2, 3)


def test_a_series_without_windows_only_costs() -> None:
    quiet = {**ROW, "windows": []}
    assert figures(answer(p9=0.9), quiet)["standard"]["score"] == 0.0
    line = next(nab.score([ROW, quiet], [answer(p10=0.9), answer(p9=0.9)]))
    assert line["score"] == 94.5


def test_a_repeated_time_belongs_to_its_first_point() -> None:
    times = [*range(0, 1100, 100), 1000, *range(1100, 1900, 100)]
    found = figures(answer(p10=0.9), {**ROW, "ts": times})
    assert found["standard"]["score"] == 100


def test_the_predictions_are_the_products_scores_point_by_point() -> None:
    values = [math.sin(at) for at in range(400)] + [9.0, 0.0]
    row = {"ts": list(range(402)), "v": values}
    (found,) = nab.predict([row])
    state = surprise.State()
    for time, (value, score) in enumerate(zip(values, found["scores"], strict=True)):
        state, expected = surprise.step(state, time, value)
        assert score == round(expected, 6)
    assert found["scores"][400] >= surprise.THRESHOLD
