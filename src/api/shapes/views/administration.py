"""Shapes of the views of administrators, of the system's health, and of one's own usage."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from api.routes.health import Health
from api.shapes.admin import AuditEntry, FeatureFlag, OperatorAlert
from api.shapes.admin_sources import AdminSource, DeclaredSource, Feeds, TickRun
from api.shapes.common import Age, Count, Fraction, Moment
from api.shapes.me import Day, Quota


class AdminView(msgspec.Struct, forbid_unknown_fields=True):
    """What an operator looks at first. `declared` is null while collection does not answer."""

    tick: Moment | None
    alerts: list[OperatorAlert]
    sources: list[AdminSource]
    declared: dict[str, DeclaredSource] | None
    feeds: Feeds
    runs: list[TickRun]
    flags: list[FeatureFlag]
    audit: list[AuditEntry]


class UsageDay(msgspec.Struct, forbid_unknown_fields=True):
    """Requests of one UTC day."""

    day: Day
    requests: Count
    errors: Count


class KeyedUsage(msgspec.Struct, forbid_unknown_fields=True):
    """Requests of one day to one endpoint with one key or app; `credential` "" is the dashboard
    and tokens."""

    day: Day
    endpoint: str
    credential: str
    requests: Count
    errors: Count


class UsedKey(msgspec.Struct, forbid_unknown_fields=True):
    """What a credential of the rows is called, and whether it can still be used."""

    credential: str
    kind: Literal["key", "app"]
    name: str
    live: bool


class Paid(msgspec.Struct, forbid_unknown_fields=True):
    """What was paid in these days, in millionths of a US dollar; `open` are under way."""

    payments: Count
    amount_atomic: Count
    open: Count


class UsageView(msgspec.Struct, forbid_unknown_fields=True):
    """What the caller used and paid, beside what its plan allows."""

    quota: Quota
    resets_at: Moment
    days: list[UsageDay]
    rows: list[KeyedUsage]
    credentials: list[UsedKey]
    paid: Paid


class SystemTick(msgspec.Struct, forbid_unknown_fields=True):
    """A tick of the last day: sources by how they were, rows stored, and the slowest source."""

    tick: Moment
    ok: Count
    degraded: Count
    off: Count
    stored: Count
    slowest_ms: Count


class SourceFreshness(msgspec.Struct, forbid_unknown_fields=True):
    """How new what a source told is."""

    source: str
    state: Literal["ok", "degraded", "off"]
    reason: str | None
    last_success: Moment | None
    age_seconds: Age | None
    runs_24h: Count
    ok_24h: Count
    attribution: str
    attribution_url: str


class Queue(msgspec.Struct, forbid_unknown_fields=True):
    """What waits, and since when the oldest of it."""

    name: Literal["events", "deliveries", "outcomes"]
    waiting: Count
    since: Moment | None


class StoredRows(msgspec.Struct, forbid_unknown_fields=True):
    """Rows of a table, counted by their numbers: what was removed since counts too."""

    table: str
    rows: Count


class DetectorVersion(msgspec.Struct, forbid_unknown_fields=True):
    """The version of a detector that its stored states are of; null before the first."""

    detector: str
    version: Count | None


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the system: whether it answers, and in which of our words how it is."""

    name: Annotated[str, Meta(examples=["Database"])]
    state: Literal["healthy", "degraded", "unhealthy"]
    says: str


class SystemView(msgspec.Struct, forbid_unknown_fields=True):
    """How every part is. What nobody measures is null, and said to be.

    `slowest_p50_ms` and `slowest_p99_ms` are of the slowest source of each tick of the day.
    `load_ms` is the mean of the answers of one isolate since it began.
    """

    health: Health
    parts: list[Part]
    connections: Count | None
    tick: Moment | None
    detected: Moment | None
    ticks: list[SystemTick]
    slowest_p50_ms: Count | None
    slowest_p99_ms: Count | None
    sources: list[SourceFreshness]
    queues: list[Queue]
    error_rate_24h: Fraction | None
    load_ms: Count
    storage: list[StoredRows]
    stored_24h: Count
    release: str | None
    migration: str | None
    detectors: list[DetectorVersion]
