"""Rows of the list of signals: short, and with everything where that is asked for."""

from typing import Any

import msgspec
import pytest

from api.shapes.signals import ListedSignal
from tests.api.calling import NOW, TICK, Caller, body, insert_signal
from tests.api.judging import HORIZON, insert_outcome
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/signals/all"
CONFIDENCE = {
    "p": 0.342884, "n": 101, "n_type": 194, "hits": 38, "base_rate": 0.06869, "lift": 4.991765,
    "interval": [0.255, 0.443], "edge": True, "note": "More often than chance has it.", "days": 14,
}  # fmt: skip
METADATA: dict[str, Any] = {
    "direction": "down",
    "measured": {"name": "log_return", "value": -0.08424070477, "unit": "1"},
    "window_seconds": 3600,
    "statistic": {"name": "robust z-score", "value": -12.52626126, "threshold": 6.0},
    "inputs": [
        {"source": name, "observed_at": "2026-11-09T13:00:00Z", "age_seconds": 20, "price": 2.9131}
        for name in ("kraken", "coingecko", "kraken")
    ],
    "claim": {"name": "moves_on", "says": "a further move of 2 σ", "horizon": HORIZON},
    "calibration": CONFIDENCE,
    "horizons": dict.fromkeys(("3600", "14400", "86400"), CONFIDENCE),
}
EXPLANATION = (
    "ZENK +12.8 % in 45 min, 14.2 σ of its own noise after removing the market's +0.5 %; 2 sources"
    " agree on the price within 0.02 %; signals like this were followed by a further move of 2 σ"
)


def insert_whole(database: SqliteDatabase, number: int = 100, **values: Any) -> str:
    told = msgspec.json.encode(values.pop("metadata", METADATA)).decode()
    return insert_signal(database, number, metadata=told, explanation=EXPLANATION, **values)


def newest(ask: Caller, query: str = "") -> Any:
    return ask.data(f"{PATH}?limit=1{query}")[0]


def test_a_row_says_what_fired_how_sure_that_is_and_whose_numbers_it_is_from(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_whole(database, created_at=TICK)
    row = newest(ask)
    assert (row["direction"], row["statistic"], row["threshold"]) == ("down", -12.52626126, 6.0)
    assert (row["n"], row["base_rate"], row["confidence_score"]) == (101, 0.06869, 0.625)
    assert sorted(row["sources"]) == ["coingecko", "kraken"]
    assert (row["age_seconds"], row["explanation"]) == (int(NOW) - TICK, EXPLANATION)


@pytest.mark.parametrize("hit", [True, False, None])
def test_a_row_says_whether_its_claim_came_true_by_the_horizon_of_its_confidence(
    ask: Caller, database: SqliteDatabase, hit: bool | None
) -> None:
    signal = insert_whole(database)
    insert_outcome(database, signal, 3600, hit=int(not hit), judged_at=TICK)
    insert_outcome(database, signal, HORIZON, hit=hit if hit is None else int(hit))
    assert newest(ask)["hit"] is hit


def test_a_row_of_odd_evidence_has_nulls(ask: Caller, database: SqliteDatabase) -> None:
    insert_whole(database, metadata={})
    row = newest(ask)
    empty = {name for name, value in row.items() if value is None}
    assert {"direction", "n", "base_rate", "statistic", "threshold", "hit"} <= empty
    assert row["sources"] == []


def test_the_evidence_and_all_outcomes_are_told_where_they_are_asked_for(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_outcome(database, insert_whole(database))
    short, full = newest(ask), newest(ask, "&detail=full")
    assert full.keys() - short.keys() == {"known_at", "event_id", "metadata", "outcomes"}
    assert {name: full[name] for name in short} == short
    assert full["metadata"] == METADATA
    assert len(full["outcomes"]) == 1
    msgspec.convert([short, full], list[ListedSignal], strict=True)


@pytest.mark.parametrize("query", ["", "&detail=full"])
@pytest.mark.parametrize("path", ["all", "price_anomaly", "all?symbol=BTC"])
def test_a_page_in_any_detail_is_of_the_same_signals(ask: Caller, path: str, query: str) -> None:
    def ids(address: str) -> list[str]:
        return [one["id"] for one in ask.data(address)]

    address = f"/api/v1/signals/{path}{'&' if '?' in path else '?'}limit=7"
    assert ids(address + query) == ids(address)
    assert 0 < len(ids(address)) <= 7


def test_a_hundred_rows_are_short(ask: Caller, database: SqliteDatabase) -> None:
    for number in range(100, 200):
        insert_whole(database, number)
    assert len(body(ask(f"{PATH}?limit=100")).encode()) < 65_000
