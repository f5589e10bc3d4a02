"""The view of alerts: the caller's rules, what they fired on, and where they are delivered."""

from api.objects import rules, webhooks
from api.objects.fields import NothingRequest
from api.permissions import allowed
from api.reads import units
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.views.alerts import AlertsView
from common.database import Statement
from common.views import SIGNAL_OBJECT

MOST_FIRED = 50

# ?1 the owner, ?2 whether he may see webhooks, ?3 now. Of each rule only its newest alerts are
# looked at: of all rules together no more can be among the newest.
VIEW = f"""
SELECT json_object('rules', json(({rules.LIST})),
  'webhooks', iif(?2, json(({webhooks.LIST})), NULL),
  'watchlists', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('watchlist_id', w.watchlist_id, 'name', w.name, 'assets', json(w.assets))
      AS item FROM watchlists w WHERE w.owner = ?1 ORDER BY w.name)),
  'fired', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('rule_id', r.rule_id, 'rule', r.name,
      'fired_at', strftime('%Y-%m-%dT%H:%M:%SZ', f.fired_at, 'unixepoch'),
      'age_seconds', CAST(?3 AS INTEGER) - f.fired_at, 'signal', {SIGNAL_OBJECT}) AS item
    FROM alert_rules r CROSS JOIN alerts f ON f.rule_id = r.rule_id AND f.signal_id IN (
      SELECT n.signal_id FROM alerts n WHERE n.rule_id = r.rule_id
      ORDER BY n.signal_id DESC LIMIT {MOST_FIRED})
    CROSS JOIN signals s ON s.id = f.signal_id
    LEFT JOIN assets a ON a.asset_id = s.asset_id
    WHERE r.owner = ?1 ORDER BY f.signal_id DESC, r.rule_id LIMIT {MOST_FIRED})),
  'most_rules', {rules.MOST_RULES})
"""  # noqa: S608 - constants of ours


async def alerts(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's rules, watchlists, newest alerts and, if he may see them, webhooks."""
    who = reads.principal
    values = (who.user_id, allowed(who, "webhooks:read"), int(reads.now))
    found = await reads.database.text(Statement(VIEW, values))
    return Result(found or "null", {"units": units.SIGNALS})


ROUTES = (
    Route(
        path="/api/v1/dashboard/alerts",
        summary="The view of alert rules: yours, what they fired on, where they are delivered",
        request=NothingRequest,
        handler=alerts,
        permission="rules:read",
        answers=AlertsView,
        cost="view",
        cache=PRIVATE,
    ),
)
