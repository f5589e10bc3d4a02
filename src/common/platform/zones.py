"""Time zones: the runtime knows the IANA database (ECMA-402), the interpreter has none."""

import re
from typing import Any

import js
from pyodide.ffi import JsException

_offset = re.compile(r"^GMT(?:([+\-−])(\d{2}):(\d{2})(?::(\d{2}))?)?$")
_formats: dict[str, Any] = {}
MOST_KEPT = 100


def utc_offset(zone: str, moment: int) -> int:
    """Return how many seconds `zone` is east of UTC at `moment` (epoch seconds).

    Raises ValueError for a name that is no zone.
    """
    shown = str(_format(zone).format(js.Date.new(moment * 1000.0)))
    found = _offset.match(shown.rpartition(", ")[2])
    if found is None:
        raise ValueError(f"the runtime told the offset of {zone!r} as {shown!r}")
    sign, *parts = found.groups()
    hours, minutes, seconds = (int(part or 0) for part in parts)
    return (1 if sign == "+" else -1) * (hours * 3600 + minutes * 60 + seconds)


def _format(zone: str) -> Any:
    """Return the formatter of a zone; making one takes 50 times as long as using it."""
    known = _formats.get(zone)
    if known is None:
        options = js.JSON.parse('{"timeZoneName":"longOffset"}')
        options.timeZone = zone
        try:
            known = js.Intl.DateTimeFormat.new("en-US", options)
        except JsException:
            raise ValueError(f"{zone!r} is no time zone") from None
        if len(_formats) >= MOST_KEPT:
            _formats.clear()
        _formats[zone] = known
    return known


def known(zone: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        _format(zone)
    except ValueError:
        return False
    return True
