"""A report's signals: what fired, what came of it, and how right such signals were."""

from api.reads.report_terms import seen, time

MOST_SIGNALS = 30
# The id of a signal begins with its time, so that a period is a span of ids.
_FIRED = "s.id >= printf('%010d', ?1) AND s.id < printf('%010d', ?2)"
SIGNALS = f"""
SELECT json_object('n', (SELECT count(*) FROM signals s WHERE {_FIRED}),
  'by_type', (SELECT json_group_object(type, n) FROM (
    SELECT s.type, count(*) AS n FROM signals s WHERE {_FIRED} GROUP BY s.type ORDER BY s.type)),
  'rows', (SELECT json_group_array(json(row)) FROM (
    SELECT json_object('id', s.id, 'type', s.type, 'asset_id', s.asset_id, 'symbol', s.symbol,
      'confidence_score', s.confidence_score, 'created_at', {time("s.created_at")},
      'age_seconds', CAST(?3 AS INTEGER) - s.created_at,
      'source', 'detector ' || s.type, 'explanation', s.explanation,
      'outcomes', (SELECT json_group_array(json_object('horizon_seconds', o.horizon,
        'judged_at', {time("o.judged_at")},
        'hit', json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END),
        'base_rate', 1.0 * o.control_hits / o.control_n))
        FROM outcomes o WHERE o.signal_id = s.id)) AS row
    FROM signals s WHERE {_FIRED}
    ORDER BY s.confidence_score DESC NULLS LAST, s.id DESC LIMIT {MOST_SIGNALS})))
"""  # noqa: S608 - constants of ours

# By type and horizon: what was known of such signals when the period ended (the calibration in
# use), and what came of those of the period until now.
TRACK_RECORD = f"""
WITH judged AS (
  SELECT o.type, o.horizon, count(o.hit) AS n, sum(o.hit) AS hits,
    1.0 * sum(iif(o.hit IS NULL, 0, o.control_hits))
      / sum(iif(o.hit IS NULL, 0, o.control_n)) AS base_rate
  FROM signals s CROSS JOIN outcomes o ON o.signal_id = s.id WHERE {_FIRED}
  GROUP BY o.type, o.horizon
), known AS (
  SELECT c.type, c.horizon, c.made_at, c.calibration FROM calibrations c WHERE c.version = (
    SELECT max(n.version) FROM calibrations n
    WHERE n.type = c.type AND n.horizon = c.horizon AND n.made_at < ?2)
), named AS (SELECT type, horizon FROM judged UNION SELECT type, horizon FROM known)
SELECT json_group_array(json(row)) FROM (
  SELECT json_object('type', type, 'horizon_seconds', horizon, 'source', 'detector ' || type,
    'of_period', json_object('n', coalesce(j.n, 0), 'hits', coalesce(j.hits, 0),
      'rate', 1.0 * j.hits / nullif(j.n, 0), 'base_rate', j.base_rate),
    'calibration', CASE WHEN k.made_at IS NOT NULL THEN json_object(
      'n', k.calibration -> 'n', 'days', k.calibration -> 'days',
      'rate', k.calibration -> 'rate', 'interval', k.calibration -> 'interval',
      'base_rate', k.calibration -> 'base_rate',
      'edge', json(iif(k.calibration ->> '$.interval[0]' > k.calibration ->> 'base_rate',
        'true', 'false')), {seen("k.made_at")}) END)
    AS row
  FROM named LEFT JOIN judged j USING (type, horizon) LEFT JOIN known k USING (type, horizon)
  ORDER BY type, horizon)
"""  # noqa: S608
