"""/market-data: prices with their sources and ages, their history, and the list of all assets."""

from typing import Annotated, Literal

import msgspec

from api.reads import bars, units
from api.reads.asking import (
    Cursor,
    Name,
    Names,
    When,
    period,
    refuse_idle,
    require_bounds,
    seal,
    split_names,
    unseal,
)
from api.reads.listing import FALLING, FILTERED, RISING, Found, Sort
from api.reads.prices import LATEST, LATEST_IN, In
from api.routing import MARKET, MARKET_LIST, Reads, Result, Route
from api.shapes.market_data import Bar, Latest, ListedAsset
from common.database import Statement
from common.errors import Problem

MOST_SYMBOLS = 250
Currency = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=80,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="ISO 4217 code (EUR), or symbol or id of a collected asset (BTC)",
    ),
]
Figure = Annotated[float, msgspec.Meta(ge=-1e18, le=1e18)]

BARS = 100  # of a page, unless told
DEEP_DAYS = 365  # what reaches further back is priced


class _Asked(msgspec.Struct):
    symbol: Name
    currency: Currency = "USD"
    history: bars.Interval | None = None
    to: When | None = None
    limit: (
        Annotated[int, msgspec.Meta(ge=1, le=1000, description="bars of a page, 100 unless told")]
        | None
    ) = None
    cursor: Cursor | None = None


# The class statement cannot have a field of the name `from`.
MarketDataRequest = msgspec.defstruct(
    "MarketDataRequest",
    [("from", When | None, None)],
    bases=(_Asked,),
    module=__name__,
    namespace={
        "__doc__": "An asset and the currency to tell it in; for its history the interval, the"
        " first and last moment that a bar may begin at, limit and cursor."
    },
)


class MarketListRequest(msgspec.Struct):
    """`symbols`: up to 250 names; at least and at most what; the order; limit and cursor."""

    symbols: Names | None = None
    min_price: Figure | None = None
    max_price: Figure | None = None
    min_market_cap: Figure | None = None
    max_market_cap: Figure | None = None
    min_volume_24h: Figure | None = None
    max_volume_24h: Figure | None = None
    min_change_1h: Figure | None = None
    max_change_1h: Figure | None = None
    min_change_24h: Figure | None = None
    max_change_24h: Figure | None = None
    sort: Sort = "market_cap"
    order: Literal["asc", "desc"] = "desc"
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 100
    cursor: Cursor | None = None


async def market_data(request: _Asked, reads: Reads) -> Result:
    """Return the newest price, or bars of the past; meta.next is the cursor of older ones.

    Raises Problem 404 for an asset or a currency that is not collected, 400
    for a history in a currency whose own history is not kept, for parameters
    of the history without `history`, and for a span that ends before it begins.
    """
    if request.history is not None:
        return await _history(request, reads)
    change = "{name} is for the history alone; add history=15m, 1h or 1d, or leave {name} out"
    refuse_idle(request, ("from", "to", "limit", "cursor"), "history", change)
    code = request.currency.upper()
    values = (request.symbol.upper(), request.symbol.lower(), int(reads.now))
    if code == "USD":
        statement = Statement(LATEST, values)
    else:
        statement = Statement(LATEST_IN, (*values, code, request.currency.lower()))
    data = await reads.database.text(statement)
    if data is None:
        raise _unknown(request.symbol)
    if data == "null":
        raise _no_currency(request.currency)
    if code != "USD":
        code = msgspec.json.decode(data, type=In).currency
    return Result(data, {"units": units.price_in(code)})


