"""/analytics/usage and /analytics/revenue: what was asked for, by whom, and what it brought."""

from typing import Annotated

import msgspec

from api.routing import PRIVATE, Reads, Result, Route
from common.database import Statement

DAY = 86_400
Days = Annotated[int, msgspec.Meta(ge=1, le=90)]

# Requests of one user a day and endpoint, the newest day first.
USAGE = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('day', date(timestamp, 'unixepoch'), 'endpoint', endpoint,
    'requests', sum(requests), 'errors', sum(errors)) AS item
  FROM user_analytics WHERE user_id = ?1 AND timestamp >= ?2
  GROUP BY date(timestamp, 'unixepoch'), endpoint
  ORDER BY date(timestamp, 'unixepoch') DESC, sum(requests) DESC, endpoint LIMIT 2000)
"""
# Of all users together.
REVENUE = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('day', date(timestamp, 'unixepoch'), 'endpoint', endpoint,
    'requests', sum(requests), 'errors', sum(errors), 'users', count(DISTINCT user_id),
    'revenue_usd', sum(revenue_generated)) AS item
  FROM user_analytics WHERE timestamp >= ?1
  GROUP BY date(timestamp, 'unixepoch'), endpoint
  ORDER BY date(timestamp, 'unixepoch') DESC, sum(revenue_generated) DESC, sum(requests) DESC,
    endpoint LIMIT 5000)
"""


class DaysRequest(msgspec.Struct):
    """`days`: how many UTC days to look back, today included."""

    days: Days = 7


class UsageRow(msgspec.Struct, forbid_unknown_fields=True):
    """Requests of a day to one endpoint; errors are answers of 400 and more."""

    day: str
    endpoint: str
    requests: int
    errors: int


class RevenueRow(msgspec.Struct, forbid_unknown_fields=True):
    """What one endpoint was asked by all users on a day, and what it brought."""

    day: str
    endpoint: str
    requests: int
    errors: int
    users: int
    revenue_usd: float


async def usage(request: DaysRequest, reads: Reads) -> Result:
    """Return the caller's own requests, counted some seconds late."""
    since = _first_day(request.days, reads.now)
    text = await reads.database.text(Statement(USAGE, (reads.principal.user_id, since)))
    return Result(text or "[]", {"unit": "requests"})


async def revenue(request: DaysRequest, reads: Reads) -> Result:
    """Return everybody's requests and what they brought, counted some seconds late."""
    text = await reads.database.text(Statement(REVENUE, (_first_day(request.days, reads.now),)))
    return Result(text or "[]", {"unit": "USD"})


def _first_day(days: int, now: float) -> int:
    return (int(now) // DAY - days + 1) * DAY


ROUTES = (
    Route(
        path="/api/v1/analytics/usage",
        summary="Your own requests by day and endpoint",
        request=DaysRequest,
        handler=usage,
        permission="account:read",
        answers=list[UsageRow],
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/analytics/revenue",
        summary="Everybody's requests and what they brought, by day and endpoint",
        request=DaysRequest,
        handler=revenue,
        permission="revenue:read",
        answers=list[RevenueRow],
        cost="heavy",
        cache=PRIVATE,
    ),
)
