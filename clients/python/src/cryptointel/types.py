"""What rows of the API have in them. They are plain dictionaries; these say what is inside.

Money is US dollars unless an answer names a currency, times are ISO 8601 in UTC,
ages are seconds, None is what nobody told. What is nested deeper is described in
the API's own document (/openapi.json).
"""

from typing import Any, Literal, NotRequired, TypedDict

SignalType = Literal[
    "price_anomaly",
    "volume_spike",
    "sentiment_shift",
    "pump",
    "depeg",
    "tvl_outflow",
    "source_trouble",
    "unusual_reading",
]
Interval = Literal["15m", "1h", "1d"]
Sort = Literal["market_cap", "volume_24h", "change_24h", "change_1h", "price", "symbol"]


class Asset(TypedDict):
    """An asset at the newest tick."""

    asset_id: str
    symbol: str
    name: str
    price: float
    change_1h: float | None  # percent
    change_24h: float | None  # percent
    volume_24h: float | None
    market_cap: float | None
    observed_at: str
    source: str
    age_seconds: int


class Price(TypedDict):
    """The newest price of an asset, with what each source says; amounts in `currency`."""

    asset_id: str
    symbol: str
    name: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    currency: str
    rate: dict[str, Any] | None
    source: str
    observed_at: str
    age_seconds: int
    tick: str
    consensus: dict[str, Any] | None
    sources: list[dict[str, Any]]


class Bar(TypedDict):
    """An interval of an asset's history, named by its first second."""

    time: str
    open: float
    high: float
    low: float
    close: float
    volume_24h: float | None
    market_cap: float | None
    observed: int
    source: str
    observed_at: str
    age_seconds: int


class Signal(TypedDict):
    """What fired, when and why.

    `confidence_score` is the calibrated probability of its claim, which rests on
    `n` judged signals and stands beside `base_rate`. `hit` says whether the claim
    came true, None while that is not known. The last four come with detail="full".
    """

    id: str
    type: SignalType
    asset_id: str
    symbol: str
    name: str
    direction: str | None
    confidence_score: float | None
    n: int | None
    base_rate: float | None
    statistic: float | None
    threshold: float | None
    hit: bool | None
    created_at: str
    age_seconds: int
    ended_at: str | None
    explanation: str
    sources: list[str]
    known_at: NotRequired[str | None]
    event_id: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any]]
    outcomes: NotRequired[list[dict[str, Any]]]


class SignalInFull(Signal):
    """A signal with its evidence, its event, what came of it and its calibrations."""

    event: dict[str, Any] | None
    calibrations: list[dict[str, Any]]


class Story(TypedDict):
    """A story of the news; `sentiment` is from -1 (bad) to 1 (good)."""

    id: str
    title: str
    url: str
    source: str
    publisher: str | None
    attribution: str
    attribution_url: str
    published_at: str
    published_is_estimated: bool
    found_at: str
    age_seconds: int
    language: str | None
    sentiment: float | None
    sentiment_model: str | None
    votes: dict[str, int] | None
    mentions: list[dict[str, str]]
    duplicates: int
    duplicate_of: str | None


class Entity(TypedDict):
    """Who mentions an entity, and together with whom."""

    name: str
    sources: list[str]
    mentions: list[dict[str, Any]]
    relations: list[dict[str, Any]]


class TrackRecord(TypedDict):
    """The newest calibration of a type of signals at a horizon: how good they were."""

    type: str
    horizon_seconds: int
    version: int
    made_at: str
    age_seconds: int
    accepted: bool
    calibration: dict[str, Any]
    decision: dict[str, Any]
    report: dict[str, Any]


class Watchlist(TypedDict):
    """A named list of assets, by id."""

    watchlist_id: str
    name: str
    assets: list[str]
    created_at: str
    updated_at: str


class WatchlistWithRows(Watchlist):
    """A watchlist with the newest price of each asset that has one."""

    rows: list[Asset]


class Report(TypedDict):
    """A period in UTC; `complete` is False while it goes on. Ages are counted at `told_at`."""

    period: Literal["daily", "weekly", "custom"]
    since: str
    until: str
    complete: bool
    told_at: str
    market: dict[str, Any] | None
    fear_greed: dict[str, Any] | None
    moves: dict[str, Any]
    locked: dict[str, Any]
    signals: dict[str, Any]
    track_record: list[dict[str, Any]]
    sentiment: dict[str, Any]
    stories: list[dict[str, Any]]
    sources: list[dict[str, Any]]
