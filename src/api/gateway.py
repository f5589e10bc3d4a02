"""From a request to an answer: route, key, limit, cache, handler, headers.

The usual request finds its key and units leased and its answer kept in the
isolate, and makes no binding call at all: each would cost about as much as
the rest of it. What it leaves behind (usage, the freshness of the data) is
done after the answer.
"""

import secrets

from api import cross_origin
from api.admission import Admission, Course
from api.cache import Answers
from api.freshness import Freshness
from api.identity.grant import key_digest
from api.identity.leases import Identities
from api.identity.oauth_answers import failure_of
from api.kept import knows
from api.limits.allowance import Allowances
from api.limits.refusals import headers
from api.limits.watch import Watch
from api.making import Call, Inner, Maker, path_of, split
from api.payments import counter
from api.payments.till import sell
from api.principal import Context, Principal, Request
from api.routing import Router
from api.usage import Usage
from common.envelope import Answer, failure
from common.errors import Problem, Retryable
from common.log import Logger

READS = ("GET", "HEAD")
# What may end a credential: it ends at once here, and elsewhere when its lease does.
ENDING = ("keys:write", "account:write", "apps:write")
ENDING_TOKENS = ("/oauth/revoke", "/api/v1/auth/logout")


class Gateway:
    """One per isolate."""

    def __init__(self, router: Router, log: Logger) -> None:
        self._router = router
        self._log = log
        self._freshness = Freshness()
        self._answers = Answers(self._freshness)
        self._maker = Maker(self._answers, self._freshness, log)
        self._identities = Identities()
        self._watch = Watch()
        self._admission = Admission(self._identities, Allowances(), self._watch)
        self._usage = Usage()
        self.requests = 0
        self.errors = 0
        self.milliseconds = 0.0

    async def answer(
        self, request: Request, context: Context, principal: Principal | None = None
    ) -> Answer:
        """Answer `request`; `principal` is given when the caller is known by its binding."""
        request_id = secrets.token_hex(8)
        context = context._replace(request_id=request_id)
        course = Course(principal)
        try:
            answer = await self._answer(request, context, course)
        except Problem as problem:
            answer = failure_of(problem, request_id, course.route)
        except Exception as error:  # noqa: BLE001 - no traceback may reach a user
            answer = failure_of(self._fault(error, request_id), request_id, course.route)
        self._finish(answer, request, context, course)
        answer.headers["x-request-id"] = request_id
        self.requests += 1
        self.errors += answer.status >= 500
        return answer

    async def _answer(self, request: Request, context: Context, course: Course) -> Answer:
        method = request.method
        if method == "OPTIONS":
            return cross_origin.preflight()
        target = request.url[request.url.find("/", 8) :]
        kept = self._answers.hot(target, context.now) if method in READS else None
        if kept is not None and kept.priced:
            kept = None  # it takes the longer way, past the till
        if kept is not None:
            course.route = kept.route
            await self._admission.admit(request, context, course, kept.route)
            if course.due:
                kept = None
        if kept is None:
            answer = await self._make(request, target, context, course)
        else:
            answer = self._maker.again(kept, context.now, context.outside)
            self._freshness.refresh_behind(context.now, context.open_database, context.outside)
        if method in READS:
            etag = answer.headers.get("etag")
            if etag and answer.status == 200 and knows(request.header("if-none-match"), etag):
                return Answer(304, answer.headers, "")
            if method == "HEAD":
                answer.body = ""
        return answer

    async def _make(
        self, request: Request, target: str, context: Context, course: Course
    ) -> Answer:
        parts = split(target)
        try:
            course.route, names = self._router.find(parts.path, request.method)
        except Problem:
            await self._admission.count_lost(request, context, course)
            raise
        route = course.route
        principal = await self._admission.admit(request, context, course, route, names, parts.query)

        async def ask(
            target: str, *, method: str = "GET", sent: bytes = b"", payment: str | None = None
        ) -> Answer:
            inner = Inner(request, target, method, sent, payment)
            return await self._ask(inner, context, principal)

        origins = course.grant.origins if course.grant else None
        call = Call(request, route, names, parts.query, principal, context, ask, origins)
        if course.due:
            sale = counter.sale_of(call, target, course.due)
            return await sell(sale, request, context, lambda: self._work(call, target))
        return await self._work(call, target)

    async def _work(self, call: Call, target: str) -> Answer:
        """Make the answer, or find it."""
        route = call.route
        if call.request.method in READS and route.cache.shared:
            return await self._maker.shared(call, target)
        answer = await self._maker.own(call)
        if answer.status < 400 and route.permission in ENDING:
            self._identities.forget(user_id=call.principal.user_id)
        elif answer.status < 400 and route.path in ENDING_TOKENS:
            self._identities.forget_tokens()
        return answer

    async def _ask(self, inner: Inner, context: Context, principal: Principal) -> Answer:
        """Answer what a caller asks for within another request, counted like any other."""
        try:
            return await self._make(inner, inner.url, context, Course(principal))
        except Problem as problem:
            return failure(problem, "")
        except Exception as error:  # noqa: BLE001 - one read's fault is not the others'
            request_id = secrets.token_hex(8)
            return failure(self._fault(error, request_id), request_id)

    def _finish(self, answer: Answer, request: Request, context: Context, course: Course) -> None:
        """Add the headers that every answer has, and note what is written behind it."""
        answer.headers["x-content-type-options"] = "nosniff"
        if course.standing is not None:
            answer.headers.update(headers(course.standing))
        grant, route, principal = course.grant, course.route, course.principal
        failed = answer.status >= 400
        public = route is not None and route.permission == "public"
        if (failed or course.due) and (principal is None or principal.kind == "guest"):
            # To a page without a credential it says nothing of anybody, and what to do.
            public = public or not (request.header("authorization") or request.header("x-api-key"))
        if public or (grant is not None and grant.origins):
            cross_origin.allow(answer, grant, public, request.header("origin"))
        if principal is None or principal.kind == "guest":
            if failed:
                presented = request.header("authorization") or request.header("x-api-key")
                self._watch.note(
                    context.address(), answer.status, path_of(request.url),
                    key_digest(presented) if presented else "", context.now, context.outside,
                )  # fmt: skip
        elif route is not None:
            if grant is not None:
                self._identities.note_used(grant, context.now)
            first = self._usage.note(
                principal.user_id, principal.credential, f"{route.method} {route.path}", failed,
                context.now,
            )  # fmt: skip
            if first:
                database, used = context.open_database(), self._identities.used
                context.outside.later(self._usage.flush_soon(database, context.now, used))

    def _fault(self, error: Exception, request_id: str) -> Problem:
        self._log(
            "error", "request failed", request_id=request_id,
            error=f"{type(error).__name__}: {error}",
        )  # fmt: skip
        if isinstance(error, Retryable):
            return Problem(
                503, "try-again", "A part of the system did not answer. Try again shortly.",
                {"retry-after": "2"},
            )  # fmt: skip
        return Problem(500, "internal", "Something broke on our side; it has been logged.")
