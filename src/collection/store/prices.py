"""Assets, their prices at every source, the consensus of a tick, and their past."""

from collections.abc import Iterable

import msgspec

from common.database import Database, Statement, bulk, parts
from common.models import Address, GlobalMarket, HistoryPoint, Quote

CONSENSUS = "consensus"

UPSERT_ASSETS = """
INSERT INTO assets (asset_id, symbol, name)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) WHERE true
ON CONFLICT (asset_id) DO UPDATE SET symbol = excluded.symbol, name = excluded.name
WHERE symbol <> excluded.symbol OR name <> excluded.name
"""

# See migrations/0001_initial.sql for the layout of market_data.id.
INSERT_QUOTES = """
INSERT INTO market_data
  (id, asset_id, symbol, price, volume_24h, market_cap, timestamp, source, observed_at)
SELECT (a.asset_no << 31) | ((?2 / 60) << 5) | s.source_no,
  a.asset_id, j.value ->> 1, j.value ->> 3, j.value ->> 4, j.value ->> 5,
  ?2, s.source, j.value ->> 6
FROM json_each(?1) j CROSS JOIN assets a ON a.asset_id = j.value ->> 0
  CROSS JOIN sources s ON s.source = ?3
WHERE s.source_no IS NOT NULL ON CONFLICT (id) DO NOTHING
"""

INSERT_HISTORY = """
INSERT INTO market_data
  (id, asset_id, symbol, price, volume_24h, market_cap, timestamp, source, observed_at)
SELECT (a.asset_no << 31) | (((j.value ->> 1) / 60) << 5) | s.source_no,
  a.asset_id, a.symbol, j.value ->> 2,
  j.value ->> 3, j.value ->> 4, j.value ->> 1, s.source, j.value ->> 1
FROM json_each(?1) j CROSS JOIN assets a ON a.asset_id = j.value ->> 0
  CROSS JOIN sources s ON s.source = ?2
WHERE s.source_no IS NOT NULL ON CONFLICT (id) DO NOTHING
"""

MARK_HISTORY = """
UPDATE assets SET history_from = j.value ->> 1, history_loaded_at = ?2
FROM json_each(?1) j WHERE assets.asset_id = j.value ->> 0 AND history_from IS NULL
"""

ASSETS_WITHOUT_HISTORY = """
SELECT json_group_array(asset_id) FROM (
  SELECT asset_id FROM assets WHERE history_from IS NULL ORDER BY asset_no LIMIT ?1)
"""

INSERT_GLOBAL = """
INSERT INTO market_global
  (timestamp, source, total_market_cap, total_volume, btc_dominance, market_cap_change_24h)
SELECT ?2, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)
WHERE true ON CONFLICT DO NOTHING
"""

INSERT_ADDRESSES = """
INSERT INTO asset_addresses (address, asset_id)
SELECT j.value ->> 0, a.asset_id FROM json_each(?1) j JOIN assets a ON a.asset_id = j.value ->> 1
WHERE true ON CONFLICT (address) DO UPDATE SET asset_id = excluded.asset_id
WHERE asset_addresses.asset_id <> excluded.asset_id
"""

# Largest first, because the list of a first tick is; with the last price of each, and
# whether a source that lists all venues had it during the last day: else its id is dead.
# Here and below a row holds what belongs to a thousand assets (common.database.parts).
KNOWN_ASSETS = """
SELECT json_group_array(json_array(a.asset_id, a.symbol, a.name,
  (SELECT m.price FROM market_data m
   WHERE m.id BETWEEN a.asset_no << 31 AND (a.asset_no << 31) | 2147483647
   ORDER BY m.id DESC LIMIT 1),
  EXISTS (SELECT 1 FROM market_data m
   WHERE m.id BETWEEN
       (a.asset_no << 31) | ((((SELECT max(last_tick) FROM sources) - 86400) / 60) << 5)
       AND (a.asset_no << 31) | 2147483647
     AND m.source IN (SELECT source FROM sources WHERE coverage = 'aggregate')))) AS part
FROM (SELECT * FROM assets ORDER BY asset_no) a GROUP BY a.asset_no / 1000
"""

# The largest assets with their contracts, at most ?1.
LARGEST = """
SELECT json_group_array(json_array(asset_id, (
  SELECT json_group_array(d.address) FROM asset_addresses d WHERE d.asset_id = a.asset_id)))
FROM (SELECT asset_id FROM assets ORDER BY asset_no LIMIT ?1) a
"""

KNOWN_ADDRESSES = """
SELECT json_group_array(json_array(d.address, d.asset_id)) AS part
FROM assets a CROSS JOIN asset_addresses d ON d.asset_id = a.asset_id GROUP BY a.asset_no / 1000
"""

# When each source observed each asset at its tick before this one.
LAST_OBSERVED = """
SELECT json_group_array(json_array(s.source, a.asset_id, m.observed_at)) AS part
FROM sources s CROSS JOIN assets a CROSS JOIN market_data m
  ON m.id = (a.asset_no << 31) | ((s.last_tick / 60) << 5) | s.source_no
WHERE s.source_no IS NOT NULL AND s.last_tick < ?1 GROUP BY s.source_no, a.asset_no / 1000
"""

