"""Delivery beside a tick and by the cron: how long it goes on, what it keeps and cannot break."""

import asyncio

import pytest

from common.log import Logger
from signals.delivery.sending import IN_A_ROUND, Ports, deliver, sweep
from signals.detectors import DETECTORS
from signals.pipeline import detect
from tests.signals.delivery.world import TICK, World
from tests.signals.seeding import START, STEP, ListHub, add_asset, quiet

DAY = 86_400


def run(world: World) -> int:
    return asyncio.run(deliver(world.ports(), seconds=0))


@pytest.fixture
def world() -> World:
    made = World()
    made.hook("h", "signal")
    return made


def test_attempts_are_kept_to_the_last_twenty(world: World) -> None:
    name = world.delivery("h")
    world.receiver.answers = lambda _: 500
    for number in range(25):
        world.change("UPDATE webhook_deliveries SET next_at = 0, failures = 0, state = 'pending'")
        world.now = TICK + float(number)
        run(world)
    attempts = world.state(name)["attempts"]
    assert len(attempts) == 20
    assert attempts[-1]["at"] == "2025-10-09T09:15:24Z"


def test_what_was_done_with_a_month_ago_is_forgotten(world: World) -> None:
    old = f"{TICK - 31 * DAY:010d}-{1:016x}"
    world.delivery("h", 1, delivery_id=old, state="delivered")
    world.delivery("h", 2, delivery_id=f"{TICK - 31 * DAY:010d}-{2:016x}", next_at=TICK + 9)
    recent = world.delivery("h", 3, state="failed")
    asyncio.run(sweep(world.ports()))
    kept = world.database.rows("SELECT event_key FROM webhook_deliveries ORDER BY 1")
    assert kept == [("key:2",), ("key:3",)]
    assert world.state(recent)["state"] == "failed"


def test_the_cron_goes_on_round_after_round_while_something_is_due(world: World) -> None:
    for number in range(2 * IN_A_ROUND + 5):
        world.delivery(world.hook(f"h{number}"), number)
    assert asyncio.run(sweep(world.ports())) == 2 * IN_A_ROUND + 5


def test_no_further_round_is_begun_when_the_time_is_over(world: World) -> None:
    for number in range(2 * IN_A_ROUND):
        world.delivery(world.hook(f"h{number}"), number)

    def slowly(_: str) -> int:
        world.now += 1
        return 200

    world.receiver.answers = slowly
    assert asyncio.run(deliver(world.ports(), seconds=5)) == IN_A_ROUND
    assert asyncio.run(deliver(world.ports(), seconds=5)) == IN_A_ROUND


def jump(world: World) -> int:
    """A past without events and then one; return the tick that finds it."""
    prices = [*quiet(400), 140.0]
    add_asset(world.database, 1, prices)
    return START + (len(prices) - 1) * STEP


def signals_of(hub: ListHub) -> list[str]:
    return [event["key"] for event in hub.events if event["key"].startswith("signal:")]


def tick(world: World, at: int, hub: ListHub, ports: Ports | None) -> None:
    log = Logger("signal-detection", lambda: float(at), lambda line: world.told.append(line))
    asyncio.run(
        detect(
            at, at + 20, DETECTORS, world.database, hub, log,
            None if ports is None else lambda: deliver(ports),
        )
    )  # fmt: skip


def test_a_ticks_signal_is_sent_within_the_tick_after_it_was_published() -> None:
    world, hub = World(), ListHub()
    world.hook("h", "signal", "alert")
    world.rule("r", "h")
    at = jump(world)
    tick(world, at - STEP, hub, world.ports())
    assert world.receiver.sent == []
    tick(world, at, hub, world.ports())
    (name,) = signals_of(hub)
    kinds = [body[:16] for _, _, body in world.receiver.sent]
    assert sorted(kinds) == [b'{"type":"alert",', b'{"type":"signal"']
    assert [one[1] for one in world.alerts()] == [name.removeprefix("signal:")]
    tick(world, at, hub, world.ports())
    assert len(world.receiver.sent) == 2


def test_whatever_breaks_in_delivery_the_tick_is_done_and_the_cron_makes_up_for_it() -> None:
    world, hub = World(), ListHub()
    world.hook("h", "signal")
    at = jump(world)
    broken = World()
    broken.database.connection.execute("DROP TABLE outbox_positions")
    tick(world, at, hub, broken.ports())
    assert len(signals_of(hub)) == 1
    assert any("delivery failed" in line for line in world.told)
    assert world.receiver.sent == []
    world.now = float(at + 60)
    asyncio.run(sweep(world.ports()))
    assert len(world.receiver.sent) == 1
