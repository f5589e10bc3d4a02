"""What every route answers, against the rows it is made of."""

from typing import Any

import msgspec
import pytest

from api.routes import ROUTES
from api.routing import Router
from common.times import epoch, iso
from signals.detectors import DETECTORS
from tests.api.calling import (
    KEY,
    NOW,
    PATHS,
    TICK,
    Caller,
    body,
    insert,
    insert_key,
    insert_signal,
)
from tests.support.sqlite import SqliteDatabase

MORE = (
    "/api/v1/market-data?limit=5",
    "/api/v1/market-data/BTC?history=1h",
    "/api/v1/market-data/BTC?currency=ETH",
    "/api/v1/news",
    "/api/v1/analytics/source_quality",
    "/api/v1/analytics/volatility",
    "/api/v1/analytics/correlation",
    "/api/v1/analytics/sentiment?symbol=BTC",
)


@pytest.mark.parametrize("path", [*PATHS, *MORE])
def test_every_answer_is_data_and_meta(ask: Caller, path: str) -> None:
    answer = ask(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    told = msgspec.json.decode(body(answer))
    assert set(told) == {"data", "meta"}
    assert told["data"]
    assert told["meta"]["generated_at"] == iso(NOW)
    assert told["meta"]["origin"] == "simulated"


@pytest.mark.parametrize("path", [*PATHS, *MORE])
def test_every_answer_has_the_shape_that_its_route_declares(ask: Caller, path: str) -> None:
    route, _ = Router(ROUTES).find(path.partition("?")[0])
    data = msgspec.json.decode(body(ask(path)), type=dict[str, msgspec.Raw])["data"]
    if route.answers is not None:
        msgspec.json.decode(data, type=route.answers, strict=True)


def test_a_signal_is_its_stored_row(ask: Caller, database: SqliteDatabase) -> None:
    insert_signal(
        database, 50, ended_at=TICK + 900, known_at=TICK + 300, event_id="1-bitcoin", score=1.25
    )
    (row,) = database.rows(
        "SELECT id, type, asset_id, symbol, confidence_score, created_at, explanation, metadata,"
        " ended_at, known_at, event_id FROM signals ORDER BY id DESC LIMIT 1"
    )
    (newest,) = ask.data("/api/v1/signals/all?limit=1&detail=full")
    assert newest == {
        "id": row[0],
        "type": row[1],
        "asset_id": row[2],
        "symbol": row[3],
        "name": row[2].title(),
        "direction": "up",
        "confidence_score": row[4],
        "n": None,
        "base_rate": None,
        "statistic": 8.21,
        "threshold": None,
        "hit": None,
        "sources": [],
        "created_at": iso(row[5]),
        "age_seconds": int(NOW) - row[5],
        "ended_at": iso(row[8]),
        "known_at": iso(row[9]),
        "event_id": row[10],
        "explanation": row[6],
        "metadata": msgspec.json.decode(row[7]),
        "outcomes": [],
    }


def test_a_signal_that_lasts_has_no_end(ask: Caller) -> None:
    (newest,) = ask.data("/api/v1/signals/all?limit=1")
    assert newest["ended_at"] is None


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
def test_the_signals_of_every_detector_can_be_asked_for(ask: Caller, detector: Any) -> None:
    assert ask(f"/api/v1/signals/{detector.name}").status == 200


def test_the_market_is_the_newest_row(ask: Caller) -> None:
    assert ask.data("/api/v1/analytics/market") == {
        "total_market_cap": 3.125e12,
        "total_volume": 1.5e11,
        "btc_dominance": 57.25,
        "market_cap_change_24h": -1.5,
        "source": "coingecko",
        "tick": iso(TICK),
        "age_seconds": int(NOW) - TICK,
    }


def test_changes_are_those_since_an_hour_and_a_day_before_the_newest_price(
    ask: Caller, database: SqliteDatabase
) -> None:
    for one in ask.data("/api/v1/dashboard/overview")["assets"]:
        now, hour, day = (
            database.rows(
                "SELECT price FROM market_data WHERE asset_id = ? AND timestamp = ?",
                one["asset_id"],
                time,
            )[0][0]
            for time in (TICK, TICK - 3600, TICK - 86400)
        )
        assert one["price"] == now
        assert one["change_1h"] == round(100 * (now / hour - 1), 3)
        assert one["change_24h"] == round(100 * (now / day - 1), 3)


def test_movers_are_ordered_by_their_change_over_a_day(ask: Caller) -> None:
    data = ask.data("/api/v1/analytics/movers")
    assert [one["asset_id"] for one in data["up"]] == ["bitcoin", "ethereum"]
    assert [one["asset_id"] for one in data["down"]] == ["ethereum", "bitcoin"]
    changes = [one["change_24h"] for one in data["up"]]
    assert changes == sorted(changes, reverse=True)
    listed = ask.data("/api/v1/dashboard/overview")["assets"]
    assert sorted(data["up"], key=str) == sorted(
        ({k: v for k, v in one.items() if k != "change_7d"} for one in listed), key=str
    )


def test_sources_say_how_their_last_day_went(ask: Caller, database: SqliteDatabase) -> None:
    insert(
        database, "source_runs", source="coindesk", tick=TICK - 900, state="degraded",
        reason="http_500", requests=1, bytes=0, parsed=0, skipped="{}", milliseconds=9,
    )  # fmt: skip
    second, first = ask.data("/api/v1/analytics/sources")
    assert (first["source"], first["runs_24h"], first["ok_24h"]) == ("coingecko", 1, 1)
    assert (second["source"], second["runs_24h"], second["ok_24h"]) == ("coindesk", 2, 1)
    assert second["skipped"] == {"no_price": 1}
    assert (second["last_tick"], second["last_success"]) == (iso(TICK), iso(TICK))
    assert second["attribution"] == "Data by coindesk"


@pytest.mark.parametrize("metric", ["market", "movers", "sources"])
def test_analytics_of_an_empty_database_are_an_answer(metric: str) -> None:
    empty = SqliteDatabase()
    insert(empty, "users", user_id="u1", email="u@example.com", role="analyst", created_at=TICK)
    insert_key(empty, KEY)
    assert Caller(empty)(f"/api/v1/analytics/{metric}").status == 200


def test_the_overview_holds_what_the_single_routes_say(
    ask: Caller, database: SqliteDatabase
) -> None:
    data = ask.data("/api/v1/dashboard/overview")
    assert (data["tick"], data["origin"]) == (iso(TICK), "simulated")
    assert data["market"] == ask.data("/api/v1/analytics/market")
    listed = ask.data("/api/v1/signals/all?limit=50&detail=full")
    shown = data["signals"]
    assert shown == [{k: v for k, v in one.items() if k in shown[0]} for one in listed]
    assert [one["source"] for one in data["sources"]] == ["coindesk", "coingecko"]
    assert [one["asset_id"] for one in data["assets"]] == ["bitcoin", "ethereum"]
    assert data["assets"][0]["price"] == ask.data("/api/v1/market-data/BTC")["price"]
    expected = database.rows("SELECT count(*) FROM signals WHERE created_at > ?", TICK - 86400)
    assert [(data["signals_24h"],)] == expected


def test_a_sparkline_is_the_newest_price_of_each_half_hour_of_a_day(
    ask: Caller, database: SqliteDatabase
) -> None:
    rows = database.rows(
        "SELECT price FROM market_data m WHERE asset_id = 'bitcoin' AND timestamp >= ?"
        " AND timestamp = (SELECT max(timestamp) FROM market_data"
        " WHERE asset_id = m.asset_id AND timestamp / 1800 = m.timestamp / 1800)"
        " ORDER BY timestamp",
        TICK - 86400,
    )
    data = ask.data("/api/v1/dashboard/overview")
    assert data["sparklines"]["bitcoin"] == [price for (price,) in rows]
    assert 48 <= len(rows) <= 49


def test_an_asset_has_its_candles_signals_and_news(ask: Caller, database: SqliteDatabase) -> None:
    data = ask.data("/api/v1/dashboard/asset?asset_id=bitcoin&days=1")
    prices = database.rows(
        "SELECT timestamp, price, volume_24h FROM market_data"
        " WHERE asset_id = 'bitcoin' AND timestamp > ? ORDER BY timestamp",
        TICK - 86400,
    )
    bars = data["candles"]["bars"]
    assert [(at, close, volume) for at, *_, close, volume in bars] == prices
    assert data["asset"]["asset_id"] == "bitcoin"
    assert {one["asset_id"] for one in data["signals"]} == {"bitcoin"}
    assert len(data["signals"]) == 10
    assert data["news"] == [
        {
            "title": "Bitcoin holds",
            "url": "https://news.example/1",
            "source": "Data by coindesk",
            "published_at": iso(TICK - 600),
            "age_seconds": int(NOW) - TICK + 600,
            "sentiment": 0.4215,
            "sentiment_model": "headlines-1",
        }
    ]


def test_times_in_answers_are_iso_with_z(ask: Caller) -> None:
    data = ask.data("/api/v1/market-data/BTC")
    assert data["tick"].endswith("Z")
    assert epoch(data["tick"]) == TICK
