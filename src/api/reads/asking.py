"""What several lists ask for: names, times, and cursors that belong to one list alone."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

import msgspec

from common.errors import Problem
from common.times import epoch

# Nothing that SQLite or a reader of a log would stumble over.
Name = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=80,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="a ticker (BTC) or an asset id (bitcoin), in any case",
        examples=["BTC"],
    ),
]
Names = Annotated[
    str,
    msgspec.Meta(
        max_length=8000,
        pattern=r"^[^\x00-\x1f\x7f,]{1,80}(,[^\x00-\x1f\x7f,]{1,80})*$",
        description="tickers or asset ids, with commas between them",
        examples=["BTC,ETH"],
    ),
]
When = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=40,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="epoch seconds or an ISO 8601 time",
        examples=["2026-11-22T12:15:00Z"],
    ),
]
Cursor = Annotated[
    str,
    msgspec.Meta(
        max_length=1200,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="meta.next of the page before, asked for with the same filters",
    ),
]
# The last minute that fits into a key of market_data, less a day: in 2097, of ten digits.
LAST_MOMENT = (2**26 - 1441) * 60


def moment(name: str, text: str) -> int:
    """Return the epoch seconds of parameter `name`. Raises Problem 400 for what is no time."""
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return min(int(text), LAST_MOMENT)
    try:
        return min(max(0, epoch(text)), LAST_MOMENT)
    except (ValueError, OverflowError):
        raise Problem(
            400, "invalid-parameter",
            f"{name}: give epoch seconds or an ISO 8601 time such as 2026-11-22T12:15:00Z.",
        ) from None  # fmt: skip


def period(request: object, first: str = "since", last: str = "until") -> tuple[int, int]:
    """Return the first and last moment asked for, in epoch seconds; what is left out is open.

    Raises Problem 400 for what is no time, and for a first moment behind the last.
    """
    given, until = getattr(request, first), getattr(request, last)
    begin = moment(first, given or "0")
    end = moment(last, until) if until else LAST_MOMENT
    if begin > end:
        raise contradictory(first, last, f"{first} is later than {last}; swap them")
    return begin, end


def require_bounds(request: object, *names: str) -> None:
    """Raise Problem 400 where the least of a figure that is asked for is above the greatest."""
    for name in names:
        least, greatest = getattr(request, f"min_{name}"), getattr(request, f"max_{name}")
        if least is not None and greatest is not None and least > greatest:
            change = f"min_{name} is above max_{name}; swap them or leave one out"
            raise contradictory(f"min_{name}", f"max_{name}", change)


def refuse_idle(request: object, names: tuple[str, ...], other: str, change: str) -> None:
    """Raise Problem 400 for parameters that change nothing beside what `other` says."""
    for name in names:
        if getattr(request, name) is not None:
            raise contradictory(name, other, change.format(name=name))


def contradictory(first: str, second: str, change: str) -> Problem:
    """Return the refusal of two parameters that do not go together; `change` says what to do."""
    return Problem(400, "contradictory-parameters", f"{first} and {second}: {change}.")


def split_names(name: str, text: str, most: int) -> list[str]:
    """Return the names of parameter `name`, each once. Raises Problem 400 for too many."""
    found = list(dict.fromkeys(text.split(",")))
    if len(found) > most:
        raise Problem(
            400, "invalid-parameter", f"{name}: {len(found)} were given; at most {most} are read."
        )
    return found


def seal(request: msgspec.Struct, *key: str) -> str:
    """Return the cursor of the page behind `key`, for the list that `request` asks for."""
    encoded = urlsafe_b64encode(msgspec.json.encode([_list_of(request), *key]))
    return encoded.decode().rstrip("=")


def unseal(request: msgspec.Struct, cursor: str, parts: int = 1) -> list[str]:
    """Return the key in a cursor. Raises Problem 400 unless it is one of this very list."""
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = msgspec.json.decode(raw, type=list[str])
    except ValueError:  # of base64, Unicode and msgspec alike
        found = []
    if len(found) != parts + 1 or found[0] != _list_of(request) or "\x00" in "".join(found):
        raise Problem(
            400, "invalid-cursor",
            "cursor: this is none of this list. Hand back meta.next as it was, with the same"
            " filters and the same order; only limit may change.",
        )  # fmt: skip
    return found[1:]


def _list_of(request: msgspec.Struct) -> str:
    """Return a short text that tells this list, with its filters and order, from others."""
    asked = msgspec.to_builtins(request)
    told = [type(request).__name__, {k: asked[k] for k in asked if k not in ("limit", "cursor")}]
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=6).hexdigest()
