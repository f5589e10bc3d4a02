"""The newest events with their numbers: in the hub, which gives them, and again in each shard.

The numbers have no holes. Of ticks only the newest keeps its body, because it
takes the place of all before it.
"""

from typing import Any, Protocol

import msgspec

from common.topics import Event, read_event

KEPT = 300
SUPERSEDED = '{"event":"tick"}'

CREATE = """
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)
"""
ADD = "INSERT INTO events (key, body) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING seq"
COPY = "INSERT INTO events (seq, key, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
AFTER = "SELECT seq, key, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
LAST = "SELECT coalesce(max(seq), 0) FROM events"
FIRST = "SELECT coalesce(min(seq), 0) FROM events"
# At most KEPT rows are looked at.
SUPERSEDE = f"""
UPDATE events SET body = '{SUPERSEDED}'
WHERE seq < ? AND substr(body, 1, 15) = '{{"event":"tick"' AND length(body) > {len(SUPERSEDED)}
"""  # noqa: S608 - a constant of ours
FORGET = "DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?"
CLEAR = "DELETE FROM events"


class Rows(Protocol):
    """The storage of a Durable Object."""

    def rows(self, sql: str, *parameters: str | float) -> list[list[Any]]:
        """Run one statement and return all its rows."""


class Numbered(msgspec.Struct):
    """An event as it is handed on: its number, its key, its body as JSON."""

    seq: int
    key: str
    body: str


class Logged(msgspec.Struct):
    """An event in memory; `about` are the assets it is about."""

    seq: int
    body: str
    event: Event
    about: frozenset[str]

    @property
    def is_tick(self) -> bool:
        """Whether it is a tick, superseded or not."""
        return self.event.event == "tick"


def logged(one: Numbered) -> Logged:
    """Return an event with what its body says."""
    event = read_event(one.body)
    return Logged(one.seq, one.body, event, event.assets)


def superseded(seq: int) -> Logged:
    """Return a tick that a newer one took the place of."""
    return Logged(seq, SUPERSEDED, Event("tick"), frozenset())


class EventLog:
    """The table of events."""

    def __init__(self, storage: Rows) -> None:
        self._storage = storage
        storage.rows(CREATE)
        self.last = int(storage.rows(LAST)[0][0])

    @property
    def first(self) -> int:
        """The oldest number that is kept, 0 where there is none."""
        return int(self._storage.rows(FIRST)[0][0])

    def add(self, key: str, body: str) -> bool:
        """Give an event the next number; False for a key that is known."""
        found = self._storage.rows(ADD, key, body)
        if not found:
            return False
        self.last = int(found[0][0])
        self._tidy(body)
        return True

    def copy(self, one: Numbered) -> None:
        """Store an event under the number that the hub gave it."""
        self._storage.rows(COPY, one.seq, one.key, one.body)
        self.last = max(self.last, one.seq)
        self._tidy(one.body)

    def after(self, seq: int, most: int = KEPT) -> list[Numbered]:
        """Return the events after a number, oldest first."""
        return [
            Numbered(int(number), str(key), str(body))
            for number, key, body in self._storage.rows(AFTER, seq, most)
        ]

    def clear(self) -> None:
        """Forget everything."""
        self._storage.rows(CLEAR)
        self.last = 0

    def _tidy(self, body: str) -> None:
        if body.startswith('{"event":"tick"'):
            self._storage.rows(SUPERSEDE, self.last)
        self._storage.rows(FORGET, KEPT)
