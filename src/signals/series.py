"""What is new in a series, ready to be stepped over: stored rows become points with evidence."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import msgspec

from signals import market, source_market
from signals.detectors.base import (
    Input,
    MarketPoint,
    NewsPoint,
    ReadingPoint,
    SourceQuote,
    SourcesPoint,
)

MARKET = "market"  # the id of the series that the whole market is
SOURCES = "sources"  # that of what the sources say of all assets together
MARKET_NUMBER = 1 << 22  # behind every asset_no
NEWS_FRESH = 4 * 3600  # a story that was older when it was collected teaches, but is no news


class Observation(msgspec.Struct, frozen=True, array_like=True):
    """A stored price: time in epoch seconds, US dollars."""

    time: int
    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: int
    source: str


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A stored story about an asset: when published, when collected (its tick), its tone."""

    time: int
    tick: int
    tone: float
    source: str
    news_id: str


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A stored reading, in the unit of its kind."""

    time: int
    value: float
    source: str


class Item(NamedTuple):
    """A point, the tick at which it could be known, and the stored rows that it is made of."""

    point: Any
    tick: int
    inputs: Sequence[Any]
    fresh: bool = True


class Series(NamedTuple):
    """One series: its shard number and key, the asset it is about, and what is new in it.

    `name` is what a sentence calls it, where that is not the symbol.
    """

    number: int
    key: str
    asset_id: str
    symbol: str
    items: list[Item]
    name: str = ""


Inputs = dict[Input, list[Series]]


class Asset(NamedTuple):
    """The new rows of one asset; `prices` begins with the last one already seen."""

    number: int
    asset_id: str
    symbol: str
    prices: list[Observation]
    quotes: Sequence[tuple[int, list[SourceQuote]]] = ()  # tick, what each source said
    stories: Sequence[Told] = ()
    volumes: Mapping[int, Mapping[str, float]] = {}  # tick, what each source had for 24 h


def market_series(assets: Sequence[Asset], whole: market.Market) -> list[Series]:
    """Return the prices of every asset as points that carry the market's move."""
    made = []
    for one in assets:
        items: list[Item] = []
        previous: Observation | None = None
        for price in one.prices:
            move = whole.over(previous.time, price.time) if previous else None
            volume, before = price.volume_24h, None
            if previous and one.volumes:
                volume, before = _same_sources(one.volumes, previous.time, price.time)
            point = MarketPoint(
                price.time,
                price.price,
                volume,
                move.log_return if move else None,
                price.market_cap,
                move.dispersion if move else None,
                before,
            )
            items.append(Item(point, price.time, (price,)))
            previous = price
        made.append(Series(one.number, one.asset_id, one.asset_id, one.symbol, items))
    return made


def _same_sources(
    volumes: Mapping[int, Mapping[str, float]], before: int, after: int
) -> tuple[float | None, float | None]:
    """Return the median volume after and before, of the sources that told both."""
    was, now = volumes.get(before, {}), volumes.get(after, {})
    both = sorted(was.keys() & now.keys())
    if not both:
        return None, None
    return median(now[one] for one in both), median(was[one] for one in both)


def whole_market(levels: Iterable[market.Level]) -> Series:
    """Return the market itself as a series, so that a crash of everything is one event."""
    items = [
        Item(MarketPoint(one.time, market.index(one.level), None), one.time, (one,))
        for one in levels
    ]
    return Series(MARKET_NUMBER, MARKET, MARKET, MARKET.upper(), items)


def news_series(assets: Iterable[Asset]) -> list[Series]:
    """Return the stories of every asset that has any, in the order of publishing."""
    made = []
    for one in assets:
        if one.stories:
            items = [
                Item(
                    NewsPoint(story.time, story.tone, story.source),
                    story.tick,
                    one.stories[max(0, place - 9) : place + 1],
                    story.time > story.tick - NEWS_FRESH,
                )
                for place, story in enumerate(one.stories)
            ]
            made.append(Series(one.number, one.asset_id, one.asset_id, one.symbol, items))
    return made


def source_series(
    assets: Sequence[Asset], refused: Mapping[int, Sequence[str]] | None = None
) -> list[Series]:
    """Return what the sources said of every asset, tick by tick, and of all of them together.

    `quotes` of each asset begin with the last tick already seen. `refused` are the
    sources whose rows were mostly refused as too old, by tick. What is wrong with a source
    for most assets is told once, by the series of all of them.
    """
    points, troubled = source_market.whole([one.quotes for one in assets], refused or {})
    items = [Item(point, point.time, point.quotes) for point in points if point.quotes]
    everything = [Series(MARKET_NUMBER, SOURCES, MARKET, MARKET.upper(), items)] if items else []
    return [
        *(
            Series(
                one.number,
                one.asset_id,
                one.asset_id,
                one.symbol,
                [
                    Item(SourcesPoint(tick, tuple(said), troubled.get(tick, ())), tick, said)
                    for tick, said in one.quotes
                ],
            )
            for one in assets
            if one.quotes
        ),
        *everything,
    ]


def reading_series(rows: Iterable[tuple[Series, list[Read]]]) -> list[Series]:
    """Return readings as points that carry the common move of all series among `rows`.

    `rows` are series without items, of one kind, each with its readings: the
    last one already seen, then the new ones.
    """
    rows = list(rows)
    positive = [[(one.time, one.value) for one in read if one.value > 0] for _, read in rows]
    whole = market.Market([], market.moves(positive))
    made = []
    for series, read in rows:
        items: list[Item] = []
        previous: Read | None = None  # the last that had a value, as the detector's step has
        for one in read:
            move = whole.over(previous.time, one.time) if previous else None
            common = move.log_return if move else None
            items.append(Item(ReadingPoint(one.time, one.value, common), one.time, (one,)))
            previous = one if one.value > 0 else previous
        made.append(series._replace(items=items))
    return made


def inputs_of(
    assets: Sequence[Asset],
    readings: Mapping[str, Sequence[tuple[Series, list[Read]]]],
    refused: Mapping[int, Sequence[str]],
    known: Sequence[market.Level],
    last: market.Level | None,
) -> tuple[Inputs, list[market.Level]]:
    """Return everything that is new as series by input, and the market's new levels.

    `known` are stored levels that reach back to the first price of any asset, `last` the
    newest of all.
    """
    found = market.moves([(one.time, one.price) for one in asset.prices] for asset in assets)
    levels = market.levels(found, last)
    whole = market.Market([*known, *levels], found)
    inputs: Inputs = {
        "market": [*market_series(assets, whole), whole_market([*known, *levels])],
        "news": news_series(assets),
        "sources": source_series(assets, refused),
        "readings": [one for kind in readings.values() for one in reading_series(kind)],
    }
    return inputs, levels
