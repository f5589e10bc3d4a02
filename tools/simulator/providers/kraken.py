"""Kraken: ticker, pairs, assets, status and time, all below `/0/public`.

Shapes after the provider's OpenAPI description and recordings. The traps are kept: errors
come with status 200 in the array `error`; numbers are strings, counts of trades integers;
old assets carry an X or Z before their name, Bitcoin is XBT and Dogecoin XDG; a pair
without trades has prices of zero; staked forms have names of their own with `.S`. With
`assetVersion=1` pairs are called `BTC/USD`. There are no times in a ticker.
"""

import re
from typing import Any

from tools.simulator.coins import Coin
from tools.simulator.instants import DAY, http_date, iso
from tools.simulator.kraken_pairs import FIAT, OLD, Pair, pairs_of
from tools.simulator.market import Snapshot
from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.venues import EUR_USD, number_of, off_by

HOST = "api.kraken.com"
_PUBLIC = "/0/public"
_SHARE = 0.02  # of the market's volume


def ticker(request: Request, _: re.Match[str]) -> Answer:
    """`/Ticker`: of the pairs in `pair`, or of all."""
    chosen = _chosen(request)
    if chosen is None:
        return _refuse(request, "EQuery:Unknown asset pair")
    market, now = request.world.market, request.now
    today, midnight = market.snapshot(now), market.snapshot(now // DAY * DAY)
    tether = next((place for place, coin in enumerate(market.coins) if coin.id == "tether"), None)
    rates = {"USD": 1.0, "EUR": EUR_USD, "USDT": 1.0 if tether is None else today.price[tether]}
    slashed = request.params.get("assetVersion") == "1"
    result = {
        pair.slashed if slashed else pair.name: _tick(
            pair, market.coins[pair.place], today, midnight, now, float(rates[pair.quote])
        )
        for pair in chosen
        if today.price[pair.place] > 0
    }
    return _answer(request, result)


def asset_pairs(request: Request, _: re.Match[str]) -> Answer:
    """`/AssetPairs`."""
    chosen = _chosen(request)
    if chosen is None:
        return _refuse(request, "EQuery:Unknown asset pair")
    price = request.world.market.snapshot(request.now).price
    result = {}
    for pair in chosen:
        digits = _digits(float(price[pair.place]))
        result[pair.name] = {
            "altname": pair.altname,
            "wsname": pair.socket_name,
            "aclass_base": "currency",
            "base": pair.asset,
            "aclass_quote": "currency",
            "quote": FIAT[pair.quote],
            "lot": "unit",
            "cost_decimals": 5,
            "pair_decimals": digits,
            "lot_decimals": 8,
            "lot_multiplier": 1,
            "leverage_buy": [2, 3] if pair.base in OLD else [],
            "leverage_sell": [2, 3] if pair.base in OLD else [],
            "fees": [[0, 0.4], [10_000, 0.35], [50_000, 0.24]],
            "fees_maker": [[0, 0.25], [10_000, 0.2], [50_000, 0.14]],
            "fee_volume_currency": "ZUSD",
            "margin_call": 80,
            "margin_stop": 40,
            "ordermin": "0.00005" if pair.base == "XBT" else "1",
            "costmin": "0.5",
            "tick_size": f"{10**-digits:.{digits}f}",
            "status": "online" if pair.traded else "cancel_only",
        }
    return _answer(request, result)


def assets(request: Request, _: re.Match[str]) -> Answer:
    """`/Assets`."""
    names = {pair.asset: pair.base for pair in pairs_of(request.world.market)}
    names |= {"ZUSD": "USD", "ZEUR": "EUR"}
    result = {
        name: {
            "aclass": "currency",
            "altname": altname,
            "decimals": 4 if name.startswith("Z") and len(name) == 4 else 10,
            "display_decimals": 5,
            "status": "enabled",
        }
        for name, altname in sorted(names.items())
    }
    return _answer(request, result)


def system_status(request: Request, _: re.Match[str]) -> Answer:
    """`/SystemStatus`."""
    return _answer(request, {"status": "online", "timestamp": iso(request.instant)})


def server_time(request: Request, _: re.Match[str]) -> Answer:
    """`/Time`."""
    second = int(request.instant)
    return json_answer(
        {"error": [], "result": {"unixtime": second, "rfc1123": http_date(second)}}, request.now
    )


def _chosen(request: Request) -> list[Pair] | None:
    """The pairs asked for under any of their names; None if one is unknown."""
    pairs = pairs_of(request.world.market)
    if not request.params.get("pair"):
        return pairs
    names = {
        name: pair
        for pair in pairs
        for name in (pair.name, pair.altname, pair.slashed, pair.socket_name)
    }
    found = [names.get(name.strip()) for name in request.params["pair"].split(",")]
    known = [pair for pair in found if pair is not None]
    return known if len(known) == len(found) else None


def _tick(
    pair: Pair, coin: Coin, today: Snapshot, midnight: Snapshot, now: int, rate: float
) -> dict[str, Any]:
    zero = "0.00000"
    if not pair.traded:
        return {
            "a": [zero, "0", "0.000"],
            "b": [zero, "0", "0.000"],
            "c": [zero, "0.00000000"],
            "v": ["0.00000000", "0.00000000"],
            **{name: [zero, zero] for name in "plh"},
            "t": [0, 0],
            "o": zero,
        }
    draw, place = number_of(f"{HOST}/{pair.name}/{now // 60}"), pair.place
    price = float(today.price[place]) * off_by(f"{HOST}/{pair.name}", now) / rate
    high, low = float(today.high[place]) / rate, float(today.low[place]) / rate
    digits = _digits(price)
    part = {"USD": 1.0, "EUR": 0.3, "USDT": 0.1}[pair.quote] * (0.01 if "." in pair.base else 1)
    volume = float(today.volume[place]) * _SHARE * part / (price * rate)
    average = (max(high, price) + min(low, price) + price) / 3
    share = now % DAY / DAY
    spread = 10.0**-digits + price * 0.0001 * (0.1 if coin.stable else 1)

    def text(value: float) -> str:
        return f"{value:.{digits}f}"

    trades = int(volume * price / 20_000) + 1
    lot = 1 + draw % 900
    return {
        "a": [text(price + spread), str(lot), f"{lot}.000"],
        "b": [text(price - spread), str(lot + 7), f"{lot + 7}.000"],
        "c": [text(price), f"{volume / trades:.8f}"],
        "v": [f"{volume * share:.8f}", f"{volume:.8f}"],
        "p": [text((average + price) / 2), text(average)],
        "t": [int(trades * share), trades],
        "l": [text(min(low, price))] * 2,
        "h": [text(max(high, price))] * 2,
        "o": text(float(midnight.price[place]) / rate),
    }


def _digits(price: float) -> int:
    """Decimals of a price: some five significant figures, at most ten."""
    digits = 1
    while price * 10**digits < 10_000 and digits < 12:
        digits += 1
    return digits


def _answer(request: Request, result: Any) -> Answer:
    return json_answer({"error": [], "result": result}, request.now, kept=True)


def _refuse(request: Request, message: str) -> Answer:
    return json_answer({"error": [message]}, request.now)


PROVIDERS = (
    Provider(
        HOST,
        (
            (f"{_PUBLIC}/Ticker", ticker),
            (f"{_PUBLIC}/AssetPairs", asset_pairs),
            (f"{_PUBLIC}/Assets", assets),
            (f"{_PUBLIC}/SystemStatus", system_status),
            (f"{_PUBLIC}/Time", server_time),
        ),
    ),
)
