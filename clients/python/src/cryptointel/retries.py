"""When a request is sent again, and after how long. Knows no network and no clock.

Waits double from try to try and are drawn at random between the half and the
whole, so that many clients do not come back at the same moment; what the server
says (Retry-After) is waited for whole, with a little on top.
"""

import random
from dataclasses import dataclass

from cryptointel.answers import Reply, seconds
from cryptointel.errors import Unreachable

WORTH_ASKING_AGAIN = (429, 502, 503, 504)
IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")  # RFC 9110, section 9.2.2


@dataclass(frozen=True)
class Retries:
    """How patient a client is.

    A request is sent at most `attempts` times within `seconds`, all waits
    included: a wait that would end later is not begun. 75 seconds are enough
    for a limit by the minute to be free again.
    """

    attempts: int = 5
    seconds: float = 75.0
    first_wait: float = 0.5
    longest_wait: float = 16.0


class Attempts:
    """The tries of one request that began at `began` (seconds of any clock)."""

    def __init__(self, retries: Retries, method: str, began: float) -> None:
        self._retries = retries
        self._may_repeat = method in IDEMPOTENT
        self._end = began + retries.seconds
        self._made = 0

    def wait(self, came: Reply | Unreachable, now: float) -> float | None:
        """Return the seconds to wait before the next try, None when there is none."""
        self._made += 1
        if not self._may_repeat or self._made >= self._retries.attempts:
            return None
        asked = None
        if isinstance(came, Reply):
            if came.status not in WORTH_ASKING_AGAIN:
                return None
            asked = seconds(came.headers.get("retry-after"))
        wait = self._backoff() if asked is None else asked + random.uniform(0, 1)  # noqa: S311
        return wait if now + wait <= self._end else None

    def _backoff(self) -> float:
        whole = min(self._retries.first_wait * 2 ** (self._made - 1), self._retries.longest_wait)
        return random.uniform(whole / 2, whole)  # noqa: S311
