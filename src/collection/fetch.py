"""One polite GET: deadline, size limit, bounded retries with jitter, Retry-After.

Retry-After comes in seconds or as an HTTP date (RFC 9110, 10.2.3). A wait
longer than a tick can spare is not waited for: the source is degraded now and
asked again at the next tick.
"""

import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import msgspec

from common.errors import Fatal, Retryable
from common.ports import Sleep

RETRYABLE_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotThere(Fatal):
    """The provider answered, and has nothing at this address."""


class Limits(msgspec.Struct, frozen=True):
    """Bounds of a fetch: bytes of a body, attempts, and seconds between them."""

    body_bytes: int = 8_000_000
    attempts: int = 3
    backoff_seconds: float = 0.5
    longest_wait_seconds: float = 10.0


class Fetcher:
    """Fetches over one client; counts requests and bytes.

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

    async def get(self, url: str, headers: Mapping[str, str], usage: "Usage") -> bytes:
        """Return the body of a 200 answer; add what it took to `usage`.

        Raises Retryable when the provider is unwell or asks for more patience
        than a tick has, Fatal when it refuses the request as such.
        """
        address = self._address(url)
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return await self._once(address, headers, usage)
            except Retryable as error:
                wait = self._wait(attempt, error.retry_after)
                if attempt == self._limits.attempts or wait > self._limits.longest_wait_seconds:
                    raise
                await self._sleep(wait)
        raise AssertionError("the loop returns or raises")

    async def _once(self, address: str, headers: Mapping[str, str], usage: "Usage") -> bytes:
        usage.requests += 1
        body = bytearray()
        try:
            async with self._client.stream("GET", address, headers=dict(headers)) as answer:
                _check_status(answer)
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > self._limits.body_bytes:
                        raise Fatal(f"body over {self._limits.body_bytes:,} bytes")
        except httpx.TimeoutException:
            # Who took the whole deadline is not asked again in this tick.
            raise Retryable("no complete answer within the deadline", math.inf) from None
        except httpx.HTTPError as error:
            raise Retryable(f"connection failed: {type(error).__name__}") from None
        finally:
            usage.bytes += len(body)
        return bytes(body)

    def _address(self, url: str) -> str:
        if not self._upstream:
            return url
        parts = urlsplit(url)
        return f"{self._upstream}/{parts.netloc}{parts.path}" + (
            f"?{parts.query}" if parts.query else ""
        )

    def _wait(self, attempt: int, retry_after: float | None) -> float:
        if retry_after is not None:
            return retry_after
        # "Full jitter": spreads the retries of many isolates over the whole interval.
        return self._rng.uniform(0, self._limits.backoff_seconds * 2 ** (attempt - 1))


class Usage(msgspec.Struct):
    """What a source's fetches took so far."""

    requests: int = 0
    bytes: int = 0


def _check_status(answer: httpx.Response) -> None:
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
