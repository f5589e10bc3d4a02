"""The one table of limits, and which of them count a request."""

import hashlib
import ipaddress
from functools import lru_cache
from typing import Literal, NamedTuple

from api.principal import Principal

Scope = Literal["user", "key", "address", "everyone"]


class Plan(NamedTuple):
    """Requests of each cost class in any 60 seconds, and units of all classes in a UTC day."""

    read: int
    view: int
    heavy: int
    write: int
    login: int
    per_day: int


# A guest is one address; the others are one user, however many keys and addresses.
PLANS = {
    "guest": Plan(60, 240, 6, 120, 10, 20_000),
    "free": Plan(60, 300, 6, 120, 10, 10_000),
    "pro": Plan(600, 600, 60, 300, 10, 500_000),
    "enterprise": Plan(120_000, 120_000, 600, 1_200, 20, 100_000_000),
}
EVERYONE_PER_MINUTE = 600_000
LEASED = ("read", "view")

HELD_SECONDS = 2  # how long a lease lives
BLOCK_SHARE, LARGEST_BLOCK = 20, 1_000  # at most a twentieth of the limit is leased ahead
# Of everyone's limit each isolate holds more for longer: its arbiter serves all of them.
EVERYONE_HELD_SECONDS, EVERYONE_FIRST, EVERYONE_BLOCK = 20, 20, 500


class Limit(NamedTuple):
    """One limit of one subject.

    `subject` names the arbiter, `per_day` 0 is no daily limit. An ask leases
    `first` units besides those that are wanted, and `block` when the last ask
    was a moment ago. Each lease lives `seconds`.
    """

    subject: str
    scope: Scope
    cost: str
    per_minute: int
    per_day: int = 0
    first: int = 0
    block: int = 0
    seconds: int = HELD_SECONDS


EVERYONE = Limit(
    "everyone", "everyone", "any", EVERYONE_PER_MINUTE,
    first=EVERYONE_FIRST, block=EVERYONE_BLOCK, seconds=EVERYONE_HELD_SECONDS,
)  # fmt: skip


def limits_of(principal: Principal, address: str, cost: str) -> tuple[Limit, ...]:
    """Return every limit that counts a request of class `cost`, the narrowest first.

    They are taken in this order, so that what a narrow one refuses costs no wide one anything.
    """
    plan = PLANS.get(principal.plan, PLANS["free"])
    per_minute: int = getattr(plan, cost)
    if principal.kind == "guest":
        subject, scope = address_subject(address), "address"
    else:
        subject, scope = f"user:{principal.user_id}", "user"
    caller = _limit(subject, scope, cost, per_minute, plan.per_day)
    if cost in LEASED and principal.per_minute is not None and principal.credential:
        own = min(principal.per_minute, per_minute)
        return _limit(f"key:{principal.credential}", "key", cost, own), caller, EVERYONE
    return caller, EVERYONE


def _limit(subject: str, scope: str, cost: str, per_minute: int, per_day: int = 0) -> Limit:
    # Reads and views alone are leased ahead: of the few others each is counted when it comes.
    block = min(LARGEST_BLOCK, per_minute // BLOCK_SHARE) if cost in LEASED else 0
    return Limit(subject, scope, cost, per_minute, per_day, block=block)  # type: ignore[arg-type]


@lru_cache(4096)
def address_subject(address: str) -> str:
    """Return the subject of an address.

    Of an IPv6 address the network of 64 bits counts, because that is what one
    subscriber has. The name is a hash, so that no list of objects is a list of addresses.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        place = address
    else:
        mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
        place = str(mapped or parsed)
        if isinstance(parsed, ipaddress.IPv6Address) and mapped is None:
            place = str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
    return f"address:{hashlib.blake2b(place.encode(errors='replace'), digest_size=16).hexdigest()}"
