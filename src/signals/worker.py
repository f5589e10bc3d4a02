"""The signals Worker: detection by RPC, delivery of webhooks, and home of the hub."""

import random
import time
from typing import Any

from workers import Response, WorkerEntrypoint

from common import settings
from common.log import Logger
from common.platform import crypto, zones
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from common.platform.objects import upgrade_wanted
from signals.delivery import push_sending, sending
from signals.delivery.outgoing import Outgoing, deliver, deliver_first, sweep
from signals.delivery.post import Post
from signals.detectors import DETECTORS
from signals.hub import Hub
from signals.hub_shard import HubShard
from signals.pipeline import detect
from signals.trying import try_rule

__all__ = ["Default", "Hub", "HubShard"]

log = Logger("signal-detection", time.time)


class Default(WorkerEntrypoint):
    """RPC entry, and the cron of what is to be delivered. No route leads here in production."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Send every webhook delivery and notification that is due."""
        await sweep(self._outgoing())

    async def detect(self, tick: int) -> dict[str, int]:
        """Run detection up to `tick` (epoch seconds); return counts of what it did."""
        hub = self.env.HUB.getByName("main")
        database, now = D1(self.env.DB), int(time.time())
        out = self._outgoing()
        summary = await detect(tick, now, DETECTORS, database, hub, log, lambda: deliver(out))
        return summary._asdict()

    async def deliver(self) -> int:
        """Send the deliveries that have waited longest, tests and replays first."""
        return await deliver_first(self._outgoing())

    async def preview(self, rule: str) -> str:
        """Try a rule on the stored past of an asset: JSON in, JSON out; nothing is stored."""
        return await try_rule(rule, DETECTORS, D1(self.env.DB, "first-unconstrained"))

    async def fetch(self, request: Any) -> Any:
        """Answer with the state of the hub, as JSON; measuring opens sockets here."""
        if upgrade_wanted(request):
            return await self.env.SHARD.getByName("shard-0").fetch(request)
        status = await self.env.HUB.getByName("main").status()
        return Response.json({"connections": status["connections"], "seq": status["seq"]})

    def _outgoing(self) -> Outgoing:
        conf, database = settings.read(self.env), D1(self.env.DB)
        post = Post(FetchTransport(), conf.upstream, conf.environment, time.time)
        rng = random.Random()  # noqa: S311 - jitter
        return Outgoing(
            sending.Ports(
                database, post, getattr(self.env, "WEBHOOK_SECRET_KEY", ""), time.time, rng, log
            ),
            push_sending.Ports(
                database=database,
                post=post,
                crypto=crypto,
                sign=crypto.sign_es256,
                offset=zones.utc_offset,
                key=getattr(self.env, "VAPID_PRIVATE_KEY", ""),
                subject=getattr(self.env, "VAPID_SUBJECT", ""),
                clock=time.time,
                rng=rng,
                log=log,
            ),
        )
