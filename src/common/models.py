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


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """A price under the name that a source has for the asset; collection.symbols makes it a Quote.

    `key` is the source's own id of the asset, `address` "chain:contract" with
    the chain's CoinGecko name. Units as in Quote.
    """

    key: str
    symbol: str
    name: str | None
    address: str | None
    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: int


class Address(msgspec.Struct, frozen=True, array_like=True):
    """A token contract of an asset: "chain:contract", the chain by its CoinGecko name."""

    address: str
    asset_id: str


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """One value of a kind (common.readings) that is not an asset's price.

    `key` is unique within source and kind. `figures` change with the value,
    `about` describes the thing and hardly ever changes. Epoch seconds.
    """

    kind: str
    key: str
    name: str
    value: float
    observed_at: int
    figures: dict[str, float | str] = {}
    about: dict[str, str] = {}


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
    """One news item as a feed gave it; `published_at` in epoch seconds.

    `publisher` is who wrote it when the source is an aggregator, `votes` what
    its readers said of it, by name.
    """

    news_id: str
    title: str
    url: str
    summary: str
    published_at: int
    published_is_estimated: bool
    language: str | None
    publisher: str | None = None
    votes: dict[str, int] | None = None


Parsable = Quote | Listing | Address | Reading | HistoryPoint | GlobalMarket | Story


class Parsed(msgspec.Struct, frozen=True):
    """What a payload held: the usable rows, and how many were skipped for which reason.

    `parse` accounts for every row of a payload: len(rows) + skipped.total().
    """

    rows: list[Parsable]
    skipped: Counter[str]
