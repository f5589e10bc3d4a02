"""Shapes of sources and their runs, as administrators see them."""

from typing import Literal

import msgspec

from api.shapes.common import Age, Count, Moment

Switch = Literal["on", "off", "as declared"]


class SwitchedSource(msgspec.Struct, forbid_unknown_fields=True):
    """How a source is switched; it holds from the next tick on."""

    source: str
    switched: Switch


class AdminSource(msgspec.Struct, forbid_unknown_fields=True):
    """A source: how it is, how it was in the last day of ticks, and how it is switched."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    last_tick: Moment | None
    last_success: Moment | None
    age_seconds: Age | None
    failures: Count
    switched: Switch
    requests_1h: Count
    runs_24h: Count
    ok_24h: Count
    stored_24h: Count


class DeclaredEndpoint(msgspec.Struct, forbid_unknown_fields=True):
    """An endpoint, how often it is asked, and the tick at which it is asked next."""

    name: str
    cadence_seconds: Count
    last_success: Moment | None
    due_at: Moment


class DeclaredSource(msgspec.Struct, forbid_unknown_fields=True):
    """What collection knows of a source: its budget, its circuit breaker, its endpoints.

    A closed breaker lets everything through, a probing one a single request a
    tick, a waiting one nothing until `not_before`.
    """

    per_minute: float
    burst: Count
    off: str | None
    breaker: Literal["closed", "probing", "waiting"]
    not_before: Moment | None
    endpoints: list[DeclaredEndpoint]


class SourceRun(msgspec.Struct, forbid_unknown_fields=True):
    """What a tick got from a source; `skipped` rows by reason."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    requests: Count
    bytes: Count
    fetched: Count
    not_modified: Count
    parsed: Count
    stored: Count
    skipped: dict[str, int]
    milliseconds: Count


class Detection(msgspec.Struct, forbid_unknown_fields=True):
    """What detection did of a tick."""

    runs: Count
    signals: Count
    ended: Count
    judged: Count


class TickRun(msgspec.Struct, forbid_unknown_fields=True):
    """A tick: its sources, how long the slowest took, and what was detected of it."""

    tick: Moment
    ok: Count
    degraded: Count
    off: Count
    requests: Count
    stored: Count
    slowest_ms: Count
    detected: Detection | None
    sources: list[SourceRun]


class Replayed(msgspec.Struct, forbid_unknown_fields=True):
    """What a replay did; no sources means that nothing was kept of the tick."""

    tick: Moment
    sources: Count
    rows_written: Count


class Feeds(msgspec.Struct, forbid_unknown_fields=True):
    """Users' own feeds: how many, and how many of them are in trouble."""

    feeds: Count
    degraded: Count
