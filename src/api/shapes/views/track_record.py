"""Shapes of the view of the track record."""

import msgspec

from api.shapes.analytics import TrackRecord
from api.shapes.common import Age, Count, Moment
from common.signal_types import SignalType


class Claiming(msgspec.Struct, forbid_unknown_fields=True):
    """A type of signal: what it claims, when its first and its newest fired; null before that."""

    type: SignalType
    claim: str | None
    started_at: Moment | None
    last_at: Moment | None


class RecentOutcomes(msgspec.Struct, forbid_unknown_fields=True):
    """What came of the recent signals of a type by a horizon: a count of outcomes each.

    `judged` are those of which it could be told, `hits` of them came true.
    """

    type: SignalType
    horizon_seconds: Count
    judged: Count
    hits: Count
    pending: Count
    unjudgeable: Count


class Unjudgeable(msgspec.Struct, forbid_unknown_fields=True):
    """Why `n` outcomes could not be told."""

    type: SignalType
    reason: str | None
    n: Count


class Recent(msgspec.Struct, forbid_unknown_fields=True):
    """The signals of the last `window_seconds`."""

    window_seconds: Count
    horizons: list[RecentOutcomes]
    unjudgeable: list[Unjudgeable]


class TrackRecordView(msgspec.Struct, forbid_unknown_fields=True):
    """How good signals were: a record for each type and horizon, as in /analytics/track_record."""

    origin: str
    as_of: Moment | None
    age_seconds: Age | None
    records: list[TrackRecord]
    types: list[Claiming]
    recent: Recent
