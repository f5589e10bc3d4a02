"""/analytics: figures over everything that is collected."""

from typing import Annotated, Any, Literal

import msgspec

from api.reads.asking import Name, Names, split_names
from api.reads.quality import ASSET_TONE, MARKET_TONE, SOURCE_QUALITY, SOURCES
from api.reads.returns import CLOSES, Window, correlations, volatilities
from api.routes.signals import require_known
from api.routing import CostClass, Handler, Reads, Result, Route
from api.shapes import analytics as shapes
from api.shapes.common import Readings
from common.database import Statement
from common.readings import READING_KINDS
from common.times import iso
from common.views import LATEST_READINGS, listed_assets

MOST_VOLATILE, MOST_CORRELATED = 100, 10  # their closes of 30 days fit into a string of D1

MARKET = """
SELECT json_object(
  'total_market_cap', total_market_cap, 'total_volume', total_volume,
  'btc_dominance', btc_dominance, 'market_cap_change_24h', market_cap_change_24h,
  'source', source, 'tick', strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'))
FROM market_global WHERE source IN (SELECT source FROM sources WHERE redistributable AND shared)
ORDER BY timestamp DESC, source LIMIT 1
"""

MOVERS = f"""
WITH {listed_assets()}, moved AS MATERIALIZED (
  SELECT row, change_24h, asset_id FROM listed WHERE change_24h IS NOT NULL
)
SELECT json_object(
  'up', (SELECT json_group_array(json(row)) FROM (
    SELECT row FROM moved ORDER BY change_24h DESC, asset_id LIMIT 10)),
  'down', (SELECT json_group_array(json(row)) FROM (
    SELECT row FROM moved ORDER BY change_24h, asset_id LIMIT 10)))
"""  # noqa: S608 - a constant of ours

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
    "exchange_rates": ("exchange_rate",),
}  # fmt: skip
# What the largest come first by, where that is not the value: a pool by its price, or a
# yield by its percentage, would begin with what hardly anybody holds.
ORDER = {"trending": "rank", "pools": "liquidity", "yields": "tvl"}
UNITS = msgspec.json.encode({name: kind.unit for name, kind in READING_KINDS.items()}).decode()

HOUR, DAY = 3600, 86_400
HOURLY = "of log returns between full hours of the price of record"


class ReadingsRequest(msgspec.Struct):
    """`metric`: what to look at; `limit`: how many at most, the largest first."""

    metric: Literal[
        "tvl", "chains", "dex_volume", "pools", "yields", "stablecoins", "trending", "promoted",
        "nft", "network", "fear_greed", "exchange_rates",
    ]  # fmt: skip
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100


class Nothing(msgspec.Struct):
    """Takes no parameters."""


class VolatilityRequest(msgspec.Struct):
    """`symbols`, or the `limit` largest assets; `days` of the window."""

    symbols: Names | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_VOLATILE)] = 50
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7


class CorrelationRequest(msgspec.Struct):
    """`symbols`, 10 at most, or the 10 largest assets; `days` of the window."""

    symbols: Names | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 7


class SentimentRequest(msgspec.Struct):
    """Of all stories or of those that mention the asset `symbol`; `by` hour or day; `days` back."""

    symbol: Name | None = None
    by: Literal["hour", "day"] = "day"
    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7


async def readings(request: ReadingsRequest, reads: Reads) -> Result:
    """Return the newest readings of a metric, with whose they are."""
    metric = request.metric
    wanted = msgspec.json.encode(READINGS[metric]).decode()
    values = (wanted, UNITS, request.limit, ORDER.get(metric), int(reads.now))
    return Result(await reads.database.text(Statement(LATEST_READINGS, values)) or "null")


async def market(_: Nothing, reads: Reads) -> Result:
    """Return the whole market; null while nobody told it."""
    return Result(await reads.database.text(Statement(MARKET)) or "null")


async def movers(_: Nothing, reads: Reads) -> Result:
    """Return the ten that rose and the ten that fell most."""
    return Result(await reads.database.text(Statement(MOVERS)) or "null")


async def sources(_: Nothing, reads: Reads) -> Result:
    """Return every source and how it is."""
    return Result(await reads.database.text(Statement(SOURCES)) or "null")


async def track_record(_: Nothing, reads: Reads) -> Result:
    """Return the newest calibration of each type and horizon."""
    return Result(await reads.database.text(Statement(TRACK_RECORD)) or "null")


async def detectors(_: Nothing, reads: Reads) -> Result:
    """Return how ready each detector is."""
    return Result(await reads.database.text(Statement(DETECTORS)) or "null")


