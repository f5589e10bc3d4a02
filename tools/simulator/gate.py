"""The outermost layer: counts requests to providers and plays the faults of the connection.

It is plain ASGI because these faults need what a framework hides: the client's leaving, a
response that stops half-way, and the connection itself.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.facilitator.hang_up import hang_up, leave_word
from tools.simulator.faults import FaultPlan


@dataclass
class Count:
    """Requests to one path; a `last_status` of None is a connection closed without an answer."""

    count: int = 0
    last_status: int | None = None
    not_modified: int = 0
    gzip: int = 0


class Traffic:
    """Requests to providers, counted by host and path."""

    def __init__(self) -> None:
        self._seen: defaultdict[tuple[str, str], Count] = defaultdict(Count)

    def count(self, host: str, path: str, status: int | None, accepts_gzip: bool) -> None:
        """Count one request."""
        seen = self._seen[host, path]
        seen.count += 1
        seen.last_status = status
        seen.not_modified += status == 304
        seen.gzip += accepts_gzip

    def describe(self, host: str | None) -> list[dict[str, Any]]:
        """The answer of `GET /requests`; `not_modified` were 304, `gzip` would take that form."""
        return [
            {"host": its_host, "path": path, **asdict(seen)}
            for (its_host, path), seen in sorted(self._seen.items())
            if host in (None, its_host)
        ]

    def clear(self) -> None:
        """Start counting from zero."""
        self._seen.clear()


class Gate:
    """ASGI middleware around the simulator."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], plan: FaultPlan, traffic: Traffic
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._plan = plan
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the fault that is in force for it."""
        host, _, rest = scope.get("path", "").lstrip("/").partition("/")
        if scope["type"] != "http" or host not in self._hosts:
            await self._app(scope, receive, send)
            return
        leave_word(scope, receive, send)
        fault = self._plan.take(host, f"/{rest}")
        scope.setdefault("state", {})["fault"] = fault
        status: int | None = None

        async def counted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            if fault and fault.fault == "down":
                await hang_up(receive, send)
            elif fault and fault.fault == "cut":
                await self._cut(scope, receive, counted, send)
            elif fault and fault.fault == "slow":
                waiting = _Waiting(receive)
                if not await waiting.left(fault.seconds):
                    await self._app(scope, waiting.receive, counted)
            else:
                await self._app(scope, receive, counted)
        finally:
            accepts_gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "")
            self._traffic.count(host, f"/{rest}", status, accepts_gzip)

    async def _cut(self, scope: Scope, receive: Receive, counted: Send, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start, body = messages[0], b"".join(part.get("body", b"") for part in messages[1:])
        others = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await counted({**start, "headers": [*others, length]})
        half = body[: len(body) // 2]
        await counted({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(receive, send)


class _Waiting:
    """Watches for the client's leaving, and keeps for later what it sends meanwhile."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: deque[Message] = deque()

    async def left(self, seconds: float) -> bool:
        """Wait; True as soon as the client has gone."""
        try:
            async with asyncio.timeout(seconds):
                while (message := await self._receive())["type"] != "http.disconnect":
                    self._kept.append(message)
        except TimeoutError:
            return False
        return True

    async def receive(self) -> Message:
        """What was kept, then what comes."""
        return self._kept.popleft() if self._kept else await self._receive()
