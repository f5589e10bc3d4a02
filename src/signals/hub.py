"""The hub: one Durable Object that every open connection hangs on.

It numbers events and keeps the last of them, so a connection that was lost
resumes with `?after=<seq>` and misses nothing. Sockets hibernate: between two
ticks the object sleeps and costs nothing. An event whose key it has seen is
not sent again.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from common.platform.objects import DurableObject, Sockets, Storage, plain, upgrade_wanted
from signals.publish import Event

KEPT = 300

TABLE = """
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)
"""
INSERT = "INSERT INTO events (key, body) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING seq"
MISSED = "SELECT seq, body FROM events WHERE seq > ? ORDER BY seq"
FORGET = "DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?"


class Hub(DurableObject):
    """RPC `publish` on one side, WebSockets on the other."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._storage = Storage(ctx)
        self._sockets = Sockets(ctx)
        self._storage.rows(TABLE)

    async def publish(self, events: str) -> int:
        """Send a JSON array of Events to everyone; return how many were new."""
        new = 0
        for event in msgspec.json.decode(events, type=list[Event]):
            rows = self._storage.rows(INSERT, event.key, event.body)
            if rows:
                new += 1
                self._sockets.broadcast(_frame(rows[0][0], event.body))
        if new:
            self._storage.rows(FORGET, KEPT)
        return new

    async def status(self) -> dict[str, int]:
        """Return the number of open connections and of the last event."""
        return {"connections": len(self._sockets), "seq": self._last()}

    async def fetch(self, request: Any) -> Any:
        """Open a WebSocket; `?after=<seq>` sends what was missed since."""
        if not upgrade_wanted(request):
            return plain(426, "Open this address as a WebSocket.")
        after = parse_qs(urlsplit(str(request.url)).query).get("after", [""])[0]
        frames = [f'{{"event":"hello","seq":{self._last()}}}']
        if after.isdecimal() and len(after) < 16:
            frames += [_frame(seq, body) for seq, body in self._storage.rows(MISSED, int(after))]
        return self._sockets.accept(frames)

    async def webSocketMessage(self, socket: Any, message: Any) -> None:  # noqa: N802
        """Clients have nothing to say but "ping", which the runtime answers."""

    async def webSocketClose(self, socket: Any, code: int, reason: str, clean: bool) -> None:  # noqa: N802, ARG002
        """Finish the closing handshake."""
        socket.close(1000, "bye")

    def _last(self) -> int:
        return int(self._storage.rows("SELECT coalesce(max(seq), 0) FROM events")[0][0])


def _frame(seq: int, body: str) -> str:
    return f'{{"seq":{seq},{body[1:]}'
