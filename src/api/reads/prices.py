"""The newest price of an asset, with what each source says, in any currency."""

import msgspec

from api.reads.bars import wanted
from common.views import may_be_told

_NEWEST = f"""(SELECT n.id FROM market_data n
    WHERE n.id BETWEEN w.asset_no << 31 AND (w.asset_no << 31) | 2147483647
      AND {may_be_told("n")} ORDER BY n.id DESC LIMIT 1)"""  # noqa: S608 - constants of ours

# ?1, ?2 the asset's name in upper and lower case, ?3 now, ?4, ?5 the currency's likewise. The
# last row of the newest minute is the price: the consensus, or the only source's row. Of a
# source that may not be handed on not even its part in the consensus is told.
_PRICE = f"""
WITH open AS (SELECT source, attribution, attribution_url FROM sources
  WHERE redistributable AND shared
), wanted AS ({wanted("?1", "?2")}
), best AS (
  SELECT m.*, w.name FROM wanted w JOIN market_data m ON m.id = {_NEWEST}
)(rates)
SELECT (begin)json_object(
  'asset_id', b.asset_id, 'symbol', b.symbol, 'name', b.name,
  'price', b.price(units), 'volume_24h', b.volume_24h(units), 'market_cap', b.market_cap(units),
  (currency),
  'source', b.source,
  'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', b.observed_at, 'unixepoch'),
  'age_seconds', CAST(?3 AS INTEGER) - b.observed_at,
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', b.timestamp, 'unixepoch'),
  'consensus', CASE WHEN b.inputs IS NOT NULL THEN json_object(
    'used', (SELECT json_group_object(key, value(units))
      FROM json_each(b.inputs, '$.used') WHERE key IN (SELECT source FROM open)),
    'rejected', (SELECT json_group_object(key, value)
      FROM json_each(b.inputs, '$.rejected') WHERE key IN (SELECT source FROM open)),
    'spread', b.inputs -> 'spread') END,
  'sources', (SELECT json_group_array(json_object(
    'source', m.source, 'price', m.price(units), 'volume_24h', m.volume_24h(units),
    'market_cap', m.market_cap(units),
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', m.observed_at, 'unixepoch'),
    'age_seconds', CAST(?3 AS INTEGER) - m.observed_at,
    'attribution', s.attribution, 'attribution_url', s.attribution_url))
    FROM market_data m JOIN open s ON s.source = m.source
    WHERE m.id BETWEEN b.id & ~31 AND (b.id & ~31) | 30))(end)
FROM best b"""  # noqa: S608
# A rate is at most two days old: a fiat currency's is a reading, an asset's the reciprocal of
# its price.
_RATES = f"""
, clock AS (SELECT max(last_tick) - 172800 AS since FROM sources
), other AS ({wanted("?4", "?5")}
), rates AS (
  SELECT 1 AS place, ?4 AS currency, r.value AS units, o.source, r.observed_at
  FROM open o CROSS JOIN series e ON e.source = o.source AND e.kind = 'exchange_rate'
    AND e.key = ?5
  JOIN readings r ON r.id = (SELECT id FROM readings
    WHERE id BETWEEN e.series_no << 26 AND (e.series_no << 26) | 67108863
    ORDER BY id DESC LIMIT 1)
  WHERE (r.id & 67108863) * 60 > (SELECT since FROM clock)
  UNION ALL
  SELECT 2, w.symbol, 1 / m.price, m.source, m.observed_at
  FROM other w JOIN market_data m ON m.id = {_NEWEST}
  WHERE m.timestamp > (SELECT since FROM clock)
), rate AS (
  SELECT r.*, o.attribution, o.attribution_url FROM rates r LEFT JOIN open o USING (source)
  ORDER BY r.place, r.observed_at DESC LIMIT 1
)"""  # noqa: S608
_RATE = """'currency', r.currency,
  'rate', json_object('units_per_usd', r.units,
    'source', r.source, 'attribution', r.attribution, 'attribution_url', r.attribution_url,
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.observed_at, 'unixepoch'),
    'age_seconds', CAST(?3 AS INTEGER) - r.observed_at)"""


def _price(
    rates: str = "",
    units: str = "",
    currency: str = "",
    begin: str = "",
    end: str = "",
) -> str:
    parts = {"rates": rates, "units": units, "currency": currency, "begin": begin, "end": end}
    text = _PRICE
    for name, value in parts.items():
        text = text.replace(f"({name})", value)
    return text


# In US dollars; in another currency, where 'null' says that its rate is not known.
LATEST = _price(currency="'currency', 'USD', 'rate', NULL")
LATEST_IN = (
    _price(_RATES, " * r.units", _RATE, "CASE WHEN r.units IS NULL THEN 'null' ELSE ", " END")
    + " LEFT JOIN rate r ON 1"
)


class In(msgspec.Struct):
    """The currency that LATEST_IN tells amounts in."""

    currency: str
