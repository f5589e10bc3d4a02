"""The market as a whole, and what moved most in it."""

from api.reads.listing import aged
from common.views import listed_assets


def whole_market(now: str) -> str:
    """Return SQL of the whole market's newest figures; `now` is the parameter with the time."""
    return f"""
SELECT json_object(
  'total_market_cap', total_market_cap, 'total_volume', total_volume,
  'btc_dominance', btc_dominance, 'market_cap_change_24h', market_cap_change_24h,
  'source', source, 'tick', strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'),
  'age_seconds', CAST({now} AS INTEGER) - timestamp)
FROM market_global WHERE source IN (SELECT source FROM sources WHERE redistributable AND shared)
ORDER BY timestamp DESC, source LIMIT 1
"""  # noqa: S608 - a constant of ours


# ?1 now.
MARKET = whole_market("?1")
MOVERS = f"""
WITH {listed_assets()}, moved AS MATERIALIZED (
  SELECT row, observed_at, change_24h, asset_id FROM listed WHERE change_24h IS NOT NULL
)
SELECT json_object(
  'up', (SELECT json_group_array(json(row)) FROM (
    SELECT {aged("?1")} AS row FROM moved ORDER BY change_24h DESC, asset_id LIMIT 10)),
  'down', (SELECT json_group_array(json(row)) FROM (
    SELECT {aged("?1")} AS row FROM moved ORDER BY change_24h, asset_id LIMIT 10)))
"""  # noqa: S608 - constants of ours
