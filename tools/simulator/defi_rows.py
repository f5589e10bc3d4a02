"""The rows of DeFi Llama's lists of protocols, chains and volumes.

Shapes after sections 3.2 to 3.4 of the provider notes and a recording of 2022.
"""

from typing import Any

import numpy as np

from tools.simulator.defi_protocols import Protocol, locked, protocols_of
from tools.simulator.dex_chains import CHAINS, contract
from tools.simulator.instants import DAY
from tools.simulator.market import Floats
from tools.simulator.provider import World
from tools.simulator.venues import change, number_of

# Chains without simulated tokens: name, CoinGecko id, symbol, CoinMarketCap id, chain id, share.
_MORE_CHAINS = (
    ("Tron", "tron", "TRON", "1958", 728126428, 0.05),
    ("Bitcoin", "bitcoin", "BTC", "1", None, 0.06),
    ("Sui", "sui", "SUI", "20947", None, 0.015),
    ("Orbit L2", None, None, None, "59144", 0.003),
    ("Ferrum Chain", None, None, None, None, 0.0),
)
_DAILY = {"dexs": 0.21, "fees": 0.00022}


def protocol_rows(world: World, now: int) -> list[dict[str, Any]]:
    """`/protocols`: by value locked, those without a value last."""
    protocols = protocols_of(world.market, world.scale)
    ages = (0, 3600, DAY, 7 * DAY)
    history = [locked(world, now - age).tolist() for age in ages]
    price = world.market.snapshot(now).price
    rows = []
    for place, one in enumerate(protocols):
        value, *before = (series[place] for series in history)
        rows.append(_protocol_row(world, one, value, before, price))
    rows.sort(key=lambda row: -(row["tvl"] or 0))
    return rows


def chain_rows(world: World, now: int) -> list[dict[str, Any]]:
    """`/v2/chains`; a chain id may be null or a string."""
    sums = dict.fromkeys((chain.name for chain in CHAINS), 0.0)
    values = locked(world, now).tolist()
    for one, value in zip(protocols_of(world.market, world.scale), values, strict=True):
        if one.unknown or one.category == "CEX":
            continue
        for chain, part in zip(one.chains, one.parts, strict=True):
            sums[chain.name] += value * part
    total = sum(sums.values())
    rows = [
        {
            "gecko_id": _native(chain.native),
            "tvl": sums[chain.name],
            "tokenSymbol": chain.cmc[3],
            "cmcId": str(chain.cmc[0]),
            "name": chain.name,
            "chainId": chain.number,
        }
        for chain in CHAINS
        if total
    ]
    for name, gecko_id, symbol, cmc, number, share in _MORE_CHAINS if total else ():
        rows.append(
            {
                "gecko_id": gecko_id,
                "tvl": total * share,
                "tokenSymbol": symbol,
                "cmcId": cmc,
                "name": name,
                "chainId": number,
            }
        )
    return rows


def overview(world: World, now: int, what: str) -> dict[str, Any]:
    """`/overview/dexs` and `/overview/fees`, without the charts."""
    protocols = [
        (place, one)
        for place, one in enumerate(protocols_of(world.market, world.scale))
        if what == "fees" or one.category == "Dexs"
    ]
    places = [place for place, _ in protocols]
    days = np.array([_day(world, now - age * DAY, what)[places] for age in range(61)])
    answer: dict[str, Any] = {
        "breakdown24h": None,
        "breakdown30d": None,
        "chain": None,
        "allChains": [chain.name for chain in CHAINS],
        **_totals(days.sum(axis=1)),
        "protocols": [
            _overview_row(one, days[:, column], what) for column, (_, one) in enumerate(protocols)
        ],
    }
    return answer


