"""CoinGecko's list of coins with their contracts, simple prices, and exchange rates.

Shapes after sections 1.3, 1.4 and 1.7 of the provider notes and recordings. The traps are
kept: symbols repeat, what is unknown is missing, and a worthless coin's figures are null.
"""

import re
from typing import Any

from tools.simulator.dex_chains import chains_of, contract
from tools.simulator.instants import DAY
from tools.simulator.market import MarketSource
from tools.simulator.provider import Answer, Request, json_answer
from tools.simulator.venues import EUR_USD, change, number_of

_FLAGS = {"include_market_cap", "include_24hr_vol", "include_24hr_change"}

# Code: name, unit, units for a dollar, type; a coin's id instead of a rate is its own price.
_RATES: dict[str, tuple[str, str, float | str, str]] = {
    "btc": ("Bitcoin", "BTC", "bitcoin", "crypto"),
    "eth": ("Ether", "ETH", "ethereum", "crypto"),
    "ltc": ("Litecoin", "LTC", "litecoin", "crypto"),
    "bnb": ("Binance Coin", "BNB", "binancecoin", "crypto"),
    "xrp": ("XRP", "XRP", "ripple", "crypto"),
    "usd": ("US Dollar", "$", 1.0, "fiat"),
    "eur": ("Euro", "€", 1 / EUR_USD, "fiat"),
    "gbp": ("British Pound Sterling", "£", 0.77, "fiat"),
    "jpy": ("Japanese Yen", "¥", 151.0, "fiat"),
    "xau": ("Gold - Troy Ounce", "XAU", 1 / 3400, "commodity"),
}


def coins_list(request: Request, _: re.Match[str]) -> Answer:
    """`/coins/list`: id, symbol and name of every coin, by id; its contracts on request."""
    if recorded := request.world.recordings.get("coins_list"):
        return Answer(recorded, request.now)
    platforms = request.params.get("include_platform") == "true"
    rows: list[dict[str, Any]] = []
    for coin in sorted(request.world.market.coins, key=lambda coin: coin.id):
        row: dict[str, Any] = {"id": coin.id, "symbol": coin.symbol.lower(), "name": coin.name}
        if platforms:
            homes = {chain.gecko: contract(coin.id, chain) for chain in chains_of(coin)}
            # Some platforms are listed before their contract is known.
            row |= {"platforms": homes | ({"kava": None} if number_of(coin.id) % 40 == 0 else {})}
        rows.append(row)
    return json_answer(rows, request.now, kept=True)


def simple_price(request: Request, _: re.Match[str]) -> Answer:
    """`/simple/price`: keyed by what was asked for; what is unknown is missing."""
    params, market = request.params, request.world.market
    if not params.get("vs_currencies"):
        return json_answer({"error": "Missing parameter vs_currencies"}, request.now, 422)
    asked = next((name for name in ("ids", "names", "symbols") if params.get(name)), None)
    if asked is None:
        return json_answer({"error": "Missing parameter ids"}, request.now, 422)
    wanted = {part.strip().lower() for part in params[asked].split(",")}
    today, before = market.snapshot(request.now), market.snapshot(request.now - DAY)
    rates = rates_of(market, request.now)
    found: dict[str, dict[str, Any]] = {}
    for place, coin in enumerate(market.coins):
        key = {"ids": coin.id, "names": coin.name.lower(), "symbols": coin.symbol.lower()}[asked]
        if key not in wanted or key in found or not today.price[place] > 0:
            continue
        row: dict[str, Any] = {}
        for code in params["vs_currencies"].lower().split(","):
            if code not in rates:
                continue
            cap = float(today.price[place]) * coin.supply
            worthless = coin.unranked and coin.follows is None
            figures = {
                "include_market_cap": ("market_cap", None if worthless else cap * rates[code]),
                "include_24hr_vol": ("24h_vol", float(today.volume[place]) * rates[code]),
                "include_24hr_change": (
                    "24h_change",
                    change(float(today.price[place]), float(before.price[place]), 14),
                ),
            }
            row[code] = float(f"{today.price[place] * rates[code]:.8g}")
            for flag in sorted(_FLAGS):
                if params.get(flag) == "true":
                    row[f"{code}_{figures[flag][0]}"] = figures[flag][1]
        if params.get("include_last_updated_at") == "true":
            row["last_updated_at"] = int(today.updated[place])
        found[key] = row
    return json_answer(found, request.now, kept=True)


def exchange_rates(request: Request, _: re.Match[str]) -> Answer:
    """`/exchange_rates`: units for one bitcoin."""
    rates = rates_of(request.world.market, request.now)
    if "btc" not in rates:
        return json_answer({"rates": {}}, request.now)
    rows = {
        code: {
            "name": name,
            "unit": unit,
            "value": round(rates[code] / rates["btc"], 3),
            "type": of,
        }
        for code, (name, unit, _, of) in _RATES.items()
        if code in rates
    }
    bits = {"name": "Bits", "unit": "μBTC", "value": 1_000_000.0, "type": "crypto"}
    sats = {"name": "Satoshi", "unit": "sats", "value": 100_000_000.0, "type": "crypto"}
    return json_answer({"rates": rows | {"bits": bits, "sats": sats}}, request.now, kept=True)


def rates_of(market: MarketSource, now: int) -> dict[str, float]:
    """Units of each currency for one dollar."""
    prices = {
        coin.id: float(price)
        for coin, price in zip(market.coins, market.snapshot(now).price.tolist(), strict=True)
        if price > 0
    }
    rates = {}
    for code, (_, _, rate, _) in _RATES.items():
        if not isinstance(rate, str):
            rates[code] = rate
        elif rate in prices:
            rates[code] = 1 / prices[rate]
    return rates
