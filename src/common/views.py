"""Reads that several Workers serve: rows become JSON inside SQLite, never as Python objects.

How market_data.id is laid out is told in migrations/0001_initial.sql. The
first key of an asset at a time is `asset_no << 31 | minute << 5`, the last
one the same with `| 31`.
"""


def may_be_told(row: str) -> str:
    """Return SQL for whether a row of prices may be handed on."""
    return f"""({row}.source = 'consensus' OR {row}.source IN (
  SELECT source FROM sources WHERE redistributable AND shared))"""  # noqa: S608 - ours


def listed_assets(which: str = "1") -> str:
    """Return SQL of the table `listed`: a row per asset seen during the last day.

    `which` is a condition on `assets a`. Beside the figures stand `row`, all of
    them as JSON, and `size`, the market cap: an asset whose market cap nobody
    told at its last tick keeps its place. A change compares with the newest
    price at least that old, at most twice as old.
    """
    return f"""
clock AS (SELECT max(last_tick) AS tick FROM sources
), latest AS (
  SELECT a.asset_no << 31 AS base, a.name, m.* FROM assets a JOIN market_data m ON m.id = (
    SELECT n.id FROM market_data n
    WHERE n.id BETWEEN (a.asset_no << 31) | (((SELECT tick FROM clock) - 86399) / 60 << 5)
      AND (a.asset_no << 31) | 2147483647 AND {may_be_told("n")}
    ORDER BY n.id DESC LIMIT 1)
  WHERE {which}
), changed AS (
  SELECT latest.*,
    (SELECT p.price FROM market_data p
     WHERE p.id BETWEEN base | ((latest.timestamp - 7200) / 60 << 5)
       AND base | ((latest.timestamp - 3600) / 60 << 5) | 31
     ORDER BY p.id DESC LIMIT 1) AS price_1h,
    (SELECT p.price FROM market_data p
     WHERE p.id BETWEEN base | ((latest.timestamp - 172800) / 60 << 5)
       AND base | ((latest.timestamp - 86400) / 60 << 5) | 31
     ORDER BY p.id DESC LIMIT 1) AS price_24h
  FROM latest
), told AS (
  SELECT *, round(100 * (price / price_1h - 1), 3) AS change_1h,
    round(100 * (price / price_24h - 1), 3) AS change_24h,
    coalesce(market_cap, (SELECT p.market_cap FROM market_data p
      WHERE p.id BETWEEN base | ((changed.timestamp - 86400) / 60 << 5) AND changed.id
        AND p.market_cap IS NOT NULL ORDER BY p.id DESC LIMIT 1)) AS size
  FROM changed
), listed AS (
  SELECT *, json_object(
    'asset_id', asset_id, 'symbol', symbol, 'name', name, 'price', price,
    'change_1h', change_1h, 'change_24h', change_24h,
    'volume_24h', volume_24h, 'market_cap', market_cap,
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'),
    'source', source) AS row
  FROM told
)"""  # noqa: S608 - a constant of ours


# What comes first where nobody asked for another order: the largest.
LARGEST_FIRST = "size DESC NULLS LAST, volume_24h DESC NULLS LAST, asset_id"

# Every asset seen during the last day as one JSON array, or ?1 alone.
MARKET_ROWS = f"""
WITH {listed_assets("?1 IS NULL OR a.asset_id = ?1")}
SELECT json_group_array(json(row)) FROM (SELECT row FROM listed ORDER BY {LARGEST_FIRST})
"""  # noqa: S608

# One signal as JSON, from a row of `signals s` joined with `assets a`.
SIGNAL_OBJECT = """json_object(
  'id', s.id, 'type', s.type, 'asset_id', s.asset_id, 'symbol', s.symbol,
  'name', coalesce(a.name, s.symbol), 'confidence_score', s.confidence_score,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
  'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.ended_at, 'unixepoch'),
  'known_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.known_at, 'unixepoch'),
  'event_id', s.event_id, 'explanation', s.explanation, 'metadata', json(s.metadata))"""

# The newest readings of some kinds, at most two days old: ?1 a JSON array of
# kinds, ?2 {kind: unit}, ?3 how many, ?4 the figure that the largest come first
# by, NULL for the value itself, 'rank' for the smallest value first; ?5 now.
# What may not be handed on, or is its owner's alone, is left out.
LATEST_READINGS = """
WITH found AS (
  SELECT s.kind, s.key, s.name, s.about, s.source, r.value, r.figures, r.observed_at
  FROM series s JOIN readings r ON r.id = (
    SELECT id FROM readings WHERE id BETWEEN s.series_no << 26 AND (s.series_no << 26) | 67108863
    ORDER BY id DESC LIMIT 1)
  WHERE s.kind IN (SELECT value FROM json_each(?1))
    AND s.source IN (SELECT source FROM sources WHERE redistributable AND shared)
    AND r.id & 67108863 > (SELECT max(last_tick) FROM sources) / 60 - 2880
  ORDER BY CASE ?4 WHEN 'rank' THEN -r.value ELSE coalesce(r.figures ->> ?4, r.value) END DESC,
    s.series_no LIMIT ?3
)
SELECT json_object('rows', (SELECT json_group_array(json_object(
    'kind', kind, 'key', key, 'name', name, 'value', value, 'unit', ?2 ->> kind,
    'figures', json(coalesce(figures, '{}')), 'about', json(about), 'source', source,
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'),
    'age_seconds', CAST(?5 AS INTEGER) - observed_at)) FROM found),
  'attribution', (SELECT json_group_object(source, json_object(
      'text', attribution, 'url', attribution_url))
    FROM sources WHERE source IN (SELECT source FROM found)))
"""
