"""The overview: what moved, why, and in which mood the market is."""

import msgspec

from api.reads import units
from api.reads.latest import UNITS
from api.reads.listing import aged
from api.reads.markets import whole_market
from api.routing import Reads, Result, Route
from api.shapes.views.overview import Overview
from api.views.market import CHANGE_7D, FIRED, FIRED_UNITS
from api.views.parts import SOURCES
from common.database import Statement
from common.views import LARGEST_FIRST, SIGNAL_OBJECT, listed_assets, may_be_told

LARGEST, MOVERS, SIGNALS = 100, 6, 20
LEAST_VOLUME = 1_000_000  # US dollars a day: below it a few trades make a mover
FLAT = 0.005  # percent: what would be written as 0.00 % went nowhere
DAY, MOOD_STEP = 86_400, 7200
WINDOWS = ("change_1h", "change_24h", "change_7d")

_PLACES = ", ".join(
    f"row_number() OVER (PARTITION BY traded ORDER BY {change} {order} NULLS LAST) AS"
    f" {change}_{order}"
    for change in WINDOWS
    for order in ("DESC", "ASC")
)
_MOVED = " OR ".join(
    f"({change} > {FLAT} AND {change}_DESC <= {MOVERS})"
    f" OR ({change} < -{FLAT} AND {change}_ASC <= {MOVERS})"
    for change in WINDOWS
)

# The largest assets, and those that moved most in each window: a map and lists of movers are
# made of these alone.
PICKED = f"""
WITH {listed_assets()}, all_of AS MATERIALIZED (
  SELECT listed.*, volume_24h >= {LEAST_VOLUME} AS traded, {CHANGE_7D} AS change_7d,
    row_number() OVER (ORDER BY {LARGEST_FIRST}) AS place FROM listed
), picked AS MATERIALIZED (
  SELECT *, traded IS TRUE AND ({_MOVED}) AS moved FROM (SELECT *, {_PLACES} FROM all_of)
  WHERE place <= {LARGEST} OR (traded AND ({_MOVED}))
)
SELECT json_object(
  'breadth', (SELECT json_object('assets', count(*),
    'up', coalesce(sum(change_24h >= {FLAT}), 0), 'down', coalesce(sum(change_24h <= -{FLAT}), 0))
    FROM all_of),
  'assets', (SELECT json_group_array(json(row)) FROM (
    SELECT json_insert({aged("?2")}, '$.change_7d', change_7d) AS row FROM picked ORDER BY place)),
  'sparklines', (SELECT json_group_object(asset_id, json(points)) FROM (
    SELECT asset_id, json_group_array(price) AS points FROM (
      SELECT m.asset_id, m.price, max(m.id) FROM picked CROSS JOIN market_data m ON m.id
        BETWEEN base | ((((SELECT tick FROM clock) - {DAY}) / 60) << 5) AND base | 2147483647
      WHERE moved AND {may_be_told("m")} GROUP BY base, m.timestamp / 1800)
    GROUP BY asset_id)),
  'reasons', (SELECT json_group_object(asset_id, json(item)) FROM ({FIRED})
    WHERE asset_id IN (SELECT asset_id FROM picked)))
"""  # noqa: S608 - constants of ours

NEWEST = f"""
SELECT json_group_array(json(item)) FROM (SELECT {SIGNAL_OBJECT} AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE s.id < '~' ORDER BY s.id DESC LIMIT {SIGNALS})
"""  # noqa: S608 - '~' is behind every id

# The mean tone of the stories of the last day, each told once, beside that of the day before.
# A story is stamped an hour after its tick at the very most.
SENTIMENT = f"""
WITH clock AS (SELECT max(last_tick) AS tick FROM sources
), stories AS (
  SELECT n.sentiment AS tone, n.source, n.published_at,
    (clock.tick - n.published_at) / {MOOD_STEP} AS step
  FROM clock CROSS JOIN news_items n ON n.tick >= clock.tick - {2 * DAY + 3600}
    AND n.published_at > clock.tick - {2 * DAY}
  CROSS JOIN sources o ON o.source = n.source
  WHERE n.sentiment IS NOT NULL AND n.duplicate_of IS NULL AND o.redistributable AND o.shared
), day AS (SELECT * FROM stories WHERE step < {DAY // MOOD_STEP})
SELECT json_object('tone', round(avg(tone), 4), 'n', count(*),
  'newest_at', strftime('%Y-%m-%dT%H:%M:%SZ', max(published_at), 'unixepoch'),
  'age_seconds', CAST(?2 AS INTEGER) - max(published_at), 'window_seconds', {DAY},
  'sources', (SELECT json_group_object(source, n) FROM (
    SELECT source, count(*) AS n FROM day GROUP BY source)),
  'before', (SELECT json_object('tone', round(avg(tone), 4), 'n', count(*)) FROM stories
    WHERE step >= {DAY // MOOD_STEP}),
  'points', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object(
      'time', strftime('%Y-%m-%dT%H:%M:%SZ', tick - (step + 1) * {MOOD_STEP}, 'unixepoch'),
      'tone', round(avg(tone), 4), 'n', count(*)) AS item
    FROM day CROSS JOIN clock GROUP BY step ORDER BY step DESC)))
FROM day
"""  # noqa: S608

