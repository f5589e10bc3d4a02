"""Scores of pump alerts on cases small enough to count by hand, and the way from bars to alerts."""

import random
from typing import Any

import pytest

from tools.quality.pumps import judge, predict, score

EVENT = 2000  # of bars of 15 seconds
MINUTE, HOUR = 4, 240


def row(events: list[int], bars: int = 5760) -> dict[str, Any]:
    return {"step": 15, "px": [1.0] * bars, "events": events}


@pytest.mark.parametrize(("late", "seconds"), [(0, 0), (-8, -120), (8, 120), (1, 15)])
def test_an_alert_within_two_minutes_finds_the_event(late: int, seconds: int) -> None:
    assert judge([EVENT + late], [EVENT], 15) == ([seconds], 0)


@pytest.mark.parametrize("late", [9, -9, -15 * MINUTE, 4 * HOUR])
def test_an_alert_while_the_coin_is_in_play_is_neither_right_nor_wrong(late: int) -> None:
    assert judge([EVENT + late], [EVENT], 15) == ([], 0)


@pytest.mark.parametrize("late", [-15 * MINUTE - 1, 4 * HOUR + 1])
def test_any_other_alert_is_false(late: int) -> None:
    assert judge([EVENT + late], [EVENT], 15) == ([], 1)


def test_alerts_in_the_first_four_hours_do_not_count() -> None:
    assert judge([0, 959], [], 15) == ([], 0)
    assert judge([960], [], 15) == ([], 1)


def test_an_alert_too_soon_after_another_is_not_heard() -> None:
    assert judge([EVENT - 119, EVENT], [EVENT], 15) == ([], 1)
    assert judge([EVENT - 120, EVENT], [EVENT], 15) == ([0], 1)


def test_an_event_is_found_once() -> None:
    assert judge([EVENT, EVENT + 2 * MINUTE], [EVENT], 15) == ([0], 0)
    assert judge([EVENT], [EVENT, EVENT + 1], 15) == ([0], 0)


def test_scores_are_taken_over_all_markets() -> None:
    rows = [row([EVENT]), row([EVENT, 4000]), row([])]
    alerts = [[EVENT + 1], [EVENT], [3000, 3100, 4000]]
    scores = list(score(rows, [{"alerts": one} for one in alerts]))
    assert scores == [
        {
            "set": "pump",
            "precision": 0.5,
            "recall": 0.667,
            "f1": 0.571,
            "events": 3,
            "false_per_market_day": 0.8,  # two in three times 20 hours
            "median_delay_s": 15,
        }
    ]


def test_without_alerts_there_is_no_delay() -> None:
    (scores,) = score([row([EVENT])], [{"alerts": []}])
    assert (scores["f1"], scores["median_delay_s"], scores["false_per_market_day"]) == (0, None, 0)


def pumped(at: list[int], bars: int = 3000) -> dict[str, Any]:
    """A thin market whose price rises by a tenth with hundreds of trades at some bars."""
    rng = random.Random(11)
    trades = [rng.choice((0, 0, 1, 3)) for _ in range(bars)]
    prices = [1e-6 * (1 + rng.uniform(-0.001, 0.001)) for _ in range(bars)]
    for index in at:
        trades[index] = 400
        prices[index] *= 1.1
    volume = [0.01 * n for n in trades]
    return {"t0": 1_600_000_000.0, "step": 15, "px": prices, "vol": volume, "buy": volume,
            "n": trades, "rush": trades, "events": at}  # fmt: skip


def test_predictions_are_the_bars_at_which_the_detector_fires() -> None:
    assert predict([pumped([1500]), pumped([])]) == [{"alerts": [1500]}, {"alerts": []}]


def test_predictions_are_half_an_hour_apart() -> None:
    rows = [pumped([1500, 1530, 1560, 1700])]
    assert predict(rows) == [{"alerts": [1500, 1700]}]
    assert [one["f1"] for one in score([pumped([1500])], predict([pumped([1500])]))] == [1.0]


def test_what_comes_later_does_not_change_an_alert() -> None:
    whole = pumped([1500, 2500])
    part = {key: one[:2000] if isinstance(one, list) else one for key, one in whole.items()}
    assert predict([part]) == [{"alerts": [1500]}]
