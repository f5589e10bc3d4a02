"""A seeded database, a clock moved by hand, and requests to a gateway without a network."""

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from api.gateway import Gateway
from api.identity.api_keys import hash_secret
from api.principal import Context, Principal
from api.routes import ROUTES
from api.routing import Route, Router
from common import data_version
from common.database import Row, Statement
from common.envelope import Answer
from common.log import Logger
from tests.support import jwk
from tests.support.outside import MemoryOutside, Parts
from tests.support.sqlite import SqliteDatabase, copy_of

NOW = 1_760_001_060.75  # a minute behind the last tick, and not a whole second
TICK = 1_760_001_000 // 900 * 900
PEPPER = "a pepper"
SECRET = "5ec2e7" * 8
KEY = f"ci_test_key1_{SECRET}"
BASE = "https://api.example"
# One of every answer that a route can give.
PATHS = (
    "/api/v1/market-data/BTC",
    "/api/v1/signals/all",
    "/api/v1/signals/price_anomaly?symbol=BTC&since=1&limit=5",
    "/api/v1/analytics/market",
    "/api/v1/analytics/movers",
    "/api/v1/analytics/sources",
    "/api/v1/analytics/tvl?limit=5",
    "/api/v1/analytics/track_record",
    "/api/v1/analytics/detectors",
    "/api/v1/events?symbol=BTC&limit=5",
    "/api/v1/signal-log?limit=5",
    "/api/v1/entities/bitcoin",
    "/api/v1/dashboard/overview",
    "/api/v1/dashboard/asset?asset_id=bitcoin&days=2",
)
TYPES = ("price_anomaly", "volume_spike", "sentiment_shift")


@dataclass
class FakeRequest:
    """What the gateway reads of a request; names of headers are in lower case."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        return self.headers.get(name)


class Failing:
    """A database that answers every statement with an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def all(self, statement: Statement) -> list[Row]:
        raise self._error

    async def text(self, statement: Statement) -> str | None:
        raise self._error

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        raise self._error

    async def batch(self, statements: Sequence[Statement]) -> int:
        raise self._error


READER = Principal("r1", "viewer", "enterprise", "session")
SETTINGS = {
    "DATA_ORIGIN": "simulated", "ENVIRONMENT": "test", "JWT_KEYS": jwk.new_set(7),
    "API_URL": BASE, "DASHBOARD_URL": "https://app.example", "PASSWORD_PEPPER": "salt of ours",
    "WEBHOOK_SECRET_KEY": "0123456789abcdef" * 4, "TURNSTILE_SECRET": "1x",
    "TURNSTILE_SITE_KEY": "1x", "VAPID_PRIVATE_KEY": jwk.private(8),
}  # fmt: skip


class Caller:
    """Sends requests to one gateway; time, database, log and all other parts are at hand."""

    def __init__(self, database: Any, routes: tuple[Route, ...] = ROUTES) -> None:
        self.database = database
        self.now = NOW
        self.pepper = PEPPER
        self.parts = Parts()
        self.address = "192.0.2.7"
        self.lines: list[dict[str, Any]] = []
        self.gateway = Gateway(Router(routes), Logger("api", lambda: self.now, self._keep))

    def __call__(
        self,
        path: str,
        method: str = "GET",
        *,
        key: str | None = KEY,
        principal: Principal | None = None,
        headers: dict[str, str] | None = None,
        sent: bytes = b"",
    ) -> Answer:
        named = dict(headers or {})
        if key is not None:
            named.setdefault("authorization", f"Bearer {key}")
        return asyncio.run(self.ask(path, method, named, sent, principal))

    async def ask(
        self, path: str, method: str, headers: dict[str, str], sent: bytes = b"",
        principal: Principal | None = None,
    ) -> Answer:  # fmt: skip
        """Answer one of perhaps many requests at once."""
        self.parts.now = self.now
        request = FakeRequest(BASE + path, method, headers)
        return await self.gateway.answer(request, self.context(sent), principal)

    def context(self, sent: bytes = b"") -> Context:
        settings = {**SETTINGS, "API_KEY_PEPPER": self.pepper}
        return Context(
            lambda: self.database, settings.get, self.now, MemoryOutside(self.parts, sent),
            lambda: self.address,
        )  # fmt: skip

    def settle(self, *names: str) -> None:
        """Do what was left for after the answers, only the functions of some names if given."""
        asyncio.run(self.parts.settle(*names))

    def fresh(self) -> None:
        """Say that something was stored, as collection and detection do; it shows at once."""
        asyncio.run(self.database.batch([data_version.RAISE]))
        self.now += 2

    def _keep(self, line: str) -> None:
        self.lines.append(msgspec.json.decode(line))

    def data(self, path: str) -> Any:
        answer = self(path)
        assert answer.status == 200, answer.body
        return msgspec.json.decode(body(answer))["data"]


def body(answer: Answer) -> str:
    """Return the body of an answer that is held whole."""
    assert isinstance(answer.body, str)
    return answer.body