# ?4 the units by kind. Five numbers that are no prices, at most two days old, each from one source:
# the first by name of those that spoke in the last three hours, else the first
# of all. The value locked is the sum over the chains of that source.
BEYOND = """
WITH wanted (place, kind, key) AS (VALUES
  (1, 'fear_greed', 'crypto'), (2, 'chain_tvl', NULL), (3, 'dex_volume', 'all'),
  (4, 'bitcoin_fee', 'bitcoin'), (5, 'gas_price', 'ethereum')
), clock AS (SELECT max(last_tick) / 60 AS minute FROM sources
), newest AS (
  SELECT w.place, w.kind, o.source, o.attribution, o.attribution_url, r.value, r.figures,
    r.observed_at, r.id & 67108863 AS minute
  FROM wanted w CROSS JOIN sources o CROSS JOIN series
    ON series.source = o.source AND series.kind = w.kind
      AND series.key = coalesce(w.key, series.key)
  JOIN readings r ON r.id = (
    SELECT id FROM readings WHERE id BETWEEN series_no << 26 AND (series_no << 26) | 67108863
    ORDER BY id DESC LIMIT 1)
  WHERE o.redistributable AND o.shared
), told AS (
  SELECT place, json_object('kind', kind, 'value', sum(value), 'unit', ?4 ->> kind,
    'label', max(figures ->> 'label'),
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', max(observed_at), 'unixepoch'),
    'age_seconds', CAST(?2 AS INTEGER) - max(observed_at),
    'source', source, 'attribution', attribution, 'attribution_url', attribution_url) AS item,
    row_number() OVER (PARTITION BY kind
      ORDER BY max(minute) <= (SELECT minute - 180 FROM clock), source) AS choice
  FROM newest WHERE minute > (SELECT minute - 2880 FROM clock) GROUP BY kind, source
)
SELECT json_group_array(json(item)) FROM (
  SELECT item FROM told WHERE choice = 1 ORDER BY place)
"""

# What is taken from a part of the answer that has several, by name.
_OF_PICKED = ", ".join(
    f"'{name}', picked.told -> '{name}'" for name in ("breadth", "assets", "sparklines", "reasons")
)

# ?2 now, ?3 the origin of the data.
OVERVIEW = f"""
SELECT json_object(
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(last_tick) FROM sources), 'unixepoch'),
  'origin', ?3, 'sources', json(({SOURCES})), 'market', json(({whole_market("?2")})),
  {_OF_PICKED}, 'least_volume', {LEAST_VOLUME},
  'beyond', json(({BEYOND})), 'sentiment', json(({SENTIMENT})), 'signals', json(({NEWEST})),
  'signals_24h', fired.n, 'signalled_24h', fired.assets)
FROM (SELECT ({PICKED}) AS told) picked CROSS JOIN (
  SELECT count(*) AS n, count(DISTINCT asset_id) AS assets FROM signals
  WHERE created_at > (SELECT max(last_tick) FROM sources) - {DAY}) fired
"""  # noqa: S608
TOLD_IN = units.OVERVIEW | FIRED_UNITS | units.TONES | {
    "change_7d": "%", "least_volume": "USD", "assets": "assets",
    "up": "assets", "down": "assets", "signalled_24h": "assets", "window_seconds": "s",
}  # fmt: skip


class OverviewRequest(msgspec.Struct):
    """Nothing: the overview is of the whole market."""


async def overview(_: OverviewRequest, reads: Reads) -> Result:
    """Return the overview."""
    values = (None, int(reads.now), reads.origin, UNITS)  # the first is of other views
    text = await reads.database.text(Statement(OVERVIEW, values))
    return Result(text or "null", {"units": TOLD_IN})


ROUTES = (
    Route(
        path="/api/v1/dashboard/overview",
        summary="The overview of the dashboard: what moved, why, the mood, newest signals, sources",
        request=OverviewRequest,
        handler=overview,
        permission="dashboard:read",
        answers=Overview,
        cost="view",
    ),
)
