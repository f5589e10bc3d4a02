"""The simulated DeFi protocols and the value locked in them.

Every coin of the DeFi sector has a protocol; the rest are invented. Locked value is a
function of protocol and instant: a level, slow waves, a part of Ether's own moves, and the
outflows planted on the protocol's coin.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tools.simulator.coins import COUNT, DEFI, invented_names
from tools.simulator.dex_chains import CHAINS, Chain
from tools.simulator.instants import DAY
from tools.simulator.market import Floats, MarketSource
from tools.simulator.provider import Scale, World
from tools.simulator.venues import number_of

_PROTOCOLS: dict[Scale, int] = {"normal": 300, "full": 5000}
_LARGEST = 3.2e10
_SAMPLE_DAY = 1_577_836_800  # 2020-01-01

# Category, and the words its invented protocols are called by.
_CATEGORIES = {
    "Dexs": ("Swap", "Exchange", "AMM", "Pools"),
    "Lending": ("Lend", "Money Market", "Credit", "Borrow"),
    "Liquid Staking": ("Staked", "Liquid"),
    "Yield": ("Vaults", "Farm", "Harvest", "Optimizer"),
    "CDP": ("Dollar", "Mint"),
    "Bridge": ("Bridge", "Portal"),
    "Derivatives": ("Perps", "Options"),
    "Restaking": ("Restake",),
    "RWA": ("Treasury", "Bonds"),
    "CEX": ("Global",),
}
_OF_COIN = {
    "uniswap": "Dexs",
    "aave": "Lending",
    "maker": "CDP",
    "lido-dao": "Liquid Staking",
    "curve-dao-token": "Dexs",
    "compound-governance-token": "Lending",
    "sushi": "Dexs",
}
_NAMES = {"maker": "Sky Lending", "lido-dao": "Lido", "curve-dao-token": "Curve DEX"}


@dataclass(frozen=True, slots=True)
class Protocol:
    """One protocol. `coin` is the place of its token in the market, if it has one.

    `parts` are the shares of its chains, `parent` the name of the protocol it is a version of.
    """

    number: int
    name: str
    slug: str
    category: str
    coin: int | None
    chains: tuple[Chain, ...]
    parts: tuple[float, ...]
    parent: str | None
    level: float
    listed: int

    @property
    def unknown(self) -> bool:
        """Whether the provider has no value for it at present."""
        return self.number % 37 == 19


@lru_cache(maxsize=4)
def protocols_of(market: MarketSource, scale: Scale) -> tuple[Protocol, ...]:
    """The protocols beside a market; none in a replay, where all numbers are real."""
    if not market.capitalised:
        return ()
    found = [_of_coin(market, place) for place in _defi_coins(market)]
    names = invented_names()
    words = [(category, word) for category, all_ in _CATEGORIES.items() for word in all_]
    for number in range(len(found), _PROTOCOLS[scale]):
        draw = number_of(f"protocol/{number}")
        category, word = words[number % len(words)]
        name = f"{names[number // len(words) % len(names)]} {word}"
        parent = name.rsplit(" ", 1)[0] if draw % 6 == 0 else None
        if parent:
            name = f"{name} V{2 + draw % 3}"
        found.append(_make(number, name, category, None, parent))
    return tuple(found)


def locked(world: World, instant: int) -> Floats:
    """Value locked in every protocol at an instant in USD, in their order."""
    protocols = protocols_of(world.market, world.scale)
    rng = np.random.default_rng(331)
    phases = rng.uniform(0, 2 * np.pi, (3, len(protocols)))
    hours = instant / 3600
    waves = 0.12 * np.sin(2 * np.pi * hours / (24 * 61) + phases[0])
    waves += 0.02 * np.sin(2 * np.pi * hours / (24 * 2.3) + phases[1])
    waves += 0.003 * np.sin(2 * np.pi * hours / 5.1 + phases[2])
    values = np.array([one.level for one in protocols]) * np.exp(waves) * _ether(world, instant)
    planted = world.schedule.planted if world.schedule else []
    for event in planted:
        if event.kind == "tvl_outflow":
            left = float(event.value_left(np.array([instant]))[0])
            for place, one in enumerate(protocols):
                if one.coin == event.asset:
                    values[place] *= left
    return np.asarray(values)


def _ether(world: World, instant: int) -> float:
    """How Ether's price moves what is locked, half of which is Ether."""
    coins = world.market.coins
    place = next((place for place, coin in enumerate(coins) if coin.id == "ethereum"), None)
    if place is None:
        return 1.0
    price = float(world.market.history(place, np.array([instant], dtype=np.int64))[0][0])
    return float((price / coins[place].price) ** 0.5)


def _defi_coins(market: MarketSource) -> list[int]:
    coins = market.coins[:COUNT]
    return [place for place, coin in enumerate(coins) if coin.sector == DEFI]


def _of_coin(market: MarketSource, place: int) -> Protocol:
    coin = market.coins[place]
    category = _OF_COIN.get(coin.id) or ("Dexs", "Lending", "Yield", "Derivatives")[place % 4]
    name = _NAMES.get(coin.id, coin.name)
    number = _defi_coins(market).index(place)
    parent = None
    if coin.id in ("uniswap", "aave", "sushi"):
        name, parent = f"{name} V3", name
    return _make(number, name, category, place, parent)


def _make(number: int, name: str, category: str, coin: int | None, parent: str | None) -> Protocol:
    draw = number_of(f"chains/{number}")
    ordered = sorted(CHAINS, key=lambda chain: number_of(f"{number}/{chain.gecko}") / chain.share)
    chains = tuple(ordered[: (1, 1, 2, 4, 1, 7)[draw % 6]])
    weights = np.array([chain.share for chain in chains])
    parts = tuple((weights / weights.sum()).tolist())
    slug = name.lower().replace(" ", "-")
    level = _LARGEST * (1 + number) ** -1.15
    listed = _SAMPLE_DAY + draw % (6 * 365) * DAY
    return Protocol(number, name, slug, category, coin, chains, parts, parent, level, listed)
