"""Liquidity pools of the simulated tokens, and what trades in them.

A token has one to four pools on each of its chains, against the chain's own coin or a
stablecoin. A pool's price is the market's within a few basis points; its volume is a part
of the coin's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from tools.simulator.coins import Coin
from tools.simulator.dex_chains import CHAINS, Chain, address, chains_of, contract
from tools.simulator.market import MarketSource
from tools.simulator.venues import change, number_of, off_by

WINDOWS = {"m5": 300, "m15": 900, "m30": 1800, "h1": 3600, "h6": 21_600, "h24": 86_400}
_OLDEST = 1_588_600_000  # 2020-05-04
_LARGE = 255  # lists without a token in the question are of the largest coins' pools

# DexScreener's id | its label, if any | GeckoTerminal's id | its name, by chain.
_DEXES = {
    "ethereum": (("uniswap", "v3", "uniswap_v3", "Uniswap V3"),
                 ("uniswap", "v2", "uniswap_v2", "Uniswap V2"),
                 ("sushiswap", "", "sushiswap", "Sushiswap"),
                 ("uniswap", "v4", "uniswap-v4-ethereum", "Uniswap V4 (Ethereum)")),
    "solana": (("raydium", "CLMM", "raydium-clmm", "Raydium (CLMM)"),
               ("orca", "wp", "orca", "Orca"),
               ("meteora", "DLMM", "meteora", "Meteora"),
               ("pumpswap", "", "pumpswap", "PumpSwap")),
    "binance-smart-chain": (("pancakeswap", "v3", "pancakeswap-v3-bsc", "PancakeSwap V3 (BSC)"),
                            ("pancakeswap", "v2", "pancakeswap_v2", "PancakeSwap (v2)"),
                            ("thena", "", "thena", "Thena"),
                            ("uniswap", "v3", "uniswap-bsc", "Uniswap V3 (BSC)")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool. `base` and `quote` are places in the market, `weight` its part of the coin's
    trade on chains, `dex` the ids and names in the order of the table."""

    chain: Chain
    base: int
    quote: int
    symbol: str
    dex: tuple[str, str, str, str]
    fee: str
    weight: float
    created: int

    @property
    def key(self) -> str:
        """What the pool's address is made of."""
        return f"{self.base}/{self.quote}/{self.dex[2]}/{self.chain.gecko}/{self.created}"

    @property
    def address(self) -> str:
        """The pool's address on its chain."""
        return address(self.key, self.chain)


@dataclass(frozen=True, slots=True)
class Trade:
    """A pool at an instant: prices, value and notional in USD, changes in percent.

    `volume`, `changes`, `buys` and `sells` are by window, a change None where unknown.
    """

    price: float
    quote_price: float
    liquidity: float
    volume: dict[str, float]
    changes: dict[str, float | None]
    buys: dict[str, int]
    sells: dict[str, int]


