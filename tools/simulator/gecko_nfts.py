"""CoinGecko's NFT collections: the list, one collection, the markets for paying customers.

Shapes after section 1.7 of the provider notes. Names of the large collections are real,
their figures are not: a floor in Ether that wanders slowly, and dollars by Ether's price.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.simulator.dex_chains import CHAINS, address
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.provider import Answer, Request, World, json_answer
from tools.simulator.venues import change, number_of

_KNOWN = """
cryptopunks|CryptoPunks|PUNK|30|10000
bored-ape-yacht-club|Bored Ape Yacht Club|BAYC|7.5|9998
pudgy-penguins|Pudgy Penguins|PPG|6.1|8888
azuki|Azuki|AZUKI|1.6|10000
mutant-ape-yacht-club|Mutant Ape Yacht Club|MAYC|1.2|19550
milady-maker|Milady Maker|MIL|1.9|9978
lil-pudgys|Lil Pudgys|LP|0.7|21900
autoglyphs|Autoglyphs|GLYPH|55|512
doodles-official|Doodles|DOODLE|0.6|9998
moonbirds|Moonbirds|MOONBIRD|0.9|9999
""".strip()
_INVENTED = 40
_ORDERS: dict[str, Callable[["Collection", "Figures"], float]] = {
    "market_cap_usd": lambda one, now: now.floor * one.supply,
    "h24_volume_usd": lambda _, now: now.volume,
    "h24_volume_native": lambda _, now: now.volume,
    "floor_price_native": lambda _, now: now.floor,
    "market_cap_native": lambda one, now: now.floor * one.supply,
}


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection; `floor` is the level in Ether its floor price moves about."""

    id: str
    name: str
    symbol: str
    floor: float
    supply: int

    @property
    def contract(self) -> str:
        """Its address on Ethereum."""
        return address(f"nft/{self.id}", CHAINS[0])


@dataclass(frozen=True, slots=True)
class Figures:
    """A collection at an instant, in Ether."""

    floor: float
    volume: float


def nfts_list(request: Request, _: re.Match[str]) -> Answer:
    """`/nfts/list`: no prices."""
    chosen = _page(request, "h24_volume_usd_desc")
    if isinstance(chosen, Answer):
        return chosen
    rows = [
        {
            "id": one.id,
            "contract_address": one.contract,
            "name": one.name,
            "asset_platform_id": "ethereum",
            "symbol": one.symbol,
        }
        for one in chosen
    ]
    return json_answer(rows, request.now, kept=True)


def nft(request: Request, match: re.Match[str]) -> Answer:
    """`/nfts/{id}`."""
    found = [one for one in _collections(request.world) if one.id == match["id"]]
    if not found:
        return json_answer({"error": "nft not found"}, request.now, 404)
    row = _row(request, found[0])
    row["market_cap_rank"] = (
        None if number_of(found[0].id) % 6 == 0 else 1 + number_of(row["id"]) % 99
    )
    move = row["floor_price_24h_percentage_change"]
    row |= {f"floor_price_{days}d_percentage_change": move for days in (7, 14, 30, 60)}
    row |= {
        "floor_price_1y_percentage_change": move,
        "ath": {name: value * 3 for name, value in row["floor_price"].items()},
        "ath_date": {"native_currency": "2022-04-30T00:00:00Z", "usd": "2022-04-30T00:00:00Z"},
        "links": {"homepage": f"https://{found[0].id}.example", "twitter": "", "discord": ""},
        "explorers": [{"name": "Etherscan", "link": f"https://etherscan.io/{found[0].contract}"}],
    }
    return json_answer(row, request.now, kept=True)


def nfts_markets(request: Request, _: re.Match[str]) -> Answer:
    """`/nfts/markets`: for a key of a paid plan."""
    key = request.headers.get("x-cg-pro-api-key") or request.params.get("x_cg_pro_api_key")
    if not key:
        status = {
            "timestamp": iso_ms(request.instant),
            "error_code": 10005,
            "error_message": "This request is limited to PRO API subscribers.",
        }
        return json_answer({"status": status}, request.now, 401)
    chosen = _page(request, "market_cap_usd_desc")
    if isinstance(chosen, Answer):
        return chosen
    return json_answer([_row(request, one) for one in chosen], request.now, kept=True)


