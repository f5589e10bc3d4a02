"""What passes between the stages: plain frozen Structs, units in the docstrings."""

from collections import Counter

import msgspec


class Quote(msgspec.Struct, frozen=True, array_like=True):
    """The state of one asset at one source: prices in US dollars, times in epoch seconds."""

    asset_id: str
    symbol: str
    name: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: int


class HistoryPoint(msgspec.Struct, frozen=True, array_like=True):
    """A past price of an asset: US dollars, 24 h volume in US dollars, epoch seconds."""

    asset_id: str
    timestamp: int
    price: float
    volume_24h: float | None
    market_cap: float | None


class GlobalMarket(msgspec.Struct, frozen=True, array_like=True):
    """The whole market at one source: US dollars, dominance and change in percent."""

    total_market_cap: float | None
    total_volume: float | None
    btc_dominance: float | None
    market_cap_change_24h: float | None


class Story(msgspec.Struct, frozen=True):
    """One news item as a feed gave it; `published_at` in epoch seconds."""

    news_id: str
    title: str
    url: str
    summary: str
    published_at: int
    published_is_estimated: bool
    language: str | None


Parsable = Quote | HistoryPoint | GlobalMarket | Story


class Parsed(msgspec.Struct, frozen=True):
    """What a payload held: the usable rows, and how many were skipped for which reason.

    `parse` accounts for every row of a payload: len(rows) + skipped.total().
    """

    rows: list[Parsable]
    skipped: Counter[str]
