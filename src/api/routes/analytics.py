"""/analytics: figures over everything that is collected."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from api.reads import units
from api.reads.asking import Name, Names, refuse_idle, split_names
from api.reads.latest import latest
from api.reads.markets import MARKET, MOVERS
from api.reads.quality import ASSET_TONE, MARKET_TONE, SOURCE_QUALITY, SOURCES
from api.reads.record import DETECTORS, TRACK_RECORD
from api.reads.returns import CLOSES, Window, correlations, volatilities
from api.routes.signals import require_known
from api.routing import CostClass, Handler, Reads, Result, Route
from api.shapes import analytics as shapes
from api.shapes.common import Readings
from common.database import Statement
from common.errors import Problem
from common.times import iso

MOST_VOLATILE, MOST_CORRELATED = 100, 10  # their closes of 30 days fit into a string of D1
VOLATILE = 50  # unless told

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
    limit: (
        Annotated[int, msgspec.Meta(ge=1, le=MOST_VOLATILE, description="50 unless told")] | None
    ) = None
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
    text = await reads.database.text(latest(request.metric, request.limit, int(reads.now)))
    return Result(text or "null", {"units": units.FIGURES.get(request.metric, {}) | units.AGE})


async def market(_: Nothing, reads: Reads) -> Result:
    """Return the whole market; null while nobody told it."""
    return await _told(MARKET, units.WHOLE_MARKET, reads)


async def movers(_: Nothing, reads: Reads) -> Result:
    """Return the ten that rose and the ten that fell most."""
    return await _told(MOVERS, units.ASSETS, reads)


async def sources(_: Nothing, reads: Reads) -> Result:
    """Return every source and how it is."""
    return await _told(SOURCES, units.SOURCE_STATES, reads)


async def track_record(_: Nothing, reads: Reads) -> Result:
    """Return the newest calibration of each type and horizon."""
    return await _told(TRACK_RECORD, units.TRACK_RECORD, reads)


async def detectors(_: Nothing, reads: Reads) -> Result:
    """Return how ready each detector is."""
    text = await reads.database.text(Statement(DETECTORS))
    return Result(text or "null", {"units": {"ready": "series", "learning": "series"}})


async def _told(sql: str, told_in: units.Units, reads: Reads) -> Result:
    text = await reads.database.text(Statement(sql, (int(reads.now),)))
    return Result(text or "null", {"units": told_in})


async def volatility(request: VolatilityRequest, reads: Reads) -> Result:
    """Return realised volatilities, of the largest asset first; meta.unknown are wrong symbols.

    Raises Problem 400 for too many symbols, or a limit beside them.
    """
    if request.symbols is not None:
        refuse_idle(request, ("limit",), "symbols", "all named symbols are told; leave limit out")
    limit = request.limit or VOLATILE
    found = await _closes(request.symbols, MOST_VOLATILE, limit, request.days, reads)
    method = f"annualised standard deviation {HOURLY}"
    rows = {"assets": volatilities(found.assets)}
    return _computed(found, request.days, method, rows, {"volatility": "% a year"}, reads)


async def correlation(request: CorrelationRequest, reads: Reads) -> Result:
    """Return the correlation of each pair of assets; meta.unknown are wrong symbols.

    Raises Problem 400 for too many symbols, and for those of one asset alone.
    """
    found = await _closes(request.symbols, MOST_CORRELATED, MOST_CORRELATED, request.days, reads)
    if request.symbols is not None and len(found.assets) + len(found.unknown) < 2:
        detail = "symbols: one asset has no correlation; name at least two, such as BTC,ETH."
        raise Problem(400, "invalid-parameter", detail)
    method = f"Pearson's correlation {HOURLY}"
    rows = {"pairs": correlations(found.assets)}
    return _computed(found, request.days, method, rows, {"correlation": "from -1 to 1"}, reads)


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


def _computed(
    found: Window, days: int, method: str, rows: Mapping[str, object], told_in: units.Units,
    reads: Reads,
) -> Result:  # fmt: skip
    until = found.until
    told = {
        "method": method, "window_seconds": days * DAY, "source": "consensus",
        "as_of": None if until is None else iso(until),
        "age_seconds": None if until is None else int(reads.now) - until,
    }  # fmt: skip
    meta: dict[str, object] = {
        "unknown": found.unknown,
        "units": told_in | {"n": "returns"} | units.AGE,
    }
    return Result(msgspec.json.encode({**told, **rows}).decode(), meta)


async def sentiment(request: SentimentRequest, reads: Reads) -> Result:
    """Return the tone of the news over time. Raises Problem 404 for an unknown asset."""
    step = HOUR if request.by == "hour" else DAY
    since = (int(reads.now) - request.days * DAY) // step * step
    window = (since, step, int(reads.now))
    if request.symbol is None:
        statement = Statement(MARKET_TONE, window)
    else:
        named = (request.symbol.upper(), request.symbol.lower())
        statement = Statement(ASSET_TONE, (*window, *named))
    text = await reads.database.text(statement) or ""
    if request.symbol and msgspec.json.decode(text)["n"] == 0:
        await require_known(request.symbol, reads)
    return Result(text, {"units": units.TONES})


async def source_quality(_: Nothing, reads: Reads) -> Result:
    """Return how reliable, quick and close to the consensus each source is."""
    return await _told(SOURCE_QUALITY, units.SOURCE_QUALITY, reads)


def _route(
    name: str, summary: str, request: type[msgspec.Struct], handler: Handler, answers: Any,
    cost: CostClass = "read", problems: tuple[str, ...] = (), price: str | None = None,
    **example: Any,
) -> Route:  # fmt: skip
    return Route(
        path=f"/api/v1/analytics/{name}", summary=summary, request=request, handler=handler,
        answers=answers, permission="analytics:read", cost=cost, problems=problems, example=example,
        price=price,
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
           VolatilityRequest, volatility, shapes.Volatility, "heavy",
           (*_WRONG, "contradictory-parameters"), price="analytics", limit=10),
    _route("correlation", "How assets moved together, pair by pair", CorrelationRequest,
           correlation, shapes.Correlations, "heavy", _WRONG, price="analytics",
           symbols="BTC,ETH"),
    _route("sentiment", "Tone of the news, of the market or an asset, by hour or day",
           SentimentRequest, sentiment, shapes.Sentiment, "heavy", ("unknown-symbol",),
           symbol="BTC"),
    _route("{metric}", "DeFi, DEX, NFT, network and sentiment figures; exchange rates",
           ReadingsRequest, readings, Readings, metric="tvl", limit=5),
)  # fmt: skip
