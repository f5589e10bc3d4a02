"""From a request to an answer: route, key, limit, cache, handler, headers.

The usual request finds its key and units leased and its answer kept in the
isolate, and makes no binding call at all: each would cost about as much as
the rest of it. What it leaves behind (usage, the freshness of the data) is
done after the answer.
"""

import secrets

from api import cross_origin
from api.cache import Answers
from api.freshness import Freshness
from api.identity.grant import key_digest
from api.identity.leases import Grant, Identities, check_place
from api.kept import knows
from api.limits.allowance import Allowances
from api.limits.refusals import Standing, headers
from api.limits.watch import Watch, absorb_flood
from api.making import Call, Inner, Maker, path_of, split
from api.permissions import admit
from api.principal import GUEST, Context, Principal, Request
from api.routing import CostClass, Route, Router
from api.usage import Usage
from common.envelope import Answer, failure
from common.errors import Problem, Retryable
from common.log import Logger

READS = ("GET", "HEAD")
CHALLENGE_PATH = "/api/v1/challenge"
# What may end a credential: it ends at once here, and elsewhere when its lease does.
ENDING = ("keys:write", "account:write", "apps:write")
ENDING_TOKENS = ("/oauth/revoke", "/api/v1/auth/logout")


class Course:
    """What became known of a request on its way: for its headers, and for the record."""

    __slots__ = ("grant", "principal", "route", "standing")

    def __init__(self, principal: Principal | None) -> None:
        self.principal = principal
        self.grant: Grant | None = None
        self.route: Route | None = None
        self.standing: Standing | None = None


class Gateway:
    """One per isolate."""

    def __init__(self, router: Router, log: Logger) -> None:
        self._router = router
        self._log = log
        self._freshness = Freshness()
        self._answers = Answers(self._freshness)
        self._maker = Maker(self._answers, self._freshness, log)
        self._identities = Identities()
        self._allowances = Allowances()
        self._watch = Watch()
        self._usage = Usage()
        self.requests = 0
        self.errors = 0
        self.milliseconds = 0.0

    async def answer(
        self, request: Request, context: Context, principal: Principal | None = None
    ) -> Answer:
        """Answer `request`; `principal` is given when the caller is known by its binding."""
        request_id = secrets.token_hex(8)
        course = Course(principal)
        try:
            answer = await self._answer(request, context, course)
        except Problem as problem:
            answer = failure(problem, request_id)
        except Exception as error:  # noqa: BLE001 - no traceback may reach a user
            answer = failure(self._fault(error, request_id), request_id)
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
        if kept is not None:
            course.route = kept.route
            await self._admit(request, context, course, kept.route)
            answer = self._maker.again(kept, context.now, context.outside)
            self._freshness.refresh_behind(context.now, context.open_database, context.outside)
        else:
            answer = await self._make(request, target, context, course)
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
            _, grant = self._leased(request, context)
            asking = course.principal or (grant.principal if grant else GUEST)
            await self._count(asking, context, course, "read")
            raise
        principal = await self._admit(request, context, course, course.route)

        async def ask(
            target: str, *, method: str = "GET", sent: bytes = b"", payment: str | None = None
        ) -> Answer:
            inner = Inner(request, target, method, sent, payment)
            return await self._ask(inner, context, principal)

        call = Call(request, course.route, names, parts.query, principal, context, ask)
        if request.method in READS and course.route.cache.shared:
            return await self._maker.shared(call, target)
        answer = await self._maker.own(call)
        if answer.status < 400 and course.route.permission in ENDING:
            self._identities.forget(user_id=principal.user_id)
        elif answer.status < 400 and course.route.path in ENDING_TOKENS:
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

    async def _admit(
        self, request: Request, context: Context, course: Course, route: Route
    ) -> Principal:
        """Find out who asks, whether they may, and count it. Raises Problem 401, 403, 429, 503."""
        principal = course.principal
        if principal is None:
            presented, grant = self._leased(request, context)
            if grant is None:
                grant = await self._identify(presented, context, course, route)
            if grant is not None:
                course.grant = grant
                if grant.origins is not None or grant.addresses is not None:
                    check_place(grant, request.header("origin"), context.address())
            principal = course.principal = grant.principal if grant else GUEST
        await self._count(principal, context, course, route.cost)
        admit(principal, route.permission)
        return principal

    def _leased(self, request: Request, context: Context) -> tuple[str | None, Grant | None]:
        """Return the credential that is presented, and its grant if it is leased here."""
        presented = request.header("authorization") or request.header("x-api-key")
        return presented, self._identities.known(presented, context.now) if presented else None

    async def _count(
        self, principal: Principal, context: Context, course: Course, cost: CostClass
    ) -> None:
        address = context.address() if principal.plan == "guest" else ""
        course.standing = self._allowances.take(principal, address, cost, context.now)
        if course.standing is None:
            course.standing = await self._allowances.ask(
                principal, address, cost, context.now, 1, context.outside
            )

    async def _identify(
        self, presented: str | None, context: Context, course: Course, route: Route
    ) -> Grant | None:
        """Return who presents a credential that is not leased here, None for a guest."""
        address = context.address()
        await absorb_flood(address, context.outside)
        # Public routes need no credential; OAuth's read the header themselves.
        if route.permission == "public":
            if route.cost == "login" and route.path != CHALLENGE_PATH:
                self._admit_unknown(address, context)
            return None
        if presented is None:
            self._admit_unknown(address, context)
        try:
            return await self._identities.check(presented, context)
        except Problem as problem:
            # Guessing is counted by the address that it comes from, and only when it was one:
            # nobody may lock out the good keys of an address that is shared.
            await self._count(GUEST, context, course, route.cost)
            if problem.kind == "credential-invalid":
                self._admit_unknown(address, context)
            raise

    def _admit_unknown(self, address: str, context: Context) -> None:
        dashboard = context.setting("DASHBOARD_URL", "")
        self._watch.admit(address, context.now, context.outside, dashboard)

    def _finish(self, answer: Answer, request: Request, context: Context, course: Course) -> None:
        """Add the headers that every answer has, and note what is written behind it."""
        answer.headers["x-content-type-options"] = "nosniff"
        if course.standing is not None:
            answer.headers.update(headers(course.standing))
        grant, route, principal = course.grant, course.route, course.principal
        failed = answer.status >= 400
        public = route is not None and route.permission == "public"
        if failed and (principal is None or principal.kind == "guest"):
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
