"""One polite request: budget, deadline, size limit, conditional GET, bounded retries.

A request that a provider knows the answer of already (ETag, Last-Modified,
RFC 9110, 13.1) costs neither of us a body. Retries wait with jitter, or as
long as Retry-After says in seconds or as an HTTP date (RFC 9110, 10.2.3). A
wait longer than a tick can spare is not waited for: the source is degraded
now and asked again at a later tick. gzip is asked for by httpx or the
runtime, and undone by them.
"""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol

import httpx
import msgspec

from common.errors import Fatal, Retryable
from common.guarded_fetch import upstream_address
from common.ports import Clock, Sleep

RETRYABLE_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
Validators = tuple[str | None, str | None]


class NotThere(Fatal):
    """The provider answered, and has nothing at this address."""


class Ask(NamedTuple):
    """A request: `known` are the ETag and the Last-Modified of what we have, each verbatim.

    One that is a `probe` is not repeated.
    """

    url: str
    headers: Mapping[str, str] = {}
    post: bytes | None = None
    known: Validators = (None, None)
    max_bytes: int = 8_000_000
    probe: bool = False


class Reply(NamedTuple):
    """A body and its validators; `body` is None when nothing is new."""

    body: bytes | None
    validators: Validators


class Limits(msgspec.Struct, frozen=True):
    """Bounds of a request: attempts, and seconds between them."""

    attempts: int = 3
    backoff_seconds: float = 0.5
    longest_wait_seconds: float = 10.0


class Usage(msgspec.Struct):
    """What a source's requests took so far."""

    requests: int = 0
    bytes: int = 0


class Slots:
    """The requests a source was granted: each may be sent from its time on."""

    def __init__(self, delays: Sequence[float], clock: Clock, sleep: Sleep) -> None:
        """`delays` are seconds from now, ascending."""
        began = clock()
        self._starts = [began + delay for delay in reversed(delays)]
        self._clock = clock
        self._sleep = sleep

    @property
    def left(self) -> int:
        """How many requests were not sent yet."""
        return len(self._starts)

    async def take(self) -> bool:
        """Wait for the next request's time; False when there is none left."""
        if not self._starts:
            return False
        wait = self._starts.pop() - self._clock()
        if wait > 0:
            await self._sleep(wait)
        return True


class Fetch(Protocol):
    """How a request is made: by a Fetcher, or with more caution for addresses users gave."""

    async def get(self, ask: Ask, usage: Usage, slots: Slots) -> Reply:
        """Return the answer of a request; add what it took to `usage`.

        Raises Retryable when the provider is unwell or asks for more patience
        than a tick has, Fatal when it refuses the request as such.
        """


class Fetcher:
    """Fetches over one client.

    `upstream`, when set, stands in for every provider: https://HOST/PATH is
    asked as UPSTREAM/HOST/PATH. `rng` makes the jitter.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        sleep: Sleep,
        rng: random.Random,
        upstream: str = "",
        limits: Limits | None = None,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._rng = rng
        self._upstream = upstream.rstrip("/")
        self._limits = limits or Limits()

    async def get(self, ask: Ask, usage: Usage, slots: Slots) -> Reply:
        """See Fetch."""
        failed: Retryable | None = None
        attempts = 1 if ask.probe else self._limits.attempts
        for attempt in range(1, attempts + 1):
            if not await slots.take():
                raise failed or Retryable("our request budget is used up")
            try:
                return await self._once(ask, usage)
            except Retryable as error:
                failed = error
                wait = self._wait(attempt, error.retry_after)
                if attempt == attempts or wait > self._limits.longest_wait_seconds:
                    raise
                await self._sleep(wait)
        raise AssertionError("the loop returns or raises")

    async def _once(self, ask: Ask, usage: Usage) -> Reply:
        usage.requests += 1
        body = bytearray()
        address = upstream_address(ask.url, self._upstream)
        method = "GET" if ask.post is None else "POST"
        try:
            async with self._client.stream(
                method, address, headers=_headers(ask), content=ask.post
            ) as answer:
                if answer.status_code == 304:
                    return Reply(None, ask.known)
                check_status(answer)
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > ask.max_bytes:
                        raise Fatal(f"body over {ask.max_bytes:,} bytes")
                found = answer.headers
        except httpx.TimeoutException:
            # Who took the whole deadline is not asked again in this tick.
            raise Retryable("no complete answer within the deadline", math.inf) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Retryable(f"connection failed: {type(error).__name__}") from None
        finally:
            usage.bytes += len(body)
        return Reply(bytes(body), (found.get("etag"), found.get("last-modified")))

    def _wait(self, attempt: int, retry_after: float | None) -> float:
        if retry_after is not None:
            return retry_after
        # "Full jitter": spreads the retries of many isolates over the whole interval.
        return self._rng.uniform(0, self._limits.backoff_seconds * 2 ** (attempt - 1))


def conditions(known: Validators) -> dict[str, str]:
    """Return the headers that ask for a body only if it is not the one of these validators."""
    named = zip(("if-none-match", "if-modified-since"), known, strict=True)
    return {name: value for name, value in named if value}


def _headers(ask: Ask) -> dict[str, str]:
    headers = {**ask.headers, **conditions(ask.known)}
    if ask.post is not None:
        headers["content-type"] = "application/json"
    return headers


def check_status(answer: httpx.Response) -> None:
    """Raise Retryable, NotThere or Fatal for any status but 200."""
    status = answer.status_code
    if status == 200:
        return
    if status in RETRYABLE_STATUS:
        now = datetime.now(UTC)
        raise Retryable(f"HTTP {status}", retry_after(answer.headers.get("retry-after"), now))
    raise (NotThere if status in (404, 410) else Fatal)(f"HTTP {status}")


def retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for, None when it says nothing usable."""
    if header is None:
        return None
    if header.isascii() and header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
