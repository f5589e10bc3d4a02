"""JSON as two readers of it must agree on: no member twice, no number beyond all bounds.

RFC 8259 leaves both open, and what one reader checks another may read otherwise.
"""

import json
import math
from typing import Any

import msgspec

LARGEST_WHOLE = 2**53  # as far as every reader of JSON knows whole numbers exactly


class TwiceError(ValueError):
    """An object has two members of the same name."""


def read(text: bytes) -> Any:
    """Return the value of a JSON text; 8.0 is 8, as it is in JSON Schema.

    Raises ValueError, also for what is no UTF-8, half a character, or NaN.
    """
    msgspec.json.decode(text)  # refuses what Python's own reader lets through
    return json.loads(text, object_pairs_hook=_unique, parse_float=_number)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, _ in pairs if sum(name == one for one, _ in pairs) > 1)
        raise TwiceError(f"the member {twice!r:.60} is there twice")
    return found


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return int(number) if number.is_integer() and abs(number) < LARGEST_WHOLE else number
