"""Who asked for what, how often: counted in the isolate, written behind the answers.

A batch is written whole or not at all, and twice counts once: it is known by
its name. What an isolate counted in its last seconds, when the platform takes
it away at that very moment, is lost; nothing that is paid for rests on it.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence

from common.database import Database, Statement, Value, bulk
from common.errors import Retryable

FLUSH_SECONDS = 4.0
HOUR = 3600
KEPT_SECONDS = 86_400  # names of batches: longer than any of them is tried again

INSERT = """
INSERT INTO user_analytics (user_id, timestamp, endpoint, credential, requests, errors)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
FROM json_each(?1) WHERE NOT EXISTS (SELECT 1 FROM usage_batches WHERE batch_id = ?2)
ON CONFLICT (user_id, timestamp, endpoint, credential) DO UPDATE SET
  requests = requests + excluded.requests, errors = errors + excluded.errors
"""
INSERT_BATCH = (
    "INSERT INTO usage_batches (batch_id, created_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
)
FORGET = "DELETE FROM usage_batches WHERE created_at < ?1"

# What else is written with it, asked for when it is.
Further = Callable[[float], Sequence[Statement]]
Key = tuple[str, int, str, str]


class Usage:
    """One per isolate."""

    def __init__(self) -> None:
        self._counts: dict[Key, list[int]] = {}
        self._flushing = False

    def note(self, user: str, credential: str, endpoint: str, failed: bool, now: float) -> bool:
        """Count a request; return whether somebody must be asked to flush."""
        key = (user, int(now) // HOUR * HOUR, endpoint, credential)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0, 0]
        counts[0] += 1
        counts[1] += failed
        if self._flushing:
            return False
        self._flushing = True
        return True

    async def flush_soon(self, database: Database, now: float, further: Further) -> None:
        """Wait a little for more, then write all that was counted."""
        try:
            await asyncio.sleep(FLUSH_SECONDS)
        finally:
            self._flushing = False
        await self.flush(database, now, further(now))

    async def flush(
        self, database: Database, now: float, further: Sequence[Statement] = ()
    ) -> None:
        """Write all that was counted, with `further` statements in the same transaction.

        What could not be written is counted on.
        """
        counts, self._counts = self._counts, {}
        if not counts:
            return
        batch = secrets.token_hex(12)
        rows: list[tuple[Value, ...]] = [(*key, *count) for key, count in counts.items()]
        try:
            await database.batch([
                *bulk(INSERT, rows, (batch,)),
                Statement(INSERT_BATCH, (batch, int(now))),
                Statement(FORGET, (int(now) - KEPT_SECONDS,)),
                *further,
            ])  # fmt: skip
        except Retryable:
            for key, (requests, errors) in counts.items():
                kept = self._counts.setdefault(key, [0, 0])
                kept[0] += requests
                kept[1] += errors
