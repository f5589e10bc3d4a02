"""/admin/flags: what is switched on for whom; /me/flags: what is on for the caller."""

from typing import Annotated

import msgspec

from api.admin import audit, flags
from api.admin.flags import MOST_FLAGS
from api.identity.step_up import require_proof
from api.identity.texts import as_json, set_as_json
from api.objects.fields import NothingRequest
from api.permissions import Role
from api.routes.admin_users import UserId
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.admin import FeatureFlag, FlagName, OwnFlags, RemovedFlag, Share
from common.database import Statement
from common.errors import Problem
from common.texts import ONE_LINE


class FlagFields(msgspec.Struct):
    """A flag whole. `roles` null: for every role; `users` have it whatever the share says."""

    flag: FlagName
    enabled: bool
    rollout_percent: Share
    description: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=ONE_LINE)]
    roles: Annotated[list[Role], msgspec.Meta(min_length=1, max_length=10)] | None = None
    users: Annotated[list[UserId], msgspec.Meta(max_length=50)] = []


class FlagRequest(msgspec.Struct):
    """`flag`: its name."""

    flag: FlagName


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return every flag."""
    return Result(await reads.database.text(Statement(flags.LIST)) or "[]")


async def put(request: FlagFields, reads: Reads) -> Result:
    """Make or replace a flag and return it. Raises Problem 403, 409 when there are too many."""
    require_proof(reads.principal, reads.now)
    head = audit.head(reads)
    roles = None if request.roles is None else set_as_json(request.roles)
    users = set_as_json(request.users)
    rules = {"enabled": request.enabled, "rollout_percent": request.rollout_percent,
             "roles": request.roles, "users": request.users}  # fmt: skip
    values = (
        request.flag, MOST_FLAGS, request.enabled, request.rollout_percent, roles, users,
        request.description, head[0],
    )  # fmt: skip
    told = await reads.database.texts([
        Statement(flags.AUDIT_PUT, (request.flag, MOST_FLAGS, as_json(rules), *head)),
        Statement(flags.PUT, values),
        Statement(flags.GET, (request.flag,)),
    ])  # fmt: skip
    if told[-1] is None:
        raise Problem(409, "flag-limit", f"There are {MOST_FLAGS} flags; remove one first.")
    reads.outside.later(flags.share(request.flag, as_json(rules), reads))
    return Result(told[-1])


async def remove(request: FlagRequest, reads: Reads) -> Result:
    """Remove a flag: what it stood for is off for everybody. Raises Problem 403, 404."""
    require_proof(reads.principal, reads.now)
    told = await reads.database.texts([
        Statement(flags.GET, (request.flag,)),
        Statement(flags.AUDIT_DELETE, (request.flag, *audit.head(reads))),
        Statement(flags.DELETE, (request.flag,)),
    ])  # fmt: skip
    if told[0] is None:
        raise Problem(404, "no-such-flag", "There is no flag of this name.")
    reads.outside.later(flags.share(request.flag, None, reads))
    return Result(as_json({"flag": request.flag}))


async def flags_of_caller(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return which features are switched on for the caller; visitors are one caller."""
    return Result(as_json({"flags": await flags.all_of(reads.principal, reads.database)}))


EXAMPLE = {
    "flag": "notebook", "enabled": True, "rollout_percent": 25,
    "description": "The notebook: Python in the browser",
}  # fmt: skip
ROUTES = (
    Route(
        path="/api/v1/admin/flags", summary="Every feature flag",
        request=NothingRequest, handler=listed, permission="admin:read", cache=PRIVATE,
        answers=list[FeatureFlag],
    ),
    Route(
        path="/api/v1/admin/flags/{flag}", method="PUT", cost="write",
        summary="Make or replace a feature flag: on or off, for whom, for which share of them",
        description="A user who has a feature at one share has it at every larger one.",
        request=FlagFields, handler=put, permission="admin:write", cache=PRIVATE,
        answers=FeatureFlag, problems=("step-up-required", "flag-limit"), example=EXAMPLE,
    ),
    Route(
        path="/api/v1/admin/flags/{flag}", method="DELETE", body="json", cost="write",
        summary="Remove a feature flag: it is off for everybody",
        request=FlagRequest, handler=remove, permission="admin:write", cache=PRIVATE,
        answers=RemovedFlag, problems=("step-up-required", "no-such-flag"),
        example={"flag": "notebook"},
    ),
    Route(
        path="/api/v1/me/flags", summary="Which features are switched on for you",
        request=NothingRequest, handler=flags_of_caller, permission="dashboard:read", cost="view",
        cache=PRIVATE, answers=OwnFlags,
    ),
)  # fmt: skip
