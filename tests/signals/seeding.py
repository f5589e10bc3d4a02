"""A database with assets, prices and stories, written as plain SQL, and a detection run over it."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import msgspec

from common.database import Row, Statement
from common.errors import Conflict
from common.log import Logger
from signals.detectors import DETECTORS
from signals.detectors.base import Detector
from signals.ledger import Entry, Head, first_broken
from signals.pipeline import Summary, detect
from signals.publish import Hub
from tests.support.sqlite import SqliteDatabase

STEP = 900
DAY = 86400
START = 1_760_000_400 // STEP * STEP


class ListHub:
    """Keeps what is published; fails as often as `failures` says."""

    def __init__(self, failures: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self.failures = failures

    async def publish(self, events: str) -> int:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the hub is away")
        new = msgspec.json.decode(events, type=list[dict[str, str]])
        self.events += new
        return len(new)

    def keys(self) -> list[str]:
        return [event["key"] for event in self.events]


class Yielding:
    """Lets others run before every call, as a remote database does; counts conflicts."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self.conflicts = 0

    async def all(self, statement: Statement) -> list[Row]:
        await asyncio.sleep(0)
        return await self._database.all(statement)

    async def text(self, statement: Statement) -> str | None:
        await asyncio.sleep(0)
        return await self._database.text(statement)

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        await asyncio.sleep(0)
        return await self._database.texts(statements)

    async def batch(self, statements: Sequence[Statement]) -> int:
        await asyncio.sleep(0)
        try:
            return await self._database.batch(statements)
        except Conflict:
            self.conflicts += 1
            raise


def quiet(count: int) -> list[float]:
    """Prices that go up and down by 0.2 %, without an event."""
    return [100.2 if index % 2 else 100.0 for index in range(count)]


def noisy(count: int, seed: int) -> list[float]:
    """Prices around 100 with 0.2 % of noise of their own, without an event."""
    rng = random.Random(seed)
    return [round(100 * (1 + rng.gauss(0, 0.002)), 6) for _ in range(count)]


def add_asset(
    database: SqliteDatabase,
    number: int,
    prices: Sequence[float],
    *,
    start: int = START,
    volume: float | None = 5e6,
    name: str | None = None,
    loaded_at: int | None = None,
) -> str:
    """Insert an asset with one price a tick from `start` on; return its id.

    What is before `loaded_at` is its past, which was loaded then.
    """
    asset = name or f"asset-{number}"
    insert_source(database)
    database.connection.execute(
        "INSERT INTO assets (asset_no, asset_id, symbol, name, history_from, history_loaded_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (number, asset, asset.upper(), asset.title(), start, loaded_at),
    )
    add_prices(database, number, asset, prices, start=start, volume=volume)
    if loaded_at:
        database.connection.execute(
            "UPDATE market_data SET observed_at = timestamp WHERE asset_id = ? AND timestamp < ?",
            (asset, loaded_at),
        )
    return asset


