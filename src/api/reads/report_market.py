"""A report's market: the whole of it, fear and greed, what moved, what value was locked where."""

from api.reads.report_terms import OURS, SPAN, seen
from common.views import may_be_told

MOST_MOVES, MOST_LOCKED, PATH_STEPS = 10, 6, 48

# As the source that spoke last tells it; the path is that source's, in steps of one length.
MARKET = f"""
WITH {SPAN}, ending AS (
  SELECT m.* FROM span CROSS JOIN market_global m ON m.timestamp >= since AND m.timestamp < until
  WHERE m.source IN {OURS} ORDER BY m.timestamp DESC, m.source LIMIT 1
), path AS (
  SELECT f.* FROM span CROSS JOIN ending CROSS JOIN market_global f
    ON f.timestamp >= since AND f.timestamp < until
  WHERE f.source = ending.source
), beginning AS (SELECT * FROM path ORDER BY timestamp LIMIT 1)
SELECT json_object('total_market_cap', ending.total_market_cap, 'total_volume', ending.total_volume,
  'btc_dominance', ending.btc_dominance,
  'change', round(100 * (ending.total_market_cap / beginning.total_market_cap - 1), 3),
  'btc_dominance_change', round(ending.btc_dominance - beginning.btc_dominance, 3),
  'path', (SELECT json_group_array(json_array(at, cap)) FROM (
    SELECT max(timestamp) AS at, total_market_cap AS cap FROM span CROSS JOIN path
    WHERE total_market_cap IS NOT NULL
    GROUP BY (timestamp - since) / max(900, (until - since) / {PATH_STEPS}) ORDER BY at)),
  'source', ending.source, {seen("ending.timestamp")})
FROM ending CROSS JOIN beginning
"""  # noqa: S608 - constants of ours, here and below

# The newest index before the end, and before the beginning; it is told once a day.
FEAR_GREED = f"""
WITH {SPAN}, named AS (
  SELECT o.source, o.attribution, o.attribution_url, s.series_no << 26 AS base
  FROM sources o CROSS JOIN series s
    ON s.source = o.source AND s.kind = 'fear_greed' AND s.key = 'crypto'
  WHERE o.redistributable AND o.shared
)
SELECT json_object('value', r.value, 'label', r.figures ->> 'label', 'value_before', (
    SELECT p.value FROM readings p
    WHERE p.id BETWEEN base | ((since - 172800) / 60) AND base | (since / 60)
    ORDER BY p.id DESC LIMIT 1),
  'source', n.source, {seen("r.observed_at")},
  'attribution', n.attribution, 'attribution_url', n.attribution_url)
FROM span CROSS JOIN named n CROSS JOIN readings r ON r.id = (
  SELECT e.id FROM readings e
  WHERE e.id BETWEEN base | ((until - 172800) / 60) AND (base | (until / 60)) - 1
  ORDER BY e.id DESC LIMIT 1)
ORDER BY n.source LIMIT 1
"""  # noqa: S608

# An asset moved from its newest price at the beginning, at most a day old, to its newest in the
# period, of the last day of it.
MOVES = f"""
WITH {SPAN}, ended AS MATERIALIZED (
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
    'market_cap', market_cap, 'source', source, {seen("observed_at")}) AS row
  FROM moved WHERE change IS NOT NULL
)
SELECT json_object('assets', (SELECT count(*) FROM told),
  'up', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE change > 0
    ORDER BY change DESC, asset_id LIMIT {MOST_MOVES})),
  'down', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE change < 0
    ORDER BY change, asset_id LIMIT {MOST_MOVES})))
"""  # noqa: S608

# Likewise of the protocols; the order is by US dollars, for that is what came and went.
LOCKED = f"""
WITH {SPAN}, ended AS MATERIALIZED (
  SELECT s.series_no << 26 AS base, s.key, s.name, s.source, o.attribution, o.attribution_url,
    r.value, r.observed_at
  FROM span CROSS JOIN sources o CROSS JOIN series s
    ON s.source = o.source AND s.kind = 'protocol_tvl'
  CROSS JOIN readings r ON r.id = (
    SELECT e.id FROM readings e
    WHERE e.id BETWEEN (s.series_no << 26) | (max(since, until - 86400) / 60)
      AND ((s.series_no << 26) | (until / 60)) - 1
    ORDER BY e.id DESC LIMIT 1)
  WHERE o.redistributable AND o.shared
), moved AS MATERIALIZED (
  SELECT ended.*, value - (
    SELECT p.value FROM readings p
    WHERE p.id BETWEEN base | ((since - 86400) / 60) AND base | (since / 60)
    ORDER BY p.id DESC LIMIT 1) AS difference
  FROM span CROSS JOIN ended
), told AS (
  SELECT difference, key, json_object('key', key, 'name', name, 'value', value,
    'difference', round(difference, 2),
    'change', round(100 * difference / nullif(value - difference, 0), 3), 'source', source,
    {seen("observed_at")}, 'attribution', attribution, 'attribution_url', attribution_url) AS row
  FROM moved WHERE difference IS NOT NULL
)
SELECT json_object('protocols', (SELECT count(*) FROM told),
  'up', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE difference > 0
    ORDER BY difference DESC, key LIMIT {MOST_LOCKED})),
  'down', (SELECT json_group_array(json(row)) FROM (SELECT row FROM told WHERE difference < 0
    ORDER BY difference, key LIMIT {MOST_LOCKED})))
"""  # noqa: S608
