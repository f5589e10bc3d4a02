"""Arbiters that are away, that are slow, that are evicted; requests that die; clocks that lie."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.limits.plans import HELD_SECONDS, Limit
from api.limits.pool import GONE_SECONDS, Pool
from api.limits.refusals import Standing
from tests.api.limits.isolates import FREE, PRO, START, Isolate, World, passed, refusal, run

USER = "user:u1"


@pytest.mark.parametrize("cost", ["write", "login"])
@pytest.mark.parametrize("how", ["wrong", "silent"])
def test_what_must_be_counted_stops_when_nobody_can_count_it(cost: str, how: str) -> None:
    async def work() -> None:
        world = World()
        getattr(world, how).add(USER)
        problem = refusal(await Isolate(world).request(cost=cost), 503)
        assert (problem.kind, problem.headers) == ("limits-unknown", {"retry-after": "2"})

    run(work)


@pytest.mark.parametrize("how", ["wrong", "silent"])
def test_reads_go_on_within_30_a_minute_and_the_answer_says_so(how: str) -> None:
    async def work() -> None:
        world = World()
        getattr(world, how).add(USER)
        one = Isolate(world)
        assert await one.at_once(100, PRO) == 30
        await asyncio.sleep(61)
        standing = await one.request(PRO)
        assert isinstance(standing, Standing)
        assert (standing.limit, standing.remaining, standing.local) == (30, 29, True)
        for _ in range(29):
            await one.request(PRO)
        problem = refusal(await one.request(PRO))
        assert problem.extra["limit"] == 30

    run(work)


def test_a_plan_that_allows_less_than_30_allows_no_more_without_its_arbiter() -> None:
    async def work() -> int:
        world = World()
        world.wrong.add(USER)
        return await Isolate(world).at_once(100, FREE, "heavy")

    assert run(work) == 6


def test_an_arbiter_that_is_back_counts_again_within_seconds() -> None:
    async def work() -> None:
        world = World()
        world.wrong.add(USER)
        one = Isolate(world)
        await one.request()
        world.wrong.clear()
        await asyncio.sleep(2.1)
        standing = await one.request()
        assert isinstance(standing, Standing)
        assert (standing.limit, standing.local) == (60, False)

    run(work)


def test_an_arbiter_that_is_away_is_not_asked_by_every_request() -> None:
    async def work() -> int:
        world = World()
        world.wrong.add(USER)
        one = Isolate(world)
        for _ in range(20):
            await one.request(PRO)
        return world.calls[USER]

    assert run(work) == 1


@pytest.mark.parametrize("how", ["wrong", "silent"])
@pytest.mark.parametrize("cost", ["read", "write"])
def test_everyones_arbiter_stops_nobody_when_it_is_away(how: str, cost: str) -> None:
    async def work() -> float:
        world = World()
        getattr(world, how).add("everyone")
        began = world.clock()
        standing = await Isolate(world).request(cost=cost)
        assert isinstance(standing, Standing)
        assert not standing.local
        return world.clock() - began

    assert run(work) < 0.6


def test_an_evicted_arbiter_has_forgotten_nothing() -> None:
    async def work() -> int:
        world = World()
        world.evicting = True
        crowd = [Isolate(world) for _ in range(3)]
        return passed(
            await asyncio.gather(*(crowd[n % 3].request() for n in range(500)))
        )  # fmt: skip

    assert run(work) == 60


def test_others_go_on_when_the_request_that_asks_is_cancelled() -> None:
    async def work() -> None:
        world = World(delay=1.0)
        one = Isolate(world)
        leader = asyncio.ensure_future(one.request())
        await asyncio.sleep(0.01)
        others = [asyncio.ensure_future(one.request()) for _ in range(5)]
        await asyncio.sleep(0.01)
        leader.cancel()
        began = world.clock()
        assert passed(await asyncio.gather(*others)) == 5
        assert world.clock() - began < 5

    run(work)


def test_a_request_that_died_while_it_asked_holds_the_others_up_for_a_while_only() -> None:
    pool = Pool(Limit(USER, "user", "read", 60))
    pool.wait("dead", 5, START)
    pool.ask(START, patience=2.0)
    assert pool.asking(START + 1.9)
    assert not pool.asking(START + 2.0)
    pool.wait("alive", 1, START + 2.0)
    again = pool.ask(START + 2.0, patience=2.0)
    assert (again.want, again.least) == (1, 1)  # nothing is leased for the dead
    assert GONE_SECONDS < 2.0


def test_answers_that_always_come_after_their_lease_has_ended_are_none() -> None:
    async def work() -> None:
        world = World(delay=3.9)
        world.random.random = lambda: 0.5  # type: ignore[method-assign]
        refusal(await Isolate(world).request(cost="write"), 503)
        assert world.calls[USER] == 2

    run(work)


def test_a_unit_that_ran_out_while_another_limit_was_asked_lets_nobody_through() -> None:
    async def work() -> None:
        world = World(delay=1.0)
        world.random.random = lambda: 0.5  # type: ignore[method-assign]
        key = PRO._replace(credential="k1", per_minute=20)
        refusal(await Isolate(world).request(key), 503)

    run(work)


def test_a_write_waits_for_an_arbiter_that_just_starts() -> None:
    async def work() -> None:
        world = World(delay=8.0)
        world.random.random = lambda: 0.5  # type: ignore[method-assign]
        writing = asyncio.ensure_future(Isolate(world).request(cost="write"))
        await asyncio.sleep(1.0)
        world.delay = 0.004
        assert passed([await writing]) == 1

    run(work)


def test_what_could_not_be_given_back_is_not_given_back_twice() -> None:
    async def work() -> int:
        world = World()
        one = Isolate(world)
        for _ in range(2):
            await one.request()
        await asyncio.sleep(HELD_SECONDS - 0.4)
        world.wrong.add(USER)
        await world.finish()
        world.wrong.clear()
        await asyncio.sleep(3)
        return 2 + await one.at_once(100)

    assert run(work) == 57  # three were leased ahead, and count as used


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 8), st.integers(0, 3), st.integers(1, 25)), max_size=15),
    st.integers(0, 1000),
    st.floats(0, 0.9),
)
def test_whatever_happens_no_minute_sees_more_than_the_limit(
    bursts: list[tuple[float, int, int]], seed: int, delay: float
) -> None:
    async def work() -> int:
        world = World(seed, delay)
        crowd = [Isolate(world) for _ in range(4)]
        sent = []
        for pause, which, count in bursts:
            await asyncio.sleep(pause)
            world.evicting = not world.evicting
            world.clock_error -= world.random.random()  # the arbiters' clock falls behind
            sent += [asyncio.ensure_future(crowd[which].request()) for _ in range(count)]
        await asyncio.gather(*sent)
        return world.most_in_a_minute()

    assert run(work) <= 60


def test_an_isolate_whose_clock_goes_back_uses_nothing_longer_for_it() -> None:
    async def work() -> None:
        world = World()
        one = Isolate(world)
        for _ in range(2):
            await one.request(PRO)
        now = world.clock()
        assert one.allowances.take(PRO, "", "read", now) is not None
        assert one.allowances.take(PRO, "", "read", now - 5) is None

    run(work)
