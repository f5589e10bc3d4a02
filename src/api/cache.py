"""Where an answer is looked for: in this isolate, near the reader, in the database.

    isolate ──▶ KV (single prices) or the data centre's cache (the rest) ──▶ D1

Everything is kept under the version of the data that it was made of, so what
is stored anew shows within freshness.FRESH_SECONDS in all layers. However many
ask for what is not there, one makes it: the others wait by looking again,
because the runtime lets no request wake another.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from api import kept
from api.freshness import Freshness
from api.kept import Copy, Kept, Place
from api.principal import Outside
from api.routing import Route
from common.errors import Problem, Retryable

MOST_ANSWERS = 2_000
MOST_CHARACTERS = 8_000_000  # of an isolate's 128 MB
LONGEST_SECONDS = 60.0  # even while no version changes: for what changes without one
STALE_SECONDS = 3_600.0  # how old an answer may be that is given because no better one can be made
OUTSIDE_SECONDS = 300
# KV needs up to a minute until everybody sees what was written, so for a minute
# after a change it holds what is old: asking it would only come before D1, not instead.
SPREAD_SECONDS = 60.0
# A look costs some tenths of a millisecond, so the more that wait the less often each looks.
LOOK_AGAIN_SECONDS, LOOK_AGAIN_EACH = 0.004, 0.0004
LEADER_SECONDS = 5.0  # after so long, another one tries

Make = Callable[[], Awaitable[Kept]]


class Answers:
    """What one isolate keeps, by path and query."""

    def __init__(self, freshness: Freshness) -> None:
        self._freshness = freshness
        self._kept: dict[str, Kept] = {}
        self._characters = 0
        self._being_made: dict[str, float] = {}
        self._waiting = 0

    def hot(self, target: str, now: float) -> Kept | None:
        """Return the answer if this isolate has it and it is current. No call is made."""
        found = self._kept.get(target)
        if found is None or not self._freshness.known(now):
            return None
        copy = found.copy
        current = copy.version == self._freshness.version
        return found if current and now - copy.made_at < LONGEST_SECONDS else None

    def old(self, target: str, now: float) -> Kept | None:
        """Return the answer even if it is not current, for when the database does not answer."""
        found = self._kept.get(target)
        return found if found is not None and now - found.copy.made_at < STALE_SECONDS else None

    async def once(self, target: str, make: Make, now: float) -> Kept:
        """Return the answer, made by one of all that ask for it now.

        Raises whatever `make` raises, to each that tried.
        """
        offset = now - time.time()
        while True:
            now = time.time() + offset
            if (found := self.hot(target, now)) is not None:
                return found
            began = self._being_made.get(target)
            if began is None or now - began > LEADER_SECONDS:
                break
            self._waiting += 1
            try:
                await asyncio.sleep(LOOK_AGAIN_SECONDS + self._waiting * LOOK_AGAIN_EACH)
            finally:
                self._waiting -= 1
        self._being_made[target] = now
        try:
            made = await make()
            self.keep(target, made)
            return made
        finally:
            self._being_made.pop(target, None)

    def also_at(self, target: str, answer: Kept) -> None:
        """Find an answer by a further way to write its request, without parsing it again."""
        if len(self._kept) < MOST_ANSWERS:
            self._characters += len(target)
            self._kept[target] = answer

    def keep(self, target: str, answer: Kept) -> None:
        """Keep an answer; everything is forgotten when it gets too much."""
        size = len(answer)
        before = self._kept.get(target)
        if before is not None:
            self._characters -= len(before)
        if self._characters + size > MOST_CHARACTERS or len(self._kept) >= MOST_ANSWERS:
            self._kept.clear()
            self._characters = 0
        if size <= MOST_CHARACTERS:
            self._characters += size
            self._kept[target] = answer


def place_of(route: Route, target: str, names: dict[str, str], version: int) -> Place:
    """Return where the copy of an answer lies.

    A name is the same in upper case only in ASCII: others could share a key
    and not an answer.
    """
    if route.cache.kv is None or "?" in target or not all(map(str.isascii, names.values())):
        return Place(in_kv=False, key=f"{version}{target}")
    key = route.cache.kv.format(**{name: value.upper() for name, value in names.items()})
    return Place(in_kv=True, key=key)


async def fetch_copy(
    place: Place, freshness: Freshness, now: float, outside: Outside
) -> Copy | None:
    """Return the copy of the current version that lies at `place`, None without one."""
    if place.in_kv and now - freshness.changed_at < SPREAD_SECONDS:
        return None
    try:
        text = await (outside.kv_get if place.in_kv else outside.edge_get)(place.key)
    except Retryable:
        return None
    found = kept.read(text)
    return found if found is not None and found.version == freshness.version else None


async def store_copy(place: Place, copy: Copy, outside: Outside) -> None:
    """Put a copy outside the isolate."""
    put = outside.kv_put if place.in_kv else outside.edge_put
    try:
        await put(place.key, kept.write(copy), OUTSIDE_SECONDS)
    except (Retryable, Problem):
        return  # a cache that is down costs time, not answers
