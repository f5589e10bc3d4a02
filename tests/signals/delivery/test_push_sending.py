"""Sending: encrypted, signed, tried again as the push service wants, and forgotten."""

import asyncio
from typing import Any

import pytest

from common.addresses import RefusedAddress
from common.errors import Retryable
from signals.delivery import push_sending
from signals.delivery.matching import match
from signals.delivery.post import Answered
from signals.delivery.push_due import (
    KEPT_SECONDS,
    LEASE_SECONDS,
    LONGEST_WAIT,
    MESSAGES_KEPT_SECONDS,
    RETRY_SECONDS,
    Tried,
    claim,
    follows,
    record,
    seconds_of,
)
from signals.delivery.push_planning import SIGNAL_SECONDS
from tests.signals.delivery.push_world import SUBJECT, TICK, PushWorld
from tests.signals.seeding import Yielding
from tests.support.web_push import verified


@pytest.fixture
def world() -> PushWorld:
    made = PushWorld()
    made.device()
    made.wants()
    return made


def deliveries(world: PushWorld) -> list[tuple[Any, ...]]:
    return world.database.rows("SELECT state, failures, status FROM push_deliveries")


def device(world: PushWorld) -> tuple[Any, ...] | None:
    rows = world.database.rows(
        "SELECT last_sent_at, failing_since, failure FROM push_subscriptions"
    )
    return rows[0] if rows else None


def test_a_phone_shows_the_sentence_of_the_signal_and_how_far_to_believe_it(
    world: PushWorld,
) -> None:
    name = world.judged(explanation="Bitcoin rose 3.1 % within 15 minutes.")
    assert world.deliver() == 1
    assert world.shown() == [
        {
            "kind": "signal",
            "title": "Bitcoin ↑ price anomaly · 60 % against 33 % by chance",
            "body": "Bitcoin rose 3.1 % within 15 minutes.",
            "tag": f"signal:{name}",
            "url": f"/asset/bitcoin?signal={name}",
            "signal_ids": [name],
            "at": "2025-10-09T09:15:00Z",
            "badge": 1,
        }
    ]
    assert deliveries(world) == [("delivered", 0, 201)]
    assert device(world) == (TICK, None, None)


def test_the_push_service_is_told_who_sends_how_long_and_what_replaces_what(
    world: PushWorld,
) -> None:
    world.judged()
    world.deliver()
    ((_, headers, body),) = world.service.sent
    claims = verified(headers["authorization"])
    assert (claims["aud"], claims["sub"]) == ("https://push.example", SUBJECT)
    assert claims["exp"] <= TICK + 86_400
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == (str(SIGNAL_SECONDS), "high")
    assert len(headers["topic"]) == 32
    assert headers["topic"].replace("-", "").replace("_", "").isalnum()
    assert b"bitcoin" not in body.lower()
    assert "bitcoin" not in str(headers).lower()


def test_a_repeat_has_the_same_topic_and_tag_so_that_the_phone_shows_one(
    world: PushWorld,
) -> None:
    world.judged()
    world.service.answer = lambda _: Answered(503, "")
    world.deliver()
    world.now += RETRY_SECONDS[0]
    world.service.answer = lambda _: Answered(201, "")
    assert world.deliver() == 1
    first, second = world.service.sent
    assert first[1]["topic"] == second[1]["topic"]
    assert len({one["tag"] for one in world.shown()}) == 1
    assert int(second[1]["ttl"]) == SIGNAL_SECONDS - RETRY_SECONDS[0]


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_with_what_waits_for_it(
    world: PushWorld, status: int
) -> None:
    world.judged()
    world.judged("ethereum")
    world.service.answer = lambda _: Answered(status, "")
    world.deliver()
    assert device(world) is None
    assert deliveries(world) == []


def test_a_service_that_asks_for_patience_is_given_it(world: PushWorld) -> None:
    world.judged()
    world.service.answer = lambda _: Answered(429, "slow down", "900")
    world.deliver()
    assert deliveries(world) == [("pending", 1, 429)]
    assert device(world) == (None, TICK, "HTTP 429: slow down")
    world.now += 899
    assert world.deliver() == 0
    world.now += 1
    world.service.answer = lambda _: Answered(201, "")
    assert world.deliver() == 1
    assert device(world) == (TICK + 900, None, None)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 413])
