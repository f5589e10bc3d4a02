"""CoinGecko v3: prices, volumes and market caps of the largest coins, and the whole market.

Prices in US dollars, `total_volume` over the last 24 h in US dollars, stamps
ISO 8601 with milliseconds (`last_updated`) or Unix milliseconds (charts).
Every number may be null, integers and floats mix, and `symbol` is not unique:
`id` is the key. Charts are 5-minutely for one day and hourly for up to 90.
Free keys: at most 100 requests a minute are documented, 30 reported.
https://docs.coingecko.com/reference/coins-markets
"""

import math
from collections import Counter

import msgspec

from collection.payload import amount, check_age, decode, pairs, parse_rows, positive
from collection.source import Endpoint, History, Source
from common.errors import Retryable, Skippable
from common.models import GlobalMarket, HistoryPoint, Parsable, Parsed, Quote
from common.times import epoch

BASE = "https://api.coingecko.com/api/v3"
EARLIEST = 1_230_768_000  # 2009: a stamp before it is a wrong one
LATEST_SECONDS = 3600  # a chart ends at the present, which may be some time after its tick
GRID = 900  # history is kept on the grid of the ticks
# A coin "worth" this much of which next to nothing is traded is an entry error.
ABSURD_MARKET_CAP, ABSURD_TURNOVER = 1e10, 1e-7


class Market(msgspec.Struct):
    """A row of /coins/markets."""

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


_market = msgspec.json.Decoder(Market, strict=False)
_chart = msgspec.json.Decoder(Chart, strict=False)
_global = msgspec.json.Decoder(Global, strict=False)


def parse_markets(body: bytes, tick: int) -> Parsed:
    """Parse a page of /coins/markets into Quotes."""

    def quote(row: Market) -> Parsable:
        if not row.id or not row.symbol.strip():
            raise Skippable("no_id")
        if row.current_price is None:
            raise Skippable("no_price")
        if positive(row.current_price) is None:
            raise Skippable("bad_price")
        volume, cap = amount(row.total_volume), positive(row.market_cap)
        if (
            cap
            and volume is not None
            and cap > ABSURD_MARKET_CAP
            and volume < cap * ABSURD_TURNOVER
        ):
            raise Skippable("implausible_market_cap")
        if row.last_updated is None:
            raise Skippable("no_timestamp")
        try:
            observed_at = epoch(row.last_updated)
        except ValueError:
            raise Skippable("bad_timestamp") from None
        check_age(observed_at, tick)
        return Quote(
            asset_id=row.id,
            symbol=row.symbol.strip().upper(),
            name=row.name.strip() or row.id,
            price=row.current_price,
            volume_24h=volume,
            market_cap=cap,
            observed_at=observed_at,
        )

    return parse_rows(body, _market, quote, key=lambda row: row.asset_id)  # type: ignore[union-attr]


def parse_global(body: bytes, tick: int) -> Parsed:
    """Parse /global into one GlobalMarket."""
    data = decode(body, _global).data
    try:
        if data.updated_at is not None:
            check_age(data.updated_at, tick)
    except Skippable as skip:
        return Parsed([], Counter({skip.reason: 1}))
    change = data.market_cap_change_percentage_24h_usd
    row = GlobalMarket(
        total_market_cap=positive(data.total_market_cap.get("usd")),
        total_volume=positive(data.total_volume.get("usd")),
        btc_dominance=positive(data.market_cap_percentage.get("btc")),
        market_cap_change_24h=change if change is not None and math.isfinite(change) else None,
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
    for time, price in pairs(chart.prices):
        cell = time - time % GRID
        if cell >= tick - tick % GRID:
            skipped["not_past"] += 1
        elif cell == last_cell:
            skipped["off_grid"] += 1
        elif cell < EARLIEST or positive(price) is None:
            skipped["bad_price"] += 1
        else:
            last_cell = cell
            volume, cap = amount(volumes.get(time)), positive(caps.get(time))
            rows.append(HistoryPoint(asset_id, cell, price, volume, cap))
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
            name="markets",
            url=f"{BASE}/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page={{page}}",
            parse=parse_markets,
            paged=True,
        ),
        Endpoint(name="global", url=f"{BASE}/global", parse=parse_global),
    ),
    history=History(
        urls=(
            f"{BASE}/coins/{{asset_id}}/market_chart?vs_currency=usd&days=1",
            f"{BASE}/coins/{{asset_id}}/market_chart?vs_currency=usd&days=3",
        ),
        parse=parse_history,
    ),
    requests_per_minute=25,
    key_name="COINGECKO_API_KEY",
    key_header="x-cg-demo-api-key",
)
