"""A hub and its shards on SQLite, without a network."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from common.log import Logger
from signals.live.asked import Opening, Who
from signals.live.audience import Lists
from signals.live.relay import Relay
from signals.live.shard import Shard

NOW = 1_800_000_000.0


class Storage:
    """The SQLite database of a Durable Object."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)

    def rows(self, sql: str, *parameters: str | float) -> list[list[Any]]:
        return [list(row) for row in self._connection.execute(sql, parameters).fetchall()]


class Page:
    """A connection that remembers what it was sent."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.waiting = 0
        self.closed: int | None = None
        self.note = ""
        self.broken = False

    def send(self, text: str, seq: int | None) -> None:
        if self.broken:
            raise ConnectionError("gone")
        self.frames.append(json.loads(text))

    def keep(self, note: str) -> None:
        self.note = note

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    @property
    def told(self) -> list[str]:
        """The names of the signals, and the ticks, that came."""
        return [frame.get("tick") or frame["signal"]["id"]
                for frame in self.frames if frame["event"] in ("signal", "tick")]  # fmt: skip


class System:
    """A hub with shards that may be away."""

    def __init__(self) -> None:
        self.now = NOW
        self.away: set[str] = set()
        self.lists: dict[tuple[str, str], frozenset[str]] = {}
        self.shards: dict[str, Shard] = {}
        self._storages: dict[str, Storage] = {}
        self._names = 0
        self._keys = 0
        log = Logger("signal-detection", lambda: NOW, lambda _: None)
        self.relay = Relay(Storage(), self._reach, log)

    def _reach(self, name: str) -> Any:
        if name in self.away:
            raise ConnectionError(f"{name} is away")
        return self.shards[name]

    async def join(self, name: str, epoch: int, after: int) -> str:
        return self.relay.join(name, epoch, after)

    async def _find(self, names: Iterable[tuple[str, str]]) -> Lists:
        return {name: self.lists[name] for name in names if name in self.lists}

    def _next_name(self) -> str:
        self._names += 1
        return f"c{self._names}"

    def start(self, name: str) -> Shard:
        """Start a shard, or again after it was evicted."""
        storage = self._storages.setdefault(name, Storage())
        self.shards[name] = Shard(storage, self, lambda: self.now, self._find, self._next_name)
        return self.shards[name]

    def open(
        self, *topics: str, after: int | None = None, subject: str = "s", owner: str | None = None,
        shard: str = "shard-0", most: int = 1000, seconds: int = 0, ticket: str | None = None,
    ) -> Page:  # fmt: skip
        """Open a connection."""
        who = Who(subject, most, owner, seconds) if ticket is None else None
        opening = Opening(shard, list(topics or ("all",)), after, who, ticket)
        held = self.shards.get(shard) or self.start(shard)
        about = asyncio.run(held.admit(opening))
        page = Page()
        page.note = about.id
        held.seat(page, about, after)
        return page

    def publish(self, *bodies: dict[str, Any]) -> bool:
        """Publish events; whether every shard was told."""
        events = []
        for body in bodies:
            self._keys += 1
            events.append({"key": f"k{self._keys}", "body": text(body)})
        self.relay.take(json.dumps(events))
        return asyncio.run(self.relay.tell())


def text(body: dict[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))


def signal(name: str, asset: str = "bitcoin", kind: str = "pump", size: int = 0) -> dict[str, Any]:
    told = {"id": name, "type": kind, "asset_id": asset, "explanation": "x" * size}
    return {"event": "signal", "signal": told}


def tick(name: str, *assets: str) -> dict[str, Any]:
    rows = [[asset, 1.5] for asset in assets]
    return {"event": "tick", "tick": name, "columns": ["asset_id", "price"], "rows": rows}
