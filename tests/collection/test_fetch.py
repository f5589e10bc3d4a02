import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import pytest

from collection.fetch import RETRYABLE_STATUS, Fetcher, Limits, Usage, retry_after
from common.errors import CryptoIntelError, Fatal, Retryable

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
URL = "https://provider.example/v1/prices?page=2&x=a%20b"
Answering = Callable[[httpx.Request], httpx.Response]


class Chunks(httpx.AsyncByteStream):
    """A body of `count` chunks that knows how many were read."""

    def __init__(self, count: int, size: int) -> None:
        self.count, self.size, self.read = count, size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.count):
            self.read += 1
            yield b"x" * self.size


class Fetched:
    """One get against answers of a test: its result or error, waits, usage and requests."""

    def __init__(
        self,
        *answers: httpx.Response | Exception,
        upstream: str = "",
        limits: Limits | None = None,
        seed: int = 1,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.waits: list[float] = []
        self.usage = Usage()
        self.requests: list[httpx.Request] = []
        self.body: bytes | None = None
        self.error: CryptoIntelError | None = None
        left = list(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            given = left.pop(0)
            if isinstance(given, Exception):
                raise given
            return given

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        async def run() -> None:
            async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
                fetcher = Fetcher(client, sleep, random.Random(seed), upstream, limits)
                try:
                    self.body = await fetcher.get(URL, headers or {}, self.usage)
                except CryptoIntelError as error:
                    self.error = error

        asyncio.run(run())


def test_a_200_gives_its_body_and_counts_one_request() -> None:
    fetched = Fetched(httpx.Response(200, content=b"[1]"))
    assert fetched.body == b"[1]"
    assert fetched.usage == Usage(requests=1, bytes=3)
    assert fetched.waits == []


def test_headers_are_sent_with_every_attempt() -> None:
    fetched = Fetched(httpx.Response(500), httpx.Response(200), headers={"x-key": "k"})
    assert [request.headers["x-key"] for request in fetched.requests] == ["k", "k"]


@pytest.mark.parametrize("status", sorted(RETRYABLE_STATUS))
def test_a_status_that_may_pass_is_tried_three_times(status: int) -> None:
    fetched = Fetched(*(httpx.Response(status) for _ in range(3)))
    assert isinstance(fetched.error, Retryable)
    assert str(fetched.error) == f"HTTP {status}"
    assert fetched.usage.requests == 3
    assert len(fetched.waits) == 2


@pytest.mark.parametrize("status", [204, 301, 304, 400, 401, 403, 404, 410, 418, 451, 501])
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


# --- waiting ---------------------------------------------------------------------------------


def test_the_wait_doubles_its_bound_and_comes_from_the_given_randomness() -> None:
    many = Limits(attempts=5)
    waits = [Fetched(*[httpx.Response(500)] * 5, limits=many, seed=s).waits for s in range(200)]
    assert waits[1] == Fetched(*[httpx.Response(500)] * 5, limits=many, seed=1).waits
    for number, bound in enumerate((0.5, 1.0, 2.0, 4.0)):
        column = [each[number] for each in waits]
        assert 0 <= min(column) < 0.1 * bound
        assert 0.9 * bound < max(column) <= bound


def test_retry_after_is_waited_for_exactly() -> None:
    busy = httpx.Response(429, headers={"retry-after": "7"})
    assert Fetched(busy, httpx.Response(200)).waits == [7.0]


def test_a_wait_longer_than_a_tick_can_spare_is_not_waited_for() -> None:
    fetched = Fetched(httpx.Response(429, headers={"retry-after": "11"}))
    assert isinstance(fetched.error, Retryable)
    assert fetched.error.retry_after == 11
    assert (fetched.waits, fetched.usage.requests) == ([], 1)


def test_a_retry_after_of_zero_is_tried_again_at_once() -> None:
    busy = httpx.Response(503, headers={"retry-after": "0"})
    assert Fetched(busy, httpx.Response(200, content=b"ok")).waits == [0.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("119", 119.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Fri, 31 Nov 2026 12:00:00 GMT", None),
        ("Fri, 20 Nov 99999999999999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


# --- size ------------------------------------------------------------------------------------


def test_reading_stops_as_soon_as_a_body_is_too_large() -> None:
    endless = Chunks(count=1000, size=1000)
    fetched = Fetched(httpx.Response(200, stream=endless), limits=Limits(body_bytes=4_500))
    assert isinstance(fetched.error, Fatal)
    assert str(fetched.error) == "body over 4,500 bytes"
    assert endless.read == 5
    assert fetched.usage == Usage(requests=1, bytes=5_000)


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    fetched = Fetched(httpx.Response(200, content=b"x" * 10), limits=Limits(body_bytes=10))
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
            await fetcher.get(URL, {}, Usage())

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        with pytest.raises(Retryable, match="connection failed"):
            asyncio.run(run(taken.getsockname()[1]))
