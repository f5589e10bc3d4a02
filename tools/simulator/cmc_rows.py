"""CoinMarketCap's own names for the coins, and its rows.

Ids and slugs of the real coins are CoinMarketCap's; invented ones have ids from 30,000 and
their own id as slug.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tools.simulator.coin_rows import ranked_capitals
from tools.simulator.coins import Coin
from tools.simulator.dex_chains import chains_of, contract
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.market import Floats, MarketSource
from tools.simulator.venues import change, venue_prices

_INVENTED = 30_000
_PERIODS = {"1h": 3600, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "60d": 60 * DAY}

# CoinGecko's id | CoinMarketCap's id | slug, where it is another
_KNOWN = """
bitcoin|1 ethereum|1027 tether|825 binancecoin|1839|bnb ripple|52|xrp solana|5426 usd-coin|3408
tron|1958 dogecoin|74 cardano|2010 chainlink|1975 avalanche-2|5805|avalanche stellar|512
sui|20947 bitcoin-cash|1831 litecoin|2 hedera-hashgraph|4642|hedera leo-token|3957|unus-sed-leo
shiba-inu|5994 the-open-network|11419|toncoin dai|4943|multi-collateral-dai
polkadot|6636|polkadot-new monero|328 uniswap|7083 near|6535|near-protocol aave|7278 pepe|24478
internet-computer|8916 bittensor|22974 aptos|21794 ethereum-classic|1321 zcash|1437 okb|3897
crypto-com-chain|3635|cronos vechain|3077 filecoin|2280 cosmos|3794 algorand|4030
arbitrum|11841 optimism|11840|optimism-ethereum matic-network|3890|polygon render-token|5690|render
fetch-ai|3773|artificial-superintelligence-alliance quant-network|3155|quant
the-graph|6719 maker|1518 bonk|23095|bonk1 floki|10804|floki-inu lido-dao|8000 curve-dao-token|6538
theta-token|2416|theta-network gala|7080 the-sandbox|6210 decentraland|1966 axie-infinity|6783
compound-governance-token|5692|compound sushi|6758|sushiswap kusama|5034 eos|1765
fantom|3513 terra-luna-2|20314|terra-luna-v2 harmony|3945 wrapped-bitcoin|3717 weth|2396
staked-ether|8085|steth
"""
_WORDS = [word.split("|") for word in _KNOWN.split()]
_IDS = {word[0]: int(word[1]) for word in _WORDS}
_SLUGS = {word[0]: word[2] for word in _WORDS if len(word) > 2}


def cmc_id(coin: Coin, place: int) -> int:
    """CoinMarketCap's id of the coin at a place of the market."""
    return _IDS.get(coin.id, _INVENTED + place)


def cmc_slug(coin: Coin) -> str:
    """CoinMarketCap's slug of a coin."""
    return _SLUGS.get(coin.id, coin.id)


def cmc_prices(market: MarketSource, now: int) -> Floats:
    """USD prices as CoinMarketCap has them."""
    return venue_prices(market, "pro-api.coinmarketcap.com", now, 3)


def cmc_rows(
    market: MarketSource, now: int, places: Sequence[int], version: int, tagged: bool = False
) -> list[dict[str, Any]]:
    """Rows of the coins that have a price: version 3 has an array of quotes, others a map.

    `tagged`: tags are objects, as in the quotes of version 3, instead of strings.
    """
    today, yesterday = market.snapshot(now), market.snapshot(now - DAY)
    prices = cmc_prices(market, now)
    before = {name: market.snapshot(now - age).price for name, age in _PERIODS.items()}
    capitals = ranked_capitals(market, now, prices)
    total = float(np.maximum(capitals, 0).sum())
    ranks = np.empty(len(capitals), dtype=int)
    ranks[np.argsort(-capitals, kind="stable")] = np.arange(len(capitals)) + 1
    rows = []
    for place in places:
        coin, price = market.coins[place], float(prices[place])
        if not price > 0:
            continue
        known = market.capitalised
        cap = price * coin.supply if known and not coin.unranked else None
        stamp = iso_ms(float(today.updated[place]) // 60 * 60)
        limit = coin.max_supply
        quote: dict[str, Any] = {
            "price": price,
            "volume_24h": float(today.volume[place]) * 1.04,
            "volume_change_24h": change(
                float(today.volume[place]), float(yesterday.volume[place]), 4
            ),
            **{
                f"percent_change_{name}": change(price, float(earlier[place]), 8)
                for name, earlier in before.items()
            },
            "percent_change_90d": 0 if place % 40 == 39 else 1.5,
            "market_cap": cap or 0,
            "market_cap_dominance": round((cap or 0) / total * 100, 4) if total else 0,
            "fully_diluted_market_cap": price * (limit or coin.supply),
            "tvl": None,
            "last_updated": stamp,
        }
        if version == 3:
            quote = {"id": 2781, "symbol": "USD", **quote, "minted_market_cap": cap or 0}
        tags: list[Any] = [coin.sector, "simulated"]
        if tagged:
            tags = [{"slug": tag, "name": tag.title(), "category": "CATEGORY"} for tag in tags]
        rows.append(
            {
                "id": cmc_id(coin, place),
                "name": coin.name,
                "symbol": coin.symbol,
                "slug": cmc_slug(coin),
                "num_market_pairs": max(12, 9000 // (place + 1)),
                "date_added": f"20{14 + place % 10}-0{1 + place % 9}-11T00:00:00.000Z",
                "tags": tags,
                "max_supply": None if limit is None else _whole(limit),
                "circulating_supply": _whole(coin.supply) if cap else 0,
                "total_supply": _whole(limit or coin.supply),
                "infinite_supply": limit is None and place % 3 == 0,
                "platform": _platform(coin),
                "cmc_rank": int(ranks[place]),
                "self_reported_circulating_supply": coin.supply if coin.unranked else None,
                "self_reported_market_cap": price * coin.supply if coin.unranked else None,
                "tvl_ratio": 0.4 if coin.sector == "defi" else None,
                "last_updated": stamp,
                "quote": [quote] if version == 3 else {"USD": quote},
            }
        )
    return rows


def _platform(coin: Coin) -> dict[str, Any] | None:
    chains = chains_of(coin)
    if not chains:
        return None
    number, name, slug, symbol = chains[0].cmc
    return {
        "id": number,
        "name": name,
        "symbol": symbol,
        "slug": slug,
        "token_address": contract(coin.id, chains[0]),
    }


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() else value
