"""What is counted of requests, and written behind the answers."""

import asyncio
from collections.abc import Sequence

import pytest

from api import usage
from api.usage import Usage
from common.database import Statement
from common.errors import Retryable
from tests.api.calling import Caller, insert
from tests.support.sqlite import SqliteDatabase

NOW = 1_760_000_000.0
HOUR = 1_759_996_800
STORED = "SELECT user_id, timestamp, endpoint, credential, requests, errors FROM user_analytics"


def noted(count: int = 3) -> Usage:
    counter = Usage()
    for number in range(count):
        counter.note("u1", "k1", "GET /a", number == 0, NOW)
    return counter


def test_requests_of_an_hour_are_one_row_a_key_and_endpoint() -> None:
    database, counter = SqliteDatabase(), noted()
    counter.note("u1", "k2", "GET /a", False, NOW)
    counter.note("u1", "k1", "GET /a", False, NOW + 3600)
    asyncio.run(counter.flush(database, NOW))
    assert sorted(database.rows(STORED)) == [
        ("u1", HOUR, "GET /a", "k1", 3, 1),
        ("u1", HOUR, "GET /a", "k2", 1, 0),
        ("u1", HOUR + 3600, "GET /a", "k1", 1, 0),
    ]


def test_later_counts_are_added() -> None:
    database = SqliteDatabase()
    for _ in range(2):
        asyncio.run(noted().flush(database, NOW))
    assert database.rows(STORED) == [("u1", HOUR, "GET /a", "k1", 6, 2)]


def test_the_same_batch_twice_counts_once() -> None:
    class Twice(SqliteDatabase):
        """Says that it failed after it has stored, once; the caller sends again."""

        async def batch(self, statements: Sequence[Statement]) -> int:
            await super().batch(statements)
            return await super().batch(statements)

    database = Twice()
    asyncio.run(noted().flush(database, NOW))
    assert database.rows(STORED) == [("u1", HOUR, "GET /a", "k1", 3, 1)]


def test_what_could_not_be_written_is_counted_on() -> None:
    database, counter = SqliteDatabase(), noted()
    database.failures = [Retryable("no")]
    asyncio.run(counter.flush(database, NOW))
    assert database.rows(STORED) == []
    counter.note("u1", "k1", "GET /a", False, NOW)
    asyncio.run(counter.flush(database, NOW))
    assert database.rows(STORED) == [("u1", HOUR, "GET /a", "k1", 4, 1)]


def test_one_of_many_requests_is_asked_to_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "FLUSH_SECONDS", 0.0)
    counter = Usage()
    assert [counter.note("u1", "", "GET /a", False, NOW) for _ in range(4)] == [True, *[False] * 3]
    asyncio.run(counter.flush_soon(SqliteDatabase(), NOW, lambda now: []))
    assert counter.note("u1", "", "GET /a", False, NOW)


def test_names_of_old_batches_are_forgotten() -> None:
    database = SqliteDatabase()
    asyncio.run(noted().flush(database, NOW))
    asyncio.run(noted().flush(database, NOW + usage.KEPT_SECONDS + 1))
    assert len(database.rows("SELECT * FROM usage_batches")) == 1


def test_ones_own_use_is_the_same_at_both_addresses(ask: Caller) -> None:
    insert(
        ask.database, "user_analytics", user_id="u1", timestamp=HOUR, endpoint="GET /a",
        credential="k1", requests=5, errors=2,
    )  # fmt: skip
    told = ask.data("/api/v1/me/usage")
    assert told["rows"] == [{"day": "2025-10-09", "endpoint": "GET /a", "requests": 5, "errors": 2}]
    assert ask.data("/api/v1/analytics/usage") == told
