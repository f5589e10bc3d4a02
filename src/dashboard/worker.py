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
from common.platform.requests import Incoming, incoming, outgoing
from dashboard import sessions, web

log = Logger("dashboard", time.time)
tries = sessions.Tries()
VIEWS = "/api/v1/dashboard/"  # what a visitor without a key may read


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
        if got.method not in ("GET", "HEAD"):
            raise Problem(405, "method-not-allowed", "The dashboard only reads.", {"allow": "GET"})
        if not urlsplit(got.url).path.startswith(VIEWS):
            raise Problem(
                403, "views-only", f"Visitors read {VIEWS}; for the rest use the API with a key."
            )
        return await self.env.API.fetch(request)

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
        given = sessions.read_credentials(str(await got.raw.text()))
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
