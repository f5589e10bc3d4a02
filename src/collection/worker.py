"""The collection Worker: a cron tick runs the pipeline and wakes the signals Worker."""

import asyncio
import random
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from workers import Response, WorkerEntrypoint

from collection.fetch import Fetcher
from collection.pipeline import Ports, collect
from collection.sources import SOURCES
from collection.status import status
from common import settings
from common.log import Logger
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from common.platform.storage import R2Bucket

log = Logger("data-collection", time.time)


class Default(WorkerEntrypoint):
    """Cron entry. No route leads here in production; /health is for the operator's machine."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Run the tick of the cron's scheduled time, then its detection."""
        tick = int(controller.scheduledTime) // 60_000 * 60
        began = time.time()
        conf = settings.read(self.env)
        keys = {s.key_name: getattr(self.env, s.key_name, "") for s in SOURCES if s.key_name}
        async with httpx.AsyncClient(
            transport=FetchTransport(),
            timeout=conf.request_seconds,
            headers={"user-agent": "CryptoIntel/0.1 (+https://cryptointel.example)"},
        ) as client:
            fetcher = Fetcher(client, asyncio.sleep, random.Random(), conf.upstream)  # noqa: S311
            ports = Ports(
                D1(self.env.DB), R2Bucket(self.env.RAW), fetcher, time.time, log, conf, keys
            )
            summary = await collect(tick, SOURCES, ports)
        collected = time.time()
        try:
            detected = await self.env.SIGNALS.detect(tick)
        except Exception as error:
            # What was collected is stored; the next tick's detection starts from it.
            log("error", "detection failed", tick=tick, error=str(error)[-300:])
            raise
        log(
            "info", "tick done", tick=tick, rows_written=summary.rows_written,
            history_missing=summary.history_missing, signals=detected["signals"],
            collection_ms=round((collected - began) * 1000),
            detection_ms=round((time.time() - collected) * 1000),
        )  # fmt: skip

    async def fetch(self, request: Any) -> Any:
        """Answer with the state of the sources and the backlog, as JSON; `?tick=` adds its runs."""
        tick = parse_qs(urlsplit(str(request.url)).query).get("tick", ["0"])[0]
        body = await status(D1(self.env.DB), int(tick) if tick.isdecimal() else 0)
        return Response(body, headers={"content-type": "application/json"})
