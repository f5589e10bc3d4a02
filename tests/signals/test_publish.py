"""From the outbox to the hub: in order, all of it, and never lost."""

import asyncio

import msgspec
import pytest

from signals.publish import publish
from tests.signals.seeding import START, ListHub, add_asset, quiet
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def announce(database: SqliteDatabase, key: str, event: str, payload: str) -> None:
    database.connection.execute(
        "INSERT INTO outbox (event_key, event, payload, created_at) VALUES (?, ?, ?, ?)",
        (key, event, payload, START),
    )


def insert_signal(database: SqliteDatabase, identifier: str) -> None:
    database.connection.execute(
        "INSERT INTO signals (id, type, asset_id, symbol, explanation, metadata, created_at,"
        " event_id, score, known_at) VALUES (?, 'price_anomaly', 'asset-1', 'ASSET-1',"
        " 'ASSET-1 +6.1 %', '{\"direction\": \"up\"}', ?, 'e1', 1.5, ?)",
        (identifier, START, START + 900),
    )


def undelivered(database: SqliteDatabase) -> list[str]:
    rows = database.rows("SELECT event_key FROM outbox WHERE delivered_at IS NULL ORDER BY id")
    return [row[0] for row in rows]


def test_an_empty_outbox_asks_the_hub_nothing(database: SqliteDatabase) -> None:
    hub = ListHub(failures=1)
    assert asyncio.run(publish(database, hub, START)) == 0


def test_a_tick_carries_the_market_as_it_is(database: SqliteDatabase) -> None:
    add_asset(database, 1, [100.0, 101.5])
    announce(database, "tick:1", "tick", "2025-10-09T09:00:00Z")
    hub = ListHub()
    assert asyncio.run(publish(database, hub, START)) == 1
    body = msgspec.json.decode(hub.events[0]["body"])
    assert (body["event"], body["tick"]) == ("tick", "2025-10-09T09:00:00Z")
    rows = [dict(zip(body["columns"], row, strict=True)) for row in body["rows"]]
    assert [(a["asset_id"], a["price"]) for a in rows] == [("asset-1", 101.5)]


def test_a_tick_without_any_asset_carries_an_empty_market(database: SqliteDatabase) -> None:
    announce(database, "tick:1", "tick", "2025-10-09T09:00:00Z")
    hub = ListHub()
    asyncio.run(publish(database, hub, START))
    assert msgspec.json.decode(hub.events[0]["body"])["rows"] == []


def test_a_signal_carries_its_stored_row(database: SqliteDatabase) -> None:
    add_asset(database, 1, quiet(1))
    insert_signal(database, "s1")
    announce(database, "signal:s1", "signal", "s1")
    hub = ListHub()
    asyncio.run(publish(database, hub, START))
    body = msgspec.json.decode(hub.events[0]["body"])
    assert body["event"] == "signal"
    assert body["signal"] == {
        "id": "s1",
        "type": "price_anomaly",
        "asset_id": "asset-1",
        "symbol": "ASSET-1",
        "name": "Asset-1",
        "confidence_score": None,
        "created_at": "2025-10-09T09:00:00Z",
        "ended_at": None,
        "known_at": "2025-10-09T09:15:00Z",
        "event_id": "e1",
        "explanation": "ASSET-1 +6.1 %",
        "metadata": {"direction": "up"},
    }


def test_the_end_of_a_signal_carries_its_row_with_the_end(database: SqliteDatabase) -> None:
    insert_signal(database, "s1")
    database.connection.execute("UPDATE signals SET ended_at = ?", (START + 3600,))
    announce(database, "ended:s1:1", "ended", "s1")
    hub = ListHub()
    asyncio.run(publish(database, hub, START))
    body = msgspec.json.decode(hub.events[0]["body"])
    assert (body["event"], body["signal"]["id"]) == ("ended", "s1")
    assert body["signal"]["ended_at"] == "2025-10-09T10:00:00Z"


def test_events_are_delivered_in_their_order_and_marked_with_the_time(
    database: SqliteDatabase,
) -> None:
    for key in ("tick:1", "tick:2", "tick:3"):
        announce(database, key, "tick", key)
    hub = ListHub()
    assert asyncio.run(publish(database, hub, START + 20)) == 3
    assert hub.keys() == ["tick:1", "tick:2", "tick:3"]
    assert database.rows("SELECT DISTINCT delivered_at FROM outbox") == [(START + 20,)]
    assert asyncio.run(publish(database, hub, START + 30)) == 0


def test_what_the_hub_did_not_take_stays_undelivered(database: SqliteDatabase) -> None:
    announce(database, "tick:1", "tick", "x")
    hub = ListHub(failures=1)
    with pytest.raises(ConnectionError):
        asyncio.run(publish(database, hub, START))
    assert undelivered(database) == ["tick:1"]
    assert asyncio.run(publish(database, hub, START)) == 1
    assert hub.keys() == ["tick:1"]


def test_a_failure_to_note_the_delivery_repeats_it_under_the_same_key(
    database: SqliteDatabase,
) -> None:
    announce(database, "tick:1", "tick", "x")
    hub = ListHub()
    database.failures.append(RuntimeError("lost"))
    with pytest.raises(RuntimeError):
        asyncio.run(publish(database, hub, START))
    asyncio.run(publish(database, hub, START))
    assert hub.keys() == ["tick:1", "tick:1"]
    assert undelivered(database) == []


def test_a_full_outbox_is_delivered_to_the_end(database: SqliteDatabase) -> None:
    for number in range(250):
        insert_signal(database, f"s{number:03d}")
        announce(database, f"signal:s{number:03d}", "signal", f"s{number:03d}")
    hub = ListHub()
    assert asyncio.run(publish(database, hub, START)) == 250
    assert hub.keys() == [f"signal:s{number:03d}" for number in range(250)]
    assert undelivered(database) == []
