"""Who asks, whether they may, how much they may, and whether they are to pay.

The usual request finds its key and its units leased in the isolate, and asks nobody.
"""

from api.identity.grant import Grant, check_place
from api.identity.leases import Identities
from api.limits.allowance import Allowances
from api.limits.refusals import Standing
from api.limits.watch import Watch, absorb_flood
from api.payments import counter
from api.permissions import admit
from api.principal import GUEST, Context, Principal, Request
from api.routing import CostClass, Route
from common.errors import Problem

CHALLENGE_PATH = "/api/v1/challenge"


class Course:
    """What became known of a request on its way: for its headers, and for the record."""

    __slots__ = ("due", "grant", "principal", "route", "standing")

    def __init__(self, principal: Principal | None) -> None:
        self.principal = principal
        self.grant: Grant | None = None
        self.route: Route | None = None
        self.standing: Standing | None = None
        self.due = 0  # atomic units that the answer costs


class Admission:
    """One per isolate."""

    def __init__(self, identities: Identities, allowances: Allowances, watch: Watch) -> None:
        self._identities = identities
        self._allowances = allowances
        self._watch = watch

    async def admit(
        self, request: Request, context: Context, course: Course, route: Route,
        names: dict[str, str] | None = None, query: str = "",
    ) -> Principal:  # fmt: skip
        """Return who asks, counted; `course.due` is what the answer costs.

        Without `names` the answer is known to be priced on no plan.

        Raises Problem 401, 403, 429, 503; 400 for a request that could not be sold.
        """
        now, setting = context.now, context.setting
        principal = course.principal
        if principal is None:
            principal = course.principal = await self._find(
                request, context, course, route, names, query
            )
        if names is not None and route.price is not None:
            course.due = counter.due(route, principal.plan, names, query, now, setting)
        sold = course.due > 0
        try:
            # Who pays for the work is not held to how much of it is free.
            await self._count(principal, context, course, "read" if sold else route.cost)
        except Problem as refused:
            course.due = counter.due_over_quota(course.due, route, principal, refused, setting)
            # The day's quota is spent, but not so many payments a minute are looked at.
            await self._count(GUEST, context, course, "read")
        if not sold:
            admit(principal, route.permission)
        return principal

    async def count_lost(self, request: Request, context: Context, course: Course) -> None:
        """Count a request that no route is for. Raises Problem 429."""
        _, grant = self._leased(request, context)
        asking = course.principal or (grant.principal if grant else GUEST)
        await self._count(asking, context, course, "read")

    async def _find(
        self, request: Request, context: Context, course: Course, route: Route,
        names: dict[str, str] | None, query: str,
    ) -> Principal:  # fmt: skip
        presented, grant = self._leased(request, context)
        if grant is None:
            if (
                presented is None
                and names is not None
                and counter.due(route, GUEST.plan, names, query, context.now, context.setting)
            ):
                await absorb_flood(context.address(), context.outside)
                return GUEST
            grant = await self._identify(presented, context, course, route)
        if grant is None:
            return GUEST
        course.grant = grant
        if grant.origins is not None or grant.addresses is not None:
            check_place(grant, request.header("origin"), context.address())
        return grant.principal

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
        if route.permission == "public" and not (route.knows_caller and presented):
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
