"""The signals Worker: detection by RPC, and home of the hub."""

import time
from typing import Any

from workers import Response, WorkerEntrypoint

from common.log import Logger
from common.platform.d1 import D1
from signals.detectors import DETECTORS
from signals.hub import Hub
from signals.pipeline import detect
from signals.trying import try_rule

__all__ = ["Default", "Hub"]

log = Logger("signal-detection", time.time)


class Default(WorkerEntrypoint):
    """RPC entry. No route leads here in production."""

    async def detect(self, tick: int) -> dict[str, int]:
        """Run detection up to `tick` (epoch seconds); return counts of what it did."""
        hub = self.env.HUB.getByName("main")
        summary = await detect(tick, int(time.time()), DETECTORS, D1(self.env.DB), hub, log)
        return summary._asdict()

    async def preview(self, rule: str) -> str:
        """Try a rule on the stored past of an asset: JSON in, JSON out; nothing is stored."""
        return await try_rule(rule, DETECTORS, D1(self.env.DB, "first-unconstrained"))

    async def fetch(self, request: Any) -> Any:  # noqa: ARG002
        """Answer with the state of the hub, as JSON."""
        status = await self.env.HUB.getByName("main").status()
        return Response.json({"connections": status["connections"], "seq": status["seq"]})
