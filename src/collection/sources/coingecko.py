"""CoinGecko v3: the largest coins, the whole market, trends, token contracts and NFT floors.

Prices in US dollars, `total_volume` over the last 24 h in US dollars, percent
as percent. Stamps are ISO 8601 with milliseconds (`last_updated`), Unix
seconds (`updated_at`) or Unix milliseconds (charts); trends and NFTs have
none. Every number may be null, integers and floats mix, and `symbol` is not
unique: `id` is the key. Charts are 5-minutely for one day and hourly for up
to 90. An NFT collection takes a request of its own: the list with prices
(/nfts/markets) is for paying customers and left out.
Free keys: at most 100 requests a minute are documented, 30 reported, and
10,000 a month; these endpoints take 9,951, with one page of markets.
https://docs.coingecko.com/reference/coins-markets
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from collection import coingecko_lists as lists
from collection.payload import (
    FUTURE_SECONDS,
    STALE_SECONDS,
    Rows,
    amount,
    check_age,
    decode,
    number,
    pairs,
    parse_rows,
    positive,
    price,
    stamp,
)
from collection.source import Endpoint, Fill, History, Source
from common.errors import Retryable, Skippable
from common.models import GlobalMarket, HistoryPoint, Parsable, Parsed, Quote

BASE = "https://api.coingecko.com/api/v3"
EARLIEST = 1_230_768_000  # 2009: a stamp before it is a wrong one
LATEST_SECONDS = 3600  # a chart ends at the present, which may be some time after its tick
GRID = 900  # history is kept on the grid of the ticks
INFINITE = float("inf")
# A coin "worth" this much of which next to nothing is traded is an entry error.
ABSURD_MARKET_CAP, ABSURD_TURNOVER = 1e10, 1e-7


class Market(msgspec.Struct, gc=False):
    """A row of /coins/markets whose stamp, if any, is as documented."""

    id: str
    symbol: str
    name: str
    current_price: float | None = None
    market_cap: float | None = None
    total_volume: float | None = None
    last_updated: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class LooseMarket(msgspec.Struct):
    """The same with whatever text stands for its stamp."""

    id: str
    symbol: str
    name: str
    current_price: float | None = None
    total_volume: float | None = None
    market_cap: float | None = None
    last_updated: str | None = None


class Chart(msgspec.Struct):
    """/coins/{id}/market_chart: [[Unix milliseconds, value], …] each."""

    prices: list[list[float | None]]
    total_volumes: list[list[float | None]]
    market_caps: list[list[float | None]]


class GlobalData(msgspec.Struct):
    """The part of /global that is kept; amounts by currency, shares by coin symbol."""

    total_market_cap: dict[str, float | None]
    total_volume: dict[str, float | None]
    market_cap_percentage: dict[str, float | None]
    market_cap_change_percentage_24h_usd: float | None = None
    updated_at: int | None = None


class Global(msgspec.Struct):
    """/global."""

    data: GlobalData


_page = msgspec.json.Decoder(list[Market], strict=False)
_loose_markets = Rows(LooseMarket)
_chart = msgspec.json.Decoder(Chart, strict=False)
_global = msgspec.json.Decoder(Global, strict=False)


def parse_markets(body: bytes, tick: int) -> Parsed:
    """Parse a page of /coins/markets into Quotes.

    This is the hottest parser: a page as documented is decoded in one pass,
    stamps included, and its ordinary rows take the short way through the loop.
    """
    try:
        page = _page.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return parse_rows(
            body, _loose_markets, lambda row: _quote(row, tick), key=lambda row: row.id
        )
    start = tick - STALE_SECONDS
    earliest = datetime.fromtimestamp(start, UTC)
    latest = datetime.fromtimestamp(tick + FUTURE_SECONDS, UTC)  # less than a day after it
    rows: dict[str, Parsable] = {}
    skipped: Counter[str] = Counter()
    for row in page:
        key, cost, volume, cap = row.id, row.current_price, row.total_volume, row.market_cap
        symbol, at = row.symbol.strip().upper(), row.last_updated
        if (
            (key and symbol and cost and volume and cap and at)
            and 0 < cost < INFINITE
            and 0 < cap * ABSURD_TURNOVER <= volume < INFINITE
            and earliest <= at <= latest
        ):
            observed_at = start + (at - earliest).seconds
            quote = Quote(key, symbol, row.name.strip() or key, cost, volume, cap, observed_at)
        else:
            try:
                quote = _quote(row, tick)
            except Skippable as skip:
                skipped[skip.reason] += 1
                continue
        if key in rows:
            skipped["duplicate"] += 1
        else:
            rows[key] = quote
    return Parsed(list(rows.values()), skipped)


def _quote(row: Market | LooseMarket, tick: int) -> Quote:
    """Return the Quote of any row. Raises Skippable saying what is wrong with it."""
    symbol = row.symbol.strip().upper()
    if not row.id or not symbol:
        raise Skippable("no_id")
    volume, cap = amount(row.total_volume), positive(row.market_cap)
    cost = price(row.current_price)
    if cap and volume is not None and cap > ABSURD_MARKET_CAP and volume < cap * ABSURD_TURNOVER:
        raise Skippable("implausible_market_cap")
    if isinstance(row.last_updated, datetime):
        observed_at = int(row.last_updated.timestamp())
        check_age(observed_at, tick)
    else:
        observed_at = stamp(row.last_updated, tick)
    return Quote(row.id, symbol, row.name.strip() or row.id, cost, volume, cap, observed_at)


def parse_global(body: bytes, tick: int) -> Parsed:
    """Parse /global into one GlobalMarket."""
    data = decode(body, _global).data
    try:
        if data.updated_at is not None:
            check_age(data.updated_at, tick)
    except Skippable as skip:
        return Parsed([], Counter({skip.reason: 1}))
    row = GlobalMarket(
        total_market_cap=positive(data.total_market_cap.get("usd")),
        total_volume=positive(data.total_volume.get("usd")),
        btc_dominance=positive(data.market_cap_percentage.get("btc")),
        market_cap_change_24h=number(data.market_cap_change_percentage_24h_usd),
    )
    return Parsed([row], Counter())


def parse_history(body: bytes, tick: int, asset_id: str) -> Parsed:
    """Parse a market chart into HistoryPoints on the grid of the ticks.

    Raises Retryable when many stamps run ahead of the tick: then none of them
    can be trusted.
    Of several points in one grid cell the first is kept; "off_grid" counts
    the others, the present moment at the end of every chart among them.
    """
    chart = decode(body, _chart)
    volumes, caps = dict(pairs(chart.total_volumes)), dict(pairs(chart.market_caps))
    ahead = sum(time > tick + LATEST_SECONDS for time, _ in pairs(chart.prices))
    if ahead * 10 > len(chart.prices):
        raise Retryable("a chart with stamps from the future")
    rows: list[Parsable] = []
    skipped: Counter[str] = Counter()
    last_cell = -1
    for time, cost in pairs(chart.prices):
        cell = time - time % GRID
        if cell >= tick - tick % GRID:
            skipped["not_past"] += 1
        elif cell == last_cell:
            skipped["off_grid"] += 1
        elif cell < EARLIEST or positive(cost) is None:
            skipped["bad_price"] += 1
        else:
            last_cell = cell
            volume, cap = amount(volumes.get(time)), positive(caps.get(time))
            rows.append(HistoryPoint(asset_id, cell, cost, volume, cap))
    broken = len(chart.prices) - len(rows) - skipped.total()
    if broken:
        skipped["malformed"] = broken
    return Parsed(rows, skipped)


SOURCE = Source(
    name="coingecko",
    attribution="Data by CoinGecko",
    attribution_url="https://www.coingecko.com",
    endpoints=(
        Endpoint(
            "markets",
            f"{BASE}/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page={{page}}",
            parse_markets,
        ),
        Endpoint("global", f"{BASE}/global", parse_global),
        Endpoint("trending", f"{BASE}/search/trending", lists.parse_trending),
        Endpoint(
            "list",
            f"{BASE}/coins/list?include_platform=true",
            lists.parse_list,
            cadence=86_400,
            conditional=True,
        ),
        Endpoint(
            "nfts",
            f"{BASE}/nfts/{{items}}",
            lists.parse_nft,
            cadence=21_600,
            fill=Fill(values=lists.COLLECTIONS),
        ),
    ),
    history=History(
        urls=(
            f"{BASE}/coins/{{asset_id}}/market_chart?vs_currency=usd&days=1",
            f"{BASE}/coins/{{asset_id}}/market_chart?vs_currency=usd&days=14",
        ),
        parse=parse_history,
    ),
    requests_per_minute=25,
    key_name="COINGECKO_API_KEY",
    key_header="x-cg-demo-api-key",
    coverage="aggregate",
)
