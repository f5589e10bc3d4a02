"""The pairs that the simulated Kraken lists, under the names it gives them."""

from dataclasses import dataclass

from tools.simulator.coins import COUNT, known_coins
from tools.simulator.market import MarketSource

_SYMBOLS = {"bitcoin": "XBT", "dogecoin": "XDG", "terra-luna-2": "LUNA2"}
OLD = {"XBT", "ETH", "LTC", "XRP", "XLM", "XMR", "ZEC", "ETC", "XDG", "MLN", "REP"}
_IN_EUROS = {"bitcoin", "ethereum", "solana", "ripple", "cardano", "chainlink", "tether"}
_IN_TETHER = {"bitcoin", "ethereum", "solana", "dogecoin", "usd-coin"}
_STAKED = {"solana": "SOL.S", "polkadot": "DOT.S", "cosmos": "ATOM.S"}
FIAT = {"USD": "ZUSD", "EUR": "ZEUR", "USDT": "USDT"}
_UNTRADED = 3  # invented coins that are listed but have never been traded


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair: its coin's place, the symbols of both sides, and whether it is traded."""

    place: int
    base: str
    quote: str
    traded: bool = True

    @property
    def asset(self) -> str:
        """Kraken's own name of the base."""
        return f"X{self.base}" if self.base in OLD else self.base

    @property
    def name(self) -> str:
        """Kraken's own name of the pair; two old names are joined with their prefixes."""
        prefixed = self.base in OLD and self.base != "XDG" and self.quote != "USDT"
        if prefixed or (self.base, self.quote) == ("USDT", "USD"):
            return f"{self.asset}{FIAT[self.quote]}"
        return self.altname

    @property
    def altname(self) -> str:
        """The name without prefixes."""
        return f"{self.base}{self.quote}"

    @property
    def slashed(self) -> str:
        """The name under `assetVersion=1`."""
        renamed = {"XBT": "BTC", "XDG": "DOGE"}
        return f"{renamed.get(self.base, self.base)}/{self.quote}"

    @property
    def socket_name(self) -> str:
        """The name at the WebSocket."""
        return f"{self.base}/{self.quote}"


def pairs_of(market: MarketSource) -> list[Pair]:
    """The pairs of the known coins, and of a few that nobody trades."""
    known = {coin.id for coin in known_coins()} | {"wrapped-bitcoin"}
    pairs, untraded = [], 0
    for place, coin in enumerate(market.coins):
        if coin.id not in known:
            if place < COUNT and untraded < _UNTRADED:
                pairs.append(Pair(place, coin.symbol, "USD", traded=False))
                untraded += 1
            continue
        symbol = _SYMBOLS.get(coin.id, coin.symbol)
        pairs.append(Pair(place, symbol, "USD"))
        if coin.id in _STAKED:
            pairs.append(Pair(place, _STAKED[coin.id], "USD"))
        if coin.id in _IN_EUROS:
            pairs.append(Pair(place, symbol, "EUR"))
        if coin.id in _IN_TETHER:
            pairs.append(Pair(place, symbol, "USDT"))
    return pairs
