"""The history of an asset in bars, against the rows that they are made of."""

from typing import Any

import msgspec
import pytest

from api.shapes.market_data import Bar
from common.times import epoch, iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/market-data/BTC?history="
SECONDS = {"15m": 900, "1h": 3600, "1d": 86_400}


def answer(ask: Caller, path: str) -> tuple[Any, Any]:
    told = msgspec.json.decode(body(ask(path)))
    return told["data"], told["meta"]


def walk(ask: Caller, path: str) -> list[Any]:
    """Return the bars of all pages."""
    found: list[Any] = []
    cursor = ""
    for _ in range(200):
        bars, meta = answer(ask, path + cursor)
        found += bars
        if meta["next"] is None:
            return found
        cursor = f"&cursor={meta['next']}"
    raise AssertionError("the pages have no end")


def expected(database: SqliteDatabase, interval: str) -> list[dict[str, Any]]:
    """Make the bars in Python, newest first."""
    bars: dict[int, list[Any]] = {}
    rows = database.rows(
        "SELECT timestamp, price, volume_24h, market_cap, observed_at FROM market_data"
        " WHERE asset_id = 'bitcoin' ORDER BY id"
    )
    for row in rows:
        bars.setdefault(row[0] - row[0] % SECONDS[interval], []).append(row)
    return [
        {
            "time": iso(time), "open": some[0][1], "high": max(row[1] for row in some),
            "low": min(row[1] for row in some), "close": some[-1][1],
            "volume_24h": some[-1][2], "market_cap": some[-1][3], "observed": len(some),
            "source": "coingecko", "observed_at": iso(some[-1][4]),
            "age_seconds": int(NOW) - some[-1][4],
        }
        for time, some in sorted(bars.items(), reverse=True)
    ]  # fmt: skip


@pytest.mark.parametrize("interval", SECONDS)
@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
def test_bars_are_told_newest_first_and_each_once(
    ask: Caller, database: SqliteDatabase, interval: str, limit: int
) -> None:
    if limit > 2 or interval != "15m":
        found = walk(ask, f"{PATH}{interval}&limit={limit}")
        assert found == expected(database, interval)
        msgspec.convert(found, list[Bar], strict=True)


def test_meta_says_of_what_the_bars_are(ask: Caller) -> None:
    _, meta = answer(ask, f"{PATH}1h")
    named = {name: meta[name] for name in ("asset_id", "symbol", "interval", "currency")}
    assert named == {
        "asset_id": "bitcoin", "symbol": "BTC", "interval": "1h", "currency": "USD",
    }  # fmt: skip


def test_from_and_to_are_about_the_beginnings_of_bars(ask: Caller) -> None:
    first, last = TICK - 20 * 3600 + 60, TICK - 10 * 3600 + 60
    times = [epoch(one["time"]) for one in answer(ask, f"{PATH}1h&from={first}&to={last}")[0]]
    assert all(first <= time <= last for time in times)
    assert len(times) == 10
    assert [iso(time) for time in times] == [
        one["time"] for one in answer(ask, f"{PATH}1h&from={iso(first)}&to={iso(last)}")[0]
    ]
    assert (
        walk(ask, f"{PATH}1h&from={first}&to={last}&limit=3")
        == answer(ask, f"{PATH}1h&from={first}&to={last}")[0]
    )


def test_a_hole_costs_no_page_and_hides_nothing(ask: Caller, database: SqliteDatabase) -> None:
    old = TICK - 400 * 86_400
    insert_price(database, 1, "bitcoin", "BTC", 5.0, old)
    bars, meta = answer(ask, f"{PATH}1h&limit=40")
    assert len(bars) == 31
    (last,), end = answer(ask, f"{PATH}1h&limit=40&cursor={meta['next']}")
    assert (epoch(last["time"]), last["close"], end["next"]) == (old - old % 3600, 5.0, None)


