"""The list of assets: what it holds, in which order, by which filters, in pages."""

from itertools import pairwise
from typing import Any, get_args

import msgspec
import pytest

from api.reads.listing import Sort
from api.shapes.market_data import ListedAsset
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/market-data?"


@pytest.fixture(autouse=True)
def many(database: SqliteDatabase) -> None:
    """Forty more assets: some without market cap or change, many with equal prices."""
    for number in range(3, 43):
        asset, symbol = f"asset-{number}", f"S{number % 7}{number}"
        insert(database, "assets", asset_no=number, asset_id=asset, symbol=symbol, name=asset)
        price = 0.1 + 0.2 * (number % 4)
        insert_price(database, number, asset, symbol, price, TICK)
        if number % 3:
            for time in (TICK - 3600, TICK - 86_400):
                insert_price(database, number, asset, symbol, price * (1 + number / 100), time)
        else:
            database.connection.execute(
                "UPDATE market_data SET market_cap = NULL WHERE asset_id = ?", (asset,)
            )


def walk(ask: Caller, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(60):
        told = msgspec.json.decode(body(ask(f"{PATH}{query}{cursor}")))
        rows += told["data"]
        if told["meta"]["next"] is None:
            return rows
        cursor = f"&cursor={told['meta']['next']}"
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 5, 250])
def test_pages_hold_every_asset_once_in_order_and_the_unknown_last(
    ask: Caller, sort: str, order: str, limit: int
) -> None:
    rows = walk(ask, f"sort={sort}&order={order}&limit={limit}")
    assert len({row["asset_id"] for row in rows}) == len(rows) == 42
    values = [row[sort] for row in rows]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known
    for before, after in pairwise(known):
        assert before <= after if order == "asc" else before >= after


def test_a_row_is_that_of_the_dashboard(ask: Caller) -> None:
    (first, second, *_) = ask.data(f"{PATH}sort=price")
    shown = ask.data("/api/v1/dashboard/overview")["assets"][:2]
    assert [first, second] == [{k: one[k] for k in first} for one in shown]
    assert [first["age_seconds"], second["age_seconds"]] == [int(NOW) - TICK + 20] * 2


def test_the_list_has_the_documented_shape(ask: Caller) -> None:
    data = msgspec.json.decode(body(ask(PATH)), type=dict[str, msgspec.Raw])["data"]
    assert len(msgspec.json.decode(data, type=list[ListedAsset], strict=True)) == 42


@pytest.mark.parametrize(
    ("query", "column", "least", "most"),
    [
        ("min_price=0.5", "price", 0.5, 1e18),
        ("max_price=0.4&min_price=0.2", "price", 0.2, 0.4),
        ("min_market_cap=3e6", "market_cap", 3e6, 1e18),
        ("max_volume_24h=400000", "volume_24h", 0, 4e5),
        ("min_change_1h=-20", "change_1h", -20, 1e9),
        ("max_change_24h=-20", "change_24h", -1e9, -20),
    ],
)
def test_a_filter_keeps_what_is_within_its_bounds(
    ask: Caller, query: str, column: str, least: float, most: float
) -> None:
    every = ask.data(f"{PATH}limit=250")
    wanted = {row["asset_id"] for row in every if row[column] is not None
              and least <= row[column] <= most}  # fmt: skip
    assert 0 < len(wanted) < len(every)
    assert {row["asset_id"] for row in walk(ask, f"{query}&limit=4")} == wanted


def test_many_symbols_are_one_read_and_wrong_ones_are_named(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(database, "assets", asset_no=99, asset_id="fake-btc", symbol="BTC", name="Fake")
    insert_price(database, 99, "fake-btc", "BTC", 0.5, TICK)
    told = msgspec.json.decode(body(ask(f"{PATH}symbols=btc,ethereum,NOPE,BTC,fake-btc,no%27pe")))
    ids = [row["asset_id"] for row in told["data"]]
    assert sorted(ids) == ["bitcoin", "ethereum", "fake-btc"]
    assert told["meta"]["unknown"] == ["NOPE", "no'pe"]


def test_at_most_250_symbols_are_read(ask: Caller) -> None:
    names = ",".join(f"N{number}" for number in range(251))
    assert "at most 250" in kind(ask(f"{PATH}symbols={names}"), 400)[1]
    assert ask(f"{PATH}symbols={names.rpartition(',')[0]}").status == 200
    assert ask(f"{PATH}symbols=,BTC").status == 400


@pytest.mark.parametrize("other", ["sort=price", "order=asc", "min_price=0.1", "symbols=BTC"])
def test_a_cursor_of_another_order_or_filter_is_refused(ask: Caller, other: str) -> None:
    cursor = msgspec.json.decode(body(ask(f"{PATH}limit=2")))["meta"]["next"]
    assert ask(f"{PATH}limit=3&cursor={cursor}").status == 200
    assert kind(ask(f"{PATH}{other}&cursor={cursor}"), 400)[0] == "invalid-cursor"


@pytest.mark.parametrize("query", ["min_price=nan", "max_price=inf", "limit=251", "sort=name"])
def test_what_is_no_bound_is_refused(ask: Caller, query: str) -> None:
    assert ask(PATH + query).status == 400


@pytest.mark.parametrize("flag", ["redistributable", "shared"])
def test_an_asset_that_only_a_withheld_source_knows_is_not_listed(
    ask: Caller, database: SqliteDatabase, flag: str
) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", last_tick=TICK,
        attribution="Theirs", attribution_url="https://b.example", **{flag: 0},
    )  # fmt: skip
    insert(database, "assets", asset_no=77, asset_id="secret", symbol="SEC", name="Secret")
    insert_price(database, 77, "secret", "SEC", 5.0, TICK, source_no=9, source="theirs")
    assert "secret" not in {row["asset_id"] for row in walk(ask, "limit=250")}
    overview = ask.data("/api/v1/dashboard/overview")
    assert "secret" not in {row["asset_id"] for row in overview["assets"]}
