"""Shapes of /events and /signal-log."""

from typing import Annotated

import msgspec

from api.shapes.common import Count, Moment
from common.signal_types import SignalType


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """A signal that belongs to an event; `ended_at` is null while it lasts."""

    signal_id: str
    type: SignalType
    direction: str
    at: Moment
    ended_at: Moment | None


class Event(msgspec.Struct, forbid_unknown_fields=True):
    """Signals on one asset that belong together; `ended_at` is null while one of them lasts."""

    id: str
    asset_id: str
    symbol: str
    name: str
    started_at: Moment
    last_at: Moment
    ended_at: Moment | None
    explanation: str
    reasons: list[Reason]


class LogEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry of the log.

    `body` is a JSON text; `hash` is the SHA-256 of the entry before and of this
    body, so that no entry can be changed without changing all that follow. For it is
    over this very text, times in `body` are in epoch seconds; `said_at` is the entry's own.
    """

    seq: Count
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    body: str
    said_at: Moment | None
