"""GeckoTerminal v2: networks and their pools, in the style of JSON:API.

Shapes after sections 1.8 and 4.2 of the provider notes. The traps are kept: money, prices
and changes are decimal strings, transaction counts integers; `market_cap_usd` is mostly
null; a new pool has null prices against the other token; tokens are only told with
`include`, and matched by id; `network` stands in lists over several networks alone.
20 rows a page, at most 10 pages.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from tools.simulator.dex_chains import CHAINS, Chain, contract
from tools.simulator.dex_pools import WINDOWS, Pool, Pools, Trade, pools_of
from tools.simulator.instants import iso
from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.venues import number_of

HOST = "api.geckoterminal.com"
_API = "/api/v2"
_PER_PAGE, _PAGES = 20, 10
_BY_NAME = {chain.geckoterminal: chain for chain in CHAINS}
_SORTS = ("h24_tx_count_desc", "h24_volume_usd_desc")
_INCLUDES = ("base_token", "quote_token", "dex", "network")


def networks(request: Request, _: re.Match[str]) -> Answer:
    """`/networks`."""
    rows = [
        {
            "id": chain.geckoterminal,
            "type": "network",
            "attributes": {"name": chain.name, "coingecko_asset_platform_id": chain.gecko},
        }
        for chain in CHAINS
    ]
    page = _page(request)
    if page is None:
        return _error(request, 400, "Invalid page")
    part = rows[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    links = {"first": None, "prev": None, "next": None, "last": None}
    return json_answer({"data": part, "links": links}, request.now, kept=True)


def trending(request: Request, match: re.Match[str]) -> Answer:
    """`/networks/trending_pools` and `/networks/{n}/trending_pools`: the most moved first."""
    pools, chains = pools_of(request.world.market), _chains(match)
    if chains is None:
        return _error(request, 404, "Not Found")
    ranked = sorted(pools.largest(chains), key=lambda pool: -pools.activity(pool, request.now))
    return _listed(request, ranked, several="network" not in match.groupdict())


def network_pools(request: Request, match: re.Match[str]) -> Answer:
    """`/networks/{n}/pools`, by count of transactions or by volume."""
    pools, chains = pools_of(request.world.market), _chains(match)
    if chains is None:
        return _error(request, 404, "Not Found")
    if request.params.get("sort", _SORTS[0]) not in _SORTS:
        return _error(request, 400, "Invalid sort")
    volume = request.world.market.snapshot(request.now).volume
    found = pools.largest(chains)
    return _listed(request, sorted(found, key=lambda one: -volume[one.base] * one.weight))


def new_pools(request: Request, match: re.Match[str]) -> Answer:
    """`/networks/{n}/new_pools`, newest first."""
    chains = _chains(match)
    if chains is None:
        return _error(request, 404, "Not Found")
    return _listed(request, pools_of(request.world.market).newest(chains[0], request.now))


def search(request: Request, _: re.Match[str]) -> Answer:
    """`/search/pools?query=&network=`."""
    name = request.params.get("network", "")
    if name and name not in _BY_NAME:
        return _error(request, 404, "Not Found")
    found = pools_of(request.world.market).found(request.params.get("query", ""))
    wanted = (pool for pool in found if not name or pool.chain is _BY_NAME[name])
    return _listed(request, wanted, several=True)


def _listed(request: Request, found: Iterable[Pool], several: bool = False) -> Answer:
    page = _page(request)
    if page is None:
        return _error(request, 400, "Invalid page")
    includes = [name for name in request.params.get("include", "").split(",") if name]
    if set(includes) - set(_INCLUDES):
        return _error(request, 400, "Invalid include")
    pools, data = pools_of(request.world.market), []
    included: dict[str, dict[str, Any]] = {}
    for pool in islice(found, (page - 1) * _PER_PAGE, page * _PER_PAGE):
        trade = pools.trade(pool, request.now)
        if trade is None:
            continue
        data.append(_row(pools, pool, trade, request.now, several))
        for name in includes:
            row = _included(pools, pool, name)
            if name != "network" or several:
                included[row["id"]] = row
    answer: dict[str, Any] = {"data": data}
    if includes:
        answer["included"] = list(included.values())
    return json_answer(answer, request.now, kept=True)


def _row(pools: Pools, pool: Pool, trade: Trade, now: int, several: bool) -> dict[str, Any]:
    coin, quote = pools.coin(pool.base), pools.coin(pool.quote)
    network, draw = pool.chain.geckoterminal, number_of(pool.key)
    in_quote = trade.price / trade.quote_price
    native = pool.symbol == pool.chain.wrapped
    fresh = now - pool.created < 172_800
    attributes = {
        "base_token_price_usd": _text(trade.price),
        "base_token_price_native_currency": _text(in_quote) if native and not fresh else None,
        "quote_token_price_usd": _text(trade.quote_price),
        "quote_token_price_native_currency": "1.0" if native and not fresh else None,
        "base_token_price_quote_token": None if fresh else _text(in_quote),
        "quote_token_price_base_token": None if fresh else _text(1 / in_quote),
        "address": pool.address,
        "name": f"{coin.symbol} / {pool.symbol} {pool.fee}".rstrip(),
        "pool_created_at": iso(pool.created),
        "fdv_usd": _text(trade.price * (coin.max_supply or coin.supply)),
        "market_cap_usd": _text(trade.price * coin.supply) if draw % 4 == 0 else None,
        "price_change_percentage": {
            name: "0" if fresh else f"{trade.changes[name] or 0:.3f}".rstrip("0").rstrip(".")
            for name in WINDOWS
        },
        "transactions": {
            name: {
                "buys": trade.buys[name],
                "sells": trade.sells[name],
                "buyers": trade.buys[name] * 3 // 5,
                "sellers": trade.sells[name] * 3 // 5,
            }
            for name in WINDOWS
        },
        "volume_usd": {name: _text(trade.volume[name]) for name in WINDOWS},
        "reserve_in_usd": None if fresh and draw % 3 == 0 else _text(trade.liquidity),
    }
    tokens = {"base_token": coin.id, "quote_token": quote.id}
    relationships = {
        side: {"data": {"id": f"{network}_{contract(id_, pool.chain)}", "type": "token"}}
        for side, id_ in tokens.items()
    }
    if several:
        relationships["network"] = {"data": {"id": network, "type": "network"}}
    relationships["dex"] = {"data": {"id": pool.dex[2], "type": "dex"}}
    return {
        "id": f"{network}_{pool.address}",
        "type": "pool",
        "attributes": attributes,
        "relationships": relationships,
    }


def _included(pools: Pools, pool: Pool, name: str) -> dict[str, Any]:
    if name == "dex":
        return {"id": pool.dex[2], "type": "dex", "attributes": {"name": pool.dex[3]}}
    if name == "network":
        about = {"name": pool.chain.name, "coingecko_asset_platform_id": pool.chain.gecko}
        return {"id": pool.chain.geckoterminal, "type": "network", "attributes": about}
    base = name == "base_token"
    coin = pools.coin(pool.base if base else pool.quote)
    known = number_of(coin.id) % 5 > 0
    token = contract(coin.id, pool.chain)
    return {
        "id": f"{pool.chain.geckoterminal}_{token}",
        "type": "token",
        "attributes": {
            "address": token,
            "name": coin.name,
            "symbol": coin.symbol if base else pool.symbol,
            "decimals": 9 if pool.chain.number is None else 18,
            "image_url": f"https://coin-images.coingecko.com/{coin.id}.png" if known else None,
            "coingecko_coin_id": coin.id if known else None,
        },
    }


def _chains(match: re.Match[str]) -> tuple[Chain, ...] | None:
    name = match.groupdict().get("network")
    if name is None:
        return CHAINS
    return (_BY_NAME[name],) if name in _BY_NAME else None


def _page(request: Request) -> int | None:
    text = request.params.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return page if 1 <= page <= _PAGES else None


def _text(value: float) -> str:
    """A decimal string, long as the provider's, without an exponent."""
    return f"{value:.24f}".rstrip("0").removesuffix(".") if value < 1e15 else f"{value:.0f}"


def _error(request: Request, status: int, title: str) -> Answer:
    return json_answer({"errors": [{"status": str(status), "title": title}]}, request.now, status)


PROVIDERS = (
    Provider(
        HOST,
        (
            (f"{_API}/networks", networks),
            (f"{_API}/networks/trending_pools", trending),
            (f"{_API}/networks/(?P<network>[^/]+)/trending_pools", trending),
            (f"{_API}/networks/(?P<network>[^/]+)/pools", network_pools),
            (f"{_API}/networks/(?P<network>[^/]+)/new_pools", new_pools),
            (f"{_API}/search/pools", search),
        ),
    ),
)
