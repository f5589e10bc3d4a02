"""Faults in feeds, RSS and Atom alike, and in other text."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_ROWS = 20
_STAMP = re.compile(r"<(pubDate|published|updated|lastBuildDate)>([^<]*)</\1>\n?")
_ITEM = re.compile(r"<(item|entry)>.*?</\1>\s*", re.DOTALL)
_TEXT = re.compile(r"<(title|description|summary)\b([^>]*)>.*?</\1>", re.DOTALL)


def tamper_text(fault: str, body: bytes) -> bytes:
    """The body under a fault, or as it is where the fault does not apply to text."""
    change = _CHANGES.get(fault)
    return change(body.decode()).encode() if change else body


def _without_stamps(text: str) -> str:
    return _STAMP.sub("", text)


def _a_day_ahead(text: str) -> str:
    def ahead(match: re.Match[str]) -> str:
        name, stamp = match.groups()
        if name in ("pubDate", "lastBuildDate"):
            later = format_datetime(parsedate_to_datetime(stamp) + timedelta(days=1))
        else:
            later = (datetime.fromisoformat(stamp) + timedelta(days=1)).isoformat()
        return f"<{name}>{later}</{name}>\n"

    return _STAMP.sub(ahead, text)


def _without_texts(text: str) -> str:
    def emptied(match: re.Match[str]) -> str:
        return _TEXT.sub(r"<\1\2></\1>", match[0])

    return _ITEM.sub(emptied, text)


def _repeated(text: str) -> str:
    items = [match[0] for match in _ITEM.finditer(text)]
    if not items:
        return text
    end = text.rindex(items[-1]) + len(items[-1])
    return text[:end] + "".join(items[:_ROWS]) + text[end:]


def _without_items(text: str) -> str:
    """A feed without items; of other text, such as CSV, the first line, if it has more."""
    if text.startswith("<"):
        return _ITEM.sub("", text)
    first, newline, rest = text.partition("\n")
    return first + newline if rest else ""


_CHANGES: dict[str, Callable[[str], str]] = {
    "null_heavy": _without_texts,
    "duplicate_rows": _repeated,
    "future": _a_day_ahead,
    "no_timestamp": _without_stamps,
    "empty": _without_items,
}