def test_the_price_of_a_tick_is_the_consensus(ask: Caller, database: SqliteDatabase) -> None:
    insert_price(database, 1, "bitcoin", "BTC", 9e9, TICK, source_no=2, source="coindesk")
    insert_price(database, 1, "bitcoin", "BTC", 1031.5, TICK, source_no=31, source="consensus")
    (bar, *_), _ = answer(ask, f"{PATH}15m")
    assert (bar["high"], bar["source"], bar["observed"]) == (1031.5, "consensus", 1)


def test_what_may_not_be_handed_on_is_in_no_bar(ask: Caller, database: SqliteDatabase) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", redistributable=0,
        attribution="Theirs", attribution_url="https://b.example",
    )  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 9e9, TICK, source_no=9, source="theirs")
    insert_price(database, 1, "bitcoin", "BTC", 9e9, TICK + 900, source_no=9, source="theirs")
    (bar, *_), _ = answer(ask, f"{PATH}15m")
    assert (bar["time"], bar["high"]) == (iso(TICK), 1030.5)


def test_in_another_asset_each_tick_is_at_its_own_rate(
    ask: Caller, database: SqliteDatabase
) -> None:
    rows = database.rows(
        "SELECT b.timestamp, b.price / e.price, b.volume_24h / e.price FROM market_data b"
        " JOIN market_data e USING (timestamp) WHERE b.asset_id = 'bitcoin'"
        " AND e.asset_id = 'ethereum' ORDER BY timestamp DESC LIMIT 4"
    )
    bars, meta = answer(ask, f"{PATH}15m&currency=eth&limit=4")
    assert meta["currency"] == "ETH"
    for (time, price, volume), bar in zip(rows, bars, strict=True):
        assert bar["time"] == iso(time)
        assert bar["open"] == bar["close"] == pytest.approx(price)
        assert bar["volume_24h"] == pytest.approx(volume)


def test_a_tick_without_the_rate_is_left_out(ask: Caller, database: SqliteDatabase) -> None:
    gone = TICK - 1800
    database.connection.execute(
        "DELETE FROM market_data WHERE asset_id = 'ethereum' AND timestamp = ?", (gone,)
    )
    bars, _ = answer(ask, f"{PATH}15m&currency=ETH&limit=4")
    assert [epoch(one["time"]) for one in bars] == [TICK, TICK - 900, TICK - 2700]


def test_a_currency_without_a_history_of_its_own_is_refused(ask: Caller) -> None:
    assert kind(ask(f"{PATH}1h&currency=EUR"), 400)[0] == "no-rate-history"


def test_a_history_of_nothing_is_a_404(ask: Caller) -> None:
    assert kind(ask("/api/v1/market-data/NOPE?history=1h"), 404)[0] == "unknown-symbol"


def test_before_the_first_price_there_is_an_empty_page(ask: Caller) -> None:
    bars, meta = answer(ask, f"{PATH}1d&to=86400")
    assert (bars, meta["next"]) == ([], None)
    assert answer(ask, f"{PATH}1d&from=9999999999")[0] == []


@pytest.mark.parametrize("query", ["from=1", "to=1", "limit=100", "cursor=WyJhIiwiYiJd"])
def test_what_is_for_the_history_is_refused_without_it(ask: Caller, query: str) -> None:
    told = kind(ask(f"/api/v1/market-data/BTC?{query}"), 400)
    assert told[0] == "contradictory-parameters"
    assert told[1].startswith(f"{query.partition('=')[0]} and history: ")
    assert "add history=" in told[1]


def test_a_cursor_of_another_interval_or_asset_is_refused(ask: Caller) -> None:
    cursor = answer(ask, f"{PATH}1h&limit=1")[1]["next"]
    for path in (f"{PATH}15m", "/api/v1/market-data/ETH?history=1h", f"{PATH}1h&currency=ETH"):
        assert kind(ask(f"{path}&limit=1&cursor={cursor}"), 400)[0] == "invalid-cursor"


def test_a_page_is_one_call_of_the_database(ask: Caller, database: SqliteDatabase) -> None:
    ask.data("/api/v1/market-data/BTC")
    before = database.statements
    ask.data(f"{PATH}1h&limit=3")
    assert database.statements - before <= 2  # the other asks for the version of the data
