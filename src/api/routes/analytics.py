"""/analytics: figures over everything that is collected."""

from typing import Annotated, Literal

import msgspec

from api.routing import Reads, Result, Route
from common.database import Statement
from common.readings import READING_KINDS
from common.views import LATEST_READINGS, MARKET_ROWS

MARKET = """
SELECT json_object(
  'total_market_cap', total_market_cap, 'total_volume', total_volume,
  'btc_dominance', btc_dominance, 'market_cap_change_24h', market_cap_change_24h,
  'source', source, 'tick', strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'))
FROM market_global WHERE source IN (SELECT source FROM sources WHERE redistributable AND shared)
ORDER BY timestamp DESC, source LIMIT 1
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
FROM sources s WHERE s.shared
"""

# How good each type of signal was, by horizon: from the newest calibration of each.
TRACK_RECORD = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('type', c.type, 'horizon_seconds', c.horizon, 'version', c.version,
    'made_at', strftime('%Y-%m-%dT%H:%M:%SZ', c.made_at, 'unixepoch'),
    'accepted', json(iif(c.accepted, 'true', 'false')), 'calibration', json(c.calibration),
    'decision', json(c.decision), 'report', json(c.report)) AS item
  FROM calibrations c WHERE version = (
    SELECT max(version) FROM calibrations n WHERE n.type = c.type AND n.horizon = c.horizon)
  ORDER BY c.type, c.horizon)
"""

# For how many series each detector is ready, and of how many it still learns: as of its newest
# run, which for what is collected hourly is some runs ago.
DETECTORS = """
SELECT json_group_object(key, json_object('ready', value ->> 0, 'learning', value ->> 1)) FROM (
  SELECT d.key, d.value, max(r.run_no)
  FROM detection_runs r CROSS JOIN json_each(r.summary, '$.learning') d
  WHERE r.run_no > (SELECT max(run_no) FROM detection_runs) - 40 GROUP BY d.key)
"""

METRICS = {
    "market": MARKET,
    "movers": MOVERS,
    "sources": SOURCES,
    "track_record": TRACK_RECORD,
    "detectors": DETECTORS,
}

# What is told by readings: their kinds.
READINGS = {
    "tvl": ("protocol_tvl",),
    "chains": ("chain_tvl",),
    "dex_volume": ("dex_volume",),
    "pools": ("pool",),
    "yields": ("yield",),
    "stablecoins": ("stablecoin",),
    "trending": ("trending",),
    "promoted": ("promoted",),
    "nft": ("nft_floor",),
    "network": (
        "bitcoin_fee", "bitcoin_mempool", "bitcoin_difficulty", "gas_price", "block_height",
        "supply",
    ),
    "fear_greed": ("fear_greed",),
}  # fmt: skip
# What the largest come first by, where that is not the value: a pool by its price, or a
# yield by its percentage, would begin with what hardly anybody holds.
ORDER = {"trending": "rank", "pools": "liquidity", "yields": "tvl"}
UNITS = msgspec.json.encode({name: kind.unit for name, kind in READING_KINDS.items()}).decode()

Metric = Literal[
    "market", "movers", "sources", "tvl", "chains", "dex_volume", "pools", "yields",
    "stablecoins", "trending", "promoted", "nft", "network", "fear_greed", "track_record",
    "detectors",
]  # fmt: skip


class AnalyticsRequest(msgspec.Struct):
    """`metric`: what to look at; `limit`: rows of the metrics that are lists of readings."""

    metric: Metric
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


async def analytics(request: AnalyticsRequest, reads: Reads) -> Result:
    """Return one metric; null while nothing was collected yet."""
    metric = request.metric
    if kinds := READINGS.get(metric):
        wanted = msgspec.json.encode(kinds).decode()
        parameters = (wanted, UNITS, request.limit, ORDER.get(metric), int(reads.now))
        statement = Statement(LATEST_READINGS, parameters)
    else:
        sql = METRICS[metric]
        statement = Statement(sql, (None,) if "?1" in sql else ())
    return Result(await reads.database.text(statement) or "null")


ROUTES = (
    Route(
        path="/api/v1/analytics/{metric}",
        summary="Market, DeFi, DEX, NFT, network and sentiment figures; sources; track record",
        request=AnalyticsRequest,
        handler=analytics,
    ),
)
