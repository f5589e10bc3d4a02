"""When a score becomes an event, and when the event is over: hysteresis, cooldown, re-arm.

An event fires on the change of state, once: when |score| reaches 1. It stays
open however long the score stays large, ends when |score| has fallen below
`rearm` and the cooldown has passed, and only then may the next one fire. With
`turns`, a score of 1 to the other side ends the event and fires anew after the
cooldown, without calming down in between. An event of a series that fell
silent ends when nothing was heard for `silence` seconds.
"""

from typing import Literal

import msgspec

Change = Literal["fired", "turned", "ended"]


class Status(msgspec.Struct, frozen=True, array_like=True):
    """The side of the open event (-1, 1; 0: none is open) and when it fired, epoch seconds."""

    side: int = 0
    fired_at: int = 0


class Trigger(msgspec.Struct, frozen=True):
    """`rearm` as a share of the threshold, times in seconds."""

    rearm: float = 0.4
    cooldown: int = 3600
    silence: int = 6 * 3600
    turns: bool = False

    def pull(self, status: Status, time: int, score: float) -> tuple[Status, Change | None]:
        """Return the status after a score at `time`, and what changed by it."""
        side = 1 if score > 0 else -1
        hit = abs(score) >= 1
        if not status.side:
            return (Status(side, time), "fired") if hit else (status, None)
        if time - status.fired_at < self.cooldown:
            return status, None
        if hit and self.turns and side != status.side:
            return Status(side, time), "turned"
        if abs(score) < self.rearm:
            return Status(0, status.fired_at), "ended"
        return status, None

    def silent(self, status: Status, last: int, now: int) -> tuple[Status, Change | None]:
        """Return the status of a series whose last point was at `last`."""
        if status.side and now - last >= self.silence:
            return Status(0, status.fired_at), "ended"
        return status, None
