"""Shapes of /reports."""

from typing import Annotated, Literal

import msgspec

from api.shapes.common import Age, Count, Fraction, Moment, Percent, Tone, Usd
from common.signal_types import SignalType

OfPeriod = Annotated[
    Percent, msgspec.Meta(description="percent over the period, up to the last price in it")
]

PointsOfPeriod = Annotated[
    float, msgspec.Meta(description="percentage points over the period", examples=[-0.4])
]
ToneOfPeriod = Annotated[Tone, msgspec.Meta(examples=[0.12])]


class ReportedMarket(msgspec.Struct, forbid_unknown_fields=True):
    """The whole market at the end of the period, as one source tells it.

    `path` is its value in the period, [epoch seconds, US dollars], the oldest first.
    """

    total_market_cap: Usd | None
    total_volume: Usd | None
    btc_dominance: Percent | None
    change: OfPeriod | None
    btc_dominance_change: PointsOfPeriod | None
    path: list[tuple[int, float]]
    source: str
    observed_at: Moment
    age_seconds: Age


class Mood(msgspec.Struct, forbid_unknown_fields=True):
    """Fear and greed at the end of the period, 0 (fear) to 100, and at its beginning."""

    value: float
    label: str | None
    value_before: float | None
    source: str
    observed_at: Moment
    age_seconds: Age
    attribution: str
    attribution_url: str


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """An asset at the end of the period, and how far it moved in it."""

    asset_id: str
    symbol: str
    name: str
    price: Usd
    change: OfPeriod
    volume_24h: Usd | None
    market_cap: Usd | None
    source: str
    observed_at: Moment
    age_seconds: Age


class Moves(msgspec.Struct, forbid_unknown_fields=True):
    """What rose and what fell most, of `assets` with a price at both ends."""

    assets: Count
    up: list[Move]
    down: list[Move]


class LockedMove(msgspec.Struct, forbid_unknown_fields=True):
    """The value locked in a protocol at the end of the period, and what came or went in it."""

    key: str
    name: str
    value: Usd
    difference: Usd
    change: OfPeriod | None
    source: str
    observed_at: Moment
    age_seconds: Age
    attribution: str
    attribution_url: str


class LockedMoves(msgspec.Struct, forbid_unknown_fields=True):
    """Where most value came and went, of `protocols` that were told at both ends."""

    protocols: Count
    up: list[LockedMove]
    down: list[LockedMove]


class ReportedOutcome(msgspec.Struct, forbid_unknown_fields=True):
    """What came of a signal by one horizon; `hit` null: not judged yet, or it cannot be told."""

    horizon_seconds: Count
    judged_at: Moment | None
    hit: bool | None
    base_rate: Fraction | None


class ReportedSignal(msgspec.Struct, forbid_unknown_fields=True):
    """A signal of the period; /signals/by-id tells all of it."""

    id: str
    type: SignalType
    asset_id: str
    symbol: str
    confidence_score: Fraction | None
    created_at: Moment
    age_seconds: Age
    source: str
    explanation: str
    outcomes: list[ReportedOutcome]


class ReportedSignals(msgspec.Struct, forbid_unknown_fields=True):
    """All `n` signals of the period by type, and the 30 of the highest confidence."""

    n: Count
    by_type: dict[str, int]
    rows: list[ReportedSignal]


class JudgedOfPeriod(msgspec.Struct, forbid_unknown_fields=True):
    """What came of the signals of the period so far: `hits` of `n` judged ones."""

    n: Count
    hits: Count
    rate: Fraction | None
    base_rate: Fraction | None


class KnownByThen(msgspec.Struct, forbid_unknown_fields=True):
    """What was known of such signals at the end of the period; `observed_at`: when it was learned.

    `edge`: the 95 % interval of the rate lies above the base rate.
    """

    n: Count | None
    days: Count | None
    rate: Fraction | None
    interval: tuple[float, float] | None
    base_rate: Fraction | None
    edge: bool
    observed_at: Moment
    age_seconds: Age


class DetectorRecord(msgspec.Struct, forbid_unknown_fields=True):
    """How right a detector was, by horizon."""

    type: SignalType
    horizon_seconds: Count
    source: str
    of_period: JudgedOfPeriod
    calibration: KnownByThen | None


class ReportedSentiment(msgspec.Struct, forbid_unknown_fields=True):
    """Mean tone of `n` stories of the period, and of those of as long a time before."""

    tone: ToneOfPeriod | None
    n: Count | None
    tone_before: ToneOfPeriod | None
    n_before: Count | None
    sources: list[str]
    observed_at: Moment | None
    age_seconds: Age | None


class ReportedStory(msgspec.Struct, forbid_unknown_fields=True):
    """A story of the period: how often it was told, by how many sources."""

    id: str
    title: str
    url: str
    times: Count
    sources: Count
    sentiment: Tone | None
    sentiment_model: str | None
    published_at: Moment
    age_seconds: Age
    source: str
    attribution: str
    attribution_url: str


class SourceHealth(msgspec.Struct, forbid_unknown_fields=True):
    """How the runs of a source went in the period; `parsed` rows came of them."""

    source: str
    runs: Count
    ok: Count
    success_rate: Fraction
    parsed: Count
    observed_at: Moment
    age_seconds: Age
    attribution: str
    attribution_url: str


class Report(msgspec.Struct, forbid_unknown_fields=True):
    """A period in UTC; `complete` is false while it goes on. Ages are counted at `told_at`."""

    period: Literal["daily", "weekly", "custom"]
    since: Moment
    until: Moment
    complete: bool
    told_at: Moment
    market: ReportedMarket | None
    fear_greed: Mood | None
    moves: Moves
    locked: LockedMoves
    signals: ReportedSignals
    track_record: list[DetectorRecord]
    sentiment: ReportedSentiment
    stories: list[ReportedStory]
    sources: list[SourceHealth]


class HeadlineMove(msgspec.Struct, forbid_unknown_fields=True):
    """The asset that rose or fell most."""

    asset_id: str
    symbol: str
    change: OfPeriod


class MadeReport(msgspec.Struct, forbid_unknown_fields=True):
    """A report that was made, with what it begins with; `hits` of `judged` signals by 4 hours."""

    period: Literal["daily", "weekly"]
    since: Moment
    made_at: Moment
    age_seconds: Age
    total_market_cap: Usd | None
    change: OfPeriod | None
    source: str | None
    fear_greed: float | None
    best: HeadlineMove | None
    worst: HeadlineMove | None
    signals: Count
    judged: Count
    hits: Count
