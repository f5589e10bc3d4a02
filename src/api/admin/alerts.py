"""What is wrong now, since when, and what an operator does about it.

Nothing of it is stored: it follows from what the tables say at this moment. Stored is only
what somebody put aside, which holds for what began before that and for nothing that came later.
"""

from typing import Literal

import msgspec

TICK = 900
LATE_SECONDS = 2 * TICK + 120
DEGRADED_SECONDS, OUTBOX_SECONDS, OPEN_SECONDS = 3_600, 600, 3_600
GROWTH = 2.0  # times the rows of an average day before

# ?1 now, ?2 the first second of the UTC day before today. The books are of these two days:
# older ones were told of when they were new.
FACTS = """
SELECT json_object(
  'last_tick', (SELECT max(last_tick) FROM sources),
  'detected', (SELECT tick FROM detection_runs
    WHERE run_no = (SELECT max(run_no) FROM detection_runs)),
  'degraded', (SELECT json_group_array(json_object('source', source, 'since', last_success,
    'reason', reason)) FROM sources WHERE state = 'degraded' AND shared),
  'outbox', (SELECT json_object('count', count(*), 'since', min(created_at)) FROM outbox
    WHERE delivered_at IS NULL),
  'deliveries', (SELECT json_object('count', count(*), 'since', min(next_at))
    FROM webhook_deliveries WHERE state = 'pending' AND next_at < ?1),
  'failing', (SELECT json_object('count', count(*), 'since', min(failing_since)) FROM webhooks
    WHERE failing_since IS NOT NULL AND active),
  'open', (SELECT json_object('count', count(*), 'since', min(updated_at)) FROM payments
    WHERE state IN ('settling', 'pending') AND updated_at > 0),
  'unclear', (SELECT json_object('count', count(*), 'since', min(updated_at)) FROM payments
    WHERE state = 'unclear' AND updated_at > 0),
  'difference', (SELECT coalesce(sum(revenue_atomic), 0) FROM user_analytics
      WHERE timestamp >= ?2)
    - (SELECT coalesce(sum(amount), 0) FROM payments
      WHERE state = 'settled' AND settled_at >= ?2),
  'stored', (SELECT json_object('day', coalesce(sum(iif(r.tick > m.tick - 86400, stored, 0)), 0),
      'before', coalesce(sum(iif(r.tick > m.tick - 86400, 0, stored)), 0),
      'first', min(r.tick))
    FROM (SELECT max(last_tick) AS tick FROM sources) m CROSS JOIN sources s
    CROSS JOIN source_runs r ON r.source = s.source AND r.tick > m.tick - 691200),
  'aside', (SELECT json_group_object(alert, json_object('acknowledged_at', acknowledged_at,
    'acknowledged_by', acknowledged_by, 'snoozed_until', snoozed_until)) FROM operator_alerts))
"""

# ?1 the alert, ?2 and ?3 acknowledged when and by whom, ?4 snoozed until when.
PUT_ASIDE = """
INSERT INTO operator_alerts (alert, acknowledged_at, acknowledged_by, snoozed_until)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (alert) DO UPDATE SET acknowledged_at = excluded.acknowledged_at,
  acknowledged_by = excluded.acknowledged_by, snoozed_until = excluded.snoozed_until
"""
# ?1 the alert, ?2 what was done, ?3 when, ?4 who, ?5 by which request.
AUDIT = """
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
VALUES (?3, ?4, 'alert.put-aside', 'alert:' || ?1, NULL, ?2, ?5)
"""


class Waiting(msgspec.Struct):
    """How many of something wait, the oldest since when (epoch seconds)."""

    count: int
    since: int | None


class Degraded(msgspec.Struct):
    """A source in trouble, and the tick of its last success."""

    source: str
    since: int | None
    reason: str | None


class Stored(msgspec.Struct):
    """Rows stored in the last day of ticks and in the seven before, whose first is `first`."""

    day: int
    before: int
    first: int | None


class Aside(msgspec.Struct):
    """What was done about an alert."""

    acknowledged_at: int | None
    acknowledged_by: str | None
    snoozed_until: int | None


class Facts(msgspec.Struct):
    """What the database says; times in epoch seconds, `difference` in atomic units."""

    last_tick: int | None
    detected: int | None
    degraded: list[Degraded]
    outbox: Waiting
    deliveries: Waiting
    failing: Waiting
    open: Waiting
    unclear: Waiting
    difference: int
    stored: Stored
    aside: dict[str, Aside]


class Alert(msgspec.Struct):
    """One thing that is wrong. `alert` names it for ever; `since` is None where nobody knows."""

    alert: str
    severity: Literal["critical", "warning"]
    title: str
    detail: str
    what_to_do: str
    since: str | None
    state: Literal["open", "acknowledged", "snoozed"] = "open"
    acknowledged_at: str | None = None
    acknowledged_by: str | None = None
    snoozed_until: str | None = None
