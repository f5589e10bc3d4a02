"""Shapes of /dashboard: one of each view, and what the two have together."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from api.shapes.analytics import Market
from api.shapes.common import Age, Count, Fraction, Moment, Signal, Tone, Usd
from api.shapes.market_data import ListedAsset


class Source(msgspec.Struct, forbid_unknown_fields=True):
    """How a source is."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    last_success: Moment | None
    age_seconds: Age | None
    attribution: str
    attribution_url: str


class Beyond(msgspec.Struct, forbid_unknown_fields=True):
    """A number that is no price, from one source."""

    kind: str
    value: float
    unit: str
    label: str | None
    observed_at: Moment
    age_seconds: Age
    source: str
    attribution: str
    attribution_url: str


class Overview(msgspec.Struct, forbid_unknown_fields=True):
    """The market and everything that is new.

    `sparklines` are prices by asset id, the oldest first: the last of each half hour of a
    day, kept short without their times.
    """

    tick: Moment | None
    origin: str
    sources: list[Source]
    market: Market | None
    assets: list[ListedAsset]
    sparklines: dict[str, list[float]]
    beyond: list[Beyond]
    signals: list[Signal]
    signals_24h: Count


class Agreed(msgspec.Struct, forbid_unknown_fields=True):
    """How the price came about: sources used with their prices, others with the reason."""

    used: dict[str, float]
    rejected: dict[str, str]
    spread: Fraction | None


class SourcePrice(msgspec.Struct, forbid_unknown_fields=True):
    """What one source said."""

    source: str
    price: Usd
    volume_24h: Usd | None
    market_cap: Usd | None
    observed_at: Moment
    age_seconds: Age
    attribution: str
    attribution_url: str


class Prices(msgspec.Struct, forbid_unknown_fields=True):
    """What each source said at the asset's newest tick; no consensus of one source alone."""

    age_seconds: Age
    consensus: Agreed | None
    sources: list[SourcePrice]


class Story(msgspec.Struct, forbid_unknown_fields=True):
    """A story that mentions the asset."""

    title: str
    url: str
    source: str
    published_at: Moment
    age_seconds: Age
    sentiment: Tone | None
    sentiment_model: str | None


class Asset(msgspec.Struct, forbid_unknown_fields=True):
    """One asset. `points` are [epoch seconds, price, volume of 24 hours], the oldest first."""

    asset: ListedAsset | None
    origin: str
    points: list[tuple[int, float, float | None]]
    prices: Prices | None
    signals: list[Signal]
    news: list[Story]


class View(msgspec.Struct, forbid_unknown_fields=True):
    """A view: the overview has `tick` to `signals_24h`, an asset's `asset` to `news`."""

    origin: str
    signals: list[Signal]
    tick: Moment | UnsetType | None = UNSET
    sources: list[Source] | UnsetType = UNSET
    market: Market | UnsetType | None = UNSET
    assets: list[ListedAsset] | UnsetType = UNSET
    sparklines: dict[str, list[float]] | UnsetType = UNSET
    beyond: list[Beyond] | UnsetType = UNSET
    signals_24h: Count | UnsetType = UNSET
    asset: ListedAsset | UnsetType | None = UNSET
    points: list[tuple[int, float, float | None]] | UnsetType = UNSET
    prices: Prices | UnsetType | None = UNSET
    news: list[Story] | UnsetType = UNSET
