"""The screener: every asset with all of its figures, column by column, in one call."""

import msgspec

from api.reads import units
from api.routing import Reads, Result, Route
from api.shapes.views.market import MarketView
from common.database import Statement
from common.views import LARGEST_FIRST, listed_assets, may_be_told

DAY, WEEK = 86_400, 604_800
STEP, STEPS = 7200, 12  # of a trend
_HEIGHTS = 56  # of a trend, from '#' to '['
_MOMENTS = ",".join(f"({place})" for place in range(STEPS + 1))

# Of a row of `listed`, or of any with its names: compares like the other changes do, with the
# newest price that is a week old, at most a day older.
CHANGE_7D = f"""round(100 * (price / (SELECT p.price FROM market_data p
  WHERE p.id BETWEEN base | ((listed.timestamp - {WEEK + DAY}) / 60 << 5)
    AND base | ((listed.timestamp - {WEEK}) / 60 << 5) | 31
  ORDER BY p.id DESC LIMIT 1) - 1), 3)"""  # noqa: S608 - constants of ours

# The assets on which something fired within a day of the newest tick: how often, what last, and
# how far to believe that. `lasting` are the signals that are not over. Grouped by `+asset_id`, so
# that SQLite goes by the time and does not read every signal in the order of another index.
FIRED = f"""
SELECT f.asset_id, json_object('signals_24h', f.n, 'lasting', f.lasting, 'signal_id', s.id,
  'type', s.type, 'direction', s.metadata ->> 'direction', 'explanation', s.explanation,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
  'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.ended_at, 'unixepoch'),
  'horizon_seconds', s.metadata -> 'claim' ->> 'horizon',
  'calibration', json(s.metadata -> 'calibration')) AS item
FROM (
  SELECT asset_id, count(*) AS n, sum(ended_at IS NULL) AS lasting, max(id) AS newest FROM signals
  WHERE created_at > (SELECT max(last_tick) FROM sources) - {DAY} GROUP BY +asset_id) f
CROSS JOIN signals s ON s.id = f.newest
"""  # noqa: S608 - a constant of ours

# A trend is told by one character a moment, which is an eighth of what its prices take: as high
# above '#' as the price lies between the lowest and the highest of the day; a space where there
# was none. A moment without a price has that of the two hours before it.
_TRENDS = f"""
moments (moment) AS (VALUES {_MOMENTS}
), points AS MATERIALIZED (
  SELECT a.asset_no, moment, (SELECT p.price FROM market_data p
    WHERE p.id BETWEEN a.asset_no << 31 | ((tick - {DAY + STEP} + {STEP} * moment) / 60 + 1 << 5)
      AND a.asset_no << 31 | ((tick - {DAY} + {STEP} * moment) / 60 << 5) | 31
      AND {may_be_told("p")}
    ORDER BY p.id DESC LIMIT 1) AS price
  FROM assets a CROSS JOIN clock CROSS JOIN moments
), ranges AS (
  SELECT asset_no, min(price) AS low, max(price) - min(price) AS span FROM points GROUP BY asset_no
), trends AS (
  SELECT asset_no, group_concat(CASE WHEN price IS NULL THEN ' ' ELSE
    char(35 + coalesce(CAST({_HEIGHTS} * (price - low) / span AS INTEGER), {_HEIGHTS // 2})) END, ''
    ) AS trend
  FROM points CROSS JOIN ranges USING (asset_no) GROUP BY asset_no
)"""  # noqa: S608 - constants of ours

FIRED_UNITS = {
    "signals_24h": "signals", "lasting": "signals", "horizon_seconds": "s",
}  # fmt: skip
UNITS = units.ASSETS | {"change_7d": "%", "sources": "sources"} | FIRED_UNITS

# ?1 now, ?2 the origin of the data. The largest first, as everywhere: a row's place is its rank.
MARKET_VIEW = f"""
WITH {listed_assets()}, {_TRENDS}, open AS MATERIALIZED (
  SELECT source FROM sources WHERE redistributable AND shared
), names AS MATERIALIZED (
  SELECT source, row_number() OVER (ORDER BY source) - 1 AS place
  FROM (SELECT 'consensus' AS source UNION SELECT source FROM open)
), told_of AS (
  SELECT listed.asset_id, symbol, name, price, change_1h, change_24h, volume_24h, market_cap,
    {CHANGE_7D} AS change_7d, CAST(?1 AS INTEGER) - observed_at AS age_seconds,
    coalesce(trend, '') AS trend, place,
    iif(inputs IS NULL, 1, (SELECT count(*) FROM json_each(inputs, '$.used')
      WHERE key IN (SELECT source FROM open))) AS sources
  FROM listed LEFT JOIN names USING (source) LEFT JOIN trends ON trends.asset_no = base >> 31
  ORDER BY {LARGEST_FIRST}
)
SELECT json_object(
  'tick', (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', tick, 'unixepoch') FROM clock), 'origin', ?2,
  'source_names', (SELECT json_group_array(source) FROM (SELECT source FROM names ORDER BY place)),
  'columns', (SELECT json_object(
    'asset_id', json_group_array(asset_id), 'symbol', json_group_array(symbol),
    'name', json_group_array(name), 'price', json_group_array(price),
    'change_1h', json_group_array(change_1h), 'change_24h', json_group_array(change_24h),
    'change_7d', json_group_array(change_7d), 'volume_24h', json_group_array(volume_24h),
    'market_cap', json_group_array(market_cap), 'sources', json_group_array(sources),
    'source', json_group_array(place), 'age_seconds', json_group_array(age_seconds),
    'trend', json_group_array(trend)) FROM told_of),
  'signals', (SELECT json_group_object(asset_id, json(item)) FROM ({FIRED})))
"""  # noqa: S608 - constants of ours


class MarketRequest(msgspec.Struct):
    """Nothing: the page sorts and filters what it has."""


async def market(_: MarketRequest, reads: Reads) -> Result:
    """Return every asset."""
    text = await reads.database.text(Statement(MARKET_VIEW, (int(reads.now), reads.origin)))
    return Result(text or "null", {"units": UNITS})


ROUTES = (
    Route(
        path="/api/v1/dashboard/market",
        summary="The market view: every asset, column by column, with what fired on it",
        request=MarketRequest,
        handler=market,
        permission="dashboard:read",
        answers=MarketView,
        cost="view",
    ),
)
