"""The arbiter of one subject: counts exactly what all isolates may use. Pure.

It knows no plans: the isolate says which limits hold, so a plan that changes
holds at the next ask. All it knows is in `stored`, and one made from that goes on
where the other stopped.
"""

import msgspec

from api.limits.protocol import Ask, Lease, Report, Request, Verdict
from api.limits.suspicion import Suspicion
from api.limits.window import Day, SteadyClock, Window

_requests = msgspec.json.Decoder(Request)


class Memory(msgspec.Struct):
    """Everything an arbiter knows, as it is stored."""

    clock: SteadyClock = msgspec.field(default_factory=SteadyClock)
    windows: dict[str, Window] = {}
    day: Day = msgspec.field(default_factory=Day)
    suspicion: Suspicion = msgspec.field(default_factory=Suspicion)


_memories = msgspec.json.Decoder(Memory)


class Arbiter:
    """Answers requests, one after the other. `stored` is None for a new subject."""

    def __init__(self, stored: str | None) -> None:
        try:
            self._memory = _memories.decode(stored) if stored else Memory()
        except msgspec.MsgspecError:
            # Written by another version: a subject that starts anew is better than none at all.
            self._memory = Memory()

    def stored(self) -> str:
        """Return everything it knows, as JSON."""
        return msgspec.json.encode(self._memory).decode()

    def idle_at(self) -> float:
        """Return when nothing that it knows counts any more; from then on it need not be stored.

        The clock's own memory may go with it: it protects what counts.
        """
        memory = self._memory
        windows = max((one.empty_at for one in memory.windows.values()), default=0.0)
        return max(windows - memory.clock.lost, memory.day.empty_at, memory.suspicion.empty_at)

    def answer(self, request: str, now: float) -> str:
        """Answer a Request, both JSON. Raises msgspec.ValidationError for another text."""
        asked = _requests.decode(request)
        told = self._lease(asked, now) if isinstance(asked, Ask) else self._judge(asked, now)
        return msgspec.json.encode(told).decode()

    def _lease(self, ask: Ask, now: float) -> Lease:
        memory, steady = self._memory, self._memory.clock.at(now)
        for each in memory.windows.values():
            each.forget(steady)
        window = memory.windows.setdefault(ask.cost, Window())
        day = memory.day
        day.turn(now)
        for unused in ask.unused:
            day.give_back(window.give_back(unused.slot, unused.units), unused.day)
        free = window.free(ask.per_minute)
        if ask.per_day:
            free = min(free, day.free(ask.per_day))
        granted = min(ask.want, free) if free >= ask.least else 0
        refused = granted < ask.want
        if not refused and free - granted - ask.extra >= ask.per_minute // 2:
            granted += ask.extra
        slot = window.grant(granted, steady + ask.seconds)
        day.spent += granted
        in_minute, in_day = window.free(ask.per_minute), day.free(ask.per_day)
        whole_day = bool(ask.per_day) and (in_day < in_minute or in_day < ask.least)
        return Lease(
            granted=granted,
            slot=slot,
            day=day.number,
            limit=ask.per_day if whole_day else ask.per_minute,
            remaining=in_day if whole_day else in_minute,
            wait=day.wait(now) if whole_day else window.wait(ask.least, ask.per_minute, steady),
            whole_day=whole_day,
            used=sum(each.used for each in memory.windows.values()),
        )

    def _judge(self, report: Report, now: float) -> Verdict:
        suspicion = self._memory.suspicion
        suspicion.add(report.sights, now)
        if report.passed:
            suspicion.passed(now)
        return Verdict(suspicion.challenged_for(now), suspicion.passed_until)
