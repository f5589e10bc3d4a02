"""The rows of CoinGecko's `/coins/markets`, from a snapshot of the market."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tools.simulator.coins import Coin
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.market import Floats, MarketSource

# The periods `price_change_percentage` may name, in seconds.
CHANGES = {
    "1h": 3600,
    "24h": DAY,
    "7d": 7 * DAY,
    "14d": 14 * DAY,
    "30d": 30 * DAY,
    "200d": 200 * DAY,
    "1y": 365 * DAY,
}

_IMAGES = "https://coin-images.coingecko.com/coins/images"

# Records lie about where the bounded price level ends; an event may still set a new one.
_ATH_OVER_LEVEL, _ATL_UNDER_LEVEL = 2.8, 0.08


def ranked_capitals(market: MarketSource, now: int, prices: Floats | None = None) -> Floats:
    """Market capitalisation of every coin in USD; -1 where there is none that counts.

    `prices` are the market's unless a venue has its own.
    """
    if not market.capitalised:
        return np.full(len(market.coins), -1.0)
    supply = np.array([-np.inf if coin.unranked else coin.supply for coin in market.coins])
    known = market.snapshot(now).price if prices is None else prices
    capitals = np.nan_to_num(known * supply, nan=-1.0)
    return np.asarray(np.maximum(capitals, -1.0))


def ordered_assets(
    market: MarketSource, now: int, key: str, descending: bool, prices: Floats | None = None
) -> list[int]:
    """The coins that have a price by `id`, `market_cap` or `total_volume`.

    Those without a rank have no capitalisation that counts, and so come as the smallest.
    """
    today = market.snapshot(now)
    known = np.flatnonzero(~np.isnan(today.price))
    by_id = known[np.argsort(np.array([market.coins[asset].id for asset in known.tolist()]))]
    if key == "id":
        return list((by_id[::-1] if descending else by_id).tolist())
    sign = -1 if descending else 1
    volume = sign * today.volume[by_id]
    main = volume if key == "total_volume" else sign * ranked_capitals(market, now, prices)[by_id]
    return list(by_id[np.lexsort((volume, main))].tolist())


def coin_rows(
    market: MarketSource, now: int, assets: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """One row per coin that has a price, without the fields that must be asked for.

    Keys that start with `_` (`_asset`, the place in the market, and `_price`, unrounded)
    are for the caller and not part of the answer.
    """
    today, before = market.snapshot(now), market.snapshot(now - DAY)
    ranks = np.empty(len(market.coins), dtype=int)
    ranks[np.argsort(-ranked_capitals(market, now), kind="stable")] = np.arange(len(ranks)) + 1
    rows = []
    for asset in range(len(market.coins)) if assets is None else assets:
        coin = market.coins[asset]
        price = float(today.price[asset])
        if math.isnan(price):
            continue
        earlier = _known(before.price[asset])
        high, low = float(today.high[asset]), float(today.low[asset])
        row: dict[str, Any] = {
            "_asset": asset,
            "_price": price,
            "id": coin.id,
            "symbol": coin.symbol.lower(),
            "name": coin.name,
            "image": f"{_IMAGES}/{asset + 1}/large/{coin.id}.png",
            "current_price": _money(price),
            "market_cap": None,
            "market_cap_rank": None,
            "fully_diluted_valuation": None,
            "total_volume": _money(float(today.volume[asset]), whole_from=1000),
            "high_24h": _money(high),
            "low_24h": _money(low),
            "price_change_24h": None if earlier is None else price - earlier,
            "price_change_percentage_24h": _percent(price, earlier),
            "market_cap_change_24h": None,
            "market_cap_change_percentage_24h": None,
            "circulating_supply": None,
            "total_supply": None,
            "max_supply": None,
            "ath": None,
            "ath_change_percentage": None,
            "ath_date": None,
            "atl": None,
            "atl_change_percentage": None,
            "atl_date": None,
            "roi": None,
            "last_updated": iso_ms(float(today.updated[asset])),
        }
        if market.capitalised:
            row |= _capitalisation(coin, asset, int(ranks[asset]), price, earlier)
            row |= _records(coin, asset, price, high, low)
        rows.append(row)
    return rows


def _capitalisation(
    coin: Coin, asset: int, rank: int, price: float, earlier: float | None
) -> dict[str, Any]:
    change = None if earlier is None else (price - earlier) * coin.supply
    diluted = None if coin.max_supply is None else round(price * coin.max_supply)
    return {
        "market_cap": round(price * coin.supply),
        "market_cap_rank": None if coin.unranked else rank,
        "fully_diluted_valuation": diluted,
        "market_cap_change_24h": change,
        "market_cap_change_percentage_24h": _percent(price, earlier),
        "circulating_supply": coin.supply,
        "total_supply": None if asset % 17 == 1 else coin.max_supply or coin.supply,
        "max_supply": coin.max_supply,
    }


def _records(coin: Coin, asset: int, price: float, high: float, low: float) -> dict[str, Any]:
    ath = max(coin.price * (1.06 if coin.stable else _ATH_OVER_LEVEL), high)
    atl = min(coin.price * (0.93 if coin.stable else _ATL_UNDER_LEVEL), low)
    times = price / (coin.price * 0.6) - 1
    roi = {"times": times, "currency": "usd", "percentage": times * 100}
    return {
        "ath": _money(ath),
        "ath_change_percentage": _percent(price, ath),
        "ath_date": f"2021-{asset % 12 + 1:02d}-{asset % 28 + 1:02d}T14:24:11.849Z",
        "atl": _money(atl),
        "atl_change_percentage": _percent(price, atl),
        "atl_date": f"2020-{asset % 12 + 1:02d}-{asset % 28 + 1:02d}T00:00:00.000Z",
        "roi": roi if asset % 5 == 4 else None,
    }


def _money(value: float, whole_from: float = 10_000) -> float | int:
    """Rounded as the provider does: large numbers to integers, small to six digits."""
    if value >= whole_from:
        return round(value)
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() else rounded


def _percent(now: float, before: float | None) -> float | None:
    return None if not before else round((now / before - 1) * 100, 5)


def _known(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
