"""From a request to an answer: route, key, cache, handler, headers.

The usual request finds its key leased and its answer cached in the isolate
and makes no binding call at all: each would cost about as much as the rest.
"""

import hashlib
import re
import secrets
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, urlsplit

import msgspec

from api.identity import GUEST, Context, Keys, Principal
from api.routing import Reads, Result, Route, Router, read_body, read_request
from common.envelope import Answer, failure, success
from common.errors import Problem, Retryable
from common.log import Logger

FRESH_SECONDS = 2.0  # a tick's new data is visible at the latest then
MOST_ANSWERS = 2_000
MOST_CHARACTERS = 8_000_000  # of an isolate's 128 MB
AGES = re.compile(r'"age_seconds":-?[0-9]+')
LONGEST_URL = 8_192
MOST_BODY = 65_536  # bytes


class Request(Protocol):
    """What the gateway reads of a request."""

    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    def header(self, name: str) -> str | None:
        """Return one header, None when it is absent."""


class Cached(NamedTuple):
    """An answer that may be given again until `expires`."""

    expires: float
    etag: str
    answer: Answer


class Gateway:
    """One per isolate."""

    def __init__(self, router: Router, log: Logger) -> None:
        self._router = router
        self._log = log
        self._keys = Keys()
        self._answers: dict[str, Cached] = {}
        self._kept_characters = 0
        self.requests = 0
        self.errors = 0
        self.milliseconds = 0.0

    async def answer(
        self, request: Request, context: Context, principal: Principal | None = None
    ) -> Answer:
        """Answer `request`; `principal` is given when the caller is known by its binding."""
        request_id = secrets.token_hex(8)
        try:
            answer = await self._answer(request, context, principal)
        except Problem as problem:
            answer = failure(problem, request_id)
        except Exception as error:  # noqa: BLE001 - no traceback may reach a user
            expected = isinstance(error, Retryable)
            self._log(
                "error", "request failed", request_id=request_id,
                error=f"{type(error).__name__}: {error}",
            )  # fmt: skip
            answer = failure(
                Problem(503, "try-again", "The data store did not answer. Try again shortly.",
                        {"retry-after": "2"})
                if expected
                else Problem(500, "internal", "Something broke on our side; it has been logged."),
                request_id,
            )  # fmt: skip
        answer.headers["x-request-id"] = request_id
        answer.headers["x-content-type-options"] = "nosniff"
        self.requests += 1
        self.errors += answer.status >= 500
        return answer

    async def _answer(
        self, request: Request, context: Context, principal: Principal | None
    ) -> Answer:
        if principal is None:
            presented = request.header("authorization") or request.header("x-api-key")
            principal = await self._keys.check(presented, context)
        if request.method not in ("GET", "HEAD"):
            return await self._act(request, context, principal)
        cached = self._answers.get(request.url)
        if cached is None or cached.expires <= context.now:
            cached = await self._make(request.url, context, principal)
        if _knows(request.header("if-none-match"), cached.etag):
            return Answer(304, dict(cached.answer.headers), "")
        return Answer(200, dict(cached.answer.headers), cached.answer.body)

    async def _make(self, url: str, context: Context, principal: Principal) -> Cached:
        parts = _split(url)
        route, path = self._router.find(parts.path)
        _admit(principal, route)
        wanted = read_request(route, path, parts.query)
        result, answer = await _handle(route, wanted, context, principal)
        # Over what is said, not when: neither meta nor ages make it another answer.
        said = AGES.sub("", result.data).encode()
        etag = f'"{hashlib.blake2b(said, digest_size=12).hexdigest()}"'
        answer.headers["etag"] = etag
        # What is one caller's is asked for anew each time: an address does not say whose it is.
        how_long = "no-cache" if route.private else f"max-age={route.max_age}"
        answer.headers["cache-control"] = f"private, {how_long}"
        cached = Cached(context.now + FRESH_SECONDS, etag, answer)
        if not route.private:
            self._keep(url, cached)
        return cached

    async def _act(self, request: Request, context: Context, principal: Principal) -> Answer:
        """Answer a request that changes something, or brings a body: nothing of it is kept."""
        parts = _split(request.url)
        route, path = self._router.find(parts.path, request.method)
        _admit(principal, route)
        if route.method == "POST":
            if parts.query:
                raise Problem(400, "unknown-parameter", "Give the fields in the body, not here.")
            wanted = read_body(route, path, await _body(request, context))
        else:
            wanted = read_request(route, path, parts.query)
        _, answer = await _handle(route, wanted, context, principal)
        answer.headers["cache-control"] = "no-store"
        return answer

    def _keep(self, url: str, cached: Cached) -> None:
        size = len(cached.answer.body)
        if self._kept_characters + size > MOST_CHARACTERS or len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
            self._kept_characters = 0
        if size <= MOST_CHARACTERS:
            before = self._answers.get(url)
            self._kept_characters += size - (len(before.answer.body) if before else 0)
            self._answers[url] = cached


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL:
        raise Problem(
            414, "path-too-long",
            f"The address has {len(url)} characters; at most {LONGEST_URL} are read.",
        )  # fmt: skip
    return urlsplit(url)


def _admit(principal: Principal, route: Route) -> None:
    if principal == GUEST and (route.private or route.method != "GET"):
        raise Problem(403, "key-needed", "This is for holders of a key; guests have nothing here.")


async def _handle(
    route: Route, wanted: msgspec.Struct, context: Context, principal: Principal
) -> tuple[Result, Answer]:
    origin = context.setting("DATA_ORIGIN", "live")
    reads = Reads(context.open_database(), context.now, origin, principal, context.outside)
    result = await route.handler(wanted, reads)
    answer = success(result.data, context.now, {"origin": origin, **result.meta})
    answer.status = result.status
    return result, answer


async def _body(request: Request, context: Context) -> bytes:
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(
            415, "not-json", "Send JSON, with the header 'Content-Type: application/json'."
        )  # fmt: skip
    body = await context.outside.body(MOST_BODY) if context.outside else b""
    if body is None:
        raise Problem(413, "body-too-large", f"The body is over {MOST_BODY:,} bytes.")
    return body


def _knows(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header holds `etag` (RFC 9110, 13.1.2: weak comparison)."""
    if if_none_match is None or if_none_match == etag:
        return if_none_match == etag
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", etag) for tag in known)
