"""What the pump detector makes of price and flow, together and alone, and of broken points."""

import math
import random
from collections.abc import Iterable

import msgspec
import pytest

from signals.claims import Step
from signals.detectors.base import MarketPoint
from signals.detectors.pump import DETECTOR, PARAMS, State, find, learning, stage, step
from signals.flow_features import FlowPoint, Point, Usual, buy_share, flow_of, thinness

START = 1_700_000_000
QUIET = 300


def walk(state: State, points: Iterable[Point]) -> tuple[State, list[float]]:
    scores = []
    for point in points:
        state, score = step(state, point)
        scores.append(score)
    return state, scores


def quiet_bars(unit: float = 1.0, price: float = 100.0) -> list[FlowPoint]:
    """Quarter-minute bars of a thin market: every second one without a trade."""
    rng = random.Random(5)
    bars = []
    for index in range(QUIET):
        price *= math.exp(rng.gauss(0, 0.0005))
        trades = rng.choice((0, 0, 0, 1, 2, 5))
        volume = unit * trades * rng.uniform(1, 20)
        bars.append(FlowPoint(START + 15 * index, price, volume, volume / 2, trades))
    return bars


BARS = quiet_bars()
LEARNED = walk(State(), BARS)[0]
LAST = BARS[-1]


def bar(rise: float, trades: float | None, *, after: int = 15, volume: float = 900.0) -> FlowPoint:
    return FlowPoint(LAST.time + after, LAST.price * math.exp(rise), volume, None, trades)


def quiet_ticks(volume: float = 1e7, price: float = 2.0) -> list[MarketPoint]:
    rng = random.Random(6)
    ticks = []
    for index in range(QUIET):
        price *= math.exp(rng.gauss(0, 0.006))
        day = volume * (1 + rng.gauss(0, 0.002))
        ticks.append(MarketPoint(START + 900 * index, price, day, 0.0))
    return ticks


TICKS = quiet_ticks()
TICKED = walk(State(), TICKS)[0]


def tick(rise: float, flow: float, *, market: float | None = 0.0) -> MarketPoint:
    """The next tick, after 15 minutes with `flow` times the day's average."""
    last = TICKS[-1]
    volume = (last.volume_24h or 0.0) * (1 + (flow - 1) / 96)
    return MarketPoint(last.time + 900, last.price * math.exp(rise), volume, market)


def score_of(point: Point) -> float:
    return step(LEARNED if isinstance(point, FlowPoint) else TICKED, point)[1]


def test_a_rise_with_many_trades_is_a_pump() -> None:
    assert score_of(bar(0.1, 300)) > 1


def test_a_rise_with_the_flow_of_a_quarter_of_an_hour_is_a_pump() -> None:
    assert score_of(tick(0.2, 30)) > 1


@pytest.mark.parametrize("jump", [bar(0.15, 3), bar(0.15, 0), tick(0.15, 1), tick(0.15, 0.2)])
def test_a_jump_without_flow_scores_nothing(jump: Point) -> None:
    assert score_of(jump) == 0


@pytest.mark.parametrize("spike", [bar(0.0005, 500), tick(0.006, 40)])
def test_flow_without_more_than_a_usual_rise_is_no_pump(spike: Point) -> None:
    assert 0 <= score_of(spike) < 0.5


@pytest.mark.parametrize("fall", [bar(-0.1, 300), tick(-0.2, 30)])
def test_a_fall_scores_nothing(fall: Point) -> None:
    assert score_of(fall) == 0


def test_a_rise_that_the_whole_market_makes_scores_nothing() -> None:
    assert score_of(tick(0.2, 30, market=0.2)) == pytest.approx(0, abs=1e-9)
    assert score_of(tick(0.2, 30, market=None)) > 1


def test_a_rise_within_a_minute_counts_whole() -> None:
    first = bar(0.03, 300)
    state, alone = step(LEARNED, first)
    second = bar(0.06, 300, after=30)
    assert step(state, second)[1] > alone > 0


def test_trades_are_what_tells_one_large_order_from_a_crowd() -> None:
    assert score_of(bar(0.1, 2, volume=1e6)) == 0
    assert score_of(bar(0.1, 300, volume=0.0)) == score_of(bar(0.1, 300))


def test_without_trades_the_volume_counts() -> None:
    bars = [msgspec.structs.replace(one, trades=None) for one in BARS]
    state = walk(State(), bars)[0]
    assert step(state, bar(0.1, None, volume=30_000))[1] > 1
    assert step(state, bar(0.1, None, volume=30))[1] == 0


def test_a_figure_that_was_not_learned_scores_nothing() -> None:
    state, score = step(LEARNED, bar(0.1, None, volume=1e6))
    assert score == 0
    assert (state.usual.steps, state.usual.counted) == (1, False)


