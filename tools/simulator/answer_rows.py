"""The rows and numbers of any provider's JSON answer, found by its structure alone.

A table is an array of objects, an array of points ([stamp, value, …]) or an object of objects
that share a key ({"bitcoin": {"usd": …}, …}). The rows of an answer are the entries of its
outermost tables or, where it has none, the answer itself. What belongs to the envelope, such
as `status` and `metadata`, is no row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.simulator.instants import EARLIEST, LATEST

# The providers' names for the instant a row is of.
_STAMPS = {
    "last_updated", "updated_at", "last_updated_at", "lastUpdated", "updatedAt", "timestamp",
    "time", "ts", "date", "published_at", "created_at", "publishTimeMillis", "unixtime",
    "previousTime",
}  # fmt: skip
# Their names for what a row is asked for; the first that a row has is its main number.
_MAIN = (
    "current_price", "price", "priceUsd", "price_usd", "base_token_price_usd", "usd", "last", "c",
    "price_in_usd", "tvl", "tvlUsd", "value", "result", "percentage", "total24h", "ProposeGasPrice",
    "fastestFee", "EthSupply",
)  # fmt: skip
ENVELOPE = {"status", "message", "metadata", "meta", "error", "errors", "links", "jsonrpc", "id"}
_IDENTITY = re.compile(
    r"(.*_)?(id|ids|jsonrpc|cmc_rank|rank|slug|symbol|name|code)|.*([Aa]ddress|Id)"
)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_HEX = re.compile(r"0x([0-9a-f]{1,16}|[0-9a-f]{64})")  # a quantity or a word, never an address
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is neither object nor array, in its place; `name` is the nearest key."""

    holder: Any
    key: Any
    name: str
    in_point: bool = False

    @property
    def value(self) -> Any:
        """What is there now."""
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        """Replace it."""
        self.holder[self.key] = value

    @property
    def is_number(self) -> bool:
        """Whether it is a JSON number, or text that is one, decimal or hexadecimal."""
        value = self.value
        if isinstance(value, str):
            return bool(_DECIMAL.fullmatch(value) or _HEX.fullmatch(value))
        return type(value) in (int, float)

    @property
    def is_stamp(self) -> bool:
        """Whether it says of which instant the row is."""
        if not (self.name in _STAMPS or (self.in_point and self.key == 0)):
            return False
        if isinstance(self.value, str) and _ISO.fullmatch(self.value):
            return True
        return self.is_number and _is_epoch(float(self.value))

    @property
    def is_measure(self) -> bool:
        """Whether it is a number that was measured, not a key, a place or a stamp."""
        return self.is_number and not self.is_stamp and not _IDENTITY.fullmatch(self.name)

    @property
    def is_main(self) -> bool:
        """Whether it is what a row is asked for: a price, or the title of a piece of news."""
        return self.name in _MAIN or self.is_title

    @property
    def is_title(self) -> bool:
        """Whether it is the title of a piece of news."""
        return self.name == "title" and isinstance(self.value, str)

    def move(self, seconds: int) -> None:
        """Make a stamp later by some seconds, in the form it has."""
        value = self.value
        if isinstance(value, str) and _ISO.fullmatch(value):
            later = datetime.fromisoformat(value) + timedelta(seconds=seconds)
            timespec = "milliseconds" if "." in value else "seconds"
            self.put(later.isoformat(timespec=timespec).replace("+00:00", "Z"))
            return
        number = float(value)
        step = seconds * 1000 if number > LATEST else seconds
        moved = number + step if type(value) is float else int(number) + step
        self.put(str(moved) if isinstance(value, str) else moved)


def rows(holder: dict[str, Any]) -> list[list[Leaf]]:
    """The leaves of each row of an answer; `holder` has the answer as its one value."""
    found, own = _split(holder)
    return [row for table in found for row in _table_rows(table)] if found else [own]


def tables(holder: dict[str, Any]) -> list[Any]:
    """The outermost tables of an answer; none where the answer itself is the one row."""
    return _split(holder)[0]


def main_leaf(row: list[Leaf]) -> Leaf | None:
    """What a row is asked for: the number known by its name, the title, or its first number."""
    measures = [leaf for leaf in row if leaf.is_measure]
    for name in _MAIN:
        for leaf in measures:
            if leaf.name == name:
                return leaf
    return next((leaf for leaf in row if leaf.is_title), measures[0] if measures else None)


def _split(holder: dict[str, Any]) -> tuple[list[Any], list[Leaf]]:
    """The tables, and what stands outside of them."""
    found: list[Any] = []
    own: list[Leaf] = []
    _walk(holder, found, own)
    if any(leaf.is_measure for leaf in own):
        # One row with figures of its own may have tables of links and the like beside them.
        inside = (leaf for table in found for row in _table_rows(table) for leaf in row)
        if not any(leaf.is_measure or leaf.is_stamp for leaf in inside):
            found = []
    return found, own


def _walk(value: dict[str, Any], found: list[Any], own: list[Leaf]) -> None:
    for name, item in value.items():
        if name in ENVELOPE:
            continue
        if _is_table(item):
            found.append(item)
        elif isinstance(item, dict):
            _walk(item, found, own)
        else:
            own += _leaves(value, name, name)


def _table_rows(table: Any) -> list[list[Leaf]]:
    keys = table if isinstance(table, dict) else range(len(table))
    return [list(_leaves(table, key, str(key))) for key in keys if key not in ENVELOPE]


def _leaves(holder: Any, key: Any, name: str, in_point: bool = False) -> Iterator[Leaf]:
    item = holder[key]
    if isinstance(item, dict):
        for inner in item:
            yield from _leaves(item, inner, inner)
    elif isinstance(item, list):
        for place in range(len(item)):
            yield from _leaves(item, place, name, _is_point(item))
    else:
        yield Leaf(holder, key, name, in_point)


def _is_table(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(row, dict) or _is_point(row) for row in value)
    if isinstance(value, dict):
        entries = [item for name, item in value.items() if name not in ENVELOPE]
        if len(entries) < 2 or not all(isinstance(item, dict) for item in entries):
            return False
        return bool(set.intersection(*map(set, entries)))
    return False


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and type(value[0]) in (int, float)
        and _is_epoch(value[0])
    )


def _is_epoch(number: float) -> bool:
    return EARLIEST <= number < LATEST or EARLIEST <= number / 1000 < LATEST
