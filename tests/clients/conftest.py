"""The real gateway, as the client reaches it: through httpx, without a network."""

import asyncio

import httpx
import pytest

from cryptointel import Client
from cryptointel.transport import HttpxTransport
from tests.api import judging
from tests.api.calling import BASE, KEY, Caller, seeded
from tests.support.gateway_transport import GatewayTransport


class Sync(httpx.BaseTransport):
    """An asynchronous transport for a client that waits."""

    def __init__(self, transport: GatewayTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = asyncio.run(self._transport.handle_async_request(request))
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def site() -> Caller:
    database = seeded()
    judging.seed(database)
    return Caller(database)


@pytest.fixture
def client(site: Caller) -> Client:
    transport = HttpxTransport(httpx.Client(transport=Sync(GatewayTransport(site, BASE))))
    return Client(KEY, base_url=BASE, transport=transport)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the client waits, without waiting."""
    waited: list[float] = []
    clock = [1000.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    async def sleep_async(seconds: float) -> None:
        sleep(seconds)

    monkeypatch.setattr("cryptointel.client.time.sleep", sleep)
    monkeypatch.setattr("cryptointel.async_client.asyncio.sleep", sleep_async)
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    return waited
