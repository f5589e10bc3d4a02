"""The API Worker: the public front door, and `Internal`, the dashboard's way in."""

import time
from collections.abc import Awaitable
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import httpx
from workers import WorkerEntrypoint

from api.gateway import Gateway
from api.identity.sessions import from_session
from api.limiter import Limiter as Limiter  # the Durable Object class that the config names
from api.payments.bearer import bearer
from api.payments.reconciling import reconcile
from api.payments.terms import read_terms
from api.principal import GUEST, Context, Load, Principal
from api.reads.report_made import make_due
from api.routes import ROUTES
from api.routing import Router
from common import settings
from common.errors import Problem, Retryable
from common.log import Logger
from common.platform import crypto, zones
from common.platform.caches import Edge, Kv
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from common.platform.objects import connect, with_headers
from common.platform.requests import Incoming, incoming, outgoing, read_body

log = Logger("api", time.time)
gateway = Gateway(Router(ROUTES), log)
CHALLENGES = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
BODY_SECONDS = 10.0
FACILITATOR_SECONDS = 20.0


class Outside(NamedTuple):
    """What requests need of the runtime (api.principal.Outside)."""

    request: Incoming
    env: Any
    ctx: Any
    opened: list[Any]

    def later(self, work: Awaitable[object]) -> None:
        """Finish `work` after the answer was sent."""
        self.ctx.waitUntil(_logged(work))

    def load(self) -> Load:
        """Return what this isolate answered so far."""
        mean = gateway.milliseconds / max(1, gateway.requests)
        return Load(gateway.requests, gateway.errors, mean)

    async def body(self, most_bytes: int) -> bytes | None:
        """Return the request's body, None when it is larger than that."""
        try:
            return await read_body(self.request, most_bytes, BODY_SECONDS)
        except TimeoutError:
            raise Problem(408, "body-too-slow", "The body did not arrive in time.") from None

    async def preview(self, spec: str) -> str:
        """Have the collection Worker try a FeedSpec; both are JSON."""
        return str(await _ask("collection", self.env.COLLECTION.preview(spec)))

    async def preview_rule(self, rule: str) -> str:
        """Have the signals Worker try a rule; both are JSON."""
        return str(await _ask("signals", self.env.SIGNALS.preview(rule)))

    async def declared_sources(self) -> str:
        """Have the collection Worker say what it knows of each source, as JSON."""
        return str(await _ask("collection", self.env.COLLECTION.sources()))

    async def replay(self, tick: int) -> str:
        """Have the collection Worker do a tick again from its raw bodies; the answer is JSON."""
        return str(await _ask("collection", self.env.COLLECTION.replay_for(tick)))

    async def deliver(self) -> None:
        """Have the signals Worker send the webhook deliveries that are due."""
        await _ask("signals", self.env.SIGNALS.deliver())

    async def hub_status(self) -> None:
        """Ask the hub how it is."""
        await _ask("hub", self.env.HUB.getByName("main").status())

    async def connections(self) -> int:
        """Ask the hub how many open pages and programs hang on it."""
        status = await _ask("hub", self.env.HUB.getByName("main").status())
        return int(status["connections"])

    async def open_live(self, shard: str, opening: str, upgrade: bool) -> None:
        """Open a live connection; it takes the place of the answer."""
        if self.request.method == "GET":  # else HEAD, or a read of a batch
            at = self.env.SHARD.getByName(shard)
            self.opened.append(await _ask("hub", connect(at, opening, upgrade)))

    async def keep_ticket(self, shard: str, ticket: str) -> None:
        """Have a shard of the hub keep a ticket."""
        await _ask("hub", self.env.SHARD.getByName(shard).keep_ticket(ticket))

    async def limiter(self, subject: str, request: str) -> str:
        """Ask the arbiter of `subject`'s limits; both are JSON."""
        return str(await _ask("limiter", self.env.LIMITER.getByName(subject).ask(request)))

    async def flooding(self, address: str) -> bool:
        """Whether the platform's own limiter says that `address` sends a flood."""
        try:
            return not (await self.env.FLOOD.limit({"key": address}))["success"]
        except Exception as error:  # noqa: BLE001 - it is a shield, not the arbiter
            log("warning", "the flood limiter does not answer", error=str(error))
            return False

    async def kv_get(self, key: str) -> str | None:
        """Return what KV holds, at most a minute late."""
        return await Kv(self.env.KV).get(key)

    async def kv_put(self, key: str, value: str, seconds: int) -> None:
        """Store in KV for `seconds`."""
        await Kv(self.env.KV).put(key, value, seconds)

    async def edge_get(self, key: str) -> str | None:
        """Return what the data centre's cache holds under `key`."""
        return await Edge().get(key)

    async def edge_put(self, key: str, value: str, seconds: int) -> None:
        """Keep in the data centre's cache for `seconds`."""
        await Edge().put(key, value, seconds)

    async def facilitator(self, facilitator: str, path: str, body: str) -> bytes:
        """POST JSON to the payment facilitator; return the answer's body, of any status."""
        return await ask_facilitator(self.env, facilitator, path, body)

    async def verify_challenge(self, form: dict[str, str]) -> bytes:
        """POST a form to Turnstile's siteverify; return the answer's body."""
        url = _standing_in(self.env, CHALLENGES)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        try:
            async with httpx.AsyncClient(transport=FetchTransport(), timeout=10.0) as client:
                answer = await client.post(url, content=urlencode(form), headers=headers)
        except httpx.HTTPError as error:
            raise Retryable(f"Turnstile: {error}") from None
        return answer.content

    def knows_zone(self, zone: str) -> bool:
        """Whether the runtime knows a time zone of that name."""
        return zones.known(zone)

    async def derive(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        """Return PBKDF2-HMAC-SHA256, 32 bytes."""
        return await crypto.pbkdf2_sha256(password, salt, iterations)

    async def sign_es256(self, jwk: str, message: bytes) -> bytes:
        """Return the raw r‖s signature (64 bytes) by a private JWK (JSON)."""
        return await crypto.sign_es256(jwk, message)

    async def verify_es256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON)."""
        return await crypto.verify_es256(jwk, message, signature)


async def ask_facilitator(env: Any, facilitator: str, path: str, body: str) -> bytes:
    """POST JSON to the payment facilitator, with its key if there is one. Raises Retryable."""
    url = _standing_in(env, facilitator) + path
    key = getattr(env, "FACILITATOR_KEY", "")
    headers = {"content-type": "application/json"}
    if key:
        # What stands in for a facilitator is not told by its name here: tokens name the real one.
        token = await bearer(key, "POST", facilitator + path, time.time(), crypto.sign_es256)
        headers["authorization"] = f"Bearer {token}"
    try:
        async with httpx.AsyncClient(
            transport=FetchTransport(), timeout=FACILITATOR_SECONDS
        ) as client:
            return (await client.post(url, content=body, headers=headers)).content
    except httpx.HTTPError as error:
        raise Retryable(f"facilitator: {type(error).__name__}") from None


def _standing_in(env: Any, url: str) -> str:
    """Return the address of a provider, or of what stands in for it here."""
    upstream = settings.read(env).upstream
    return url.replace("https:/", upstream, 1) if upstream else url


async def _ask(part: str, question: Awaitable[Any]) -> Any:
    """Return what another part answers. Raises Retryable: it may be back soon."""
    try:
        return await question
    except Exception as error:  # noqa: BLE001 - whatever the reason, it does not answer
        raise error if isinstance(error, Problem) else Retryable(f"{part}: {error}") from None


async def _logged(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the answer is gone; what failed must be seen
        log("error", "work behind an answer failed", error=f"{type(error).__name__}: {error}")


async def serve(request: Incoming, env: Any, ctx: Any, principal: Principal | None) -> Any:
    """Answer a request of either entrypoint."""
    began = time.time()
    outside = Outside(request, env, ctx, [])
    context = Context(
        # Answers are kept as long as nothing newer is stored: a replica may not know yet.
        open_database=lambda: D1(env.DB),
        setting=lambda name, default: getattr(env, name, default),
        now=began,
        outside=outside,
        address=lambda: request.header("cf-connecting-ip") or "local",
    )
    answer = await gateway.answer(request, context, principal)
    gateway.milliseconds += (time.time() - began) * 1000
    if outside.opened and answer.status < 300:
        return with_headers(outside.opened[0], answer.headers)
    return outgoing(answer, outside.later)


class Default(WorkerEntrypoint):
    """What the internet reaches, and the cron of what is due: payments, reports."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Ask the facilitator what became of open payments; make the reports that are due."""
        env, now = self.env, float(controller.scheduledTime) / 1000
        terms = read_terms(getattr(env, "X402", ""))
        try:
            if terms is not None:
                await reconcile(terms, partial(ask_facilitator, env), now, D1(env.DB), log)
        finally:
            await make_due(now, D1(env.DB), log)

    async def fetch(self, request: Any) -> Any:
        """Answer an HTTP request."""
        return await serve(incoming(request), self.env, self.ctx, None)


class Internal(WorkerEntrypoint):
    """What only a service binding reaches: the dashboard, on behalf of a visitor."""

    async def fetch(self, request: Any) -> Any:
        """Answer what the dashboard asks for somebody, or open its live stream."""
        got = incoming(request)
        parts = urlsplit(got.url)
        if parts.path in ("/live", "/live/events"):
            got = got._replace(url=parts._replace(path=f"/api/v1/dashboard{parts.path}").geturl())
        acting = got.header("x-acting-user")
        who = from_session(acting) if acting else GUEST
        return await serve(got, self.env, self.ctx, who or GUEST)
