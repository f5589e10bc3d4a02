"""The units of one limit that an isolate has leased. Plain state: it never waits or calls."""

from typing import NamedTuple

from api.limits.plans import Limit
from api.limits.protocol import Ask, Lease, Unused
from api.limits.refusals import Standing, too_many
from api.limits.window import DAY_SECONDS, WINDOW_SECONDS, Window

# An isolate uses a lease half a second shorter than it counts: its clock stands still
# while code runs, and may go back a little.
CLOCK_SECONDS = 0.5
AGAIN_SECONDS = 5.0  # a second ask within this leases ahead
# How long the arbiter's no is believed: others may give units back.
SHORTEST_REFUSAL, REFUSED_SECONDS = 0.1, 1.0
DOWN_SECONDS = 2.0  # how long an arbiter that did not answer is not asked
GONE_SECONDS = 1.0  # a request that waits looks more often, if it is alive
LOCAL_PER_MINUTE = 30
_NEVER = float("-inf")


class Taken(NamedTuple):
    """Units to be used now, should they be given back, and until when they may be used."""

    units: list[Unused]
    until: float


UNCOUNTED = Taken([], float("inf"))


class _Held:
    """Units of one lease, and when they may be used."""

    __slots__ = ("lease", "since", "units", "until")

    def __init__(self, lease: Lease, since: float, until: float) -> None:
        self.lease, self.since, self.until, self.units = lease, since, until, lease.granted


class Pool:
    """One per limit and isolate. `now` is always the isolate's time in epoch seconds."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.returning = _NEVER  # until then somebody gives back what is left
        self._held: list[_Held] = []
        self._unused: list[Unused] = []
        self._waiting: dict[object, tuple[int, float]] = {}
        self._asked_at = self._asking_until = _NEVER
        self._refused_until = self._down_until = _NEVER
        self._told = (limit.per_minute, limit.per_minute, 0.0, False)
        self._late = 0
        self._local = Window()

    def holds(self, units: int, now: float) -> bool:
        """Whether `units` can be used without asking."""
        found, stale = 0, False
        for held in self._held:
            if held.since <= now < held.until:
                found += held.units
            else:
                stale = True
        if stale:
            self._put_aside(now)
        return found >= units

    def take(self, units: int) -> Taken:
        """Use units that the pool holds."""
        taken: list[Unused] = []
        until = float("inf")
        while units:
            held = self._held[0]
            some = min(units, held.units)
            held.units -= some
            units -= some
            taken.append(Unused(held.lease.slot, held.lease.day, some))
            until = min(until, held.until)
            if not held.units:
                del self._held[0]
        return Taken(taken, until)

    def put_back(self, taken: Taken) -> None:
        """Mark units as not used; the next ask gives them back."""
        self._unused += taken.units

    def left(self, now: float) -> tuple[list[Unused], bool]:
        """Return what is to be given back now, and whether more may come."""
        self._put_aside(now)
        unused, self._unused = self._unused, []
        return unused, bool(self._held)

    def wait(self, ticket: object, units: int, now: float) -> None:
        """Say that a request waits for `units`; each says so again while it lives."""
        self._waiting[ticket] = (units, now)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def leave(self, ticket: object) -> None:
        """Say that a request waits no more."""
        self._waiting.pop(ticket, None)

    def asking(self, now: float) -> bool:
        """Whether somebody asks the arbiter, and is not overdue."""
        return now < self._asking_until

    def ask(self, now: float, patience: float) -> Ask:
        """Return what to ask the arbiter: for those who wait, and what to give back."""
        gone = [one for one, (_, seen) in self._waiting.items() if seen < now - GONE_SECONDS]
        for ticket in gone:
            del self._waiting[ticket]
        wanted = [units for units, _ in self._waiting.values()]
        limit, again = self.limit, now - self._asked_at < AGAIN_SECONDS
        self._asked_at, self._asking_until = now, now + patience
        unused, _ = self.left(now)
        return Ask(
            cost=limit.cost, per_minute=limit.per_minute, per_day=limit.per_day,
            want=sum(wanted), least=min(wanted, default=1),
            extra=limit.block if again else limit.first, seconds=limit.seconds, unused=unused,
        )  # fmt: skip

    def asked(self) -> None:
        """Say that nobody asks any more."""
        self._asking_until = _NEVER

    def answered(self, ask: Ask, lease: Lease, asked_at: float, now: float) -> None:
        """Take in what the arbiter answered to an ask of `asked_at`."""
        # The arbiter began to count after the ask: measured from there nothing is used late.
        until = asked_at + ask.seconds - CLOCK_SECONDS
        if lease.granted:
            self._held.append(_Held(lease, asked_at - CLOCK_SECONDS, until))
        resets_at = now + lease.wait
        if lease.whole_day:  # at midnight, whatever the way there and back took
            resets_at = round(resets_at / DAY_SECONDS) * DAY_SECONDS
        self._told = (lease.limit, lease.remaining, resets_at, lease.whole_day)
        if lease.granted < ask.want:
            believed = min(REFUSED_SECONDS, max(SHORTEST_REFUSAL, lease.wait))
            self._refused_until = now + believed
        self._down_until = _NEVER
        # Answers that come when their lease is over are none; one may be of an arbiter that began.
        self._late = self._late + 1 if now >= until else 0
        if self._late > 1:
            self.failed(now)

    def check_refused(self, units: int, now: float) -> None:
        """Raise Problem 429 when the arbiter has just said that this many are not free."""
        limit, remaining, resets_at, whole_day = self._told
        if units > remaining and 0 < self._refused_until - now <= REFUSED_SECONDS:
            raise too_many(self.limit, limit, units, resets_at - now, now, whole_day)

    def failed(self, now: float) -> None:
        """Say that the arbiter did not answer."""
        self._down_until = now + DOWN_SECONDS

    def down(self, now: float) -> bool:
        """Whether the arbiter did not answer a moment ago."""
        return 0 < self._down_until - now <= DOWN_SECONDS

    def take_alone(self, units: int, now: float) -> None:
        """Count `units` within what this isolate may let through alone. Raises Problem 429."""
        most = min(LOCAL_PER_MINUTE, self.limit.per_minute)
        self._local.forget(now)
        if self._local.free(most) < units:
            raise too_many(self.limit, most, units, self._local.wait(units, most, now), now)
        self._local.grant(units, now)

    def standing(self, now: float) -> Standing:
        """Return how the caller stands."""
        if self.down(now):
            most = min(LOCAL_PER_MINUTE, self.limit.per_minute)
            wait = self._local.wait(1, most, now)
            return Standing(most, self._local.free(most), wait, local=True)
        limit, remaining, resets_at, whole_day = self._told
        free = remaining + sum(held.units for held in self._held)
        reset = max(0.0, resets_at - now)
        if free and not whole_day:  # nobody waits for it: how long a unit counts is what is asked
            reset = min(reset, WINDOW_SECONDS)
        return Standing(limit, free, reset)

    def _put_aside(self, now: float) -> None:
        """Sort out what may no longer be used."""
        kept = []
        for held in self._held:
            if held.since <= now < held.until:
                kept.append(held)
            elif held.units:
                self._unused.append(Unused(held.lease.slot, held.lease.day, held.units))
        self._held = kept
