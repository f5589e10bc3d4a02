"""What the pure code asks of the outside, besides the database: Protocols.

The Workers hand in the implementations of common.platform; tests hand in
others (a dictionary for a bucket, a fixed clock).
"""

from typing import Protocol


class Bucket(Protocol):
    """Object storage."""

    async def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key`, replacing what is there."""


class Sleep(Protocol):
    """Waiting, in seconds."""

    async def __call__(self, seconds: float, /) -> None:
        """Wait."""


class Clock(Protocol):
    """Wall time: for stamps of what happened, never for the time of a tick."""

    def __call__(self) -> float:
        """Return epoch seconds."""
