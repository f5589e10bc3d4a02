"""DexScreener: liquidity pools of the largest tokens, and which tokens pay to be shown.

Prices, volumes and liquidity in US dollars, changes in percent. A pool is
quoted by its base token: of a pool found by its quote token the price is
still that of the base token. `priceUsd` is text, windows without trades are
left out, liquidity is absent for bonding curves, and nothing has a stamp.
"Boosts" are paid placement and never a sign of interest. A body is an array,
{"pairs": …} with null for "not found", or a single object.
300 requests a minute for pools, 60 for boosts; 30 tokens in one.
https://docs.dexscreener.com/api/reference
"""

from collections import Counter

import msgspec

from collection import defi, payload
from collection.chains import canonical_chain, token_address
from collection.payload import Rows, decode, parse_rows
from collection.source import Endpoint, Fill, Source
from common.errors import Retryable, Skippable
from common.models import Parsed, Reading

BASE = "https://api.dexscreener.com"
SITE = "https://dexscreener.com/"
MOST_BOOSTS = 1_000_000


class Token(msgspec.Struct):
    """A side of a pool."""

    address: str | None = None
    symbol: str | None = None


class Trades(msgspec.Struct):
    """Trades in a window."""

    buys: object = None
    sells: object = None


class TradeWindows(msgspec.Struct):
    """Trades by window."""

    h24: Trades | None = None


class Windows(msgspec.Struct):
    """A number by window."""

    h1: object = None
    h24: object = None


class Liquidity(msgspec.Struct):
    """What lies in a pool."""

    usd: object = None


class Pair(msgspec.Struct, rename="camel"):
    """A pool."""

    base_token: Token
    chain_id: str | None = None
    dex_id: str | None = None
    url: str | None = None
    pair_address: str | None = None
    quote_token: Token | None = None
    price_usd: object = None
    txns: TradeWindows | None = None
    volume: Windows | None = None
    price_change: Windows | None = None
    liquidity: Liquidity | None = None
    fdv: object = None


class Boost(msgspec.Struct, rename="camel"):
    """Paid placement of a token: boosts active in all, and bought last."""

    chain_id: str | None = None
    token_address: str | None = None
    url: str | None = None
    amount: object = None
    total_amount: object = None


class Single(msgspec.Struct, rename="camel"):
    """A body that is an object; what is absent is empty."""

    pairs: msgspec.Raw = msgspec.Raw(b"")
    pair: msgspec.Raw = msgspec.Raw(b"")
    pair_address: msgspec.Raw = msgspec.Raw(b"")
    token_address: msgspec.Raw = msgspec.Raw(b"")


_pairs, _boosts, _single = Rows(Pair), Rows(Boost), msgspec.json.Decoder(Single)
EMPTY, NULL = msgspec.Raw(b""), msgspec.Raw(b"null")


def parse_pools(body: bytes, tick: int) -> Parsed:
    """Parse the pools of tokens into readings "pool"."""

    def build(row: Pair) -> Reading:
        base, quote = row.base_token, row.quote_token or Token()
        symbol = defi.text(base.symbol, "symbol")
        volume, moved = row.volume or Windows(), row.price_change or Windows()
        trades = (row.txns and row.txns.h24) or Trades()
        return defi.pool(
            tick,
            chain=row.chain_id,
            address=row.pair_address,
            name=f"{symbol} / {quote.symbol or '?'}",
            price=row.price_usd,
            liquidity=row.liquidity and row.liquidity.usd,
            volume=volume.h24,
            figures=payload.figures(
                buys_24h=defi.count(trades.buys),
                sells_24h=defi.count(trades.sells),
                change_1h=defi.change(moved.h1),
                change_24h=defi.change(moved.h24),
                fdv=defi.worth(row.fdv),
            ),
            about=payload.about(
                dex=row.dex_id,
                base=symbol,
                quote=quote.symbol,
                base_address=defi.contract(row.chain_id, base.address),
                url=_page(row.url),
            ),
        )

    array = _array(body)
    if array is None:
        return Parsed([], Counter(not_found=1))
    return parse_rows(array, _pairs, build, key=lambda row: _key(row.chain_id, row.pair_address))


def parse_boosts(body: bytes, tick: int) -> Parsed:
    """Parse the tokens with the most boosts into readings "promoted"."""

    def build(row: Boost) -> Reading:
        chain = canonical_chain(defi.text(row.chain_id, "chain"))
        key = token_address(chain, defi.text(row.token_address, "address"))
        boosts = defi.count(row.total_amount)
        if boosts is None:
            raise Skippable("no_boosts")
        if not 0 < boosts < MOST_BOOSTS:
            raise Skippable("implausible_boosts")
        contract = defi.contract(chain, row.token_address)
        return Reading(
            kind="promoted",
            key=key,
            name=contract or key,
            value=boosts,
            observed_at=tick,
            figures=payload.figures(bought_last=defi.count(row.amount)),
            about=payload.about(chain=chain, address=contract, url=_page(row.url)),
        )

    array = _array(body)
    if array is None:
        return Parsed([], Counter(not_found=1))
    return parse_rows(array, _boosts, build, key=lambda row: _key(row.chain_id, row.token_address))


def _array(body: bytes) -> bytes | msgspec.Raw | None:
    """Return the array of rows, whatever form the body has; None is "not found"."""
    if body.lstrip()[:1] != b"{":
        return body
    single = decode(body, _single)
    if single.pairs == NULL:
        return None
    if single.pairs != EMPTY:
        return single.pairs
    if single.pair != EMPTY:
        return b"[" + bytes(single.pair) + b"]"
    if single.pair_address != EMPTY or single.token_address != EMPTY:
        return b"[" + body + b"]"
    raise Retryable("an object with neither pools nor boosts")


def _key(chain: str | None, address: str | None) -> str:
    return token_address(chain or "", address or "")


def _page(url: str | None) -> str | None:
    return url if url and url.startswith(SITE) else None


def _pools(chain: str) -> Endpoint:
    return Endpoint(
        name=f"pools_{chain}",
        url=f"{BASE}/tokens/v1/{chain}/{{items}}",
        parse=parse_pools,
        fill=Fill(known="address", chain=chain, at_most=60, chunk=30),
    )


SOURCE = Source(
    name="dexscreener",
    attribution="Data by DEX Screener",
    attribution_url=SITE,
    endpoints=(
        _pools("ethereum"),
        _pools("solana"),
        _pools("base"),
        Endpoint(
            name="boosts", url=f"{BASE}/token-boosts/top/v1", parse=parse_boosts, cadence=3600
        ),
    ),
    requests_per_minute=50,
)
