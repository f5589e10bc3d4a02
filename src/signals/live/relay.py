"""The middle of the hub: numbers events, and tells each shard that has connections. Pure.

At least once: what a shard was told is noted when it has said so, and a shard
leaves out what it knows. One that does not answer is told again later.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from common.log import Logger
from signals.live.log import EventLog, Numbered, Rows
from signals.publish import Event

ROUNDS = 5  # a shard that is behind is told what lies between, and again what came meanwhile

CREATE = """
CREATE TABLE IF NOT EXISTS shards (
  name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, told INTEGER NOT NULL,
  connections INTEGER NOT NULL)
"""
JOIN = """
INSERT INTO shards (name, epoch, told, connections) VALUES (?, ?, ?, 0) ON CONFLICT (name)
DO UPDATE SET epoch = excluded.epoch, told = excluded.told
"""
# Not one that has joined again meanwhile.
LEAVE = "DELETE FROM shards WHERE name = ? AND epoch = ?"
NOTE = "UPDATE shards SET told = ?, connections = ? WHERE name = ? AND epoch = ?"
SHARDS = "SELECT name, epoch, told FROM shards"
ONE = "SELECT epoch, told FROM shards WHERE name = ?"
COUNT = "SELECT coalesce(sum(connections), 0) FROM shards"


class Batch(msgspec.Struct):
    """Events for a shard, oldest first; `oldest` is the first number that the hub still has."""

    oldest: int
    events: list[Numbered]


class Joined(msgspec.Struct):
    """What a shard that joins is told: what it does not know yet, up to `last`."""

    last: int
    batch: Batch


class Report(msgspec.Struct):
    """What a shard says: the last number it has, its connections; `left` when there is none.

    `epoch` counts how often it has joined.
    """

    last: int
    connections: int
    epoch: int
    left: bool = False


class Shard(Protocol):
    """A shard, as the hub reaches it."""

    async def deliver(self, batch: str) -> str:
        """Tell it a Batch; return its Report. Both are JSON."""


class Relay:
    """One per hub."""

    def __init__(self, storage: Rows, reach: Callable[[str], Shard], log: Logger) -> None:
        self._storage, self._reach, self._log = storage, reach, log
        self._events = EventLog(storage)
        storage.rows(CREATE)

    @property
    def last(self) -> int:
        """The newest number."""
        return self._events.last

    @property
    def connections(self) -> int:
        """How many connections there were when the shards were last told something."""
        return int(self._storage.rows(COUNT)[0][0])

    def take(self, events: str) -> int:
        """Number the Events of a JSON array; return how many were new."""
        given = msgspec.json.decode(events, type=list[Event])
        return sum(self._events.add(event.key, event.body) for event in given)

    def join(self, name: str, epoch: int, after: int) -> str:
        """Tell the shard from now on; return a Joined as JSON."""
        self._storage.rows(JOIN, name, epoch, self._events.last)
        known = after if after <= self._events.last else 0
        told = Joined(self._events.last, self._batch(known))
        return msgspec.json.encode(told).decode()

    async def tell(self) -> bool:
        """Tell every shard what it was not told yet; whether all of them know everything."""
        names = [str(name) for name, _, told in self._storage.rows(SHARDS) if told < self.last]
        return all(await asyncio.gather(*(self._tell(name) for name in names)))

    async def _tell(self, name: str) -> bool:
        try:
            for _ in range(ROUNDS):
                rows = self._storage.rows(ONE, name)
                if not rows or rows[0][1] >= self.last:
                    return True
                batch = msgspec.json.encode(self._batch(int(rows[0][1]))).decode()
                told = await self._reach(name).deliver(batch)
                report = msgspec.json.decode(str(told), type=Report)
                if report.left:
                    self._storage.rows(LEAVE, name, report.epoch)
                else:
                    self._storage.rows(NOTE, report.last, report.connections, name, report.epoch)
        except Exception as error:  # noqa: BLE001 - whatever it is: the others must be told
            self._log("error", "a shard of the hub was not told", shard=name, error=str(error))
        return False

    def _batch(self, after: int) -> Batch:
        return Batch(self._events.first, self._events.after(after))
