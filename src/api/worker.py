"""The API Worker: the public front door, and `Internal`, the dashboard's way in."""

import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from workers import WorkerEntrypoint

from api.gateway import Gateway
from api.health import Load, health, read_facts
from api.identity import GUEST, Context, Principal
from api.routes import ROUTES
from api.routing import Router
from common import settings
from common.envelope import JSON, Answer
from common.errors import Retryable
from common.log import Logger
from common.platform.d1 import D1
from common.platform.requests import Incoming, incoming, outgoing

log = Logger("api", time.time)
gateway = Gateway(Router(ROUTES), log)


class Outside(NamedTuple):
    """What few requests need of the runtime (api.identity.Outside)."""

    request: Incoming
    env: Any

    async def body(self, most_bytes: int) -> bytes | None:
        """Return the request's body, None when it is larger than that."""
        length = self.request.header("content-length") or ""
        if length.isdecimal() and (len(length) > 18 or int(length) > most_bytes):
            return None
        stream = self.request.raw.body
        reader = stream.getReader() if stream else None
        body = bytearray()
        while reader is not None:
            step = await reader.read()
            if step.done:
                break
            body += step.value.to_bytes()
            if len(body) > most_bytes:
                await reader.cancel()
                return None
        return bytes(body)

    async def preview(self, spec: str) -> str:
        """Have the collection Worker try a FeedSpec; both are JSON. Raises Retryable."""
        try:
            return str(await self.env.COLLECTION.preview(spec))
        except Exception as error:  # noqa: BLE001 - a part that is down may be back soon
            raise Retryable(f"collection: {error}") from None

    async def preview_rule(self, rule: str) -> str:
        """Have the signals Worker try a rule; both are JSON. Raises Retryable."""
        try:
            return str(await self.env.SIGNALS.preview(rule))
        except Exception as error:  # noqa: BLE001 - a part that is down may be back soon
            raise Retryable(f"signals: {error}") from None


async def serve(request: Incoming, env: Any, principal: Principal | None) -> Any:
    """Answer a request of either entrypoint."""
    began = time.time()
    context = Context(
        open_database=lambda: D1(env.DB, "first-unconstrained"),
        setting=lambda name, default: getattr(env, name, default),
        now=began,
        outside=Outside(request, env),
    )
    answer = await gateway.answer(request, context, principal)
    gateway.milliseconds += (time.time() - began) * 1000
    return outgoing(answer)


class Default(WorkerEntrypoint):
    """What the internet reaches: an API key is asked for, except by /health."""

    async def fetch(self, request: Any) -> Any:
        """Answer an HTTP request."""
        got = incoming(request)
        # The cheap question first: parsing an address costs as much as a cached answer.
        if (
            "/health" in got.url
            and urlsplit(got.url).path.rstrip("/") == "/health"
            and got.method in ("GET", "HEAD")
        ):
            return await self._health()
        return await serve(got, self.env, None)

    async def _health(self) -> Any:
        now = time.time()
        facts = await read_facts(D1(self.env.DB), now)
        load = Load(
            gateway.requests, gateway.errors, gateway.milliseconds / max(1, gateway.requests)
        )
        live = settings.read(self.env).data_origin != "recorded"
        status, body = health(
            facts, await self._cache_answers(), await self._hub_answers(), load, now, live
        )
        headers = {"content-type": JSON, "cache-control": "no-store"}
        return outgoing(Answer(status, headers, body.decode()))

    async def _cache_answers(self) -> bool:
        try:
            await self.env.KV.get("config:health")
        except Exception as error:  # noqa: BLE001 - a part that is down is reported, not raised
            log("warning", "cache does not answer", error=str(error))
            return False
        return True

    async def _hub_answers(self) -> bool:
        try:
            await self.env.HUB.getByName("main").status()
        except Exception as error:  # noqa: BLE001 - a part that is down is reported, not raised
            log("warning", "hub does not answer", error=str(error))
            return False
        return True


class Internal(WorkerEntrypoint):
    """What only a service binding reaches: the dashboard, on behalf of a visitor."""

    async def fetch(self, request: Any) -> Any:
        """Answer a read of the dashboard, or open its live stream."""
        if urlsplit(str(request.url)).path == "/live":
            return await self.env.HUB.getByName("main").fetch(request)
        return await serve(incoming(request), self.env, GUEST)
