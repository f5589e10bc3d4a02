"""/exports: whole series as files, for spreadsheets and for research."""

import re
from typing import Literal

import msgspec

from api.reads import bars
from api.reads.asking import Name, When, period
from api.reads.exporting import PAGE, Column, Format, answer, page_of
from api.routes.signals import require_known, span_of_ids
from api.routing import PRIVATE, Reads, Route
from common.database import Statement
from common.envelope import Answer
from common.errors import Problem
from common.signal_types import SignalType
from common.times import iso
from common.views import may_be_told

MEDIA_TYPE = "text/csv, application/x-ndjson"
HORIZONS = {"1h": 3600, "4h": 14_400, "24h": 86_400}


def _price(seconds: int) -> str:
    """Return SQL of the price of record at or first after so long after a signal `p`.

    None within an hour after that moment is no price.
    """
    minute = f"((p.created_at + {seconds} + 59) / 60)"
    return f"""(SELECT m.price FROM (SELECT n.id FROM market_data n
      WHERE n.id BETWEEN (p.asset_no << 31) | ({minute} << 5)
        AND (p.asset_no << 31) | (({minute} + 60) << 5) | 31 AND {may_be_told("n")}
      ORDER BY n.id LIMIT 1) f
    JOIN market_data m ON m.id BETWEEN f.id & ~31 AND f.id | 31 AND {may_be_told("m")}
    ORDER BY m.id DESC LIMIT 1)"""  # noqa: S608 - constants of ours


