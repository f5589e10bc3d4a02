"""DeFi Llama's yields and stablecoins.

Shapes after sections 3.6 and 3.7 of the provider notes.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np

from tools.simulator.coins import STABLE
from tools.simulator.defi_protocols import protocols_of
from tools.simulator.dex_chains import CHAINS, chains_of, contract
from tools.simulator.instants import DAY
from tools.simulator.market import MarketSource
from tools.simulator.provider import Scale, World
from tools.simulator.venues import number_of

_POOLS: dict[Scale, int] = {"normal": 400, "full": 3000}
_BACKED = {"tether": "fiat-backed", "usd-coin": "fiat-backed", "dai": "crypto-backed"}

# Stablecoins that are no coins of the market: name | symbol | peg | USD at the peg | millions.
_MORE_STABLES = (
    ("Nova Dollar", "NUSD", "peggedUSD", 1.0, 2400.0),
    ("Harbor USD", "HUSDX", "peggedUSD", 1.0, 610.0),
    ("Meridian Yield Dollar", "yMUSD", "peggedUSD", 1.0, 330.0),
    ("Atlas Euro", "AEUR", "peggedEUR", 1.09, 210.0),
    ("Kestrel Euro", "EURK", "peggedEUR", 1.09, 44.0),
    ("Osprey Franc", "OCHF", "peggedCHF", 1.14, 9.0),
    ("Pinewood Gold", "PGLD", "peggedVAR", 1.02, 95.0),
    ("Crestline Dollar", "CUSDX", "peggedUSD", 1.0, 0.0),
)


@lru_cache(maxsize=4)
def _named(market: MarketSource, scale: Scale) -> list[dict[str, Any]]:
    """The pools without what moves."""
    projects = [one for one in protocols_of(market, scale) if one.category not in ("CEX", "Bridge")]
    tokens = [coin for coin in market.coins[:120] if chains_of(coin)]
    rows = []
    for number in range(_POOLS[scale] if projects and tokens else 0):
        draw = number_of(f"yield/{number}")
        project = projects[draw % len(projects)]
        chain = project.chains[draw // 7 % len(project.chains)]
        here = [coin for coin in tokens if chain in chains_of(coin)]
        coins = [here[draw // 11 % len(here)]]
        if project.category == "Dexs":
            coins.append(here[(draw // 11 + 1) % len(here)])
        stable = all(coin.sector == STABLE for coin in coins)
        rows.append(
            {
                "chain": chain.name,
                "project": project.slug,
                "symbol": "-".join(coin.symbol for coin in coins),
                "pool": str(UUID(int=draw << 64 | number_of(f"uuid/{number}"))),
                "stablecoin": stable,
                "ilRisk": None if draw % 23 == 0 else "no" if stable or len(coins) == 1 else "yes",
                "exposure": "single" if len(coins) == 1 else "multi",
                "poolMeta": "0.3%" if draw % 5 == 0 and len(coins) > 1 else None,
                "underlyingTokens": None
                if draw % 6 == 0
                else [contract(coin.id, chain) for coin in coins],
                "rewardTokens": [contract(here[0].id, chain)] if draw % 3 == 0 else None,
            }
        )
    return rows


def yield_rows(world: World, now: int) -> list[dict[str, Any]]:
    """`/pools`: rates in percent, those of the future and of new pools null."""
    named = _named(world.market, world.scale)
    rng = np.random.default_rng(333)
    levels = np.sort(10 ** rng.uniform(3.6, 9.3, len(named)))[::-1]
    bases, phases = 10 ** rng.uniform(-1, 1.5, len(named)), rng.uniform(0, 6.28, len(named))
    waves = np.exp(0.2 * np.sin(now / (DAY * 3.1) + phases))
    earlier = np.exp(0.2 * np.sin((now - DAY) / (DAY * 3.1) + phases))
    rows = []
    for number, about in enumerate(named):
        base = round(float(bases[number] * waves[number]), 5)
        reward = round(base * 0.4, 5) if about["rewardTokens"] else None
        new, outlier = number % 19 == 7, number % 97 == 50
        if outlier:
            base = round(base * 900, 5)
        # A pool of two tokens earns nothing else than rewards when its fees are not known.
        known = None if number % 29 == 3 else base
        rows.append(
            about
            | {
                "tvlUsd": round(float(levels[number] * waves[number] ** 0.2)),
                "apyBase": known,
                "apyReward": reward,
                "apy": None if known is None and reward is None else (known or 0) + (reward or 0),
                "apyPct1D": None
                if new
                else round(base * (1 - float(earlier[number] / waves[number])), 5),
                "apyPct7D": None if new else round(base * 0.03, 5),
                "apyPct30D": None if new else round(-base * 0.05, 5),
                "predictions": {
                    "predictedClass": None if new else ("Stable/Up", "Down")[number % 2],
                    "predictedProbability": None if new else 50 + number % 45,
                    "binnedConfidence": None if new else 1 + number % 3,
                },
                "mu": round(base, 5),
                "sigma": round(base / 40, 5),
                "count": 1 if new else 30 + number % 900,
                "outlier": outlier,
                "il7d": None if number % 4 else -0.00012,
                "apyBase7d": None if number % 3 else base,
                "apyMean30d": None if new else base,
                "volumeUsd1d": float(levels[number]) * 0.1
                if about["exposure"] == "multi"
                else None,
                "volumeUsd7d": float(levels[number]) * 0.7
                if about["exposure"] == "multi"
                else None,
                "apyBaseInception": None,
            }
        )
    return rows


def stablecoin_rows(world: World, now: int, prices: bool) -> list[dict[str, Any]]:
    """`/stablecoins`: circulating values are US dollars already, whatever the peg."""
    ages = {"circulating": 0, "PrevDay": 1, "PrevWeek": 7, "PrevMonth": 30}
    history = {name: world.market.snapshot(now - days * DAY).price for name, days in ages.items()}
    rows: list[dict[str, Any]] = []
    for place, coin in enumerate(world.market.coins):
        if not coin.stable or coin.unranked or not world.market.capitalised:
            continue
        values = {name: float(known[place]) * coin.supply for name, known in history.items()}
        price = float(history["circulating"][place])
        mechanism = _BACKED.get(coin.id, "algorithmic")
        about = (coin.name, coin.symbol, coin.id, "peggedUSD", mechanism)
        rows.append(_stable(len(rows) + 1, about, values, price, prices))
    for name, symbol, peg, par, millions in _MORE_STABLES if rows else ():
        amount = millions * 1e6 * par
        values = {age: amount * (1 - 0.002 * days) for age, days in ages.items()}
        # Of a peg without a market only the value is known, from exchange rates.
        shown = None if peg in ("peggedCHF", "peggedVAR") else par
        named = (name, symbol, None, peg, "crypto-backed")
        rows.append(_stable(len(rows) + 1, named, values, shown, prices))
    return rows


def stablecoin_chain_rows(world: World, now: int) -> list[dict[str, Any]]:
    """`/stablecoinchains`: what circulates on each chain, by peg."""
    totals: dict[str, float] = {}
    for row in stablecoin_rows(world, now, prices=False):
        for peg, value in row["circulating"].items():
            totals[peg] = totals.get(peg, 0.0) + value
    shares = sum(chain.share for chain in CHAINS)
    return [
        {
            "gecko_id": None if chain.gecko == "base" else chain.native.replace("weth", "ethereum"),
            "totalCirculatingUSD": {
                peg: value * chain.share / shares for peg, value in totals.items()
            },
            "tokenSymbol": None if chain.gecko == "base" else chain.cmc[3],
            "name": chain.name,
        }
        for chain in CHAINS
        if totals
    ]


def _stable(
    number: int,
    about: tuple[str, str, str | None, str, str],
    values: dict[str, float],
    price: float | None,
    prices: bool,
) -> dict[str, Any]:
    name, symbol, gecko_id, peg, mechanism = about
    current = {
        "current" if age == "circulating" else f"circulating{age}": ({peg: value} if value else {})
        for age, value in values.items()
    }
    chains = CHAINS[:4] if values["circulating"] else ()
    shares = sum(chain.share for chain in chains)
    row: dict[str, Any] = {
        "id": str(number),
        "name": name,
        "symbol": symbol,
        "gecko_id": gecko_id,
        "pegType": peg,
        "priceSource": "defillama" if gecko_id else None,
        "pegMechanism": mechanism,
        "circulating": current["current"],
        **{age: value for age, value in current.items() if age != "current"},
        "chainCirculating": {
            chain.name: {
                age: {peg_: value * chain.share / shares for peg_, value in pegged.items()}
                for age, pegged in current.items()
            }
            for chain in chains
        },
        "chains": [chain.name for chain in chains],
    }
    if prices:
        row["price"] = price
    if name.startswith("Meridian"):
        row["yieldBearing"] = True
    if not values["circulating"]:
        row["deadFrom"] = "2024-05-01"
    return row
