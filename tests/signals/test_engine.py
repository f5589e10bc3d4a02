"""The engine over hand-made series: the market's move, the order of points, changed states."""

import math
from typing import Any

import msgspec
import pytest

from signals import engine
from signals.detectors.base import Detector, Finding, MarketPoint, Measured, NewsPoint, Statistic
from signals.engine import FEWEST_FOR_MARKET, Observation, Series, Told, market_moves


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """Every point that a detector was given."""

    time: int = 0
    points: tuple[Any, ...] = ()


def finding(value: float) -> Finding:
    return Finding("up", Measured("price", value, "USD"), 900, Statistic("it", value, 1.0), {})


def step(state: Seen, point: MarketPoint | NewsPoint) -> tuple[Seen, Finding | None]:
    """Remember the point; a price over 1,000 or a tone of 1 is an event."""
    value = point.price if isinstance(point, MarketPoint) else 1000 * point.tone
    return Seen(point.time, (*state.points, point)), finding(value) if value >= 1000 else None


MARKET = Detector("market", 1, "market", Seen, step, lambda symbol, _: symbol)
NEWS = Detector("news", 1, "news", Seen, step, lambda symbol, _: symbol)


def prices(*pairs: tuple[int, float]) -> list[Observation]:
    return [Observation(time, price, 1.0, time - 5, "coingecko") for time, price in pairs]


def series(number: int, *pairs: tuple[int, float], stories: list[Told] | None = None) -> Series:
    return Series(number, f"asset-{number}", f"A{number}", prices(*pairs), stories or [])


def test_the_markets_move_is_the_median_log_return_of_a_span() -> None:
    factors = [0.5, 0.9, 0.99, 1.0, 1.0, 1.01, 1.02, 1.1, 1.5, 9.0]
    moves = market_moves([series(n, (0, 10.0), (900, 10 * f)) for n, f in enumerate(factors)])
    assert moves == {(0, 900): pytest.approx((math.log(1.0) + math.log(1.01)) / 2)}


def test_too_few_assets_are_no_market() -> None:
    some = [series(n, (0, 10.0), (900, 11.0)) for n in range(FEWEST_FOR_MARKET - 1)]
    assert market_moves(some) == {}
    assert list(market_moves([*some, series(99, (0, 1.0), (900, 1.1))])) == [(0, 900)]


def test_spans_of_different_length_are_different_markets() -> None:
    quick = [series(n, (0, 10.0), (900, 11.0)) for n in range(10)]
    slow = [series(n, (0, 10.0), (1800, 12.0)) for n in range(10, 20)]
    moves = market_moves([*quick, *slow])
    assert moves == {
        (0, 900): pytest.approx(math.log(1.1)),
        (0, 1800): pytest.approx(math.log(1.2)),
    }


def test_a_point_carries_the_markets_move_over_its_own_step() -> None:
    many = [series(n, (900, 10.0), (1800, 11.0)) for n in range(10)]
    alone = series(99, (1000, 10.0), (1900, 5.0))
    _, changed = engine.run([MARKET], [*many, alone], {})
    first, second = changed["market"]["asset-3"].points
    assert (first.market_return, second.market_return) == (None, pytest.approx(math.log(1.1)))
    assert [p.market_return for p in changed["market"]["asset-99"].points] == [None, None]


def test_points_are_given_in_order_once_and_only_behind_the_state() -> None:
    known = {"market": {"asset-1": Seen(900, ())}}
    twice = series(1, (0, 1.0), (900, 2.0), (1800, 3.0), (1800, 3.5), (2700, 4.0))
    _, changed = engine.run([MARKET], [twice], known)
    points = changed["market"]["asset-1"].points
    assert [(point.time, point.price) for point in points] == [(1800, 3.0), (2700, 4.0)]


def test_only_changed_states_are_returned() -> None:
    known = {"market": {"asset-1": Seen(900, ()), "asset-2": Seen(900, ())}}
    _, changed = engine.run([MARKET], [series(1, (900, 1.0)), series(2, (1800, 1.0))], known)
    assert list(changed["market"]) == ["asset-2"]


def test_every_detector_has_its_own_states_and_reads_only_its_input() -> None:
    stories = [Told(10, 900, 0.5, "coindesk", "n1")]
    one = series(1, (900, 1.0), stories=stories)
    _, changed = engine.run([MARKET, NEWS], [one], {})
    assert [type(p) for p in changed["market"]["asset-1"].points] == [MarketPoint]
    assert changed["news"]["asset-1"].points == (NewsPoint(10, 0.5, "coindesk"),)


def test_a_price_finding_is_known_at_its_tick_and_rests_on_its_observation() -> None:
    one = series(1, (900, 5.0), (1800, 2000.0))
    found, _ = engine.run([MARKET], [one], {})
    assert [(f.tick, f.inputs, f.series) for f in found] == [(1800, prices((1800, 2000.0)), one)]


def test_a_news_finding_is_known_when_it_was_collected_and_rests_on_the_last_ten_stories() -> None:
    tones = [0.0] * 14 + [1.0]
    ticks = [900 if n < 9 else 1800 for n in range(15)]
    stories = [
        Told(tick - 9, tick, t, "x", f"n{n}")
        for n, (tick, t) in enumerate(zip(ticks, tones, strict=True))
    ]
    found, _ = engine.run([NEWS], [series(1, stories=stories)], {})
    assert [(f.tick, f.inputs) for f in found] == [(1800, stories[5:15])]


def test_a_story_that_was_old_when_it_was_collected_teaches_but_is_no_news() -> None:
    old = [Told(1_000 + n, 100_000, 1.0, "x", f"n{n}") for n in range(3)]
    found, states = engine.run([NEWS], [series(1, stories=old)], {})
    assert found == []
    assert set(states[NEWS.name]) == {"asset-1"}


def test_running_leaves_the_known_states_alone() -> None:
    known = {"market": {"asset-1": Seen(0, ())}}
    engine.run([MARKET], [series(1, (900, 1.0))], known)
    assert known == {"market": {"asset-1": Seen(0, ())}}
