"""The Database port over sqlite3 with the real migrations: what D1 is, minus the network.

D1 binds every number of a Worker as a double; so does this, to find SQL that
would only work with integers.
"""

import functools
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common.database import Row, Statement
from common.errors import Conflict

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def migrated() -> sqlite3.Connection:
    """Return an empty database with every migration applied in order."""
    return copy_of(_migrated())


@functools.cache
def _migrated() -> bytes:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for file in sorted(MIGRATIONS.glob("*.sql")):
        connection.executescript(file.read_text("utf-8"))
    return connection.serialize()


def copy_of(image: bytes) -> sqlite3.Connection:
    """Return a database in memory with the content of another, as it serialised itself."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(image)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


class SqliteDatabase:
    """Runs statements as D1 would; `failures` makes the next batches fail."""

    def __init__(self, connection: sqlite3.Connection | None = None) -> None:
        """Take an open database, or a new one in memory."""
        self.connection = connection or migrated()
        self.connection.row_factory = sqlite3.Row
        self.statements = 0
        self.round_trips = 0
        self.failures: list[Exception] = []

    async def all(self, statement: Statement) -> list[Row]:
        """Return every row."""
        return [dict(row) for row in self._run(statement)]

    async def text(self, statement: Statement) -> str | None:
        """Return the first column of the first row."""
        rows = self._run(statement).fetchall()
        value = rows[0][0] if rows else None
        return None if value is None else str(value)

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        """Return the first column of the first row of each statement, in one transaction."""
        found: list[str | None] = []
        with self._transaction(len(statements)):
            for statement in statements:
                row = self._run(statement).fetchone()
                found.append(None if row is None or row[0] is None else str(row[0]))
        return found

    async def batch(self, statements: Sequence[Statement]) -> int:
        """Run the statements in one transaction; return how many rows they changed."""
        if self.failures:
            raise self.failures.pop(0)
        before = self.connection.total_changes
        with self._transaction(len(statements)):
            for statement in statements:
                self._run(statement)
        return self.connection.total_changes - before

    @contextmanager
    def _transaction(self, statements: int) -> Iterator[None]:
        """All or nothing, and one round trip however many statements."""
        self.round_trips -= statements - 1
        self.connection.execute("BEGIN")
        try:
            yield
        except sqlite3.IntegrityError as error:
            self.connection.execute("ROLLBACK")
            if "UNIQUE" in str(error):
                raise Conflict(str(error)) from None
            raise
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return rows as tuples, for assertions."""
        return [tuple(row) for row in self.connection.execute(sql, parameters)]

    def _run(self, statement: Statement) -> sqlite3.Cursor:
        self.statements += 1
        self.round_trips += 1
        bound = [
            float(value) if isinstance(value, int) else value for value in statement.parameters
        ]
        return self.connection.execute(statement.sql, bound)
