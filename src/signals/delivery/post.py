"""One POST to a receiver: its address judged now, no redirect followed, little of the answer read.

The request goes to the transport itself and not through a client: there are no
cookies of one receiver to bring to the next, and nothing that would follow.
"""

import contextlib
from collections.abc import Mapping
from typing import NamedTuple

import httpx

from common.errors import Retryable
from common.guarded_fetch import check_receiver, is_own_machine, resolve, upstream_address
from common.ports import Clock

SECONDS = 10.0  # for everything: the name, the answer
MOST_BYTES = 1_200  # of an answer's body
KEPT_CHARACTERS = 300
MOST_DNS_BYTES = 100_000
HEADERS = {
    "content-type": "application/json",
    "accept-encoding": "identity",
    "user-agent": "CryptoIntel-Webhooks/1 (+https://cryptointel.example)",
}


class Answered(NamedTuple):
    """What came back: the status, the beginning of the body, and the header Retry-After."""

    status: int
    excerpt: str
    retry_after: str | None = None


class Post:
    """Sends to addresses that users gave.

    `upstream` stands in for every host after the real one was judged, but for
    a developer's own machine. `clock` may start anywhere.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, upstream: str, environment: str, clock: Clock
    ) -> None:
        self._transport = transport
        self._upstream = upstream.rstrip("/")
        self._environment = environment
        self._clock = clock

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Return the answer, whatever its status.

        Raises RefusedAddress for an address that may not be asked, Retryable
        when there is no answer in time.
        """
        ends = self._clock() + SECONDS
        target = check_receiver(url, self._environment)
        if self._environment == "local" and is_own_machine(target.url):
            address = target.url
        else:
            address = upstream_address(target.url, self._upstream)
        if not target.literal:
            await resolve(target.host, lambda url, headers: self._dns(url, headers, ends))
        request = self._request("POST", address, {**HEADERS, **headers}, ends, body)
        return await self._asked(request, ends, MOST_BYTES)

    async def _dns(self, url: str, headers: dict[str, str], ends: float) -> bytes:
        request = self._request("GET", upstream_address(url, self._upstream), headers, ends)
        status, body, _ = await self._exchange(request, ends, MOST_DNS_BYTES)
        if status != 200:
            raise Retryable(f"the resolver answered {status}")
        return body

    async def _asked(self, request: httpx.Request, ends: float, most_bytes: int) -> Answered:
        status, body, wait = await self._exchange(request, ends, most_bytes)
        return Answered(status, body.decode("utf-8", "replace")[:KEPT_CHARACTERS], wait)

    def _request(
        self, method: str, url: str, headers: Mapping[str, str], ends: float, body: bytes = b""
    ) -> httpx.Request:
        left = ends - self._clock()
        if left <= 0:
            raise Retryable(_late())
        timeout = httpx.Timeout(left).as_dict()
        return httpx.Request(
            method, url, headers=headers, content=body, extensions={"timeout": timeout}
        )

    async def _exchange(
        self, request: httpx.Request, ends: float, most_bytes: int
    ) -> tuple[int, bytes, str | None]:
        """Return the status, at most so much of the body, and what Retry-After says.

        A body that breaks off is short.
        """
        body = bytearray()
        try:
            answer = await self._transport.handle_async_request(request)
            try:
                if answer.headers.get("content-encoding", "identity") == "identity":
                    with contextlib.suppress(httpx.HTTPError):
                        async for chunk in answer.aiter_raw():
                            body += chunk
                            if len(body) >= most_bytes or self._clock() > ends:
                                break
            finally:
                await answer.aclose()
        except httpx.TimeoutException:
            raise Retryable(_late()) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Retryable(f"connection failed: {type(error).__name__}") from None
        return answer.status_code, bytes(body[:most_bytes]), answer.headers.get("retry-after")


def _late() -> str:
    return f"no answer within {SECONDS:.0f} seconds"
