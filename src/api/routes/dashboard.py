"""/dashboard: what a view of the dashboard needs, in one call."""

from typing import Annotated, Literal

import msgspec

from api.routes.analytics import MARKET
from api.routing import Reads, Result, Route
from common.database import Statement
from common.errors import Problem
from common.views import MARKET_ROWS, SIGNAL_OBJECT

SOURCES = """
SELECT json_group_array(json_object('source', source, 'state', state, 'reason', reason,
  'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', last_success, 'unixepoch'),
  'attribution', attribution, 'attribution_url', attribution_url)) FROM sources WHERE shared
"""

# One price per half hour of the last day: the newest of each half hour, and of
# a tick the last row, which is the consensus.
SPARKLINES = """
SELECT json_group_object(asset_id, json(points)) FROM (
  SELECT asset_id, json_group_array(price) AS points FROM (
    SELECT m.asset_id, m.price, max(m.id) FROM assets a JOIN market_data m ON m.id
      BETWEEN (a.asset_no << 31) | ((((SELECT max(last_tick) FROM sources) - 86400) / 60) << 5)
      AND (a.asset_no << 31) | 2147483647
    GROUP BY a.asset_no, m.timestamp / 1800)
  GROUP BY asset_id)
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
  'origin', ?2, 'sources', json(({SOURCES})), 'market', json(({MARKET})),
  'assets', json(({MARKET_ROWS})), 'sparklines', json(({SPARKLINES})),
  'signals', json(({NEWEST_SIGNALS})),
  'signals_24h', (SELECT count(*) FROM signals
    WHERE created_at > (SELECT max(last_tick) FROM sources) - 86400))
"""  # noqa: S608

POINTS = """
SELECT json_group_array(json_array(timestamp, price, volume_24h)) FROM (
  SELECT m.timestamp, m.price, m.volume_24h, max(m.id) FROM assets a JOIN market_data m ON m.id
    BETWEEN (a.asset_no << 31)
      | ((((SELECT max(last_tick) FROM sources) - ?2 * 86400) / 60) << 5)
    AND (a.asset_no << 31) | 2147483647
  WHERE a.asset_id = ?1 GROUP BY m.id >> 5 ORDER BY m.id)
"""

NEWS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('title', n.title, 'url', n.url, 'source', coalesce(o.attribution, n.source),
    'published_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.published_at, 'unixepoch'),
    'sentiment', n.sentiment, 'sentiment_model', n.sentiment_model) AS item
  FROM news_mentions m JOIN news_items n USING (news_id) LEFT JOIN sources o ON o.source = n.source
  WHERE m.entity_type = 'asset' AND m.entity_name = ?1
    AND coalesce(o.redistributable AND o.shared, 1)
  ORDER BY m.published_at DESC LIMIT 30)
"""

ASSET = f"""
SELECT json_object('asset', json(({MARKET_ROWS})) -> 0, 'origin', ?3, 'points', json(({POINTS})),
  'signals', json(({ASSET_SIGNALS})), 'news', json(({NEWS})))
WHERE EXISTS (SELECT 1 FROM assets WHERE asset_id = ?1)
"""  # noqa: S608


class DashboardRequest(msgspec.Struct):
    """`view`: overview or asset. For asset: asset_id, and days of prices (1 to 7)."""

    view: Literal["overview", "asset"]
    asset_id: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=7)] = 3


async def view(request: DashboardRequest, reads: Reads) -> Result:
    """Return a view's data. Raises Problem 400 without an asset_id, 404 for an unknown one."""
    if request.view == "overview":
        return Result(
            await reads.database.text(Statement(OVERVIEW, (None, reads.origin))) or "null"
        )
    if request.asset_id is None:
        raise Problem(
            400, "invalid-parameter", "The view 'asset' needs asset_id, for example bitcoin."
        )
    parameters = (request.asset_id, request.days, reads.origin)
    data = await reads.database.text(Statement(ASSET, parameters))
    if data is None:
        raise Problem(
            404, "unknown-asset", f"No asset with the id {request.asset_id!r} is collected."
        )
    return Result(data)


ROUTES = (
    Route(
        path="/api/v1/dashboard/{view}",
        summary="Everything a view of the dashboard shows, in one call",
        request=DashboardRequest,
        handler=view,
    ),
)
