"""What goes wrong with a series: each function returns one that spoils a list of points."""

import math
from collections.abc import Callable, Iterator

import msgspec

from signals.detectors.base import MarketPoint, NewsPoint, ReadingPoint, SourceQuote
from tests.contract.series.generator import Point, Points

Spoil = Callable[[Points], Points]
replace = msgspec.structs.replace


def outlier(at: int, direction: int = 1) -> Spoil:
    """One absurd point: 1e12 (or its inverse), the edge of the scale of tones.

    Of several sources only the first is absurd.
    """
    huge = 1e12**direction

    def wrong(point: Point) -> Point:
        if isinstance(point, MarketPoint):
            return replace(point, price=huge, volume_24h=huge)
        if isinstance(point, NewsPoint):
            return replace(point, tone=float(direction))
        if isinstance(point, ReadingPoint):
            return replace(point, value=huge)
        first, *others = point.quotes
        return replace(point, quotes=(replace(first, price=huge), *others))

    return lambda points: [*points[:at], wrong(points[at]), *points[at + 1 :]]


def volume(at: int, value: float | None) -> Spoil:
    def spoil(points: Points) -> Points:
        point = points[at]
        if not isinstance(point, MarketPoint):
            return points
        return [*points[:at], replace(point, volume_24h=value), *points[at + 1 :]]

    return spoil


def gap(at: int, seconds: int) -> Spoil:
    """From `at` on, everything comes `seconds` later."""

    def later(point: Point) -> Point:
        if isinstance(point, MarketPoint | NewsPoint | ReadingPoint):
            return replace(point, time=point.time + seconds)
        quotes = (replace(one, observed_at=one.observed_at + seconds) for one in point.quotes)
        return replace(point, time=point.time + seconds, quotes=tuple(quotes))

    return lambda points: [*points[:at], *map(later, points[at:])]


def repeated(begin: int, end: int) -> Spoil:
    """Between `begin` and `end` nothing varies."""

    def still(like: Point, point: Point) -> Point:
        if isinstance(like, MarketPoint):
            return replace(like, time=point.time, market_return=0.0)
        if isinstance(like, ReadingPoint):
            return replace(like, time=point.time, common_return=0.0)
        return replace(like, time=point.time)

    def spoil(points: Points) -> Points:
        flat = [still(points[begin], point) for point in points[begin:end]]
        return [*points[:begin], *flat, *points[end:]]

    return spoil


def unusable(point: Point, signed: bool = False) -> Iterator[Point]:
    """The point with every value in it that cannot be one."""
    for bad in (math.nan, math.inf, -math.inf, *(() if signed else (0.0, -1.0))):
        if isinstance(point, MarketPoint):
            yield replace(point, price=bad)
        elif isinstance(point, ReadingPoint):
            yield replace(point, value=bad)
        elif isinstance(point, NewsPoint):
            yield replace(point, tone=bad - 2.0)
        else:
            quotes = (SourceQuote(one.source, bad, one.observed_at) for one in point.quotes)
            yield replace(point, quotes=tuple(quotes))
