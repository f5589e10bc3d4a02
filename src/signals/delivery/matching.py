"""From the outbox to alerts and deliveries: what a tick's signals mean to whom.

The outbox is read from a stored position on. What follows from the rows of one
tick, alerts and deliveries, is written in one transaction with the new position,
and only if the position is still where it was seen: of two runs at once the
second writes nothing, and a run that dies leaves everything to the next. The
natural keys hold a second time. No row is lost while the database stands.
"""

from itertools import groupby

from common.alerts import MATCHES
from common.database import Database, Statement
from common.views import SIGNAL_OBJECT

AT_ONCE = 500  # rows of the outbox
IN_A_BATCH = 25  # of them, because each may become a row of every webhook
EARLIER = 86_400  # seconds that a signal is at most older than the tick that announces it
READER = "webhooks"

PENDING = """
SELECT o.id, o.created_at, p.outbox_id AS before
FROM outbox_positions p CROSS JOIN outbox o
WHERE p.reader = 'webhooks' AND o.id > p.outbox_id ORDER BY o.id LIMIT ?1
"""

# Of the following: ?1 and ?2 the first and last row of the outbox, ?3 the position as it
# was seen, ?4 the tick, ?5 now.
_UNMOVED = "(SELECT outbox_id FROM outbox_positions WHERE reader = 'webhooks') = ?3"

# common.alerts says when a rule is armed. The newest alert on the asset decides.
INSERT_ALERTS = f"""
INSERT INTO alerts (rule_id, signal_id, owner, asset_id, fired_at)
SELECT rule_id, signal_id, owner, asset_id, ?4 FROM (
  SELECT r.rule_id, r.owner, r.cooldown_seconds, s.id AS signal_id, s.asset_id,
    row_number() OVER (PARTITION BY r.rule_id, s.asset_id ORDER BY s.id) AS place
  FROM outbox o CROSS JOIN signals s CROSS JOIN alert_rules r
  WHERE o.id BETWEEN ?1 AND ?2 AND o.event = 'signal' AND s.id = o.payload
    AND r.active AND coalesce(r.snoozed_until, 0) <= ?4 AND {MATCHES}) m
WHERE place = 1 AND {_UNMOVED}
  AND coalesce((
    SELECT CASE WHEN m.cooldown_seconds > 0 THEN f.fired_at + m.cooldown_seconds <= ?4
      ELSE p.ended_at IS NOT NULL AND p.ended_at <= ?4 AND f.fired_at < ?4 END
    FROM alerts f CROSS JOIN signals p
    WHERE f.rule_id = m.rule_id AND f.asset_id = m.asset_id AND p.id = f.signal_id
    ORDER BY f.fired_at DESC LIMIT 1), 1)
ON CONFLICT (rule_id, signal_id) DO NOTHING
"""  # noqa: S608 - constants of ours

_INSERT = """
INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner, event_key, event, body, created_at)
SELECT printf('%010d-%s', ?5, lower(hex(randomblob(8)))), w.webhook_id, w.owner, """
_TOLD_AT = "'timestamp', strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at, 'unixepoch')"

INSERT_SIGNALS = f"""{_INSERT} o.event_key, k.kind,
  json_object('type', k.kind, {_TOLD_AT}, 'data', {SIGNAL_OBJECT}), ?5
FROM outbox o
CROSS JOIN (SELECT 'signal' AS event, 'signal' AS kind UNION ALL SELECT 'ended', 'signal.ended') k
CROSS JOIN signals s LEFT JOIN assets a ON a.asset_id = s.asset_id CROSS JOIN webhooks w
WHERE o.id BETWEEN ?1 AND ?2 AND k.event = o.event AND s.id = o.payload AND {_UNMOVED}
  AND w.active AND k.kind IN (SELECT value FROM json_each(w.events))
ON CONFLICT (webhook_id, event_key) DO NOTHING
"""  # noqa: S608 - constants of ours

INSERT_ALERTED = f"""{_INSERT} 'alert:' || r.rule_id || ':' || s.id, 'alert',
  json_object('type', 'alert', {_TOLD_AT}, 'data', json_object(
    'rule', json_object('rule_id', r.rule_id, 'name', r.name), 'signal', {SIGNAL_OBJECT})), ?5
FROM alert_rules r CROSS JOIN alerts f CROSS JOIN outbox o CROSS JOIN signals s
LEFT JOIN assets a ON a.asset_id = s.asset_id
CROSS JOIN json_each(r.webhooks) h CROSS JOIN webhooks w
WHERE r.active AND r.webhooks <> '[]' AND {_UNMOVED}
  AND f.rule_id = r.rule_id AND f.signal_id >= printf('%010d', ?4 - {EARLIER}) AND f.fired_at = ?4
  AND o.event_key = 'signal:' || f.signal_id AND o.id BETWEEN ?1 AND ?2 AND s.id = f.signal_id
  AND w.webhook_id = h.value AND w.owner = r.owner AND w.active
  AND 'alert' IN (SELECT value FROM json_each(w.events))
ON CONFLICT (webhook_id, event_key) DO NOTHING
"""  # noqa: S608 - constants of ours

MOVE = """
UPDATE outbox_positions SET outbox_id = ?1 WHERE reader = 'webhooks' AND outbox_id = ?2
"""


async def match(database: Database, now: int) -> int:
    """Make what follows from everything announced so far; return the rows of the outbox read."""
    done = 0
    while True:
        rows = await database.all(Statement(PENDING, (AT_ONCE,)))
        before = rows[0]["before"] if rows else 0
        for tick, some in groupby(rows, key=lambda row: row["created_at"]):
            ids = [row["id"] for row in some]
            for start in range(0, len(ids), IN_A_BATCH):
                part = ids[start : start + IN_A_BATCH]
                values = (part[0], part[-1], before, tick)
                await database.batch(
                    [
                        Statement(INSERT_ALERTS, values),
                        Statement(INSERT_SIGNALS, (*values, now)),
                        Statement(INSERT_ALERTED, (*values, now)),
                        Statement(MOVE, (part[-1], before)),
                    ]
                )
                before = part[-1]
            done += len(ids)
        if len(rows) < AT_ONCE:
            return done
