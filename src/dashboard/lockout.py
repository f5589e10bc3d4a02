"""Limits on guessing that cannot be used to lock somebody else out.

Tries are counted for an account from one address, for an address, and for an account from
everywhere. Past its free tries each of them goes on, slowly. A browser in which the user
signed in before is counted by itself alone: whatever others do to the account, and whoever
shares its address, the user comes in from there. Nor do passkeys and sign-ins elsewhere
count: nothing can be guessed there.

A try is counted before it is made, in the one database, so a hundred at once are not more
than one after the other. Accounts that do not exist are counted like those that do.
"""

import ipaddress
from typing import NamedTuple

import msgspec

from common.database import Statement
from common.errors import Problem
from dashboard import keys, sessions
from dashboard.visit import Visit

# The row comes back only if the try was counted.
COUNT = """
INSERT INTO sign_in_tries (subject, tries, last_at, expires_at) VALUES (?1, 1, ?2, ?2 + ?3)
ON CONFLICT (subject) DO UPDATE SET
  tries = CASE WHEN expires_at <= ?2 THEN 1 ELSE tries + 1 END, last_at = ?2, expires_at = ?2 + ?3
WHERE expires_at <= ?2 OR tries < ?4 OR last_at + ?5 <= ?2
RETURNING tries
"""
LAST = "SELECT last_at FROM sign_in_tries WHERE subject = ?1"
FORGET = "DELETE FROM sign_in_tries WHERE expires_at <= ?1"
CLEAR = "DELETE FROM sign_in_tries WHERE subject = ?1"
GIVE_BACK = """
UPDATE sign_in_tries SET tries = max(0, tries - 1)
WHERE subject IN (SELECT value FROM json_each(?1))
"""


class Rule(NamedTuple):
    """`free` tries, then one every `pause` seconds, until `quiet` seconds without any."""

    free: int
    pause: int
    quiet: int


PAIR = Rule(5, 60, 300)
ADDRESS = Rule(30, 10, 900)
ACCOUNT = Rule(20, 30, 900)
CODE = Rule(20, 300, 86_400)  # of an account too: of a million codes three are right at a time
DEVICE = Rule(10, 60, 900)


class Taken(NamedTuple):
    """A counted try: whose tries are forgotten when it succeeds, and who gets one back."""

    narrow: str
    wide: tuple[str, ...]


async def take(
    visit: Visit, account: str, user_id: str | None, everywhere: Rule = ACCOUNT
) -> Taken:
    """Count a try at `account`, for example "password:ann@example.com". Raises Problem 429.

    `user_id` is the account's user, None when there is none; `everywhere` is the rule
    for the account's tries from all addresses.
    """
    await visit.database.batch([Statement(FORGET, (int(visit.now),))])
    device = sessions.known_device(visit, user_id)
    place = _place(visit.address)
    if device is not None:
        rules = [(_subject(visit, "device", device, account), DEVICE)]
    else:
        rules = [
            (_subject(visit, "pair", account, place), PAIR),
            (_subject(visit, "address", place), ADDRESS),
            (_subject(visit, "account", account), everywhere),
        ]
    # The narrowest first: what it refuses is not counted by the wide ones.
    for subject, rule in rules:
        await _count(visit, subject, rule)
    return Taken(rules[0][0], tuple(subject for subject, _ in rules[1:]))


async def succeeded(visit: Visit, taken: Taken) -> None:
    """Forget the wrong tries before a right one."""
    wide = msgspec.json.encode(taken.wide).decode()
    clear = Statement(CLEAR, (taken.narrow,))
    await visit.database.batch([clear, Statement(GIVE_BACK, (wide,))])


async def _count(visit: Visit, subject: str, rule: Rule) -> None:
    now = int(visit.now)
    values = (subject, now, rule.quiet, rule.free, rule.pause)
    if await visit.database.text(Statement(COUNT, values)) is not None:
        return
    last = await visit.database.text(Statement(LAST, (subject,)))
    wait = max(1, int(float(last or now)) + rule.pause - now)
    raise Problem(
        429, "too-many-tries",
        f"Too many wrong tries. Try again in {wait} seconds; a passkey works at once.",
        {"retry-after": str(wait)},
    )  # fmt: skip


def _subject(visit: Visit, *parts: str) -> str:
    """Return the name of a subject: a hash, so that no list of rows is a list of people."""
    return keys.keyed(keys.derived(visit.setting, "tries"), *parts).hex()[:32]


def _place(address: str) -> str:
    """Return what of an address one subscriber has: of IPv6 the network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
