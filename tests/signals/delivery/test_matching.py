"""From the outbox to deliveries: everything once, whatever runs twice, at once, or dies."""

import asyncio
import sqlite3
from collections.abc import Sequence

import msgspec
import pytest

from common.database import Database, Statement
from signals.delivery.matching import AT_ONCE, match
from tests.signals.delivery.world import STEP, TICK, World
from tests.signals.seeding import Yielding
from tests.support.sqlite import MIGRATIONS, SqliteDatabase


def matched(world: World, database: Database | None = None) -> int:
    return asyncio.run(match(database or world.database, TICK + 20))


def bodies(world: World) -> list[dict[str, object]]:
    rows = world.database.rows("SELECT body FROM webhook_deliveries ORDER BY event_key")
    return [msgspec.json.decode(body) for (body,) in rows]


def test_a_signal_goes_to_every_active_webhook_that_wants_signals() -> None:
    world = World()
    world.hook("a", "signal")
    world.hook("b", "signal", "signal.ended", owner="u2")
    world.hook("c", "alert")
    world.hook("d", "signal", active=0)
    name = world.signal()
    assert matched(world) == 1
    key = f"signal:{name}"
    assert world.deliveries() == [("a", key, "signal", "u1"), ("b", key, "signal", "u2")]


def test_the_message_says_type_time_and_the_signal() -> None:
    world = World()
    world.hook("a", "signal")
    name = world.signal()
    matched(world)
    (body,) = bodies(world)
    assert (body["type"], body["timestamp"]) == ("signal", "2025-10-09T09:15:00Z")
    data = body["data"]
    assert isinstance(data, dict)
    assert (data["id"], data["asset_id"], data["metadata"]) == (
        name,
        "bitcoin",
        {"direction": "up"},
    )


def test_the_end_of_a_signal_is_a_message_of_its_own() -> None:
    world = World()
    world.hook("a", "signal.ended")
    name = world.signal()
    matched(world)
    world.end(name, TICK + STEP)
    matched(world)
    assert world.deliveries() == [("a", f"ended:{name}:{TICK + STEP}", "signal.ended", "u1")]
    (body,) = bodies(world)
    assert body["type"] == "signal.ended"


def test_an_alert_goes_to_the_webhooks_of_its_rule_and_names_the_rule() -> None:
    world = World()
    world.hook("a", "alert")
    world.hook("b", "alert")
    world.hook("deaf", "signal.ended")
    world.hook("foreign", "alert", owner="u2")
    world.hook("off", "alert", active=0)
    world.rule("r", "a", "deaf", "foreign", "off", "missing")
    world.rule("silent")
    name = world.signal()
    matched(world)
    assert world.deliveries() == [("a", f"alert:r:{name}", "alert", "u1")]
    assert world.alerts() == [("r", name, TICK), ("silent", name, TICK)]
    (body,) = bodies(world)
    data = body["data"]
    assert isinstance(data, dict)
    assert data["rule"] == {"rule_id": "r", "name": "r"}
    assert data["signal"]["id"] == name


def test_matching_again_adds_nothing() -> None:
    world = World()
    world.hook("a", "signal", "alert")
    world.rule("r", "a")
    world.signal()
    matched(world)
    before = world.deliveries(), world.alerts()
    assert matched(world) == 0
    assert (world.deliveries(), world.alerts()) == before


def test_ten_runs_at_once_match_once() -> None:
    world = World()
    world.hook("a", "signal", "alert")
    world.rule("r", "a", cooldown_seconds=60)
    names = [world.signal(f"asset-{n}", TICK + STEP * (n // 3)) for n in range(12)]
    slow = Yielding(world.database)

    async def all_at_once() -> None:
        await asyncio.gather(*(match(slow, TICK + 20) for _ in range(10)))

    asyncio.run(all_at_once())
    assert len(world.deliveries()) == 24
    assert [one[1] for one in world.alerts()] == sorted(names)


class Interloper(SqliteDatabase):
    """Between what a run has read and what it writes, another run is through already."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database.connection)
        self._world = world

    async def batch(self, statements: Sequence[Statement]) -> int:
        await match(self._world.database, TICK)
        if not self._world.database.rows("SELECT 1 FROM alert_rules"):
            self._world.rule("made since", "h")
            self._world.hook("h", "signal", "alert")
        return await super().batch(statements)


def test_who_comes_too_late_writes_nothing_not_even_of_what_was_made_since() -> None:
    """The position guards more than the keys: a rule is not applied to what was before it."""
    world = World()
    world.signal()
    matched(world, Interloper(world))
    assert (world.alerts(), world.deliveries()) == ([], [])


def test_a_run_that_dies_leaves_all_of_it_to_the_next() -> None:
    world = World()
    world.hook("a", "signal")
    first, second = world.signal(at=TICK), world.signal(at=TICK + STEP)
    world.database.failures.append(ConnectionError("away"))
    with pytest.raises(ConnectionError):
        matched(world)
    assert world.deliveries() == []
    matched(world)
    assert [one[1] for one in world.deliveries()] == [f"signal:{first}", f"signal:{second}"]


def test_more_than_is_read_at_once_is_matched_to_its_end() -> None:
    world = World()
    world.hook("a", "signal")
    for number in range(AT_ONCE + 10):
        world.signal(f"asset-{number:04d}")
    assert matched(world) == AT_ONCE + 10
    assert len(world.deliveries()) == AT_ONCE + 10


def test_a_tick_without_news_only_moves_the_position() -> None:
    world = World()
    world.hook("a", "signal")
    world.announce("tick:1", "tick", "x", TICK)
    assert matched(world) == 1
    assert world.deliveries() == []
    where = "SELECT outbox_id FROM outbox_positions WHERE reader = 'webhooks'"
    assert world.database.rows(where) == [(1,)]


def test_what_was_announced_before_there_were_webhooks_is_not_sent() -> None:
    """The migration starts the position at the newest row."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    files = sorted(MIGRATIONS.glob("*.sql"))
    for file in files[:4]:
        connection.executescript(file.read_text("utf-8"))
    connection.execute(
        "INSERT INTO outbox (id, event_key, event, payload, created_at)"
        " VALUES (7, 'signal:s', 'signal', 's', 1)"
    )
    for file in files[4:]:
        connection.executescript(file.read_text("utf-8"))
    assert matched(World(SqliteDatabase(connection))) == 0
