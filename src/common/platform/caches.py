"""KV, and the cache of the data centre that answers (Cache API). Both hold text.

https://developers.cloudflare.com/kv/concepts/how-kv-works/: a write may be
seen a minute late elsewhere, and one key takes one write a second.
https://developers.cloudflare.com/workers/runtime-apis/cache/
"""

from typing import Any
from urllib.parse import quote

import js
from pyodide.ffi import jsnull

from common.errors import Retryable

# Our own name for what is in the cache: no request of anybody can have this address.
_ADDRESS = "https://cache.cryptointel.internal/"


class Kv:
    """A KV binding. Every call raises Retryable when KV does not answer."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def get(self, key: str) -> str | None:
        """Return the value, None when there is none."""
        try:
            value = await self._binding.get(key)
        except Exception as error:  # noqa: BLE001 - KV has one error class
            raise Retryable(f"KV: {error}") from None
        return None if value is None else str(value)

    async def put(self, key: str, value: str, seconds: int) -> None:
        """Store a value for `seconds`, at least 60."""
        try:
            await self._binding.put(key, value, expirationTtl=max(60, seconds))
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"KV: {error}") from None


class Edge:
    """The data centre's cache. Every call raises Retryable when it does not answer."""

    async def get(self, key: str) -> str | None:
        """Return the value, None when there is none."""
        try:
            found = await js.caches.default.match(_ADDRESS + quote(key, safe=""))
            if found is None or found is jsnull:
                return None
            return str(await found.text())
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"edge cache: {error}") from None

    async def put(self, key: str, value: str, seconds: int) -> None:
        """Keep a value for `seconds`."""
        try:
            init = js.Object.new()
            init.headers = js.Headers.new()
            init.headers.set("cache-control", f"max-age={seconds}")
            address = _ADDRESS + quote(key, safe="")
            await js.caches.default.put(address, js.Response.new(value, init))
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"edge cache: {error}") from None
