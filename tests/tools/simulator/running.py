"""A simulator to test against: in this process, or in one of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

from tools.simulator.app import create_app, simulated_world
from tools.simulator.clock import Clock
from tools.simulator.provider import World

NOON = "2026-11-20T12:00:00Z"
COINGECKO = "api.coingecko.com"


class InProcess(httpx.BaseTransport):
    """Hands each request of an ordinary client to an ASGI application, without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def run() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            body = b"".join([part async for part in answer.aiter_raw()])
            return httpx.Response(
                answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body)
            )

        return asyncio.run(run())


@dataclass
class Simulator:
    """A simulator in this process, its clock pinned at noon of one day."""

    http: httpx.Client

    def set_clock(self, instant: str) -> None:
        assert self.http.post("/clock", json={"now": instant}).status_code == 200

    def advance(self, seconds: float) -> None:
        assert self.http.post("/clock", json={"advance_seconds": seconds}).status_code == 200

    def gecko(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"/{COINGECKO}/api/v3{path}", params=params)

    def markets(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.gecko("/coins/markets", **{"vs_currency": "usd", "per_page": 250, **params})
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows

    def row(self, coin: str) -> dict[str, Any]:
        (row,) = self.markets(ids=coin)
        return row

    def labels(self, start: str, end: str) -> list[dict[str, Any]]:
        labels: list[dict[str, Any]] = self.http.get(
            "/labels", params={"from": start, "to": end}
        ).json()["labels"]
        return labels

    def fault(self, host: str, name: str, **more: Any) -> None:
        answer = self.http.post("/faults", json={"host": host, "fault": name, **more})
        assert answer.status_code == 200, answer.text


def in_process(world: World) -> httpx.Client:
    return httpx.Client(transport=InProcess(create_app(world)), base_url="http://simulator")


def make_simulator(seed: int = 7) -> Simulator:
    clock = Clock()
    clock.drive({"now": NOON})
    return Simulator(in_process(simulated_world(seed, clock)))


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator in a process of its own on any free port, and its address."""
    command = [sys.executable, "-m", "tools.simulator", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()
