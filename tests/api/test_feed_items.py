"""/feeds/{feed_id}/items: what was collected from a feed, for its owner."""

from typing import Any

import pytest

from api.identity.api_keys import hash_secret
from common.times import iso
from tests.api.calling import NOW, PEPPER, TICK, Caller, insert
from tests.api.posting import FEEDS, NEWS, OTHER, SECRET, kind, registered
from tests.support.sqlite import SqliteDatabase


def insert_reading(
    database: SqliteDatabase, number: int, source: str, key: str, tick: int, value: float
) -> None:
    database.connection.execute(
        "INSERT OR IGNORE INTO series (series_no, source, kind, key, name, about)"
        " VALUES (?, ?, 'custom', ?, ?, '{\"unit\":\"USD\"}')",
        (number, source, key, key.title()),
    )
    insert(
        database, "readings", id=number << 26 | tick // 60, value=value, observed_at=tick - 30
    )  # fmt: skip


@pytest.fixture
def feed_id(ask: Caller, database: SqliteDatabase) -> str:
    """A feed of readings: series a, three ticks, and b, one; and a series of somebody else."""
    made = registered(ask)
    for back, value in ((1800, 1.0), (900, 2.0), (0, 3.0)):
        insert_reading(database, 1, f"feed:{made}", "a", TICK - back, value)
    insert_reading(database, 2, f"feed:{made}", "b", TICK - 900, 9.5)
    insert_reading(database, 3, "feed:another", "a", TICK, 77.0)
    return made


def items(ask: Caller, feed_id: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask.data(f"{FEEDS}/{feed_id}/items{query}")
    return found


def test_items_are_the_newest_reading_of_each_series(ask: Caller, feed_id: str) -> None:
    first, second = items(ask, feed_id)
    assert first == {
        "key": "a", "name": "A", "value": 3.0, "unit": "USD", "tick": iso(TICK),
        "observed_at": iso(TICK - 30), "age_seconds": int(NOW) - TICK + 30,
    }  # fmt: skip
    assert (second["key"], second["value"]) == ("b", 9.5)
    assert [one["key"] for one in items(ask, feed_id, "?limit=1")] == ["a"]


def test_with_a_key_items_are_the_past_of_that_series(ask: Caller, feed_id: str) -> None:
    assert [one["value"] for one in items(ask, feed_id, "?key=a")] == [3.0, 2.0, 1.0]
    assert [one["value"] for one in items(ask, feed_id, "?key=a&limit=2")] == [3.0, 2.0]
    assert items(ask, feed_id, "?key=c") == []


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?key=", "?limit=x"])
def test_a_wrong_value_is_named(ask: Caller, feed_id: str, query: str) -> None:
    wanted, detail = kind(ask(f"{FEEDS}/{feed_id}/items{query}"), 400)
    assert wanted == "invalid-parameter"
    assert query[1:].partition("=")[0] in detail


def test_a_new_feed_has_no_items(ask: Caller) -> None:
    assert items(ask, registered(ask)) == []
    assert items(ask, registered(ask, NEWS)) == []


def test_items_of_news_are_its_stories_of_a_week_newest_first(
    ask: Caller, database: SqliteDatabase
) -> None:
    made = registered(ask, NEWS)
    for name, tick, source in (
        ("old", TICK - 8 * 86_400, made), ("early", TICK - 900, made), ("late", TICK, made),
        ("foreign", TICK, "other"),
    ):  # fmt: skip
        insert(
            database, "news_items", news_id=name, source=f"feed:{source}", title=name,
            url=f"https://n.example/{name}", published_at=tick - 60, tick=tick, sentiment=0.5,
            sentiment_model="m",
        )  # fmt: skip
    found = items(ask, made)
    assert [one["title"] for one in found] == ["late", "early"]
    assert found[0] == {
        "title": "late", "url": "https://n.example/late", "published_at": iso(TICK - 60),
        "published_is_estimated": False, "tick": iso(TICK), "sentiment": 0.5,
        "sentiment_model": "m",
    }  # fmt: skip
    assert len(items(ask, made, "?limit=1")) == 1


def test_items_are_for_the_owner_only(ask: Caller, database: SqliteDatabase, feed_id: str) -> None:
    insert(database, "users", user_id="u2", email="b@example.com", role="admin", created_at=TICK)
    insert(
        database, "api_keys", key_id=OTHER.split("_")[2], user_id="u2", name="k",
        secret_hash=hash_secret(SECRET, PEPPER), created_at=TICK,
    )  # fmt: skip
    assert len(items(ask, feed_id)) == 2
    assert kind(ask(f"{FEEDS}/{feed_id}/items", key=OTHER), 404)[0] == "no-such-feed"
