"""From what users are to be notified of to notifications: now, or held for a summary.

In quiet hours everything is held until their end; over the daily cap, until the
first moment of the next local day that is not quiet. What was held is told in one
summary, so that nothing is lost and nothing wakes anybody. All of a plan is one
transaction over rows that still wait: of two plans at once the second finds none.
"""

import msgspec

from common.database import Database, Statement
from common.quiet_hours import Hours, Offset, day_of, quiet_until

NO_CAP = 1_000_000
SIGNAL_SECONDS = 4 * 3600  # how long a notification is worth delivering: the signal's headline
SUMMARY_SECONDS = 12 * 3600
IN_A_SUMMARY = 3  # signals that a summary names

WAITING = """
SELECT p.owner, p.quiet_from, p.quiet_to, p.time_zone, p.daily_cap
FROM push_preferences p
WHERE p.owner IN (SELECT m.owner FROM push_messages m WHERE m.state = 'waiting' AND m.due_at <= ?1)
"""

# Of the following: ?1 [[owner, end of his quiet hours or null, beginning of his day, when what
# is over the cap is told, cap]], ?2 now.
_OWNERS = "SELECT value ->> 0 FROM json_each(?1)"
_DUE = f"m.state = 'waiting' AND m.due_at <= ?2 AND m.owner IN ({_OWNERS})"

HOLD_QUIET = """
UPDATE push_messages AS m SET held = 1, due_at = j.value ->> 1
FROM json_each(?1) j
WHERE m.state = 'waiting' AND m.due_at <= ?2 AND m.owner = j.value ->> 0
  AND j.value ->> 1 IS NOT NULL
"""
HOLD_BEYOND_CAP = """
UPDATE push_messages AS m SET held = 1, due_at = n.tomorrow
FROM (
  SELECT w.owner, w.signal_id, j.value ->> 3 AS tomorrow, j.value ->> 4 AS cap,
    row_number() OVER (PARTITION BY w.owner ORDER BY w.rule_id IS NULL, w.signal_id) + (
      SELECT count(*) FROM push_messages t
      WHERE t.owner = w.owner AND NOT t.held AND t.told_at >= j.value ->> 2) AS place
  FROM push_messages w JOIN json_each(?1) j ON w.owner = j.value ->> 0
  WHERE w.state = 'waiting' AND w.due_at <= ?2 AND NOT w.held) n
WHERE m.owner = n.owner AND m.signal_id = n.signal_id AND n.place > n.cap
"""
_INSERT = """
INSERT INTO push_deliveries (delivery_id, subscription_id, owner, event_key, kind, body,
  created_at, expires_at)
SELECT printf('%010d-%s', ?2, lower(hex(randomblob(8)))), d.subscription_id, d.owner, """
# What the sentence of a notification is made from (signals.delivery.push_text).
_SIGNAL = """json_object('id', s.id, 'type', s.type, 'asset_id', s.asset_id,
    'listed', json(iif(a.asset_id IS NULL, 'false', 'true')), 'symbol', s.symbol,
    'name', coalesce(a.name, s.symbol), 'direction', s.metadata ->> 'direction',
    'p', s.confidence_score, 'base_rate', s.metadata -> 'calibration' ->> 'base_rate',
    'edge', json(coalesce(s.metadata -> 'calibration' -> 'edge', 'false')),
    'explanation', s.explanation,
    'at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
    'rule', (SELECT r.name FROM alert_rules r WHERE r.rule_id = m.rule_id))"""

INSERT_SIGNALS = f"""{_INSERT} 'signal:' || s.id, 'signal', {_SIGNAL}, ?2, ?2 + {SIGNAL_SECONDS}
FROM push_messages m CROSS JOIN signals s LEFT JOIN assets a ON a.asset_id = s.asset_id
CROSS JOIN push_preferences p CROSS JOIN push_subscriptions d
WHERE {_DUE} AND NOT m.held AND s.id = m.signal_id AND p.owner = m.owner AND p.enabled
  AND d.owner = m.owner
ON CONFLICT (subscription_id, event_key) DO NOTHING
"""

INSERT_SUMMARIES = f"""{_INSERT} 'summary:' || h.last, 'summary',
  json_object('count', h.n, 'assets', h.assets, 'signals', json(h.named)),
  ?2, ?2 + {SUMMARY_SECONDS}
FROM (
  SELECT owner, max(n) AS n, max(signal_id) AS last, count(DISTINCT asset_id) AS assets,
    json_group_array(json(told)) FILTER (WHERE place <= {IN_A_SUMMARY}) AS named
  FROM (
    SELECT m.owner, m.signal_id, s.asset_id, {_SIGNAL} AS told,
      count(*) OVER (PARTITION BY m.owner) AS n,
      row_number() OVER (PARTITION BY m.owner
        ORDER BY m.rule_id IS NULL, s.confidence_score DESC, m.signal_id DESC) AS place
    FROM push_messages m CROSS JOIN signals s LEFT JOIN assets a ON a.asset_id = s.asset_id
    WHERE {_DUE} AND m.held AND s.id = m.signal_id
    ORDER BY place)
  GROUP BY owner) h
CROSS JOIN push_preferences p CROSS JOIN push_subscriptions d
WHERE p.owner = h.owner AND p.enabled AND d.owner = h.owner
ON CONFLICT (subscription_id, event_key) DO NOTHING
"""  # noqa: S608 - constants of ours

TELL = f"""
UPDATE push_messages AS m SET state = 'told', told_at = ?2 WHERE {_DUE}
"""  # noqa: S608 - constants of ours


class Waiting(msgspec.Struct, frozen=True):
    """A user for whom something waits, and his hours."""

    owner: str
    quiet_from: int | None
    quiet_to: int | None
    time_zone: str
    daily_cap: int | None


async def plan(database: Database, now: int, offset: Offset) -> None:
    """Turn what waits and is due into notifications, or hold it back."""
    rows = await database.all(Statement(WAITING, (now,)))
    if not rows:
        return
    users = [_times(msgspec.convert(row, Waiting), now, offset) for row in rows]
    values = (msgspec.json.encode(users).decode(), now)
    order = (HOLD_QUIET, HOLD_BEYOND_CAP, INSERT_SIGNALS, INSERT_SUMMARIES, TELL)
    await database.batch([Statement(sql, values) for sql in order])


def _times(user: Waiting, now: int, offset: Offset) -> tuple[str, int | None, int, int, int]:
    start, tomorrow = day_of(now, user.time_zone, offset)
    quiet = None
    if user.quiet_from is not None and user.quiet_to is not None:
        hours = Hours(user.quiet_from, user.quiet_to, user.time_zone)
        quiet = quiet_until(hours, now, offset)
        tomorrow = quiet_until(hours, tomorrow, offset) or tomorrow
    return user.owner, quiet, start, tomorrow, user.daily_cap or NO_CAP
