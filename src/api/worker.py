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
from api.routes import ROUTES
from api.routing import Router
from common import settings
from common.errors import Problem, Retryable
from common.log import Logger
from common.platform import crypto
from common.platform.caches import Edge, Kv
from common.platform.d1 import D1
from common.platform.http import FetchTransport
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

    async def deliver(self) -> None:
        """Have the signals Worker send the webhook deliveries that are due."""
        await _ask("signals", self.env.SIGNALS.deliver())

    async def hub_status(self) -> None:
        """Ask the hub how it is."""
        await _ask("hub", self.env.HUB.getByName("main").status())

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
        raise Retryable(f"{part}: {error}") from None


async def _logged(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the answer is gone; what failed must be seen
        log("error", "work behind an answer failed", error=f"{type(error).__name__}: {error}")


async def serve(request: Incoming, env: Any, ctx: Any, principal: Principal | None) -> Any:
    """Answer a request of either entrypoint."""
    began = time.time()
    outside = Outside(request, env, ctx)
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
    return outgoing(answer, outside.later)


class Default(WorkerEntrypoint):
    """What the internet reaches, and the cron of payments whose end is not known."""

    async def scheduled(self, controller: Any, env: Any, ctx: Any) -> None:  # noqa: ARG002
        """Ask the facilitator what became of open payments."""
        env = self.env
        terms = read_terms(getattr(env, "X402", ""))
        if terms is not None:
            now = float(controller.scheduledTime) / 1000
            await reconcile(terms, partial(ask_facilitator, env), now, D1(env.DB), log)

    async def fetch(self, request: Any) -> Any:
        """Answer an HTTP request."""
        return await serve(incoming(request), self.env, self.ctx, None)


class Internal(WorkerEntrypoint):
    """What only a service binding reaches: the dashboard, on behalf of a visitor."""

    async def fetch(self, request: Any) -> Any:
        """Answer what the dashboard asks for somebody, or open its live stream."""
        if urlsplit(str(request.url)).path == "/live":
            return await self.env.HUB.getByName("main").fetch(request)
        got = incoming(request)
        acting = got.header("x-acting-user")
        who = from_session(acting) if acting else GUEST
        return await serve(got, self.env, self.ctx, who or GUEST)
