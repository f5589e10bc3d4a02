"""What the version of the stored data is, as this isolate knows it.

It is never more than FRESH_SECONDS old when it is used, so new data shows at
the latest then. A busy isolate asks for it beside its answers, not before them.
"""

import math
from collections.abc import Callable, Sequence

import msgspec

from api.principal import Outside
from common import data_version
from common.database import Database, Row, Statement

FRESH_SECONDS = 1.9
ASK_AGAIN_SECONDS = 0.9
PATIENCE_SECONDS = 5.0  # for a question that another request asked and does not come back from

_decode = msgspec.json.Decoder(tuple[int, int]).decode


class Freshness:
    """One per isolate. `changed_at` is the wall time of the last change, epoch seconds."""

    def __init__(self) -> None:
        self.version = -1
        self.changed_at = 0
        self._known_at = -math.inf
        self._asked_at = -math.inf

    def known(self, now: float) -> bool:
        """Whether the version is known well enough to answer from what was kept under it."""
        return 0 <= now - self._known_at < FRESH_SECONDS

    def learn(self, told: str | None, asked_at: float) -> None:
        """Take over what the database told, asked at `asked_at`."""
        if told is not None and asked_at >= self._known_at:
            self.version, self.changed_at = _decode(told)
            self._known_at = asked_at

    def refresh_behind(
        self, now: float, open_database: Callable[[], Database], outside: Outside
    ) -> None:
        """Ask again after the answer when it will soon be needed and nobody has asked."""
        if (
            now - self._known_at > ASK_AGAIN_SECONDS
            and not 0 <= now - self._asked_at < PATIENCE_SECONDS
        ):
            self._asked_at = now
            outside.later(self._refresh(now, open_database()))

    async def _refresh(self, now: float, database: Database) -> None:
        try:
            self.learn(await database.text(data_version.READ), now)
        finally:
            self._asked_at = -math.inf


class Versioned:
    """A database whose first read also tells the version, in the same round trip.

    `version` is the one that whatever was read belongs to, None while nothing was.
    """

    def __init__(self, database: Database, freshness: Freshness, now: float) -> None:
        self._database = database
        self._freshness = freshness
        self._now = now
        self.version: int | None = None

    async def text(self, statement: Statement) -> str | None:
        """Return the first column of the first row; None without a row."""
        if self._knows():
            return await self._database.text(statement)
        return (await self.texts([statement]))[0]

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        """Return the first column of the first row of each statement."""
        if self._knows():
            return await self._database.texts(statements)
        told, *found = await self._database.texts([data_version.READ, *statements])
        self._freshness.learn(told, self._now)
        self.version = _decode(told or "[0,0]")[0]
        return found

    async def all(self, statement: Statement) -> list[Row]:
        """Return every row."""
        if not self._knows():
            self._freshness.learn(await self._database.text(data_version.READ), self._now)
            self.version = self._freshness.version
        return await self._database.all(statement)

    async def batch(self, statements: Sequence[Statement]) -> int:
        """Run the statements in one transaction; return how many rows were written."""
        return await self._database.batch(statements)

    def _knows(self) -> bool:
        """Whether the version of what is read next is known."""
        if self.version is None and self._freshness.known(self._now):
            self.version = self._freshness.version
        return self.version is not None
