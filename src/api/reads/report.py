"""A report on a day or a week, as SQL: what happened in it, as far as is known now.

?1 the first second, ?2 the one behind the last, ?3 now, all in epoch seconds. Every
part says whose numbers it tells and when they were observed.
"""

from common.views import may_be_told

MOST_SIGNALS, MOST_MOVES = 30, 10
_OURS = "(SELECT source FROM sources WHERE redistributable AND shared)"
_SPAN = """span AS (SELECT CAST(?1 AS INTEGER) AS since, CAST(?2 AS INTEGER) AS until,
  CAST(?3 AS INTEGER) AS now)"""


def _time(seconds: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')"


_MARKET = f"""
SELECT json_object('total_market_cap', m.total_market_cap, 'total_volume', m.total_volume,
  'btc_dominance', m.btc_dominance, 'change', round(100 * (m.total_market_cap / (
    SELECT f.total_market_cap FROM market_global f
    WHERE f.timestamp >= ?1 AND f.timestamp < ?2 AND f.source = m.source
    ORDER BY f.timestamp LIMIT 1) - 1), 3),
  'source', m.source, 'observed_at', {_time("m.timestamp")},
  'age_seconds', CAST(?3 AS INTEGER) - m.timestamp)
FROM market_global m WHERE m.timestamp >= ?1 AND m.timestamp < ?2 AND m.source IN {_OURS}
ORDER BY m.timestamp DESC, m.source LIMIT 1
"""  # noqa: S608 - constants of ours, here and below

# An asset moved from its newest price at the beginning, at most a day old, to its newest in the
# period, of the last day of it.
_MOVES = f"""
WITH {_SPAN}, ended AS MATERIALIZED (
  SELECT a.asset_no << 31 AS base, a.name, m.* FROM span CROSS JOIN assets a
  JOIN market_data m ON m.id = (
    SELECT n.id FROM market_data n
    WHERE n.id BETWEEN (a.asset_no << 31) | (max(since, until - 86400) / 60 << 5)
      AND ((a.asset_no << 31) | (until / 60 << 5)) - 1 AND {may_be_told("n")}
    ORDER BY n.id DESC LIMIT 1)
), moved AS MATERIALIZED (
  SELECT ended.*, 100 * (price / (
    SELECT p.price FROM market_data p
    WHERE p.id BETWEEN base | ((since - 86400) / 60 << 5) AND base | (since / 60 << 5) | 31
    ORDER BY p.id DESC LIMIT 1) - 1) AS change
  FROM span CROSS JOIN ended
), told AS (
  SELECT change, asset_id, json_object('asset_id', asset_id, 'symbol', symbol, 'name', name,
    'price', price, 'change', round(change, 3), 'volume_24h', volume_24h,
    'market_cap', market_cap, 'source', source, 'observed_at', {_time("observed_at")},
    'age_seconds', CAST(?3 AS INTEGER) - observed_at) AS row
  FROM moved WHERE change IS NOT NULL
)
SELECT json_object('assets', (SELECT count(*) FROM told),
  'up', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE change > 0
    ORDER BY change DESC, asset_id LIMIT {MOST_MOVES})),
  'down', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE change < 0
    ORDER BY change, asset_id LIMIT {MOST_MOVES})))
"""  # noqa: S608

# The id of a signal begins with its time, so that a period is a span of ids.
_FIRED = "s.id >= printf('%010d', ?1) AND s.id < printf('%010d', ?2)"
_SIGNALS = f"""
SELECT json_object('n', (SELECT count(*) FROM signals s WHERE {_FIRED}),
  'by_type', (SELECT json_group_object(type, n) FROM (
    SELECT s.type, count(*) AS n FROM signals s WHERE {_FIRED} GROUP BY s.type ORDER BY s.type)),
  'rows', (SELECT json_group_array(json(row)) FROM (
    SELECT json_object('id', s.id, 'type', s.type, 'asset_id', s.asset_id, 'symbol', s.symbol,
      'confidence_score', s.confidence_score, 'created_at', {_time("s.created_at")},
      'age_seconds', CAST(?3 AS INTEGER) - s.created_at,
      'source', 'detector ' || s.type, 'explanation', s.explanation,
      'outcomes', (SELECT json_group_array(json_object('horizon_seconds', o.horizon,
        'judged_at', {_time("o.judged_at")},
        'hit', json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END),
        'base_rate', 1.0 * o.control_hits / o.control_n))
        FROM outcomes o WHERE o.signal_id = s.id)) AS row
    FROM signals s WHERE {_FIRED}
    ORDER BY s.confidence_score DESC NULLS LAST, s.id DESC LIMIT {MOST_SIGNALS})))
"""  # noqa: S608

# By type and horizon: what was known of such signals when the period ended (the calibration in
# use), and what came of those of the period until now.
_TRACK_RECORD = f"""
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
        'true', 'false')),
      'observed_at', {_time("k.made_at")}, 'age_seconds', CAST(?3 AS INTEGER) - k.made_at) END)
    AS row
  FROM named LEFT JOIN judged j USING (type, horizon) LEFT JOIN known k USING (type, horizon)
  ORDER BY type, horizon)
"""  # noqa: S608

# Of stories stamped in the period and found until a day later, each counted once; beside them
# those of as long a time before.
_SENTIMENT = f"""
WITH {_SPAN}, told AS (
  SELECT n.sentiment AS tone, n.source, n.published_at, n.published_at >= since AS of_period
  FROM span CROSS JOIN news_items n
    ON n.tick >= 2 * since - until - 3600 AND n.tick < until + 86400
  WHERE n.published_at >= 2 * since - until AND n.published_at < until
    AND n.sentiment IS NOT NULL AND n.duplicate_of IS NULL AND n.source IN {_OURS}
)
SELECT json_object('tone', round(avg(iif(of_period, tone, NULL)), 4), 'n', sum(of_period),
  'tone_before', round(avg(iif(of_period, NULL, tone)), 4), 'n_before', sum(NOT of_period),
  'sources', (SELECT json_group_array(source) FROM (
    SELECT DISTINCT source FROM told WHERE of_period ORDER BY source)),
  'observed_at', {_time("max(iif(of_period, published_at, NULL))")},
  'age_seconds', CAST(?3 AS INTEGER) - max(iif(of_period, published_at, NULL)))
FROM told
"""  # noqa: S608

_SOURCES = f"""
SELECT json_group_array(json(row)) FROM (
  SELECT json_object('source', s.source, 'runs', count(*), 'ok', sum(r.state = 'ok'),
    'success_rate', round(avg(r.state = 'ok'), 4), 'parsed', sum(r.parsed),
    'observed_at', {_time("max(r.tick)")}, 'age_seconds', CAST(?3 AS INTEGER) - max(r.tick),
    'attribution', s.attribution, 'attribution_url', s.attribution_url) AS row
  FROM sources s CROSS JOIN source_runs r
    ON r.source = s.source AND r.tick >= ?1 AND r.tick < ?2 AND r.state <> 'off'
  WHERE s.shared GROUP BY s.source ORDER BY s.source)
"""  # noqa: S608

# ?4 the period's name, ?5 whether it is over.
REPORT = f"""
SELECT json_object('period', ?4, 'since', {_time("?1")}, 'until', {_time("?2")},
  'complete', json(?5), 'market', json(({_MARKET})), 'moves', json(({_MOVES})),
  'signals', json(({_SIGNALS})), 'track_record', json(({_TRACK_RECORD})),
  'sentiment', json(({_SENTIMENT})), 'sources', json(({_SOURCES})))
"""
UNITS = {
    "price": "USD", "total_market_cap": "USD", "total_volume": "USD", "volume_24h": "USD",
    "market_cap": "USD", "change": "percent over the period", "btc_dominance": "percent",
    "confidence_score": "probability", "rate": "share", "base_rate": "share",
    "interval": "share, 95 %", "tone": "-1 to 1", "success_rate": "share of runs",
    "age_seconds": "s",
}  # fmt: skip
