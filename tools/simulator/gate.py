"""The outermost layer: counts requests to providers and plays the faults of the connection.

It is plain ASGI because these faults need what a framework hides: the client's leaving, a
response that stops half-way, and the connection itself.
"""

import asyncio
from collections.abc import Collection
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.simulator.faults import FaultPlan


class Traffic:
    """Requests to providers, counted by host and path."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[int, int | None]] = {}

    def count(self, host: str, path: str, status: int | None) -> None:
        """Count one request; a status of None is a connection closed without an answer."""
        before, _ = self._seen.get((host, path), (0, None))
        self._seen[host, path] = (before + 1, status)

    def describe(self, host: str | None) -> list[dict[str, Any]]:
        """The answer of `GET /requests`."""
        return [
            {"host": its_host, "path": path, "count": count, "last_status": status}
            for (its_host, path), (count, status) in sorted(self._seen.items())
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
        fault = self._plan.take(host, f"/{rest}")
        scope.setdefault("state", {})["fault"] = fault
        status: int | None = None

        async def counted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            if fault and fault.fault == "down":
                await _hang_up(receive, send)
            elif fault and fault.fault == "cut":
                await self._cut(scope, receive, counted, send)
            elif not (fault and fault.fault == "slow" and await _left(receive, fault.seconds)):
                await self._app(scope, receive, counted)
        finally:
            self._traffic.count(host, f"/{rest}", status)

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
        await _hang_up(receive, send)


async def _left(receive: Receive, seconds: float) -> bool:
    """Wait; True as soon as the client has gone."""
    try:
        async with asyncio.timeout(seconds):
            await _disconnected(receive)
    except TimeoutError:
        return False
    return True


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection after what was written; ASGI itself has no word for it."""
    # uvicorn's `send` is a method of the request's cycle, which holds the transport.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionAbortedError("this server cannot close a connection on purpose")
    transport.close()
    await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
