"""Exports: every row once, in both forms, whatever it holds, page by page."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from api.reads.exporting import PAGE
from api.routes import exports
from common.envelope import Answer
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, insert, insert_price, insert_signal
from tests.api.judging import insert_outcome
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/exports/"


@pytest.fixture
def ask(database: SqliteDatabase) -> Caller:
    return Caller(database, exports.ROUTES)


async def _parts(answer: Answer) -> list[str]:
    assert not isinstance(answer.body, str), answer.body
    return [part async for part in answer.body]


def text(answer: Answer) -> str:
    assert answer.status == 200
    return "".join(asyncio.run(_parts(answer)))


def table(ask: Caller, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(ask(PATH + path)), newline="")))


def objects(ask: Caller, path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text(ask(PATH + path)).splitlines()]


def many(database: SqliteDatabase, count: int) -> None:
    """Insert signals of one asset, one a second."""
    for number in range(count):
        time = TICK - 80_000 + number
        insert_signal(database, 0, id=f"{time}-pump-bitcoin", type="pump", created_at=time)


# --- signals --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("count", [0, PAGE - 20, PAGE - 19, 2 * PAGE + 3])
def test_the_whole_history_is_told_oldest_first_and_each_signal_once(
    ask: Caller, database: SqliteDatabase, form: str, count: int
) -> None:
    many(database, count)
    read = table if form == "csv" else objects
    found = [row["id"] for row in read(ask, f"signals?format={form}")]
    assert [(name,) for name in found] == database.rows("SELECT id FROM signals ORDER BY id")


def test_a_page_is_one_call_and_one_part(ask: Caller, database: SqliteDatabase) -> None:
    many(database, PAGE)
    answer = ask(f"{PATH}signals?format=ndjson")
    before = database.statements
    parts = asyncio.run(_parts(answer))
    assert [part.count("\n") for part in parts] == [PAGE, 20]
    assert database.statements - before == len(parts)  # the first was read, the last is empty


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("type=volume_spike", "type = 'volume_spike'"),
        ("symbol=btc", "asset_id = 'bitcoin'"),
        ("symbol=ETH&type=price_anomaly", "asset_id = 'ethereum' AND type = 'price_anomaly'"),
        (f"since={TICK - 84_600}", f"created_at >= {TICK - 84_600}"),
        (f"until={iso(TICK - 84_600)}", f"created_at <= {TICK - 84_600}"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_filters_are_those_of_the_list(
    ask: Caller, database: SqliteDatabase, query: str, condition: str, form: str
) -> None:
    read = table if form == "csv" else objects
    found = [(row["id"],) for row in read(ask, f"signals?format={form}&{query}")]
    assert found == database.rows(f"SELECT id FROM signals WHERE {condition} ORDER BY id")
    assert found


def test_a_signal_is_told_with_its_outcomes_and_forward_returns(
    ask: Caller, database: SqliteDatabase
) -> None:
    signal = insert_signal(database, 0, id=f"{TICK - 90_000:010d}-pump-bitcoin", type="pump",
                           created_at=TICK - 90_000, score=1.5)  # fmt: skip
    insert_outcome(database, signal, 3600, judged_at=TICK, hit=1, control_n=8, control_hits=2)
    insert_outcome(database, signal, 14_400, judged_at=TICK, hit=0, control_n=0, control_hits=0)
    prices = dict(
        database.rows("SELECT timestamp, price FROM market_data WHERE asset_id = 'bitcoin'")
    )
    row = objects(ask, "signals?format=ndjson")[0]
    start = prices[TICK - 90_000]
    assert (row["id"], row["price"], row["direction"]) == (signal, start, "up")
    for name, seconds in exports.HORIZONS.items():
        later = prices[TICK - 90_000 + seconds]
        assert row[f"return_{name}"] == pytest.approx(later / start - 1, abs=1e-6)
    assert (row["hit_1h"], row["base_rate_1h"]) == (1, 0.25)
    assert (row["hit_4h"], row["base_rate_4h"]) == (0, None)
    assert row["hit_24h"] is None
    assert (row["score"], row["confidence_score"]) == (1.5, 0.625)
    assert table(ask, "signals")[0] == {
        name: "" if value is None else str(value) for name, value in row.items()
    }


def test_a_return_is_to_the_first_price_after_the_horizon_and_to_none_that_is_late(
    ask: Caller, database: SqliteDatabase
) -> None:
    database.connection.execute(
        "DELETE FROM market_data WHERE asset_id = 'bitcoin' AND timestamp > ?", (TICK - 86_400,)
    )
    insert_price(database, 1, "bitcoin", "BTC", 2e9, TICK - 86_400 + 3600 + 1200)
    insert_price(database, 1, "bitcoin", "BTC", 2001.0, TICK - 86_400 + 3600 + 1200,
                 source_no=31, source="consensus")  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 1.0, TICK - 86_400 + 14_400 + 3700)
    row = objects(ask, "signals?format=ndjson")[0]
    assert row["return_1h"] == pytest.approx(2001.0 / row["price"] - 1, abs=1e-6)
    assert (row["return_4h"], row["return_24h"]) == (None, None)


def test_a_signal_on_no_asset_has_no_price(ask: Caller, database: SqliteDatabase) -> None:
    insert_signal(database, 200, asset_id="protocol_tvl:aave", symbol="AAVE")
    row = objects(ask, "signals?format=ndjson")[-1]
    assert (row["asset_id"], row["price"], row["return_1h"]) == ("protocol_tvl:aave", None, None)


# --- the form of CSV ------------------------------------------------------------------------


def test_csv_has_a_header_and_ends_its_lines_as_rfc_4180_says(ask: Caller) -> None:
    told = text(ask(PATH + "signals"))
    lines = told.split("\r\n")
    assert lines[0] == ",".join(column.name for column in exports.SIGNAL_COLUMNS)
    assert (len(lines), lines[-1]) == (22, "")
    assert "\n" not in told.replace("\r\n", "")


@pytest.mark.parametrize(
    "said", ['a "quoted", word', "two\r\nlines", "no thing, at all", "ünïcode 🚀", "'"]
)
def test_csv_gives_back_any_text(ask: Caller, database: SqliteDatabase, said: str) -> None:
    insert_signal(database, 200, explanation=said)
    assert table(ask, "signals")[-1]["explanation"] == said
    assert objects(ask, "signals?format=ndjson")[-1]["explanation"] == said


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(
    ask: Caller, database: SqliteDatabase, first: str
) -> None:
    insert_signal(database, 200, symbol=f"{first}cmd()", explanation=f"{first}1+1", score=-1.5)
    row = table(ask, "signals")[-1]
    assert (row["symbol"], row["explanation"]) == (f"'{first}cmd()", f"'{first}1+1")
    assert row["score"] == "-1.5"
    assert objects(ask, "signals?format=ndjson")[-1]["symbol"] == f"{first}cmd()"


@pytest.mark.parametrize(
    ("query", "media_type", "name"),
    [
        ("signals", "text/csv", f"signals-{iso(NOW)[:10]}.csv"),
        ("signals?format=ndjson", "application/x-ndjson", f"signals-{iso(NOW)[:10]}.ndjson"),
        ("market-data?symbol=BTC", "text/csv", "bitcoin-1h.csv"),
    ],
)
def test_the_file_has_a_type_and_a_name(
    ask: Caller, query: str, media_type: str, name: str
) -> None:
    headers = ask(PATH + query).headers
    assert headers["content-type"].startswith(media_type)
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asset", "name"),
    [('a"b\r\nx: y', "a_b_x_y"), ("../../etc", "_.._etc"), ("ƀ", "_"), ("..", "asset")],
)
def test_a_file_name_is_harmless(asset: str, name: str) -> None:
    assert exports.safe(asset) == name


# --- bars -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("interval", ["15m", "1h", "1d"])
def test_bars_are_those_of_the_history_oldest_first(
    ask: Caller, database: SqliteDatabase, form: str, interval: str
) -> None:
    insert_price(database, 1, "bitcoin", "BTC", 5.0, TICK - 300 * 86_400)
    told = Caller(database).data(f"/api/v1/market-data/BTC?history={interval}&limit=1000")
    older = 1 if interval == "1d" else 0
    read = table if form == "csv" else objects
    found: list[Any] = read(ask, f"market-data?symbol=btc&interval={interval}&format={form}")
    wanted = [{name: bar[name] for name in found[0]} for bar in reversed(told)]
    if form == "csv":
        wanted = [{name: str(value) for name, value in bar.items()} for bar in wanted]
    assert found[1 - older :] == wanted
    assert float(found[0]["close"]) == 5.0


def test_bars_begin_between_since_and_until(ask: Caller) -> None:
    rows = table(ask, f"market-data?symbol=BTC&since={TICK - 7200}&until={TICK - 3600}")
    assert [row["time"] for row in rows] == [iso(TICK - 7200), iso(TICK - 3600)]


def test_an_asset_without_a_price_is_a_file_without_bars(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(database, "assets", asset_no=3, asset_id="new", symbol="NEW", name="New")
    assert table(ask, "market-data?symbol=NEW") == []
