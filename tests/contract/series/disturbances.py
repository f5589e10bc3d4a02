"""What goes wrong with a series: each function returns one that spoils a list of points."""

from collections.abc import Callable

import msgspec

from signals.detectors.base import MarketPoint, NewsPoint
from tests.contract.series.generator import Point, Points

Spoil = Callable[[Points], Points]


def outlier(at: int, direction: int = 1) -> Spoil:
    """One absurd point: 1e12 of a market (or its inverse), the edge of the scale of tones."""

    def spoil(points: Points) -> Points:
        point = points[at]
        if isinstance(point, MarketPoint):
            huge = 1e12**direction
            wrong: Point = msgspec.structs.replace(point, price=huge, volume_24h=huge)
        else:
            wrong = msgspec.structs.replace(point, tone=float(direction))
        return [*points[:at], wrong, *points[at + 1 :]]

    return spoil


def volume(at: int, value: float | None) -> Spoil:
    def spoil(points: Points) -> Points:
        point = points[at]
        if isinstance(point, NewsPoint):
            return points
        return [
            *points[:at],
            msgspec.structs.replace(point, volume_24h=value),
            *points[at + 1 :],
        ]

    return spoil


def gap(at: int, seconds: int) -> Spoil:
    """From `at` on, everything comes `seconds` later."""

    def spoil(points: Points) -> Points:
        later = [msgspec.structs.replace(p, time=p.time + seconds) for p in points[at:]]
        return [*points[:at], *later]

    return spoil


def repeated(begin: int, end: int) -> Spoil:
    """Between `begin` and `end` nothing varies."""

    def still(like: Point, point: Point) -> Point:
        if isinstance(like, MarketPoint):
            return msgspec.structs.replace(like, time=point.time, market_return=0.0)
        return msgspec.structs.replace(like, time=point.time)

    def spoil(points: Points) -> Points:
        flat = [still(points[begin], point) for point in points[begin:end]]
        return [*points[:begin], *flat, *points[end:]]

    return spoil
