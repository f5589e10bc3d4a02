"""What the price detector makes of the market, of hours and drifts, of bad ticks and new units."""

import math
import random

import msgspec
import pytest

from signals.detectors.base import Finding, MarketPoint
from signals.detectors.price_anomaly import DETECTOR, PARAMS, State, explain, find, step

LEARNED = State(time=900_000, at=900_000, price=100.0, cap=1e9, scale=0.002, slow=0.002, seen=100)
HOUR = 3600


def after(
    log_return: float, *, market: float | None = 0.0, seconds: int = 900, cap: float | None = None
) -> MarketPoint:
    price = 100 * math.exp(log_return)
    return MarketPoint(LEARNED.time + seconds, price, None, market, cap)


def found(point: MarketPoint, state: State = LEARNED) -> Finding | None:
    _, score = step(state, point)
    return find(state, point) if abs(score) >= 1 else None


def walk(points: list[MarketPoint], state: State = LEARNED) -> tuple[State, list[float]]:
    scores = []
    for point in points:
        state, score = step(state, point)
        scores.append(score)
    return state, scores


def noisy(count: int, seed: int = 1, sigma: float = 0.002) -> list[MarketPoint]:
    """Points with noise of their own, and a market that this asset follows twofold."""
    rng = random.Random(seed)
    level, points = 0.0, []
    for index in range(1, count + 1):
        market = rng.gauss(0, 0.003)
        level += 2 * market + rng.gauss(0, sigma)
        price = 100 * math.exp(level)
        points.append(MarketPoint(LEARNED.time + 900 * index, price, None, market, None, 0.002))
    return points


def test_a_move_that_the_whole_market_makes_is_no_anomaly() -> None:
    assert found(after(-0.1, market=-0.1)) is None
    assert found(after(-0.1, market=0.0)) is not None


def test_an_asset_that_stands_still_while_the_market_falls_goes_up() -> None:
    finding = found(after(0.0, market=-0.1))
    assert finding is not None
    assert (finding.direction, finding.measured.value) == ("up", 0.0)
    assert finding.context["market_log_return"] == -0.1


def test_an_asset_that_follows_the_market_twofold_is_known_to_after_some_days() -> None:
    points = noisy(600)
    state, _ = walk(points)
    last = points[-1]
    crash = MarketPoint(last.time + 900, last.price * math.exp(-0.2), None, -0.1, None, 0.002)
    assert found(crash, state) is None
    assert find(state, crash).context["beta"] == pytest.approx(2, abs=0.15)
    alone = msgspec.structs.replace(crash, market_return=0.0)
    assert found(alone, state) is not None


def test_without_a_market_the_whole_move_is_the_assets_own() -> None:
    finding = found(after(0.1, market=None))
    assert finding is not None
    assert finding.context["market_log_return"] == 0.0


def test_the_statistic_is_the_own_return_in_robust_sigmas() -> None:
    finding = found(after(0.1, market=0.02))
    assert finding is not None
    assert finding.statistic.value == pytest.approx(0.08 / (1.2533 * LEARNED.scale))
    assert finding.context["own_sigma"] == pytest.approx(1.2533 * LEARNED.scale)


def test_a_longer_step_has_the_noise_of_its_length() -> None:
    short, long = found(after(0.1)), found(after(0.1, seconds=HOUR))
    assert short is not None
    assert long is not None
    assert long.statistic.value == pytest.approx(short.statistic.value / 2)
    assert long.window_seconds == HOUR


def test_an_hour_of_the_day_that_is_usually_wild_needs_a_wilder_move() -> None:
    wild = tuple(3000 if hour == 10 else 1000 for hour in range(24))
    state = msgspec.structs.replace(LEARNED, hours=wild)
    at_ten = after(0.03, seconds=900)
    assert at_ten.time % 86400 // HOUR == 10
    assert found(at_ten) is not None
    assert found(at_ten, state) is None


def test_a_restless_market_raises_the_bar_for_everybody() -> None:
    state = msgspec.structs.replace(LEARNED, restless=0.002)
    point = after(0.03)
    assert found(msgspec.structs.replace(point, dispersion=0.002), state) is not None
    assert found(msgspec.structs.replace(point, dispersion=0.006), state) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_move_that_is_large_only_for_a_very_quiet_asset_is_no_signal(sign: int) -> None:
    quiet = msgspec.structs.replace(LEARNED, scale=1e-5)
    assert found(after(sign * (PARAMS.smallest_step - 1e-6)), quiet) is None
    assert found(after(sign * (PARAMS.smallest_step + 1e-6)), quiet) is not None


