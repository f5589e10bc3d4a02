"""`python -m tools.signal_log URL-or-FILE`: check that nothing in the log of signals was rewritten.

FILE holds JSON lines {"seq", "hash", "body"}, "-" is standard input. URL is the
API's, for example https://api.example.com; its key is in CRYPTOINTEL_API_KEY.
Keep the head it prints: `--since SEQ HASH` later proves that what came before
that entry is still the same. Exit status 1: the log is broken, or cannot be read.

    hash(n) = SHA-256(hash(n-1) + "\\n" + body(n)), in hex; hash(0) is 64 zeros

It needs nothing but this file and Python, so that nobody has to trust the rest.
"""

import argparse
import hashlib
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

PATH = "/api/v1/signal-log"
KEY = "CRYPTOINTEL_API_KEY"
PAGE = 1000
GENESIS = "0" * 64
HINTS = {
    401: f"; {KEY} must hold an API key",
    402: "; your plan has the last seven days at a price, and what is before with --settled",
}


class LogError(Exception):
    """The log cannot be read, or it is broken; the text says where."""


class Head(NamedTuple):
    """The number of an entry and its hash."""

    seq: int = 0
    hash: str = GENESIS


class Entry(NamedTuple):
    """An entry as it is handed out."""

    seq: int
    hash: str
    body: str


def check(entries: Iterable[Entry], since: Head) -> Head:
    """Return the head of an unbroken log, read from the entry after `since` on.

    Entries before `since` are passed over; its own, where it is there, must have its
    hash. Raises LogError for the first entry that is broken.
    """
    head, reached = since, not since.seq
    for one in entries:
        reached = reached or one.seq >= since.seq
        if one.seq <= since.seq:
            if one.seq == since.seq and one.hash != since.hash:
                raise LogError(f"entry {one.seq} is not the one that was kept: it is {one.hash}")
            continue
        if one.seq != head.seq + 1:
            raise LogError(f"entry {head.seq + 1} is missing: after {head.seq} comes {one.seq}")
        if one.hash != hashlib.sha256(f"{head.hash}\n{one.body}".encode()).hexdigest():
            raise LogError(f"entry {one.seq} does not follow from entry {head.seq}")
        head = Head(one.seq, one.hash)
    if not reached:
        raise LogError(f"it ends before entry {since.seq}, which was kept")
    return head


def read_file(path: str) -> Iterator[Entry]:
    """Yield the entries of a file of JSON lines. Raises LogError for what is none."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _entry(json.loads(line))
            except (ValueError, KeyError, TypeError):
                raise LogError(f"{path}, line {number} is no entry") from None


def read_api(address: str, key: str, after: int, settled: bool = False) -> Iterator[Entry]:
    """Yield the entries behind `after`, page by page; `settled` leaves out the last seven days.

    Raises LogError when there is none to get.
    """
    base = address.rstrip("/").removesuffix(PATH)
    position: int | None = after
    while position is not None:
        asked = {"after": position, "limit": PAGE} | ({"recent": "false"} if settled else {})
        query = urllib.parse.urlencode(asked)
        request = urllib.request.Request(f"{base}{PATH}?{query}")
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                page = json.load(reply)
            entries, following = [_entry(one) for one in page["data"]], page["meta"]["next"]
        except urllib.error.HTTPError as error:
            hint = HINTS.get(error.code, "")
            raise LogError(f"{base} answers {error.code}{hint}") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LogError(f"{base} gave no log: {error!r}") from None
        yield from entries
        if following is not None and following <= position:
            raise LogError(f"{base} goes in circles behind entry {position}")
        position = following


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(int(row["seq"]), str(row["hash"]), str(row["body"]))


def main(arguments: list[str] | None = None) -> int:
    """Check a log and say what was found."""
    told = (__doc__ or "").replace("%", "%%")
    parser = argparse.ArgumentParser(
        prog="python -m tools.signal_log",
        description=told,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", metavar="URL-or-FILE")
    parser.add_argument("--settled", action="store_true", help="leave out the last seven days")
    parser.add_argument("--since", nargs=2, metavar=("SEQ", "HASH"), default=("0", GENESIS))
    asked = parser.parse_args(arguments)
    if not asked.since[0].isdecimal() or len(asked.since[1]) != len(GENESIS):
        parser.error("--since SEQ HASH: the number of an entry and its hash, 64 hex digits")
    since = Head(int(asked.since[0]), asked.since[1].lower())
    try:
        if asked.log.startswith(("http://", "https://")):
            # From its own entry on, so that a kept hash is compared even when it is the newest.
            key, after = os.environ.get(KEY, ""), max(0, since.seq - 1)
            entries = read_api(asked.log, key, after, asked.settled)
        else:
            entries = read_file(asked.log)
        head = check(entries, since)
    except LogError as error:
        print(f"broken: {error}", file=sys.stderr)
        return 1
    count = f"{head.seq - since.seq} entries"
    print(f"{count}, unbroken, head {head.seq} {head.hash}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
