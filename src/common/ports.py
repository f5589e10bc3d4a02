"""What the pure code asks of the outside, besides the database: Protocols.

The Workers hand in the implementations of common.platform; tests hand in
others (a dictionary for a bucket, a fixed clock).
"""

from typing import Protocol


class Bucket(Protocol):
    """Object storage. Every call raises Retryable when it does not answer."""

    async def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key`, replacing what is there."""

    async def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, None when there is nothing."""

    async def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with `prefix`."""


class Sleep(Protocol):
    """Waiting, in seconds."""

    async def __call__(self, seconds: float, /) -> None:
        """Wait."""


class Clock(Protocol):
    """Wall time: for stamps of what happened, never for the time of a tick."""

    def __call__(self) -> float:
        """Return epoch seconds."""
