"""The record of one source in one tick."""

from collections import Counter
from typing import Literal, NamedTuple

import msgspec

from collection.fetch import Usage
from collection.source import Source
from common.models import Parsable

State = Literal["ok", "degraded", "off"]


class Run(msgspec.Struct):
    """What a tick got from a source; `reason` says why the state is not "ok"."""

    source: str
    state: State = "ok"
    reason: str | None = None
    usage: Usage = msgspec.field(default_factory=Usage)
    parsed: int = 0
    skipped: Counter[str] = msgspec.field(default_factory=Counter)
    milliseconds: int = 0

    def degrade(self, reason: str) -> None:
        """Mark the source as degraded; the first reason stays."""
        if self.state == "ok":
            self.state, self.reason = "degraded", reason[:200]


class Collected(NamedTuple):
    """What one source gave in one tick."""

    source: Source
    run: Run
    rows: list[Parsable]
