"""Which coins the depeg detector takes for pegged, and what it says of those that slip."""

import math

import pytest

from signals.claims import Step
from signals.detectors.base import Finding, MarketPoint
from signals.detectors.depeg import DETECTOR, State, explain, find, step
from signals.trigger import Change, Status

HOUR = 3600
START = 1_760_000_400


def points(prices: list[float], seconds: int = 900, start: int = START) -> list[MarketPoint]:
    return [MarketPoint(start + seconds * at, price, None) for at, price in enumerate(prices)]


def walk(prices: list[float], state: State | None = None, seconds: int = 900) -> list[float]:
    """Return the scores of prices that follow a state."""
    state = state or State()
    scores = []
    for point in points(prices, seconds, (state.time or START) + seconds):
        state, score = step(state, point)
        scores.append(score)
    return scores


def learned(prices: list[float]) -> State:
    state = State()
    for point in points(prices):
        state, _ = step(state, point)
    return state


CALM = [1.0005, 0.9995] * 150  # three days and a bit
PEGGED = learned(CALM)


def found(price: float, state: State = PEGGED) -> Finding:
    return find(state, MarketPoint(state.time + 900, price, None))


def test_three_calm_days_at_one_dollar_make_a_peg() -> None:
    assert PEGGED.pegged
    assert not learned(CALM[:288]).pegged
    assert DETECTOR.learning(learned(CALM[:288])) == 1
    assert DETECTOR.learning(PEGGED) == 0


def test_a_coin_that_is_worth_anything_else_has_no_peg() -> None:
    assert not learned([2 * price for price in CALM]).pegged
    assert set(walk([2.2], learned([2 * price for price in CALM]))) == {0.0}


def test_a_coin_that_crosses_one_dollar_has_no_peg() -> None:
    swinging = [math.exp(0.03 * math.sin(at / 40)) for at in range(2000)]
    assert not learned(swinging).pegged


def test_a_calm_coin_that_crosses_one_dollar_slowly_never_fires() -> None:
    for days in (3, 4, 6, 10):  # from one edge of the band to the other
        slow = [math.exp(-0.006 + 0.01 * at / (96 * days)) for at in range(96 * 30)]
        assert max(map(abs, walk(slow))) < 1


@pytest.mark.parametrize(("price", "direction"), [(0.97, "down"), (1.03, "up")])
def test_a_slip_of_three_percent_fires_at_once_in_its_direction(
    price: float, direction: str
) -> None:
    [score] = walk([price], PEGGED)
    assert abs(score) == pytest.approx(abs(math.log(price)) / 0.01)
    assert found(price).direction == direction


def test_less_than_one_percent_is_no_depeg_however_calm_the_coin_was() -> None:
    assert abs(walk([0.991], learned([1.0] * 300))[0]) < 1


def test_a_coin_that_wobbles_more_needs_more() -> None:
    wobbling = learned([1.002, 0.998] * 150)
    assert wobbling.pegged
    assert abs(walk([0.986], wobbling)[0]) < 1 <= abs(walk([0.97], wobbling)[0])


def test_a_slow_slide_fires_when_it_reaches_one_percent() -> None:
    scores = walk([math.exp(-0.012 * at / 96) for at in range(1, 97)], PEGGED)
    first = next(at for at, score in enumerate(scores) if score <= -1)
    assert math.exp(-0.012 * (first + 1) / 96) == pytest.approx(0.99, abs=0.0003)


def changes(prices: list[float]) -> list[tuple[int, Change]]:
    status, found = Status(), list[tuple[int, Change]]()
    scores = walk(prices, PEGGED)
    for at, score in enumerate(scores):
        status, change = DETECTOR.trigger.pull(status, START + 900 * at, score)
        if change:
            found.append((at, change))
    return found


def test_a_wick_of_one_point_fires_and_ends_with_the_cooldown() -> None:
    assert changes([1.0, 0.95, *[1.0] * 8]) == [(1, "fired"), (5, "ended")]


def test_a_depeg_ends_when_the_coin_is_back() -> None:
    assert changes([0.95] * 20 + [0.993] * 5 + [0.998] * 5) == [(0, "fired"), (25, "ended")]


def test_a_wrong_decimal_place_is_no_depeg_until_it_is_repeated() -> None:
    assert changes([10.0, 1.0, 1.0]) == []
    assert changes([0.1, 0.1]) == [(1, "fired")]


def test_a_peg_that_broke_for_good_is_forgotten_after_as_long_as_it_was_known() -> None:
    scores = walk([0.5] * 700, PEGGED)
    assert scores[1] < -1
    assert scores[-1] == 0.0
    assert changes([0.5] * 700)[-1][1] == "ended"


def test_a_gap_of_a_month_does_not_make_or_break_a_peg() -> None:
    month = 30 * 86_400
    one, _ = step(State(), MarketPoint(START, 1.0, None))
    assert not step(one, MarketPoint(START + month, 1.0, None))[0].pegged
    later = MarketPoint(PEGGED.time + month, 0.95, None)
    state, score = step(PEGGED, later)
    assert state.pegged
    assert score < -1


def test_the_sentence_gives_the_distance_now_and_before() -> None:
    assert explain("USDX", found(0.95)) == (
        "USDX is -5.0 % off its peg of one dollar, 82 times its usual 0.06 %; +0.0 % before"
    )


def test_the_claim_holds_while_half_of_the_distance_is_left() -> None:
    terms = {"off_peg": found(0.95).context["off_peg"]}
    before = Step(START, 0.95)
    judged = {
        price: DETECTOR.claim.measure(before, Step(START + HOUR, price), 0.001, HOUR, terms)
        for price in (0.90, 0.974, 0.976, 1.0, 1.03)
    }
    held = {price for price, one in judged.items() if one and one.value >= one.threshold}
    assert held == {0.90, 0.974, 1.03}
