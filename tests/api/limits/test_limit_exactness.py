"""Exactly the limit goes through, whatever the number of isolates."""

import asyncio

import pytest

from api.limits import plans
from api.principal import Principal
from tests.api.limits.isolates import ENTERPRISE, FREE, Isolate, World, passed, run

HUNDRED = Principal("u1", "analyst", "pro", credential="k1", per_minute=100)


@pytest.mark.parametrize("isolates", [1, 3, 8])
@pytest.mark.parametrize("seed", range(5))
def test_of_1000_requests_at_once_exactly_100_are_let_through(isolates: int, seed: int) -> None:
    async def work() -> tuple[int, int]:
        world = World(seed)
        crowd = [Isolate(world) for _ in range(isolates)]
        order = [crowd[world.random.randrange(isolates)] for _ in range(1000)]
        outcomes = await asyncio.gather(*(one.request(HUNDRED) for one in order))
        await world.finish()
        return passed(outcomes), world.most_in_a_minute()

    assert run(work) == (100, 100)


def test_1000_requests_at_once_make_a_handful_of_calls() -> None:
    async def work() -> tuple[int, int]:
        world = World()
        let = await Isolate(world).at_once(1000, HUNDRED)
        return let, sum(world.calls.values())

    let, calls = run(work)
    assert let == 100
    assert calls <= 9  # three limits count them: the account's, the key's and everyone's


@pytest.mark.parametrize("isolates", [1, 3, 8])
def test_requests_that_trickle_in_are_never_101_and_all_100_in_the_end(isolates: int) -> None:
    async def work() -> tuple[int, int]:
        world = World(7)
        crowd = [Isolate(world) for _ in range(isolates)]
        outcomes = []
        for _ in range(1000):
            outcomes.append(await world.random.choice(crowd).request(HUNDRED))
            await asyncio.sleep(0.02)
        return passed(outcomes), world.most_in_a_minute()

    assert run(work) == (100, 100)


def test_an_isolate_that_is_busy_leases_ahead_and_what_it_does_not_use_comes_back() -> None:
    async def work() -> tuple[int, int, int]:
        world = World()
        one, other = Isolate(world), Isolate(world)
        for _ in range(2):
            await one.request(HUNDRED)
        calls = world.calls["user:u1"]
        await one.request(HUNDRED)  # leased with the second
        assert world.calls["user:u1"] == calls
        at_once = await other.at_once(200, HUNDRED)
        await world.finish()
        await asyncio.sleep(1.0)
        return 3, at_once, await other.at_once(200, HUNDRED)

    first, at_once, later = run(work)
    assert at_once < 97  # some are leased to the first
    assert first + at_once + later == 100


def test_unused_units_come_back_with_the_next_ask_of_the_isolate() -> None:
    async def work() -> int:
        world = World()
        one = Isolate(world)
        world.later = lambda work: work.close()  # type: ignore[attr-defined,method-assign]
        for _ in range(2):
            await one.request(HUNDRED)
        await asyncio.sleep(3.0)
        return 2 + await one.at_once(200, HUNDRED)

    assert run(work) == 100


def test_what_one_limit_refuses_costs_another_nothing() -> None:
    key = FREE._replace(credential="k1", per_minute=20)

    async def work() -> tuple[int, int]:
        world = World()
        one = Isolate(world)
        await one.at_once(60, FREE)
        await asyncio.sleep(40)
        refused = await one.at_once(20, key)
        await world.finish()
        await asyncio.sleep(25)
        return refused, await one.at_once(50, key)

    assert run(work) == (0, 20)


@pytest.mark.parametrize("cost", ["heavy", "write", "login"])
def test_what_is_dear_is_never_leased_ahead(cost: str) -> None:
    async def work() -> int:
        world = World()
        one = Isolate(world)
        for _ in range(6):
            await one.request(cost=cost)
        return world.calls["user:u1"]

    assert run(work) == 6


def test_nothing_is_leased_ahead_when_less_than_half_is_left() -> None:
    async def work() -> int:
        world = World()
        one, other = Isolate(world), Isolate(world)
        await one.at_once(31, FREE)
        before = world.calls["user:u1"]
        for _ in range(5):
            await other.request(FREE)
        return world.calls["user:u1"] - before

    assert run(work) == 5


def test_1000_requests_of_a_warm_caller_make_few_calls() -> None:
    async def work() -> tuple[int, int, int]:
        world = World()
        one = Isolate(world)
        let = 0
        for _ in range(1000):
            let += passed([await one.request(ENTERPRISE)])
            await asyncio.sleep(0.001)
        return let, sum(world.calls.values()), len(world.behind)

    let, calls, behind = run(work)
    assert let == 1000
    assert calls <= 16
    assert behind <= 3  # what gives back to the two arbiters, and the view


def test_a_caller_over_its_limit_asks_at_most_once_a_second() -> None:
    async def work() -> int:
        world = World()
        one = Isolate(world)
        await one.at_once(100)
        before = world.calls["user:u1"]
        for _ in range(500):
            await one.request()
            await asyncio.sleep(0.01)
        return world.calls["user:u1"] - before

    assert run(work) <= 6


def test_everyones_limit_holds_when_no_single_callers_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = plans.EVERYONE._replace(per_minute=200)
    monkeypatch.setattr(plans, "EVERYONE", few)

    async def work() -> tuple[int, str]:
        world = World()
        crowd = [Isolate(world) for _ in range(3)]
        who = [Principal(f"u{number}", "viewer") for number in range(20)]
        outcomes = await asyncio.gather(*(crowd[n % 3].request(who[n % 20]) for n in range(1000)))
        refused = next(one for one in outcomes if isinstance(one, Exception))
        return passed(outcomes), str(refused.extra["scope"])

    assert run(work) == (200, "everyone")
