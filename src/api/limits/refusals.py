"""What a caller is told of limits: the headers of every answer, and why one was refused."""

import math
from typing import NamedTuple

from api.limits.plans import Limit
from api.limits.window import DAY_SECONDS, WINDOW_SECONDS
from common.errors import Problem
from common.times import iso

_WHOSE = {
    "user": "your account",
    "key": "this key",
    "address": "your address",
    "everyone": "all callers together",
}


class Standing(NamedTuple):
    """How a caller stands with the limit that binds first.

    `reset_seconds` is when the next unit that counts now is free again (of a
    day: all are): 60 at most while something is left, up to 3 more when nothing
    is, for a unit counts from the end of its lease. `local`: the arbiter does
    not answer, and this isolate counts alone.
    """

    limit: int
    remaining: int
    reset_seconds: float
    local: bool = False


def headers(standing: Standing) -> dict[str, str]:
    """Return RateLimit-Limit, -Remaining and -Reset (seconds), names in lower case."""
    return {
        "ratelimit-limit": str(standing.limit),
        "ratelimit-remaining": str(standing.remaining),
        "ratelimit-reset": str(math.ceil(standing.reset_seconds)),
    }


def too_many(
    limit: Limit, most: int, units: int, wait: float, now: float, whole_day: bool = False
) -> Problem:
    """Return the Problem 429 "rate-limited" of a request that counts `units`.

    Its body says which limit (`limit`, `window_seconds`, `cost`), whose
    (`scope`: user, key, address or everyone) and until when (`reset_at`).
    """
    wait = max(1.0, wait)
    seconds = math.ceil(wait)
    window = DAY_SECONDS if whole_day else WINDOW_SECONDS
    reset_at = iso(math.ceil(now + wait))
    what = "requests" if whole_day or limit.cost == "any" else f"{limit.cost} requests"
    text = (
        f"{_WHOSE[limit.scope].capitalize()} may make {most:,} {what}"
        f" {'a day (UTC)' if whole_day else 'in any 60 seconds'}; wait until {reset_at}."
    )
    if units > most:
        text = f"{text} This request counts as {units}, more than that: ask for less at once."
    told: dict[str, object] = {
        "limit": most, "window_seconds": window, "scope": limit.scope, "cost": limit.cost,
        "reset_at": reset_at,
    }  # fmt: skip
    standing = Standing(most, 0, seconds)
    return Problem(
        429, "rate-limited", text, {"retry-after": str(seconds), **headers(standing)}, told
    )


def limits_unknown() -> Problem:
    """Return the Problem 503 of a request that must not go on uncounted."""
    return Problem(
        503, "limits-unknown",
        "Requests cannot be counted just now, so nothing is changed and nobody is logged in."
        " Try again shortly.",
        {"retry-after": "2"},
    )  # fmt: skip
