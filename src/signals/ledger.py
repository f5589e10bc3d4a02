"""The log of everything that was said of a signal, chained so that history cannot be rewritten.

    hash(n) = SHA-256(hash(n-1) + "\\n" + body(n)), in hex; hash(0) is 64 zeros

A body is one JSON object with sorted keys: a signal as it was published, that
it ended, how it was judged, which calibration came into use. Whoever kept one
hash can check all that came before it.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

GENESIS = "0" * 64


class Head(NamedTuple):
    """The newest entry: its number and its hash."""

    seq: int = 0
    hash: str = GENESIS


class Entry(NamedTuple):
    """A row of signal_log."""

    seq: int
    hash: str
    body: str


def body(kind: str, about: dict[str, Any]) -> str:
    """Return the JSON of an entry: always the same text for the same facts."""
    return msgspec.json.encode({"kind": kind, **about}, order="sorted").decode()


def link(previous: str, text: str) -> str:
    """Return the hash of an entry behind the one with the hash `previous`."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def chain(head: Head, bodies: Iterable[str]) -> list[Entry]:
    """Return the entries that follow `head`."""
    entries: list[Entry] = []
    seq, previous = head
    for text in bodies:
        seq, previous = seq + 1, link(previous, text)
        entries.append(Entry(seq, previous, text))
    return entries


def first_broken(head: Head, entries: Iterable[Entry]) -> int | None:
    """Return the number of the first entry that does not follow from the one before it."""
    seq, previous = head
    for entry in entries:
        if entry.seq != seq + 1 or entry.hash != link(previous, entry.body):
            return entry.seq
        seq, previous = entry.seq, entry.hash
    return None
