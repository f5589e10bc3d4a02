"""CSV (RFC 4180) that somebody else made: delimiter sniffed, width and quoting bounded."""

import csv
import io
from collections.abc import Iterator

from common.errors import Retryable

DELIMITERS = ",;\t"
MOST_COLUMNS = 200
LONGEST_LINE = 100_000  # characters; a field over the csv module's 131,072 is refused by itself

Row = dict[str, str]


def read_csv(body: bytes, wanted: tuple[str, ...]) -> Iterator[Row | None]:
    """Return the `wanted` columns of each row; None for one that has more or fewer than the head.

    Raises Retryable, here or while reading, for a body that is no such CSV.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Retryable("CSV in another encoding than UTF-8") from None
    if text.lstrip()[:1] in ("<", "{", "["):
        raise Retryable("HTML, XML or JSON instead of CSV")
    lines = _lines(text)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise Retryable("CSV without a line")
    delimiter = max(DELIMITERS, key=first.count)
    head = [name.strip() for name in next(_reader(iter([first]), delimiter))]
    if len(head) > MOST_COLUMNS:
        raise Retryable(f"CSV with {len(head):,} columns; at most {MOST_COLUMNS} are read")
    if missing := [name for name in wanted if name not in head]:
        there = ", ".join(head)
        raise Retryable(f"no column {missing[0]!r:.60} among {there:.120}")
    places = {name: head.index(name) for name in wanted}
    return _rows(_reader(lines, delimiter), len(head), places)


def _rows(reader: Iterator[list[str]], width: int, places: dict[str, int]) -> Iterator[Row | None]:
    for cells in reader:
        if len(cells) == width:
            yield {name: cells[place] for name, place in places.items()}
        elif cells:
            yield None


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Retryable(f"CSV with broken quoting: {error}") from None


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > LONGEST_LINE:
            raise Retryable(f"CSV with a line of {len(line):,} characters")
        yield line
