"""One JSON object a line: {"timestamp", "level", "service", "message", "metadata"}."""

from collections.abc import Callable
from typing import Literal

import msgspec

from common.times import iso

Service = Literal["data-collection", "signal-detection", "api", "dashboard"]
Level = Literal["debug", "info", "warning", "error"]


class Line(msgspec.Struct, frozen=True):
    """A log line, in the order of its fields."""

    timestamp: str
    level: Level
    service: Service
    message: str
    metadata: dict[str, object]


class Logger:
    """Writes log lines of one service to `write`, stamped by `now` (epoch seconds).

    Nothing secret belongs in `metadata`: no keys, no cookies, no query strings.
    """

    def __init__(
        self, service: Service, now: Callable[[], float], write: Callable[[str], None] = print
    ) -> None:
        self._service = service
        self._now = now
        self._write = write

    def __call__(self, level: Level, message: str, **metadata: object) -> None:
        """Write one line."""
        line = Line(iso(self._now()), level, self._service, message, metadata)
        self._write(msgspec.json.encode(line, enc_hook=str).decode())
