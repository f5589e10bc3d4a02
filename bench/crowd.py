"""A crowd of WebSockets that listen: RFC 6455 over asyncio, as little of it as measuring needs.

Written out because it must cost less than what it measures: of a frame only the
length is read, and when the last byte of it has come.
"""

import asyncio
import base64
import os
import resource
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

OPENED_AT_ONCE = 20
OPEN_SECONDS, FRAME_SECONDS = 60.0, 60.0
LARGEST_HEAD = 10


class Door(NamedTuple):
    """Where sockets are opened; `headers` makes those of each by its number."""

    host: str
    port: int
    path: str
    headers: Callable[[int], Mapping[str, str]] = lambda _: {}

    def request(self, number: int) -> bytes:
        """Return the upgrade as it goes over the wire."""
        lines = [
            f"GET {self.path} HTTP/1.1", f"host: {self.host}:{self.port}", "upgrade: websocket",
            "connection: Upgrade", "sec-websocket-version: 13",
            f"sec-websocket-key: {base64.b64encode(os.urandom(16)).decode()}",
            *(f"{name}: {value}" for name, value in self.headers(number).items()),
        ]  # fmt: skip
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Ear(asyncio.Protocol):
    """One socket: notes when each frame is complete."""

    def __init__(self, heard: Callable[[float], None]) -> None:
        self._heard = heard
        self._upgraded = False
        self._head = b""
        self._missing = 0  # bytes of the frame under way
        self.transport: asyncio.Transport | None = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what waits for the upgrade."""
        if not self.open.done():
            self.open.set_exception(exc or ConnectionError("closed before it was open"))

    def data_received(self, data: bytes) -> None:
        """Count bytes."""
        if not self._upgraded:
            self._head += data
            before, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in before[:20]:
                self.open.set_exception(ConnectionError(before[:100].decode()))
                return
            self._upgraded, self._head = True, b""
        while data:
            if self._missing:
                taken = min(self._missing, len(data))
                self._missing -= taken
                data = data[taken:]
                if not self._missing:
                    self._complete()
                continue
            data, self._head = self._head + data, b""
            length, size = _measure(data[:LARGEST_HEAD])
            if not size:
                self._head = data
                return
            data, self._missing = data[size:], length

    def _complete(self) -> None:
        if not self.open.done():
            self.open.set_result(None)  # greeted
        else:
            self._heard(time.perf_counter())


def _measure(head: bytes) -> tuple[int, int]:
    """Return the length of a frame's payload and of its head, (0, 0) when more is needed."""
    if len(head) < 2:
        return 0, 0
    length, size = head[1] & 127, 2
    if length == 126:
        length, size = int.from_bytes(head[2:4], "big"), 4
    elif length == 127:
        length, size = int.from_bytes(head[2:10], "big"), 10
    return (length, size) if len(head) >= size else (0, 0)


class Crowd:
    """Open sockets of one door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._ears: list[Ear] = []
        self._times: list[float] = []
        self._all = asyncio.Event()

    async def grow(self, size: int) -> None:
        """Open sockets until there are `size`. Raises ConnectionError."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < 4 * size:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * size), hard))
        gate = asyncio.Semaphore(OPENED_AT_ONCE)

        async def one(number: int) -> None:
            async with gate:
                loop = asyncio.get_running_loop()
                _, ear = await loop.create_connection(
                    lambda: Ear(self._hear), self._door.host, self._door.port
                )
                assert ear.transport is not None
                ear.transport.write(self._door.request(number))
                await asyncio.wait_for(ear.open, OPEN_SECONDS)
                self._ears.append(ear)

        await asyncio.gather(*(one(number) for number in range(len(self._ears), size)))

    async def hear(self, send: Callable[[], object]) -> list[float]:
        """Return how long after `send` was begun each socket had one frame, in seconds."""
        self._times, self._all = [], asyncio.Event()
        began = time.perf_counter()
        sending = asyncio.to_thread(send)
        await asyncio.wait_for(asyncio.gather(sending, self._all.wait()), FRAME_SECONDS)
        return [at - began for at in self._times]

    def close(self) -> None:
        """Close all."""
        for ear in self._ears:
            if ear.transport is not None:
                ear.transport.abort()
        self._ears = []

    def _hear(self, at: float) -> None:
        self._times.append(at)
        if len(self._times) == len(self._ears):
            self._all.set()