def overview_charts(world: World, now: int, what: str) -> tuple[list[Any], list[Any]]:
    """The daily totals of 90 days, and the same by protocol: what the params leave out."""
    protocols = protocols_of(world.market, world.scale)
    chart, by_name = [], []
    for day in range(now // DAY - 90, now // DAY):
        values = _day(world, day * DAY, what)
        chart.append([day * DAY, float(values.sum())])
        names = {one.name: round(values[place]) for place, one in enumerate(protocols[:60])}
        by_name.append([day * DAY, names])
    return chart, by_name


def _day(world: World, instant: int, what: str) -> Floats:
    """What each protocol traded, or earned, in the 24 hours to an instant, in USD."""
    values = locked(world, instant)
    phases = np.random.default_rng(332).uniform(0, 2 * np.pi, len(values))
    busy = np.exp(0.3 * np.sin(2 * np.pi * instant / (DAY * 9.7) + phases))
    return np.asarray(values * busy * _DAILY[what])


def _totals(days: Floats) -> dict[str, Any]:
    """Sums over the newest 24 hours, week and month; `days` runs back from now."""
    week, earlier_week = float(days[:7].sum()), float(days[7:14].sum())
    month, earlier_month = float(days[:30].sum()), float(days[30:60].sum())
    return {
        "total24h": float(days[0]),
        "total48hto24h": float(days[1]),
        "total7d": week,
        "total14dto7d": earlier_week,
        "total30d": month,
        "total60dto30d": earlier_month,
        "total1y": month * 12.1,
        "totalAllTime": month * 40,
        "total7DaysAgo": float(days[7]),
        "total30DaysAgo": float(days[30]),
        "change_1d": change(float(days[0]), float(days[1]), 2),
        "change_7d": change(float(days[0]), float(days[7]), 2),
        "change_1m": change(float(days[0]), float(days[30]), 2),
        "change_7dover7d": change(week, earlier_week, 2),
        "change_30dover30d": change(month, earlier_month, 2),
    }


def _overview_row(one: Protocol, days: Floats, what: str) -> dict[str, Any]:
    row = {
        "defillamaId": str(one.number + 1),
        "name": one.name,
        "displayName": one.name,
        "module": one.slug,
        "category": one.category,
        "logo": f"https://icons.llama.fi/{one.slug}.png",
        "chains": [chain.name for chain in one.chains],
        "protocolType": "protocol",
        "methodologyURL": "https://github.com/DefiLlama/dimension-adapters",
        "methodology": {"Volume" if what == "dexs" else "Fees": "Summed over all pools"},
        "parentProtocol": _parent(one),
        "slug": one.slug,
        **_totals(days),
    }
    if one.number % 13 == 5:  # stopped reporting: the newest figures are null, some are missing
        row |= {"total24h": None, "change_1d": None, "total30d": None}
        del row["change_1m"], row["total1y"]
    return row


def _protocol_row(
    world: World, one: Protocol, value: float, before: list[float], price: Floats
) -> dict[str, Any]:
    coin = None if one.coin is None else world.market.coins[one.coin]
    draw = number_of(f"row/{one.number}")
    changes = [None if one.unknown else change(value, earlier) for earlier in before]
    by_chain = {chain.name: value * part for chain, part in zip(one.chains, one.parts, strict=True)}
    home = one.chains[0]
    mcap = None
    if coin is not None and one.coin is not None:
        mcap = float(price[one.coin]) * coin.supply
    row: dict[str, Any] = {
        "id": str(one.number + 1),
        "name": one.name,
        "address": contract(coin.id, home) if coin else None,
        "symbol": coin.symbol if coin else "-",
        "url": f"https://{one.slug}.example/",
        "description": _description(one),
        "chain": home.name if len(one.chains) == 1 else "Multi-Chain",
        "logo": f"https://icons.llama.fi/{one.slug}.png",
        "audits": str(draw % 3),
        "audit_note": None,
        "gecko_id": coin.id if coin else None,
        "cmcId": str(30_000 + one.number) if coin else None,
        "category": one.category,
        "chains": [chain.name for chain in one.chains],
        "module": f"{one.slug}/index.js",
        "twitter": None if draw % 9 == 0 else one.slug.replace("-", "_"),
        "forkedFrom": [] if draw % 5 else ["Uniswap V2"],
        "oracles": ["Chainlink"] if draw % 4 == 0 else [],
        "listedAt": one.listed,
        "methodology": "Counts the tokens held by the contracts" if draw % 2 else {"TVL": "Tokens"},
        "slug": one.slug,
        "tvl": None if one.unknown else value,
        "chainTvls": {} if one.unknown else by_chain,
        "change_1h": None if draw % 11 == 0 else changes[0],
        "change_1d": changes[1],
        "change_7d": changes[2],
        "tokenBreakdowns": {},
        "mcap": mcap,
    }
    if one.parent:
        row["parentProtocol"] = _parent(one)
        row["parentProtocolSlug"] = one.parent.lower().replace(" ", "-")
    if coin and not one.unknown:
        by_chain |= {f"{home.name}-staking": value * 0.08, "staking": value * 0.08}
        row["staking"] = value * 0.08
    if draw % 8 == 0 and not one.unknown:
        by_chain |= {f"{home.name}-pool2": value * 0.01, "pool2": value * 0.01}
        row["pool2"] = value * 0.01
    if one.category == "Lending" and not one.unknown:
        by_chain |= {f"{home.name}-borrowed": value * 0.6, "borrowed": value * 0.6}
    if draw % 17 == 0:
        row["misrepresentedTokens"] = True
    return row


def _description(one: Protocol) -> str:
    chains = ", ".join(chain.name for chain in one.chains)
    return (
        f"{one.name} is a simulated protocol of the category {one.category} on {chains}. "
        "Users deposit tokens into its contracts, which put them to work and pay out what they "
        "earn after fees to those who hold its receipts."
    )


def _parent(one: Protocol) -> str | None:
    return f"parent#{one.parent.lower().replace(' ', '-')}" if one.parent else None


def _native(coin: str) -> str:
    return "ethereum" if coin == "weth" else coin
