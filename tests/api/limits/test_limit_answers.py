"""What a caller is told, which limits hold for whom, and the view in KV."""

import asyncio

import pytest

from api.limits.allowance import view_key
from api.limits.plans import EVERYONE, PLANS, address_subject, limits_of
from api.limits.refusals import Standing, headers
from api.principal import GUEST, Principal
from tests.api.limits.isolates import FREE, PRO, START, Isolate, World, passed, refusal, run


def test_every_answer_has_the_limit_what_is_left_and_when_more_is_free() -> None:
    assert headers(Standing(60, 12, 41.2)) == {
        "ratelimit-limit": "60", "ratelimit-remaining": "12", "ratelimit-reset": "42",
    }  # fmt: skip


def test_what_is_left_counts_down_by_one_a_request() -> None:
    async def work() -> list[int]:
        one, left = Isolate(World()), []
        for _ in range(6):
            standing = await one.request()
            assert isinstance(standing, Standing)
            assert 0 < standing.reset_seconds <= 60
            left.append(standing.remaining)
        return left

    assert run(work) == [59, 58, 57, 56, 55, 54]


def test_a_unit_counts_for_sixty_seconds_and_while_none_is_left_until_one_is_free() -> None:
    async def work() -> None:
        one = Isolate(World())
        for _ in range(60):
            last = await one.request(cost="read")
        assert isinstance(last, Standing)
        assert (last.remaining, 60 < last.reset_seconds <= 63) == (0, True)
        await asyncio.sleep(last.reset_seconds)
        assert passed([await one.request()]) == 1

    run(work)


def test_a_refusal_says_which_limit_whose_and_until_when() -> None:
    async def work() -> None:
        world = World()
        one = Isolate(world)
        await one.at_once(60)
        problem = refusal(await one.request())
        assert problem.kind == "rate-limited"
        assert problem.extra == {
            "limit": 60, "window_seconds": 60, "scope": "user", "cost": "read",
            "reset_at": "2026-11-20T12:01:04Z",
        }  # fmt: skip
        assert problem.headers == {
            "retry-after": "63", "ratelimit-limit": "60", "ratelimit-remaining": "0",
            "ratelimit-reset": "63",
        }  # fmt: skip
        assert problem.detail == (
            "Your account may make 60 read requests in any 60 seconds;"
            " wait until 2026-11-20T12:01:04Z."
        )

    run(work)


@pytest.mark.parametrize("cost", ["read", "heavy", "write", "login"])
def test_who_waits_as_long_as_was_said_is_let_through(cost: str) -> None:
    async def work() -> None:
        one = Isolate(World())
        await one.at_once(130, cost=cost)
        problem = refusal(await one.request(cost=cost))
        await asyncio.sleep(int(problem.headers["retry-after"]) - 1.5)
        refusal(await one.request(cost=cost))
        await asyncio.sleep(1.5)
        assert passed([await one.request(cost=cost)]) == 1

    run(work)


def test_a_key_with_a_limit_of_its_own_is_counted_besides_its_user() -> None:
    key = PRO._replace(credential="k1", per_minute=20)

    async def work() -> None:
        one = Isolate(World())
        assert await one.at_once(50, key) == 20
        problem = refusal(await one.request(key))
        assert (problem.extra["scope"], problem.extra["limit"]) == ("key", 20)
        assert await one.at_once(1000, PRO) == 580

    run(work)


def test_a_key_lowers_the_limit_of_reads_and_raises_none() -> None:
    key = Principal("u1", "viewer", "free", credential="k1", per_minute=1000)
    assert [one.per_minute for one in limits_of(key, "", "read")[:-1]] == [60, 60]
    assert [one.subject for one in limits_of(key, "", "write")] == ["user:u1", "everyone"]


def test_guests_are_counted_by_address_and_users_wherever_they_are() -> None:
    async def work() -> None:
        one = Isolate(World())
        for address in ("198.51.100.1", "198.51.100.2"):
            outcomes = [await one.request(GUEST, address=address) for _ in range(70)]
            assert passed(outcomes) == 60
            assert refusal(outcomes[-1]).extra["scope"] == "address"
        assert passed([await one.request(FREE, address=f"{n}") for n in range(70)]) == 60

    run(work)


def test_the_addresses_of_one_subscriber_are_one() -> None:
    assert address_subject("2001:db8:1:2::1") == address_subject("2001:db8:1:2:ffff::9")
    assert address_subject("2001:db8:1:2::1") != address_subject("2001:db8:1:3::1")
    assert address_subject("::ffff:198.51.100.7") == address_subject("198.51.100.7")
    assert address_subject("198.51.100.7") != address_subject("198.51.100.8")


@pytest.mark.parametrize("address", ["198.51.100.7", "unknown", "", "2001:db8::1", "\ud800"])
def test_no_address_can_be_read_from_a_subject(address: str) -> None:
    subject = address_subject(address)
    assert len(subject) == len("address:") + 32
    assert not address or address not in subject


def test_the_daily_quota_refuses_until_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLANS, "free", PLANS["free"]._replace(per_day=70))

    async def work() -> None:
        one = Isolate(World())
        assert await one.at_once(100) == 60
        await asyncio.sleep(70)
        standing = await one.request()
        assert isinstance(standing, Standing)
        assert (standing.limit, standing.remaining) == (70, 9)
        assert await one.at_once(100) == 9
        problem = refusal(await one.request())
        assert problem.extra == {
            "limit": 70, "window_seconds": 86_400, "scope": "user", "cost": "read",
            "reset_at": "2026-11-21T00:00:00Z",
        }  # fmt: skip
        assert "70 requests a day (UTC)" in problem.detail
        await asyncio.sleep(43_200)
        assert await one.at_once(100) == 60

    run(work)


def test_a_request_may_count_as_many_and_goes_through_whole_or_not_at_all() -> None:
    async def work() -> None:
        one = Isolate(World())
        assert passed([await one.request(units=50)]) == 1
        refusal(await one.request(units=50))
        assert passed([await one.request(units=5) for _ in range(4)]) == 2

    run(work)


def test_a_request_that_counts_as_more_than_the_limit_is_told_so() -> None:
    async def work() -> None:
        problem = refusal(await Isolate(World()).request(cost="heavy", units=7))
        assert "counts as 7" in problem.detail

    run(work)


def test_another_plan_holds_at_once() -> None:
    async def work() -> None:
        one = Isolate(World())
        assert await one.at_once(100, FREE) == 60
        assert await one.at_once(100, PRO) == 100

    run(work)


def test_a_plan_that_is_not_known_has_the_limits_of_the_free_one() -> None:
    assert limits_of(FREE._replace(plan="gold"), "", "read") == limits_of(FREE, "", "read")
    assert limits_of(FREE, "", "read")[-1] == EVERYONE


def test_the_view_in_kv_is_written_at_most_every_ten_seconds() -> None:
    async def work() -> list[tuple[str, str, int]]:
        world = World()
        one = Isolate(world)
        for _ in range(25):
            await one.request(PRO, cost="write")
            await asyncio.sleep(1.0)
        return world.kv

    written = run(work)
    assert [value for _, value, _ in written] == ["1", "11", "21"]
    assert {key for key, *_ in written} == {view_key("u1", START)}
    assert view_key("u1", START) == f"rate_limit:u1:{int(START) // 60}"
    assert {seconds for *_, seconds in written} == {120}


def test_guests_are_not_in_the_view() -> None:
    async def work() -> int:
        world = World()
        await Isolate(world).request(GUEST)
        return len(world.kv)

    assert run(work) == 0
