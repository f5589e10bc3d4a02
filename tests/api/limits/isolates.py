"""Isolates that share real arbiters, in a time that passes only while all of them wait."""

import asyncio
import random
import selectors
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from api.limits.allowance import Allowances
from api.limits.arbiter import Arbiter
from api.limits.refusals import Standing
from api.limits.watch import Watch
from api.principal import Principal
from common.errors import Problem, Retryable

START = 1_795_176_000.0  # noon
FREE = Principal("u1", "analyst")
PRO = Principal("u1", "analyst", plan="pro")
ENTERPRISE = Principal("u1", "analyst", plan="enterprise")
HERE = "198.51.100.7"

Result = TypeVar("Result")


class _Selector(selectors.SelectSelector):
    """Passes the time instead of waiting for it."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits and nothing will happen"
            self.now += max(0.0, timeout)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


def run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work())


class World:
    """The arbiters, what is wrong with them, and everything that was let through.

    `wrong` are subjects whose arbiter fails, `silent` those whose arbiter never answers;
    `clock_error` is added to the arbiters' clock; with `evicting` each call meets a new
    arbiter, made from what the last one stored.
    """

    def __init__(self, seed: int = 1, delay: float = 0.004) -> None:
        self.random = random.Random(seed)
        self.delay = delay
        self.stored: dict[str, str] = {}
        self.calls: Counter[str] = Counter()
        self.used: list[float] = []
        self.kv: list[tuple[str, str, int]] = []
        self.wrong: set[str] = set()
        self.silent: set[str] = set()
        self.clock_error = 0.0
        self.evicting = False
        self.behind: list[asyncio.Future[object]] = []
        self._arbiters: dict[str, Arbiter] = {}

    def clock(self) -> float:
        return START + asyncio.get_running_loop().time()

    async def limiter(self, subject: str, request: str) -> str:
        self.calls[subject] += 1
        await asyncio.sleep(self.random.random() * self.delay)
        if subject in self.silent:
            await asyncio.sleep(1e6)
        if subject in self.wrong:
            raise Retryable("down")
        if self.evicting or subject not in self._arbiters:
            self._arbiters[subject] = Arbiter(self.stored.get(subject))
        arbiter = self._arbiters[subject]
        answer = arbiter.answer(request, self.clock() + self.clock_error)
        self.stored[subject] = arbiter.stored()
        await asyncio.sleep(self.random.random() * self.delay)
        return answer

    def later(self, work: Awaitable[object]) -> None:
        self.behind.append(asyncio.ensure_future(work))

    async def kv_put(self, key: str, value: str, seconds: int) -> None:
        self.kv.append((key, value, seconds))

    async def finish(self) -> None:
        """Wait for all that goes on behind the answers."""
        while self.behind:
            await self.behind.pop()

    def most_in_a_minute(self) -> int:
        times = sorted(self.used)
        return max((sum(one <= time < one + 60 for time in times) for one in times), default=0)


class Isolate:
    """One isolate of the API Worker."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.allowances = Allowances(world.clock)
        self.watch = Watch(world.clock)

    async def request(
        self, principal: Principal = FREE, cost: str = "read", units: int = 1, address: str = HERE
    ) -> Standing | Problem:
        outside: Any = self.world
        now = self.world.clock()
        standing = self.allowances.take(principal, address, cost, now, units)
        if standing is None:
            try:
                standing = await self.allowances.ask(principal, address, cost, now, units, outside)
            except Problem as problem:
                return problem
        self.world.used += [self.world.clock()] * units
        return standing

    async def at_once(self, count: int, principal: Principal = FREE, cost: str = "read") -> int:
        """Send `count` requests at once; return how many were let through."""
        return passed(await asyncio.gather(*(self.request(principal, cost) for _ in range(count))))


def passed(outcomes: Iterable[Standing | Problem]) -> int:
    return sum(isinstance(one, Standing) for one in outcomes)


def refusal(outcome: Standing | Problem, status: int = 429) -> Problem:
    assert isinstance(outcome, Problem)
    assert outcome.status == status, outcome
    return outcome
