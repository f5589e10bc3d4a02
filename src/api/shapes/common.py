"""Shapes of answers that several resources share.

They describe what SQLite makes: OpenAPI and the tests read them, no handler
builds an answer from them. A closed shape forbids unknown fields, so that a
test sees when the SQL says more than is documented.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from common.signal_types import SignalType

# ISO 8601 in UTC, to the second.
Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        examples=["2026-11-22T12:15:00Z"],
        extra_json_schema={"format": "date-time"},
    ),
]
Usd = Annotated[float, Meta(description="US dollars")]
Percent = Annotated[float, Meta(description="percent: 1.5 is 1.5 %")]
Fraction = Annotated[float, Meta(ge=0, le=1, description="a probability or share, 0 to 1")]
Tone = Annotated[float, Meta(ge=-1, le=1, description="from -1 (bad) to 1 (good)")]
Count = Annotated[int, Meta(ge=0)]
# A clock of a provider that runs ahead of ours makes an age negative.
Age = Annotated[int, Meta(description="seconds between the observation and this answer")]


class Attribution(msgspec.Struct, forbid_unknown_fields=True):
    """Whose data it is: what must be shown beside it, and where it links to."""

    text: str
    url: str


class MarketRow(msgspec.Struct, forbid_unknown_fields=True):
    """The newest price of an asset, with its changes; null where nobody told it.

    `source` is "consensus" where several sources agreed on one price.
    """

    asset_id: str
    symbol: str
    name: str
    price: Usd
    change_1h: Percent | None
    change_24h: Percent | None
    volume_24h: Usd | None
    market_cap: Usd | None
    observed_at: Moment
    source: str


class Reading(msgspec.Struct, forbid_unknown_fields=True):
    """One value that is no asset's price; `figures` were told beside it, `about` describes it."""

    kind: str
    key: str
    name: str
    value: float
    unit: str
    figures: dict[str, float | str]
    about: dict[str, str]
    source: str
    observed_at: Moment
    age_seconds: Age


class Readings(msgspec.Struct, forbid_unknown_fields=True):
    """Readings, and by source whose they are."""

    rows: list[Reading]
    attribution: dict[str, Attribution]


class Measured(msgspec.Struct):
    """What was measured, in which unit ("1" for a ratio)."""

    name: str | UnsetType = UNSET
    value: float | UnsetType = UNSET
    unit: str | UnsetType = UNSET


class Statistic(msgspec.Struct):
    """What was compared with what: the signal fired because value reached the threshold."""

    name: str | UnsetType = UNSET
    value: float | UnsetType = UNSET
    threshold: float | UnsetType = UNSET


class Confidence(msgspec.Struct):
    """What a probability rests on: the judged signals like this one, and the base rate."""

    p: Fraction | None
    n: Count
    hits: Count
    base_rate: Fraction | None
    edge: bool
    note: str


class SignalMetadata(msgspec.Struct):
    """The evidence: what was measured, over which window, from which inputs of which age.

    Further members depend on the detector.
    """

    direction: str | UnsetType = UNSET
    measured: Measured | UnsetType = UNSET
    window_seconds: Count | UnsetType = UNSET
    statistic: Statistic | UnsetType = UNSET
    score: float | UnsetType = UNSET
    context: dict[str, float] | UnsetType = UNSET
    labels: dict[str, str] | UnsetType = UNSET
    calibration: Confidence | UnsetType = UNSET
    horizons: dict[str, Confidence] | UnsetType = UNSET


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """What came of a signal by one horizon.

    `judged_at` is null before the horizon, `hit` where it cannot be told
    (`reason` says why). It is a hit when `value` reached `threshold`;
    `base_rate` is how often that happened at `controls` random other times.
    """

    horizon_seconds: Count
    due_at: Moment
    judged_at: Moment | None
    hit: bool | None
    value: float | None
    threshold: float | None
    base_rate: Fraction | None
    controls: Count | None
    reason: str | None


class Signal(msgspec.Struct, forbid_unknown_fields=True):
    """One signal: what fired, when, why, and how sure that may be called.

    `confidence_score` is the calibrated probability of its claim, null while
    too few such signals were judged. `created_at` is the tick it is about,
    `known_at` the tick it was found at; `ended_at` is null while it lasts.
    """

    id: str
    type: SignalType
    asset_id: str
    symbol: str
    name: str
    confidence_score: Fraction | None
    created_at: Moment
    ended_at: Moment | None
    known_at: Moment | None
    event_id: str | None
    explanation: str
    metadata: SignalMetadata


class JudgedSignal(Signal, forbid_unknown_fields=True):
    """A signal with what came of it, by horizon."""

    outcomes: list[Outcome]
