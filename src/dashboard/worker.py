"""The dashboard Worker: sessions, and a browser's way to the API.

The pages themselves are static and served by the assets binding before this
code is asked (wrangler.dashboard.toml, run_worker_first).
"""

import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec
from workers import WorkerEntrypoint

from common.envelope import Answer, failure, success
from common.errors import Problem
from common.log import Logger
from common.platform.crypto import pbkdf2_sha256
from common.platform.d1 import D1
from common.platform.requests import Incoming, incoming, on_behalf, outgoing, read_body
from dashboard import sessions, web

log = Logger("dashboard", time.time)
tries = sessions.Tries()
VIEWS = "/api/v1/dashboard/"
BODY_SECONDS = 10.0
VISITORS = (VIEWS, "/api/v1/challenge")  # what somebody who is not signed in may ask for


class Default(WorkerEntrypoint):
    """What a browser talks to."""

    async def fetch(self, request: Any) -> Any:
        """Answer what is not a static file."""
        got = incoming(request)
        try:
            path = urlsplit(got.url).path
            if path == "/live":
                web.require_own_socket(got.url, got.header("origin"))
                return await self.env.API.fetch(request)
            if path.startswith("/api/"):
                return await self._api(request, got)
            if path == "/session":
                return outgoing(await self._session(got))
            if path == "/health":
                return outgoing(success('"healthy"', time.time()))
            return await self.env.ASSETS.fetch(request)
        except Problem as problem:
            return outgoing(failure(problem, secrets.token_hex(8)))
        except Exception as error:  # noqa: BLE001 - no traceback may reach a user
            request_id = secrets.token_hex(8)
            log("error", "request failed", request_id=request_id, error=str(error))
            unwell = Problem(502, "upstream", "A part of the system did not answer. Try again.")
            return outgoing(failure(unwell, request_id))

    async def _api(self, request: Any, got: Incoming) -> Any:
        """Ask the API for whoever is signed in, or for a visitor, who may read the views."""
        path = urlsplit(got.url).path
        changes = got.method not in ("GET", "HEAD")
        if changes:
            web.require_same_origin(got.url, got.header("origin"), got.header("x-requested-with"))
        token = web.read_cookie(got.url, got.header("cookie"))
        user = await sessions.find(token, D1(self.env.DB), time.time())
        if user is None and not path.startswith(VISITORS):
            raise Problem(
                401 if changes else 403, "views-only",
                f"Visitors read {VIEWS}; sign in, or use the API with a key.",
            )  # fmt: skip
        acting = user.acting() if user else None
        return await self.env.API.fetch(on_behalf(request, acting))

    async def _session(self, got: Incoming) -> Answer:
        now, database = time.time(), D1(self.env.DB)
        token = web.read_cookie(got.url, got.header("cookie"))
        if got.method == "GET":
            return _who(await sessions.find(token, database, now), now)
        web.require_same_origin(got.url, got.header("origin"), got.header("x-requested-with"))
        if got.method == "DELETE":
            await sessions.sign_out(token, database)
            answer = _who(None, now)
            answer.headers["set-cookie"] = web.set_cookie(got.url, "")
            return answer
        if got.method != "POST":
            raise Problem(
                405, "method-not-allowed", "Use GET, POST or DELETE.",
                {"allow": "GET, POST, DELETE"},
            )  # fmt: skip
        return await self._sign_in(got, database, now)

    async def _sign_in(self, got: Incoming, database: D1, now: float) -> Answer:
        try:
            body = await read_body(got, sessions.LONGEST_BODY, BODY_SECONDS)
        except TimeoutError:
            raise Problem(408, "body-too-slow", "The body did not arrive in time.") from None
        if body is None:
            raise Problem(413, "body-too-large", f"At most {sessions.LONGEST_BODY} bytes are read.")
        given = sessions.read_credentials(body.decode("utf-8", "replace"))
        address = got.header("cf-connecting-ip") or "local"
        tries.check(given.email, address, now)
        pepper = getattr(self.env, "PASSWORD_PEPPER", "")
        try:
            user, token = await sessions.sign_in(given, database, pbkdf2_sha256, pepper, now)
        except Problem:
            tries.wrong(given.email, address, now)
            raise
        await self.env.KV.put(
            f"session:{user.user_id}",
            msgspec.json.encode({"since": int(now), "role": user.role}).decode(),
            expirationTtl=sessions.SECONDS,
        )
        answer = _who(user, now)
        answer.headers["set-cookie"] = web.set_cookie(got.url, token)
        return answer


def _who(user: sessions.User | None, now: float) -> Answer:
    known = {"email": user.email, "role": user.role} if user else None
    answer = success(msgspec.json.encode({"user": known}).decode(), now)
    answer.headers["cache-control"] = "no-store"
    return answer
