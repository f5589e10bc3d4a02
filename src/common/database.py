"""Access to D1: the port, prepared statements, bulk writes and keyset pages.

SQL lives beside the thing it stores, as constants; this module says how any
of it is run. Bulk values travel as one JSON parameter that SQLite unpacks
with json_each, because D1 takes 100 parameters a statement and a row per
statement costs seven times as much.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

Value = str | int | float | None
Row = dict[str, Any]


class Statement(NamedTuple):
    """One SQL text and its positional parameters."""

    sql: str
    parameters: tuple[Value, ...] = ()


class Database(Protocol):
    """The port: D1 in a Worker, sqlite3 in a test."""

    async def all(self, statement: Statement) -> list[Row]:
        """Return every row."""

    async def text(self, statement: Statement) -> str | None:
        """Return the first column of the first row, made by SQLite; None without a row."""

    async def texts(self, statements: Sequence[Statement]) -> list[str | None]:
        """Return what `text` would of each statement, in one round trip and one transaction."""

    async def batch(self, statements: Sequence[Statement]) -> int:
        """Run the statements in one transaction; return how many rows were written."""


# D1 refuses a string over 2,000,000 bytes; a character is at most 4 of them.
CHUNK_CHARACTERS = 480_000


def bulk(
    sql: str, rows: Iterable[Sequence[Value]], parameters: tuple[Value, ...] = ()
) -> list[Statement]:
    """Return statements that run `sql` over `rows`, as few as D1's size limit allows.

    The SQL reads the rows from `json_each(?1)`, each one a JSON array in
    `value`; `parameters` are bound from ?2 on. No rows, no statement.
    """
    statements: list[Statement] = []
    chunk: list[str] = []
    size = 0
    for row in rows:
        encoded = msgspec.json.encode(row).decode()
        if chunk and size + len(encoded) > CHUNK_CHARACTERS:
            statements.append(Statement(sql, ("[" + ",".join(chunk) + "]", *parameters)))
            chunk, size = [], 0
        chunk.append(encoded)
        size += len(encoded) + 1
    if chunk:
        statements.append(Statement(sql, ("[" + ",".join(chunk) + "]", *parameters)))
    return statements


Item = TypeVar("Item")


async def parts(database: Database, statement: Statement, item: type[Item]) -> list[Item]:
    """Return the items of JSON arrays, one array a row in the column `part`.

    One array of everything would be a string, and D1 refuses those over
    2,000,000 bytes.
    """
    found: list[Item] = []
    for row in await database.all(statement):
        found += msgspec.json.decode(row["part"], type=list[item])  # type: ignore[valid-type]
    return found


class Page(NamedTuple):
    """A keyset page: JSON texts, and the key that the next page starts behind (None: the last)."""

    items: list[str]
    next: str | None


async def keyset_page(database: Database, statement: Statement, limit: int) -> Page:
    """Return a page of at most `limit` items.

    The statement returns one JSON array of [key, item] pairs in the order of
    their keys, one more than `limit` if there are as many: that one only says
    that a next page exists. Unlike OFFSET this reads no row twice, and rows
    that come in between neither repeat nor hide another.
    """
    text = await database.text(statement) or "[]"
    found = msgspec.json.decode(text, type=list[tuple[str, str]])
    kept = found[:limit]
    return Page([item for _, item in kept], kept[-1][0] if len(found) > limit else None)