async def volatility(request: VolatilityRequest, reads: Reads) -> Result:
    """Return realised volatilities, of the largest asset first; meta.unknown are wrong symbols."""
    found = await _closes(request.symbols, MOST_VOLATILE, request.limit, request.days, reads)
    told = {"method": f"annualised standard deviation {HOURLY}", "unit": "% a year"}
    return _computed(found, request.days, told | {"assets": volatilities(found.assets)})


async def correlation(request: CorrelationRequest, reads: Reads) -> Result:
    """Return the correlation of each pair of assets; meta.unknown are wrong symbols."""
    found = await _closes(request.symbols, MOST_CORRELATED, MOST_CORRELATED, request.days, reads)
    told = {"method": f"Pearson's correlation {HOURLY}", "unit": "1"}
    return _computed(found, request.days, told | {"pairs": correlations(found.assets)})


async def _closes(symbols: str | None, most: int, limit: int, days: int, reads: Reads) -> Window:
    named = None
    if symbols is not None:
        names = split_names("symbols", symbols, most)
        named = msgspec.json.encode([(n.upper(), n.lower(), n) for n in names]).decode()
        limit = most
    values = (named, limit, days * 24)
    return msgspec.json.decode(
        await reads.database.text(Statement(CLOSES, values)) or "", type=Window
    )


def _computed(found: Window, days: int, told: dict[str, object]) -> Result:
    about = {
        "window_seconds": days * DAY, "source": "consensus",
        "as_of": None if found.until is None else iso(found.until),
    }  # fmt: skip
    return Result(msgspec.json.encode(told | about).decode(), {"unknown": found.unknown})


async def sentiment(request: SentimentRequest, reads: Reads) -> Result:
    """Return the tone of the news over time. Raises Problem 404 for an unknown asset."""
    step = HOUR if request.by == "hour" else DAY
    since = (int(reads.now) - request.days * DAY) // step * step
    if request.symbol is None:
        statement = Statement(MARKET_TONE, (since, step))
    else:
        named = (request.symbol.upper(), request.symbol.lower())
        statement = Statement(ASSET_TONE, (since, step, *named))
    text = await reads.database.text(statement) or ""
    if request.symbol and msgspec.json.decode(text)["n"] == 0:
        await require_known(request.symbol, reads)
    return Result(text)


async def source_quality(_: Nothing, reads: Reads) -> Result:
    """Return how reliable, quick and close to the consensus each source is."""
    statement = Statement(SOURCE_QUALITY, (int(reads.now),))
    return Result(await reads.database.text(statement) or "null")


def _route(
    name: str, summary: str, request: type[msgspec.Struct], handler: Handler, answers: Any,
    cost: CostClass = "read", problems: tuple[str, ...] = (), **example: Any,
) -> Route:  # fmt: skip
    return Route(
        path=f"/api/v1/analytics/{name}", summary=summary, request=request, handler=handler,
        answers=answers, permission="analytics:read", cost=cost, problems=problems, example=example,
    )  # fmt: skip


_WRONG = ("invalid-parameter",)
ROUTES = (
    _route("market", "The whole market: size, volume, dominance", Nothing, market,
           shapes.Market | None),
    _route("movers", "What rose and what fell most in a day", Nothing, movers, shapes.Movers),
    _route("sources", "Every source: its state, its last day, whose data it is", Nothing, sources,
           list[shapes.SourceState]),
    _route("source_quality", "How reliable, quick and close to the consensus each source is",
           Nothing, source_quality, shapes.SourceQuality, "heavy"),
    _route("track_record", "How good signals of each type were, by horizon", Nothing, track_record,
           list[shapes.TrackRecord]),
    _route("detectors", "For how many series each detector is ready", Nothing, detectors,
           dict[str, shapes.Readiness]),
    _route("volatility", "Realised volatility of the largest assets, or of those named",
           VolatilityRequest, volatility, shapes.Volatility, "heavy", _WRONG, limit=10),
    _route("correlation", "How assets moved together, pair by pair", CorrelationRequest,
           correlation, shapes.Correlations, "heavy", _WRONG, symbols="BTC,ETH"),
    _route("sentiment", "Tone of the news, of the market or an asset, by hour or day",
           SentimentRequest, sentiment, shapes.Sentiment, "heavy", ("unknown-symbol",),
           symbol="BTC"),
    _route("{metric}", "DeFi, DEX, NFT, network and sentiment figures; exchange rates",
           ReadingsRequest, readings, Readings, metric="tvl", limit=5),
)  # fmt: skip
