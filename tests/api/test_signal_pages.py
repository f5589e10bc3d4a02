"""Keyset pages of signals: every row once, whatever the filter and whatever arrives meanwhile."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tests.api.calling import TICK, Caller, body, insert_signal
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase


def walk(ask: Caller, query: str, *, between: Any = None) -> list[dict[str, Any]]:
    """Return all rows of all pages; `between` is called after each page."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(50):
        told = msgspec.json.decode(body(ask(f"/api/v1/signals/{query}{cursor}")))
        rows += told["data"]
        if told["meta"]["next"] is None:
            return rows
        cursor = f"&cursor={told['meta']['next']}"
        if between:
            between()
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("limit", [1, 3, 19, 20, 21, 250])
@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("all?", "1"),
        ("volume_spike?", "type = 'volume_spike'"),
        ("all?symbol=ETH&", "symbol = 'ETH'"),
        ("all?min_confidence=0.6&", "confidence_score >= 0.6"),
        (f"all?until={TICK - 84600}&", f"created_at <= {TICK - 84600}"),
        ("price_anomaly?symbol=btc&", "symbol = 'BTC' AND type = 'price_anomaly'"),
        (f"all?since={TICK - 84600}&", f"created_at >= {TICK - 84600}"),
        (
            f"volume_spike?since={TICK - 84600}&",
            f"type = 'volume_spike' AND created_at >= {TICK - 84600}",
        ),
    ],
)
def test_pages_walk_over_every_row_exactly_once_newest_first(
    ask: Caller, database: SqliteDatabase, query: str, condition: str, limit: int
) -> None:
    rows = walk(ask, f"{query}limit={limit}")
    wanted = database.rows(f"SELECT id FROM signals WHERE {condition} ORDER BY id DESC")
    assert [(row["id"],) for row in rows] == wanted
    assert wanted


def test_rows_that_arrive_between_the_pages_neither_repeat_nor_hide_others(
    ask: Caller, database: SqliteDatabase
) -> None:
    before = database.rows("SELECT id FROM signals ORDER BY id DESC")
    numbers = iter(range(100, 200))

    def arrive() -> None:
        insert_signal(database, next(numbers))
        ask.now += 10

    rows = walk(ask, "all?limit=3", between=arrive)
    assert [(row["id"],) for row in rows] == before


@pytest.mark.parametrize("asset", ["bitcoin", "wrapped.BTC", "usd-coin_2", "ƀitcoin"])
def test_a_cursor_that_was_handed_out_is_taken_back_and_needs_no_quoting(
    ask: Caller, database: SqliteDatabase, asset: str
) -> None:
    insert_signal(database, 60, id=f"{TICK}-price_anomaly-{asset}", asset_id=asset)
    first, second = ask.data("/api/v1/signals/all?limit=2")
    cursor = msgspec.json.decode(body(ask("/api/v1/signals/all?limit=1")))["meta"]["next"]
    assert cursor == quote(cursor)
    assert ask.data(f"/api/v1/signals/all?limit=1&cursor={cursor}") == [second]
    assert first["asset_id"] == asset


@pytest.mark.parametrize(
    "other", ["volume_spike?", "all?symbol=BTC&", "all?since=5&", "all?min_confidence=0.5&"]
)
def test_a_cursor_of_another_list_is_refused(ask: Caller, other: str) -> None:
    cursor = msgspec.json.decode(body(ask("/api/v1/signals/all?limit=1")))["meta"]["next"]
    assert ask(f"/api/v1/signals/all?limit=7&cursor={cursor}").status == 200
    answer = ask(f"/api/v1/signals/{other}limit=1&cursor={cursor}")
    assert kind(answer, 400)[0] == "invalid-cursor"
