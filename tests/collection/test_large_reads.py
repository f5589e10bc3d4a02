"""Ten thousand assets: no read of a tick makes a string that D1 would refuse."""

import asyncio

import pytest

from collection.store import prices
from common.database import Statement
from tests.support.sqlite import SqliteDatabase

ASSETS, TICK, LIMIT = 10_000, 1_795_176_000, 2_000_000
SOURCES = {1: "coingecko", 2: "coinmarketcap", 3: "kraken", 4: "coinbase"}


@pytest.fixture(scope="module")
def crowded() -> SqliteDatabase:
    database = SqliteDatabase()
    connection = database.connection
    for number, name in SOURCES.items():
        connection.execute(
            "INSERT INTO sources (source, source_no, state, last_tick, attribution,"
            " attribution_url) VALUES (?, ?, 'ok', ?, 'x', 'x')", (name, number, TICK - 900),
        )  # fmt: skip
    for number in range(1, ASSETS + 1):
        asset = f"an-asset-with-a-long-id-{number:05}"
        connection.execute(
            "INSERT INTO assets VALUES (?, ?, 'SYM', 'A name of a usual length', NULL, NULL)",
            (number, asset),
        )
        for chain in ("ethereum", "binance-smart-chain"):
            address = f"{chain}:0x{number:040x}"
            connection.execute("INSERT INTO asset_addresses VALUES (?, ?)", (address, asset))
        connection.executemany(
            "INSERT INTO market_data (id, asset_id, symbol, price, volume_24h, market_cap,"
            " timestamp, source, observed_at) VALUES (?, ?, 'SYM', ?, 123456.789, 9876543.21,"
            " ?, ?, ?)",
            [
                (number << 31 | time // 60 << 5 | source_no, asset, 1.234567 + number, time,
                 source, time)
                for source_no, source in SOURCES.items()
                for time in (TICK - 900, TICK)
            ],
        )  # fmt: skip
    return database


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        (prices.KNOWN_ASSETS, ()),
        (prices.KNOWN_ADDRESSES, ()),
        (prices.LAST_OBSERVED, (TICK,)),
        (prices.TICK_PRICES, (TICK,)),
        (prices.LARGEST, (500,)),
    ],
)
def test_every_string_stays_below_the_limit(
    crowded: SqliteDatabase, sql: str, parameters: tuple[int, ...]
) -> None:
    rows = asyncio.run(crowded.all(Statement(sql, parameters)))
    sizes = [len(str(value).encode()) for row in rows for value in row.values()]
    assert max(sizes) < LIMIT
    assert sum(sizes) > 10_000


def test_every_asset_is_read_once_and_in_order(crowded: SqliteDatabase) -> None:
    known = asyncio.run(prices.known_assets(crowded))
    assert [asset.asset_id for asset in known] == sorted(asset.asset_id for asset in known)
    assert len(known) == ASSETS
    assert len(asyncio.run(prices.known_addresses(crowded))) == 2 * ASSETS
    assert len(asyncio.run(prices.last_observed(crowded, TICK))) == 4 * ASSETS
    found = asyncio.run(prices.tick_prices(crowded, TICK))
    assert len(found) == ASSETS
    assert all(len(each) == 4 for _, each in found)
