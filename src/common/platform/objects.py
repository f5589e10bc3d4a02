"""Durable Objects: their SQLite storage and their hibernating WebSockets."""

from typing import Any

import js
from pyodide.ffi import jsnull, to_js
from workers import DurableObject

__all__ = ["DurableObject", "Sockets", "Storage", "plain", "upgrade_wanted"]


def _init(**fields: Any) -> Any:
    return to_js(fields, dict_converter=js.Object.fromEntries)


def upgrade_wanted(request: Any) -> bool:
    """Whether a request asks for a WebSocket."""
    raw = getattr(request, "js_object", request)
    value = raw.headers.get("upgrade")
    return value is not jsnull and str(value).lower() == "websocket"


def plain(status: int, text: str) -> Any:
    """Return a plain-text Response."""
    return js.Response.new(text, _init(status=status))


class Storage:
    """The SQLite database of a Durable Object."""

    def __init__(self, ctx: Any) -> None:
        self._sql = ctx.storage.sql

    def rows(self, sql: str, *parameters: str | float) -> list[list[Any]]:
        """Run one statement and return all its rows: an open cursor would lock the table."""
        return [list(row) for row in self._sql.exec(sql, *parameters).raw().toArray()]


class Sockets:
    """The WebSockets of a Durable Object. They outlive its sleep."""

    def __init__(self, ctx: Any) -> None:
        self._ctx = ctx
        # "ping" is answered by the runtime without waking the object.
        ctx.setWebSocketAutoResponse(js.WebSocketRequestResponsePair.new("ping", "pong"))

    def __len__(self) -> int:
        return len(self._ctx.getWebSockets())

    def accept(self, frames: list[str]) -> Any:
        """Open a socket, send `frames` on it and return the Response that completes the upgrade."""
        client, server = js.WebSocketPair.new().object_values()
        self._ctx.acceptWebSocket(server)
        for frame in frames:
            server.send(frame)
        return js.Response.new(None, _init(status=101, webSocket=client))

    def broadcast(self, frame: str) -> None:
        """Send `frame` to every open socket; one that cannot take it is closed."""
        for socket in self._ctx.getWebSockets():
            try:
                socket.send(frame)
            except Exception:  # noqa: BLE001 - a socket that is gone must not cost the others
                socket.close(1011, "send failed")
