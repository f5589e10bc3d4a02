"""The record of one source in one tick."""

from collections import Counter
from typing import Literal, NamedTuple

import msgspec

from collection.fetch import Slots, Usage
from collection.source import Source
from common.log import Logger
from common.models import Parsable

State = Literal["ok", "degraded", "off"]
ENOUGH_PATIENCE = 60  # a wait that is longer belongs to the ticks, not to one of them
MOST_PATIENCE = 6 * 3600  # whatever a provider says, it is asked again after this


class Run(msgspec.Struct):
    """What a tick got from a source; `reason` says why the state is not "ok".

    `fetched` bodies of `usage.bytes` bytes held `parsed` rows, of which
    `stored` are in the database and `skipped` are not, by reason.
    `not_modified` answers said that nothing is new. `not_before` is the tick
    before which the provider does not want to be asked again.
    """

    source: str
    state: State = "ok"
    reason: str | None = None
    usage: Usage = msgspec.field(default_factory=Usage)
    fetched: int = 0
    not_modified: int = 0
    parsed: int = 0
    stored: int = 0
    skipped: Counter[str] = msgspec.field(default_factory=Counter)
    started_at: int = 0
    milliseconds: int = 0
    not_before: int = 0

    def skip(self, reason: str, count: int = 1) -> None:
        """Count rows that are not stored, if there are any."""
        if count:
            self.skipped[reason] += count

    def degrade(self, reason: str) -> None:
        """Mark the source as degraded; the first reason stays."""
        if self.state == "ok":
            self.state, self.reason = "degraded", reason[:200]

    def wait(self, tick: int, retry_after: float | None) -> None:
        """Note that the provider asked for patience."""
        if retry_after is not None and ENOUGH_PATIENCE < retry_after < float("inf"):
            self.not_before = max(self.not_before, tick + int(min(retry_after, MOST_PATIENCE)))


def note_defect(run: Run, where: str, error: Exception, log: Logger) -> None:
    """Note an error that nobody meant to raise: it costs its source and not the others."""
    run.degrade(f"{where}: internal error")
    log("error", "defect in a source", source=run.source, where=where, error=repr(error))


class Collected(NamedTuple):
    """What one source gave in one tick; `succeeded` endpoints have nothing left to ask."""

    source: Source
    run: Run
    rows: list[Parsable]
    succeeded: list[tuple[str, dict[str, tuple[str | None, str | None]]]]
    slots: Slots
