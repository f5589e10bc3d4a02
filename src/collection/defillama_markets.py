"""DeFi Llama's other hosts: yields, stablecoins and prices.

Yields (yields.llama.fi) are yearly, in percent, of tens of thousands of
pools; `outlier` marks what DeFi Llama itself does not trust. The amounts of
stablecoins (stablecoins.llama.fi) are worth in US dollars, whatever the name
of the peg they stand under; `price` is null without a market.
Prices (coins.llama.fi) have Unix stamps and a `confidence` from 0 to 1; coins
without a price are left out. Asked for by CoinGecko's id, a price is mostly
CoinGecko's own handed on (confidence 0.99), so it is no second opinion of it.
https://api-docs.defillama.com
"""

from urllib.parse import quote

import msgspec

from collection import defi, payload
from collection.chains import canonical_chain
from collection.payload import Rows, check_age, decode, number, parse_object, positive
from common.errors import Retryable, Skippable
from common.models import Parsable, Parsed, Reading

MOST_POOLS, LEAST_LOCKED = 3_000, 10_000  # US dollars
LEAST_APY, MOST_APY = -100, 1e6  # percent
MOST_STABLECOINS = 1_000
LEAST_CONFIDENCE = 0.9
STALE_SECONDS = 3600
BY_ASSET = "coingecko:"


class Pool(msgspec.Struct, rename="camel"):
    """A row of /pools."""

    pool: str
    project: str
    symbol: str
    chain: str | None = None
    exposure: str | None = None
    il_risk: str | None = None
    pool_meta: str | None = None
    tvl_usd: object = None
    apy: object = None
    apy_base: object = None
    apy_reward: object = None
    apy_mean30d: object = None
    volume_usd1d: object = None
    outlier: object = None


class Pools(msgspec.Struct):
    """/pools."""

    data: msgspec.Raw
    status: str = ""


class Stablecoin(
    msgspec.Struct,
    rename={
        "peg_type": "pegType",
        "peg_mechanism": "pegMechanism",
        "prev_day": "circulatingPrevDay",
        "prev_week": "circulatingPrevWeek",
    },
):
    """A row of /stablecoins; amounts by the name of the peg, {} or 0 without a record."""

    id: str
    name: str
    symbol: str
    gecko_id: str | None = None
    peg_type: str | None = None
    peg_mechanism: str | None = None
    circulating: object = None
    prev_day: object = None
    prev_week: object = None
    price: object = None


class Stablecoins(msgspec.Struct, rename="camel"):
    """/stablecoins."""

    pegged_assets: msgspec.Raw


class Coin(msgspec.Struct):
    """A price in `coins`."""

    symbol: str
    timestamp: int
    price: float | None = None
    confidence: object = None


class Coins(msgspec.Struct):
    """/prices/current."""

    coins: msgspec.Raw


_pool, _stablecoin, _coin = Rows(Pool), Rows(Stablecoin), Rows(Coin)
_pools = msgspec.json.Decoder(Pools)
_stablecoins = msgspec.json.Decoder(Stablecoins)
_coins = msgspec.json.Decoder(Coins)


def parse_yields(body: bytes, tick: int) -> Parsed:
    """Parse /pools into readings "yield" of the pools in which most is locked."""
    pools = decode(body, _pools)
    if pools.status not in ("", "success"):
        raise Retryable("an answer that says it is not a success")

    def locked(row: Pool) -> float:
        tvl = defi.dollars(row.tvl_usd, "tvl")
        if tvl < LEAST_LOCKED:
            raise Skippable("thin")
        return tvl

    def build(row: Pool) -> Reading:
        apy = number(row.apy)
        if apy is None:
            raise Skippable("no_apy")
        if not LEAST_APY < apy < MOST_APY:
            raise Skippable("implausible_apy")
        project, symbol = defi.text(row.project, "project"), defi.text(row.symbol, "symbol")
        key = defi.text(row.pool, "key")
        return Reading(
            kind="yield",
            key=key,
            name=f"{project} {symbol}",
            value=apy,
            observed_at=tick,
            figures=payload.figures(
                tvl=locked(row),
                apy_base=number(row.apy_base),
                apy_reward=number(row.apy_reward),
                apy_mean_30d=number(row.apy_mean30d),
                volume_1d=payload.amount(number(row.volume_usd1d)),
                outlier="yes" if row.outlier is True else None,
            ),
            about=payload.about(
                project=project,
                chain=canonical_chain(row.chain or ""),
                symbol=symbol,
                exposure=row.exposure,
                il_risk=row.il_risk,
                pool_meta=row.pool_meta,
                url=f"https://defillama.com/yields/pool/{quote(key)}",
            ),
        )

    return defi.parse_largest(pools.data, _pool, locked, build, MOST_POOLS)


def parse_stablecoins(body: bytes, tick: int) -> Parsed:
    """Parse /stablecoins into readings "stablecoin": what is in circulation, in US dollars."""

    def circulating(row: Stablecoin) -> float:
        return defi.dollars(_total(row.circulating), "circulation")

    def build(row: Stablecoin) -> Reading:
        return Reading(
            kind="stablecoin",
            key=defi.text(row.id, "key"),
            name=defi.text(row.name, "name"),
            value=circulating(row),
            observed_at=tick,
            figures=payload.figures(
                price=positive(number(row.price)),
                prev_day=payload.amount(_total(row.prev_day)),
                prev_week=payload.amount(_total(row.prev_week)),
            ),
            about=payload.about(
                symbol=row.symbol,
                peg=row.peg_type,
                mechanism=row.peg_mechanism,
                asset_id=row.gecko_id,
            ),
        )

    array = decode(body, _stablecoins).pegged_assets
    return defi.parse_largest(array, _stablecoin, circulating, build, MOST_STABLECOINS)


def _total(by_peg: object) -> float | None:
    amounts = [number(one) for one in by_peg.values()] if isinstance(by_peg, dict) else []
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def parse_prices(body: bytes, tick: int) -> Parsed:
    """Parse /prices/current of CoinGecko's ids into readings "defi_price"."""

    def build(name: str, row: Coin) -> Parsable:
        if not name.startswith(BY_ASSET):
            raise Skippable("unknown_key")
        asset_id = defi.text(name.removeprefix(BY_ASSET), "key")
        confidence = number(row.confidence)
        if confidence is not None and confidence < LEAST_CONFIDENCE:
            raise Skippable("low_confidence")
        check_age(row.timestamp, tick, STALE_SECONDS)
        return Reading(
            kind="defi_price",
            key=asset_id,
            name=defi.text(row.symbol, "symbol"),
            value=payload.price(row.price),
            observed_at=row.timestamp,
            figures=payload.figures(confidence=confidence),
            about=payload.about(symbol=row.symbol, asset_id=asset_id),
        )

    return parse_object(decode(body, _coins).coins, _coin, build)
