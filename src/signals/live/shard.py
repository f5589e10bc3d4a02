"""A shard of the hub: its connections, and a copy of the newest events to resume from. Pure.

Everything between a look at the log and what is sent for it happens without
waiting for anything: no event can come in between.
"""

import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

import msgspec

from common.errors import Problem
from common.ports import Clock
from common.topics import read_topics
from signals.live import frames
from signals.live.asked import Opening, Patience, Ticket, Who, changed
from signals.live.audience import About, Audience, Connection, Lists, missed
from signals.live.log import KEPT, EventLog, Logged, Rows, logged, superseded
from signals.live.relay import Batch, Joined, Report

MOST_CONNECTIONS = 5_000
SPREAD = 0.25  # connections that were opened together do not end together

CREATE = """
CREATE TABLE IF NOT EXISTS state (
  id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, epoch INTEGER NOT NULL,
  joined INTEGER NOT NULL)
"""
READ = "SELECT name, epoch, joined FROM state"
WRITE = """
INSERT INTO state (id, name, epoch, joined) VALUES (1, ?, ?, ?) ON CONFLICT (id)
DO UPDATE SET name = excluded.name, epoch = excluded.epoch, joined = excluded.joined
"""
CREATE_TICKETS = """
CREATE TABLE IF NOT EXISTS tickets (
  digest TEXT PRIMARY KEY, until INTEGER NOT NULL, who TEXT NOT NULL) WITHOUT ROWID
"""
KEEP_TICKET = "INSERT INTO tickets (digest, until, who) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
TAKE_TICKET = "DELETE FROM tickets WHERE digest = ? AND until > ? RETURNING who"
FORGET_TICKETS = "DELETE FROM tickets WHERE until <= ?"  # each lives half a minute: there are few


class Hub(Protocol):
    """The hub, as a shard reaches it."""

    async def join(self, name: str, epoch: int, after: int) -> str:
        """Be told from now on; return a Joined as JSON."""


