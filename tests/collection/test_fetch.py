"""One request: answers, failures, size, addresses."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from collection.fetch import RETRYABLE_STATUS, Ask, Fetcher, Slots, Usage
from common.errors import Fatal, Retryable
from tests.collection.fetching import URL, Chunks, Fetched


def test_a_200_gives_its_body_and_counts_one_request() -> None:
    fetched = Fetched(httpx.Response(200, content=b"[1]"))
    assert fetched.body == b"[1]"
    assert fetched.usage == Usage(requests=1, bytes=3)
    assert fetched.waits == []


def test_headers_are_sent_with_every_attempt() -> None:
    fetched = Fetched(httpx.Response(500), httpx.Response(200), ask=Ask(URL, {"x-key": "k"}))
    assert [request.headers["x-key"] for request in fetched.requests] == ["k", "k"]


@pytest.mark.parametrize("status", sorted(RETRYABLE_STATUS))
def test_a_status_that_may_pass_is_tried_three_times(status: int) -> None:
    fetched = Fetched(*(httpx.Response(status) for _ in range(3)))
    assert isinstance(fetched.error, Retryable)
    assert str(fetched.error) == f"HTTP {status}"
    assert fetched.usage.requests == 3
    assert len(fetched.waits) == 2


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 410, 418, 451, 501])
def test_a_status_that_will_not_change_is_fatal_at_once(status: int) -> None:
    fetched = Fetched(httpx.Response(status, headers={"location": "https://elsewhere.example"}))
    assert isinstance(fetched.error, Fatal)
    assert str(fetched.error) == f"HTTP {status}"
    assert (fetched.usage.requests, fetched.waits) == (1, [])


def test_the_second_attempt_may_succeed() -> None:
    fetched = Fetched(httpx.ConnectError("refused"), httpx.Response(200, content=b"ok"))
    assert fetched.body == b"ok"
    assert fetched.usage == Usage(requests=2, bytes=2)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (httpx.ConnectError("no"), "connection failed: ConnectError"),
        (httpx.RemoteProtocolError("cut"), "connection failed: RemoteProtocolError"),
        (httpx.ReadTimeout("slow"), "no complete answer within the deadline"),
        (httpx.ConnectTimeout("slow"), "no complete answer within the deadline"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failed_connection_is_retryable_and_says_how_it_failed(
    error: Exception, message: str
) -> None:
    fetched = Fetched(error, error, error)
    assert isinstance(fetched.error, Retryable)
    assert str(fetched.error) == message


def test_no_error_message_holds_the_address() -> None:
    for answer in (httpx.ConnectError(URL), httpx.Response(500), httpx.Response(404)):
        fetched = Fetched(answer, answer, answer)
        assert "provider.example" not in str(fetched.error)


# --- size ------------------------------------------------------------------------------------


def test_reading_stops_as_soon_as_a_body_is_too_large() -> None:
    endless = Chunks(count=1000, size=1000)
    fetched = Fetched(httpx.Response(200, stream=endless), ask=Ask(URL, max_bytes=4_500))
    assert isinstance(fetched.error, Fatal)
    assert str(fetched.error) == "body over 4,500 bytes"
    assert endless.read == 5
    assert fetched.usage == Usage(requests=1, bytes=5_000)


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    fetched = Fetched(httpx.Response(200, content=b"x" * 10), ask=Ask(URL, max_bytes=10))
    assert fetched.body == b"x" * 10


def test_bytes_that_came_before_a_failure_are_counted() -> None:
    class Cut(Chunks):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"x" * self.size
            raise httpx.ReadError("cut")

    cut = [httpx.Response(200, stream=Cut(1, 40)) for _ in range(3)]
    assert Fetched(*cut).usage == Usage(requests=3, bytes=120)


# --- addresses -------------------------------------------------------------------------------


def test_without_an_upstream_the_provider_itself_is_asked() -> None:
    (request,) = Fetched(httpx.Response(200)).requests
    assert str(request.url) == URL


@pytest.mark.parametrize("upstream", ["http://127.0.0.1:8791", "http://127.0.0.1:8791/"])
def test_an_upstream_gets_host_path_and_query(upstream: str) -> None:
    (request,) = Fetched(httpx.Response(200), upstream=upstream).requests
    assert str(request.url) == ("http://127.0.0.1:8791/provider.example/v1/prices?page=2&x=a%20b")


def test_a_port_where_nobody_listens_is_retryable() -> None:
    async def run(port: int) -> None:
        async def sleep(_: float) -> None: ...

        async with httpx.AsyncClient(verify=False) as client:
            fetcher = Fetcher(client, sleep, random.Random(1), f"http://127.0.0.1:{port}")
            await fetcher.get(Ask(URL), Usage(), Slots([0.0] * 3, lambda: 0.0, sleep))

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        with pytest.raises(Retryable, match="connection failed"):
            asyncio.run(run(taken.getsockname()[1]))
