"""Reading labelled texts (JSON Lines) and plain headlines (CSV), gzipped or not."""

import csv
import gzip
import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32


class BadInputError(Exception):
    """The input cannot be used; the text says which file and why."""


class Labelled(NamedTuple):
    """A headline, its label (-1, 0 or 1), and the kind of text it belongs to."""

    text: str
    label: int
    kind: str


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file. Raises BadInputError."""
    found = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise BadInputError(f"{path}:{number}: not JSON") from None
        if not isinstance(row, dict):
            raise BadInputError(f"{path}:{number}: not an object")
        found.append(row)
    return found


def read_titles(path: Path) -> list[str]:
    """Return the column `title` of a CSV file. Raises BadInputError."""
    reader = csv.DictReader(_lines(path))
    if "title" not in (reader.fieldnames or ()):
        raise BadInputError(f"{path}: no column title")
    return [html.unescape(row["title"]).strip() for row in reader]


def read_own_labels(path: Path) -> dict[int, int]:
    """Return labels by CRC-32 of the title; the file holds `<crc in hex> <label>` lines."""
    found = {}
    for line in _lines(path):
        if line.strip() and not line.startswith("#"):
            crc, label = line.split()
            found[int(crc, 16)] = int(label)
    return found


def key(title: str) -> int:
    """Return what a title is known by in the file of own labels."""
    return crc32(title.encode())


def _lines(path: Path) -> Iterator[str]:
    try:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            yield from file
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise BadInputError(f"{path}: {error}") from None
