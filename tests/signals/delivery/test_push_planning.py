"""Quiet hours, the daily cap and the summary of what they held back: nothing is lost."""

import asyncio
from typing import Any

import pytest

from common.quiet_hours import DAY
from signals.delivery import push_planning, push_sending
from tests.common.test_quiet_hours import at, offset
from tests.signals.delivery.push_world import PushWorld
from tests.signals.seeding import Yielding

BERLIN = "Europe/Berlin"
NIGHT: dict[str, Any] = {"quiet_from": 22 * 60, "quiet_to": 7 * 60, "time_zone": BERLIN}
EVENING = at("2026-11-22 21:45:00")


@pytest.fixture
def world() -> PushWorld:
    made = PushWorld()
    made.device()
    made.at(EVENING)
    return made


def titles(world: PushWorld) -> list[str]:
    return [one["title"] for one in world.shown()]


def test_a_signal_by_day_is_told_at_once_on_every_device(world: PushWorld) -> None:
    world.device("d2")
    world.wants(**NIGHT)
    world.judged()
    assert world.deliver() == 2
    assert len(set(titles(world))) == 1
    assert world.deliver() == 0


def test_what_comes_in_the_night_is_told_in_one_summary_in_the_morning(world: PushWorld) -> None:
    world.wants(**NIGHT)
    for hours, asset in ((1, "bitcoin"), (2, "ethereum"), (3, "solana"), (4, "bitcoin")):
        world.at(EVENING + hours * 3600)
        world.judged(asset)
        assert world.deliver() == 0
    world.at(at("2026-11-23 06:59:59"))
    assert world.deliver() == 0
    world.at(at("2026-11-23 07:00:00"))
    assert world.deliver() == 1
    (shown,) = world.shown()
    assert shown["title"] == "4 signals on 3 assets while it was quiet"
    assert shown["body"].endswith("and 1 more")
    assert (shown["kind"], shown["badge"], shown["url"]) == ("summary", 4, "/signals")
    assert world.deliver() == 0


def test_a_single_signal_of_the_night_is_told_as_itself(world: PushWorld) -> None:
    world.wants(**NIGHT)
    world.at(EVENING + 3600)
    name = world.judged()
    world.deliver()
    world.at(at("2026-11-23 07:00:30"))
    assert world.deliver() == 1
    assert world.shown()[0]["signal_ids"] == [name]


def test_the_night_in_which_the_clock_is_changed_ends_at_seven(world: PushWorld) -> None:
    world.wants(**NIGHT)
    world.at(at("2026-10-25 01:00:00"))
    world.judged()
    world.deliver()
    world.at(at("2026-10-25 06:59:00"))
    assert world.deliver() == 0
    world.at(at("2026-10-25 07:00:00"))
    assert world.deliver() == 1


def test_quiet_hours_that_are_taken_back_end_at_once_and_new_ones_hold_on(
    world: PushWorld,
) -> None:
    world.wants(**NIGHT)
    world.at(EVENING + 3600)
    world.judged()
    world.deliver()
    world.change("UPDATE push_messages SET due_at = 0")  # as new preferences do
    assert world.deliver() == 0
    world.change("UPDATE push_preferences SET quiet_from = NULL, quiet_to = NULL")
    world.change("UPDATE push_messages SET due_at = 0")
    assert world.deliver() == 1


def test_over_the_cap_of_a_day_the_rest_is_told_together_the_next_morning(
    world: PushWorld,
) -> None:
    world.wants(daily_cap=2, **NIGHT)
    world.at(at("2026-11-22 09:00:00"))
    for asset in ("bitcoin", "ethereum", "solana"):
        world.judged(asset)
    assert world.deliver() == 2
    world.at(at("2026-11-22 12:00:00"))
    world.judged("cardano")
    assert world.deliver() == 0
    world.at(at("2026-11-23 00:00:30"))  # a new day, but quiet
    assert world.deliver() == 0
    world.at(at("2026-11-23 07:00:00"))
    world.judged("polkadot")
    assert world.deliver() == 2
    assert "2 signals on 2 assets while it was quiet" in titles(world)


def test_a_new_day_has_a_new_cap(world: PushWorld) -> None:
    world.wants(daily_cap=1, time_zone=BERLIN)
    world.judged("bitcoin")
    world.deliver()
    world.at(EVENING + DAY)
    world.judged("ethereum")
    assert world.deliver() == 1


def test_a_rule_comes_first_where_the_cap_leaves_room_for_one(world: PushWorld) -> None:
    world.wants(daily_cap=1)
    world.rule("My rule", assets='["solana"]')
    for asset in ("bitcoin", "solana"):
        world.judged(asset)
    assert world.deliver() == 1
    assert world.shown()[0]["title"].startswith("My rule: ")


def test_who_switches_them_off_gets_nothing_that_waits(world: PushWorld) -> None:
    world.wants(**NIGHT)
    world.at(EVENING + 3600)
    world.judged()
    world.deliver()
    world.change("UPDATE push_preferences SET enabled = 0")
    world.at(EVENING + DAY)
    assert world.deliver() == 0


def test_two_plans_at_once_tell_everything_once(world: PushWorld) -> None:
    world.wants(**NIGHT)
    for hours, asset in ((1, "bitcoin"), (2, "ethereum")):
        world.at(EVENING + hours * 3600)
        world.judged(asset)
        world.deliver()
    world.at(at("2026-11-23 07:00:00"))
    world.judged("solana")
    world.deliver(key="")  # the webhooks' reader alone

    async def both() -> None:
        database = Yielding(world.database)
        ports = world.push_ports(database=database)
        await asyncio.gather(push_sending.deliver(ports), push_sending.deliver(ports))

    asyncio.run(both())
    assert sorted(one["kind"] for one in world.shown()) == ["signal", "summary"]


def test_nothing_is_asked_for_where_nobody_waits(world: PushWorld) -> None:
    asyncio.run(push_planning.plan(world.database, EVENING, offset))
    assert world.messages() == []