def add_prices(
    database: SqliteDatabase,
    number: int,
    asset: str,
    prices: Sequence[float],
    *,
    start: int,
    volume: float | None = 5e6,
    source_no: int = 1,
    source: str = "coingecko",
) -> None:
    """Insert one price a tick from `start` on."""
    times = [start + index * STEP for index in range(len(prices))]
    database.connection.executemany(
        "INSERT INTO market_data (id, asset_id, symbol, price, volume_24h, market_cap,"
        " timestamp, source, observed_at) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?)",
        [
            (
                number << 31 | (time // 60) << 5 | source_no,
                asset,
                asset.upper(),
                price,
                volume,
                time,
                source,
                time - 30,
            )
            for time, price in zip(times, prices, strict=True)
        ],
    )
    if times:
        database.connection.execute(
            "UPDATE sources SET last_tick = max(coalesce(last_tick, 0), ?)", (times[-1],)
        )


def insert_source(database: SqliteDatabase, number: int = 1, source: str = "coingecko") -> None:
    database.connection.execute(
        "INSERT INTO sources (source_no, source, state, attribution, attribution_url)"
        " VALUES (?, ?, 'ok', 'Data by CoinGecko', 'https://www.coingecko.com')"
        " ON CONFLICT DO NOTHING",
        (number, source),
    )


def add_consensus(
    database: SqliteDatabase, number: int, asset: str, time: int, used: dict[str, float]
) -> None:
    """Insert what a tick's price of record was made of: the middle of `used`."""
    price = sorted(used.values())[len(used) // 2]
    spread = round(max(used.values()) / min(used.values()) - 1, 6)
    add_prices(database, number, asset, [price], start=time, source_no=31, source="consensus")
    inputs = {"used": used, "rejected": {}, "spread": spread}
    database.connection.execute(
        "UPDATE market_data SET inputs = ? WHERE asset_id = ? AND timestamp = ? AND source = ?",
        (msgspec.json.encode(inputs).decode(), asset, time, "consensus"),
    )


def add_readings(
    database: SqliteDatabase,
    number: int,
    values: Sequence[float],
    *,
    start: int = START,
    step: int = 3600,
    kind: str = "protocol_tvl",
) -> str:
    """Insert a series with one reading every `step` seconds; return its key among series."""
    key = f"protocol-{number}"
    insert_source(database, 5, "defillama")
    database.connection.execute(
        "INSERT INTO series (series_no, source, kind, key, name, about)"
        " VALUES (?, 'defillama', ?, ?, ?, '{}') ON CONFLICT DO NOTHING",
        (number, kind, key, key.title()),
    )
    database.connection.executemany(
        "INSERT INTO readings (id, value, observed_at) VALUES (?, ?, ?)",
        [
            (number << 26 | (start + index * step) // 60, value, start + index * step)
            for index, value in enumerate(values)
        ],
    )
    return f"{kind}:{key}"


def add_stories(
    database: SqliteDatabase, asset: str, tones: Sequence[float], *, start: int, tick: int
) -> None:
    """Insert one story a quarter of an hour from `start` on, all collected at `tick`."""
    for index, tone in enumerate(tones):
        time = start + index * STEP
        story = f"{asset}-{tick}-{index:03d}"
        database.connection.execute(
            "INSERT INTO news_items (news_id, source, title, url, published_at, tick, sentiment)"
            " VALUES (?, 'coindesk', 'A headline', 'https://news.example/1', ?, ?, ?)",
            (story, time, tick, tone),
        )
        database.connection.execute(
            "INSERT INTO news_mentions (entity_type, entity_name, published_at, news_id, source)"
            " VALUES ('asset', ?, ?, ?, 'coindesk')",
            (asset, time, story),
        )


def run_detection(
    database: SqliteDatabase,
    tick: int,
    hub: Hub | None = None,
    *,
    detectors: Sequence[Detector] = DETECTORS,
    lines: list[str] | None = None,
) -> Summary:
    """Detect up to `tick`, 20 seconds after it; log lines go to `lines`."""
    kept: list[str] = [] if lines is None else lines
    log = Logger("signal-detection", lambda: float(tick), kept.append)
    return asyncio.run(detect(tick, tick + 20, detectors, database, hub or ListHub(), log))


TABLES = (
    "signals",
    "events",
    "outcomes",
    "signal_log",
    "outbox",
    "market_levels",
    "detector_state",
)


def contents(database: SqliteDatabase, *left_out: str) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that detection has stored, but for the tables that are left out."""
    return {
        table: database.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in TABLES
        if table not in left_out
    }


def log_of(database: SqliteDatabase) -> list[Entry]:
    """Return the log, whole."""
    return [Entry(*row) for row in database.rows("SELECT seq, hash, body FROM signal_log")]


def kinds_logged(database: SqliteDatabase) -> list[str]:
    """Return what the log is about, in its order. Fails when its chain is broken."""
    entries = log_of(database)
    assert first_broken(Head(), entries) is None
    return [msgspec.json.decode(one.body)["kind"] for one in entries]