def test_a_usual_flow_of_few_steps_is_no_measure() -> None:
    young = msgspec.structs.replace(LEARNED.usual, steps=PARAMS.learn // 2 - 1)
    assert step(msgspec.structs.replace(LEARNED, usual=young), bar(0.1, 300))[1] == 0


def test_units_of_price_and_volume_do_not_matter() -> None:
    scores = []
    for unit, price in ((1.0, 100.0), (1e9, 1e-7)):
        bars = [msgspec.structs.replace(one, trades=None) for one in quiet_bars(unit, price)]
        up = FlowPoint(LAST.time + 15, bars[-1].price * 1.1, 30_000 * unit)
        scores.append(walk(State(), [*bars, up])[1][-1])
    assert scores[0] == pytest.approx(scores[1], rel=1e-6)


def test_a_move_counts_more_on_a_thin_market() -> None:
    assert thinness(0) == thinness(1e7) == 1
    assert thinness(1e8) == pytest.approx(0.75)
    assert (thinness(1e3), thinness(1e6), thinness(1e9), thinness(1e12)) == (1.25, 1.25, 0.5, 0.5)
    scores = []
    for volume in (1e5, 1e10):
        ticks = quiet_ticks(volume)
        last = ticks[-1]
        up = MarketPoint(last.time + 900, last.price * 1.2, (last.volume_24h or 0) * 1.3, 0.0)
        scores.append(walk(State(), [*ticks, up])[1][-1])
    assert scores[0] == pytest.approx(2.5 * scores[1])


def test_the_flow_of_a_tick_is_what_the_rolling_volume_gained_over_yesterday() -> None:
    doubled = flow_of(MarketPoint(START, 1.0, 97.0), 96.0, 900)
    assert doubled is not None
    assert doubled.log == pytest.approx(math.log(2))
    less = flow_of(MarketPoint(START, 1.0, 50.0), 96.0, 900)
    assert less is not None
    assert less.log == 0
    assert flow_of(MarketPoint(START, 1.0, 97.0), 0.0, 900) is None


def test_nothing_scores_while_learning_and_the_next_point_may() -> None:
    state, left = State(), []
    for point in TICKS[: PARAMS.learn + 1]:
        left.append(learning(state))
        state = step(state, point)[0]
    assert left == [PARAMS.learn, *range(PARAMS.learn, 0, -1)]
    assert learning(state) == 0
    for count, scores in ((PARAMS.learn, False), (PARAMS.learn + 1, True)):
        last = TICKS[count - 1]
        up = MarketPoint(last.time + 900, last.price * 1.3, (last.volume_24h or 0) * 1.4, 0.0)
        assert (walk(State(), [*TICKS[:count], up])[1][-1] > 0) is scores


@pytest.mark.parametrize("price", [0.0, -1.0, math.nan, math.inf, -math.inf])
def test_a_point_without_a_price_changes_nothing(price: float) -> None:
    assert step(LEARNED, FlowPoint(LAST.time + 15, price, 1e6, None, 500)) == (LEARNED, 0.0)
    assert step(State(), FlowPoint(START, price, 1.0)) == (State(), 0.0)


@pytest.mark.parametrize("seconds", [0, -15, -86400])
def test_a_point_that_comes_again_or_too_late_changes_nothing(seconds: int) -> None:
    assert step(LEARNED, bar(0.1, 300, after=seconds)) == (LEARNED, 0.0)


def test_after_a_long_gap_prices_are_compared_anew() -> None:
    late = bar(0.2, 300, after=PARAMS.longest_gap + 1)
    state, score = step(LEARNED, late)
    assert score == 0
    assert (state.level, state.usual, state.seen) == (
        math.log(late.price), LEARNED.usual, LEARNED.seen,
    )  # fmt: skip
    assert step(LEARNED, bar(0.2, 300, after=PARAMS.longest_gap))[1] > 1


@pytest.mark.parametrize("factor", [1e12, 1e-12])
def test_a_pump_right_after_one_absurd_price_and_its_return_is_found(factor: float) -> None:
    absurd = msgspec.structs.replace(bar(0, 3), price=LAST.price * factor)
    back, up = bar(0, 3, after=30), bar(0.1, 300, after=45)
    scores = walk(LEARNED, [absurd, back, up])[1]
    calm = walk(LEARNED, [bar(0, 3), back, up])[1]
    assert scores[:2] == [0, 0]
    assert scores[2] == pytest.approx(calm[2], rel=0.1)


@pytest.mark.parametrize("volume", [1e12, 1e300])
def test_an_absurd_flow_makes_no_pump_of_a_usual_price_and_is_soon_forgotten(
    volume: float,
) -> None:
    state, score = step(LEARNED, bar(0.001, volume))
    assert score < 1
    assert step(state, bar(0.101, 300, after=30))[1] > 1
    started = walk(State(), [bar(0, volume, after=-QUIET * 15), *BARS])[0]
    assert step(started, bar(0.1, 300))[1] > 1


def test_a_price_that_never_moved_still_needs_a_percent_or_so() -> None:
    still = [msgspec.structs.replace(one, price=100.0) for one in BARS]
    state, scores = walk(State(), still)
    assert set(scores) == {0.0}
    assert state.noise == 0
    for rise, fires in ((0.003, False), (0.05, True)):
        up = FlowPoint(LAST.time + 15, 100 * math.exp(rise), 900.0, None, 300)
        assert (step(state, up)[1] >= 1) is fires


@pytest.mark.parametrize("flow", [None, 0.0, -5.0, math.nan, math.inf])
def test_a_flow_that_is_not_known_scores_nothing_and_teaches_nothing(flow: float | None) -> None:
    last = TICKS[-1]
    for state, point in (
        (LEARNED, FlowPoint(LAST.time + 15, LAST.price * 1.1, flow, None, flow)),
        (TICKED, MarketPoint(last.time + 900, last.price * 1.2, flow, 0.0)),
    ):
        after, score = step(state, point)
        assert score == 0
        assert after.usual == state.usual
        assert after.time == point.time


def test_a_market_without_any_trade_never_learns_a_usual_flow() -> None:
    silent = [FlowPoint(START + 15 * index, 100.0, 0.0, 0.0, 0.0) for index in range(QUIET)]
    state = walk(State(), silent)[0]
    assert state.usual == Usual()
    assert step(state, FlowPoint(START + 15 * QUIET, 120.0, 9.0, 9.0, 900.0))[1] == 0


@pytest.mark.parametrize(
    ("buys", "volume", "share"),
    [(30.0, 40.0, 0.75), (50.0, 40.0, 1.0), (-1.0, 40.0, 0.0), (1.0, 0.0, None),
     (None, 40.0, None), (1.0, None, None), (math.nan, 40.0, None)],
)  # fmt: skip
def test_the_share_of_buyers_stays_a_share(
    buys: float | None, volume: float | None, share: float | None
) -> None:
    point = msgspec.structs.replace(bar(0.1, 300), buys=buys, volume=volume)
    assert buy_share(point) == share
    assert find(LEARNED, point).context.get("buy_share") == share
    assert score_of(point) == score_of(bar(0.1, 300))


@pytest.mark.parametrize(
    ("given_back", "growing", "expected"),
    [(0.0, True, "building"), (0.09, True, "building"), (0.0, False, "peak"),
     (0.1, True, "peak"), (0.3, False, "peak"), (0.34, True, "fading"), (1.0, False, "fading")],
)  # fmt: skip
def test_the_stage_tells_how_much_of_the_rise_is_left(
    given_back: float, growing: bool, expected: str
) -> None:
    assert stage(given_back, growing) == expected


def test_a_rise_that_is_met_on_its_way_down_is_called_fading() -> None:
    top = walk(LEARNED, [bar(0.3, 400), bar(0.05, 300, after=600)])[0]
    again = bar(0.12, 300, after=615)
    assert step(top, again)[1] > 1
    assert find(top, again).labels == {"stage": "fading"}
    assert find(LEARNED, bar(0.1, 300)).labels == {"stage": "building"}
    grown = step(LEARNED, bar(0.1, 3000))[0]
    assert find(grown, bar(0.2, 300, after=30)).labels == {"stage": "peak"}


def test_the_finding_has_the_numbers_of_the_score() -> None:
    point = tick(math.log(1.2), 30, market=0.01)
    found = find(TICKED, point)
    assert found.direction == "up"
    assert found.window_seconds == 900
    assert found.measured.value == pytest.approx(math.log(1.2))
    assert found.context["own_log_return"] == pytest.approx(math.log(1.2) - 0.01)
    assert found.context["given_back"] == 0
    assert found.context["rise"] >= found.measured.value
    assert 20 < found.context["flow_over_usual"] <= 30
    assert found.statistic.value / found.statistic.threshold == pytest.approx(score_of(point))


def test_the_sentence_tells_move_flow_stage_and_score() -> None:
    found = find(TICKED, tick(math.log(1.2), 30))
    rise = math.expm1(found.context["rise"]) * 100
    assert DETECTOR.explain("ABC", found) == (
        f"ABC +20.0 % in 15 min at {found.context['flow_over_usual']:.0f}× its usual flow,"
        f" +{rise:.1f} % since its start (building):"
        f" pump score {found.statistic.value:.1f}, told from 2.5 on"
    )


@pytest.mark.parametrize("points", [BARS, TICKS], ids=["bars", "ticks"])
def test_a_state_that_was_stored_goes_on_as_if_it_had_not_been(points: list[Point]) -> None:
    expected, state, largest = walk(State(), points)[0], State(), 0
    for point in points:
        text = msgspec.json.encode(step(state, point)[0])
        state, largest = msgspec.json.decode(text, type=State), max(largest, len(text))
    assert state == expected
    assert largest <= 300


@pytest.mark.parametrize(("left", "kept"), [(0.49, True), (0.51, False)])
def test_the_claim_is_that_half_of_the_rise_is_given_back(left: float, kept: bool) -> None:
    rise = 0.2
    before = Step(START, 100 * math.exp(rise), None)
    after = Step(START + 3600, 100 * math.exp(rise * left), None)
    measure = DETECTOR.claim.measure(before, after, 0.01, 3600, {"rise": rise})
    assert measure is not None
    assert (measure.value >= measure.threshold) is kept
    assert set(DETECTOR.claim.terms) <= set(find(LEARNED, bar(0.1, 300)).context)
