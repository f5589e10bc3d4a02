"""The signals Worker: detection by RPC, delivery of webhooks, and home of the hub."""

import random
import time
from typing import Any

from workers import Response, WorkerEntrypoint

from common import settings
from common.log import Logger
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from signals.delivery.post import Post
from signals.delivery.sending import AT_ONCE, Ports, deliver, sweep
from signals.detectors import DETECTORS
from signals.hub import Hub
from signals.pipeline import detect
from signals.trying import try_rule

__all__ = ["Default", "Hub"]

log = Logger("signal-detection", time.time)


class Default(WorkerEntrypoint):
    """RPC entry, and the cron of what is to be delivered. No route leads here in production."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Send every webhook delivery that is due."""
        await sweep(self._delivery())

    async def detect(self, tick: int) -> dict[str, int]:
        """Run detection up to `tick` (epoch seconds); return counts of what it did."""
        hub = self.env.HUB.getByName("main")
        database, now = D1(self.env.DB), int(time.time())
        ports = self._delivery()
        summary = await detect(tick, now, DETECTORS, database, hub, log, lambda: deliver(ports))
        return summary._asdict()

    async def deliver(self) -> int:
        """Send the deliveries that have waited longest, tests and replays first."""
        return await deliver(self._delivery(), AT_ONCE, 0)

    async def preview(self, rule: str) -> str:
        """Try a rule on the stored past of an asset: JSON in, JSON out; nothing is stored."""
        return await try_rule(rule, DETECTORS, D1(self.env.DB, "first-unconstrained"))

    async def fetch(self, request: Any) -> Any:  # noqa: ARG002
        """Answer with the state of the hub, as JSON."""
        status = await self.env.HUB.getByName("main").status()
        return Response.json({"connections": status["connections"], "seq": status["seq"]})

    def _delivery(self) -> Ports:
        conf = settings.read(self.env)
        return Ports(
            database=D1(self.env.DB),
            post=Post(FetchTransport(), conf.upstream, conf.environment, time.time),
            key=getattr(self.env, "WEBHOOK_SECRET_KEY", ""),
            clock=time.time,
            rng=random.Random(),  # noqa: S311 - jitter
            log=log,
        )
