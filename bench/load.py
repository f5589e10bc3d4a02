"""A load generator: keep-alive HTTP/1.1 over asyncio streams, one request in flight a connection.

Written out because it must cost less than what it measures: the request is
bytes made once, and of an answer only status and length are read. How many
requests a second it can make at all is the line `client_ceiling`.
"""

import asyncio
import math
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

ANSWER_SECONDS = 30.0


class Target(NamedTuple):
    """One GET request: an absolute http address and further headers."""

    url: str
    headers: Mapping[str, str] = {}

    def request(self) -> bytes:
        """Return the request as it goes over the wire."""
        parts = urlsplit(self.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"GET {path} HTTP/1.1", f"host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Round(NamedTuple):
    """What one round measured: its length, and each answer's latency, in seconds."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


class BadAnswerError(Exception):
    """An answer that is not the 200 that is being measured."""


def run(target: Target, requests: int, connections: int = 4, seconds: float = math.inf) -> Round:
    """Make `requests` requests over `connections` connections, none begun after `seconds`.

    Raises BadAnswerError for any answer but a complete 200.
    """
    return asyncio.run(_run(target, requests, connections, seconds))


async def _run(target: Target, requests: int, connections: int, seconds: float) -> Round:
    parts = urlsplit(target.url)
    wire = target.request()
    latencies: list[float] = []
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]
    began = time.perf_counter()
    budget = _budget(requests, began + seconds)
    try:
        await asyncio.gather(*(_drive(*streams, wire, budget, latencies) for streams in opened))
        return Round(time.perf_counter() - began, latencies)
    finally:
        for _, writer in opened:
            writer.close()


def _budget(requests: int, deadline: float) -> Iterator[None]:
    for _ in range(requests):
        if time.perf_counter() > deadline:
            return
        yield


async def _drive(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    wire: bytes,
    budget: Iterator[None],
    latencies: list[float],
) -> None:
    for _ in budget:
        began = time.perf_counter()
        writer.write(wire)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await read_answer(reader)
        except (TimeoutError, asyncio.IncompleteReadError):
            # A save below src/ makes wrangler reload the Workers under the load.
            raise BadAnswerError("no answer; was a source file saved during the run?") from None
        latencies.append(time.perf_counter() - began)


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """Return the body of one answer. Raises BadAnswerError unless it is a 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length, chunked = _framing(head)
    if chunked:
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(length)
    if status != 200:
        raise BadAnswerError(f"HTTP {status}: {body[:200]!r}")
    return body


def _framing(head: bytes) -> tuple[int, bool]:
    """Return (content-length, whether the body is chunked instead)."""
    lowered = head.lower()
    at = lowered.find(b"\r\ncontent-length:")
    if at >= 0:
        return int(lowered[at + 17 : lowered.index(b"\r", at + 17)]), False
    if b"\r\ntransfer-encoding: chunked" in lowered:
        return 0, True
    raise BadAnswerError("an answer without a length")


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int(await reader.readuntil(b"\r\n"), 16)
        chunk = await reader.readexactly(size + 2)
        if size == 0:
            return body
        body += chunk[:-2]
