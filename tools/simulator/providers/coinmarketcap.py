"""CoinMarketCap: listings and quotes in three versions, global metrics, fear and greed.

Shapes after section 2 of the provider notes. The traps are kept: every answer has a status
envelope, `quote` is an array in version 3 and a map before, quotes by symbol are arrays
because symbols are not unique, coins without a verified supply have a market capitalisation
of 0, and a key is needed, except below `/public-api`: without one the answer is 401 with
code 1002, with `bad-key` 1001.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tools.simulator.cmc_rows import cmc_id, cmc_prices, cmc_rows, cmc_slug
from tools.simulator.coin_rows import ordered_assets, ranked_capitals
from tools.simulator.coins import DEFI, Coin
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.provider import Answer, Handler, Provider, Request, json_answer
from tools.simulator.venues import change

HOST = "pro-api.coinmarketcap.com"
_KEY = "x-cmc_pro_api_key"
_MOST = 5000
_SORTS = {"market_cap": "market_cap", "volume_24h": "total_volume"}


def listings(request: Request, match: re.Match[str]) -> Answer:
    """`/v{1,3}/cryptocurrency/listings/latest`: `start` counts from one, `limit` to 5,000."""
    start, limit = (
        _whole(request.params.get(name, default))
        for name, default in (("start", "1"), ("limit", "100"))
    )
    sort = request.params.get("sort", "market_cap")
    if start is None or start < 1:
        return _error(request, 400, 400, '"start" must be larger than or equal to 1')
    if limit is None or not 1 <= limit <= _MOST:
        return _error(request, 400, 400, f'"limit" must be between 1 and {_MOST}')
    if sort not in _SORTS:
        return _error(request, 400, 400, f'"sort" must be one of {", ".join(_SORTS)}')
    if error := _convert_error(request):
        return error
    descending = request.params.get("sort_dir", "desc") == "desc"
    market, now = request.world.market, request.now
    places = ordered_assets(market, now, _SORTS[sort], descending, cmc_prices(market, now))
    chosen = places[start - 1 : start - 1 + limit]
    rows = cmc_rows(market, now, chosen, int(match["version"]))
    cost = -(-len(rows) // 200)
    return _answer(request, rows, cost, total_count=len(places))


def quotes(request: Request, match: re.Match[str]) -> Answer:
    """`/v{2,3}/cryptocurrency/quotes/latest` by `id`, `slug` or `symbol`."""
    asked = [name for name in ("id", "slug", "symbol") if request.params.get(name)]
    if len(asked) != 1:
        return _error(request, 400, 400, '"value" must contain at least one of [id, symbol, slug]')
    if error := _convert_error(request):
        return error
    name, version = asked[0], int(match["version"])
    wanted = [part.strip().lower() for part in request.params[name].split(",")]
    names: dict[str, Callable[[int, Coin], str]] = {
        "id": lambda place, coin: str(cmc_id(coin, place)),
        "slug": lambda _, coin: cmc_slug(coin),
        "symbol": lambda _, coin: coin.symbol.lower(),
    }
    found: dict[str, list[int]] = {one: [] for one in wanted}
    for place, coin in enumerate(request.world.market.coins):
        key = names[name](place, coin)
        if key in found:
            found[key].append(place)
    unknown = [one for one, places in found.items() if not places]
    if unknown and request.params.get("skip_invalid", "true") != "true":
        return _error(request, 400, 400, f'Invalid value for "{name}": "{unknown[0]}"')
    market, now = request.world.market, request.now
    every = [place for places in found.values() for place in places]
    rows = cmc_rows(market, now, every, version, tagged=version == 3)
    cost = max(1, -(-len(rows) // 100))
    if version == 3:
        return _answer(request, rows, cost)
    data: dict[str, Any] = {}
    for row in rows:
        if name == "symbol":
            data.setdefault(row["symbol"], []).append(row)
        else:
            data[str(row["id"])] = row
    return _answer(request, data, cost)


def global_metrics(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/global-metrics/quotes/latest`: the quote is a map."""
    if error := _convert_error(request):
        return error
    market = request.world.market
    today, before = (market.snapshot(request.now - age) for age in (0, DAY))
    capitals = np.maximum(ranked_capitals(market, request.now), 0)
    ranked = np.array([not coin.unranked for coin in market.coins], dtype=bool)
    total, volume = float(capitals.sum()), float(np.nansum(today.volume[ranked])) * 1.04

    def part(chosen: list[bool]) -> tuple[float, float, float | None]:
        mask = np.array(chosen, dtype=bool) & ranked
        notional = float(np.nansum(today.volume[mask])) * 1.04
        earlier = float(np.nansum(before.volume[mask])) * 1.04
        return float(capitals[mask].sum()), notional, change(notional, earlier)

    def share(id_: str) -> float:
        one = part([coin.id == id_ for coin in market.coins])[0]
        return one / total * 100 if total else 0.0

    defi = part([coin.sector == DEFI for coin in market.coins])
    stable = part([coin.stable for coin in market.coins])
    bitcoin = part([coin.id == "bitcoin" for coin in market.coins])
    stamp = iso_ms(request.now)
    data = {
        "active_cryptocurrencies": len(market.coins),
        "total_cryptocurrencies": len(market.coins) * 3,
        "active_market_pairs": 98_112,
        "active_exchanges": 812,
        "total_exchanges": 10_240,
        "btc_dominance": share("bitcoin"),
        "eth_dominance": share("ethereum"),
        "defi_volume_24h": defi[1],
        "defi_volume_24h_reported": defi[1] * 1.1,
        "defi_market_cap": defi[0],
        "defi_24h_percentage_change": defi[2],
        "stablecoin_volume_24h": stable[1],
        "stablecoin_market_cap": stable[0],
        "stablecoin_24h_percentage_change": stable[2],
        "derivatives_volume_24h": volume * 4.2,
        "derivatives_24h_percentage_change": 3.1,
        "last_updated": stamp,
        "quote": {
            "USD": {
                "total_market_cap": total,
                "total_volume_24h": volume,
                "total_volume_24h_reported": volume * 1.6,
                "altcoin_volume_24h": volume - bitcoin[1],
                "altcoin_volume_24h_reported": (volume - bitcoin[1]) * 1.6,
                "altcoin_market_cap": total - bitcoin[0],
                "last_updated": stamp,
            }
        },
    }
    return _answer(request, data, 1)


