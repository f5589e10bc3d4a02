"""The Durable Object of the limits: one object a subject, named by it."""

import time
from typing import Any

from api.limits.arbiter import Arbiter
from common.platform.objects import DurableObject, Storage

CREATE = "CREATE TABLE IF NOT EXISTS memory (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"
READ = "SELECT body FROM memory WHERE id = 1"
WRITE = """INSERT INTO memory (id, body) VALUES (1, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body"""


class Limiter(DurableObject):
    """Stores what its arbiter knows at every call, so that an eviction loses nothing."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._storage = Storage(ctx)
        self._storage.rows(CREATE)
        rows = self._storage.rows(READ)
        self._arbiter = Arbiter(str(rows[0][0]) if rows else None)

    async def ask(self, request: str) -> str:
        """Answer one request of api.limits.protocol; both are JSON."""
        answer = self._arbiter.answer(request, time.time())
        # The runtime holds the answer back until this is on disk.
        self._storage.rows(WRITE, self._arbiter.stored())
        return answer
