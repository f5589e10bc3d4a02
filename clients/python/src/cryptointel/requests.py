"""Requests as the API wants them. Knows no network."""

import ipaddress
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from cryptointel.version import VERSION

AGENT = f"cryptointel-python/{VERSION}"
Params = Mapping[str, Any]


class Request(NamedTuple):
    """An HTTP request; `timeout` in seconds."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    timeout: float


class Site:
    """Where the API is, and who asks."""

    def __init__(self, base_url: str, api_key: str | None, timeout: float) -> None:
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{base_url!r} is no address such as https://api.example.com")
        if api_key and parts.scheme == "http" and not _is_this_machine(parts.hostname):
            raise ValueError("a key is sent over https only, except to this machine")
        self._key = api_key
        self.timeout = timeout

    def request(
        self, method: str, path: str, params: Params | None = None, body: Any = None
    ) -> Request:
        """Return a request for a path of the API; parameters that are None are left out."""
        if not path.startswith("/"):
            raise ValueError("a path begins with a slash: /api/v1/signals/all")
        headers = {"Accept": "application/json", "User-Agent": AGENT}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        query = urlencode({n: plain(v) for n, v in (params or {}).items() if v is not None})
        url = self.base_url + path + (f"?{query}" if query else "")
        return Request(method, url, headers, data, self.timeout)


def segment(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")


def plain(value: Any) -> str:
    """Return a parameter as the API reads it: ISO 8601 in UTC, true and false, lists by commas.

    Raises ValueError for a time that does not say its zone.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs a zone: datetime(2026, 11, 22, tzinfo=UTC)")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(plain(one) for one in value)
    return str(value)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
