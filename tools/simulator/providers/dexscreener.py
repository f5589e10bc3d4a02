"""DexScreener: pairs by search, address or token, and the paid lists.

Shapes after section 4.1 of the provider notes. The traps are kept: prices are strings,
volumes numbers; `labels` and `info` are missing where there are none, windows without a
trade too; `liquidity` may be absent and `fdv` null; times are Unix milliseconds; an unknown
pair is `{"pairs": null}` with status 200; boosts and profiles are arrays of paid placement.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from tools.simulator.dex_chains import CHAINS, Chain, contract
from tools.simulator.dex_pools import Pool, Pools, Trade, pools_of
from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.venues import number_of

HOST = "api.dexscreener.com"
_BY_NAME = {chain.dexscreener: chain for chain in CHAINS}
_MOST_ADDRESSES = 30
_FOUND = 30
_WINDOWS = ("m5", "h1", "h6", "h24")


def search(request: Request, _: re.Match[str]) -> Answer:
    """`/latest/dex/search?q=`: at most 30 pairs."""
    pools = pools_of(request.world.market)
    text = request.params.get("q", "")
    if not text:
        return json_answer({"error": "q is required"}, request.now, 400)
    return _pairs(request, pools, islice(pools.found(text), _FOUND))


def pairs(request: Request, match: re.Match[str]) -> Answer:
    """`/latest/dex/pairs/{chain}/{ids}`; null where none is known."""
    pools = pools_of(request.world.market)
    wanted = {part.lower() for part in match["ids"].split(",")}
    chain = _BY_NAME.get(match["chain"])
    found = [
        pool
        for pool in (pools.largest((chain,)) if chain else ())
        if pool.address.lower() in wanted
    ]
    if not found:
        return json_answer({"schemaVersion": "1.0.0", "pairs": None}, request.now)
    return _pairs(request, pools, found)


def tokens(request: Request, match: re.Match[str]) -> Answer:
    """`/tokens/v1/{chain}/{addresses}` and `/token-pairs/v1/{chain}/{address}`: a bare array."""
    addresses = match["addresses"].split(",")
    if len(addresses) > _MOST_ADDRESSES:
        return json_answer({"error": f"at most {_MOST_ADDRESSES} addresses"}, request.now, 400)
    pools, chain = pools_of(request.world.market), _BY_NAME.get(match["chain"])
    rows = []
    if chain is not None:
        for place in dict.fromkeys(pools.token(chain, one) for one in addresses):
            if place is not None:
                rows += _rows(pools, pools.of(place, chain), request.now)
    return json_answer(rows, request.now, kept=True)


def boosts(request: Request, match: re.Match[str]) -> Answer:
    """`/token-boosts/latest/v1` and `/token-boosts/top/v1`."""
    rows = []
    for number, (row, draw) in enumerate(_promoted(request, match["list"])):
        amount = (10, 30, 50, 100, 500)[draw % 5]
        total = amount * (1 + draw % 3)
        rows.append(row | {"amount": amount, "totalAmount": total})
        if number % 7 == 3:  # an older kind of boost carries no details
            rows[-1].pop("links")
            rows[-1].pop("description")
    if match["list"] == "top":
        rows.sort(key=lambda row: -row["totalAmount"])
    return json_answer(rows, request.now, kept=True)


def profiles(request: Request, _: re.Match[str]) -> Answer:
    """`/token-profiles/latest/v1`."""
    return json_answer([row for row, _ in _promoted(request, "profiles")], request.now, kept=True)


def _promoted(request: Request, which: str) -> list[tuple[dict[str, Any], int]]:
    """Thirty small tokens that somebody pays for, others every six hours."""
    pools = pools_of(request.world.market)
    small = [pool for pool in pools.largest() if pools.coin(pool.base).supply and pool.base > 60]
    firsts = {(pool.base, pool.chain): pool for pool in small}
    turn = request.now // 21_600
    ranked = sorted(firsts, key=lambda one: number_of(f"{which}/{turn}/{one[0]}/{one[1].gecko}"))
    rows = []
    for base, chain in ranked[:30]:
        coin = pools.coin(base)
        draw = number_of(f"boost/{coin.id}/{chain.gecko}/{turn}")
        token = contract(coin.id, chain)
        page = f"https://dexscreener.com/{chain.dexscreener}/{token.lower()}"
        row: dict[str, Any] = {
            "url": page,
            "chainId": chain.dexscreener,
            "tokenAddress": token,
            "icon": f"https://cdn.dexscreener.com/cms/images/{draw:x}",
            "description": None if draw % 4 == 0 else f"{coin.name} is a {coin.sector} token",
            "links": [
                {"label": "Website", "url": f"https://{coin.id}.example"},
                {"type": "twitter", "url": f"https://x.com/{coin.id}"},
            ],
        }
        if draw % 3:
            row["header"] = f"https://cdn.dexscreener.com/cms/images/{draw:x}-header"
        rows.append((row, draw))
    return rows


def _pairs(request: Request, pools: Pools, found: Iterable[Pool]) -> Answer:
    rows = _rows(pools, found, request.now)
    return json_answer({"schemaVersion": "1.0.0", "pairs": rows}, request.now, kept=True)


def _rows(pools: Pools, found: Iterable[Pool], now: int) -> list[dict[str, Any]]:
    traded = ((pool, pools.trade(pool, now)) for pool in found)
    return [_pair(pools, pool, trade) for pool, trade in traded if trade is not None]


def _pair(pools: Pools, pool: Pool, trade: Trade) -> dict[str, Any]:
    coin, quote, chain = pools.coin(pool.base), pools.coin(pool.quote), pool.chain
    draw = number_of(pool.key)
    row: dict[str, Any] = {
        "chainId": chain.dexscreener,
        "dexId": pool.dex[0],
        "url": f"https://dexscreener.com/{chain.dexscreener}/{pool.address.lower()}",
        "pairAddress": pool.address,
        "baseToken": _token(coin.id, coin.name, coin.symbol, chain),
        "quoteToken": _token(quote.id, quote.name, pool.symbol, chain),
        "priceNative": decimal(trade.price / trade.quote_price),
        "priceUsd": None if draw % 41 == 0 else decimal(trade.price),
        "txns": {name: {"buys": trade.buys[name], "sells": trade.sells[name]} for name in _WINDOWS},
        "volume": {name: trade.volume[name] for name in reversed(_WINDOWS) if trade.volume[name]},
        "priceChange": {name: trade.changes[name] for name in _WINDOWS if trade.changes[name]},
        "fdv": None if draw % 13 == 0 else round(trade.price * (coin.max_supply or coin.supply)),
        "marketCap": None if draw % 7 == 0 else round(trade.price * coin.supply),
        "pairCreatedAt": pool.created * 1000,
    }
    if pool.dex[1]:
        row["labels"] = [pool.dex[1]]
    if draw % 29:
        row["liquidity"] = {
            "usd": trade.liquidity,
            "base": round(trade.liquidity / 2 / trade.price, 4),
            "quote": round(trade.liquidity / 2 / trade.quote_price, 4),
        }
    if draw % 3 == 0:
        row["info"] = {
            "imageUrl": f"https://cdn.dexscreener.com/cms/images/{draw:x}",
            "websites": [{"label": "Website", "url": f"https://{coin.id}.example"}],
            "socials": [{"type": "twitter", "url": f"https://x.com/{coin.id}"}],
        }
    if draw % 11 == 0:
        row["boosts"] = {"active": 10 + draw % 5 * 10}
    return row


def _token(coin: str, name: str, symbol: str, chain: Chain) -> dict[str, str]:
    return {"address": contract(coin, chain), "name": name, "symbol": symbol}


def decimal(value: float) -> str:
    """A number as a string without an exponent, to four digits or more."""
    if value >= 1:
        return f"{value:.4f}"
    text = f"{value:.18f}".rstrip("0")
    leading = len(text) - len(text[2:].lstrip("0"))
    return text[: leading + 4] if text[2:] else "0"


PROVIDERS = (
    Provider(
        HOST,
        (
            (r"/latest/dex/search/?", search),
            (r"/latest/dex/pairs/(?P<chain>[^/]+)/(?P<ids>[^/]+)", pairs),
            (r"/tokens/v1/(?P<chain>[^/]+)/(?P<addresses>[^/]+)", tokens),
            (r"/token-pairs/v1/(?P<chain>[^/]+)/(?P<addresses>[^/,]+)", tokens),
            (r"/token-boosts/(?P<list>latest|top)/v1", boosts),
            (r"/token-profiles/latest/v1", profiles),
        ),
    ),
)
