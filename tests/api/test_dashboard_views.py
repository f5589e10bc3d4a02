"""What the dashboard's views hold besides prices: the numbers beyond them, and who said what."""

from typing import Any

import msgspec
import pytest

from common.times import iso
from tests.api.calling import NOW, TICK, Caller, insert, insert_price, insert_reading
from tests.support.sqlite import SqliteDatabase

KINDS = ("fear_greed", "chain_tvl", "dex_volume", "bitcoin_fee", "gas_price")
HOUR = 3600


def beyond(database: SqliteDatabase) -> dict[str, Any]:
    """Ask a gateway that has kept no answer yet."""
    told = Caller(database).data("/api/v1/dashboard/overview")["beyond"]
    assert [one["kind"] for one in told] == [kind for kind in KINDS if kind in str(told)]
    return {one["kind"]: one for one in told}


def prices(ask: Caller, asset: str = "bitcoin") -> Any:
    return ask.data(f"/api/v1/dashboard/asset?asset_id={asset}")["prices"]


def insert_source(database: SqliteDatabase, name: str, number: int, **values: Any) -> None:
    insert(
        database, "sources", source=name, source_no=number, state="ok", last_tick=TICK,
        last_success=TICK, attribution=f"Data by {name}",
        attribution_url=f"https://{name}.example", **values,
    )  # fmt: skip


def insert_consensus(database: SqliteDatabase, price: float, inputs: dict[str, Any]) -> None:
    insert_price(database, 1, "bitcoin", "BTC", price, TICK, source_no=31, source="consensus")
    database.connection.execute(
        "UPDATE market_data SET inputs = ? WHERE source = 'consensus'",
        (msgspec.json.encode(inputs).decode(),),
    )


# --- beyond prices --------------------------------------------------------------------------


