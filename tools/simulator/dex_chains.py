"""Blockchains under the name that each provider gives them, and the tokens that live on them.

Contract addresses are made up: a digest of coin and chain, in the form of the chain.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from tools.simulator.coins import Coin
from tools.simulator.venues import number_of

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain. `gecko` is CoinGecko's platform id, `llama` the prefix at coins.llama.fi.

    `native` is the id of the coin that pools on it are quoted in, `wrapped` that coin's
    symbol there; `share` is its part of the value locked in the simulated DeFi.
    """

    gecko: str
    llama: str
    name: str
    dexscreener: str
    geckoterminal: str
    native: str
    wrapped: str
    number: int | None
    cmc: tuple[int, str, str, str]
    share: float


CHAINS = (
    Chain("ethereum", "ethereum", "Ethereum", "ethereum", "eth", "weth", "WETH", 1,
          (1027, "Ethereum", "ethereum", "ETH"), 0.58),
    Chain("solana", "solana", "Solana", "solana", "solana", "solana", "SOL", None,
          (5426, "Solana", "solana", "SOL"), 0.11),
    Chain("binance-smart-chain", "bsc", "BSC", "bsc", "bsc", "binancecoin", "WBNB", 56,
          (1839, "BNB", "bnb", "BNB"), 0.08),
    Chain("base", "base", "Base", "base", "base", "weth", "WETH", 8453,
          (27716, "Base", "base", "ETH"), 0.05),
    Chain("arbitrum-one", "arbitrum", "Arbitrum", "arbitrum", "arbitrum", "weth", "WETH", 42161,
          (11841, "Arbitrum", "arbitrum", "ARB"), 0.04),
    Chain("polygon-pos", "polygon", "Polygon", "polygon", "polygon_pos", "matic-network", "WPOL",
          137, (3890, "Polygon", "polygon", "POL"), 0.02),
    Chain("avalanche", "avax", "Avalanche", "avalanche", "avax", "avalanche-2", "WAVAX", 43114,
          (5805, "Avalanche", "avalanche", "AVAX"), 0.02),
    Chain("optimistic-ethereum", "optimism", "OP Mainnet", "optimism", "optimism", "weth", "WETH",
          10, (11840, "Optimism", "optimism-ethereum", "OP"), 0.01),
)  # fmt: skip

_BY_GECKO = {chain.gecko: chain for chain in CHAINS}

# Coins of chains of their own, beside those whose sector says so.
_OWN_CHAIN = set(
    "binancecoin dogecoin tron near internet-computer bittensor vechain filecoin theta-token "
    "the-open-network crypto-com-chain matic-network arbitrum optimism".split()
)
_EVERYWHERE = set("tether usd-coin dai chainlink uniswap aave weth wrapped-bitcoin".split())
_ONLY = {
    "staked-ether": "ethereum",
    "bridged-usdc-polygon-pos-bridge": "polygon-pos",
    "bitcoin-cats": "base",
    "bonk": "solana",
    "render-token": "solana",
    "pepe": "ethereum",
    "shiba-inu": "ethereum",
}


@lru_cache(maxsize=16_384)
def chains_of(coin: Coin) -> tuple[Chain, ...]:
    """The chains a coin is a token on, its first home first; none for a chain's own coin."""
    if coin.id in _ONLY:
        return (_BY_GECKO[_ONLY[coin.id]],)
    if coin.id in _EVERYWHERE:
        return tuple(chain for chain in CHAINS if coin.id != "weth" or chain.native == "weth")
    if coin.id in _OWN_CHAIN or coin.sector in ("layer-1", "payments", "privacy"):
        return ()
    draw = number_of(coin.id)
    home = CHAINS[(0, 0, 0, 0, 0, 0, 1, 1, 2, 3)[draw % 10]]
    others = [chain for place, chain in enumerate(CHAINS[:6]) if draw >> (8 + 2 * place) & 3 == 0]
    return (home, *(chain for chain in others if chain is not home))


@lru_cache(maxsize=65_536)
def contract(coin: str, chain: Chain) -> str:
    """The address of a coin's token on a chain: lower-case hexadecimal, on Solana base 58."""
    return address(f"{coin}/{chain.gecko}", chain)


def address(what: str, chain: Chain) -> str:
    """An address on a chain that belongs to a text for good."""
    if chain.gecko != "solana":
        return f"0x{blake2b(what.encode(), digest_size=20).hexdigest()}"
    number = int.from_bytes(blake2b(what.encode(), digest_size=31).digest(), "big") | 1 << 247
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    return "".join(reversed(digits))