class Shard:
    """One per Durable Object."""

    def __init__(
        self, storage: Rows, hub: Hub, clock: Clock,
        find_lists: Callable[[Iterable[tuple[str, str]]], Awaitable[Lists]],
        name_of: Callable[[], str],
    ) -> None:  # fmt: skip
        self._storage, self._hub, self._clock = storage, hub, clock
        self._find_lists, self._name_of = find_lists, name_of
        storage.rows(CREATE)
        storage.rows(CREATE_TICKETS)
        self._events = EventLog(storage)
        self._log = [logged(one) for one in self._events.after(0)]
        rows = storage.rows(READ)
        self._name, self._epoch = (str(rows[0][0]), int(rows[0][1])) if rows else ("", 0)
        self._joined = bool(rows and rows[0][2])
        self._lists: Lists = {}
        self._patience = Patience()
        self.audience = Audience()

    @property
    def last(self) -> int:
        """The newest number."""
        return self._events.last

    def keep_ticket(self, ticket: Ticket) -> None:
        """Let whoever has a ticket connect once."""
        self._storage.rows(FORGET_TICKETS, int(self._clock()))
        who = msgspec.json.encode(ticket.who).decode()
        self._storage.rows(KEEP_TICKET, ticket.digest, ticket.until, who)

    async def admit(self, opening: Opening) -> About:
        """Return what is known of a connection that may be opened now.

        Raises Problem 400 for topics, 401 for a ticket, 404 for a watchlist,
        429 for too many connections of one subject, 503 for too many in all.
        """
        try:
            topics = read_topics(opening.topics)
        except ValueError as error:
            raise Problem(400, "invalid-parameter", f"topics: {error}.") from None
        who = opening.who or self._redeem(opening.ticket or "")
        about = About(self._name_of(), who.subject, who.owner, self._until(who), topics)
        if not self._joined:
            await self._join(opening.shard)
        await self._know(about)
        if self.audience.of(who.subject) >= who.most:
            raise Problem(
                429, "too-many-connections", f"You have {who.most} open connections, as many as one"
                " may. Close one first.", {"retry-after": "30"},
            )  # fmt: skip
        if len(self.audience) >= MOST_CONNECTIONS:
            raise Problem(
                503, "try-again", "Too many connections are open. Try again shortly.",
                {"retry-after": "30"},
            )  # fmt: skip
        return about

    def seat(self, connection: Connection, about: About, after: int | None) -> None:
        """Take in a connection that was admitted just now, and send what it missed."""
        self.audience.add(connection, about)
        if after is None:
            connection.send(frames.hello(self.last, about.topics, False), self.last)
            return
        told = missed(about, after, self._log, self.last, self._lists)
        connection.send(frames.hello(self.last, about.topics, told.skipped), None)
        if told.gap:
            connection.send(frames.gap(self.last), self.last)
        for text, seq in told.frames:
            connection.send(text, seq)

    async def said(self, name: str, message: str) -> None:
        """Do what the client of a connection says."""
        listener = self.audience.find(name)
        if listener is None:
            return
        if self._patience.is_over(name, self._clock()):
            self.gone(name)
            listener.connection.close(1008, "too many messages")
            return
        try:
            topics = changed(message, listener.about.topics)
            about = msgspec.structs.replace(listener.about, topics=topics)
            await self._know(about)
        except (ValueError, Problem) as error:
            detail = error.detail if isinstance(error, Problem) else str(error)
            listener.connection.send(frames.refused(detail), None)
            return
        if self.audience.find(name) is not None:  # it may have closed meanwhile
            listener.connection.keep(msgspec.json.encode(about).decode())
            self.audience.add(listener.connection, about)
            listener.connection.send(frames.subscribed(self.last, topics), None)

    def gone(self, name: str) -> None:
        """Forget a connection that has ended."""
        self.audience.remove(name)
        self._patience.forget(name)

    async def deliver(self, batch: str) -> str:
        """Send what of a Batch is new to whoever wants it; return a Report. Both are JSON."""
        given = msgspec.json.decode(batch, type=Batch)
        if len(self.audience):
            await self._look_again()
            self._apply(given)
        if not len(self.audience):  # also when the last of them was just dropped
            self._note(False)
        report = Report(self.last, len(self.audience), self._epoch, not self._joined)
        return msgspec.json.encode(report).decode()

    async def _look_again(self) -> None:
        """Learn what changed in the watchlists that are followed."""
        followed = self.audience.lists()
        try:
            found = await self._find_lists(followed)
        except Exception:
            if not followed <= self._lists.keys():
                raise  # the hub tells it again
            return
        still = self.audience.lists()
        learnt = {name: one for name, one in self._lists.items() if name in still - followed}
        self._lists = {**learnt, **found}

    def _apply(self, batch: Batch) -> None:
        new = [one for one in batch.events if one.seq > self.last]
        if new and new[0].seq > self.last + 1:
            if new[0].seq != batch.oldest:
                return  # the report says from where it is to be told
            self._events.clear()
            self._log = []
            for listener in self.audience.everyone():
                listener.connection.send(frames.gap(new[0].seq - 1), new[0].seq - 1)
        fresh = [logged(one) for one in new]
        for one in new:
            self._events.copy(one)
        self.audience.broadcast(self._log, fresh, self._lists, self._clock())
        self._remember(fresh)

    def _remember(self, fresh: list[Logged]) -> None:
        """Keep events in memory as the log keeps them: of ticks the newest."""
        newest = max((one.seq for one in fresh if one.is_tick), default=0)
        self._log = [
            superseded(one.seq) if one.is_tick and one.seq < newest else one
            for one in (self._log + fresh)[-KEPT:]
        ]

    async def _know(self, about: About) -> None:
        """Learn the watchlists of a connection. Raises Problem 404 for one that is not its own."""
        if not about.lists:
            return
        found = await self._find_lists(about.lists)
        for one in about.lists:
            if one not in found:
                raise Problem(
                    404, "no-such-watchlist", f"You have no watchlist with the id {one[1]}."
                )
        self._lists = {**self._lists, **found}

    async def _join(self, name: str) -> None:
        self._name = name
        epoch = self._epoch = self._epoch + 1
        told = msgspec.json.decode(str(await self._hub.join(name, epoch, self.last)), type=Joined)
        if told.last < self.last:  # the hub counts anew
            self._events.clear()
            self._log = []
        self._apply(told.batch)
        self._note(True)

    def _note(self, joined: bool) -> None:
        self._joined = joined
        self._storage.rows(WRITE, self._name, self._epoch, int(joined))

    def _until(self, who: Who) -> int:
        if not who.seconds:
            return 0
        return int(self._clock() + who.seconds * random.uniform(1, 1 + SPREAD))  # noqa: S311

    def _redeem(self, digest: str) -> Who:
        rows: list[list[Any]] = self._storage.rows(TAKE_TICKET, digest, int(self._clock()))
        if not rows:
            raise Problem(401, "ticket-invalid", "The ticket is unknown, used or expired.")
        return msgspec.json.decode(str(rows[0][0]), type=Who)
