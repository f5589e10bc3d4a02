"""Faults on order: which provider misbehaves, how, where and how often."""

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FAULTS = {
    "429": "status 429 without Retry-After",
    "429_retry_after": "status 429 with Retry-After: 2",
    "429_hour": "status 429 with Retry-After: 3600",
    "429_date": "status 429 with Retry-After as a date, an hour from now by the real clock",
    "500": "status 500 with a short text",
    "html_error": "status 503 with an HTML page, as a CDN sends it",
    "slow": "the right answer after `seconds` (default 30)",
    "cut": "all headers, then half the body, then the connection closes",
    "down": "the connection closes without an answer",
    "not_json": "status 200 with plain text",
    "error_in_200": "status 200 with an error in the provider's own form",
    "empty": "the right form without rows",
    "type_change": "the main number of each row is an object, or an array",
    "stale": "what was true 24 hours before, with its stamps",
    "future": "the right answer, stamped one day ahead",
    "no_timestamp": "the right answer without its stamps",
    "null_heavy": "most numbers null, in some rows the price too; feed texts empty",
    "nan": "NaN and Infinity for numbers, bare or as strings, as the provider writes numbers",
    "string_numbers": "JSON numbers as strings; where a provider has strings, as numbers",
    "duplicate_rows": "20 rows, or items, twice",
    "many_items": "a feed of 5,000 items",
    "oversize": "a valid body of 10 MB",
}


@dataclass
class Fault:
    """One order. `times` counts down; None means until it is deleted."""

    host: str
    fault: str
    path: str = ""
    times: int | None = None
    seconds: float = 30.0


class FaultPlan:
    """The faults in force, the newest for a host and path replacing the one before."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts
        self._orders: list[Fault] = []

    def add(self, order: Mapping[str, Any]) -> Fault:
        """Put a fault in force; raises ValueError with a message that says what to change."""
        if unknown := set(order) - {"host", "fault", "path", "times", "seconds"}:
            raise ValueError(f"unknown field {sorted(unknown)[0]!r}")
        host, name = str(order.get("host")), str(order.get("fault"))
        if host not in self._hosts:
            raise ValueError(f"host must be one of {', '.join(sorted(self._hosts))}, got {host!r}")
        if name not in FAULTS:
            raise ValueError(f"fault must be one of {', '.join(FAULTS)}, got {name!r}")
        path, times, seconds = order.get("path"), order.get("times"), order.get("seconds", 30)
        if path is not None and not isinstance(path, str):
            raise ValueError("path must be a part of the path, as a string")
        if times is not None and (type(times) is not int or times < 1):
            raise ValueError("times must be a whole number of 1 or more")
        if type(seconds) not in (int, float) or not math.isfinite(seconds) or seconds < 0:
            raise ValueError("seconds must be a number of 0 or more")
        fault = Fault(host, name, path or "", times, float(seconds))
        self._orders = [
            old for old in self._orders if (old.host, old.path) != (fault.host, fault.path)
        ]
        self._orders.append(fault)
        return fault

    def take(self, host: str, path: str) -> Fault | None:
        """The fault for a request, used up by one; the newest that matches wins."""
        for order in reversed(self._orders):
            if order.host == host and order.path in path:
                if order.times is not None:
                    order.times -= 1
                    if order.times == 0:
                        self._orders.remove(order)
                return order
        return None

    def remove(self, host: str | None) -> None:
        """Lift all faults, or those of one host."""
        self._orders = [order for order in self._orders if host and order.host != host]

    def describe(self) -> list[dict[str, Any]]:
        """The answer of `GET /faults`."""
        return [asdict(order) for order in self._orders]
