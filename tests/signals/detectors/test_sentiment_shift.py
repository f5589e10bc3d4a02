"""What the sentiment detector makes of few stories, of old ones and of late ones."""

import pytest

from signals.detectors.base import Finding, NewsPoint
from signals.detectors.sentiment_shift import PARAMS, State, explain, step

HOUR = 3600
START = 900_000
CALM = tuple((n - 30, 0.0) for n in range(3))  # what a baseline needs at least


def walk(*stories: tuple[float, float]) -> tuple[State, list[Finding]]:
    """Step over stories as (hours, tone); return the last state and what was found."""
    state, found = State(), []
    for hours, tone in stories:
        state, finding = step(state, NewsPoint(START + round(hours * HOUR), tone, "coindesk"))
        if finding is not None:
            found.append(finding)
    return state, found


def test_a_clear_turn_takes_four_stories_inside_the_window() -> None:
    assert walk(*CALM, *((n, -0.8) for n in range(3)))[1] == []
    (finding,) = walk(*CALM, *((n, -0.8) for n in range(4)))[1]
    assert (finding.direction, finding.context["stories"]) == ("down", 4.0)
    assert walk(*CALM, *((3 * n, -0.8) for n in range(4)))[1] == []


def test_without_a_baseline_there_is_nothing_to_turn_from() -> None:
    assert walk(*CALM[1:], *((n, -0.8) for n in range(4)))[1] == []


def test_a_turn_is_told_once_and_the_turn_back_as_well() -> None:
    _, found = walk(
        *CALM, *((n / 4, -0.8) for n in range(12)), *((10 + n / 4, 0.9) for n in range(12))
    )
    assert [one.direction for one in found] == ["down", "up"]


def test_a_story_is_learned_when_it_leaves_the_window_and_not_before() -> None:
    inside, _ = walk((0, 0.7), (3.9, 0.1))
    left, _ = walk((0, 0.7), (4.1, 0.1))
    assert (inside.tone, inside.seen, len(inside.recent)) == (0.0, 0, 2)
    assert (left.tone, left.seen, len(left.recent)) == (0.7 / (PARAMS.prior_stories + 1), 1, 1)


def test_a_late_story_neither_raises_nor_turns_back_the_time() -> None:
    state, _ = walk((10, 0.1), (3, 0.2))
    assert state.time == START + 10 * HOUR


def test_the_sentence_gives_the_tone_the_baseline_and_the_sigmas() -> None:
    (finding,) = walk(*CALM, *((n, -0.8) for n in range(4)))[1]
    assert finding.statistic.value == pytest.approx(-0.8 / (1.2533 * 0.2 / 2))
    assert explain("BTC", finding) == (
        "BTC news tone -0.80 over 4 stories in 4 h, 6.4 σ below its baseline of +0.00"
    )