def trending_nfts(world: World, now: int) -> list[dict[str, Any]]:
    """The collections of `/search/trending`: floors as numbers and as display strings."""
    rows = []
    for place, one in enumerate(_collections(world)[:7]):
        today, before = _figures(one, now), _figures(one, now - DAY)
        moved = change(today.floor, before.floor, 14)
        rows.append(
            {
                "id": one.id,
                "name": one.name,
                "symbol": one.symbol,
                "thumb": f"https://coin-images.coingecko.com/nft_contracts/{place}/standard.png",
                "nft_contract_id": place + 20,
                "native_currency_symbol": "eth",
                "floor_price_in_native_currency": today.floor,
                "floor_price_24h_percentage_change": moved,
                "data": {
                    "floor_price": f"{today.floor:.2f} ETH",
                    "floor_price_in_usd_24h_percentage_change": str(moved),
                    "h24_volume": f"{today.volume:.2f} ETH",
                    "h24_average_sale_price": f"{today.floor * 1.05:.2f} ETH",
                    "sparkline": f"https://www.coingecko.com/nft/{place + 20}/sparkline.svg",
                    "content": None,
                },
            }
        )
    return rows


def _collections(world: World) -> list[Collection]:
    if not world.market.capitalised:
        return []  # a replay shows no invented floors beside real prices
    lines = [line.split("|") for line in _KNOWN.splitlines()]
    known = [
        Collection(id_, name, symbol, float(floor), int(supply))
        for id_, name, symbol, floor, supply in lines
    ]
    invented = [
        Collection(f"sample-set-{n}", f"Sample Set {n}", f"SET{n}", 0.5 / (1 + n), 1000 + n * 137)
        for n in range(_INVENTED)
    ]
    return known + invented


def _figures(one: Collection, now: int) -> Figures:
    phase = number_of(one.id) % 628 / 100
    floor = one.floor * float(np.exp(0.2 * np.sin(now / (DAY * 17) + phase)))
    floor *= float(np.exp(0.02 * np.sin(now / (DAY * 0.9) + phase)))
    busy = 0.004 * float(np.exp(0.7 * np.sin(now / (DAY * 2.9) + phase)))
    return Figures(round(floor, 4), round(floor * one.supply * busy, 2))


def _row(request: Request, one: Collection) -> dict[str, Any]:
    ether, ether_before = (_ether(request.world, request.now - age) for age in (0, DAY))
    today, before = _figures(one, request.now), _figures(one, request.now - DAY)
    draw = number_of(one.id)
    native = change(today.floor, before.floor, 14)
    dollars = change(today.floor * ether, before.floor * ether_before, 14)

    def pair(value: float) -> dict[str, float]:
        return {"native_currency": value, "usd": value * ether}

    return {
        "id": one.id,
        "contract_address": None if draw % 9 == 0 else one.contract,
        "asset_platform_id": "ethereum",
        "name": one.name,
        "symbol": one.symbol,
        "image": {"small": f"https://coin-images.coingecko.com/nft_contracts/{one.id}.png"},
        "description": None if draw % 5 == 0 else f"{one.name} is a collection.",
        "native_currency": "ethereum",
        "native_currency_symbol": "ETH",
        "floor_price": pair(today.floor),
        "market_cap": pair(today.floor * one.supply),
        "volume_24h": pair(today.volume),
        "floor_price_in_usd_24h_percentage_change": dollars,
        "floor_price_24h_percentage_change": {"usd": dollars, "native_currency": native},
        "market_cap_24h_percentage_change": {"usd": dollars, "native_currency": native},
        "volume_24h_percentage_change": {
            "usd": change(today.volume * ether, before.volume * ether_before, 14),
            "native_currency": change(today.volume, before.volume, 14),
        },
        "number_of_unique_addresses": None if draw % 7 == 0 else one.supply * 3 // 5,
        "number_of_unique_addresses_24h_percentage_change": 0.1,
        "total_supply": None if draw % 8 == 0 else one.supply,
        "one_day_sales": None if draw % 4 == 0 else 3 + draw % 40,
        "one_day_average_sale_price": None if draw % 4 == 0 else today.floor * 1.05,
    }


def _ether(world: World, now: int) -> float:
    prices = world.market.snapshot(now).price.tolist()
    coins = zip(world.market.coins, prices, strict=True)
    return next((price for coin, price in coins if coin.id == "ethereum"), float("nan"))


def _page(request: Request, default: str) -> list[Collection] | Answer:
    order, _, direction = request.params.get("order", default).rpartition("_")
    per_page, page = (
        _whole(request.params.get(name, usual))
        for name, usual in (("per_page", "100"), ("page", "1"))
    )
    if order not in _ORDERS or direction not in ("asc", "desc"):
        return json_answer({"error": "invalid order"}, request.now, 422)
    if per_page is None or not 1 <= per_page <= 250 or not page:
        return json_answer({"error": "per_page must be 1..250, page 1 or more"}, request.now, 422)
    found = sorted(
        _collections(request.world),
        key=lambda one: (_ORDERS[order](one, _figures(one, request.now)), one.id),
        reverse=direction == "desc",
    )
    return found[(page - 1) * per_page : page * per_page]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
