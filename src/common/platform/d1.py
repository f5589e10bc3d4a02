"""D1 as the Database port."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

from common.database import Row, Statement
from common.errors import Conflict, Retryable

# What D1 says when a statement may be sent again, which all of ours may: writes
# are idempotent. "locked", and the internal error of a commit that then fails,
# come from the local runtime, where four processes share one file.
_PASSING = (
    "Network connection lost",
    "storage caused object to be reset",
    "transient issue",
    "internal error",
    "is locked",
)
_OVERLOADED = ("overloaded", "Too many requests queued")  # sending again makes it worse
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds, each with as much again of jitter


class D1:
    """Runs statements on a D1 binding: on the primary database, which knows all that was written.

    With a `consistency` a replica near the reader may answer, at twice the cost of the call:
    https://developers.cloudflare.com/d1/best-practices/read-replication/
    """

    def __init__(self, binding: Any, consistency: str | None = None) -> None:
        self._session = binding if consistency is None else binding.withSession(consistency)

    def _prepare(self, statement: Statement) -> Any:
        prepared = self._session.prepare(statement.sql)
        if not statement.parameters:
            return prepared
        return prepared.bind(
            # An int from here on would cross as a bigint, which D1 does not take.
            *(
                float(value) if isinstance(value, int) and abs(value) >= 2**53 - 1 else value
                for value in statement.parameters
            )
        )

    async def all(self, statement: Statement) -> list[Row]:
        """Return every row."""
        result = await _send(lambda: self._prepare(statement).all())
        return [dict(row) for row in result["results"]]

    async def text(self, statement: Statement) -> str | None:
        """Return the first column of the first row, made by SQLite; None without a row."""
        rows = await _send(lambda: self._prepare(statement).raw())
        value = rows[0][0] if rows else None
        return None if value is None else str(value)

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        """Return the first column of the first row of each statement, in one transaction."""
        results = await _send(
            lambda: self._session.batch([self._prepare(statement) for statement in statements])
        )
        firsts = [next(iter(result["results"]), None) for result in results]
        values = [None if row is None else next(iter(row.values())) for row in firsts]
        return [None if value is None else str(value) for value in values]

    async def batch(self, statements: Sequence[Statement]) -> int:
        """Run the statements in one transaction; return how many rows were written."""
        if not statements:
            return 0
        results = await _send(
            lambda: self._session.batch([self._prepare(statement) for statement in statements])
        )
        return sum(int(result["meta"]["rows_written"]) for result in results)


async def _send(call: Callable[[], Any]) -> Any:
    """Make a call, again after a passing fault.

    Raises Retryable when D1 stays unwell, Conflict when a key is taken.
    """
    for wait in (*_WAITS, None):
        try:
            return await call()
        except Exception as error:
            text = str(error)
            if "UNIQUE constraint failed" in text:
                raise Conflict(f"database: {text}") from None
            if any(sign in text for sign in _OVERLOADED):
                raise Retryable(f"database: {text}") from None
            if not any(sign in text for sign in _PASSING):
                raise
            if wait is None:
                raise Retryable(f"database: {text}") from None
            await asyncio.sleep(wait * (1 + random.random()))  # noqa: S311 - jitter
    raise AssertionError("the loop returns or raises")
