"""The token buckets of all providers, counted in one Durable Object for all isolates."""

import time
from collections.abc import Mapping
from typing import Any

import msgspec

from collection.budget import Wish, release, reserve
from common.errors import Retryable
from common.platform.objects import DurableObject, Storage

CREATE = "CREATE TABLE IF NOT EXISTS buckets (source TEXT PRIMARY KEY, full_at REAL NOT NULL)"
READ = "SELECT full_at FROM buckets WHERE source = ?"
WRITE = """INSERT INTO buckets (source, full_at) VALUES (?, ?)
ON CONFLICT (source) DO UPDATE SET full_at = excluded.full_at"""

_wishes = msgspec.json.Decoder(dict[str, Wish])
_granted = msgspec.json.Decoder(dict[str, list[float]])


class Meters(DurableObject):
    """Grants requests. Its methods are called by RPC and speak JSON."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._storage = Storage(ctx)
        self._storage.rows(CREATE)

    async def reserve(self, wishes: str) -> str:
        """Take {source: Wish}; return {source: seconds from now of each request granted}."""
        granted: dict[str, list[float]] = {}
        now = time.time()
        for source, wish in _wishes.decode(wishes).items():
            full_at, granted[source] = reserve(self._full_at(source), wish.requests, wish.rate, now)
            self._storage.rows(WRITE, source, full_at)
        return msgspec.json.encode(granted).decode()

    async def release(self, unused: str) -> None:
        """Take back {source: Wish} of requests that were not sent."""
        for source, wish in _wishes.decode(unused).items():
            full_at = release(self._full_at(source), wish.requests, wish.rate)
            self._storage.rows(WRITE, source, full_at)

    def _full_at(self, source: str) -> float:
        rows = self._storage.rows(READ, source)
        return float(rows[0][0]) if rows else 0.0


class RemoteMeter:
    """The Meter port over the binding of Meters."""

    def __init__(self, namespace: Any) -> None:
        self._stub = namespace.getByName("main")

    async def reserve(self, wishes: Mapping[str, Wish]) -> dict[str, list[float]]:
        """See collection.budget.Meter."""
        try:
            granted = await self._stub.reserve(msgspec.json.encode(wishes).decode())
        except Exception as error:  # noqa: BLE001 - whatever the reason, it does not answer
            raise Retryable(f"request meter: {error}") from None
        return _granted.decode(str(granted))

    async def release(self, unused: Mapping[str, Wish]) -> None:
        """See collection.budget.Meter."""
        try:
            await self._stub.release(msgspec.json.encode(unused).decode())
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"request meter: {error}") from None