def is_deep(request: _Asked, now: float) -> bool:
    """Whether the page of a history reaches further back than DEEP_DAYS before `now`."""
    if request.history is None:
        return False
    step, since, until = _span(request)
    oldest = max(since, min(until, int(now) // 60) - (request.limit or BARS) * step)
    return oldest < _border(now)


def _border(now: float) -> int:
    """Return the minute that only priced pages reach behind."""
    return int(now) // 60 - DEEP_DAYS * 1440


def _span(request: _Asked) -> tuple[int, int, int]:
    """Return the length of a bar and where the page may begin and end, in minutes."""
    first, last = period(request, "from", "to")
    step, since, until = bars.span(request.history or "1h", first, last)
    if request.cursor:
        (minute,) = unseal(request, request.cursor)
        until = min(until, int(minute) - step if minute.isdecimal() else 0)
    return step, since, until


async def _history(request: _Asked, reads: Reads) -> Result:
    step, first, until = _span(request)
    since = first
    if not is_deep(request, reads.now):  # nor does a hole in the history lead there
        since = max(first, -(-_border(reads.now) // step) * step)
    name, into = request.symbol, request.currency
    values = (name.upper(), name.lower(), step, since, until, request.limit or BARS)
    now = int(reads.now)
    if into.upper() == "USD":
        statement = Statement(bars.HISTORY, (*values, now, first))
    else:
        statement = Statement(bars.HISTORY_IN, (*values, into.upper(), into.lower(), now, first))
    text = await reads.database.text(statement)
    if text is None:
        raise _unknown(name)
    told = msgspec.json.decode(text, type=bars.History)
    if into.upper() != "USD" and told.currency is None:
        raise Problem(
            400, "no-rate-history",
            f"There is no history of the rate of {into!r}, and today's would be wrong for the"
            " past. Ask in USD, or in units of a collected asset such as BTC.",
        )  # fmt: skip
    currency = told.currency or "USD"
    meta: dict[str, object] = {
        "asset_id": told.asset_id, "symbol": told.symbol, "interval": request.history,
        "currency": currency, "units": units.bars_in(currency),
        "next": None if told.next is None else seal(request, str(told.next)),
    }  # fmt: skip
    return Result(bytes(told.bars).decode(), meta)


async def market_list(request: MarketListRequest, reads: Reads) -> Result:
    """Return a page of assets; meta.next is the cursor of the next one, null at the end.

    `meta.unknown` are the symbols that nothing is collected of. Raises Problem
    400 for bounds that nothing is between, and for a wrong cursor.
    """
    require_bounds(request, *FILTERED)
    named = None
    if request.symbols is not None:
        names = split_names("symbols", request.symbols, MOST_SYMBOLS)
        named = msgspec.json.encode([(n.upper(), n.lower(), n) for n in names]).decode()
    key = unseal(request, request.cursor, 2) if request.cursor else (None, None)
    bounds = (getattr(request, f"{end}_{one}") for one in FILTERED for end in ("min", "max"))
    sql = RISING if request.order == "asc" else FALLING
    values = (named, request.sort, *key, request.limit, int(reads.now), *bounds)
    text = await reads.database.text(Statement(sql, values)) or ""
    found = msgspec.json.decode(text, type=Found)
    rows = found.rows[: request.limit]
    more = len(found.rows) > request.limit
    following = seal(request, *rows[-1][:2]) if more else None
    meta: dict[str, object] = {"next": following, "units": units.ASSETS}
    if named is not None:
        meta["unknown"] = found.unknown
    return Result(f"[{','.join(row for _, _, row in rows)}]", meta)


def _unknown(symbol: str) -> Problem:
    return Problem(
        404, "unknown-symbol",
        f"No asset with the symbol or id {symbol!r} is collected."
        " /api/v1/market-data lists those that are.",
    )  # fmt: skip


def _no_currency(currency: str) -> Problem:
    return Problem(
        404, "unknown-currency",
        f"No rate of {currency!r} was collected in the last two days. Give an ISO 4217 code such"
        " as EUR, or the symbol or id of an asset.",
    )  # fmt: skip


ROUTES = (
    Route(
        path="/api/v1/market-data",
        summary="All assets: a screener with filters, orders and pages; or many by symbol",
        request=MarketListRequest,
        handler=market_list,
        permission="market:read",
        answers=list[ListedAsset],
        example={"symbols": "BTC,ETH", "sort": "change_24h"},
        problems=("invalid-parameter", "contradictory-parameters", "invalid-cursor"),
        cache=MARKET_LIST,
    ),
    Route(
        path="/api/v1/market-data/{symbol}",
        summary="Newest price of an asset with every source and its age, or its history in bars",
        description="With history=15m, 1h or 1d the data is a list of bars, newest first; meta"
        " says of what. A page that may reach further back than a year is priced; the others"
        " end there, and meta.next leads on. currency= takes a fiat currency at the newest rate,"
        " or an asset; in a history an asset only, at the rate of each tick.",
        request=MarketDataRequest,
        handler=market_data,
        permission="market:read",
        answers=Latest | list[Bar],
        example={"symbol": "BTC"},
        problems=(
            "unknown-symbol", "unknown-currency", "no-rate-history", "invalid-parameter",
            "contradictory-parameters", "invalid-cursor",
        ),
        cache=MARKET,
        price="deep_history",
        priced_when=is_deep,
    ),
)  # fmt: skip
