"""The hub: one Durable Object that numbers events and keeps the newest of them.

Connections hang on its shards (signals.hub_shard), which it tells. An event
whose key it has seen is not numbered again.
"""

import time
from typing import Any

from common.log import Logger
from common.platform.objects import DurableObject, Storage
from signals.live.relay import Relay

NAME = "main"
AGAIN_SECONDS = 3.0  # after which a shard that did not answer is told again

log = Logger("signal-detection", time.time)


class Hub(DurableObject):
    """RPC: `publish` from detection, `join` from the shards."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._ctx = ctx
        self._relay = Relay(Storage(ctx), self.env.SHARD.getByName, log)

    async def publish(self, events: str) -> int:
        """Send a JSON array of Events to everyone; return how many were new."""
        new = self._relay.take(events)
        if new:
            await self._tell()
        return new

    async def join(self, name: str, epoch: int, after: int) -> str:
        """Tell the shard `name` from now on (signals.live.relay.Joined)."""
        return self._relay.join(name, epoch, after)

    async def status(self) -> dict[str, int]:
        """Return the number of connections at the last event, and that event's number."""
        return {"connections": self._relay.connections, "seq": self._relay.last}

    async def alarm(self, _info: Any = None) -> None:
        """Tell again what a shard was not told."""
        await self._tell()

    async def _tell(self) -> None:
        if not await self._relay.tell():
            again = int((time.time() + AGAIN_SECONDS) * 1000)
            await self._ctx.storage.setAlarm(again)