# All prices of a tick, by asset: [source, price, volume_24h, market_cap, observed_at].
TICK_PRICES = """
SELECT json_group_array(json_array(asset_id, json(prices))) AS part FROM (
  SELECT a.asset_no, m.asset_id, json_group_array(
    json_array(m.source, m.price, m.volume_24h, m.market_cap, m.observed_at)) AS prices
  FROM assets a CROSS JOIN market_data m ON m.id
    BETWEEN (a.asset_no << 31) | ((?1 / 60) << 5) AND (a.asset_no << 31) | ((?1 / 60) << 5) | 30
  GROUP BY a.asset_no HAVING count(*) > 1)
GROUP BY asset_no / 1000
"""

UPSERT_CONSENSUS = """
INSERT INTO market_data
  (id, asset_id, symbol, price, volume_24h, market_cap, timestamp, source, observed_at, inputs)
SELECT (a.asset_no << 31) | ((?2 / 60) << 5) | 31, a.asset_id, a.symbol, j.value ->> 1,
  j.value ->> 2, j.value ->> 3, ?2, ?3, j.value ->> 4, j.value ->> 5
FROM json_each(?1) j JOIN assets a ON a.asset_id = j.value ->> 0
WHERE true ON CONFLICT (id) DO UPDATE SET price = excluded.price,
  volume_24h = excluded.volume_24h, market_cap = excluded.market_cap,
  observed_at = excluded.observed_at, inputs = excluded.inputs
WHERE market_data.inputs <> excluded.inputs
"""


class KnownAsset(msgspec.Struct, array_like=True):
    """An asset of the symbol space: its last price, and whether it is `listed` any more."""

    asset_id: str
    symbol: str
    name: str
    price: float | None
    listed: int


def store_quotes(quotes: list[Quote], tick: int, source: str, canonical: bool) -> list[Statement]:
    """Statements that store one source's prices; a `canonical` source also names the assets."""
    rows = [msgspec.structs.astuple(quote) for quote in quotes]
    prices = bulk(INSERT_QUOTES, rows, (tick, source))
    return bulk(UPSERT_ASSETS, (row[:3] for row in rows)) + prices if canonical else prices


def store_history(points: list[HistoryPoint], source: str) -> list[Statement]:
    """Statements that store past prices."""
    return bulk(INSERT_HISTORY, map(msgspec.structs.astuple, points), (source,))


def mark_history(first_seen: dict[str, int], tick: int) -> list[Statement]:
    """Statements that note from when on each asset's history is loaded."""
    return bulk(MARK_HISTORY, first_seen.items(), (tick,))


def store_global(figures: list[GlobalMarket], tick: int, source: str) -> list[Statement]:
    """Statements that store the whole-market figures of a tick."""
    return bulk(INSERT_GLOBAL, map(msgspec.structs.astuple, figures), (tick, source))


def store_addresses(rows: list[Address]) -> list[Statement]:
    """Statements that store token contracts."""
    return bulk(INSERT_ADDRESSES, map(msgspec.structs.astuple, rows))


def store_consensus(
    rows: Iterable[tuple[str, float, float | None, float | None, int, str]], tick: int
) -> list[Statement]:
    """Statements that store (asset_id, price, volume, market cap, observed_at, inputs)."""
    return bulk(UPSERT_CONSENSUS, rows, (tick, CONSENSUS))


async def known_assets(database: Database) -> list[KnownAsset]:
    """Return every asset of the symbol space, the first collected first."""
    return await parts(database, Statement(KNOWN_ASSETS), KnownAsset)


async def largest(database: Database, limit: int) -> list[tuple[str, list[str]]]:
    """Return (asset id, token contracts) of the largest assets."""
    text = await database.text(Statement(LARGEST, (limit,))) or "[]"
    return msgspec.json.decode(text, type=list[tuple[str, list[str]]])


async def known_addresses(database: Database) -> dict[str, str]:
    """Return the asset of every known token contract."""
    return dict(await parts(database, Statement(KNOWN_ADDRESSES), tuple[str, str]))


async def last_observed(database: Database, tick: int) -> dict[tuple[str, str], int]:
    """Return (source, asset) -> when it was observed at the source's tick before `tick`."""
    rows = await parts(database, Statement(LAST_OBSERVED, (tick,)), tuple[str, str, int])
    return {(source, asset): observed for source, asset, observed in rows}


Price = tuple[str, float, float | None, float | None, int]


async def tick_prices(database: Database, tick: int) -> list[tuple[str, list[Price]]]:
    """Return the prices that several sources gave for an asset at `tick`."""
    return await parts(database, Statement(TICK_PRICES, (tick,)), tuple[str, list[Price]])


async def assets_without_history(database: Database, limit: int) -> list[str]:
    """Return the ids of at most `limit` assets whose history is still to be fetched."""
    text = await database.text(Statement(ASSETS_WITHOUT_HISTORY, (limit,))) or "[]"
    return msgspec.json.decode(text, type=list[str])
