"""Users with rules and webhooks, a tick's signals in the outbox, a receiver, and a clock."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from common.log import Logger
from signals.delivery.post import Answered
from signals.delivery.sending import Ports
from tests.support.sqlite import SqliteDatabase

TICK = 1_760_001_300
STEP = 900
KEY = "a key of the tests, long enough for it"
URL = "https://hooks.example/in?token=hidden"


class World:
    """A database in which things happen at `now`; `sent` is what receivers got."""

    def __init__(self, database: SqliteDatabase | None = None) -> None:
        self.database = database or SqliteDatabase()
        self.now = float(TICK)
        self.lines: list[dict[str, Any]] = []
        self.told: list[str] = []  # of others than delivery
        self.receiver = Receiver()

    def insert(self, table: str, **values: Any) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self.database.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())
        )

    def change(self, sql: str, *values: Any) -> None:
        assert self.database.connection.execute(sql, values).rowcount > 0

    def signal(self, asset: str = "bitcoin", at: int = TICK, **values: Any) -> str:
        """Store a signal of `at` and announce it at that tick; return its id."""
        row = {
            "type": "price_anomaly", "asset_id": asset, "symbol": asset.upper(), "score": 2.5,
            "confidence_score": 0.6, "explanation": f"{asset} moved.",
            "metadata": '{"direction":"up"}', "created_at": at, "known_at": at,
        } | values  # fmt: skip
        name = f"{at:010d}-{row['type']}-{asset}"
        self.insert("signals", id=name, **row)
        self.announce(f"signal:{name}", "signal", name, at)
        return name

    def end(self, name: str, at: int) -> None:
        """End a signal, and announce that."""
        self.change("UPDATE signals SET ended_at = ? WHERE id = ?", at, name)
        self.announce(f"ended:{name}:{at}", "ended", name, at)

    def announce(self, key: str, event: str, payload: str, at: int) -> None:
        self.insert("outbox", event_key=key, event=event, payload=payload, created_at=at)

    def hook(self, name: str, *events: str, owner: str = "u1", **values: Any) -> str:
        row = {"url": URL, "active": 1} | values
        self.insert(
            "webhooks", webhook_id=name, owner=owner,
            events=msgspec.json.encode(events or ("signal",)).decode(), created_at=1, updated_at=1,
            **row,
        )  # fmt: skip
        return name

    def rule(self, name: str, *hooks: str, owner: str = "u1", **values: Any) -> str:
        row = {"cooldown_seconds": 0, "active": 1} | values
        self.insert(
            "alert_rules", rule_id=name, owner=owner, name=name,
            webhooks=msgspec.json.encode(hooks).decode(), created_at=1, updated_at=1, **row,
        )  # fmt: skip
        return name

    def watchlist(self, name: str, *assets: str, owner: str = "u1") -> str:
        encoded = msgspec.json.encode(assets).decode()
        self.insert(
            "watchlists", watchlist_id=name, owner=owner, name=name, assets=encoded,
            created_at=1, updated_at=1,
        )  # fmt: skip
        return name

    def delivery(self, hook: str, number: int = 1, owner: str = "u1", **values: Any) -> str:
        """Store a delivery that is due at once; return its id."""
        name = f"{TICK:010d}-{number:016x}"
        row = {
            "delivery_id": name, "webhook_id": hook, "owner": owner, "event_key": f"key:{number}",
            "event": "signal", "body": '{"type":"signal"}', "created_at": TICK,
        } | values  # fmt: skip
        self.insert("webhook_deliveries", **row)
        return name

    def ports(self, database: Any = None, key: str = KEY) -> Ports:
        log = Logger("signal-detection", lambda: self.now, self._keep)
        return Ports(database or self.database, self.receiver, key, lambda: self.now, Still(), log)

    def alerts(self) -> list[tuple[Any, ...]]:
        return self.database.rows("SELECT rule_id, signal_id, fired_at FROM alerts ORDER BY 2, 1")

    def deliveries(self) -> list[tuple[Any, ...]]:
        return self.database.rows(
            "SELECT webhook_id, event_key, event, owner FROM webhook_deliveries ORDER BY 1, 2"
        )

    def state(self, name: str) -> dict[str, Any]:
        """Return a delivery's row, its attempts decoded."""
        row = dict(
            self.database.connection.execute(
                "SELECT * FROM webhook_deliveries WHERE delivery_id = ?", (name,)
            ).fetchone()
        )
        return row | {"attempts": msgspec.json.decode(row["attempts"])}

    def hook_row(self, name: str) -> dict[str, Any]:
        found = self.database.connection.execute(
            "SELECT * FROM webhooks WHERE webhook_id = ?", (name,)
        )
        return dict(found.fetchone())

    def _keep(self, line: str) -> None:
        self.lines.append(msgspec.json.decode(line))


class Still(random.Random):
    """No jitter."""

    def random(self) -> float:
        return 0.0


@dataclass
class Receiver:
    """Takes what is sent; `answers` says what to, by default 200 to everything."""

    answers: Callable[[str], int | Exception] = lambda url: 200
    excerpt: str = "ok"
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    most_at_once: int = 0
    waits: int = 1
    _open: int = 0

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answered:
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        for _ in range(self.waits):
            await asyncio.sleep(0)
        self._open -= 1
        self.sent.append((url, headers, body))
        answer = self.answers(url)
        if isinstance(answer, Exception):
            raise answer
        return Answered(answer, self.excerpt)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in self.sent]
