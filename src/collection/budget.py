"""How many requests a provider gets: a token bucket, and a circuit breaker.

The bucket is the generic cell rate algorithm (ITU-T I.371, virtual
scheduling): one number, the time at which the bucket will be full again, says
everything. It is counted in one place for all isolates (meters.py).

The breaker counts in ticks. After OPEN_AFTER bad ticks in a row a source is
sent one request a tick, without retries; if that one succeeds the rest of
the tick goes on as usual, so a provider that is back is back at once.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

import msgspec

from common.ports import Clock

OPEN_AFTER = 3
PATIENCE_SECONDS = 20.0  # how long a tick may spread its requests to one provider

Admission = Literal["all", "probe", "none"]


class Rate(NamedTuple):
    """A budget: `per_minute` in the long run, `burst` at once."""

    per_minute: float
    burst: int


def reserve(full_at: float, wanted: int, rate: Rate, now: float) -> tuple[float, list[float]]:
    """Take up to `wanted` requests out of a bucket.

    `full_at` and `now` are in epoch seconds. Returns the new `full_at` and,
    for each request granted, the seconds from now when it may be sent. A
    request that would wait longer than PATIENCE_SECONDS is not granted.
    """
    interval = 60 / rate.per_minute
    full_at = max(full_at, now)
    delays: list[float] = []
    while len(delays) < wanted:
        delay = max(0.0, full_at - now - interval * (rate.burst - 1))
        if delay > PATIENCE_SECONDS:
            break
        delays.append(round(delay, 3))
        full_at += interval
    return full_at, delays


def release(full_at: float, unused: int, rate: Rate) -> float:
    """Give back requests that were granted and not sent."""
    return full_at - unused * 60 / rate.per_minute


class Wish(msgspec.Struct, frozen=True, array_like=True):
    """How many requests a source wants, or gives back, and its budget."""

    requests: int
    per_minute: float
    burst: int

    @property
    def rate(self) -> Rate:
        """The budget."""
        return Rate(self.per_minute, self.burst)


class Meter(Protocol):
    """Where requests are counted. Raises Retryable when it does not answer."""

    async def reserve(self, wishes: Mapping[str, Wish]) -> dict[str, list[float]]:
        """Return for each source the seconds from now of every request granted."""

    async def release(self, unused: Mapping[str, Wish]) -> None:
        """Take back requests that were not sent."""


class LocalMeter:
    """Counts within one isolate: what is left when the common meter does not answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full_at: dict[str, float] = {}

    async def reserve(self, wishes: Mapping[str, Wish]) -> dict[str, list[float]]:
        """See Meter."""
        granted: dict[str, list[float]] = {}
        for source, wish in wishes.items():
            self._full_at[source], granted[source] = reserve(
                self._full_at.get(source, 0.0), wish.requests, wish.rate, self._clock()
            )
        return granted

    async def release(self, unused: Mapping[str, Wish]) -> None:
        """See Meter."""
        for source, wish in unused.items():
            self._full_at[source] = release(
                self._full_at.get(source, 0.0), wish.requests, wish.rate
            )


def admission(failures: int, not_before: int, tick: int) -> Admission:
    """Return what the breaker lets through at `tick`."""
    if tick < not_before:
        return "none"
    return "probe" if failures >= OPEN_AFTER else "all"
