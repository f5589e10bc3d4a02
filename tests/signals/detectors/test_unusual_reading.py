"""What the detector of readings makes of fees, backlogs and figures of any unit."""

import math
import random

import pytest

from signals.claims import Step
from signals.detectors.base import ReadingPoint
from signals.detectors.unusual_reading import DETECTOR, LEARN, State, explain, find, step

START = 1_760_000_400
STEP = 900


def fees(count: int, seed: int = 3) -> list[float]:
    """Fees around 12 that go up and down with the day, and noise."""
    rng = random.Random(seed)
    return [12 + 3 * math.sin(n / 96 * math.tau) + rng.gauss(0, 0.8) for n in range(count)]


def walk(values: list[float], state: State | None = None) -> tuple[State, list[float]]:
    state = state or State()
    begin = state.time or START
    scores = []
    for number, value in enumerate(values, 1):
        state, score = step(state, ReadingPoint(begin + STEP * number, value))
        scores.append(score)
    return state, scores


LEARNED, _ = walk(fees(800))


@pytest.mark.parametrize(("value", "side"), [(60.0, 1), (-20.0, -1)])
def test_a_value_unlike_any_before_is_found_with_its_side(value: float, side: int) -> None:
    _, (score,) = walk([value], LEARNED)
    assert score * side >= 1


def test_an_ordinary_value_is_none() -> None:
    _, scores = walk(fees(100, seed=4), LEARNED)
    assert max(map(abs, scores)) < 1


@pytest.mark.parametrize(("scale", "offset"), [(1024.0, 0.0), (-0.5, 0.0)])
def test_unit_and_sign_do_not_matter(scale: float, offset: float) -> None:
    values = [*fees(400), 60.0, *fees(20)]
    _, expected = walk(values)
    _, scores = walk([value * scale + offset for value in values])
    assert [abs(one) for one in scores] == [abs(one) for one in expected]


@pytest.mark.parametrize("absurd", [1e12, -1e12, 1e300])
def test_one_absurd_value_is_forgotten_with_the_next(absurd: float) -> None:
    state, scores = walk([absurd, 12.0], LEARNED)
    assert scores[0] == 0
    assert abs(scores[1]) < 1
    assert walk([60.0], state)[1][0] >= 1


def test_an_absurd_value_that_lasts_is_told_one_reading_late() -> None:
    _, scores = walk([5000.0, 5100.0], LEARNED)
    assert scores[0] == 0
    assert scores[1] >= 1


def test_a_first_value_in_the_wrong_unit_does_not_blind_it() -> None:
    state, _ = walk([1e12, *fees(400)])
    assert walk([60.0], state)[1][0] >= 1


def test_it_learns_for_a_day_and_a_half_of_quarter_hours() -> None:
    state, scores = walk([*fees(LEARN - 1), 60.0])
    assert scores == [0.0] * LEARN
    assert DETECTOR.learning(state) == 0


def test_find_leaves_the_state_as_it_was() -> None:
    point = ReadingPoint(LEARNED.time + STEP, 60.0)
    first = find(LEARNED, point)
    assert find(LEARNED, point) == first
    assert first.context["usual"] == pytest.approx(12, abs=2)


def test_the_claim_holds_while_it_is_half_as_far_from_the_usual() -> None:
    terms = {"usual": 10.0, "away": 40.0}
    before = Step(START, 50.0)
    for value, held in ((31.0, True), (29.0, False), (-50.0, False)):
        judged = DETECTOR.claim.measure(before, Step(START + 3600, value), 0.01, 3600, terms)
        assert judged is not None
        assert (judged.value >= judged.threshold) is held


def test_the_sentence_gives_the_value_the_usual_one_and_how_much_it_rests_on() -> None:
    told = explain("Bitcoin fee", find(LEARNED, ReadingPoint(LEARNED.time + STEP, 60.0)))
    assert told.startswith("Bitcoin fee at 60, usually ")
    assert "unlike anything in 800 readings (surprise 0." in told
