"""From the outbox to what users are notified of: one row a user and signal, however often it runs.

Read behind the webhooks' reader (signals.delivery.matching), which makes the alerts
that rules fire. What follows from a part of the outbox is one transaction with the
new position, and only if the position is still where it was seen.
"""

from itertools import groupby

from common.alerts import MATCHES
from common.database import Database, Statement

AT_ONCE = 500  # rows of the outbox
IN_A_BATCH = 25  # of them, because each may become a row of every user
NEWS_SECONDS = 3600  # a signal on an older moment, found in history, is no news
EARLIER = 86_400  # seconds that a signal is at most older than the tick that announces it

PENDING = """
SELECT o.id, o.created_at, p.outbox_id AS before
FROM outbox_positions p CROSS JOIN outbox o
WHERE p.reader = 'push' AND o.id > p.outbox_id
  AND o.id <= (SELECT w.outbox_id FROM outbox_positions w WHERE w.reader = 'webhooks')
ORDER BY o.id LIMIT ?1
"""

# Of the following: ?1 and ?2 the first and last row of the outbox, ?3 the position as it
# was seen, ?4 the tick, ?5 now.
_UNMOVED = "(SELECT outbox_id FROM outbox_positions WHERE reader = 'push') = ?3"
_HAS_DEVICE = "EXISTS (SELECT 1 FROM push_subscriptions d WHERE d.owner = r.owner)"
_NOT_MUTED = """NOT EXISTS (SELECT 1 FROM mutes m WHERE m.owner = r.owner
    AND coalesce(m.until > ?5, 1) AND ((m.kind = 'asset' AND m.subject = s.asset_id)
      OR (m.kind = 'type' AND m.subject = s.type)))"""

# First what rules of the user fired on: it says by which rule. Who mutes, mutes those as well.
INSERT_ALERTED = f"""
INSERT INTO push_messages (owner, signal_id, rule_id, created_at)
SELECT r.owner, s.id, r.rule_id, ?5
FROM push_preferences p CROSS JOIN alert_rules r CROSS JOIN alerts f CROSS JOIN outbox o
CROSS JOIN signals s
WHERE p.enabled AND p.rules AND r.owner = p.owner AND r.active AND {_UNMOVED}
  AND f.rule_id = r.rule_id AND f.signal_id >= printf('%010d', ?4 - {EARLIER}) AND f.fired_at = ?4
  AND o.event_key = 'signal:' || f.signal_id AND o.id BETWEEN ?1 AND ?2
  AND s.id = f.signal_id AND s.created_at > ?4 - {NEWS_SECONDS} AND {_HAS_DEVICE} AND {_NOT_MUTED}
ON CONFLICT (owner, signal_id) DO NOTHING
"""  # noqa: S608 - constants of ours

# A user's preferences are read as a rule of his (common.alerts).
INSERT_WANTED = f"""
INSERT INTO push_messages (owner, signal_id, created_at)
SELECT r.owner, s.id, ?5
FROM outbox o CROSS JOIN signals s CROSS JOIN (
  SELECT owner, types, watchlist_id, min_confidence, NULL AS assets, NULL AS least_score,
    NULL AS direction
  FROM push_preferences WHERE enabled AND scope <> 'none') r
WHERE o.id BETWEEN ?1 AND ?2 AND o.event = 'signal' AND s.id = o.payload AND {_UNMOVED}
  AND s.created_at > ?4 - {NEWS_SECONDS} AND {_HAS_DEVICE} AND {_NOT_MUTED} AND {MATCHES}
ON CONFLICT (owner, signal_id) DO NOTHING
"""  # noqa: S608 - constants of ours

MOVE = """
UPDATE outbox_positions SET outbox_id = ?1 WHERE reader = 'push' AND outbox_id = ?2
"""


async def match(database: Database, now: int) -> int:
    """Note who is to be notified of what was announced so far; return the rows read."""
    done = 0
    while True:
        rows = await database.all(Statement(PENDING, (AT_ONCE,)))
        before = rows[0]["before"] if rows else 0
        for tick, some in groupby(rows, key=lambda row: row["created_at"]):
            ids = [row["id"] for row in some]
            for start in range(0, len(ids), IN_A_BATCH):
                part = ids[start : start + IN_A_BATCH]
                values = (part[0], part[-1], before, tick, now)
                await database.batch(
                    [
                        Statement(INSERT_ALERTED, values),
                        Statement(INSERT_WANTED, values),
                        Statement(MOVE, (part[-1], before)),
                    ]
                )
                before = part[-1]
            done += len(ids)
        if len(rows) < AT_ONCE:
            return done
