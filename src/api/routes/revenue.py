"""/analytics/revenue: what was paid for, by day and endpoint, held against the payments' own rows.

Both are written in one transaction, so a difference is a fault of ours, and is
shown instead of being explained away.
"""

import msgspec

from api.payments.terms import DECIMALS
from api.routes.usage import DaysRequest, first_day
from api.routing import PRIVATE, Reads, Result, Route
from common.database import Statement

# ?1 the first second of the first day, ?2 atomic units of a dollar.
REVENUE = """
WITH counted AS (
  SELECT date(timestamp, 'unixepoch') AS day, endpoint, sum(requests) AS requests,
    sum(errors) AS errors, count(DISTINCT user_id) AS users, sum(revenue_atomic) AS earned
  FROM user_analytics WHERE timestamp >= ?1 GROUP BY date(timestamp, 'unixepoch'), endpoint
), paid AS (
  SELECT date(settled_at, 'unixepoch') AS day, endpoint, count(*) AS payments, sum(amount) AS taken
  FROM payments WHERE state = 'settled' AND settled_at >= ?1
  GROUP BY date(settled_at, 'unixepoch'), endpoint
), told AS (
  SELECT * FROM counted LEFT JOIN paid USING (day, endpoint)
  ORDER BY day DESC, earned DESC, requests DESC, endpoint LIMIT 5000
), totals AS (
  SELECT (SELECT coalesce(sum(earned), 0) FROM counted) AS earned,
    (SELECT coalesce(sum(taken), 0) FROM paid) AS taken,
    (SELECT coalesce(sum(payments), 0) FROM paid) AS payments
)
SELECT json_object(
  'revenue_atomic', earned, 'revenue_usd', 1.0 * earned / ?2,
  'payments', payments, 'payments_atomic', taken, 'difference_atomic', earned - taken,
  'open', (SELECT count(*) FROM payments
    WHERE state IN ('settling', 'pending') AND updated_at > 0),
  'unclear', (SELECT count(*) FROM payments WHERE state = 'unclear' AND updated_at > 0),
  'rows', (SELECT json_group_array(json_object('day', day, 'endpoint', endpoint,
    'requests', requests, 'errors', errors, 'users', users, 'payments', coalesce(payments, 0),
    'revenue_atomic', earned, 'revenue_usd', 1.0 * earned / ?2)) FROM told))
FROM totals
"""


class RevenueRow(msgspec.Struct, forbid_unknown_fields=True):
    """What one endpoint was asked by all users on a day, how often it was paid, what it brought.

    `revenue_atomic` is in millionths of a US dollar, exact.
    """

    day: str
    endpoint: str
    requests: int
    errors: int
    users: int
    payments: int
    revenue_atomic: int
    revenue_usd: float


class Revenue(msgspec.Struct, forbid_unknown_fields=True):
    """All of it, and how it compares with the rows of the payments (`difference_atomic`: 0).

    `open` payments wait for the facilitator, `unclear` ones for a person.
    """

    revenue_atomic: int
    revenue_usd: float
    payments: int
    payments_atomic: int
    difference_atomic: int
    open: int
    unclear: int
    rows: list[RevenueRow]


async def revenue(request: DaysRequest, reads: Reads) -> Result:
    """Return everybody's requests and what they brought; requests are counted some seconds late."""
    values = (first_day(request.days, reads.now), 10**DECIMALS)
    text = await reads.database.text(Statement(REVENUE, values))
    units = {"revenue_atomic": "millionths of a US dollar", "revenue_usd": "US dollars"}
    return Result(text or "null", {"units": units})


ROUTES = (
    Route(
        path="/api/v1/analytics/revenue",
        summary="Everybody's requests and what they brought, by day and endpoint",
        description="Held against the rows of the payments to the last atomic unit.",
        request=DaysRequest,
        handler=revenue,
        permission="revenue:read",
        answers=Revenue,
        cost="heavy",
        cache=PRIVATE,
    ),
)
