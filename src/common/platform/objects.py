"""Durable Objects: their SQLite storage, their hibernating WebSockets, and streams."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import js
import msgspec
from pyodide.ffi import jsnull, to_js
from workers import DurableObject

from common.errors import Problem

__all__ = [
    "DurableObject", "EventStream", "Socket", "Sockets", "Storage", "connect", "headers_of",
    "plain", "upgrade_wanted", "with_headers",
]  # fmt: skip

AGAIN_SECONDS = "30"  # after which a refused connection may be tried again
STREAM_BYTES = 2_000_000  # what of a stream waits for its reader at most, with some to spare


def _init(**fields: Any) -> Any:
    return to_js(fields, dict_converter=js.Object.fromEntries)


def upgrade_wanted(request: Any) -> bool:
    """Whether a request asks for a WebSocket."""
    return (headers_of(request)("upgrade") or "").lower() == "websocket"


def headers_of(request: Any) -> Callable[[str], str | None]:
    """Return what reads a header of a request, None when it is absent."""
    headers = getattr(request, "js_object", request).headers

    def read(name: str) -> str | None:
        value = headers.get(name)
        return None if value is None or value is jsnull else str(value)

    return read


def plain(status: int, text: str, headers: dict[str, str] | None = None) -> Any:
    """Return a Response with a text."""
    return js.Response.new(text, _init(status=status, headers=headers or {}))


async def connect(stub: Any, opening: str, upgrade: bool) -> Any:
    """Open a live connection at a shard of the hub; return the runtime's Response of it.

    `opening` is a signals.live.asked.Opening as JSON. Raises the Problem that the shard has.
    """
    headers = {"x-live": opening} | ({"upgrade": "websocket"} if upgrade else {})
    answer = await stub.fetch(js.Request.new("https://hub/live", _init(headers=headers)))
    response = getattr(answer, "js_object", answer)
    if response.status >= 400:
        told = msgspec.json.decode(str(await response.text()), type=dict[str, str])
        wait = {"retry-after": AGAIN_SECONDS} if response.status in (429, 503) else {}
        raise Problem(response.status, told["kind"], told["detail"], wait)
    return response


def with_headers(response: Any, headers: dict[str, str]) -> Any:
    """Return a Response with further headers; one that opens a WebSocket as it is."""
    if response.status == 101:
        return response
    told = js.Headers.new(response.headers)
    for name, value in headers.items():
        told.set(name, value)
    return js.Response.new(response.body, _init(status=response.status, headers=told))


class Storage:
    """The SQLite database of a Durable Object."""

    def __init__(self, ctx: Any) -> None:
        self._sql = ctx.storage.sql

    def rows(self, sql: str, *parameters: str | float) -> list[list[Any]]:
        """Run one statement and return all its rows: an open cursor would lock the table."""
        return [list(row) for row in self._sql.exec(sql, *parameters).raw().toArray()]


class Socket:
    """The server's end of a WebSocket."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._send = raw.send  # looked up once: a broadcast calls it of every socket

    @property
    def note(self) -> str:
        """What was kept with the socket."""
        return str(self._raw.deserializeAttachment())

    def keep(self, note: str) -> None:
        """Keep a text (at most 16 KB) with the socket, also while the object sleeps."""
        self._raw.serializeAttachment(note)

    @property
    def waiting(self) -> int:
        """How many bytes were sent and are not on their way yet."""
        return int(self._raw.bufferedAmount)

    def send(self, text: str, seq: int | None) -> None:  # noqa: ARG002 - frames say it themselves
        """Send a frame. Raises when the socket is closed."""
        self._send(text)

    def close(self, code: int, reason: str) -> None:
        """Close it; nothing happens when it is closed."""
        with contextlib.suppress(Exception):
            self._raw.close(code, reason)


class Sockets:
    """The WebSockets of a Durable Object. They outlive its sleep."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx

    def all(self) -> list[Socket]:
        """Return every open socket."""
        return [Socket(raw) for raw in self._ctx.getWebSockets()]

    def answer_pings(self, text: str) -> None:
        """Have the runtime answer "ping" with `text`, without waking the object."""
        self._ctx.setWebSocketAutoResponse(js.WebSocketRequestResponsePair.new("ping", text))

    def accept(self, note: str) -> tuple[Any, Socket]:
        """Open a socket; return the Response that completes the upgrade, and the socket."""
        client, server = js.WebSocketPair.new().object_values()
        self._ctx.acceptWebSocket(server)
        socket = Socket(server)
        socket.keep(note)
        return js.Response.new(None, _init(status=101, webSocket=client)), socket


class EventStream:
    """A body of server-sent events, written as they come. The object cannot sleep meanwhile."""

    def __init__(self, form: Callable[[str, int | None], str], left: Callable[[], None]) -> None:
        """`form` makes the text of an event, `left` is called once when the reader is gone."""
        queue = js.ByteLengthQueuingStrategy.new(_init(highWaterMark=STREAM_BYTES))
        stream = js.TransformStream.new(None, queue)
        self._form, self._encode = form, js.TextEncoder.new().encode
        self._writer = stream.writable.getWriter()
        self.response = js.Response.new(stream.readable, _init(headers={
            "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store",
            "x-content-type-options": "nosniff", "x-accel-buffering": "no",
        }))  # fmt: skip
        self._end = asyncio.ensure_future(self._watch(left))

    @property
    def waiting(self) -> int:
        """How many bytes were written and not read. Raises when the reader is gone."""
        return STREAM_BYTES - int(self._writer.desiredSize)

    def send(self, text: str, seq: int | None) -> None:
        """Write an event. Raises when the reader is gone."""
        if self._writer.desiredSize in (None, jsnull):
            raise ConnectionError("the reader is gone")
        _unheeded(self._writer.write(self._encode(self._form(text, seq))))

    def keep(self, note: str) -> None:
        """Nothing: the object does not sleep while a stream is open."""

    def close(self, code: int, reason: str) -> None:  # noqa: ARG002 - a stream has no code
        """End the stream; what waits is still read, if somebody reads."""
        with contextlib.suppress(Exception):
            _unheeded(self._writer.close())

    async def _watch(self, left: Callable[[], None]) -> None:
        with contextlib.suppress(Exception):
            await self._writer.closed
        left()


def _unheeded(promise: Any) -> None:
    """Take note of a promise whose failure is seen elsewhere."""
    asyncio.ensure_future(promise).add_done_callback(lambda done: done.exception())
