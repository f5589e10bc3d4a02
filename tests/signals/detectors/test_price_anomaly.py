"""What the price detector makes of the market, of gaps and of a move that goes on."""

import math

import msgspec
import pytest

from signals.detectors.base import Finding, MarketPoint
from signals.detectors.price_anomaly import PARAMS, State, explain, step

LEARNED = State(time=900_000, price=100.0, scale=0.002, seen=100)


def after(log_return: float, *, market: float | None = 0.0, seconds: int = 900) -> MarketPoint:
    price = 100 * math.exp(log_return)
    return MarketPoint(LEARNED.time + seconds, price, None, market)


def found(point: MarketPoint, state: State = LEARNED) -> Finding | None:
    return step(state, point)[1]


def test_a_move_that_the_whole_market_makes_is_no_anomaly() -> None:
    assert found(after(-0.1, market=-0.1)) is None
    assert found(after(-0.1, market=0.0)) is not None


def test_an_asset_that_stands_still_while_the_market_falls_goes_up() -> None:
    finding = found(after(0.0, market=-0.1))
    assert finding is not None
    assert (finding.direction, finding.measured.value) == ("up", 0.0)
    assert finding.context["market_log_return"] == -0.1


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
    short, long = found(after(0.1)), found(after(0.1, seconds=3600))
    assert short is not None
    assert long is not None
    assert long.statistic.value == pytest.approx(short.statistic.value / 2)
    assert long.window_seconds == 3600


@pytest.mark.parametrize("sign", [1, -1])
def test_a_move_that_is_large_only_for_a_very_quiet_asset_is_no_signal(sign: int) -> None:
    quiet = msgspec.structs.replace(LEARNED, scale=1e-5)
    assert found(after(sign * (PARAMS.smallest - 1e-6)), quiet) is None
    assert found(after(sign * (PARAMS.smallest + 1e-6)), quiet) is not None


def test_a_move_over_a_gap_is_no_signal_and_teaches_nothing() -> None:
    point = after(0.5, seconds=PARAMS.longest_gap + 1)
    state, finding = step(LEARNED, point)
    assert finding is None
    assert state == msgspec.structs.replace(LEARNED, time=point.time, price=point.price)


def test_a_move_that_goes_on_is_told_once() -> None:
    state, first = step(LEARNED, after(0.1))
    _, second = step(state, after(0.2, seconds=1800))
    assert first is not None
    assert second is None


def test_the_sentence_gives_the_move_and_the_markets_in_percent() -> None:
    finding = found(after(math.log(1.061), market=math.log(1.003)))
    assert finding is not None
    assert explain("BTC", finding) == (
        "BTC +6.1 % in 15 min, 22.4 σ of its own noise after removing the market's +0.3 %"
    )