class Pools:
    """The pools of a market."""

    def __init__(self, market: MarketSource) -> None:
        self._market = market
        self._place = {coin.id: place for place, coin in enumerate(market.coins)}
        self._tokens = {
            (chain.gecko, contract(coin.id, chain).lower()): place
            for place, coin in enumerate(market.coins)
            for chain in chains_of(coin)
        }
        self._kept = lru_cache(maxsize=4096)(self._make)

    def coin(self, place: int) -> Coin:
        """The coin at a place of the market."""
        return self._market.coins[place]

    def token(self, chain: Chain, contract_address: str) -> int | None:
        """The place of the token at an address."""
        return self._tokens.get((chain.gecko, contract_address.lower()))

    def of(self, base: int, chain: Chain) -> tuple[Pool, ...]:
        """A token's pools on a chain, largest first."""
        return self._kept(base, chain)

    def largest(self, chains: tuple[Chain, ...] = CHAINS) -> Iterator[Pool]:
        """Pools of the largest coins on some chains."""
        for place, coin in islice(enumerate(self._market.coins), _LARGE):
            for chain in chains_of(coin):
                if chain in chains:
                    yield from self.of(place, chain)

    def found(self, text: str) -> Iterator[Pool]:
        """Pools whose base token has a text as symbol, in its name, or as address."""
        wanted = text.strip().lower()
        for place, coin in enumerate(self._market.coins):
            named = wanted == coin.symbol.lower() or (
                len(wanted) > 2 and wanted in coin.name.lower()
            )
            for chain in chains_of(coin):
                if named or wanted == contract(coin.id, chain).lower():
                    yield from self.of(place, chain)

    def newest(self, chain: Chain, now: int) -> Iterator[Pool]:
        """The pools of the last day or so on a chain, newest first: one every ten minutes."""
        tokens = sorted(
            place
            for (gecko, _), place in self._tokens.items()
            if gecko == chain.gecko and 60 <= place < _LARGE
        )
        for slot in range(now // 600 - 1, now // 600 - 200, -1) if tokens else ():
            draw = number_of(f"new/{chain.gecko}/{slot}")
            like = self.of(tokens[draw % len(tokens)], chain)
            if like:
                created = slot * 600 + draw % 600
                yield replace(like[0], weight=1e-5, created=created)

    def activity(self, pool: Pool, now: int) -> float:
        """How much is going on in a pool: its notional and how far its price has moved."""
        if self.coin(pool.base).stable:
            return 0.0
        today, before = self._market.snapshot(now), self._market.snapshot(now - 86_400)
        moved = change(float(today.price[pool.base]), float(before.price[pool.base])) or 0.0
        return float(today.volume[pool.base]) * pool.weight * (1 + abs(moved))

    def trade(self, pool: Pool, now: int) -> Trade | None:
        """What a pool did up to an instant; None where the market knows no price."""
        today = self._market.snapshot(now)
        price = float(today.price[pool.base]) * off_by(pool.key, now)
        quote = float(today.price[pool.quote]) * off_by(pool.chain.gecko, now, 1)
        if not price > 0 or not quote > 0:
            return None
        daily = float(today.volume[pool.base]) * 0.2 * pool.weight
        changes = {
            name: change(price, float(self._market.snapshot(now - span).price[pool.base]), 2)
            for name, span in WINDOWS.items()
        }
        volume, buys, sells = {}, {}, {}
        for name, span in WINDOWS.items():
            # The newest windows are busier in one pool and quieter in another.
            busy = 1 + 0.4 * ((number_of(f"{pool.key}/{name}/{now // 300}") % 200) / 100 - 1)
            share = span / 86_400 * (1.0 if name == "h24" else busy)
            volume[name] = round(daily * share, 2)
            trades = int(daily * share / 900)
            buys[name] = int(trades * (0.5 + (changes[name] or 0) / 400))
            sells[name] = max(trades - buys[name], 0)
        return Trade(price, quote, round(daily * 1.7 + 500, 2), volume, changes, buys, sells)

    def _make(self, base: int, chain: Chain) -> tuple[Pool, ...]:
        coin = self._market.coins[base]
        draw = number_of(f"pools/{coin.id}/{chain.gecko}")
        quotes = [(chain.native, chain.wrapped), ("usd-coin", "USDC"), ("tether", "USDT")]
        usable = [
            (self._place[id_], symbol)
            for id_, symbol in quotes
            if id_ in self._place and id_ != coin.id
        ]
        if not usable:
            return ()
        dexes = _DEXES.get(chain.gecko, _DEXES["ethereum"])
        # A token is mostly traded on the largest of its chains.
        part = 0.5 * chain.share / max(home.share for home in (*chains_of(coin), chain))
        pools = []
        for number in range((3, 3, 4, 2, 3, 1, 3, 4)[draw % 8]):
            quote, symbol = usable[number % len(usable)]
            created = _OLDEST + (draw >> 8 + number) % (5 * 31_536_000)
            dex = dexes[number % len(dexes)]
            fee = ("0.3%", "0.05%", "", "1%")[number % 4]
            pools.append(Pool(chain, base, quote, symbol, dex, fee, part / 2**number, created))
        return tuple(pools)


@lru_cache(maxsize=4)
def pools_of(market: MarketSource) -> Pools:
    """The pools of a market, made once."""
    return Pools(market)
