"""The view of watchlists: the caller's lists, and one of them with its market and signals."""

from typing import Annotated

import msgspec

from api.objects.fields import Id
from api.objects.watchlists import no_such_watchlist
from api.reads import units
from api.reads.listing import aged
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.views.watchlists import WatchlistsView
from common.database import Statement
from common.views import SIGNAL_OBJECT, listed_assets, may_be_told

SIGNAL_DAYS, MOST_SIGNALS = 7, 50

# ?1 the list's id, NULL for the first by name; ?2 now; ?3 the owner.
VIEW = f"""
WITH chosen AS (
  SELECT w.* FROM watchlists w WHERE w.owner = ?3 AND w.watchlist_id = coalesce(?1, (
    SELECT f.watchlist_id FROM watchlists f WHERE f.owner = ?3 ORDER BY f.name LIMIT 1))
), mine AS (
  SELECT j.key AS place, j.value AS asset_id FROM chosen CROSS JOIN json_each(chosen.assets) j
), {listed_assets("a.asset_id IN (SELECT asset_id FROM mine)")}
SELECT json_object(
  'lists', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('watchlist_id', w.watchlist_id, 'name', w.name, 'assets', json(w.assets),
      'rules', (SELECT json_group_array(r.name) FROM alert_rules r
        WHERE r.owner = w.owner AND r.watchlist_id = w.watchlist_id),
      'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.updated_at, 'unixepoch')) AS item
    FROM watchlists w WHERE w.owner = ?3 ORDER BY w.name)),
  'chosen', (SELECT watchlist_id FROM chosen),
  'tick', (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', tick, 'unixepoch') FROM clock),
  'rows', (SELECT json_group_array(json(row)) FROM (
    SELECT {aged("?2")} AS row FROM mine CROSS JOIN listed USING (asset_id) ORDER BY place)),
  'unpriced', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('asset_id', mine.asset_id, 'symbol', a.symbol, 'name', a.name) AS item
    FROM mine CROSS JOIN assets a USING (asset_id)
    WHERE mine.asset_id NOT IN (SELECT asset_id FROM listed) ORDER BY place)),
  'sparklines', (SELECT json_group_object(asset_id, json(points)) FROM (
    SELECT asset_id, json_group_array(price) AS points FROM (
      SELECT m.asset_id, m.price, max(m.id) FROM mine CROSS JOIN assets a USING (asset_id)
      CROSS JOIN market_data m ON m.id
        BETWEEN (a.asset_no << 31) | ((((SELECT tick FROM clock) - 86400) / 60) << 5)
        AND (a.asset_no << 31) | 2147483647
      WHERE {may_be_told("m")} GROUP BY a.asset_no, m.timestamp / 1800)
    GROUP BY asset_id)),
  'signals', (SELECT json_group_array(json(item)) FROM (
    SELECT {SIGNAL_OBJECT} AS item
    FROM mine CROSS JOIN signals s ON s.asset_id = mine.asset_id
      AND s.id >= printf('%010d', (SELECT tick FROM clock) - {SIGNAL_DAYS * 86_400})
    LEFT JOIN assets a ON a.asset_id = s.asset_id
    ORDER BY s.id DESC LIMIT {MOST_SIGNALS})))
WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM chosen)
"""  # noqa: S608 - constants of ours


class WatchlistsViewRequest(msgspec.Struct):
    """`watchlist_id`: which list is told with its market; the first by name unless told."""

    watchlist_id: Annotated[Id | None, msgspec.Meta(description="of a list of yours")] = None


async def watchlists(request: WatchlistsViewRequest, reads: Reads) -> Result:
    """Return the caller's lists and one of them in full. Raises Problem 404."""
    values = (request.watchlist_id, int(reads.now), reads.principal.user_id)
    found = await reads.database.text(Statement(VIEW, values))
    if found is None:
        raise no_such_watchlist()
    return Result(found, {"units": units.ASSETS | {"sparklines": "USD"}})


ROUTES = (
    Route(
        path="/api/v1/dashboard/watchlists",
        summary="The view of your watchlists: all of them, and one with its market and signals",
        request=WatchlistsViewRequest,
        handler=watchlists,
        permission="watchlists:read",
        answers=WatchlistsView,
        problems=("no-such-watchlist",),
        cost="view",
        cache=PRIVATE,
    ),
)
