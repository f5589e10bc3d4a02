"""A past that is handed out as it became known: tick by tick, forwards, each thing once."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from signals import market
from signals.claims import Step
from signals.engine import Fired
from signals.series import NEWS_FRESH, Asset, Read, Series
from signals.signal import ConsensusInputs

Row = TypeVar("Row")
Timed = TypeVar("Timed", Step, market.Level)
Agreed = Mapping[tuple[str, int], ConsensusInputs]  # by asset and tick
Readings = tuple[Series, list[Read]]  # a series without items, and readings of it


class History(NamedTuple):
    """Everything that is known of the past, in any order.

    `readings` are by kind, `refused` the sources whose answers were too old, by tick.
    `agreed` tells what the prices of record were made of where something fired.
    """

    assets: Sequence[Asset]
    readings: Mapping[str, Sequence[Readings]] = {}
    refused: Mapping[int, Sequence[str]] = {}
    agreed: Callable[[Sequence[Fired]], Agreed] = lambda _: {}


def on_market(step: Step, level_at: Mapping[int, float]) -> Step:
    """Return a step of a path with the market's level at its time, from levels by their time."""
    level = level_at.get(market.quarter(step.time) * market.QUARTER)
    return Step(step.time, step.value, step.volume_24h, level)


def between(steps: Sequence[Timed], since: int, until: int) -> Sequence[Timed]:
    """Return the part of ascending steps from `since` to `until`, both included."""
    first = bisect_left(steps, since, key=lambda one: one.time)
    return steps[first : bisect_right(steps, until, first, key=lambda one: one.time)]


class Past(Generic[Row]):
    """Rows, and up to where they were handed out. `known` says when a row became known."""

    def __init__(self, rows: Iterable[Row], known: Callable[[Row], int]) -> None:
        self._rows = sorted(rows, key=known)
        self._times = [known(row) for row in self._rows]
        self._place = 0

    def times(self) -> list[int]:
        """Return when anything became known."""
        return self._times

    def new(self, tick: int, *, with_last: bool = False, since: int | None = None) -> list[Row]:
        """Return what is new at `tick`, behind the last row before it if that is asked for.

        With `since`, behind all rows before it that became known after that time.
        """
        start, times = self._place, self._times
        while self._place < len(times) and times[self._place] <= tick:
            self._place += 1
        if start == self._place:
            return []
        first = max(0, start - with_last)
        if since is not None:
            first = bisect_right(times, since, 0, start)
        return self._rows[first : self._place]


class ReadingsPast:
    """The readings of one series."""

    def __init__(self, series: Series, readings: Iterable[Read]) -> None:
        self._series = series
        self._readings = Past(readings, lambda one: one.time)

    def times(self) -> list[int]:
        """Return when anything became known."""
        return self._readings.times()

    def new(self, tick: int) -> Readings | None:
        """Return what is new at `tick`, behind the last one before it; None: nothing."""
        found = self._readings.new(tick, with_last=True)
        return (self._series, found) if found else None


class AssetPast:
    """The prices, quotes and stories of one asset."""

    def __init__(self, asset: Asset) -> None:
        self._asset = asset
        self._prices = Past(asset.prices, lambda one: one.time)
        self._quotes = Past(asset.quotes, lambda one: one[0])
        self._stories = Past(asset.stories, lambda one: one.tick)
        self._priced = False

    def times(self) -> list[int]:
        """Return when anything became known."""
        return self._prices.times() + self._quotes.times() + self._stories.times()

    def new(self, tick: int, before: int) -> Asset | None:
        """Return what is new at `tick`; None: nothing. `before` is the tick before it.

        Prices and quotes behind the last before it, stories behind those of the last hours.
        What is told of an asset before it has a price is told of nothing that is watched.
        """
        prices = self._prices.new(tick, with_last=True)
        quotes = self._quotes.new(tick, with_last=True)
        stories = self._stories.new(tick, since=before - NEWS_FRESH)
        self._priced = self._priced or bool(prices)
        if not self._priced or not (prices or quotes or stories):
            return None
        stories.sort(key=lambda one: (one.tick, one.time, one.news_id))
        return self._asset._replace(prices=prices, quotes=quotes, stories=stories)
