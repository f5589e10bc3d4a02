"""Shapes of the view of one asset."""

from typing import Literal

import msgspec

from api.shapes.analytics import Correlation, Sentiment
from api.shapes.common import Age, Count, Fraction, Moment, Signal, Tone, Usd
from api.shapes.entities import Entity
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


class Candles(msgspec.Struct, forbid_unknown_fields=True):
    """Prices of record, the oldest bar first; source, time and age are those of the newest.

    A bar is [its first second, open, high, low, close, volume of 24 hours at its end].
    """

    interval: Literal["15m", "1h", "1d"]
    window_seconds: Count
    source: str | None
    observed_at: Moment | None
    age_seconds: Age | None
    bars: list[tuple[int, float, float, float, float, float | None]]


class Companion(msgspec.Struct, forbid_unknown_fields=True):
    """How the asset moved with another one, over `n` hours that both have; null of too few."""

    asset_id: str
    symbol: str
    name: str
    correlation: Correlation | None
    n: Count


class Companions(msgspec.Struct, forbid_unknown_fields=True, rename={"companions": "with"}):
    """Pearson's r of hourly log returns with the largest assets, the largest first."""

    method: str
    window_seconds: Count
    source: str
    as_of: Moment | None
    age_seconds: Age | None
    companions: list[Companion]


class AssetView(msgspec.Struct, forbid_unknown_fields=True):
    """One asset. `mentions` are its stories by window, `entity` whom they name beside it."""

    asset: ListedAsset
    origin: str
    prices: Prices | None
    signals: list[Signal]
    news: list[Story]
    candles: Candles | None
    mentions: Sentiment
    entity: Entity | None
    correlation: Companions
