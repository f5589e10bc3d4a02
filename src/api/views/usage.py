"""The view of one's own usage: requests by day, endpoint and key, the quota, and what was paid."""

from api.routes.usage import DAY, DaysRequest, allowed, first_day
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.views.administration import UsageView
from common.database import Statement
from common.times import iso

# Of the caller ?1 alone: ?2 the first second of the first day, ?3 the first one of today, ?4 what
# the plan allows, ?5 now, ?6 when the day's quota begins anew.
USAGE = """
WITH mine AS (
  SELECT date(timestamp, 'unixepoch') AS day, endpoint, credential, sum(requests) AS requests,
    sum(errors) AS errors
  FROM user_analytics WHERE user_id = ?1 AND timestamp >= ?2
  GROUP BY date(timestamp, 'unixepoch'), endpoint, credential
)
SELECT json_object(
  'quota', json_set(?4, '$.requests_today', (SELECT coalesce(sum(requests), 0)
    FROM user_analytics WHERE user_id = ?1 AND timestamp >= ?3)),
  'resets_at', ?6,
  'days', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('day', day, 'requests', sum(requests), 'errors', sum(errors)) AS item
    FROM mine GROUP BY day ORDER BY day DESC)),
  'rows', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('day', day, 'endpoint', endpoint, 'credential', credential,
      'requests', requests, 'errors', errors) AS item
    FROM mine ORDER BY day DESC, requests DESC, endpoint, credential LIMIT 5000)),
  'credentials', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('credential', key_id, 'kind', 'key', 'name', name, 'live', json(iif(
      revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?5), 'true', 'false'))) AS item
    FROM api_keys WHERE user_id = ?1 AND key_id IN (SELECT credential FROM mine)
    UNION ALL
    SELECT json_object('credential', client_id, 'kind', 'app', 'name', name, 'live', json('true'))
    FROM oauth_clients WHERE client_id IN (SELECT credential FROM mine))),
  'paid', (SELECT json_object(
      'payments', coalesce(sum(state = 'settled'), 0),
      'amount_atomic', coalesce(sum(iif(state = 'settled', amount, 0)), 0),
      'open', coalesce(sum(state IN ('settling', 'pending')), 0))
    FROM payments WHERE user_id = ?1 AND coalesce(settled_at, created_at) >= ?2))
"""
UNITS = {
    "requests": "requests", "errors": "requests", "amount_atomic": "millionths of a US dollar",
}  # fmt: skip


async def usage_view(request: DaysRequest, reads: Reads) -> Result:
    """Return what the caller used and paid; requests are counted some seconds late."""
    today = first_day(1, reads.now)
    values = (
        reads.principal.user_id, first_day(request.days, reads.now), today,
        allowed(reads.principal.plan), int(reads.now), iso(today + DAY),
    )  # fmt: skip
    text = await reads.database.text(Statement(USAGE, values))
    return Result(text or "null", {"units": UNITS})


ROUTES = (
    Route(
        path="/api/v1/dashboard/usage",
        summary="The usage page of the dashboard: your requests, quota and payments",
        request=DaysRequest,
        handler=usage_view,
        permission="account:read",
        answers=UsageView,
        example={"days": 7},
        cost="view",
        cache=PRIVATE,
    ),
)
