"""/dashboard: what a view of the dashboard needs, in one call."""

from typing import Annotated, Literal

import msgspec

from api.reads import units
from api.reads.asking import Name, refuse_idle
from api.reads.listing import aged
from api.reads.markets import whole_market
from api.routes.analytics import UNITS
from api.routing import Reads, Result, Route
from api.shapes.dashboard import View
from common.database import Statement
from common.errors import Problem
from common.views import LARGEST_FIRST, SIGNAL_OBJECT, listed_assets, may_be_told

# In every statement: ?1 the asset's id, NULL in the overview; ?2 now; ?3 the origin of the data.
ROWS = f"""
WITH {listed_assets("?1 IS NULL OR a.asset_id = ?1")}
SELECT json_group_array(json(row)) FROM (
  SELECT {aged("?2")} AS row FROM listed ORDER BY {LARGEST_FIRST})
"""  # noqa: S608 - constants of ours

SOURCES = """
SELECT json_group_array(json_object('source', source, 'state', state, 'reason', reason,
  'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', last_success, 'unixepoch'),
  'age_seconds', CAST(?2 AS INTEGER) - last_success, 'attribution', attribution,
  'attribution_url', attribution_url)) FROM sources WHERE shared
"""

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

_SIGNALS = f"""
SELECT json_group_array(json(item)) FROM (SELECT {SIGNAL_OBJECT} AS item
  FROM signals s LEFT JOIN assets a USING (asset_id) WHERE (condition) ORDER BY s.id DESC LIMIT 50)
"""  # noqa: S608 - a constant of ours
NEWEST_SIGNALS = _SIGNALS.replace("(condition)", "s.id < '~'")  # '~' is behind every id
ASSET_SIGNALS = _SIGNALS.replace("(condition)", "s.asset_id = ?1")

OVERVIEW = f"""
SELECT json_object(
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(last_tick) FROM sources), 'unixepoch'),
  'origin', ?3, 'sources', json(({SOURCES})), 'market', json(({whole_market("?2")})),
  'assets', json(({ROWS})), 'sparklines', json(({SPARKLINES})),
  'beyond', json(({BEYOND})), 'signals', json(({NEWEST_SIGNALS})),
  'signals_24h', (SELECT count(*) FROM signals
    WHERE created_at > (SELECT max(last_tick) FROM sources) - 86400))
"""  # noqa: S608

# ?4 how many days back.
POINTS = f"""
SELECT json_group_array(json_array(timestamp, price, volume_24h)) FROM (
  SELECT m.timestamp, m.price, m.volume_24h, max(m.id) FROM assets a JOIN market_data m ON m.id
    BETWEEN (a.asset_no << 31)
      | ((((SELECT max(last_tick) FROM sources) - ?4 * 86400) / 60) << 5)
    AND (a.asset_no << 31) | 2147483647
  WHERE a.asset_id = ?1 AND {may_be_told("m")} GROUP BY m.id >> 5 ORDER BY m.id)
"""  # noqa: S608 - a constant of ours

# What each source said at the asset's newest tick, the largest volume first, and
# how the consensus came about. Of a source that may not be handed on not even
# its part in the consensus is told.
PRICES = """
WITH open AS (SELECT * FROM sources WHERE redistributable AND shared
), best AS (
  SELECT id, inputs, observed_at FROM market_data WHERE id = (
    SELECT m.id FROM assets a JOIN market_data m
      ON m.id BETWEEN a.asset_no << 31 AND (a.asset_no << 31) | 2147483647
    WHERE a.asset_id = ?1 ORDER BY m.id DESC LIMIT 1)
)
SELECT json_object('age_seconds', CAST(?2 AS INTEGER) - b.observed_at,
  'consensus', CASE WHEN b.inputs IS NOT NULL THEN json_object(
    'used', (SELECT json_group_object(key, value) FROM json_each(b.inputs, '$.used')
      WHERE key IN (SELECT source FROM open)),
    'rejected', (SELECT json_group_object(key, value) FROM json_each(b.inputs, '$.rejected')
      WHERE key IN (SELECT source FROM open)),
    'spread', b.inputs -> 'spread') END,
  'sources', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('source', m.source, 'price', m.price, 'volume_24h', m.volume_24h,
      'market_cap', m.market_cap,
      'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', m.observed_at, 'unixepoch'),
      'age_seconds', CAST(?2 AS INTEGER) - m.observed_at, 'attribution', o.attribution,
      'attribution_url', o.attribution_url) AS item
    FROM market_data m JOIN open o ON o.source = m.source
    WHERE m.id BETWEEN b.id & ~31 AND (b.id & ~31) | 30
    ORDER BY m.volume_24h DESC NULLS LAST, m.source)))
FROM best b
"""

NEWS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('title', n.title, 'url', n.url, 'source', coalesce(o.attribution, n.source),
    'published_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.published_at, 'unixepoch'),
    'age_seconds', CAST(?2 AS INTEGER) - n.published_at,
    'sentiment', n.sentiment, 'sentiment_model', n.sentiment_model) AS item
  FROM news_mentions m JOIN news_items n USING (news_id) LEFT JOIN sources o ON o.source = n.source
  WHERE m.entity_type = 'asset' AND m.entity_name = ?1
    AND coalesce(o.redistributable AND o.shared, 1)
  ORDER BY m.published_at DESC LIMIT 30)
"""

ASSET = f"""
SELECT json_object('asset', json(({ROWS})) -> 0, 'origin', ?3, 'points', json(({POINTS})),
  'prices', json(({PRICES})), 'signals', json(({ASSET_SIGNALS})), 'news', json(({NEWS})))
WHERE EXISTS (SELECT 1 FROM assets WHERE asset_id = ?1)
"""  # noqa: S608


DAYS = 3  # unless told


class DashboardRequest(msgspec.Struct):
    """`view`: overview or asset. For asset: asset_id, and days of prices (1 to 7)."""

    view: Literal["overview", "asset"]
    asset_id: Name | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=7, description="3 unless told")] | None = None


async def view(request: DashboardRequest, reads: Reads) -> Result:
    """Return a view's data.

    Raises Problem 400 for an asset's view without asset_id and for what changes
    nothing in the overview, 404 for an unknown asset.
    """
    now = int(reads.now)
    if request.view == "overview":
        change = "the overview is of all assets; leave {name} out, or ask for the view asset"
        refuse_idle(request, ("asset_id", "days"), "view", change)
        values = (None, now, reads.origin, UNITS)
        text = await reads.database.text(Statement(OVERVIEW, values))
        return Result(text or "null", {"units": units.OVERVIEW})
    if request.asset_id is None:
        raise Problem(
            400, "invalid-parameter", "The view 'asset' needs asset_id, for example bitcoin."
        )
    parameters = (request.asset_id, now, reads.origin, request.days or DAYS)
    data = await reads.database.text(Statement(ASSET, parameters))
    if data is None:
        raise Problem(
            404, "unknown-asset", f"No asset with the id {request.asset_id!r} is collected."
        )
    return Result(data, {"units": units.ASSET_VIEW})


ROUTES = (
    Route(
        path="/api/v1/dashboard/{view}",
        summary="Everything a view of the dashboard shows, in one call",
        request=DashboardRequest,
        handler=view,
        permission="dashboard:read",
        answers=View,
        example={"view": "asset", "asset_id": "bitcoin", "days": 7},
        problems=("unknown-asset", "invalid-parameter", "contradictory-parameters"),
    ),
)
