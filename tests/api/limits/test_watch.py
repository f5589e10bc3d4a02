"""What an isolate reports of addresses, and whom it challenges."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.limits.plans import address_subject
from api.limits.protocol import Report
from api.limits.suspicion import Sights
from api.limits.watch import MOST_ADDRESSES, absorb_flood
from common.errors import Problem, Retryable
from tests.api.limits.isolates import HERE, Isolate, World, run

DASHBOARD = "https://app.example/"
SUBJECT = address_subject(HERE)


def see(one: Isolate, count: int, status: int = 404, path: str = "/x", key: str = "") -> None:
    outside: Any = one.world
    for _ in range(count):
        one.watch.note(HERE, status, path, key, one.world.clock(), outside)


def admit(one: Isolate, address: str = HERE) -> Problem | None:
    outside: Any = one.world
    try:
        one.watch.admit(address, one.world.clock(), outside, DASHBOARD)
    except Problem as problem:
        return problem
    return None


async def challenge(one: Isolate) -> None:
    see(one, 100)
    await one.world.finish()
    assert admit(one) is not None


def test_a_burst_is_one_report_and_then_the_address_is_challenged() -> None:
    async def work() -> None:
        one = Isolate(World())
        see(one, 60)
        assert not one.watch.challenged(HERE, one.world.clock())
        assert admit(one) is None
        await one.world.finish()
        assert one.watch.challenged(HERE, one.world.clock())
        assert one.world.calls[SUBJECT] <= 2

    run(work)


def test_who_is_challenged_is_told_where_to_go() -> None:
    async def work() -> None:
        one = Isolate(World())
        await challenge(one)
        problem = admit(one)
        assert problem is not None
        assert (problem.status, problem.kind) == (403, "challenge-needed")
        assert problem.extra == {"challenge_url": "https://app.example/challenge"}
        assert admit(one, "203.0.113.9") is None

    run(work)


def test_what_several_isolates_see_of_an_address_adds_up() -> None:
    async def work() -> None:
        world = World()
        crowd = [Isolate(world) for _ in range(4)]
        for one in crowd:
            see(one, 15)
        await world.finish()
        see(crowd[0], 1)
        await world.finish()
        assert admit(crowd[0]) is not None

    run(work)


@pytest.mark.parametrize(
    ("status", "path", "key"),
    [(200, "/x", ""), (400, "/x", ""), (429, "/x", ""), (500, "/x", ""), (200, "/.env", "")],
)
def test_what_is_no_sign_of_anything_makes_no_call(status: int, path: str, key: str) -> None:
    async def work() -> int:
        one = Isolate(World())
        see(one, 1000, status, path, key)
        await one.world.finish()
        return sum(one.world.calls.values())

    assert run(work) == 0


def test_paths_and_keys_are_signs_too() -> None:
    async def work() -> None:
        world = World()
        one = Isolate(world)
        see(one, 6, 400, "/.env")
        await world.finish()
        assert admit(one) is not None
        other = Isolate(World())
        for number in range(25):
            see(other, 3, 200, "/x", f"key {number}")
        await other.world.finish()
        assert admit(other) is not None

    run(work)


def test_the_refusal_of_a_challenged_address_does_not_prolong_its_challenge() -> None:
    async def work() -> None:
        one = Isolate(World())
        await challenge(one)
        for _ in range(200):
            if admit(one) is not None:
                see(one, 5, 403)
            await asyncio.sleep(1.0)
        assert admit(one) is None

    run(work)


def test_a_passed_challenge_is_seen_within_seconds() -> None:
    async def work() -> None:
        one = Isolate(World())
        await challenge(one)
        report = Report(sights=Sights(), passed=True)
        await one.world.limiter(SUBJECT, msgspec.json.encode(report).decode())
        await asyncio.sleep(2.0)
        admit(one)  # asks behind the answer
        await one.world.finish()
        assert admit(one) is None

    run(work)


def test_a_challenged_address_that_comes_again_and_again_is_asked_about_every_two_seconds() -> None:
    async def work() -> int:
        one = Isolate(World())
        await challenge(one)
        before = one.world.calls[SUBJECT]
        for _ in range(100):
            admit(one)
            await asyncio.sleep(0.1)
        return one.world.calls[SUBJECT] - before

    assert 3 <= run(work) <= 6


def test_nobody_is_challenged_while_the_arbiter_is_away() -> None:
    async def work() -> None:
        one = Isolate(World())
        one.world.wrong.add(SUBJECT)
        see(one, 100)
        await one.world.finish()
        assert admit(one) is None
        one.world.wrong.clear()
        see(one, 100)
        await one.world.finish()
        assert admit(one) is not None

    run(work)


def test_a_report_that_died_with_its_request_is_made_by_another_one() -> None:
    async def work() -> None:
        one = Isolate(World())
        keep = one.world.later
        one.world.later = lambda work: work.close()  # type: ignore[attr-defined,method-assign]
        see(one, 60)
        one.world.later = keep  # type: ignore[method-assign]
        see(one, 1)
        assert one.world.behind == []
        await asyncio.sleep(11)
        see(one, 1)
        await one.world.finish()
        assert admit(one) is not None

    run(work)


def test_many_addresses_do_not_fill_the_memory() -> None:
    async def work() -> int:
        one = Isolate(World())
        outside: Any = one.world
        one.world.later = lambda work: work.close()  # type: ignore[attr-defined,method-assign]
        for number in range(MOST_ADDRESSES + 10):
            one.watch.note(str(number), 404, "/x", "", one.world.clock(), outside)
        return len(one.watch._addresses)

    assert run(work) <= MOST_ADDRESSES


@pytest.mark.parametrize(("says", "status"), [(True, 429), (False, 0), (Retryable("away"), 0)])
def test_a_flood_is_refused_before_anything_else(says: bool | Exception, status: int) -> None:
    class Platform:
        async def flooding(self, address: str) -> bool:
            if isinstance(says, Exception):
                raise says
            return says

    outside: Any = Platform()
    try:
        asyncio.run(absorb_flood(HERE, outside))
    except Problem as problem:
        assert (problem.status, problem.kind, problem.headers) == (
            status, "flooding", {"retry-after": "60"},
        )  # fmt: skip
    else:
        assert status == 0
