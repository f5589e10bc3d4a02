"""httpx over the runtime's own fetch.

The runtime has already decompressed a body but keeps the headers that say
otherwise: httpx would decompress it again. The deadline is an AbortSignal,
so a slow request is ended by the runtime and no Python task is abandoned
(abandoned tasks corrupt the event loop of an isolate).
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import js
from pyodide.ffi import JsException, to_js

_STALE_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class FetchTransport(httpx.AsyncBaseTransport):
    """Sends httpx requests through js.fetch; redirects are left to httpx."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx.ReadTimeout, httpx.ConnectError."""
        seconds = request.extensions.get("timeout", {}).get("read") or 30.0
        options: dict[str, Any] = {
            "method": request.method,
            "headers": [list(pair) for pair in request.headers.multi_items() if pair[0] != "host"],
            "redirect": "manual",
        }
        body = await request.aread()
        if body:
            options["body"] = body
        init = to_js(options, dict_converter=js.Object.fromEntries)
        init.signal = js.AbortSignal.timeout(int(seconds * 1000))
        try:
            answer = await js.fetch(str(request.url), init)
        except JsException as error:
            raise _translate(error, request) from None
        headers = [
            (pair[0], pair[1])
            for pair in js.Array.from_(answer.headers.entries())
            if pair[0] not in _STALE_HEADERS
        ]
        length = answer.headers.get("content-length")
        encoded = answer.headers.get("content-encoding")
        expected = int(length) if length and not encoded and request.method != "HEAD" else None
        return httpx.Response(
            answer.status, headers=headers, stream=_Body(answer.body, request, expected)
        )


class _Body(httpx.AsyncByteStream):
    """The body of a fetch answer, chunk by chunk; fails when it ends early."""

    def __init__(self, body: Any, request: httpx.Request, expected: int | None) -> None:
        self._reader = body.getReader() if body else None
        self._request = request
        self._expected = expected

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        while self._reader is not None:
            try:
                step = await self._reader.read()
            except JsException as error:
                raise _translate(error, self._request) from None
            if step.done:
                break
            chunk = step.value.to_bytes()
            received += len(chunk)
            yield chunk
        if self._expected is not None and received < self._expected:
            raise httpx.RemoteProtocolError(
                f"body ended after {received} of {self._expected} bytes", request=self._request
            )

    async def aclose(self) -> None:
        """Tell the other side that nobody reads on."""
        if self._reader is not None:
            reader, self._reader = self._reader, None
            with contextlib.suppress(JsException):  # a stream that failed cannot be cancelled
                await reader.cancel()


def _translate(error: Any, request: httpx.Request) -> httpx.TransportError:
    if getattr(error, "name", "") in ("TimeoutError", "AbortError"):
        return httpx.ReadTimeout("deadline passed", request=request)
    return httpx.ConnectError(str(error), request=request)
