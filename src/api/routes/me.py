"""/me: the caller's own account, what it used, everything that is stored of it, and its end."""

from typing import Annotated

import msgspec

from api.identity import accounts, owned
from api.limits.plans import PLANS
from api.permissions import GRANTED
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.me import Erased, Export, Me, Usage
from common.database import Statement
from common.errors import Problem

DAY = 86_400

ACCOUNT = """
SELECT json_object('user_id', user_id, 'email', email, 'role', role, 'plan', plan,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'permissions', json(?2), 'credential', json(?3))
FROM users WHERE user_id = ?1 AND disabled_at IS NULL
"""
USAGE = """
SELECT json_object('quota', json_set(?4, '$.requests_today',
    (SELECT coalesce(sum(requests), 0) FROM user_analytics
      WHERE user_id = ?1 AND timestamp >= ?3)),
  'rows', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('day', strftime('%Y-%m-%d', timestamp, 'unixepoch'), 'endpoint', endpoint,
      'requests', sum(requests), 'errors', sum(errors)) AS item
    FROM user_analytics WHERE user_id = ?1 AND timestamp >= ?2
    GROUP BY CAST(timestamp / 86400 AS INTEGER), endpoint
    ORDER BY CAST(timestamp / 86400 AS INTEGER) DESC, sum(requests) DESC, endpoint)))
"""


class NothingRequest(msgspec.Struct):
    """No parameters."""


class UsageRequest(msgspec.Struct):
    """`days`: how many UTC days, today included."""

    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7


class EraseRequest(msgspec.Struct):
    """`password`: again, so that nobody erases an account with a key that was found."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


async def account(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's account and what it may do with this credential. Raises Problem 404."""
    who = reads.principal
    may = GRANTED.get(who.role, frozenset())
    if who.scopes is not None:
        may &= who.scopes
    credential = {"kind": who.kind, "id": who.credential or None}
    values = (who.user_id, _json(sorted(may)), _json(credential))
    found = await reads.database.text(Statement(ACCOUNT, values))
    if found is None:
        raise Problem(404, "no-such-account", "This account is no longer there.")
    return Result(found)


async def usage(request: UsageRequest, reads: Reads) -> Result:
    """Return what the caller used, by UTC day and endpoint, beside what its plan allows."""
    plan = PLANS.get(reads.principal.plan, PLANS["free"])
    quota = {
        "plan": reads.principal.plan,
        "per_minute": {
            "read": plan.read, "heavy": plan.heavy, "write": plan.write, "login": plan.login,
        },
        "per_day": plan.per_day,
    }  # fmt: skip
    today = int(reads.now) // DAY * DAY
    first = today - (request.days - 1) * DAY
    values = (reads.principal.user_id, first, today, _json(quota))
    return Result(await reads.database.text(Statement(USAGE, values)) or "null")


async def export(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return everything that the caller owns."""
    return Result(await owned.export(reads.principal.user_id, reads.database))


async def erase(request: EraseRequest, reads: Reads) -> Result:
    """Erase the account and everything it owns. Raises Problem 403 for a wrong password."""
    user_id = reads.principal.user_id
    pepper = reads.setting("PASSWORD_PEPPER", "")
    if not await accounts.knows_password(
        user_id, request.password, pepper, reads.outside, reads.database
    ):
        raise Problem(403, "wrong-password", "This is not the password of the account.")
    await owned.erase(user_id, reads.now, reads.database)
    # The dashboard's note of the session (no credential): what KV has is replaced and soon gone.
    reads.outside.later(reads.outside.kv_put(f"session:{user_id}", "{}", 60))
    return Result(_json({"erased": True, "stays": owned.STAYS}))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


ROUTES = (
    Route(
        path="/api/v1/me",
        summary="Your account, and what you may do with this credential",
        request=NothingRequest, handler=account, permission="account:read", cache=PRIVATE,
        answers=Me, problems=("no-such-account",),
    ),
    Route(
        path="/api/v1/me/usage",
        summary="What you used, by day and endpoint, beside what your plan allows",
        request=UsageRequest, handler=usage, permission="account:read", cache=PRIVATE,
        answers=Usage, example={"days": 7},
    ),
    Route(
        path="/api/v1/me/export",
        summary="Everything that is stored of you, as one JSON document",
        description="Needs account:write, which no app can be given.",
        request=NothingRequest, handler=export, permission="account:write", cost="heavy",
        cache=PRIVATE, answers=Export,
    ),
    Route(
        path="/api/v1/me", method="DELETE", body="json", cost="login",
        summary="Erase your account and everything it owns, at once and for good",
        request=EraseRequest, handler=erase, permission="account:write", cache=PRIVATE,
        answers=Erased, problems=("wrong-password",), example={"password": "correct horse battery"},
    ),
)  # fmt: skip
