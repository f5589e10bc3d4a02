"""/analytics: figures over everything that is collected."""

from typing import Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement
from common.views import MARKET_ROWS

MARKET = """
SELECT json_object(
  'total_market_cap', total_market_cap, 'total_volume', total_volume,
  'btc_dominance', btc_dominance, 'market_cap_change_24h', market_cap_change_24h,
  'source', source, 'tick', strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'))
FROM market_global ORDER BY timestamp DESC, source LIMIT 1
"""

MOVERS = f"""
WITH listed AS (SELECT value AS row FROM json_each(({MARKET_ROWS}))
  WHERE value ->> 'change_24h' IS NOT NULL)
SELECT json_object(
  'up', (SELECT json_group_array(json(row)) FROM (
    SELECT row FROM listed ORDER BY row ->> 'change_24h' DESC LIMIT 10)),
  'down', (SELECT json_group_array(json(row)) FROM (
    SELECT row FROM listed ORDER BY row ->> 'change_24h' LIMIT 10)))
"""  # noqa: S608 - a constant of ours

SOURCES = """
SELECT json_group_array(json_object(
  'source', s.source, 'state', s.state, 'reason', s.reason,
  'last_tick', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_tick, 'unixepoch'),
  'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch'),
  'runs_24h', (SELECT count(*) FROM source_runs r
    WHERE r.source = s.source AND r.tick > s.last_tick - 86400),
  'ok_24h', (SELECT count(*) FROM source_runs r
    WHERE r.source = s.source AND r.tick > s.last_tick - 86400 AND r.state = 'ok'),
  'skipped', (SELECT json(r.skipped) FROM source_runs r
    WHERE r.source = s.source ORDER BY r.tick DESC LIMIT 1),
  'attribution', s.attribution, 'attribution_url', s.attribution_url))
FROM sources s WHERE ?1 IS NULL
"""

METRICS = {"market": MARKET, "movers": MOVERS, "sources": SOURCES}


class AnalyticsRequest(msgspec.Struct):
    """`metric`: market, movers or sources."""

    metric: Literal["market", "movers", "sources"]


async def analytics(request: AnalyticsRequest, reads: Reads) -> Result:
    """Return one metric; null while nothing was collected yet."""
    sql = METRICS[request.metric]
    parameters = (None,) if "?1" in sql else ()
    return Result(await reads.database.text(Statement(sql, parameters)) or "null")


ROUTES = (
    Route(
        path="/api/v1/analytics/{metric}",
        summary="Market overview, movers, or the quality of the sources",
        request=AnalyticsRequest,
        handler=analytics,
    ),
)
