"""CoinGecko's lists beside its markets: what is searched for, token contracts, NFT collections.

https://docs.coingecko.com/reference/trending-search
https://docs.coingecko.com/reference/coins-list
https://docs.coingecko.com/reference/nfts-id
"""

from collections import Counter

import msgspec

from collection.chains import canonical_chain, token_address
from collection.payload import (
    Rows,
    about,
    amount,
    build_rows,
    decode,
    figures,
    number,
    parse_rows,
    positive,
    price,
)
from common.errors import Skippable
from common.models import Address, Parsable, Parsed, Reading

HIGHEST_FLOOR = 1e9  # US dollars; more is a wrong unit
# Collections that have stood at the top for years, by CoinGecko's ids.
COLLECTIONS = (
    "cryptopunks",
    "bored-ape-yacht-club",
    "mutant-ape-yacht-club",
    "pudgy-penguins",
    "azuki",
    "milady-maker",
)


class TrendData(msgspec.Struct):
    """Amounts of a trending coin: numbers, or texts like "$1,234"; absent before 2024."""

    price: object = None
    market_cap: object = None
    price_change_percentage_24h: dict[str, object] | None = None


class TrendItem(msgspec.Struct):
    """A trending coin; `score` is its place from 0."""

    id: str
    name: str
    symbol: str
    score: int | None = None
    data: TrendData | None = None


class Trend(msgspec.Struct):
    """A row of `coins`."""

    item: TrendItem


class Trending(msgspec.Struct):
    """/search/trending; its collections and categories are not coins and not rows."""

    coins: msgspec.Raw


class Coin(msgspec.Struct):
    """A row of /coins/list: contracts by asset platform, {"": ""} without any."""

    id: str
    platforms: dict[str, str | None] | None = None


class Amounts(msgspec.Struct):
    """One figure of a collection in two currencies."""

    usd: float | None = None
    native_currency: float | None = None


NOTHING = Amounts()


class Collection(msgspec.Struct):
    """/nfts/{id}; amounts may be null or missing."""

    id: str
    name: str
    symbol: str | None = None
    asset_platform_id: str | None = None
    contract_address: str | None = None
    native_currency_symbol: str | None = None
    floor_price: Amounts | None = None
    market_cap: Amounts | None = None
    volume_24h: Amounts | None = None
    floor_price_24h_percentage_change: Amounts | None = None


_trending = msgspec.json.Decoder(Trending)
_trends = Rows(Trend)
_coins = Rows(Coin)
_raw_coins = msgspec.json.Decoder(list[msgspec.Raw])
_collection = msgspec.json.Decoder(Collection, strict=False)


def parse_trending(body: bytes, tick: int) -> Parsed:
    """Parse the most searched coins into "trending" Readings: the value is the place, from 1.

    Figures: price and market_cap in US dollars, change_24h in percent.
    """

    def reading(row: Trend) -> Reading:
        coin, data = row.item, row.item.data or TrendData()
        if not coin.id.strip():
            raise Skippable("no_id")
        if coin.score is None or not 0 <= coin.score < 1000:
            raise Skippable("no_rank")
        return Reading(
            kind="trending",
            key=coin.id,
            name=coin.name.strip() or coin.id,
            value=float(coin.score + 1),
            observed_at=tick,
            figures=figures(
                price=positive(_dollars(data.price)),
                change_24h=number((data.price_change_percentage_24h or {}).get("usd")),
                market_cap=positive(_dollars(data.market_cap)),
            ),
            about=about(symbol=coin.symbol.strip().upper(), asset_id=coin.id),
        )

    coins = decode(body, _trending).coins
    return parse_rows(coins, _trends, reading, key=lambda row: row.item.id)


def _dollars(value: object) -> float | None:
    """Return 1234.5 of 1234.5, "1234.5" and "$1,234.5"."""
    return number(value.strip().lstrip("$").replace(",", "") if isinstance(value, str) else value)


def parse_list(body: bytes, _tick: int) -> Parsed:
    """Parse /coins/list into an Address for every contract of every coin.

    A coin may have several contracts, so rows and skipped ones add up to more
    than the coins. A contract that two coins claim belongs to the first.
    """
    owners: dict[str, str] = {}
    skipped: Counter[str] = Counter()
    raw = decode(body, _raw_coins)
    for coin in _coins.one_by_one(raw):
        if coin is None or not coin.id.strip():
            skipped["no_id" if coin else "malformed"] += 1
            continue
        contracts = [
            token_address(chain, contract)
            for chain, contract in (coin.platforms or {}).items()
            if contract and contract.strip() and chain.strip()
        ]
        new = [address for address in contracts if address not in owners]
        owners.update(dict.fromkeys(new, coin.id))
        if not new:
            skipped["duplicate" if contracts else "no_contract"] += 1
    rows: list[Parsable] = [Address(address, coin_id) for address, coin_id in owners.items()]
    return Parsed(rows, skipped)


def parse_nft(body: bytes, tick: int) -> Parsed:
    """Parse a collection into one "nft_floor" Reading.

    Figures: floor_native in the chain's own coin, volume_24h and market_cap in
    US dollars, change_24h in percent of the floor in US dollars.
    """

    def reading(nft: Collection) -> Reading:
        if not nft.id.strip():
            raise Skippable("no_id")
        floor = nft.floor_price or NOTHING
        value = price(floor.usd)
        if value > HIGHEST_FLOOR:
            raise Skippable("implausible_floor")
        chain, contract = nft.asset_platform_id, nft.contract_address
        return Reading(
            kind="nft_floor",
            key=nft.id,
            name=nft.name.strip() or nft.id,
            value=value,
            observed_at=tick,
            figures=figures(
                floor_native=positive(floor.native_currency),
                volume_24h=amount((nft.volume_24h or NOTHING).usd),
                market_cap=amount((nft.market_cap or NOTHING).usd),
                change_24h=number((nft.floor_price_24h_percentage_change or NOTHING).usd),
            ),
            about=about(
                symbol=nft.symbol,
                chain=canonical_chain(chain) if chain else None,
                address=token_address(chain, contract) if chain and contract else None,
                native_symbol=(nft.native_currency_symbol or "").upper(),
            ),
        )

    return build_rows([decode(body, _collection)], reading)
