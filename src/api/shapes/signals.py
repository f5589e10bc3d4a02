"""Shapes of /signals."""

import msgspec

from api.shapes.common import Count, Fraction, JudgedSignal, Moment
from common.signal_types import SignalType


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


class SignalInFull(JudgedSignal, forbid_unknown_fields=True):
    """A signal with its event and, by horizon, the calibrations behind its confidence."""

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
