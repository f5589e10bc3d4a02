"""The connections of a shard, and who of them is sent what. Pure.

Connections that want the same get the same text, made once. One that does not
read is dropped when too much waits for it, so that it costs the others nothing;
its client resumes by its cursor.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from common.topics import Part, Wanted, of_kind, wanted
from signals.live import frames
from signals.live.log import Logged

MOST_WAITING = 1_000_000  # bytes that one connection may be behind
MOST_RESENT = 256_000  # bytes that one connection is sent again
TRY_LATER, EXPIRED = 1013, 4001  # close codes: RFC 6455's registry, and ours

Lists = Mapping[tuple[str, str], frozenset[str]]  # (owner, watchlist) -> assets


class Connection(Protocol):
    """One WebSocket, or one stream of server-sent events."""

    @property
    def waiting(self) -> int:
        """How many bytes were sent and are not read yet."""

    def send(self, text: str, seq: int | None) -> None:
        """Send a frame; after it the client resumes at `seq`. Raises when nobody is there."""

    def keep(self, note: str) -> None:
        """Keep a text with it for as long as it is open, also while the object sleeps."""

    def close(self, code: int, reason: str) -> None:
        """End the connection; nothing happens to one that has ended."""


class About(msgspec.Struct, frozen=True):
    """What is known of a connection, as it is kept with the socket while the object sleeps.

    `subject` is whose connections are counted together, `owner` whose
    watchlists it may follow (None: nobody's), `until` when it is to prove anew
    who it is, epoch seconds (0: never).
    """

    id: str
    subject: str
    owner: str | None
    until: int
    topics: frozenset[str]

    @property
    def lists(self) -> list[tuple[str, str]]:
        """Its watchlists, each with its owner."""
        return [(self.owner or "", name) for name in sorted(of_kind("watchlist", self.topics))]

    @property
    def group(self) -> tuple[frozenset[str], str]:
        """What it shares with those that want the same."""
        return self.topics, (self.owner or "") if self.lists else ""


class Listener(NamedTuple):
    """A connection and what is known of it."""

    connection: Connection
    about: About


class Missed(NamedTuple):
    """What a connection that comes back is sent; no frames and `gap` where that cannot be told."""

    frames: list[tuple[str, int]]
    skipped: bool
    gap: bool


class Audience:
    """One per shard."""

    def __init__(self) -> None:
        self._groups: dict[tuple[frozenset[str], str], dict[str, Listener]] = {}
        self._of: dict[str, About] = {}
        self._subjects: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._of)

    def of(self, subject: str) -> int:
        """How many connections a subject has."""
        return self._subjects.get(subject, 0)

    def add(self, connection: Connection, about: About) -> None:
        """Take a connection in, or change what it wants."""
        self.remove(about.id)
        self._of[about.id] = about
        self._subjects[about.subject] = self._subjects.get(about.subject, 0) + 1
        self._groups.setdefault(about.group, {})[about.id] = Listener(connection, about)

    def remove(self, name: str) -> Listener | None:
        """Forget a connection; None when it is not known."""
        about = self._of.pop(name, None)
        if about is None:
            return None
        self._subjects[about.subject] -= 1
        if not self._subjects[about.subject]:
            del self._subjects[about.subject]
        group = self._groups[about.group]
        gone = group.pop(name)
        if not group:
            del self._groups[about.group]
        return gone

    def find(self, name: str) -> Listener | None:
        """Return a connection."""
        about = self._of.get(name)
        return None if about is None else self._groups[about.group][name]

    def lists(self) -> set[tuple[str, str]]:
        """Every watchlist that somebody follows, with its owner."""
        return {one for about in self._of.values() for one in about.lists}

    def broadcast(
        self, past: Sequence[Logged], new: Sequence[Logged], lists: Lists, now: float
    ) -> None:
        """Send events to whoever wants them; `past` are those before, oldest first."""
        for (topics, owner), group in list(self._groups.items()):
            choice = _wanted(topics, owner, lists)
            found = list(_parts(choice, new))
            if not found:
                continue
            prev = _last_wanted(choice, past)
            texts: list[tuple[str, int]] = []
            for one, part in found:
                texts.append((frames.event(one, part, prev), one.seq))
                prev = one.seq
            for listener in list(group.values()):
                self._tell(listener, texts, now)

    def everyone(self) -> Iterator[Listener]:
        """Every connection."""
        for group in list(self._groups.values()):
            yield from list(group.values())

    def drop(self, listener: Listener, code: int, reason: str) -> None:
        """End a connection and forget it."""
        self.remove(listener.about.id)
        listener.connection.close(code, reason)

    def _tell(self, listener: Listener, texts: Iterable[tuple[str, int]], now: float) -> None:
        connection = listener.connection
        if 0 < listener.about.until <= now:
            self.drop(listener, EXPIRED, "come again")
            return
        try:
            if connection.waiting > MOST_WAITING:
                self.drop(listener, TRY_LATER, "too slow; resume after what you read")
                return
            for text, seq in texts:
                connection.send(text, seq)
        except Exception:  # noqa: BLE001 - one that is gone must not cost the others
            self.drop(listener, 1011, "send failed")


def missed(about: About, after: int, log: Sequence[Logged], last: int, lists: Lists) -> Missed:
    """Return what a connection missed since `after`; `log` is all that is kept."""
    first = log[0].seq if log else last + 1
    if after > last or after < first - 1:
        return Missed([], False, True)
    choice = _wanted(about.topics, about.owner or "", lists)
    found: list[tuple[str, int]] = []
    prev, size, skipped = after, 0, False
    for one in log:
        if one.seq <= after:
            continue
        skipped = skipped or (one.is_tick and not one.event.rows)
        part = choice.part(one.event, one.about)
        if part is not None:
            text = frames.event(one, part, prev)
            size += len(text.encode())
            if size > MOST_RESENT:
                return Missed([], False, True)
            found.append((text, one.seq))
            prev = one.seq
    return Missed(found, skipped, False)


def _wanted(topics: frozenset[str], owner: str, lists: Lists) -> Wanted:
    names = of_kind("watchlist", topics)
    return wanted(topics, {name: lists.get((owner, name), frozenset()) for name in names})


def _parts(choice: Wanted, events: Iterable[Logged]) -> Iterator[tuple[Logged, Part]]:
    for one in events:
        part = choice.part(one.event, one.about)
        if part is not None:
            yield one, part


def _last_wanted(choice: Wanted, past: Sequence[Logged]) -> int:
    """Return the number of the last event before that was wanted, 0 where none is kept."""
    return next((one.seq for one, _ in _parts(choice, reversed(past))), 0)
