"""Shapes of /analytics."""

from typing import Annotated, Any, Literal

import msgspec

from api.shapes.common import Age, Count, Fraction, Moment, Percent, Tone, Usd
from api.shapes.market_data import ListedAsset

Correlation = Annotated[float, msgspec.Meta(ge=-1, le=1)]


class Market(msgspec.Struct, forbid_unknown_fields=True):
    """The whole market, as one source tells it."""

    total_market_cap: Usd | None
    total_volume: Usd | None
    btc_dominance: Percent | None
    market_cap_change_24h: Percent | None
    source: str
    tick: Moment
    age_seconds: Age


class Movers(msgspec.Struct, forbid_unknown_fields=True):
    """What rose and what fell most over 24 hours."""

    up: list[ListedAsset]
    down: list[ListedAsset]


class SourceState(msgspec.Struct, forbid_unknown_fields=True):
    """How a source is, and how its last 24 hours of runs went."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    last_tick: Moment | None
    last_success: Moment | None
    age_seconds: Age | None
    runs_24h: Count
    ok_24h: Count
    skipped: dict[str, int] | None
    attribution: str
    attribution_url: str


class TrackRecord(msgspec.Struct, forbid_unknown_fields=True):
    """The newest calibration of a type and horizon: how good such signals were.

    `calibration` is what is in use, `decision` says why, `report` how good its
    probabilities were.
    """

    type: str
    horizon_seconds: Count
    version: Count
    made_at: Moment
    age_seconds: Age
    accepted: bool
    calibration: dict[str, Any]
    decision: dict[str, Any]
    report: dict[str, Any]


class Readiness(msgspec.Struct, forbid_unknown_fields=True):
    """For how many series a detector is ready, and of how many it still learns."""

    ready: Count
    learning: Count


class AssetVolatility(msgspec.Struct, forbid_unknown_fields=True):
    """The realised volatility of an asset, of `n` hourly returns; null of too few."""

    asset_id: str
    symbol: str
    name: str
    volatility: Percent | None
    n: Count


class Volatility(msgspec.Struct, forbid_unknown_fields=True):
    """Standard deviation of hourly log returns over the window, times the root of 8,760."""

    method: str
    window_seconds: Count
    source: str
    as_of: Moment | None
    age_seconds: Age | None
    assets: list[AssetVolatility]


class PairCorrelation(msgspec.Struct, forbid_unknown_fields=True):
    """How two assets moved together, over `n` hours that both have."""

    asset_ids: tuple[str, str]
    symbols: tuple[str, str]
    correlation: Correlation | None
    n: Count


class Correlations(msgspec.Struct, forbid_unknown_fields=True):
    """Pearson's r of hourly log returns, of each pair; null of too few or where one stood still."""

    method: str
    window_seconds: Count
    source: str
    as_of: Moment | None
    age_seconds: Age | None
    pairs: list[PairCorrelation]


class TonePoint(msgspec.Struct, forbid_unknown_fields=True):
    """The mean tone of the `n` stories stamped in one window."""

    time: Moment
    tone: Tone
    n: Count


class Sentiment(msgspec.Struct, forbid_unknown_fields=True):
    """The mean tone of stories, each counted once, and in windows of `window_seconds`.

    `models` says how many stories each model judged, `sources` how many came from
    each source; `age_seconds` is that of the newest.
    """

    as_of: Moment | None
    since: Moment
    window_seconds: Count
    age_seconds: Age | None
    sources: dict[str, int]
    tone: Tone | None
    n: Count
    models: dict[str, int]
    points: list[TonePoint]


class SourceScore(msgspec.Struct, forbid_unknown_fields=True):
    """One source. `median_latency` is of whole runs, all requests of a tick together.

    Of `compared` prices the share `agreement` went into the consensus, which
    they missed by `deviation` on average.
    """

    source: str
    state: Literal["ok", "degraded", "off"]
    runs: Count
    success_rate: Fraction | None
    median_latency: Count | None
    compared: Count
    agreement: Fraction | None
    deviation: Percent | None
    last_success: Moment | None
    age_seconds: Age | None
    attribution: str
    attribution_url: str


class SourceQuality(msgspec.Struct, forbid_unknown_fields=True):
    """How good the sources were in the last 24 hours."""

    window_seconds: Count
    as_of: Moment | None
    sources: list[SourceScore]
