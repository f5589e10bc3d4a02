"""Sources and what their ticks brought, as administrators see them: the statements.

What users' own feeds collect is theirs: of these the number is told, no more.
"""

# ?1 now. What was in the last hour or day is told of the ticks, whose clock may be another.
SOURCES = """
WITH clock AS (SELECT max(last_tick) AS tick FROM sources)
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('source', s.source, 'state', s.state, 'reason', s.reason,
    'last_tick', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_tick, 'unixepoch'),
    'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch'),
    'age_seconds', CAST(?1 AS INTEGER) - s.last_success, 'failures', s.failures,
    'switched',
    CASE WHEN w.enabled IS NULL THEN 'as declared' WHEN w.enabled THEN 'on' ELSE 'off' END,
    'requests_1h', (SELECT coalesce(sum(requests), 0) FROM source_runs r
      WHERE r.source = s.source AND r.tick > (SELECT tick FROM clock) - 3600),
    'runs_24h', (SELECT count(*) FROM source_runs r
      WHERE r.source = s.source AND r.tick > (SELECT tick FROM clock) - 86400),
    'ok_24h', (SELECT coalesce(sum(state = 'ok'), 0) FROM source_runs r
      WHERE r.source = s.source AND r.tick > (SELECT tick FROM clock) - 86400),
    'stored_24h', (SELECT coalesce(sum(stored), 0) FROM source_runs r
      WHERE r.source = s.source AND r.tick > (SELECT tick FROM clock) - 86400)) AS item
  FROM sources s LEFT JOIN source_switches w USING (source) WHERE s.shared ORDER BY s.source)
"""
FEEDS = """
SELECT json_object('feeds', count(*), 'degraded', coalesce(sum(state = 'degraded'), 0))
FROM sources WHERE NOT shared
"""

# ?1 how many ticks, ?2 before which. `detected` is null for ticks whose runs are long past.
RUNS = """
WITH newest AS (
  SELECT max((SELECT max(tick) FROM source_runs r WHERE r.source = s.source AND r.tick < ?2))
    AS tick FROM sources s WHERE s.shared
), rows AS (
  SELECT r.* FROM newest CROSS JOIN sources s CROSS JOIN source_runs r ON r.source = s.source
    AND r.tick > newest.tick - ?1 * 900 AND r.tick <= newest.tick
  WHERE s.shared
), detected AS (
  SELECT tick, json_object('runs', count(*), 'signals', coalesce(sum(summary ->> 'signals'), 0),
    'ended', coalesce(sum(summary ->> 'ended'), 0),
    'judged', coalesce(sum(summary ->> 'judged'), 0)) AS told
  FROM detection_runs WHERE run_no > (SELECT max(run_no) FROM detection_runs) - 500 GROUP BY tick
)
SELECT json_group_array(json_array(CAST(tick AS TEXT), item)) FROM (
  SELECT rows.tick, json_object(
    'tick', strftime('%Y-%m-%dT%H:%M:%SZ', rows.tick, 'unixepoch'),
    'ok', sum(state = 'ok'), 'degraded', sum(state = 'degraded'), 'off', sum(state = 'off'),
    'requests', sum(requests), 'stored', sum(stored), 'slowest_ms', max(milliseconds),
    'detected', json(max(told)),
    'sources', json_group_array(json_object('source', source, 'state', state, 'reason', reason,
      'requests', requests, 'bytes', bytes, 'fetched', fetched, 'not_modified', not_modified,
      'parsed', parsed, 'stored', stored, 'skipped', json(skipped),
      'milliseconds', milliseconds))) AS item
  FROM rows LEFT JOIN detected ON detected.tick = rows.tick
  GROUP BY rows.tick ORDER BY rows.tick DESC LIMIT ?1)
"""

KNOWN = "SELECT source FROM sources WHERE source = ?1"
# ?1 the source, ?2 whether it is on, NULL for as declared; ?3 when, ?4 who, ?5 by which request.
AUDIT_SWITCH = """
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?3, ?4, 'source.switch', 'source:' || s.source, json_object('enabled',
    json(CASE WHEN w.enabled IS NULL THEN 'null' WHEN w.enabled THEN 'true' ELSE 'false' END)),
  json_object('enabled',
    json(CASE WHEN ?2 IS NULL THEN 'null' WHEN ?2 THEN 'true' ELSE 'false' END)), ?5
FROM sources s LEFT JOIN source_switches w USING (source)
WHERE s.source = ?1 AND w.enabled IS NOT ?2
"""
SWITCH = """
INSERT INTO source_switches (source, enabled, switched_at)
SELECT source, ?2, ?3 FROM sources WHERE source = ?1 AND ?2 IS NOT NULL
ON CONFLICT (source) DO UPDATE SET enabled = excluded.enabled, switched_at = excluded.switched_at
WHERE source_switches.enabled <> excluded.enabled
"""
UNSWITCH = "DELETE FROM source_switches WHERE source = ?1 AND ?2 IS NULL"
SWITCHED = """
SELECT json_object('source', s.source, 'switched',
  CASE WHEN w.enabled IS NULL THEN 'as declared' WHEN w.enabled THEN 'on' ELSE 'off' END)
FROM sources s LEFT JOIN source_switches w USING (source) WHERE s.source = ?1
"""

# One that never was must not be detected: detection goes on from the newest tick it knows.
COLLECTED = """
SELECT 1 FROM sources s CROSS JOIN source_runs r ON r.source = s.source AND r.tick = ?1 LIMIT 1
"""
# ?1 the tick, ?2 what came of it, ?3 when, ?4 who, ?5 by which request.
AUDIT_REPLAY = """
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
VALUES (?3, ?4, 'tick.replay', 'tick:' || strftime('%Y-%m-%dT%H:%M:%SZ', ?1, 'unixepoch'),
  NULL, ?2, ?5)
"""
