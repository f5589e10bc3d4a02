"""The collection Worker: a cron tick runs the pipeline and wakes the signals Worker."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
from workers import Response, WorkerEntrypoint

from collection.custom.fetching import GuardedFetch
from collection.custom.preview import preview
from collection.custom.registry import custom_sources
from collection.declared import declared
from collection.fetch import Fetcher
from collection.meters import Meters, RemoteMeter
from collection.overrides import overridden, switched
from collection.pipeline import Ports, Summary, collect, replay
from collection.source import Source
from collection.sources import SOURCES
from collection.status import last_tick, status
from collection.store.runs import memory, retire_sources
from common import settings
from common.log import Logger
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from common.platform.memory import memory_bytes
from common.platform.storage import R2Bucket

__all__ = ["Default", "Meters"]

AGENT = {"user-agent": "CryptoIntel/0.1 (+https://cryptointel.example)"}

log = Logger("data-collection", time.time)


class Default(WorkerEntrypoint):
    """Cron entry, and RPC for the API. No route leads here in production."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Run the tick of the cron's scheduled time, then its detection."""
        await self._run(int(controller.scheduledTime) // 60_000 * 60, again=False)

    async def replay(self, tick: int) -> dict[str, int]:
        """Fill the holes of `tick` from the raw bodies that were kept of it."""
        summary = await self._run(tick, again=True)
        return {"sources": len(summary.runs), "rows_written": summary.rows_written}

    async def replay_for(self, tick: int) -> str:
        """Replay a tick for an administrator, and say as JSON what it did."""
        return msgspec.json.encode(await self.replay(tick)).decode()

    async def sources(self) -> str:
        """Say of each source its budget, its breaker and what is due when, as JSON."""
        database = D1(self.env.DB)
        found, keys = await self._sources(settings.read(self.env), database)
        return declared(found, await memory(database), keys, int(time.time()))

    async def preview(self, spec: str) -> str:
        """Fetch a feed once and say what would be stored of it: JSON in, JSON out."""
        conf = settings.read(self.env)
        # Simulated data may be ahead of the wall clock; real data never is.
        now = max(int(time.time()), await last_tick(D1(self.env.DB)))
        async with _client(conf.request_seconds) as client:
            return await preview(spec, client, conf.upstream, now)

    async def fetch(self, request: Any) -> Any:
        """Answer with the state of the sources and the backlog, as JSON; `?tick=` adds its runs.

        POST /replay?tick=<epoch seconds> replays a tick.
        """
        parts = urlsplit(str(request.url))
        text = parse_qs(parts.query).get("tick", ["0"])[0]
        tick = int(text) if text.isdecimal() else 0
        if parts.path == "/replay" and str(request.method) == "POST" and tick:
            return Response.json(await self.replay(tick))
        body = await status(D1(self.env.DB), tick)
        headers = {"content-type": "application/json", "x-memory-bytes": str(memory_bytes())}
        return Response(body, headers=headers)

    async def _run(self, tick: int, again: bool) -> Summary:
        began = time.time()
        async with self._ports() as (sources, ports):
            await ports.database.batch(retire_sources(sources))
            summary = await (replay if again else collect)(tick, sources, ports)
        collected = time.time()
        try:
            detected = await self.env.SIGNALS.detect(tick)
        except Exception as error:
            # What was collected is stored; the next tick's detection starts from it.
            log("error", "detection failed", tick=tick, error=str(error)[-300:])
            raise
        log(
            "info", "tick replayed" if again else "tick done", tick=tick,
            rows_written=summary.rows_written, history_missing=summary.history_missing,
            signals=detected["signals"], memory_bytes=memory_bytes(),
            requests=sum(run.usage.requests for run in summary.runs),
            collection_ms=round((collected - began) * 1000),
            detection_ms=round((time.time() - collected) * 1000),
        )  # fmt: skip
        return summary

    @contextlib.asynccontextmanager
    async def _ports(self) -> AsyncIterator[tuple[list[Source], Ports]]:
        conf = settings.read(self.env)
        database = D1(self.env.DB)
        sources, keys = await self._sources(conf, database)
        async with _client(conf.request_seconds) as client:
            yield (
                sources,
                Ports(
                    database=database,
                    raw=R2Bucket(self.env.RAW),
                    fetch=Fetcher(client, asyncio.sleep, random.Random(), conf.upstream),  # noqa: S311
                    guarded=GuardedFetch(client, conf.upstream),
                    meter=RemoteMeter(self.env.METERS),
                    clock=time.time,
                    sleep=asyncio.sleep,
                    log=log,
                    settings=conf,
                    keys=keys,
                ),
            )

    async def _sources(
        self, conf: settings.Settings, database: D1
    ) -> tuple[list[Source], dict[str, str]]:
        """Return every source as it is switched, and the keys of those that have one."""
        ours = overridden(SOURCES, conf.source_overrides)
        sources = [*ours, *await custom_sources(database, log)]
        keys = {s.key_name: getattr(self.env, s.key_name, "") for s in sources if s.key_name}
        return await switched(sources, database), keys


def _client(seconds: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=FetchTransport(), timeout=seconds, headers=AGENT)