def fear_and_greed(request: Request, _: re.Match[str]) -> Answer:
    """`/v3/fear-and-greed/latest`: every 15 minutes, out of the market's week."""
    update = request.now // 900 * 900
    market = request.world.market
    now, before = (market.snapshot(update - age).price for age in (0, 7 * DAY))
    moves = np.log(now / before)[:50]
    known = moves[~np.isnan(moves)]
    mood = 50 + 250 * float(known.mean()) if len(known) else 50.0
    value = int(min(max(mood, 3), 97))
    bounds = ((20, "Extreme fear"), (40, "Fear"), (60, "Neutral"), (80, "Greed"))
    label = next((name for bound, name in bounds if value < bound), "Extreme greed")
    data = {"value": value, "value_classification": label, "update_time": iso_ms(update)}
    return _answer(request, data, 1)


def key_info(request: Request, _: re.Match[str]) -> Answer:
    """`/v1/key/info`: costs nothing."""
    present = datetime.fromtimestamp(request.now, UTC)
    reset = (present.replace(day=1) + timedelta(days=32)).strftime("%Y-%m-01T00:00:00.000Z")
    plan = {
        "credit_limit_monthly": 15_000,
        "credit_limit_monthly_reset": "In 10 days, 4 hours and 12 minutes",
        "credit_limit_monthly_reset_timestamp": reset,
        "rate_limit_minute": 30,
    }
    usage = {
        "current_minute": {"requests_made": 1, "requests_left": 29},
        "current_day": {"credits_used": 96, "credits_left": 404},
        "current_month": {"credits_used": 2_112, "credits_left": 12_888},
    }
    return _answer(request, {"plan": plan, "usage": usage}, 0)


def _answer(request: Request, data: Any, cost: int, **more: Any) -> Answer:
    status = {
        "timestamp": iso_ms(request.now),
        "error_code": 0,
        "error_message": None,
        "elapsed": 12,
        "credit_count": cost,
        "notice": None,
        **more,
    }
    return json_answer({"status": status, "data": data}, request.now, kept=True)


def _error(request: Request, status: int, code: int, message: str) -> Answer:
    about = {
        "timestamp": iso_ms(request.instant),
        "error_code": code,
        "error_message": message,
        "elapsed": 0,
        "credit_count": 0,
    }
    return json_answer({"status": about}, request.now, status)


def _convert_error(request: Request) -> Answer | None:
    convert = request.params.get("convert", "USD")
    if convert.upper() == "USD":
        return None
    return _error(request, 400, 400, f'Invalid value for "convert": "{convert}"')


def _with_key(handler: Handler) -> Handler:
    def checked(request: Request, match: re.Match[str]) -> Answer:
        if request.path.startswith("/public-api/"):
            return handler(request, match)
        key = request.headers.get(_KEY) or request.params.get("CMC_PRO_API_KEY", "")
        if not key:
            return _error(request, 401, 1002, "API key missing.")
        if key == "bad-key":
            return _error(request, 401, 1001, "This API Key is invalid.")
        return handler(request, match)

    return checked


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


_PUBLIC = "(?:/public-api)?"
PROVIDERS = (
    Provider(
        HOST,
        (
            (rf"{_PUBLIC}/v(?P<version>[13])/cryptocurrency/listings/latest", _with_key(listings)),
            (rf"{_PUBLIC}/v(?P<version>[23])/cryptocurrency/quotes/latest", _with_key(quotes)),
            (rf"{_PUBLIC}/v1/global-metrics/quotes/latest", _with_key(global_metrics)),
            (rf"{_PUBLIC}/v3/fear-and-greed/latest", _with_key(fear_and_greed)),
            ("/v1/key/info", _with_key(key_info)),
        ),
    ),
)
