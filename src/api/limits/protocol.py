"""What an isolate and an arbiter say to each other, as JSON."""

import msgspec

from api.limits.suspicion import Sights


class Unused(msgspec.Struct, frozen=True, array_like=True):
    """Units that were leased and not used: of which second, and of which day."""

    slot: int
    day: int
    units: int


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """Lease units of class `cost`.

    `want` units are for requests that wait now, the smallest of which needs
    `least`; `extra` are for those to come, if plenty is left. `per_day` 0 is
    no daily limit. `seconds` is how long the lease lives.
    """

    cost: str
    per_minute: int
    per_day: int = 0
    want: int = 0
    least: int = 1
    extra: int = 0
    seconds: int = 2
    unused: list[Unused] = []


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to Ask.

    `limit`, `remaining` and `wait` are of the limit that binds first: the
    day's when `whole_day`. `wait` is the seconds until the units refused are
    free, or else until one more is. `used` are the units of all classes in
    the last minute.
    """

    granted: int
    slot: int
    day: int
    limit: int
    remaining: int
    wait: float
    whole_day: bool
    used: int


class Report(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """What an address did since the last report; `passed`: it has passed a challenge."""

    sights: Sights
    passed: bool = False


class Verdict(msgspec.Struct, frozen=True):
    """The answer to Report: seconds for which the address is challenged, when a pass ends."""

    challenged_for: float
    passed_until: float


Request = Ask | Report