def test_a_move_over_hours_in_ordinary_steps_is_found_as_a_drift() -> None:
    state, _ = walk(noisy(300))
    point = noisy(300)[-1]
    shape = None
    for _ in range(20):
        move = math.exp(0.005)
        point = MarketPoint(point.time + 900, point.price * move, None, 0.0, None, 0.002)
        finding = found(point, state)
        state, _ = step(state, point)
        if finding:
            shape = (finding.labels["shape"], finding.direction, finding.window_seconds // HOUR)
            break
    assert shape is not None
    assert shape[:2] == ("drift", "up")
    assert 1 <= shape[2] <= 6


def test_a_jump_is_not_told_again_as_a_drift() -> None:
    state, _ = walk(noisy(300))
    last = noisy(300)[-1]
    jump = MarketPoint(last.time + 900, last.price * 1.1, None, 0.0, None, 0.002)
    still = [MarketPoint(jump.time + 900 * n, jump.price, None, 0.0) for n in range(1, 40)]
    _, scores = walk([jump, *still], state)
    assert scores[0] >= 1
    assert max(map(abs, scores[2:])) < 0.8
    assert abs(scores[24]) < DETECTOR.trigger.rearm


def test_a_move_over_a_gap_is_no_signal_and_teaches_nothing() -> None:
    point = after(0.5, seconds=PARAMS.longest_gap + 1)
    state, score = step(LEARNED, point)
    assert score == 0
    expected = msgspec.structs.replace(
        LEARNED, time=point.time, at=point.time, price=point.price, cap=None
    )
    assert state == expected


@pytest.mark.parametrize("price", [0.0, -1.0, math.inf, math.nan])
def test_a_price_that_is_none_changes_nothing(price: float) -> None:
    state, score = step(LEARNED, MarketPoint(LEARNED.time + 900, price, None))
    assert state is LEARNED
    assert score == 0


@pytest.mark.parametrize("factor", [1e12, 1e-12, 5.0, 0.2])
def test_one_bad_tick_is_forgotten_with_the_next_good_one(factor: float) -> None:
    bad = MarketPoint(LEARNED.time + 900, 100 * factor, None, 0.0)
    good = [MarketPoint(LEARNED.time + 900 * n, 100.1, None, 0.0) for n in range(2, 5)]
    state, scores = walk([bad, *good])
    assert max(map(abs, scores)) < 1
    clean, _ = walk(good)
    assert state.scale == pytest.approx(clean.scale, rel=0.1)
    jump = MarketPoint(LEARNED.time + 900 * 5, 108.0, None, 0.0)
    assert step(state, jump)[1] >= 1


def test_a_move_to_a_fifth_that_lasts_is_told_one_tick_late() -> None:
    crash = [MarketPoint(LEARNED.time + 900 * n, 20.0, None, 0.0) for n in (1, 2, 3)]
    state, scores = walk(crash[:1])
    assert scores == [0]
    finding = find(state, crash[1])
    _, late = walk(crash[1:], state)
    assert late[0] <= -1
    assert abs(late[1]) < 1
    assert finding.measured.value == pytest.approx(math.log(0.2))
    assert finding.window_seconds == 1800


def test_a_new_unit_with_the_same_market_cap_is_no_event_at_all() -> None:
    points = [after(math.log(1 / 1000), cap=1e9), after(math.log(1 / 1000) + 0.001, seconds=1800)]
    state, scores = walk(points)
    assert scores[0] == 0
    assert max(map(abs, scores)) < 1
    assert state.scale == pytest.approx(0.002, rel=0.02)
    assert state.price == points[1].price


@pytest.mark.parametrize("factor", [1e-3, 1e3, 100.0])
def test_a_power_of_ten_that_lasts_is_a_new_unit_even_without_a_market_cap(factor: float) -> None:
    points = [after(math.log(factor), seconds=900 * n) for n in (1, 2, 3)]
    state, scores = walk(points)
    assert scores == [0, 0, 0]
    assert state.price == points[-1].price
    jump = MarketPoint(points[-1].time + 900, points[-1].price * 1.08, None, 0.0)
    assert step(state, jump)[1] >= 1


def test_the_sentence_gives_the_move_and_the_markets_in_percent() -> None:
    finding = found(after(math.log(1.061), market=math.log(1.003)))
    assert finding is not None
    assert explain("BTC", finding) == (
        "BTC +6.1 % in 15 min, 22.4 σ of its own noise after removing the market's +0.3 %"
    )
