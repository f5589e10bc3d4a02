"""The view of one asset: prices by source, candles' ticks, signals, news."""

from typing import Annotated

import msgspec

from api.reads import units
from api.reads.asking import Name
from api.routing import Reads, Result, Route
from api.shapes.views.asset import AssetView
from api.views.parts import ASSET_SIGNALS, ROWS
from common.database import Statement
from common.errors import Problem
from common.views import may_be_told

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


class AssetRequest(msgspec.Struct):
    """`asset_id`, and `days` of prices."""

    asset_id: Name
    days: Annotated[int, msgspec.Meta(ge=1, le=7, description="3 unless told")] | None = None


async def asset(request: AssetRequest, reads: Reads) -> Result:
    """Return an asset's view. Raises Problem 404 for an unknown asset."""
    parameters = (request.asset_id, int(reads.now), reads.origin, request.days or DAYS)
    data = await reads.database.text(Statement(ASSET, parameters))
    if data is None:
        raise Problem(
            404, "unknown-asset", f"No asset with the id {request.asset_id!r} is collected."
        )
    return Result(data, {"units": units.ASSET_VIEW})


ROUTES = (
    Route(
        path="/api/v1/dashboard/asset",
        summary="The view of one asset: prices by source, signals, news",
        request=AssetRequest,
        handler=asset,
        permission="dashboard:read",
        answers=AssetView,
        example={"asset_id": "bitcoin", "days": 7},
        problems=("unknown-asset",),
        cost="view",
    ),
)
