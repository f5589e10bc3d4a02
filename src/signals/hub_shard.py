"""A shard of the hub: the Durable Object that connections hang on.

WebSockets hibernate: between two ticks the object sleeps and costs nothing.
Streams of server-sent events, the second best, keep it awake.
"""

import asyncio
import contextlib
import secrets
import time
from functools import partial
from typing import Any

import msgspec

from common.errors import Problem
from common.platform.d1 import D1
from common.platform.objects import (
    DurableObject,
    EventStream,
    Sockets,
    Storage,
    headers_of,
    plain,
    upgrade_wanted,
)
from signals.hub import NAME
from signals.live import frames, lists
from signals.live.asked import Opening, Ticket
from signals.live.audience import About
from signals.live.shard import Shard

BEAT_SECONDS = 15.0


class HubShard(DurableObject):
    """RPC: `deliver` from the hub, `keep_ticket` from the API; connections by fetch."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        find_lists = partial(lists.find, database=D1(self.env.DB))
        hub = self.env.HUB.getByName(NAME)
        self._shard = Shard(Storage(ctx), hub, time.time, find_lists, lambda: secrets.token_hex(8))
        self._sockets = Sockets(ctx)
        self._streams: dict[str, EventStream] = {}
        self._beating: asyncio.Task[None] | None = None
        for socket in self._sockets.all():
            self._shard.audience.add(socket, msgspec.json.decode(socket.note, type=About))
        self._answer_pings()

    async def deliver(self, batch: str) -> str:
        """Send events to whoever wants them (signals.live.relay.Batch and Report)."""
        told = await self._shard.deliver(batch)
        self._answer_pings()
        return told

    async def keep_ticket(self, ticket: str) -> None:
        """Let whoever has a ticket connect once (signals.live.asked.Ticket)."""
        self._shard.keep_ticket(msgspec.json.decode(ticket, type=Ticket))

    async def fetch(self, request: Any) -> Any:
        """Open a WebSocket or a stream of events for whom the API has authorised."""
        opening = msgspec.json.decode(headers_of(request)("x-live") or "", type=Opening)
        try:
            about = await self._shard.admit(opening)
        except Problem as problem:
            told = {"kind": problem.kind, "detail": problem.detail}
            return plain(problem.status, msgspec.json.encode(told).decode(), problem.headers)
        # Nothing is waited for from here on: no event is lost between the log and the connection.
        self._answer_pings()
        if upgrade_wanted(request):
            response, socket = self._sockets.accept(msgspec.json.encode(about).decode())
            self._shard.seat(socket, about, opening.after)
            return response
        stream = EventStream(frames.server_sent, partial(self._left, about.id))
        self._streams[about.id] = stream
        self._shard.seat(stream, about, opening.after)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        return stream.response

    async def webSocketMessage(self, socket: Any, message: Any) -> None:  # noqa: N802
        """Take a change of topics. A ping is answered by the runtime."""
        about = msgspec.json.decode(str(socket.deserializeAttachment()), type=About)
        await self._shard.said(about.id, message if isinstance(message, str) else "")

    async def webSocketClose(self, socket: Any, code: int, reason: str, clean: bool) -> None:  # noqa: N802, ARG002
        """Forget a socket, and finish the closing handshake."""
        self._forget(socket)
        with contextlib.suppress(Exception):
            socket.close(1000, "bye")

    async def webSocketError(self, socket: Any, error: Any) -> None:  # noqa: N802, ARG002
        """Forget a socket that broke."""
        self._forget(socket)

    def _forget(self, socket: Any) -> None:
        about = msgspec.json.decode(str(socket.deserializeAttachment()), type=About)
        self._shard.gone(about.id)

    def _left(self, name: str) -> None:
        self._streams.pop(name, None)
        self._shard.gone(name)

    async def _beat(self) -> None:
        """Tell streams where they are, so that they notice who has gone."""
        while self._streams:
            await asyncio.sleep(BEAT_SECONDS)
            for name, stream in list(self._streams.items()):
                try:
                    stream.send(frames.pong(self._shard.last), self._shard.last)
                except Exception:  # noqa: BLE001 - whatever it is, nobody reads there
                    self._left(name)
        self._beating = None

    def _answer_pings(self) -> None:
        self._sockets.answer_pings(frames.pong(self._shard.last))
