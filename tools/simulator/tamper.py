"""Faults that change a right body: applied to JSON by structure, to feeds by their text."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import msgspec

from tools.simulator.instants import DAY

_STAMPS = ("last_updated", "updated_at")
_PRICES = ("current_price", "price")
_ROWS = 20
_OVERSIZE = 10_000_000
_FEED_STAMP = re.compile(r"<(pubDate|published|updated|lastBuildDate)>([^<]*)</\1>\n?")
_FEED_ITEM = re.compile(r"<(item|entry)>.*?</\1>\s*", re.DOTALL)
_FEED_TEXT = re.compile(r"<(title|description|summary)\b([^>]*)>.*?</\1>", re.DOTALL)


def tamper(fault: str, body: bytes, is_json: bool) -> bytes:
    """The body under a fault; a fault that does not apply to its form leaves it as it is."""
    if fault == "oversize":
        # White space may follow either form, so the body stays valid.
        return body + b" " * (_OVERSIZE - len(body))
    if is_json:
        return _tamper_json(fault, body)
    change = _FEED_CHANGES.get(fault)
    return change(body.decode()).encode() if change else body


def _tamper_json(fault: str, body: bytes) -> bytes:
    if fault == "nan":
        return json.dumps(_with_nan(msgspec.json.decode(body))).encode()
    change = _JSON_CHANGES.get(fault)
    return msgspec.json.encode(change(msgspec.json.decode(body))) if change else body


def _with_nan(value: Any) -> Any:
    """Every third row's first numbers become NaN and Infinity."""
    for row in _rows(value)[::3]:
        if isinstance(row, dict):
            for name, number in zip(_numbers(row), (float("nan"), float("inf")), strict=False):
                row[name] = number
        elif isinstance(row, list):
            row[-1] = float("nan")
    return value


def _with_nulls(value: Any) -> Any:
    """Three numbers in four become null; the price only in every fifth row."""
    for place, row in enumerate(_rows(value)):
        if isinstance(row, dict):
            for column, name in enumerate(_numbers(row)):
                if name in _PRICES:
                    row[name] = None if place % 5 == 0 else row[name]
                elif (place + column) % 4:
                    row[name] = None
        elif isinstance(row, list) and place % 4:
            row[-1] = None
    return value


def _as_strings(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_strings(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_strings(item) for item in value]
    return str(value) if type(value) in (int, float) else value


def _repeated(value: Any) -> Any:
    if isinstance(value, list):
        return value + value[:_ROWS]
    if isinstance(value, dict):
        return {name: _repeated(item) for name, item in value.items()}
    return value


def _a_day_ahead(value: Any) -> Any:
    for row in _rows(value):
        if isinstance(row, dict):
            for name in _STAMPS:
                if isinstance(row.get(name), str):
                    moment = datetime.fromisoformat(row[name]) + timedelta(days=1)
                    row[name] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
                elif name in row:
                    row[name] += DAY
        elif isinstance(row, list):
            row[0] += DAY * 1000
    return value


def _without_stamps(value: Any) -> Any:
    for row in _rows(value):
        if isinstance(row, dict):
            for name in _STAMPS:
                row.pop(name, None)
        elif isinstance(row, list):
            row[0] = None
    return value


def _rows(value: Any) -> list[Any]:
    """The rows of an answer: an array, the one object of an envelope, or a chart's points."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        inner = [item for item in value.values() if isinstance(item, list | dict)]
        found = [row for item in inner for row in (item if isinstance(item, list) else [item])]
        return found or [value]
    return []


def _numbers(row: dict[str, Any]) -> list[str]:
    return [name for name, value in row.items() if type(value) in (int, float)]


def _feed_without_stamps(text: str) -> str:
    return _FEED_STAMP.sub("", text)


def _feed_a_day_ahead(text: str) -> str:
    def ahead(match: re.Match[str]) -> str:
        name, stamp = match.groups()
        if name in ("pubDate", "lastBuildDate"):
            later = format_datetime(parsedate_to_datetime(stamp) + timedelta(days=1))
        else:
            later = (datetime.fromisoformat(stamp) + timedelta(days=1)).isoformat()
        return f"<{name}>{later}</{name}>\n"

    return _FEED_STAMP.sub(ahead, text)


def _feed_without_texts(text: str) -> str:
    def emptied(match: re.Match[str]) -> str:
        return _FEED_TEXT.sub(r"<\1\2></\1>", match[0])

    return _FEED_ITEM.sub(emptied, text)


def _feed_repeated(text: str) -> str:
    items = [match[0] for match in _FEED_ITEM.finditer(text)]
    if not items:
        return text
    end = text.rindex(items[-1]) + len(items[-1])
    return text[:end] + "".join(items[:_ROWS]) + text[end:]


_JSON_CHANGES: dict[str, Callable[[Any], Any]] = {
    "null_heavy": _with_nulls,
    "string_numbers": _as_strings,
    "duplicate_rows": _repeated,
    "future": _a_day_ahead,
    "no_timestamp": _without_stamps,
}

_FEED_CHANGES: dict[str, Callable[[str], str]] = {
    "null_heavy": _feed_without_texts,
    "duplicate_rows": _feed_repeated,
    "future": _feed_a_day_ahead,
    "no_timestamp": _feed_without_stamps,
}
