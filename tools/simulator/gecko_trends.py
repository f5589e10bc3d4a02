"""CoinGecko's trends, categories and DeFi totals.

Shapes after sections 1.5 to 1.7 of the provider notes and recordings. The traps are kept:
numbers as strings and as display strings beside plain ones, and nulls.
"""

import re
from typing import Any

import numpy as np

from tools.simulator.coin_rows import ordered_assets, ranked_capitals
from tools.simulator.coins import DEFI
from tools.simulator.gecko_lists import rates_of
from tools.simulator.gecko_nfts import trending_nfts
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.provider import Answer, Request, json_answer
from tools.simulator.venues import change

_IMAGES = "https://coin-images.coingecko.com/coins/images"


def trending(request: Request, _: re.Match[str]) -> Answer:
    """`/search/trending`: 15 coins, 7 collections, 6 categories."""
    market, now = request.world.market, request.now
    today, before = market.snapshot(now), market.snapshot(now - DAY)
    rates, capitals = rates_of(market, now), ranked_capitals(market, now)
    bitcoin = rates.get("btc", np.nan)
    ranks = {place: rank for rank, place in enumerate(np.argsort(-capitals).tolist(), 1)}
    moved = np.nan_to_num(np.abs(np.log(today.price / before.price)))
    places = np.argsort(-moved, kind="stable")[:15].tolist()
    coins = []
    for score, place in enumerate(places):
        coin, price = market.coins[place], float(today.price[place])
        moves = change(price, float(before.price[place]), 14)
        cap, volume = price * coin.supply, float(today.volume[place])
        if not price > 0:
            continue
        data = {
            "price": price,
            "price_btc": f"{price * bitcoin:.24f}".rstrip("0"),
            "price_change_percentage_24h": {"usd": moves, "eur": moves},
            "market_cap": f"${cap:,.0f}",
            "market_cap_btc": str(cap * bitcoin),
            "total_volume": f"${volume:,.0f}",
            "total_volume_btc": str(volume * bitcoin),
            "sparkline": f"https://www.coingecko.com/coins/{place + 1}/sparkline.svg",
            "content": {"title": f"What is {coin.name}?", "description": "A simulated coin."}
            if score % 5 == 4
            else None,
        }
        item = {
            "id": coin.id,
            "coin_id": place + 1,
            "name": coin.name,
            "symbol": coin.symbol,
            "market_cap_rank": None if coin.unranked else ranks[place],
            **{
                size: f"{_IMAGES}/{place + 1}/{size}/{coin.id}.png"
                for size in ("thumb", "small", "large")
            },
            "slug": coin.id,
            "price_btc": price * bitcoin,
            "score": score,
            "data": data,
        }
        coins.append({"item": item})
    groups = [_trending_group(row, number, bitcoin) for number, row in enumerate(_sectors(request))]
    nfts = trending_nfts(request.world, now)
    return json_answer({"coins": coins, "nfts": nfts, "categories": groups[:6]}, now, kept=True)


def categories(request: Request, _: re.Match[str]) -> Answer:
    """`/coins/categories`: one for each sector, largest first."""
    rows = _sectors(request)
    for row in rows:
        del row["_count"]
    return json_answer(rows, request.now, kept=True)


def defi_totals(request: Request, _: re.Match[str]) -> Answer:
    """`/global/decentralized_finance_defi`: long decimals in strings."""
    market = request.world.market
    capitals = np.maximum(ranked_capitals(market, request.now), 0)
    volume = market.snapshot(request.now).volume
    mask = np.array([coin.sector == DEFI for coin in market.coins], dtype=bool)
    ether = sum(
        cap
        for coin, cap in zip(market.coins, capitals.tolist(), strict=True)
        if coin.id == "ethereum"
    )
    total, everything = float(capitals[mask].sum()), float(capitals.sum())
    if not total:
        return json_answer({"data": {}}, request.now)
    top = int(np.argmax(np.where(mask, capitals, -1)))
    data = {
        "defi_market_cap": f"{total:.19f}",
        "eth_market_cap": f"{ether:.19f}",
        "defi_to_eth_ratio": f"{total / ether * 100:.40f}",
        "trading_volume_24h": f"{float(np.nansum(volume[mask])):.19f}",
        "defi_dominance": f"{total / everything * 100:.40f}",
        "top_coin_name": market.coins[top].name,
        "top_coin_defi_dominance": float(capitals[top]) / total * 100,
    }
    return json_answer({"data": data}, request.now, kept=True)


def _sectors(request: Request) -> list[dict[str, Any]]:
    """The rows of the categories, with the count of coins as `_count`."""
    market, now = request.world.market, request.now
    today = market.snapshot(now)
    capitals, earlier = (ranked_capitals(market, now - age) for age in (0, DAY))
    order = ordered_assets(market, now, "market_cap", descending=True)
    rows = []
    for sector in sorted({coin.sector for coin in market.coins if not coin.unranked}):
        places = [place for place in order if market.coins[place].sector == sector]
        total, total_before = (
            float(np.maximum(one[places], 0).sum()) for one in (capitals, earlier)
        )
        top = places[:3]
        rows.append(
            {
                "id": sector,
                "name": sector.replace("-", " ").title(),
                "market_cap": total or None,
                "market_cap_change_24h": change(total, total_before, 14),
                "content": f"Coins of the sector {sector}." if len(places) > 10 else None,
                "top_3_coins_id": [market.coins[place].id for place in top],
                "top_3_coins": [
                    f"{_IMAGES}/{place + 1}/small/{market.coins[place].id}.png" for place in top
                ],
                "volume_24h": float(np.nansum(today.volume[places])),
                "updated_at": iso_ms(now),
                "_count": len(places),
            }
        )
    return sorted(rows, key=lambda row: -(row["market_cap"] or 0))


def _trending_group(row: dict[str, Any], number: int, bitcoin: float) -> dict[str, Any]:
    cap, volume, moved = row["market_cap"] or 0.0, row["volume_24h"], row["market_cap_change_24h"]
    return {
        "id": 100 + number,
        "name": row["name"],
        "top_3_coins_images": row["top_3_coins"],
        "market_cap_1h_change": (moved or 0.0) / 24,
        "slug": row["id"],
        "coins_count": str(row["_count"]),
        "data": {
            "market_cap": cap,
            "market_cap_btc": cap * bitcoin,
            "total_volume": volume,
            "total_volume_btc": volume * bitcoin,
            "market_cap_change_percentage_24h": {"usd": moved or 0.0},
            "sparkline": f"https://www.coingecko.com/categories/{100 + number}/sparkline.svg",
        },
    }
