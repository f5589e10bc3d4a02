"""The products that the simulated Coinbase lists."""

from dataclasses import dataclass

from tools.simulator.coins import COUNT, known_coins
from tools.simulator.market import MarketSource

_IN_EUROS = {"bitcoin", "ethereum", "solana", "cardano", "chainlink"}
_IN_TETHER = {"bitcoin", "ethereum", "solana"}
_NOT_HERE = {"leo-token", "okb", "crypto-com-chain", "tron", "tether"}
HALTED, DISABLED = {"eos", "fantom"}, {"harmony"}
_UNTRADED = 3


@dataclass(frozen=True, slots=True)
class Product:
    """One product: its coin's place and the currency it is quoted in; a future has a name."""

    place: int
    quote: str
    traded: bool = True
    future: str = ""


def products_of(market: MarketSource) -> list[Product]:
    """The products of the known coins, and of a few that nobody trades; futures last."""
    known = {coin.id for coin in known_coins()} - _NOT_HERE
    products, untraded = [], 0
    for place, coin in enumerate(market.coins):
        if coin.id in known:
            products.append(Product(place, "USD"))
            products += [Product(place, "EUR")] if coin.id in _IN_EUROS else []
            products += [Product(place, "USDT")] if coin.id in _IN_TETHER else []
        elif place < COUNT and not coin.stable and untraded < _UNTRADED and coin.id[0] > "d":
            products.append(Product(place, "USD", traded=False))
            untraded += 1
    futures = {"bitcoin": "BIT-29JAN27-CDE", "ethereum": "ET-29JAN27-CDE"}
    for place, coin in enumerate(market.coins):
        if coin.id in futures:
            products.append(Product(place, "USD", future=futures[coin.id]))
    return products