def _time(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch')"


SIGNAL_COLUMNS = (
    Column("id", "id", text=True),
    Column("type", "type", text=True),
    Column("asset_id", "asset_id", text=True),
    Column("symbol", "symbol", text=True),
    Column("created_at", _time("created_at"), text=True),
    Column("known_at", _time("known_at"), text=True),
    Column("ended_at", _time("ended_at"), text=True),
    Column("direction", "metadata ->> 'direction'", text=True),
    Column("score", "score"),
    Column("confidence_score", "confidence_score"),
    Column("price", "price"),
    *(Column(f"return_{name}", f"round(price_{name} / price - 1, 6)") for name in HORIZONS),
    *(Column(f"hit_{name}", f"hit_{name}") for name in HORIZONS),
    *(Column(f"base_rate_{name}", f"base_rate_{name}") for name in HORIZONS),
    Column("explanation", "explanation", text=True),
)
_JUDGED = ", ".join(
    f"""(SELECT o.hit FROM outcomes o WHERE o.signal_id = p.id AND o.horizon = {seconds})
    AS hit_{name}, (SELECT round(1.0 * o.control_hits / o.control_n, 4) FROM outcomes o
    WHERE o.signal_id = p.id AND o.horizon = {seconds}) AS base_rate_{name},
    {_price(seconds)} AS price_{name}"""  # noqa: S608 - constants of ours
    for name, seconds in HORIZONS.items()
)
# ?1 the id that the page begins behind, ?2 the first and ?3 the id behind the last, ?4 how many.
_SIGNALS = f"""(SELECT p.*, {_price(0)} AS price, {_JUDGED} FROM (
    SELECT s.*, a.asset_no FROM signals s LEFT JOIN assets a USING (asset_id)
    WHERE (condition) s.id > ?1 AND s.id >= ?2 AND s.id < ?3 ORDER BY s.id LIMIT ?4) p)"""  # noqa: S608
_CONDITIONS = {
    "all": "",
    "type": "s.type = ?5 AND",
    "asset": "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?6 UNION SELECT ?7)"
    " AND ?5 IN ('all', s.type) AND",
}


def _signal_page(form: Format, which: str) -> str:
    rows = _SIGNALS.replace("(condition)", _CONDITIONS[which])
    return page_of(SIGNAL_COLUMNS, rows, "id", form)


SIGNALS_CSV, SIGNALS_NDJSON = _signal_page("csv", "all"), _signal_page("ndjson", "all")
TYPE_CSV, TYPE_NDJSON = _signal_page("csv", "type"), _signal_page("ndjson", "type")
ASSET_CSV, ASSET_NDJSON = _signal_page("csv", "asset"), _signal_page("ndjson", "asset")

BAR_COLUMNS = (
    Column("time", "time", text=True),
    *(Column(name, name) for name in ("open", "high", "low", "close", "volume_24h")),
    Column("market_cap", "market_cap"),
    Column("observed", "observed"),
    Column("source", "source", text=True),
    Column("observed_at", "observed_at", text=True),
)
BARS_CSV, BARS_NDJSON = (
    bars.oldest_first() + page_of(BAR_COLUMNS, "told", "minute", form) for form in ("csv", "ndjson")
)


ASSET_ID = f"SELECT asset_id FROM ({bars.wanted('?1', '?2')})"  # noqa: S608


class SignalsExportRequest(msgspec.Struct):
    """`format`; filters as those of /signals: type, symbol, since, until."""

    format: Format = "csv"
    type: SignalType | Literal["all"] = "all"
    symbol: Name | None = None
    since: When = "0"
    until: When | None = None


class MarketExportRequest(msgspec.Struct):
    """`symbol`, the interval of the bars, format, and what they begin between."""

    symbol: Name
    interval: bars.Interval = "1h"
    format: Format = "csv"
    since: When = "0"
    until: When | None = None


async def signals(request: SignalsExportRequest, reads: Reads) -> Answer:
    """Return every signal, oldest first, with its forward returns and outcomes.

    Raises Problem 404 for an asset that is not collected, 400 for a wrong time
    and for a span that ends before it begins.
    """
    first, before = span_of_ids(request)
    csv = request.format == "csv"
    extra: tuple[str, ...] = ()
    if request.symbol:
        await require_known(request.symbol, reads)
        sql = ASSET_CSV if csv else ASSET_NDJSON
        extra = (request.type, request.symbol.upper(), request.symbol.lower())
    elif request.type != "all":
        sql, extra = TYPE_CSV if csv else TYPE_NDJSON, (request.type,)
    else:
        sql = SIGNALS_CSV if csv else SIGNALS_NDJSON
    return await answer(
        f"signals-{iso(reads.now)[:10]}", request.format, SIGNAL_COLUMNS, reads.database,
        lambda key: Statement(sql, (key, first, before, PAGE, *extra)), "",
    )  # fmt: skip


async def market_data(request: MarketExportRequest, reads: Reads) -> Answer:
    """Return every bar of an asset, oldest first, in US dollars.

    Raises Problem 404 for an asset that is not collected, 400 for a wrong time
    and for a span that ends before it begins.
    """
    step, since, until = bars.span(request.interval, *period(request))
    named = (request.symbol.upper(), request.symbol.lower())
    asset = await reads.database.text(Statement(ASSET_ID, named))
    if asset is None:
        detail = f"No asset with the symbol or id {request.symbol!r} is collected."
        raise Problem(404, "unknown-symbol", detail)
    sql = BARS_CSV if request.format == "csv" else BARS_NDJSON
    return await answer(
        f"{safe(asset)}-{request.interval}", request.format, BAR_COLUMNS, reads.database,
        lambda key: Statement(sql, (*named, step, int(key) + step, until, PAGE)), since - step,
    )  # fmt: skip


def safe(name: str) -> str:
    """Return a name that no file system and no header stumbles over."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip(".")[:80] or "asset"


_MORE = (
    "Streamed a page at a time, so it may be long. A CSV that breaks off was cut by a fault;"
    ' an NDJSON then ends in {"error": …}.'
)
ROUTES = (
    Route(
        path="/api/v1/exports/signals",
        summary="The whole signal history as CSV or NDJSON, with forward returns and outcomes",
        description="return_1h, return_4h and return_24h are shares (0.01 is 1 %) of `price`, the"
        " price of record at or first after the signal, none more than an hour late. hit_… is 1"
        " or 0, and base_rate_… how often the same came true at random moments. " + _MORE,
        request=SignalsExportRequest,
        handler=signals,
        permission="exports:read",
        cost="heavy",
        cache=PRIVATE,
        media_type=MEDIA_TYPE,
        example={"format": "csv", "type": "all"},
        price="signal_export",
        problems=("unknown-symbol", "invalid-parameter", "contradictory-parameters"),
    ),
    Route(
        path="/api/v1/exports/market-data",
        summary="The whole price history of an asset as CSV or NDJSON, in bars",
        description="US dollars; bars as those of /api/v1/market-data/{symbol}, oldest first. "
        + _MORE,
        request=MarketExportRequest,
        handler=market_data,
        permission="exports:read",
        cost="heavy",
        cache=PRIVATE,
        media_type=MEDIA_TYPE,
        example={"symbol": "BTC", "interval": "1d"},
        price="market_export",
        problems=("unknown-symbol", "invalid-parameter", "contradictory-parameters"),
    ),
)
