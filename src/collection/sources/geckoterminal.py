"""GeckoTerminal: liquidity pools that trend on any chain, and the busiest of six chains.

JSON:API: pools in `data`, and the tokens and exchanges they refer to by id in
`included`. Prices, volumes and `reserve_in_usd` in US dollars, changes in
percent, all of them as text with up to 70 digits; market cap and reserve are
null in new pools. `pool_created_at` is the only stamp. Ids are
"<network>_<address>", and both parts may hold an underscore.
30 requests a minute, no key, in beta; 20 pools on a page.
https://apiguide.geckoterminal.com/faq
"""

from urllib.parse import quote as url_part

import msgspec

from collection import defi, payload
from collection.chains import token_address
from collection.payload import Rows, decode, parse_rows
from collection.source import Endpoint, Fill, Source
from common.errors import Skippable
from common.models import Parsed, Reading

BASE = "https://api.geckoterminal.com/api/v2"
SITE = "https://www.geckoterminal.com"
INCLUDE = "include=base_token,quote_token,dex"


class Trades(msgspec.Struct):
    """Trades and traders in a window."""

    buys: object = None
    sells: object = None
    buyers: object = None
    sellers: object = None


class TradeWindows(msgspec.Struct):
    """Trades by window."""

    h24: Trades | None = None


class Windows(msgspec.Struct):
    """A number by window."""

    h1: object = None
    h24: object = None


class PoolState(msgspec.Struct):
    """The attributes of a pool."""

    address: str
    name: str | None = None
    base_token_price_usd: object = None
    fdv_usd: object = None
    market_cap_usd: object = None
    reserve_in_usd: object = None
    price_change_percentage: Windows | None = None
    transactions: TradeWindows | None = None
    volume_usd: Windows | None = None


class Reference(msgspec.Struct):
    """The id of something in `included`."""

    id: str


class Link(msgspec.Struct):
    """A relationship, which may be empty."""

    data: Reference | None = None


class Relationships(msgspec.Struct):
    """What a pool refers to."""

    base_token: Link | None = None
    quote_token: Link | None = None
    dex: Link | None = None


class Pool(msgspec.Struct):
    """A row of `data`."""

    id: str
    attributes: PoolState
    relationships: Relationships


class Described(msgspec.Struct):
    """The attributes of a token or an exchange."""

    name: str | None = None
    symbol: str | None = None
    address: str | None = None
    coingecko_coin_id: str | None = None


class Included(msgspec.Struct):
    """A row of `included`."""

    id: str
    attributes: Described


class Page(msgspec.Struct):
    """A page of pools."""

    data: msgspec.Raw
    included: list[object] | None = None


_page, _pools = msgspec.json.Decoder(Page), Rows(Pool)
NOTHING = Described()


def parse_pools(body: bytes, tick: int) -> Parsed:
    """Parse a page of pools into readings "pool"."""
    page = decode(body, _page)
    described = _described(page.included or [])

    def find(link: Link | None) -> Described:
        return described.get(link.data.id, NOTHING) if link and link.data else NOTHING

    def build(row: Pool) -> Reading:
        state, links = row.attributes, row.relationships
        network = _network(row.id, state.address)
        base, quote, dex = find(links.base_token), find(links.quote_token), find(links.dex)
        moved = state.price_change_percentage or Windows()
        trades = (state.transactions and state.transactions.h24) or Trades()
        return defi.pool(
            tick,
            chain=network,
            address=state.address,
            name=state.name or "",
            price=state.base_token_price_usd,
            liquidity=state.reserve_in_usd,
            volume=state.volume_usd and state.volume_usd.h24,
            figures=payload.figures(
                buys_24h=defi.count(trades.buys),
                sells_24h=defi.count(trades.sells),
                buyers_24h=defi.count(trades.buyers),
                sellers_24h=defi.count(trades.sellers),
                change_1h=defi.change(moved.h1),
                change_24h=defi.change(moved.h24),
                fdv=defi.worth(state.fdv_usd),
                market_cap=defi.worth(state.market_cap_usd),
            ),
            about=payload.about(
                dex=links.dex.data.id if links.dex and links.dex.data else None,
                dex_name=dex.name,
                base=base.symbol,
                quote=quote.symbol,
                base_address=defi.contract(network, base.address),
                asset_id=base.coingecko_coin_id,
                url=f"{SITE}/{url_part(network)}/pools/{url_part(state.address)}",
            ),
        )

    return parse_rows(page.data, _pools, build, key=_key)


def _key(row: Pool) -> str:
    return token_address(_network(row.id, row.attributes.address), row.attributes.address)


def _network(pool_id: str, address: str) -> str:
    """Return GeckoTerminal's name of the network. Raises Skippable "bad_id"."""
    network = pool_id.removesuffix(f"_{address}")
    if not address or network in ("", pool_id):
        raise Skippable("bad_id")
    return network


def _described(included: list[object]) -> dict[str, Described]:
    """Return what is described by its id; a description that cannot be read is left out."""
    found: dict[str, Described] = {}
    for one in included:
        try:
            row = msgspec.convert(one, Included)
        except msgspec.ValidationError:
            continue
        found[row.id] = row.attributes
    return found


SOURCE = Source(
    name="geckoterminal",
    attribution="Data by GeckoTerminal",
    attribution_url=SITE,
    endpoints=(
        Endpoint(
            name="trending",
            url=f"{BASE}/networks/trending_pools?{INCLUDE}&page={{items}}",
            parse=parse_pools,
            fill=Fill(values=("1", "2")),
        ),
        Endpoint(
            name="pools",
            url=f"{BASE}/networks/{{items}}/pools?{INCLUDE}&sort=h24_volume_usd_desc",
            parse=parse_pools,
            fill=Fill(values=("eth", "bsc", "solana", "base", "arbitrum", "polygon_pos")),
        ),
    ),
    requests_per_minute=25,
    headers={"Accept": "application/json;version=20230302"},
)
