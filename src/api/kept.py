"""An answer that is kept, and given again as if it were made now.

What was stored has not changed since, but it has grown older: the ages in it
are told anew, from the text itself, without reading it as JSON.
"""

import hashlib
import re
from typing import NamedTuple

import msgspec

from api.routing import Route
from common.times import iso

# A quotation mark within a text is escaped, so this is never found in one. It begins with
# constant text because that is what makes the search fast.
_AGE = '"age_seconds":'
AGES = re.compile(rf"{_AGE}(?<=[{{,]{_AGE})(-?[0-9]+)")


class Copy(NamedTuple):
    """An answer as it lies in a cache outside this isolate.

    `version` is the version of the data that it was made of, `made_at` when,
    in epoch seconds; `data` and `meta` are JSON texts, `meta` without braces.
    """

    version: int
    made_at: float
    data: str
    meta: str


class Place(NamedTuple):
    """Where a copy lies outside the isolate: a key of KV, or one of the data centre's cache."""

    in_kv: bool
    key: str


_decode = msgspec.json.Decoder(Copy).decode


def etag_of(text: str) -> str:
    """Return the ETag of what is said."""
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


class Kept:
    """One answer in this isolate, with the headers that it always has."""

    __slots__ = (
        "_ages", "_body", "_elapsed", "_pieces", "copy", "etag", "headers", "priced", "route",
        "unshared",
    )  # fmt: skip

    def __init__(
        self, route: Route, copy: Copy, headers: dict[str, str], priced: bool = False,
        unshared: Place | None = None,
    ) -> None:  # fmt: skip
        self.route = route
        self.priced = priced  # whether some plan has to pay for it
        self.unshared = unshared  # where a copy of it is to lie, None when one does
        self.copy = copy
        told = AGES.split(copy.data)
        self._pieces = told[::2]
        self._ages = [int(age) for age in told[1::2]]
        # Over what is said, not when: neither meta nor ages make it another answer.
        self.etag = etag_of("".join(self._pieces))
        self.headers = {**headers, "etag": self.etag}
        self._elapsed = -1
        self._body = ""

    def body(self, now: float) -> str:
        """Return the body as it is at `now`."""
        elapsed = max(0, int(now - self.copy.made_at))
        if elapsed != self._elapsed and (self._ages or self._elapsed < 0):
            self._body = f'{{"data":{self._data(elapsed)},"meta":{{{self.copy.meta}}}}}'
        self._elapsed = elapsed
        return self._body

    def stale_body(self, now: float, since: float, reason: str) -> str:
        """Return the body, marked as older than it should be."""
        told = msgspec.json.encode({"since": iso(since), "reason": reason}).decode()
        data = self._data(max(0, int(now - self.copy.made_at)))
        return f'{{"data":{data},"meta":{{{self.copy.meta},"stale":{told}}}}}'

    def _data(self, elapsed: int) -> str:
        if not self._ages or elapsed == 0:
            return self.copy.data
        parts = [self._pieces[0]]
        for age, piece in zip(self._ages, self._pieces[1:], strict=True):
            parts += (_AGE, str(age + elapsed), piece)
        return "".join(parts)

    def __len__(self) -> int:
        """How many characters it holds."""
        return 2 * len(self.copy.data)


def write(copy: Copy) -> str:
    """Return a copy as text for a cache outside."""
    return msgspec.json.encode(copy).decode()


def read(text: str | None) -> Copy | None:
    """Return the copy in `text`, None for what is no copy (an older layout, damage)."""
    try:
        return _decode(text) if text else None
    except msgspec.DecodeError:
        return None


def knows(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header holds `etag` (RFC 9110, 13.1.2: weak comparison)."""
    if if_none_match is None or if_none_match == etag:
        return if_none_match == etag
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", etag) for tag in known)
