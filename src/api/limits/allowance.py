"""An isolate's side of the limits: what it may let through, and how it comes by it.

The usual request of a busy caller is counted by `take`, which makes no call.
Where it says None, `ask` leases units from the arbiters. One request asks for
all that wait: these look again every few milliseconds at plain shared state,
because the runtime does not let one request wake another. Whoever asks may
die at any moment; after a while another one does it.
"""

import asyncio
import math
import time
from collections.abc import Callable

import msgspec

from api.limits.plans import Limit, limits_of
from api.limits.pool import UNCOUNTED, Pool, Taken
from api.limits.protocol import Ask, Lease
from api.limits.refusals import Standing, limits_unknown
from api.principal import Outside, Principal
from common.errors import Retryable
from common.ports import Clock, Sleep

MOST_POOLS = 10_000
MOST_ROUNDS = 3  # units of one limit may run out while another is waited for
# A look costs some tenths of a millisecond: the more that wait, the less often each looks.
SHORTEST_PAUSE, LONGEST_PAUSE, PAUSE_EACH = 0.002, 0.5, 0.0004
EXACT = ("write", "login")  # never let through uncounted
# What goes on uncounted does not wait long; what does not, waits for an arbiter that just starts.
PATIENCE_SECONDS, EXACT_PATIENCE_SECONDS, EVERYONE_PATIENCE_SECONDS = 2.0, 8.0, 0.5
RETURNING_SECONDS = 25.0  # the runtime ends what runs behind an answer after 30
VIEW_EVERY_SECONDS, VIEW_SECONDS = 10.0, 120

_leases = msgspec.json.Decoder(Lease)


def view_key(user_id: str, now: float) -> str:
    """Return KV's key of a user's units in the minute of `now`: the shared, late view."""
    return f"rate_limit:{user_id}:{math.floor(now / 60)}"


