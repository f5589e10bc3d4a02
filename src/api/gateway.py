"""From a request to an answer: route, key, cache, handler, headers.

The usual request finds its key leased and its answer cached in the isolate
and makes no binding call at all: each would cost about as much as the rest.
"""

import hashlib
import re
import secrets
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from api.identity import Context, Keys, Principal
from api.routing import Reads, Router, read_request
from common.envelope import Answer, failure, success
from common.errors import Problem, Retryable
from common.log import Logger

FRESH_SECONDS = 2.0  # a tick's new data is visible at the latest then
MOST_ANSWERS = 2_000
MOST_CHARACTERS = 8_000_000  # of an isolate's 128 MB
AGES = re.compile(r'"age_seconds":-?[0-9]+')
LONGEST_URL = 8_192


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
        method = request.method
        if method not in ("GET", "HEAD"):
            raise Problem(
                405, "method-not-allowed", f"{method[:20]} is not possible here; use GET.",
                {"allow": "GET, HEAD"},
            )  # fmt: skip
        if principal is None:
            presented = request.header("authorization") or request.header("x-api-key")
            await self._keys.check(presented, context)
        cached = self._answers.get(request.url)
        if cached is None or cached.expires <= context.now:
            cached = await self._make(request.url, context)
        if _knows(request.header("if-none-match"), cached.etag):
            return Answer(304, dict(cached.answer.headers), "")
        return Answer(200, dict(cached.answer.headers), cached.answer.body)

    async def _make(self, url: str, context: Context) -> Cached:
        if len(url) > LONGEST_URL:
            raise Problem(
                414, "path-too-long",
                f"The address has {len(url)} characters; at most {LONGEST_URL} are read.",
            )  # fmt: skip
        parts = urlsplit(url)
        route, path = self._router.find(parts.path)
        wanted = read_request(route, path, parts.query)
        origin = context.setting("DATA_ORIGIN", "live")
        reads = Reads(context.open_database(), context.now, origin)
        result = await route.handler(wanted, reads)
        answer = success(result.data, context.now, {"origin": origin, **result.meta})
        # Over what is said, not when: neither meta nor ages make it another answer.
        said = AGES.sub("", result.data).encode()
        etag = f'"{hashlib.blake2b(said, digest_size=12).hexdigest()}"'
        answer.headers["etag"] = etag
        answer.headers["cache-control"] = f"private, max-age={route.max_age}"
        cached = Cached(context.now + FRESH_SECONDS, etag, answer)
        self._keep(url, cached)
        return cached

    def _keep(self, url: str, cached: Cached) -> None:
        size = len(cached.answer.body)
        if self._kept_characters + size > MOST_CHARACTERS or len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
            self._kept_characters = 0
        if size <= MOST_CHARACTERS:
            before = self._answers.get(url)
            self._kept_characters += size - (len(before.answer.body) if before else 0)
            self._answers[url] = cached


def _knows(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header holds `etag` (RFC 9110, 13.1.2: weak comparison)."""
    if if_none_match is None or if_none_match == etag:
        return if_none_match == etag
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", etag) for tag in known)