def test_what_is_refused_is_not_sent_again(world: PushWorld, status: int) -> None:
    world.judged()
    world.service.answer = lambda _: Answered(status, "no")
    world.deliver()
    assert deliveries(world) == [("failed", 1, status)]
    world.now += 86_400
    assert world.deliver() == 0


def test_an_address_that_may_not_be_asked_is_given_up_and_an_unreachable_one_tried_again(
    world: PushWorld,
) -> None:
    world.judged()
    world.service.answer = lambda _: RefusedAddress("private")
    world.deliver()
    world.judged("ethereum")
    world.service.answer = lambda _: Retryable("no answer")
    world.deliver()
    assert sorted(deliveries(world)) == [("failed", 1, None), ("pending", 1, None)]


def test_a_notification_is_given_up_when_its_time_is_over(world: PushWorld) -> None:
    world.judged()
    world.service.answer = lambda _: Answered(500, "")
    attempts = 0
    while deliveries(world) == [] or deliveries(world)[0][0] == "pending":
        attempts += world.deliver()
        world.now += 600
    assert 1 < attempts <= len(RETRY_SECONDS) + 1
    assert world.now < TICK + SIGNAL_SECONDS + 3600


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120.0), (" 7 ", 7.0), ("99999999999", float(LONGEST_WAIT)), (None, 0.0),
        ("Thu, 09 Oct 2025 09:20:00 GMT", 300.0), ("Thu, 09 Oct 2025 09:00:00 GMT", 0.0),
        ("soon", 0.0), ("-5", 0.0), ("٣", 0.0),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(told: str | None, seconds: float) -> None:
    assert seconds_of(told, TICK) == seconds


def test_two_senders_at_once_send_each_notification_once(world: PushWorld) -> None:
    for number in range(3):
        world.device(f"more{number}")
    world.judged()
    asyncio.run(match(world.database, TICK))
    ports = world.push_ports(database=Yielding(world.database))

    async def both() -> None:
        await asyncio.gather(push_sending.deliver(ports), push_sending.deliver(ports))

    asyncio.run(both())
    assert len({url for url, _, _ in world.service.sent}) == len(world.service.sent) == 4


def test_whoever_took_longer_than_his_lease_records_nothing(world: PushWorld) -> None:
    world.judged()
    world.service.answer = lambda _: Retryable("slow")
    world.deliver()
    world.now += 3600
    (due,) = asyncio.run(claim(world.database, int(world.now), 9))
    tried = Tried(201)
    then = follows(due, tried, int(world.now), 0.0)
    late = record(due, int(world.now) + LEASE_SECONDS - 1, tried, then, int(world.now))
    asyncio.run(world.database.batch(late))
    assert deliveries(world)[0][0] == "pending"


def test_without_a_key_nothing_is_noted_and_nothing_sent(world: PushWorld) -> None:
    world.judged()
    assert world.deliver(key="") == 0
    assert world.messages() == []


def test_what_is_done_with_is_forgotten_after_a_while(world: PushWorld) -> None:
    world.judged()
    world.deliver()
    world.now += KEPT_SECONDS + 1
    asyncio.run(push_sending.sweep(world.push_ports()))
    assert deliveries(world) == []
    assert len(world.messages()) == 1
    world.now += MESSAGES_KEPT_SECONDS
    asyncio.run(push_sending.sweep(world.push_ports()))
    assert world.messages() == []


def test_who_wants_no_badges_is_sent_none_and_what_is_read_does_not_count(
    world: PushWorld,
) -> None:
    world.judged()
    world.deliver()
    world.change("UPDATE push_messages SET read_at = 1")
    world.judged("ethereum")
    world.deliver()
    world.change("UPDATE push_preferences SET badges = 0")
    world.judged("solana")
    world.deliver()
    assert [one.get("badge") for one in world.shown()] == [1, 1, None]


def test_a_device_that_changed_hands_gets_nothing_of_who_had_it_before(world: PushWorld) -> None:
    world.judged()
    world.service.answer = lambda _: Retryable("later")
    world.deliver()
    world.change("UPDATE push_subscriptions SET owner = 'u2'")
    world.now += 3600
    world.service.sent.clear()
    world.deliver()
    assert world.service.sent == []