class Allowances:
    """One per isolate."""

    def __init__(self, clock: Clock = time.time, sleep: Sleep = asyncio.sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._pools: dict[Limit, Pool] = {}
        self._found: dict[tuple[Principal, str, str], list[Pool]] = {}
        self._viewed: dict[str, float] = {}

    def take(
        self, principal: Principal, address: str, cost: str, now: float, units: int = 1
    ) -> Standing | None:
        """Count a request with what is leased; None when `ask` has to."""
        pools = self._pools_of(principal, address, cost)
        for pool in pools:
            if not pool.holds(units, now):
                return None
        for pool in pools:
            pool.take(units)
        return _standing(pools, now)

    async def ask(
        self, principal: Principal, address: str, cost: str, now: float, units: int,
        outside: Outside,
    ) -> Standing:  # fmt: skip
        """Count a request, asking the arbiters.

        Raises Problem 429 "rate-limited"; Problem 503 "limits-unknown" for a
        write or a login that nobody can count. Reads then go on within a
        small allowance of this isolate's own.
        """
        later = _Moment(now, self._clock(), self._clock)
        pools = self._pools_of(principal, address, cost)
        for _ in range(MOST_ROUNDS):
            taken: list[tuple[Pool, Taken]] = []
            whole = False
            try:
                for pool in pools:
                    gained = await self._gain(pool, units, cost in EXACT, later, outside)
                    taken.append((pool, gained))
                now = later()
                whole = all(now < one.until for _, one in taken)
            finally:  # refused by a later limit, or waited too long for it
                if not whole:
                    self._put_back(taken, later(), outside)
            if whole:
                return _standing(pools, now)
        raise limits_unknown()

    def _put_back(self, taken: list[tuple[Pool, Taken]], now: float, outside: Outside) -> None:
        for pool, one in taken:
            if one.units:
                pool.put_back(one)
                self._return_later(pool, now, outside)

    def _pools_of(self, principal: Principal, address: str, cost: str) -> list[Pool]:
        key = (principal, address if principal.kind == "guest" else "", cost)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_POOLS:  # what is leased is lost for a minute, no more
                self._found.clear()
                self._pools.clear()
                self._viewed.clear()
            limits = limits_of(principal, address, cost)
            found = self._found[key] = [self._pools.setdefault(one, Pool(one)) for one in limits]
        return found

    async def _gain(
        self, pool: Pool, units: int, exact: bool, later: Callable[[], float], outside: Outside
    ) -> Taken:
        """Take units of one pool. Raises Problem 429 or 503."""
        ticket = object()
        try:
            while True:
                now = later()
                if pool.holds(units, now):
                    return pool.take(units)
                pool.check_refused(units, now)
                if pool.down(now):
                    return _uncounted(pool, units, exact, now)
                pool.wait(ticket, units, now)
                if pool.asking(now):
                    await self._sleep(
                        min(LONGEST_PAUSE, SHORTEST_PAUSE + PAUSE_EACH * pool.waiting)
                    )
                else:
                    await self._lease(pool, units, exact, later, outside)
        finally:
            pool.leave(ticket)

    async def _lease(
        self, pool: Pool, units: int, exact: bool, later: Callable[[], float], outside: Outside
    ) -> None:
        """Ask the arbiter for everybody who waits for this pool."""
        asked_at = later()
        if pool.limit.scope == "everyone":
            patience = EVERYONE_PATIENCE_SECONDS
        else:
            patience = EXACT_PATIENCE_SECONDS if exact else PATIENCE_SECONDS
        ask = pool.ask(asked_at, patience)
        try:
            lease = await self._call(pool, ask, patience, outside)
        except (Retryable, TimeoutError, msgspec.MsgspecError):
            # What it gave back is not given again: counted twice, it would let one too many in.
            pool.failed(later())
            return
        finally:
            pool.asked()
        now = later()
        pool.answered(ask, lease, asked_at, now)
        if lease.granted > units:
            self._return_later(pool, now, outside)
        if pool.limit.scope == "user":
            self._show(pool.limit.subject.partition(":")[2], lease.used, now, outside)

    async def _call(self, pool: Pool, ask: Ask, patience: float, outside: Outside) -> Lease:
        text = msgspec.json.encode(ask).decode()
        return _leases.decode(
            await asyncio.wait_for(outside.limiter(pool.limit.subject, text), patience)
        )

    def _return_later(self, pool: Pool, now: float, outside: Outside) -> None:
        if pool.returning <= now:
            pool.returning = now + RETURNING_SECONDS + pool.limit.seconds
            outside.later(self._return(pool, now, outside))

    async def _return(self, pool: Pool, now: float, outside: Outside) -> None:
        """Give back what nobody used, once it cannot be used any more."""
        later = _Moment(now, self._clock(), self._clock)
        more = True
        while more and later() - now < RETURNING_SECONDS:
            await self._sleep(pool.limit.seconds)
            unused, more = pool.left(later())
            if unused:
                limit = pool.limit
                ask = Ask(
                    cost=limit.cost, per_minute=limit.per_minute, per_day=limit.per_day,
                    unused=unused,
                )  # fmt: skip
                try:
                    await self._call(pool, ask, PATIENCE_SECONDS, outside)
                except (Retryable, TimeoutError, msgspec.MsgspecError):
                    break  # they count for a minute, as if they had been used
        pool.returning = float("-inf")

    def _show(self, user_id: str, used: int, now: float, outside: Outside) -> None:
        """Write the count where others can look at it, behind the answer and not often."""
        if now - self._viewed.get(user_id, float("-inf")) >= VIEW_EVERY_SECONDS:
            self._viewed[user_id] = now
            outside.later(_write_view(view_key(user_id, now), str(used), outside))


class _Moment:
    """The time as a request sees it: when it came, and what has passed since."""

    __slots__ = ("_clock", "_offset")

    def __init__(self, now: float, began: float, clock: Clock) -> None:
        self._offset, self._clock = now - began, clock

    def __call__(self) -> float:
        return self._clock() + self._offset


def _standing(pools: list[Pool], now: float) -> Standing:
    """Return how the caller stands with the limit of its own that binds first."""
    if len(pools) == 2:  # the caller's alone, and everyone's
        return pools[0].standing(now)
    return min((pool.standing(now) for pool in pools[:-1]), key=lambda one: one.remaining)


def _uncounted(pool: Pool, units: int, exact: bool, now: float) -> Taken:
    """Let a request through whose arbiter does not answer. Raises Problem 429 or 503."""
    if pool.limit.scope != "everyone":  # which protects us from the sum of all; each is counted
        if exact:
            raise limits_unknown()
        pool.take_alone(units, now)
    return UNCOUNTED


async def _write_view(key: str, value: str, outside: Outside) -> None:
    try:
        await outside.kv_put(key, value, VIEW_SECONDS)
    except Retryable:
        return  # a view that is late is what it is
