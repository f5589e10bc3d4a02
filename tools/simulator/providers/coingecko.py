"""CoinGecko v3, public host: markets, charts, global totals, and the lists beside them.

Shapes after the provider's OpenAPI description and recordings. The traps are kept: whole
numbers come as integers in float columns, `max_supply`, `fully_diluted_valuation` and `roi`
are often null, symbols repeat, and a page beyond the last is an empty array.
"""

import re
from typing import Any

import msgspec
import numpy as np

from tools.simulator.coin_rows import CHANGES, coin_rows, ordered_assets, ranked_capitals
from tools.simulator.gecko_lists import coins_list, exchange_rates, simple_price
from tools.simulator.gecko_nfts import nft, nfts_list, nfts_markets
from tools.simulator.gecko_trends import categories, defi_totals, trending
from tools.simulator.instants import DAY
from tools.simulator.provider import Answer, Provider, Request, json_answer

HOST = "api.coingecko.com"
_API = "/api/v3"

_ORDERS: dict[str, tuple[str, bool]] = {
    "market_cap_desc": ("market_cap", True),
    "market_cap_asc": ("market_cap", False),
    "volume_desc": ("total_volume", True),
    "volume_asc": ("total_volume", False),
    "id_desc": ("id", True),
    "id_asc": ("id", False),
}


def ping(request: Request, _: re.Match[str]) -> Answer:
    """`/ping`."""
    return json_answer({"gecko_says": "(V3) To the Moon!"}, request.now)


def markets(request: Request, _: re.Match[str]) -> Answer:
    """`/coins/markets`: one row per coin, ordered and paged."""
    if error := _currency_error(request):
        return error
    params = request.params
    order = params.get("order", "market_cap_desc")
    changes = [name for name in params.get("price_change_percentage", "").split(",") if name]
    per_page, page = _whole(params.get("per_page", "100")), _whole(params.get("page", "1"))
    if order not in _ORDERS:
        return _refuse(request, f"invalid order: one of {', '.join(_ORDERS)}")
    if unknown := [name for name in changes if name not in CHANGES]:
        return _refuse(request, f"invalid price_change_percentage: {unknown[0]}")
    if per_page is None or not 1 <= per_page <= 250:
        return _refuse(request, "per_page must be 1..250")
    if page is None or page < 1:
        return _refuse(request, "page must be 1 or more")
    wanted = {name for name in params.get("ids", "").split(",") if name}
    key, descending = _ORDERS[order]
    part = slice((page - 1) * per_page, page * per_page)
    recorded = request.world.recordings.get("coins_markets")
    if recorded is not None:
        rows = [row for row in msgspec.json.decode(recorded) if not wanted or row["id"] in wanted]
        rows.sort(key=lambda row: row["id"])
        rows.sort(key=lambda row: _rank(row, key), reverse=descending)
        return json_answer(rows[part], request.now, kept=True)
    market = request.world.market
    assets = ordered_assets(market, request.now, key, descending)
    chosen = [asset for asset in assets if not wanted or market.coins[asset].id in wanted]
    rows = coin_rows(market, request.now, chosen[part])
    _add_extras(request, rows, params.get("sparkline") == "true", changes)
    return json_answer([_public(row) for row in rows], request.now, kept=True)


