"""Long lists as CSV and NDJSON: SQLite writes the lines, a page of them at a time.

CSV is RFC 4180: a header, CRLF, texts in quotes. A text that a spreadsheet
would take for a formula (it begins with =, +, -, @, tab or return) gets an
apostrophe in front, as OWASP advises (CSV injection); numbers stay numbers.
NDJSON is one object a line. A page is one call of the database, so what is in
memory is a page, however long the list is.

When a page fails after the first was sent, the status is long gone. NDJSON
then ends in a line {"error": …}. CSV has no such line, so the transfer is
broken off: a complete file always ends properly.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal, NamedTuple

import msgspec

from common.database import Database, Row, Statement
from common.envelope import Answer

Format = Literal["csv", "ndjson"]
PAGE = 500  # lines, or bars that might be
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "ndjson": "application/x-ndjson"}
MOST_PAIRS = 12  # D1 takes 32 arguments a function
_CRLF = "\r\n"


class Column(NamedTuple):
    """A column: its name, SQL of its value, and whether that is text."""

    name: str
    sql: str
    text: bool = False


def page_of(columns: Sequence[Column], rows: str, key: str, form: Format) -> str:
    """Return SQL of one page as (count, last key, lines).

    `rows` is SQL behind FROM that gives the page in any order, `key` the
    column that it is in the order of.
    """
    line = _csv(columns) if form == "csv" else _json(columns)
    end = "char(13, 10)" if form == "csv" else "char(10)"
    return f"""
SELECT count(*) AS count, max(key) AS last, group_concat(line, {end}) AS lines FROM (
  SELECT {key} AS key, {line} AS line FROM {rows} ORDER BY {key})
"""  # noqa: S608 - constants of ours


def _csv(columns: Sequence[Column]) -> str:
    return " || ',' || ".join(
        _cell(one.sql) if one.text else f"coalesce({one.sql}, '')" for one in columns
    )


def _cell(sql: str) -> str:
    return (
        f"""coalesce('"' || iif(unicode({sql}) IN (61, 43, 45, 64, 9, 13), '''', '')"""
        f""" || replace({sql}, '"', '""') || '"', '')"""
    )


def _json(columns: Sequence[Column]) -> str:
    told = "'{}'"
    for start in range(0, len(columns), MOST_PAIRS):
        some = (f"'$.{one.name}', {one.sql}" for one in columns[start : start + MOST_PAIRS])
        told = f"json_insert({told}, {', '.join(some)})"
    return told


async def answer(
    name: str,
    form: Format,
    columns: Sequence[Column],
    database: Database,
    statement: Callable[[str | int], Statement],
    start: str | int,
) -> Answer:
    """Return the list as a file called `name`; `statement` is of the page behind a key.

    A page without lines is the end.

    The first page is read here, so that what fails at once is answered as such.
    """
    first = (await database.all(statement(start)))[0]
    headers = {
        "content-type": MEDIA_TYPES[form],
        "content-disposition": f'attachment; filename="{name}.{form}"',
        "cache-control": "no-store",
    }
    body = _lines(form, columns, first, database, statement)
    return Answer(200, headers, body)


async def _lines(
    form: Format,
    columns: Sequence[Column],
    page: Row,
    database: Database,
    statement: Callable[[str | int], Statement],
) -> AsyncIterator[str]:
    end = "\n"
    if form == "csv":
        end = _CRLF
        yield ",".join(column.name for column in columns) + end
    try:
        while page["count"]:
            yield page["lines"] + end
            page = (await database.all(statement(page["last"])))[0]
    except Exception:
        if form == "ndjson":
            detail = "The data store did not answer; this is not all. Ask again from the last line."
            yield msgspec.json.encode({"error": detail}).decode() + end
        raise
