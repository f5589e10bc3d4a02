"""Sending: claimed once, signed, tried again on schedule, given up, switched off."""

import asyncio
from typing import Any

import msgspec
import pytest

from common import webhook_signing as signing
from common.addresses import RefusedAddress
from common.errors import Retryable
from signals.delivery.due import FOR_ONE_WEBHOOK, LEASE_SECONDS, RETRY_SECONDS, follows
from signals.delivery.due import Due as DueDelivery
from signals.delivery.sending import AT_ONCE, IN_A_ROUND, deliver
from tests.signals.delivery.world import KEY, TICK, URL, World
from tests.signals.seeding import Yielding

DAY = 86_400


def run(world: World, **more: Any) -> int:
    return asyncio.run(deliver(world.ports(**more), seconds=0))


@pytest.fixture
def world() -> World:
    made = World()
    made.hook("h", "signal")
    return made


def test_a_delivery_is_signed_and_its_success_recorded(world: World) -> None:
    name = world.delivery("h")
    assert run(world) == 1
    ((url, headers, body),) = world.receiver.sent
    assert (url, body) == (URL, b'{"type":"signal"}')
    secret = signing.secret_of(KEY, "h", 1)
    assert signing.verify([secret], headers, body, world.now) == (name, TICK)
    row = world.state(name)
    assert (row["state"], row["delivered_at"], row["failures"]) == ("delivered", TICK, 0)
    assert row["attempts"] == [
        {"at": "2025-10-09T09:15:00Z", "status": 200, "milliseconds": 0, "error": None,
         "answer": "ok"}
    ]  # fmt: skip
    assert run(world) == 0


def test_for_a_day_after_a_rotation_both_secrets_sign(world: World) -> None:
    world.change("UPDATE webhooks SET secret_version = 2, rotated_at = ?", TICK - 100)
    world.delivery("h")
    run(world)
    headers, body = world.receiver.sent[0][1:]
    for version in (1, 2):
        secret = signing.secret_of(KEY, "h", version)
        assert signing.verify([secret], headers, body, TICK)


def test_every_retry_comes_at_its_step_and_then_no_more(world: World) -> None:
    name = world.delivery("h")
    world.receiver.answers = lambda _: 500
    waits = []
    for _ in RETRY_SECONDS:
        assert run(world) == 1
        row = world.state(name)
        waits.append(row["next_at"] - int(world.now))
        assert row["state"] == "pending"
        world.now = row["next_at"] - 1.0
        assert run(world) == 0
        world.now += 1
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000]
    assert run(world) == 1
    row = world.state(name)
    assert (row["state"], row["failures"], len(row["attempts"])) == ("failed", 7, 7)
    assert row["attempts"][0]["error"] == "HTTP 500"
    world.now += 30 * DAY
    assert run(world) == 0


def test_jitter_only_draws_a_wait_out_by_at_most_a_fifth() -> None:
    due = DueDelivery("d", "h", "{}", 1, URL, 1, None, None)
    assert follows(due, 500, TICK, 0.0).next_at == TICK + 300
    assert follows(due, 500, TICK, 1.0).next_at == TICK + 360


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (302, "HTTP 302, redirects are not followed"),
        (404, "HTTP 404"),
        (100, "HTTP 100"),
        (Retryable("no answer within 10 seconds"), "no answer within 10 seconds"),
        (RefusedAddress("The name leads to 10.0.0.1"), "The name leads to 10.0.0.1"),
    ],
)
def test_anything_but_a_2xx_is_a_failure_that_says_what_it_was(
    world: World, answer: int | Exception, error: str
) -> None:
    name = world.delivery("h")
    world.receiver.answers = lambda _: answer
    run(world)
    row = world.state(name)
    assert (row["state"], row["attempts"][0]["error"]) == ("pending", error)
    assert world.hook_row("h")["failing_since"] == TICK


def test_a_success_ends_the_failing_of_a_webhook(world: World) -> None:
    world.change("UPDATE webhooks SET failing_since = ?", TICK - 10)
    world.delivery("h")
    run(world)
    assert world.hook_row("h")["failing_since"] is None


@pytest.mark.parametrize(("days", "off"), [(5, True), (4.99, False)])
def test_a_webhook_that_failed_for_five_days_is_switched_off_and_says_so(
    world: World, days: float, off: bool
) -> None:
    world.change("UPDATE webhooks SET failing_since = ?", int(TICK - days * DAY))
    name, waiting = world.delivery("h", 1), world.delivery("h", 2, next_at=TICK + 60)
    world.receiver.answers = lambda _: 500
    run(world)
    row = world.hook_row("h")
    assert bool(row["active"]) is not off
    if not off:
        return
    assert (row["switched_off_at"], row["switched_off_reason"]) == (
        TICK, "every attempt failed for 5 days",
    )  # fmt: skip
    assert [world.state(one)["state"] for one in (name, waiting)] == ["failed", "failed"]
    assert world.lines[-1]["message"] == "webhook switched off"


