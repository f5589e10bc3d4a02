"""Shapes of the view of one asset."""

import msgspec

from api.shapes.common import Age, Fraction, Moment, Signal, Tone, Usd
from api.shapes.market_data import ListedAsset


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


class AssetView(msgspec.Struct, forbid_unknown_fields=True):
    """One asset. `points` are [epoch seconds, price, volume of 24 hours], the oldest first."""

    asset: ListedAsset
    origin: str
    points: list[tuple[int, float, float | None]]
    prices: Prices | None
    signals: list[Signal]
    news: list[Story]
