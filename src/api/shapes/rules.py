"""Shapes of answers about alert rules."""

from typing import Literal

import msgspec

from api.shapes.common import Count, Fraction, Moment, Signal
from common.signal_types import SignalType

Direction = Literal["up", "down"]


class AlertRule(msgspec.Struct, forbid_unknown_fields=True):
    """A rule as it is stored: `symbols` are ids of assets, null where a watchlist says which.

    Null elsewhere leaves out nothing.
    """

    rule_id: str
    name: str
    types: list[SignalType] | Literal["all"]
    symbols: list[str] | Literal["any"] | None
    watchlist_id: str | None
    least_score: float | None
    min_confidence: Fraction | None
    direction: Direction | None
    cooldown_seconds: Count
    active: bool
    snoozed_until: Moment | None
    webhooks: list[str]
    created_at: Moment
    updated_at: Moment
    last_fired_at: Moment | None


class RemovedRule(msgspec.Struct, forbid_unknown_fields=True):
    """What was removed."""

    rule_id: str


class Alert(msgspec.Struct, forbid_unknown_fields=True):
    """One time that a rule fired: at which tick, on which signal."""

    fired_at: Moment
    signal: Signal


class WouldFire(msgspec.Struct, forbid_unknown_fields=True):
    """A stored signal on which the rule would have fired."""

    signal_id: str
    type: SignalType
    asset_id: str
    symbol: str
    at: Moment
    confidence_score: Fraction | None
    explanation: str


class Followed(msgspec.Struct, forbid_unknown_fields=True):
    """What followed by one horizon: `share` = hits / n, to be held against `base_rate`."""

    horizon_seconds: Count
    n: Count
    hits: Count
    share: Fraction
    base_rate: Fraction | None
    controls: Count


class FiredOn(msgspec.Struct, forbid_unknown_fields=True):
    """How often the rule would have fired on a day (UTC)."""

    day: str
    fired: Count


class StoredPreview(msgspec.Struct, forbid_unknown_fields=True):
    """The rule on the stored signals: `matched` of them, `fired` after cooldown and re-arming.

    `fires` are the newest 50. `complete` is false where there were more matches
    than are looked at.
    """

    days: Count
    matched: Count
    fired: Count
    per_day: float
    complete: bool
    by_day: list[FiredOn]
    fires: list[WouldFire]
    records: list[Followed]


class Came(msgspec.Struct, forbid_unknown_fields=True):
    """What came of one fire by one horizon; `hit` null: not known, `reason` says why."""

    horizon: Count
    hit: bool | None
    value: float | None
    threshold: float | None
    reason: str | None


class Replayed(msgspec.Struct, forbid_unknown_fields=True):
    """A moment at which the detector with these params would have fired."""

    at: Moment
    asset_id: str
    direction: Direction
    score: float
    says: str
    outcomes: list[Came]


class ReplayedRecord(msgspec.Struct, forbid_unknown_fields=True):
    """The hits of one horizon, with the interval of their share and the base rate."""

    horizon: Count
    n: Count
    hits: Count
    share: Fraction | None
    interval: tuple[float, float] | None
    base_rate: Fraction | None
    lift: float | None


class DetectorPreview(msgspec.Struct, forbid_unknown_fields=True):
    """A detector with other params, run over the stored past of one asset."""

    type: SignalType
    claim: str
    params: dict[str, float]
    days: float
    points: Count
    fired: Count
    per_day: float
    fires: list[Replayed]
    records: list[ReplayedRecord]


class RulePreview(msgspec.Struct, forbid_unknown_fields=True):
    """`stored`: the rule on signals as they were; `detector`: with `params` of its own instead."""

    stored: StoredPreview | None
    detector: DetectorPreview | None