def market_chart(request: Request, match: re.Match[str]) -> Answer:
    """`/coins/{id}/market_chart`: prices, capitalisations and volumes, the present last."""
    if error := _currency_error(request):
        return error
    recorded = request.world.recordings.get(f"market_chart/{match['id']}")
    if recorded is not None:
        return Answer(recorded, request.now)
    market = request.world.market
    asset = next((n for n, coin in enumerate(market.coins) if coin.id == match["id"]), None)
    if asset is None:
        return json_answer({"error": "coin not found"}, request.now, 404)
    days = _whole(request.params.get("days", ""))
    interval = request.params.get("interval", "")
    if days is None or not 1 <= days <= 365:
        return _refuse(request, "days must be 1..365")
    if interval not in ("", "5m", "hourly", "daily"):
        return _refuse(request, "interval must be 5m, hourly or daily")
    step = {"5m": 300, "hourly": 3600, "daily": DAY}.get(interval) or (
        300 if days == 1 else 3600 if days <= 90 else DAY
    )
    first = -(-(request.now - days * DAY) // step) * step
    instants = np.arange(first, request.now, step, dtype=np.int64)
    instants = np.append(instants, request.now)
    prices, volumes = market.history(asset, instants)
    known = ~np.isnan(prices)
    stamps = [instant * 1000 for instant in instants[known].tolist()]
    if stamps:
        stamps[-1] = round(request.instant * 1000)
    supply = market.coins[asset].supply if market.capitalised else None
    capitals = [price * supply if supply else None for price in prices[known].tolist()]
    chart = {
        "prices": list(zip(stamps, prices[known].tolist(), strict=True)),
        "market_caps": list(zip(stamps, capitals, strict=True)),
        "total_volumes": list(zip(stamps, volumes[known].tolist(), strict=True)),
    }
    return json_answer(chart, request.now)


def global_totals(request: Request, _: re.Match[str]) -> Answer:
    """`/global`: totals over the market; `updated_at` is in Unix seconds."""
    if recorded := request.world.recordings.get("global"):
        return Answer(recorded, request.now)
    market = request.world.market
    now, before = (market.snapshot(request.now - age) for age in (0, DAY))
    capital, capital_before = (
        np.maximum(ranked_capitals(market, request.now - age), 0) for age in (0, DAY)
    )
    total, total_before = float(capital.sum()), float(capital_before.sum())
    ranked = np.array([not coin.unranked for coin in market.coins], dtype=bool)
    volume, volume_before = (float(np.nansum(one.volume[ranked])) for one in (now, before))
    share = {
        coin.symbol.lower(): value / total * 100
        for coin, value in zip(market.coins[:10], capital[:10].tolist(), strict=True)
        if total
    }
    rates = {
        coin.symbol.lower(): price
        for coin, price in zip(market.coins, now.price.tolist(), strict=True)
        if coin.id in ("bitcoin", "ethereum") and not np.isnan(price)
    } | {"usd": 1.0}
    total_market_cap = {unit: total / rate for unit, rate in rates.items()}
    data = {
        "active_cryptocurrencies": len(market.coins),
        "upcoming_icos": 0,
        "ongoing_icos": 49,
        "ended_icos": 3376,
        "markets": 1400,
        "total_market_cap": total_market_cap if market.capitalised else {},
        "total_volume": {unit: volume / rate for unit, rate in rates.items()},
        "market_cap_percentage": share,
        "market_cap_change_percentage_24h_usd": _percent(total, total_before),
        "volume_change_percentage_24h_usd": _percent(volume, volume_before),
        "updated_at": request.now,
    }
    return json_answer({"data": data}, request.now, kept=True)


def _add_extras(
    request: Request, rows: list[dict[str, Any]], sparkline: bool, changes: list[str]
) -> None:
    """Add the fields that are only there when asked for."""
    market = request.world.market
    week = np.arange(request.now // 3600 - 167, request.now // 3600 + 1, dtype=np.int64) * 3600
    before = {name: market.snapshot(request.now - CHANGES[name]).price for name in changes}
    for row in rows:
        asset = row["_asset"]
        if sparkline:
            prices, _ = market.history(asset, week)
            row["sparkline_in_7d"] = {"price": prices[~np.isnan(prices)].tolist()}
        for name in changes:
            change = _percent(row["_price"], float(before[name][asset]))
            row[f"price_change_percentage_{name}_in_currency"] = change


def _public(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _rank(row: dict[str, Any], key: str) -> Any:
    """A sort key under which a missing number counts as less than any other."""
    value = row.get(key)
    return value if key == "id" else (value is not None, value or 0, row.get("total_volume") or 0)


def _percent(now: float, before: float) -> float | None:
    change = (now / before - 1) * 100 if before else np.nan
    return None if np.isnan(change) else float(change)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _currency_error(request: Request) -> Answer | None:
    currency = request.params.get("vs_currency")
    if currency is None:
        return _refuse(request, "Missing parameter vs_currency")
    return None if currency.lower() == "usd" else _refuse(request, "invalid vs_currency")


def _refuse(request: Request, message: str) -> Answer:
    return json_answer({"error": message}, request.now, 422)


PROVIDERS = (
    Provider(
        HOST,
        (
            (f"{_API}/ping", ping),
            (f"{_API}/coins/markets", markets),
            (f"{_API}/coins/(?P<id>[^/]+)/market_chart", market_chart),
            (f"{_API}/coins/list", coins_list),
            (f"{_API}/coins/categories", categories),
            (f"{_API}/global", global_totals),
            (f"{_API}/global/decentralized_finance_defi", defi_totals),
            (f"{_API}/search/trending", trending),
            (f"{_API}/simple/price", simple_price),
            (f"{_API}/exchange_rates", exchange_rates),
            (f"{_API}/nfts/list", nfts_list),
            (f"{_API}/nfts/markets", nfts_markets),
            (f"{_API}/nfts/(?P<id>[^/]+)", nft),
        ),
    ),
)
