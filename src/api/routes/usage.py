"""What a caller used, and what its plan allows."""

from typing import Annotated

import msgspec

from api.limits.plans import PLANS
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.me import Usage
from common.database import Statement

DAY = 86_400
Days = Annotated[int, msgspec.Meta(ge=1, le=90)]

# Of the caller ?1 alone, from the second ?2 on; ?3 the first one of today; ?4 what the plan allows.
USAGE = """
SELECT json_object('quota', json_set(?4, '$.requests_today',
    (SELECT coalesce(sum(requests), 0) FROM user_analytics
      WHERE user_id = ?1 AND timestamp >= ?3)),
  'rows', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('day', date(timestamp, 'unixepoch'), 'endpoint', endpoint,
      'requests', sum(requests), 'errors', sum(errors)) AS item
    FROM user_analytics WHERE user_id = ?1 AND timestamp >= ?2
    GROUP BY date(timestamp, 'unixepoch'), endpoint
    ORDER BY date(timestamp, 'unixepoch') DESC, sum(requests) DESC, endpoint)))
"""


class DaysRequest(msgspec.Struct):
    """`days`: how many UTC days to look back, today included."""

    days: Days = 7


async def usage(request: DaysRequest, reads: Reads) -> Result:
    """Return what the caller used, by UTC day and endpoint, beside what its plan allows.

    It is counted some seconds late.
    """
    values = (
        reads.principal.user_id, first_day(request.days, reads.now), first_day(1, reads.now),
        allowed(reads.principal.plan),
    )  # fmt: skip
    text = await reads.database.text(Statement(USAGE, values))
    return Result(text or "null", {"units": {"requests": "requests", "errors": "requests"}})


def allowed(name: str) -> str:
    """Return what a plan allows, as JSON; of what it is used up is added to it."""
    plan = PLANS.get(name, PLANS["free"])
    per_minute = {cost: getattr(plan, cost) for cost in ("read", "view", "heavy", "write", "login")}
    told = {"plan": name, "per_minute": per_minute, "per_day": plan.per_day}
    return msgspec.json.encode(told).decode()


def first_day(days: int, now: float) -> int:
    """Return the first second of the first of so many UTC days, the last of them today."""
    return (int(now) // DAY - days + 1) * DAY


def _usage(path: str) -> Route:
    return Route(
        path=path,
        summary="What you used, by day and endpoint, beside what your plan allows",
        request=DaysRequest,
        handler=usage,
        permission="account:read",
        answers=Usage,
        example={"days": 7},
        cache=PRIVATE,
    )


ROUTES = (
    _usage("/api/v1/me/usage"),
    _usage("/api/v1/analytics/usage"),
)