def insert(database: SqliteDatabase, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    database.connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
    )


def insert_key(database: SqliteDatabase, key: str, **values: Any) -> None:
    """Insert an API key of the user 'u1' that was issued with the text `key`."""
    _, _, key_id, secret = key.split("_")
    hashed = hash_secret(secret, PEPPER)
    insert(
        database, "api_keys", key_id=key_id, user_id="u1", name="k", secret_hash=hashed,
        created_at=TICK, **values,
    )  # fmt: skip


def insert_price(
    database: SqliteDatabase, number: int, asset: str, symbol: str, price: float, time: int,
    *, source_no: int = 1, source: str = "coingecko",
) -> None:  # fmt: skip
    insert(
        database, "market_data", id=number << 31 | time // 60 << 5 | source_no, asset_id=asset,
        symbol=symbol, price=price, volume_24h=price * 1e6, market_cap=price * 1e7,
        timestamp=time, source=source, observed_at=time - 20,
    )  # fmt: skip


def insert_reading(
    database: SqliteDatabase, number: int, kind: str, key: str, value: float,
    *, source: str = "coingecko", tick: int = TICK,
) -> None:  # fmt: skip
    insert(
        database, "series", series_no=number, source=source, kind=kind, key=key, name=key.title(),
        about='{"category":"Lending"}',
    )  # fmt: skip
    insert(
        database, "readings", id=number << 26 | tick // 60, value=value, observed_at=tick - 30,
        figures='{"change_1d":-1.5}',
    )  # fmt: skip


def insert_signal(database: SqliteDatabase, number: int, **values: Any) -> str:
    """Insert the signal of a tick `number` quarters of an hour after the first; return its id."""
    kind = TYPES[number % 3]
    asset, symbol = (("bitcoin", "BTC"), ("ethereum", "ETH"))[number % 2]
    time = TICK - 86400 + 900 * (number // 2)
    row = {
        "id": f"{time}-{kind}-{asset}", "type": kind, "asset_id": asset, "symbol": symbol,
        "confidence_score": None if number % 2 else 0.625, "explanation": f"{symbol} moved.",
        "metadata": '{"direction":"up","statistic":{"value":8.21}}', "created_at": time,
    } | values  # fmt: skip
    insert(database, "signals", **row)
    return str(row["id"])


def seeded() -> SqliteDatabase:
    """Two assets with 30 hours of prices, 20 signals, a story, two sources and a key."""
    return SqliteDatabase(copy_of(_seeded()))


@functools.cache
def _seeded() -> bytes:
    database = SqliteDatabase()
    for number, source in ((1, "coingecko"), (2, "coindesk")):
        insert(
            database, "sources", source_no=number, source=source, state="ok", last_tick=TICK,
            last_success=TICK, attribution=f"Data by {source}", attribution_url="https://a.example",
        )  # fmt: skip
        insert(
            database, "source_runs", source=source, tick=TICK, state="ok", requests=1, bytes=10,
            parsed=2, skipped='{"no_price":1}', milliseconds=5,
        )  # fmt: skip
    for number, asset, symbol in ((1, "bitcoin", "BTC"), (2, "ethereum", "ETH")):
        insert(
            database, "assets", asset_no=number, asset_id=asset, symbol=symbol,
            name=asset.title(), history_from=TICK - 30 * 3600,
        )  # fmt: skip
        for step in range(121):
            price = 1000.5 / number + step * (0.25 if number == 1 else -0.125)
            insert_price(database, number, asset, symbol, price, TICK - (120 - step) * 900)
    for time, cap in ((TICK - 900, 3e12), (TICK, 3.125e12)):
        insert(
            database, "market_global", timestamp=time, source="coingecko", total_market_cap=cap,
            total_volume=1.5e11, btc_dominance=57.25, market_cap_change_24h=-1.5,
        )  # fmt: skip
    insert(
        database, "news_items", news_id="n1", source="coindesk", title="Bitcoin holds",
        url="https://news.example/1", published_at=TICK - 600, tick=TICK, sentiment=0.4215,
        sentiment_model="headlines-1",
    )  # fmt: skip
    insert(
        database, "news_mentions", entity_type="asset", entity_name="bitcoin",
        published_at=TICK - 600, news_id="n1", source="coindesk",
    )  # fmt: skip
    insert(
        database, "news_relations", news_id="n1", subject_type="exchange", subject_name="Kraken",
        object_type="asset", object_name="bitcoin", kind="lists", published_at=TICK - 600,
    )  # fmt: skip
    insert_reading(database, 400, "protocol_tvl", "aave", 2.5e10)
    for number in range(20):
        insert_signal(database, number)
    insert(
        database, "users", user_id="u1", email="u@example.com", role="trader", plan="enterprise",
        created_at=TICK,
    )  # fmt: skip
    insert_key(database, KEY)
    return database.connection.serialize()
