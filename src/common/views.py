"""Reads that several Workers serve: rows become JSON inside SQLite, never as Python objects.

How market_data.id is laid out is told in migrations/0001_initial.sql. The
first key of an asset at a time is `asset_no << 31 | minute << 5`, the last
one the same with `| 31`.
"""

# Every asset seen during the last day, largest first, as one JSON array.
# A change compares with the newest price at least that old, at most twice as old.
MARKET_ROWS = """
WITH latest AS (
  SELECT a.asset_no << 31 AS base, a.name, m.* FROM assets a JOIN market_data m ON m.id = (
    SELECT id FROM market_data
    WHERE id BETWEEN a.asset_no << 31 AND (a.asset_no << 31) | 2147483647
    ORDER BY id DESC LIMIT 1)
  WHERE m.timestamp > (SELECT max(last_tick) FROM sources) - 86400
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
)
SELECT json_group_array(json(row)) FROM (
  SELECT json_object(
    'asset_id', asset_id, 'symbol', symbol, 'name', name, 'price', price,
    'change_1h', round(100 * (price / price_1h - 1), 3),
    'change_24h', round(100 * (price / price_24h - 1), 3),
    'volume_24h', volume_24h, 'market_cap', market_cap,
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', observed_at, 'unixepoch'),
    'source', source) AS row
  FROM changed WHERE ?1 IS NULL OR asset_id = ?1
  ORDER BY market_cap DESC NULLS LAST, volume_24h DESC NULLS LAST, asset_id)
"""

# One signal as JSON, from a row of `signals s` joined with `assets a`.
SIGNAL_OBJECT = """json_object(
  'id', s.id, 'type', s.type, 'asset_id', s.asset_id, 'symbol', s.symbol,
  'name', coalesce(a.name, s.symbol), 'confidence_score', s.confidence_score,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
  'explanation', s.explanation, 'metadata', json(s.metadata))"""
