"""Requests and answers of the runtime, with as few crossings into JavaScript as possible.

The SDK's `request.headers` rebuilds all headers at every access and its
Response converts more than is needed here; both cost more than a cached
answer does.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import js
import msgspec
from pyodide.ffi import jsnull

from common.envelope import Answer


class Incoming(NamedTuple):
    """A request as the pure code reads it; `raw` is the runtime's own object."""

    method: str
    url: str
    raw: Any

    def header(self, name: str) -> str | None:
        """Return one header, None when it is absent."""
        value = self.raw.headers.get(name)
        return None if value is None or value is jsnull else str(value)


def incoming(request: Any) -> Incoming:
    """Wrap the request that a fetch handler got."""
    raw = getattr(request, "js_object", request)
    return Incoming(str(raw.method), str(raw.url), raw)


def on_behalf(request: Any, acting: str | None) -> Any:
    """Return the request as it is passed on for somebody, or for nobody.

    Who that is, is said here alone: whatever the browser sent under these
    names is dropped.
    """
    raw = getattr(request, "js_object", request)
    headers = js.Headers.new(raw.headers)
    for name in ("x-acting-user", "authorization", "x-api-key", "cookie"):
        headers.delete(name)
    if acting is not None:
        headers.set("x-acting-user", acting)
    init = js.Object.new()
    init.headers = headers
    return js.Request.new(raw, init)


async def read_body(request: Incoming, most_bytes: int, seconds: float) -> bytes | None:
    """Return the body, None when it is larger than that. Raises TimeoutError after `seconds`."""
    length = request.header("content-length") or ""
    if length.isdecimal() and (len(length) > 18 or int(length) > most_bytes):
        return None
    stream = request.raw.body
    if stream is None or stream is jsnull:
        return b""
    reader = stream.getReader()
    body = bytearray()
    # A timer that gives up on the stream: an abandoned Python task would outlive its request.
    timer = asyncio.get_running_loop().call_later(seconds, reader.cancel, "too slow")
    deadline = time.monotonic() + seconds
    try:
        while not (step := await reader.read()).done:
            body += step.value.to_bytes()
            if len(body) > most_bytes:
                await reader.cancel()
                return None
    except Exception:  # noqa: BLE001 - JavaScript's: the timer gave up, or the sender is gone
        raise TimeoutError from None
    finally:
        timer.cancel()
    if time.monotonic() >= deadline:
        raise TimeoutError
    return bytes(body)


def outgoing(answer: Answer, later: Callable[[Any], None] = lambda _: None) -> Any:
    """Return the runtime's Response for `answer`; a long body is sent through `later`.

    Status and headers cross as one text that JavaScript reads: each header by
    itself costs as much as all of them so.
    """
    told = msgspec.json.encode({"status": answer.status, "headers": answer.headers})
    init = js.JSON.parse(told.decode())
    body = answer.body
    if answer.status in (204, 304):
        return js.Response.new(None, init)
    if isinstance(body, str):
        return js.Response.new(body, init)
    stream = js.TransformStream.new()
    later(_pump(body, stream.writable.getWriter()))
    return js.Response.new(stream.readable, init)


async def _pump(parts: AsyncIterator[str], writer: Any) -> None:
    """Write the parts of a body; one that cannot be made breaks the stream, visibly."""
    encode = js.TextEncoder.new().encode
    try:
        async for part in parts:
            await writer.write(encode(part))
        await writer.close()
    except Exception as error:  # noqa: BLE001 - the reader is gone, or a part is
        with contextlib.suppress(Exception):
            await writer.abort(str(error))
