"""The move of the whole market: what no single series can know.

The market's return over a span is the median log return of all assets that
stepped over it, its dispersion the median distance of theirs from it, per 15
minutes. Spans are matched by the quarter of an hour, because providers stamp
the same hour some seconds apart. The returns of consecutive spans add up to
the market's level, which is stored: later readers (an asset whose past is
loaded later, the judging of a signal) take the market's move from there.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import msgspec

QUARTER = 900
DIGITS = 12  # of levels and dispersions: a database gives back what it was given
FEWEST = 10  # assets without which "the market" means nothing

Span = tuple[int, int]  # quarters of an hour since the epoch


class Move(NamedTuple):
    """The market over a span: median log return, dispersion per 15 minutes, how many assets."""

    log_return: float
    dispersion: float
    assets: int


class Level(msgspec.Struct, frozen=True, array_like=True):
    """The market at a time (epoch seconds): the sum of its log returns since the beginning."""

    time: int
    level: float
    dispersion: float
    assets: int


def quarter(time: int) -> int:
    """Return the nearest quarter of an hour since the epoch; halves are rounded up, as in SQL."""
    return (time + QUARTER // 2) // QUARTER


def span(before: int, after: int) -> Span:
    """Return the span of two times, in quarters of an hour."""
    return quarter(before), quarter(after)


def moves(series: Iterable[Sequence[tuple[int, float]]]) -> dict[Span, Move]:
    """Return the move over every span that enough of the (time, price) series stepped over."""
    returns: dict[Span, list[float]] = {}
    for prices in series:
        for (before, old), (after, new) in pairwise(prices):
            move = math.log(new) - math.log(old)  # a quotient may be more than a float holds
            returns.setdefault(span(before, after), []).append(move)
    return {
        over: _move(over, values)
        for over, values in returns.items()
        if len(values) >= FEWEST and over[1] > over[0]
    }


def _move(over: Span, values: list[float]) -> Move:
    middle = median(values)
    away = median(abs(value - middle) for value in values)
    return Move(middle, away / math.sqrt(over[1] - over[0]), len(values))


def levels(found: Mapping[Span, Move], last: Level | None) -> list[Level]:
    """Return the levels that follow `last`; over a span that few stepped over it stands still."""
    new: list[Level] = []
    for (before, after), move in sorted(found.items(), key=lambda one: (one[0][1], -one[0][0])):
        start = quarter(last.time) if last else None
        if start is not None and (after <= start or before < start):
            continue
        if last is None or before > quarter(last.time):
            level = last.level if last else 0.0
            last = Level(before * QUARTER, level, round(move.dispersion, DIGITS), 0)
            new.append(last)
        level = round(last.level + move.log_return, DIGITS)
        last = Level(after * QUARTER, level, round(move.dispersion, DIGITS), move.assets)
        new.append(last)
    return new


def index(level: float) -> float:
    """Return the level as an index that began at 1,000."""
    return 1000 * math.exp(level)


class Market:
    """Answers what the market did over a span, from stored levels or from the batch at hand."""

    def __init__(self, known: Sequence[Level], found: Mapping[Span, Move]) -> None:
        self._found = found
        self._levels = {quarter(one.time): one for one in known}

    def over(self, before: int, after: int) -> Move | None:
        """Return the move between two times; None when too few assets say."""
        start, end = span(before, after)
        one, other = self._levels.get(start), self._levels.get(end)
        if one and other:
            return Move(other.level - one.level, other.dispersion, other.assets)
        return self._found.get((start, end))
