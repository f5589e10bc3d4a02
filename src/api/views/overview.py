"""The overview: the market, every asset, what fired last, how the sources are."""

import msgspec

from api.reads import units
from api.reads.markets import whole_market
from api.routes.analytics import UNITS
from api.routing import Reads, Result, Route
from api.shapes.views.overview import Overview
from api.views.parts import NEWEST_SIGNALS, ROWS, SOURCES
from common.database import Statement
from common.views import may_be_told

# One price per half hour of the last day: the newest of each half hour, and of
# a tick the last row, which is the consensus.
SPARKLINES = f"""
SELECT json_group_object(asset_id, json(points)) FROM (
  SELECT asset_id, json_group_array(price) AS points FROM (
    SELECT m.asset_id, m.price, max(m.id) FROM assets a JOIN market_data m ON m.id
      BETWEEN (a.asset_no << 31) | ((((SELECT max(last_tick) FROM sources) - 86400) / 60) << 5)
      AND (a.asset_no << 31) | 2147483647
    WHERE {may_be_told("m")} GROUP BY a.asset_no, m.timestamp / 1800)
  GROUP BY asset_id)
"""  # noqa: S608 - a constant of ours

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

OVERVIEW = f"""
SELECT json_object(
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(last_tick) FROM sources), 'unixepoch'),
  'origin', ?3, 'sources', json(({SOURCES})), 'market', json(({whole_market("?2")})),
  'assets', json(({ROWS})), 'sparklines', json(({SPARKLINES})),
  'beyond', json(({BEYOND})), 'signals', json(({NEWEST_SIGNALS})),
  'signals_24h', (SELECT count(*) FROM signals
    WHERE created_at > (SELECT max(last_tick) FROM sources) - 86400))
"""  # noqa: S608


class OverviewRequest(msgspec.Struct):
    """Nothing: the overview is of all assets."""


async def overview(_: OverviewRequest, reads: Reads) -> Result:
    """Return the overview."""
    values = (None, int(reads.now), reads.origin, UNITS)
    text = await reads.database.text(Statement(OVERVIEW, values))
    return Result(text or "null", {"units": units.OVERVIEW})


ROUTES = (
    Route(
        path="/api/v1/dashboard/overview",
        summary="The overview of the dashboard: market, assets, newest signals, sources",
        request=OverviewRequest,
        handler=overview,
        permission="dashboard:read",
        answers=Overview,
        cost="view",
    ),
)
