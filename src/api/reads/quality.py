"""How good the sources are, and what tone the news have."""

from common.views import listed_assets

# ?1 now.
SOURCES = """
SELECT json_group_array(json_object(
  'source', s.source, 'state', s.state, 'reason', s.reason,
  'last_tick', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_tick, 'unixepoch'),
  'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch'),
  'age_seconds', CAST(?1 AS INTEGER) - s.last_success,
  'runs_24h', (SELECT count(*) FROM source_runs r
    WHERE r.source = s.source AND r.tick > s.last_tick - 86400),
  'ok_24h', (SELECT count(*) FROM source_runs r
    WHERE r.source = s.source AND r.tick > s.last_tick - 86400 AND r.state = 'ok'),
  'skipped', (SELECT json(r.skipped) FROM source_runs r
    WHERE r.source = s.source ORDER BY r.tick DESC LIMIT 1),
  'attribution', s.attribution, 'attribution_url', s.attribution_url))
FROM sources s WHERE s.shared
"""

# Of the day before each source's last tick; how far its prices lie from the consensus, and how
# many were left out of it, as of the newest price of each asset. Of a source that may not be
# handed on not even its part in the consensus is told.
SOURCE_QUALITY = f"""
WITH {listed_assets("1")}, judged AS (
  SELECT u.key AS source, 1 AS used, abs(u.value / l.price - 1) AS off
  FROM latest l CROSS JOIN json_each(l.inputs, '$.used') u WHERE l.source = 'consensus'
  UNION ALL SELECT r.key, 0, NULL
  FROM latest l CROSS JOIN json_each(l.inputs, '$.rejected') r WHERE l.source = 'consensus'
), agreed AS (
  SELECT source, count(*) AS compared, avg(used) AS used, 100 * avg(off) AS off
  FROM judged GROUP BY source
), runs AS (
  SELECT r.source, r.state, r.milliseconds, count(*) OVER (PARTITION BY r.source) AS n,
    row_number() OVER (PARTITION BY r.source ORDER BY r.milliseconds) AS place
  FROM sources s CROSS JOIN source_runs r ON r.source = s.source AND r.tick > s.last_tick - 86400
    AND r.state <> 'off'
), day AS (
  SELECT source, count(*) AS runs, avg(state = 'ok') AS ok,
    max(iif(place = (n + 1) / 2, milliseconds, NULL)) AS median
  FROM runs GROUP BY source
)
SELECT json_object('window_seconds', 86400,
  'as_of', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT tick FROM clock), 'unixepoch'),
  'sources', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('source', s.source, 'state', s.state, 'runs', coalesce(d.runs, 0),
      'success_rate', round(d.ok, 4), 'median_latency', d.median,
      'compared', coalesce(iif(s.redistributable, a.compared, 0), 0),
      'agreement', iif(s.redistributable, round(a.used, 4), NULL),
      'deviation', iif(s.redistributable, round(a.off, 4), NULL),
      'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch'),
      'age_seconds', CAST(?1 AS INTEGER) - s.last_success,
      'attribution', s.attribution, 'attribution_url', s.attribution_url) AS item
    FROM sources s LEFT JOIN day d USING (source) LEFT JOIN agreed a USING (source)
    WHERE s.shared ORDER BY s.source)))
"""  # noqa: S608 - constants of ours

# ?1 the first second, a multiple of ?2, the length of a point; ?3 now; ?4 the asset's symbol, ?5
# its id. The age is that of the newest story. Repetitions of a story do not count, nor what may
# not be handed on.
_TONE = """
WITH stories AS ((stories)
), told AS (
  SELECT n.published_at / CAST(?2 AS INTEGER) * CAST(?2 AS INTEGER) AS time, n.sentiment AS tone,
    n.sentiment_model AS model, n.source, n.published_at
  FROM stories n JOIN sources o USING (source)
  WHERE n.sentiment IS NOT NULL AND n.duplicate_of IS NULL AND o.redistributable AND o.shared
)
SELECT json_object(
  'as_of', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(last_tick) FROM sources), 'unixepoch'),
  'since', strftime('%Y-%m-%dT%H:%M:%SZ', CAST(?1 AS INTEGER), 'unixepoch'),
  'window_seconds', CAST(?2 AS INTEGER),
  'age_seconds', CAST(?3 AS INTEGER) - (SELECT max(published_at) FROM told),
  'sources', (SELECT json_group_object(source, n) FROM (
    SELECT source, count(*) AS n FROM told GROUP BY source)),
  'tone', (SELECT round(avg(tone), 4) FROM told), 'n', (SELECT count(*) FROM told),
  'models', (SELECT json_group_object(model, n) FROM (
    SELECT coalesce(model, 'unknown') AS model, count(*) AS n FROM told GROUP BY 1)),
  'points', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('time', strftime('%Y-%m-%dT%H:%M:%SZ', time, 'unixepoch'),
      'tone', round(avg(tone), 4), 'n', count(*)) AS item
    FROM told GROUP BY time ORDER BY time)))
"""
# A story is stamped an hour after its tick at the very most.
MARKET_TONE = _TONE.replace(
    "(stories)",
    "SELECT * FROM news_items WHERE tick >= ?1 - 3600 AND published_at >= ?1",
)
ASSET_TONE = _TONE.replace(
    "(stories)",
    "SELECT DISTINCT i.* FROM (SELECT asset_id FROM assets WHERE symbol = ?4 UNION SELECT ?5) x"
    " CROSS JOIN news_mentions m ON m.entity_type = 'asset' AND m.entity_name = x.asset_id"
    "   AND m.published_at >= ?1"
    " CROSS JOIN news_items i ON i.news_id = m.news_id",
)
