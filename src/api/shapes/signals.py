"""Shapes of /signals."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from api.shapes.common import (
    Age,
    Count,
    Fraction,
    Moment,
    Outcome,
    SignalMetadata,
)
from common.signal_types import SignalType


class SignalRow(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A signal in short.

    `confidence_score` is the calibrated probability of its claim, null while too few
    such signals were judged; it rests on `n` of them, and `base_rate` is how often the
    same comes true anyway. It fired because `statistic` reached `threshold` on either side.
    `hit`: whether the claim came true, null while that is not known. `sources` are
    those of the numbers it rests on; it is about the tick `created_at`, `age_seconds` ago.
    """

    id: str
    type: SignalType
    asset_id: str
    symbol: str
    name: str
    direction: str | None
    confidence_score: Fraction | None
    n: Annotated[int, msgspec.Meta(ge=0, description="judged signals like this one")] | None
    base_rate: Fraction | None
    statistic: float | None
    threshold: float | None
    hit: bool | None
    created_at: Moment
    age_seconds: Age
    ended_at: Moment | None
    explanation: str
    sources: list[str]


class ListedSignal(SignalRow, forbid_unknown_fields=True, kw_only=True):
    """A signal in a list; its evidence and what came of it are there with detail=full alone."""

    known_at: Moment | UnsetType | None = UNSET
    event_id: str | UnsetType | None = UNSET
    metadata: SignalMetadata | UnsetType = UNSET
    outcomes: list[Outcome] | UnsetType = UNSET


class SignalEvent(msgspec.Struct, forbid_unknown_fields=True):
    """The event that a signal belongs to; `ended_at` is null while it lasts."""

    id: str
    started_at: Moment
    last_at: Moment
    ended_at: Moment | None
    explanation: str
    signals: Count


class CalibrationUsed(msgspec.Struct, forbid_unknown_fields=True):
    """The calibration that was in use when a signal was found.

    It rests on `n` judged signals of the type on `days` days, `hits` of which
    were followed by their claim, and on `control_n` random moments.
    """

    horizon_seconds: Count
    version: Count
    made_at: Moment
    n: Count
    hits: Count
    days: Count
    base_rate: Fraction | None
    control_n: Count


class SignalInFull(SignalRow, forbid_unknown_fields=True, kw_only=True):
    """A signal with its evidence, what came of it, its event and, by horizon, the calibrations
    behind its confidence. `known_at` is the tick it was found at."""

    known_at: Moment | None
    event_id: str | None
    metadata: SignalMetadata
    outcomes: list[Outcome]
    event: SignalEvent | None
    calibrations: list[CalibrationUsed]


class Came(msgspec.Struct, forbid_unknown_fields=True):
    """What came of one fire after `horizon` seconds; `reason` says why `hit` is not known."""

    horizon: Count
    hit: bool | None
    value: float | None
    threshold: float | None
    reason: str | None


class Fire(msgspec.Struct, forbid_unknown_fields=True):
    """A time at which the rule would have fired, and the sentence it would have said."""

    at: Moment
    asset_id: str
    direction: str
    score: float
    says: str
    outcomes: list[Came]


class Record(msgspec.Struct, forbid_unknown_fields=True):
    """How many of the fires were followed by the claim within `horizon` seconds."""

    horizon: Count
    n: Count
    hits: Count
    share: Fraction | None
    interval: tuple[float, float] | None
    base_rate: Fraction | None
    lift: float | None


class Preview(msgspec.Struct, forbid_unknown_fields=True):
    """What a rule would have done: `fired` times in `days` days, the last ones in `fires`.

    `params` are all in force, `points` those that were looked at.
    """

    type: SignalType
    claim: str
    params: dict[str, float]
    days: float
    points: Count
    fired: Count
    per_day: float
    fires: list[Fire]
    records: list[Record]