def test_gone_switches_a_webhook_off_at_once(world: World) -> None:
    name, waiting = world.delivery("h", 1), world.delivery("h", 2, next_at=TICK + 60)
    world.receiver.answers = lambda _: 410
    run(world)
    row = world.hook_row("h")
    assert (row["active"], row["switched_off_reason"]) == (0, "it answered 410 Gone")
    assert [world.state(one)["state"] for one in (name, waiting)] == ["failed", "failed"]
    assert run(world) == 0


def test_a_cron_and_ticks_at_once_send_everything_once(world: World) -> None:
    names = [world.delivery(world.hook(f"h{n}"), n) for n in range(20)]
    slow = Yielding(world.database)

    async def all_at_once() -> None:
        await asyncio.gather(*(deliver(world.ports(slow), seconds=5) for _ in range(5)))

    asyncio.run(all_at_once())
    assert sorted(world.receiver.ids()) == names


def test_who_died_while_sending_gives_it_back_when_the_lease_ends(world: World) -> None:
    name = world.delivery("h", claimed_until=TICK + LEASE_SECONDS)
    assert run(world) == 0
    world.now += LEASE_SECONDS
    assert run(world) == 1
    assert world.state(name)["state"] == "delivered"


def test_who_took_longer_than_the_lease_records_nothing(world: World) -> None:
    name = world.delivery("h")

    def taken_over(_: str) -> int:
        world.change("UPDATE webhook_deliveries SET claimed_until = ?", TICK + 1000)
        return 500

    world.receiver.answers = taken_over
    run(world)
    assert (world.state(name)["attempts"], world.state(name)["failures"]) == ([], 0)


def test_at_most_six_are_sent_at_once_and_few_of_them_to_one_webhook(world: World) -> None:
    for number in range(FOR_ONE_WEBHOOK + 3):
        world.delivery("h", number)
    for number in range(100, 140):
        world.delivery(world.hook(f"h{number}"), number)
    world.receiver.waits = 20
    assert run(world) == IN_A_ROUND
    assert world.receiver.most_at_once == AT_ONCE
    assert sum(one.endswith(f"{n:016x}") for one in world.receiver.ids() for n in range(7)) == 4


def test_tests_and_replays_go_before_what_waits(world: World) -> None:
    for number in range(30):
        world.delivery(world.hook(f"h{number}"), number, next_at=1)
    name = world.delivery("h", 99, next_at=0)
    asyncio.run(deliver(world.ports(), AT_ONCE, 0))
    assert name in world.receiver.ids()
    assert len(world.receiver.sent) == AT_ONCE


def test_an_answer_that_could_not_be_recorded_costs_the_others_nothing(world: World) -> None:
    names = [world.delivery(world.hook(f"h{n}"), n) for n in range(3)]
    world.database.failures.append(ConnectionError("away"))
    world.announce("tick:0", "tick", "x", TICK - 1)
    with pytest.raises(ConnectionError):  # of matching: nothing was claimed
        run(world)
    run(world)
    assert {world.state(one)["state"] for one in names} == {"delivered"}
    again = world.delivery("h", 50)
    world.database.failures.append(ConnectionError("away"))
    run(world)
    assert world.state(again)["state"] == "pending"
    assert "comes again" in world.lines[-1]["message"]


def test_without_a_key_nothing_is_sent_and_nothing_lost(world: World) -> None:
    name = world.delivery("h")
    run(world, key="")
    assert world.receiver.sent == []
    assert world.state(name)["state"] == "pending"
    assert "WEBHOOK_SECRET_KEY" in world.lines[-1]["metadata"]["error"]


def test_no_secret_and_no_address_is_ever_logged(world: World) -> None:
    world.change("UPDATE webhooks SET failing_since = 1")
    world.delivery("h", 1)
    world.receiver.answers = lambda _: 500
    world.database.failures += []
    run(world)
    world.change("UPDATE webhooks SET active = 1")
    world.delivery("h", 2)
    world.database.failures.append(ConnectionError("away"))
    run(world)
    told = msgspec.json.encode(world.lines).decode()
    assert len(world.lines) == 2
    for hidden in (signing.secret_of(KEY, "h", 1), KEY, "token", "hooks.example"):
        assert hidden not in told
