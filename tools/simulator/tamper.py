"""Faults that change a right body: JSON by its structure, feeds and other texts as text."""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from tools.simulator.answer_rows import ENVELOPE, Leaf, main_leaf, rows, tables
from tools.simulator.instants import DAY
from tools.simulator.tamper_text import tamper_text

_REPEATED = 20
_OVERSIZE = 10_000_000
_REASON = "Max rate limit reached, please try again later"


def tamper(fault: str, body: bytes, is_json: bool) -> bytes:
    """The body under a fault; a fault that does not apply to its form leaves it as it is."""
    if fault == "oversize":
        # White space may follow either form, so the body stays valid.
        return body + b" " * (_OVERSIZE - len(body))
    try:
        return _changed_json(fault, body) if is_json else _changed_text(fault, body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body  # one that was made to be unreadable


def _changed_json(fault: str, body: bytes) -> bytes:
    change = _CHANGES.get(fault)
    if change is None:
        return body
    holder = {"": msgspec.json.decode(body)}
    change(holder)
    return _as_bytes(holder[""])


def _changed_text(fault: str, body: bytes) -> bytes:
    return _as_bytes({"error": _REASON}) if fault == "error_in_200" else tamper_text(fault, body)


def _as_bytes(value: Any) -> bytes:
    # Only the standard library writes a bare NaN.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _with_nan(holder: dict[str, Any]) -> None:
    """In every third row the main number becomes NaN and another Infinity, quoted if it was."""
    for row in rows(holder)[::3]:
        main = main_leaf(row)
        measures = [leaf for leaf in row if leaf.is_measure and leaf != main]
        if main is not None and main.is_measure:
            measures.insert(0, main)
        for leaf, word in zip(measures, ("NaN", "Infinity"), strict=False):
            leaf.put(word if isinstance(leaf.value, str) else float(word))


def _with_nulls(holder: dict[str, Any]) -> None:
    """Three numbers in four become null; the price, or the title, only in every fifth row."""
    for place, row in enumerate(rows(holder)):
        leaves = [leaf for leaf in row if leaf.is_measure or leaf.is_title]
        for column, leaf in enumerate(leaves):
            if place % 5 == 0 if leaf.is_main else (place + column) % 4 < 3:
                leaf.put(None)


def _other_type(holder: dict[str, Any]) -> None:
    """Numbers become strings; where an answer has its numbers in strings, they become numbers."""
    leaves = list(_all_leaves(holder))
    numbers = [leaf for leaf in leaves if type(leaf.value) in (int, float)]
    for leaf in numbers:
        leaf.put(str(leaf.value))
    if not numbers:
        for leaf in leaves:
            if leaf.is_number:
                leaf.put(_read(leaf.value))


def _read(text: str) -> int | float:
    if text.startswith("0x"):
        return int(text, 16)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _all_leaves(holder: Any) -> Any:
    for key in holder if isinstance(holder, dict) else range(len(holder)):
        item = holder[key]
        if isinstance(item, dict | list):
            yield from _all_leaves(item)
        else:
            yield Leaf(holder, key, str(key))


def _repeated(holder: dict[str, Any]) -> None:
    """The first rows once more at the end; an object of rows cannot hold one twice."""
    for table in tables(holder):
        if isinstance(table, list):
            table += table[:_REPEATED]


def _a_day_ahead(holder: dict[str, Any]) -> None:
    for row in rows(holder):
        for leaf in row:
            if leaf.is_stamp:
                leaf.move(DAY)


def _without_stamps(holder: dict[str, Any]) -> None:
    for row in rows(holder):
        for leaf in [leaf for leaf in row if leaf.is_stamp]:
            if isinstance(leaf.holder, dict):
                del leaf.holder[leaf.key]
            else:
                leaf.put(None)  # a place in a point cannot be left out


def _changed_shape(holder: dict[str, Any]) -> None:
    for place, row in enumerate(rows(holder)):
        leaf = main_leaf(row)
        if leaf is not None:
            leaf.put([leaf.value] if place % 2 else {"value": leaf.value})


def _emptied(holder: dict[str, Any]) -> None:
    """The tables without entries; of an answer that is one row only the envelope is left."""
    found = tables(holder)
    for table in found:
        table.clear()
    if not found:
        holder[""] = _stripped(holder[""])


def _stripped(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return {
        name: item if name in ENVELOPE else _stripped(item)
        for name, item in value.items()
        if name in ENVELOPE or isinstance(item, dict)
    }


def _own_error(holder: dict[str, Any]) -> None:
    """The provider's own way to fail with status 200, by what its right answer looks like.

    Forms of section 12 of the providers' reference: JSON-RPC keeps the id, batches included.
    """
    holder[""] = _error_like(holder[""])


def _error_like(value: Any) -> Any:
    match value:
        case [{"jsonrpc": _}, *_]:
            return [_error_like(one) for one in value]
        case {"jsonrpc": _, "id": id_}:
            return {"jsonrpc": "2.0", "id": id_, "error": {"code": -32005, "message": _REASON}}
        case {"status": str(), "message": str(), "result": _}:
            return {"status": "0", "message": "NOTOK", "result": _REASON}
        case {"status": {"error_code": _} as status}:
            return {"status": status | {"error_code": 1008, "error_message": _REASON}}
        case {"error": [*_], "result": _}:
            return {"error": ["EAPI:Rate limit exceeded"]}
        case {"pairs": _}:
            return value | {"pairs": None}
        case {"data": _, "metadata": {"error": _} as metadata}:
            return value | {"data": [], "metadata": metadata | {"error": _REASON}}
    return {"error": _REASON}


_CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "nan": _with_nan,
    "null_heavy": _with_nulls,
    "string_numbers": _other_type,
    "duplicate_rows": _repeated,
    "future": _a_day_ahead,
    "no_timestamp": _without_stamps,
    "type_change": _changed_shape,
    "empty": _emptied,
    "error_in_200": _own_error,
}
