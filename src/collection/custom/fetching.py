"""Fetching what users gave: every hop judged, every body bounded while it is read.

Redirects are followed here and not by the client, so that each is judged like
the first address. Bodies are decompressed here too: a small chunk of gzip
may hold a thousand times its size.
"""

import time
import zlib
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin

import httpx

from collection.fetch import (
    Ask,
    Reply,
    Slots,
    Usage,
    check_status,
    conditions,
)
from common.addresses import RefusedAddress, Target, check_address
from common.errors import Fatal, Retryable
from common.guarded_fetch import resolve, upstream_address
from common.ports import Clock

MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_BYTES = 5_000_000
MOST_DNS_BYTES = 100_000
SECONDS = 10.0  # for everything: names, redirects, body
LONGEST_VALIDATOR = 300  # characters; a longer one is not kept
HEADERS = {"accept-encoding": "gzip"}


class Final(NamedTuple):
    """The answer that was not a redirect: status 200 or 304, and the address that gave it."""

    status: int
    body: bytes
    etag: str | None
    last_modified: str | None
    address: str


class GuardedFetch:
    """Fetches over one client for users; follows the form of collection.fetch.Fetch.

    `upstream` stands in for every host, after the guard has judged the real
    one. `clock` may start anywhere. It is looked at between chunks, and what
    is left is the timeout of each hop, which the runtime's fetch applies to
    the hop as a whole and other transports to each read.
    """

    def __init__(
        self, client: httpx.AsyncClient, upstream: str = "", clock: Clock = time.monotonic
    ) -> None:
        self._client = client
        self._upstream = upstream.rstrip("/")
        self._clock = clock

    async def get(self, ask: Ask, usage: Usage, slots: Slots) -> Reply:
        """See collection.fetch.Fetch; asked once, whatever the answer. Raises RefusedAddress."""
        if not await slots.take():
            raise Retryable("our request budget is used up")
        headers = {**ask.headers, **conditions(ask.known)}
        final = await self.fetch(ask.url, headers, usage, min(ask.max_bytes, MOST_BYTES))
        if final.status == 304:
            return Reply(None, ask.known)
        return Reply(final.body, (final.etag, final.last_modified))

    async def fetch(
        self, url: str, headers: Mapping[str, str], usage: Usage, most_bytes: int = MOST_BYTES
    ) -> Final:
        """Return the answer at the end of at most MOST_REDIRECTS redirects.

        Raises RefusedAddress for an address that is not public or a redirect
        that leads astray, Retryable and Fatal as collection.fetch.Fetch.
        """
        ends = self._clock() + SECONDS
        target = check_address(url)
        seen = {target.url}
        for _ in range(MOST_REDIRECTS + 1):
            if not target.literal:
                await resolve(target.host, lambda url, headers: self._dns(url, headers, ends))
            found = await self._once(target.url, headers, usage, most_bytes, ends)
            if isinstance(found, Final):
                return found
            target = _follow(target, found)
            if target.url in seen:
                raise RefusedAddress("The redirects lead in a circle.")
            seen.add(target.url)
        raise RefusedAddress(
            f"More than {MOST_REDIRECTS} redirects; give the address that they lead to."
        )

    async def _dns(self, url: str, headers: dict[str, str], ends: float) -> bytes:
        final = await self._once(url, headers, Usage(), MOST_DNS_BYTES, ends)
        if not isinstance(final, Final):
            raise Retryable("the resolver answered with a redirect")
        return final.body

    async def _once(
        self, url: str, headers: Mapping[str, str], usage: Usage, most_bytes: int, ends: float
    ) -> Final | str:
        """Return the answer of one address, or where its redirect leads."""
        usage.requests += 1
        # Cookies of one feed's host are nothing to the next request.
        self._client.cookies.clear()
        try:
            async with self._client.stream(
                "GET",
                upstream_address(url, self._upstream),
                headers={**HEADERS, **headers},
                timeout=self._left(ends),
                follow_redirects=False,
            ) as answer:
                if answer.status_code in REDIRECTS:
                    return _location(answer)
                if answer.status_code != 304:
                    check_status(answer)
                body = await self._read(answer, usage, most_bytes, ends)
        except httpx.TimeoutException:
            raise Retryable(f"no complete answer within {SECONDS:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Retryable(f"connection failed: {type(error).__name__}") from None
        etag, modified = (_validator(answer, name) for name in ("etag", "last-modified"))
        return Final(answer.status_code, body, etag, modified, url)

    async def _read(
        self, answer: httpx.Response, usage: Usage, most_bytes: int, ends: float
    ) -> bytes:
        length = answer.headers.get("content-length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > most_bytes:
            raise Fatal(f"body over {most_bytes:,} bytes")
        body = bytearray()
        try:
            async for chunk in _decoded(answer, most_bytes):
                body += chunk
                if len(body) > most_bytes:
                    raise Fatal(f"body over {most_bytes:,} bytes")
                self._left(ends)
        finally:
            usage.bytes += len(body)
        return bytes(body)

    def _left(self, ends: float) -> float:
        left = ends - self._clock()
        if left <= 0:
            raise Retryable(f"no complete answer within {SECONDS:.0f} seconds")
        return left


async def _decoded(answer: httpx.Response, most_bytes: int) -> AsyncIterator[bytes]:
    """Yield a body in decompressed pieces, each of at most one byte more than is allowed."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip"):
        raise Fatal(f"body in the encoding {encoding!r:.40}; gzip was offered")
    if encoding != "gzip":
        async for chunk in answer.aiter_raw():
            yield chunk
        return
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        async for chunk in answer.aiter_raw():
            yield gzip.decompress(chunk, most_bytes + 1)
    except zlib.error:
        raise Retryable("body is not the gzip it is said to be") from None
    if not gzip.eof:
        raise Retryable("body cut off inside its gzip")


def _follow(target: Target, location: str) -> Target:
    following = check_address(urljoin(target.url, location))
    if target.url.startswith("https:") and not following.url.startswith("https:"):
        raise RefusedAddress("A redirect leads from https to http; give an address that stays.")
    return following


def _location(answer: httpx.Response) -> str:
    location: str = answer.headers.get("location", "")
    if not location:
        raise Fatal(f"HTTP {answer.status_code} without the place it leads to")
    return location


def _validator(answer: httpx.Response, name: str) -> str | None:
    value: str | None = answer.headers.get(name)
    return value if value and len(value) <= LONGEST_VALIDATOR else None
