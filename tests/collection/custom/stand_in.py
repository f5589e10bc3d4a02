"""A web server of raw answers that stands in for every host, the resolver among them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from collection.custom.fetching import Final, GuardedFetch
from collection.fetch import Ask, Reply, Slots, Usage

Answer = TypeVar("Answer")
PUBLIC = ["93.184.216.34"]
RESOLVER = "/cloudflare-dns.com/dns-query"


def raw(
    body: bytes = b"", status: str = "200 OK", length: int | None = -1, **headers: str
) -> bytes:
    """Return an HTTP answer; `length` -1 is the right one, None leaves it out."""
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length < 0 else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def to(location: str, status: str = "302 Found") -> bytes:
    return raw(b"moved", status, Location=location)


@dataclass
class StandIn:
    """`answers` by "/host/path", `names` by host (default: a public address)."""

    answers: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    resolver: bytes | None = None  # an answer of the resolver in place of a real one
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)

    def fetch(
        self, url: str, clock: Callable[[], float] = time.monotonic, most_bytes: int = 5_000_000
    ) -> Final:
        """Fetch guardedly; raises what that raises."""
        return asyncio.run(
            self._serving(lambda guarded: guarded.fetch(url, {}, self.usage, most_bytes), clock)
        )

    def get(self, ask: Ask) -> Reply:
        """Fetch as the pipeline does."""
        slots = Slots([0.0], time.monotonic, asyncio.sleep)
        return asyncio.run(
            self._serving(lambda guarded: guarded.get(ask, self.usage, slots), time.monotonic)
        )

    @property
    def hosts(self) -> list[str]:
        """What was asked besides the resolver."""
        return [path for path in self.asked if not path.startswith(RESOLVER)]

    async def _serving(
        self, call: Callable[[GuardedFetch], Awaitable[Answer]], clock: Callable[[], float]
    ) -> Answer:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, httpx.AsyncClient() as client:
            return await call(GuardedFetch(client, f"http://127.0.0.1:{port}", clock))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        self.asked.append(path)
        self.headers.append(
            {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:])}
        )
        if path.startswith(RESOLVER):
            answer = self.resolver or self._resolve(path)
        else:
            answer = self.answers.get(path, raw(b"", "404 Not Found"))
        writer.write(answer)
        writer.close()

    def _resolve(self, path: str) -> bytes:
        query = parse_qs(urlsplit(path).query)
        number = {"A": 1, "AAAA": 28}[query["type"][0]]
        found = self.names.get(query["name"][0], PUBLIC)
        records = [{"type": number, "data": one} for one in found if (":" in one) == (number == 28)]
        return raw(msgspec.json.encode({"Status": 0 if found else 3, "Answer": records}))
