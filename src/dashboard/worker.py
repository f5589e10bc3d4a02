"""The dashboard Worker: sessions, and a browser's way to the API.

The pages themselves are static and served by the assets binding before this
code is asked (wrangler.dashboard.toml, run_worker_first).
"""

import contextlib
import secrets
import time
from typing import Any, NamedTuple

import httpx
from workers import WorkerEntrypoint

from common import settings
from common.envelope import failure, success
from common.errors import Problem, Retryable
from common.log import Logger
from common.platform import crypto
from common.platform.caches import Kv
from common.platform.cookies import with_cookies
from common.platform.d1 import D1
from common.platform.http import FetchTransport
from common.platform.requests import Incoming, incoming, on_behalf, outgoing, read_body
from dashboard import desk, sessions, web
from dashboard.visit import LONGEST_BODY, Reply, Visit

log = Logger("dashboard", time.time)
VIEWS = "/api/v1/dashboard/"
BODY_SECONDS = 10.0
PROVIDER_SECONDS = 10.0
ENDED_SECONDS = 60  # as short as KV takes
# What somebody who is not signed in may ask for.
LIVE = ("/live", "/live/events")
VISITORS = (
    VIEWS, "/api/v1/challenge", "/api/v1/auth/register", "/api/v1/me/flags", *LIVE,
)  # fmt: skip


class Tools(NamedTuple):
    """What requests about sessions need of the runtime (dashboard.visit.Tools)."""

    env: Any

    async def derive(self, password: bytes, salt: bytes, iterations: int) -> bytes:
        """Return PBKDF2-HMAC-SHA256, 32 bytes."""
        return await crypto.pbkdf2_sha256(password, salt, iterations)

    async def verify_es256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON)."""
        return await crypto.verify_es256(jwk, message, signature)

    async def verify_rs256(self, jwk: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (PKCS #1 v1.5, SHA-256) is by the key of a public JWK (JSON)."""
        return await crypto.verify_rs256(jwk, message, signature)

    async def ask(self, method: str, url: str, headers: dict[str, str], body: str) -> Reply:
        """Ask a provider of sign-ins, or what stands in for it here."""
        upstream = settings.read(self.env).upstream
        url = url.replace("https:/", upstream, 1) if upstream else url
        try:
            async with httpx.AsyncClient(
                transport=FetchTransport(), timeout=PROVIDER_SECONDS
            ) as client:
                answer = await client.request(method, url, headers=headers, content=body or None)
        except httpx.HTTPError as error:
            raise Retryable(f"provider of sign-ins: {type(error).__name__}") from None
        return Reply(answer.status_code, answer.content)

    async def note_session(self, user_id: str, note: str) -> None:
        """Keep KV's late view of a user's session; "" ends it."""
        seconds = sessions.ABSOLUTE_SECONDS if note else ENDED_SECONDS
        with contextlib.suppress(Retryable):  # a note of a session, and no session
            await Kv(self.env.KV).put(f"session:{user_id}", note or "{}", seconds)


class Default(WorkerEntrypoint):
    """What a browser talks to."""

    async def fetch(self, request: Any) -> Any:
        """Answer what is not a static file."""
        got = incoming(request)
        visit = _visit(got, self.env)
        try:
            answer = await self._answer(request, visit)
        except Problem as problem:
            answer = outgoing(failure(problem, secrets.token_hex(8)))
        except Exception as error:  # noqa: BLE001 - no traceback may reach a user
            request_id = secrets.token_hex(8)
            log("error", "request failed", request_id=request_id, error=str(error))
            unwell = Problem(502, "upstream", "A part of the system did not answer. Try again.")
            answer = outgoing(failure(unwell, request_id))
        return with_cookies(answer, visit.cookies)

    async def _answer(self, request: Any, visit: Visit) -> Any:
        path = visit.path
        if path in LIVE:
            web.require_own_socket(visit.url, visit.header("origin"))
            return await self._api(request, visit)
        if path.startswith("/api/"):
            return await self._api(request, visit)
        if path == "/session" or path.startswith("/session/"):
            await desk.find_session(visit)
            return outgoing(await desk.answer(visit))
        if path == "/health":
            return outgoing(success('"healthy"', time.time()))
        return await self.env.ASSETS.fetch(request)

    async def _api(self, request: Any, visit: Visit) -> Any:
        """Ask the API for whoever is signed in, or for a visitor, who may read the views."""
        changes = visit.method not in desk.READS
        if changes:
            web.require_same_origin(
                visit.url, visit.header("origin"), visit.header("x-requested-with")
            )
        await desk.find_session(visit)
        if visit.session is None and not visit.path.startswith(VISITORS):
            raise Problem(
                401 if changes else 403, "views-only",
                f"Visitors read {VIEWS}; sign in, or use the API with a key.",
            )  # fmt: skip
        if changes:
            desk.require_csrf(visit)
        if changes and visit.session is None:  # no token guards a visitor
            desk.require_own_page(visit)
        acting = visit.session.acting() if visit.session else None
        return await self.env.API.fetch(on_behalf(request, acting))


def _visit(got: Incoming, env: Any) -> Visit:
    async def read() -> bytes:
        try:
            body = await read_body(got, LONGEST_BODY, BODY_SECONDS)
        except TimeoutError:
            raise Problem(408, "body-too-slow", "The body did not arrive in time.") from None
        if body is None:
            raise Problem(413, "body-too-large", f"At most {LONGEST_BODY} bytes are read.")
        return body

    return Visit(
        got.method, got.url, got.header, read, D1(env.DB), time.time(),
        lambda name, default: getattr(env, name, default), Tools(env),
    )  # fmt: skip
