"""Collection as a Worker runs it, on ports a test can look into."""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec

from collection.archive import members
from collection.budget import LocalMeter
from collection.fetch import Fetcher
from collection.pipeline import Ports, Summary, collect, replay
from collection.source import Source
from collection.sources import SOURCES
from common.database import Statement
from common.errors import Retryable
from common.log import Logger
from common.settings import Settings
from tests.support.sqlite import SqliteDatabase

TICK = 1_795_176_000  # 2026-11-20T12:00Z, on the quarter hour and on the hour
QUARTER = 900
FEEDS = {
    "bitcoin_magazine": "bitcoinmagazine.com",
    "coindesk": "www.coindesk.com",
    "cointelegraph": "cointelegraph.com",
    "decrypt": "decrypt.co",
}

Dump = dict[str, list[tuple[Any, ...]]]


def only(*names: str) -> list[Source]:
    """Return the core sources of these names."""
    return [source for source in CORE if source.name in names]


def registered(*names: str) -> list[Source]:
    """Return the registered sources of these names, whole, without a budget."""
    free = {"requests_per_minute": 1e6, "burst": 1000, "off_reason": None}
    return [msgspec.structs.replace(s, **free) for s in SOURCES if s.name in names]


def _core() -> list[Source]:
    """Prices and the whole market of CoinGecko, and four feeds: every stage, few requests."""
    (gecko,) = registered("coingecko")
    few = tuple(one for one in gecko.endpoints if one.name in ("markets", "global"))
    return [msgspec.structs.replace(gecko, endpoints=few), *registered(*FEEDS)]


CORE = _core()


class DictBucket:
    """Object storage in a dictionary; `broken` refuses every body."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.broken = False

    async def put(self, key: str, body: bytes) -> None:
        """Keep the body."""
        if self.broken:
            raise Retryable("no bucket today")
        self.objects[key] = body

    async def get(self, key: str) -> bytes | None:
        """Return what was kept."""
        if self.broken:
            raise Retryable("no bucket today")
        return self.objects.get(key)

    async def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with `prefix`."""
        if self.broken:
            raise Retryable("no bucket today")
        return [key for key in self.objects if key.startswith(prefix)]

    @property
    def bodies(self) -> dict[str, bytes]:
        """The bodies in the archives: "<key of the archive>:<endpoint>-<number>" -> body."""
        return {
            f"{key}:{body.endpoint}-{body.number}": body.content
            for key, blob in self.objects.items()
            for body in members(blob)
        }


class Impatient(httpx.AsyncHTTPTransport):
    """Gives one provider `seconds` to answer and every other as long as the client does."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(verify=False)
        self._start, self._seconds = f"/{host}/", seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with its deadline."""
        if request.url.path.startswith(self._start):
            steps = ("connect", "read", "write", "pool")
            request.extensions["timeout"] = dict.fromkeys(steps, self._seconds)
        return await super().handle_async_request(request)


class Desk:
    """One deployment of collection: real HTTP to `upstream`, real SQLite, recorded waits."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.database = SqliteDatabase()
        self.raw = DictBucket()
        self.waits: list[float] = []
        self.lines: list[dict[str, Any]] = []
        self.transport: httpx.AsyncBaseTransport | None = None
        self.meter = LocalMeter(lambda: 0.0)

    def tick(
        self,
        tick: int = TICK,
        sources: Sequence[Source] = CORE,
        *,
        at_once: int = 1,
        keys: Mapping[str, str] | None = None,
        history: int = 0,
        pages: int = 1,
        again: bool = False,
    ) -> Summary:
        """Collect one tick, `at_once` times concurrently; return the last one's summary.

        With `again` it is replayed from the archive instead.
        """
        settings = Settings(market_pages=pages, history_assets_per_tick=history)

        async def run() -> list[Summary]:
            # Loading certificates takes longer than the tick, and loopback needs none.
            async with httpx.AsyncClient(
                timeout=30, verify=False, transport=self.transport
            ) as client:
                fetcher = Fetcher(client, self._sleep, random.Random(1), self.upstream)
                log = Logger("data-collection", lambda: tick, self._write)
                ports = Ports(
                    database=self.database,
                    raw=self.raw,
                    fetch=fetcher,
                    guarded=fetcher,
                    meter=self.meter,
                    clock=lambda: tick,
                    sleep=self._sleep,
                    log=log,
                    settings=settings,
                    keys=keys or {},
                )
                run = replay if again else collect
                return await asyncio.gather(*(run(tick, sources, ports) for _ in range(at_once)))

        return asyncio.run(run())[-1]

    def refuse_batch(self, number: int) -> None:
        """Let the batch of this number, counted from now on, fail as a busy D1 does."""
        batch, calls = self.database.batch, 0

        async def counted(statements: Sequence[Statement]) -> int:
            nonlocal calls
            calls += 1
            if calls == number:
                raise Retryable("database is busy")
            return await batch(statements)

        self.database.batch = counted  # type: ignore[method-assign]

    def count(self, table: str, where: str = "true") -> int:
        """Return how many rows a table has."""
        ((count,),) = self.database.rows(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(count)

    def state(self, source: str) -> tuple[str, str | None]:
        """Return what the sources table says of a source: state and reason."""
        ((state, reason),) = self.database.rows(
            "SELECT state, reason FROM sources WHERE source = ?", source
        )
        return state, reason

    def run(self, source: str, tick: int = TICK) -> dict[str, Any]:
        """Return the record of a source's tick, its `skipped` decoded."""
        columns = "state, reason, requests, bytes, parsed, skipped, milliseconds"
        (row,) = self.database.rows(
            f"SELECT {columns} FROM source_runs WHERE source = ? AND tick = ?", source, tick
        )
        record = dict(zip(columns.split(", "), row, strict=True))
        return {**record, "skipped": json.loads(record["skipped"])}

    def quotes(self, tick: int = TICK) -> dict[str, tuple[Any, ...]]:
        """Return the stored prices of a tick by asset."""
        rows = self.database.rows(
            "SELECT asset_id, symbol, price, volume_24h, market_cap, source, observed_at"
            " FROM market_data WHERE timestamp = ?",
            tick,
        )
        return {row[0]: row[1:] for row in rows}

    def dump(self, *tables: str) -> Dump:
        """Return every row of the named tables, or of all but the count of what was stored when."""
        known = self.database.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'data_version'"
        )
        names = tables or tuple(sorted(name for (name,) in known))
        return {
            name: sorted(self.database.rows(f"SELECT * FROM {name}"), key=repr) for name in names
        }

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def _write(self, line: str) -> None:
        self.lines.append(json.loads(line))
