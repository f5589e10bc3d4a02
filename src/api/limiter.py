"""The Durable Object of the limits: one object a subject, named by it."""

import time
from typing import Any

from api.limits.arbiter import Arbiter
from common.platform.objects import DurableObject, Storage

CREATE = "CREATE TABLE IF NOT EXISTS memory (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"
READ = "SELECT body FROM memory WHERE id = 1"
WRITE = """INSERT INTO memory (id, body) VALUES (1, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body"""
LOOK_SECONDS = 3_600  # how often, at most, an object wakes to see whether it is idle


class Limiter(DurableObject):
    """Stores what its arbiter knows at every call, so that an eviction loses nothing.

    An alarm deletes what is stored once nothing of it counts any more: an
    address that came once would else be stored for ever.
    """

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._ctx = ctx
        self._storage = Storage(ctx)
        self._storage.rows(CREATE)
        rows = self._storage.rows(READ)
        self._arbiter = Arbiter(str(rows[0][0]) if rows else None)
        self._alarmed = False

    async def ask(self, request: str) -> str:
        """Answer one request of api.limits.protocol; both are JSON."""
        answer = self._arbiter.answer(request, time.time())
        if not self._alarmed:  # the first since it woke, or since all was deleted
            self._storage.rows(CREATE)
        # The runtime holds the answer back until this is on disk.
        self._storage.rows(WRITE, self._arbiter.stored())
        if not self._alarmed:
            self._alarmed = True
            await self._wake_later()
        return answer

    async def alarm(self, _info: Any = None) -> None:
        """Delete what is stored, or look again when it may be idle."""
        if self._arbiter.idle_at() > time.time():
            await self._wake_later()
            return
        self._arbiter, self._alarmed = Arbiter(None), False
        await self._ctx.storage.deleteAll()

    async def _wake_later(self) -> None:
        wake_at = max(self._arbiter.idle_at(), time.time() + LOOK_SECONDS)
        await self._ctx.storage.setAlarm(int(wake_at * 1000) + 1)
