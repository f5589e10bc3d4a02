"""Topics of the live stream: what a connection wants, and what of an event that is. Pure.

| topic | what it brings |
|---|---|
| `all` | everything below |
| `market` | every tick, with the largest assets |
| `type:<signal type>` | signals of that type, and their ends |
| `asset:<asset id>` | signals on that asset, and its row of every tick |
| `watchlist:<id>` | the same of every asset of a list, to its owner |
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

import msgspec

from common.signal_types import SignalType

MOST_TOPICS = 100
MOST_ROWS = 300  # of a tick, largest first: a page that shows others asks for them by name
TYPES = frozenset(get_args(SignalType))

_named = re.compile(r"asset:[^\s,\"\\\x00-\x1f]{1,100}|watchlist:[A-Za-z0-9_-]{1,64}")


class _Signal(msgspec.Struct):
    type: str
    asset_id: str | None = None


class Event(msgspec.Struct):
    """What of an event's body says whom it is for."""

    event: str
    signal: _Signal | None = None
    columns: list[str] = []
    rows: list[list[Any]] = []
    tick: str | None = None

    @property
    def assets(self) -> frozenset[str]:
        """Which assets it is about."""
        if self.signal is not None:
            return frozenset([self.signal.asset_id or ""])
        return frozenset(str(row[0]) for row in self.rows if row)


class Wanted(msgspec.Struct, frozen=True):
    """What topics add up to; `lists` are the assets of each watchlist among them."""

    everything: bool = False
    market: bool = False
    types: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    lists: Mapping[str, frozenset[str]] = {}

    def part(self, event: Event, about: frozenset[str]) -> "Part | None":
        """Return what of `event` is wanted, None where nothing is. `about` is event.assets."""
        lists = [name for name, assets in self.lists.items() if not assets.isdisjoint(about)]
        if event.signal is not None:
            known = self.everything or event.signal.type in self.types
            known = known or not self.assets.isdisjoint(about)
            return Part(lists) if known or lists else None
        if not event.rows:  # a tick that a newer one took the place of
            return None
        if self.everything or self.market:
            if len(event.rows) <= MOST_ROWS:
                return Part(lists)
            rows = event.rows[:MOST_ROWS]
            kept = {str(row[0]) for row in rows}
            rows += [row for row in event.rows[MOST_ROWS:] if self._asked(str(row[0]), kept)]
            return Part(lists, rows)
        rows = [row for row in event.rows if self._asked(str(row[0]), set())]
        return Part(lists, rows) if rows else None

    def _asked(self, asset: str, known: set[str]) -> bool:
        return asset not in known and (
            asset in self.assets or any(asset in assets for assets in self.lists.values())
        )


class Part(msgspec.Struct):
    """What of an event is sent: the watchlists it is on, and the rows of a tick (None: all)."""

    lists: list[str]
    rows: list[list[Any]] | None = None


_events = msgspec.json.Decoder(Event)


def read_event(body: str) -> Event:
    """Return what a body says. Raises msgspec.MsgspecError."""
    return _events.decode(body)


def read_topics(names: Iterable[str]) -> frozenset[str]:
    """Return topics that can be. Raises ValueError that names the first that cannot."""
    found: set[str] = set()
    for name in names:
        if not _is_topic(name):
            raise ValueError(
                f"{name!r:.80} is no topic; there are all, market, type:<signal type>,"
                " asset:<asset id> and watchlist:<id>"
            )
        found.add(name)
    if len(found) > MOST_TOPICS:
        raise ValueError(f"{len(found)} topics are more than the {MOST_TOPICS} of a connection")
    return frozenset(found)


def _is_topic(name: str) -> bool:
    kind, _, value = name.partition(":")
    if kind == "type":
        return value in TYPES
    return name in ("all", "market") or _named.fullmatch(name) is not None


def of_kind(kind: str, topics: Iterable[str]) -> frozenset[str]:
    """Return what stands behind `kind:` in topics of that kind."""
    return frozenset(name[len(kind) + 1 :] for name in topics if name.startswith(f"{kind}:"))


def wanted(topics: frozenset[str], lists: Mapping[str, frozenset[str]]) -> Wanted:
    """Return what `topics` add up to; `lists` are the assets of watchlists by id."""
    return Wanted(
        everything="all" in topics,
        market="market" in topics,
        types=of_kind("type", topics),
        assets=of_kind("asset", topics),
        lists={name: lists.get(name, frozenset()) for name in sorted(of_kind("watchlist", topics))},
    )
