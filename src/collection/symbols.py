"""One symbol space: which asset a source means.

CoinGecko's ids are canonical. Another source's name for an asset is resolved
by the first of these that decides:

1. an alias of its key written down here (Kraken says XBT; slugs of CoinMarketCap);
2. the token contract, which alone tells a wrapped or bridged token from its
   original and one "PEPE" from the next;
3. the symbol: the only asset of that symbol, or of several the one whose
   name is the same, or without a name the largest. What a name calls
   wrapped, bridged or staked is never an asset whose name does not.

What was found without a contract or an alias must also cost about the same
as the asset did last: a price that is off by more than PLAUSIBLE is another
asset of that symbol, or a wrong unit.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from common.errors import Skippable
from common.models import Address, Listing, Quote

PLAUSIBLE = 1.5  # times the last price, or its inverse
_word = re.compile(r"[^\W_]+")
_DERIVED = frozenset({"wrapped", "bridged", "staked", "peg", "pegged"})

# (source, key of the listing) -> asset id. Only for coins of their own chain, or where a name
# changed: a token is known by its contract.
_ALIASES: dict[tuple[str, str], str] = {
    ("kraken", "XBT"): "bitcoin",
    ("kraken", "XDG"): "dogecoin",
    ("kraken", "LUNA"): "terra-luna",  # the old chain, whose symbol is LUNC elsewhere
    ("kraken", "LUNA2"): "terra-luna-2",
    ("kraken", "NANO"): "nano",
    ("kraken", "APENFT"): "apenft",
    ("coinbase", "CGLD"): "celo",
    ("coinmarketcap", "bnb"): "binancecoin",
    ("coinmarketcap", "xrp"): "ripple",
    ("coinmarketcap", "avalanche"): "avalanche-2",
    ("coinmarketcap", "toncoin"): "the-open-network",
    ("coinmarketcap", "near-protocol"): "near",
    ("coinmarketcap", "hedera"): "hedera-hashgraph",
    ("coinmarketcap", "cronos"): "crypto-com-chain",
    ("coinmarketcap", "multi-collateral-dai"): "dai",
    ("coinmarketcap", "unus-sed-leo"): "leo-token",
    ("coinmarketcap", "polygon"): "matic-network",
    ("coinmarketcap", "terra-luna-v2"): "terra-luna-2",
    ("coinmarketcap", "render"): "render-token",
    ("coinmarketcap", "steth"): "staked-ether",
    ("coinmarketcap", "cosmos"): "cosmos",
    ("coinmarketcap", "polkadot-new"): "polkadot",
    ("coinmarketcap", "terra-luna"): "terra-luna",
    ("coinmarketcap", "multiversx-egld"): "elrond-erd-2",
    ("coinmarketcap", "stacks"): "blockstack",
    ("coinmarketcap", "theta-network"): "theta-token",
    ("coinmarketcap", "bitcoin-sv"): "bitcoin-cash-sv",
    ("coinmarketcap", "mina"): "mina-protocol",
    ("coinmarketcap", "xinfin"): "xdce-crowd-sale",
    ("coinmarketcap", "injective"): "injective-protocol",
    ("coinmarketcap", "conflux-network"): "conflux-token",
}


class Known(NamedTuple):
    """An asset of the symbol space; `price` is its last one, None without one.

    One that is not `listed` any more is meant by no symbol that a listed one has.
    """

    asset_id: str
    symbol: str
    name: str
    price: float | None
    listed: bool = True


class _Candidate(NamedTuple):
    """An asset under its symbol: what its name is compared by."""

    asset: Known
    derived: frozenset[str]
    plain: str


class SymbolSpace:
    """Resolves listings to assets. `assets` come largest first."""

    def __init__(self, assets: Iterable[Known], addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._by_id: dict[str, Known] = {}
        self._by_symbol: dict[str, list[_Candidate]] = {}
        for asset in assets:
            self._by_id[asset.asset_id] = asset
            candidate = _Candidate(asset, _words(asset.name) & _DERIVED, _plain(asset.name))
            self._by_symbol.setdefault(asset.symbol.upper(), []).append(candidate)

    def quote(self, source: str, listing: Listing) -> Quote:
        """Return the listing as a Quote of its asset.

        Raises Skippable: "unknown_asset", "ambiguous_symbol" or
        "implausible_price".
        """
        asset = self._certain(source, listing)
        if asset is None:
            asset = self._by_its_symbol(listing)
            if asset.price and not 1 / PLAUSIBLE < listing.price / asset.price < PLAUSIBLE:
                raise Skippable("implausible_price")
        return Quote(
            asset_id=asset.asset_id,
            symbol=asset.symbol,
            name=asset.name,
            price=listing.price,
            volume_24h=listing.volume_24h,
            market_cap=listing.market_cap,
            observed_at=listing.observed_at,
        )

    def _certain(self, source: str, listing: Listing) -> Known | None:
        if alias := _ALIASES.get((source, listing.key)):
            return self._known(alias)
        if listing.address:
            # A contract nobody knows is another token, whatever its symbol says.
            return self._known(self._addresses.get(listing.address))
        return None

    def _known(self, asset_id: str | None) -> Known:
        asset = self._by_id.get(asset_id or "")
        if asset is None:
            raise Skippable("unknown_asset")
        return asset

    def _by_its_symbol(self, listing: Listing) -> Known:
        same = self._by_symbol.get(listing.symbol.upper(), [])
        candidates = [one for one in same if one.asset.listed] or same
        if listing.name:
            derived = _words(listing.name) & _DERIVED
            candidates = [one for one in candidates if one.derived == derived]
        if not candidates:
            raise Skippable("unknown_asset")
        if listing.name and len(candidates) > 1:
            name = _plain(listing.name)
            candidates = [one for one in candidates if one.plain == name]
            if len(candidates) != 1:
                raise Skippable("ambiguous_symbol")
        return candidates[0].asset


def _words(name: str) -> frozenset[str]:
    return frozenset(_word.findall(name.lower()))


def _plain(name: str) -> str:
    return "".join(_word.findall(name.lower()))


def addresses_of(rows: Iterable[Address], known: Iterable[str]) -> list[Address]:
    """Return the contracts of assets that are collected; the full list holds ten times as many."""
    wanted = frozenset(known)
    return [row for row in rows if row.asset_id in wanted]