def test_a_number_has_value_unit_label_time_source_and_attribution(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_reading(database, 500, "fear_greed", "crypto", 82.0)
    database.connection.execute(
        'UPDATE readings SET figures = \'{"label":"Extreme Greed"}\' WHERE id >> 26 = 500'
    )
    assert ask.data("/api/v1/dashboard/overview")["beyond"] == [
        {
            "kind": "fear_greed", "value": 82.0, "unit": "points", "label": "Extreme Greed",
            "observed_at": iso(TICK - 30), "age_seconds": int(NOW) - TICK + 30,
            "source": "coingecko",
            "attribution": "Data by coingecko", "attribution_url": "https://a.example",
        }
    ]  # fmt: skip


def test_the_value_locked_is_the_sum_over_the_chains(database: SqliteDatabase) -> None:
    for number, (chain, value) in enumerate((("ethereum", 6e10), ("solana", 9e9)), 500):
        insert_reading(database, number, "chain_tvl", chain, value)
    told = beyond(database)["chain_tvl"]
    assert (told["value"], told["unit"], told["label"]) == (6.9e10, "USD", None)


def test_the_chains_of_two_sources_are_not_added_up(database: SqliteDatabase) -> None:
    insert_reading(database, 500, "chain_tvl", "ethereum", 6e10)
    insert_reading(database, 501, "chain_tvl", "ethereum", 5e10, source="coindesk")
    told = beyond(database)["chain_tvl"]
    assert (told["value"], told["source"]) == (5e10, "coindesk")  # the first by name


def test_the_volume_is_that_of_all_exchanges(database: SqliteDatabase) -> None:
    insert_reading(database, 500, "dex_volume", "uniswap", 2e9)
    assert "dex_volume" not in beyond(database)
    insert_reading(database, 501, "dex_volume", "all", 1.3e10)
    assert beyond(database)["dex_volume"]["value"] == 1.3e10


def test_the_newest_reading_of_a_number_is_told(database: SqliteDatabase) -> None:
    insert_reading(database, 500, "bitcoin_fee", "bitcoin", 2.0)
    insert(database, "readings", id=500 << 26 | (TICK - 900) // 60, value=9.0, observed_at=TICK)
    assert (beyond(database)["bitcoin_fee"]["value"], beyond(database)["bitcoin_fee"]["unit"]) == (
        2.0, "sat/vB",
    )  # fmt: skip


def test_gas_is_told_by_etherscan_and_by_the_node_once_etherscan_is_silent(
    database: SqliteDatabase,
) -> None:
    insert_source(database, "etherscan", 8)
    insert_source(database, "jsonrpc", 9)
    insert_reading(database, 501, "gas_price", "ethereum", 0.3, source="jsonrpc")
    assert beyond(database)["gas_price"]["source"] == "jsonrpc"
    insert_reading(
        database, 500, "gas_price", "ethereum", 0.2, source="etherscan", tick=TICK - 3 * HOUR
    )
    assert beyond(database)["gas_price"]["source"] == "jsonrpc"
    insert(database, "readings", id=500 << 26 | (TICK - HOUR) // 60, value=0.25, observed_at=TICK)
    assert (beyond(database)["gas_price"]["source"], beyond(database)["gas_price"]["value"]) == (
        "etherscan", 0.25,
    )  # fmt: skip


def test_a_number_of_the_last_two_days_is_told_and_an_older_one_is_not(
    database: SqliteDatabase,
) -> None:
    insert_reading(database, 500, "bitcoin_fee", "bitcoin", 2.0, tick=TICK - 47 * HOUR)
    insert_reading(database, 501, "gas_price", "ethereum", 0.3, tick=TICK - 48 * HOUR)
    assert set(beyond(database)) == {"bitcoin_fee"}


def test_nothing_is_told_while_nothing_is_known(database: SqliteDatabase) -> None:
    assert beyond(database) == {}


@pytest.mark.parametrize("right", ["redistributable", "shared"])
def test_a_source_that_may_not_be_handed_on_tells_no_number(
    database: SqliteDatabase, right: str
) -> None:
    insert_source(database, "a-first", 9, **{right: 0})
    for number, kind in enumerate(KINDS, 500):
        key = {"fear_greed": "crypto", "dex_volume": "all", "gas_price": "ethereum"}
        insert_reading(database, number, kind, key.get(kind, "bitcoin"), 7.0, source="a-first")
    assert beyond(database) == {}
    insert_reading(database, 600, "bitcoin_fee", "bitcoin", 2.0)
    assert [one["source"] for one in beyond(database).values()] == ["coingecko"]


# --- prices by source -----------------------------------------------------------------------


def test_an_asset_has_the_price_of_each_source_at_its_newest_tick(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_price(database, 1, "bitcoin", "BTC", 2040.5, TICK, source_no=2, source="coindesk")
    insert_price(database, 1, "bitcoin", "BTC", 1.5, TICK - 900, source_no=2, source="coindesk")
    inputs = {"used": {"coingecko": 1030.5}, "rejected": {"coindesk": "98 % above"}, "spread": 0.5}
    insert_consensus(database, 1031.5, inputs)
    told = prices(ask)
    assert told["consensus"] == inputs
    assert told["sources"][0] == {
        "source": "coindesk", "price": 2040.5, "volume_24h": 2040.5e6, "market_cap": 2040.5e7,
        "observed_at": iso(TICK - 20), "age_seconds": int(NOW) - TICK + 20,
        "attribution": "Data by coindesk", "attribution_url": "https://a.example",
    }  # fmt: skip
    assert [one["price"] for one in told["sources"]] == [2040.5, 1030.5]  # the larger volume first


def test_an_asset_of_one_source_has_its_price_and_no_consensus(ask: Caller) -> None:
    told = prices(ask, "ethereum")
    assert told["consensus"] is None
    assert [one["source"] for one in told["sources"]] == ["coingecko"]


@pytest.mark.parametrize("right", ["redistributable", "shared"])
@pytest.mark.parametrize("part", ["used", "rejected"])
def test_a_source_that_may_not_be_handed_on_is_told_neither_in_the_list_nor_in_the_consensus(
    ask: Caller, database: SqliteDatabase, right: str, part: str
) -> None:
    insert_source(database, "not-ours", 9, **{right: 0})
    insert_price(database, 1, "bitcoin", "BTC", 777.0, TICK, source_no=9, source="not-ours")
    inputs: dict[str, Any] = {"used": {"coingecko": 1030.5}, "rejected": {}, "spread": 0.0}
    inputs[part] |= {"not-ours": 777.0 if part == "used" else "25 % below the median"}
    insert_consensus(database, 1030.5, inputs)
    told = prices(ask)
    assert [one["source"] for one in told["sources"]] == ["coingecko"]
    assert told["consensus"] == {"used": {"coingecko": 1030.5}, "rejected": {}, "spread": 0.0}


def test_an_asset_without_a_price_yet_has_no_prices(ask: Caller, database: SqliteDatabase) -> None:
    insert(database, "assets", asset_no=7, asset_id="new", symbol="NEW", name="New")
    assert prices(ask, "new") is None


@pytest.mark.parametrize("right", ["redistributable", "shared"])
def test_neither_a_sparkline_nor_a_candle_is_of_a_source_that_may_not_be_handed_on(
    database: SqliteDatabase, right: str
) -> None:
    insert_source(database, "not-ours", 9, **{right: 0})
    insert_price(database, 1, "bitcoin", "BTC", 777.0, TICK, source_no=9, source="not-ours")
    insert_price(database, 1, "bitcoin", "BTC", 777.0, TICK - 60, source_no=9, source="not-ours")
    ask = Caller(database)
    sparkline = ask.data("/api/v1/dashboard/overview")["sparklines"]["bitcoin"]
    bars = ask.data("/api/v1/dashboard/asset?asset_id=bitcoin")["candles"]["bars"]
    assert (sparkline[-1], bars[-1][:5]) == (1030.5, [TICK, *[1030.5] * 4])
    assert 777.0 not in {*sparkline, *(price for bar in bars for price in bar[1:5])}
