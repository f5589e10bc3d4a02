"""DeFi Llama's api.llama.fi: value locked in protocols and on chains, volumes of DEXes.

US dollars and percent, no stamps: a row is of its tick. Changes are null
after a value of zero or none. `tvl` of protocols is null for those without
one, `symbol` is "-" for none, `gecko_id` is CoinGecko's id of the token.
Protocols of the category CEX are exchanges' reserves, not DeFi.
https://api-docs.defillama.com
"""

from collections import Counter
from urllib.parse import quote

import msgspec

from collection import defi, payload
from collection.chains import canonical_chain
from collection.payload import Rows, decode, join, number, parse_rows
from common.errors import Skippable
from common.models import Parsable, Parsed, Reading

MOST_PROTOCOLS, MOST_DEXES = 5_000, 1_000
SITE = "https://defillama.com"
ALL = "all"  # the key of the sum over all exchanges


class Protocol(msgspec.Struct):
    """A row of /protocols; `chain` is "Multi-Chain" for those on several."""

    name: str
    slug: str
    symbol: str | None = None
    category: str | None = None
    chain: str | None = None
    gecko_id: str | None = None
    tvl: object = None
    change_1d: object = None
    change_7d: object = None
    mcap: object = None


class Chain(msgspec.Struct, rename={"token_symbol": "tokenSymbol"}):
    """A row of /v2/chains."""

    name: str
    gecko_id: str | None = None
    token_symbol: str | None = None
    tvl: object = None


class Exchange(msgspec.Struct, rename={"display_name": "displayName"}):
    """A row of the overview of DEXes; older rows have `module` and no `slug`."""

    name: str
    display_name: str | None = None
    slug: str | None = None
    module: str | None = None
    category: str | None = None
    chains: list[str] | None = None
    total24h: object = None
    total7d: object = None
    total30d: object = None
    change_1d: object = None
    change_7d: object = None


class Overview(msgspec.Struct):
    """/overview/dexs: the exchanges and their sum."""

    protocols: msgspec.Raw
    total24h: object = None
    total7d: object = None
    total30d: object = None
    change_1d: object = None
    change_7d: object = None


_protocols, _chains, _exchanges = Rows(Protocol), Rows(Chain), Rows(Exchange)
_overview = msgspec.json.Decoder(Overview)


def parse_protocols(body: bytes, tick: int) -> Parsed:
    """Parse /protocols into readings "protocol_tvl", the largest first."""

    def tvl(row: Protocol) -> float:
        return defi.dollars(row.tvl, "tvl")

    def build(row: Protocol) -> Reading:
        slug = defi.text(row.slug, "key")
        return Reading(
            kind="protocol_tvl",
            key=slug,
            name=defi.text(row.name, "name"),
            value=tvl(row),
            observed_at=tick,
            figures=payload.figures(
                change_1d=defi.change(row.change_1d),
                change_7d=defi.change(row.change_7d),
                mcap=defi.worth(row.mcap),
            ),
            about=payload.about(
                symbol=row.symbol if row.symbol != "-" else None,
                category=row.category,
                chain=canonical_chain(row.chain or ""),
                asset_id=row.gecko_id,
                url=_page(slug),
            ),
        )

    return defi.parse_largest(body, _protocols, tvl, build, MOST_PROTOCOLS)


def parse_chains(body: bytes, tick: int) -> Parsed:
    """Parse /v2/chains into readings "chain_tvl", by the chain's canonical name."""

    def build(row: Chain) -> Parsable:
        name = defi.text(row.name, "name")
        return Reading(
            kind="chain_tvl",
            key=canonical_chain(name),
            name=name,
            value=defi.dollars(row.tvl, "tvl"),
            observed_at=tick,
            about=payload.about(
                symbol=row.token_symbol, asset_id=row.gecko_id, url=f"{SITE}/chain/{quote(name)}"
            ),
        )

    return parse_rows(body, _chains, build, key=lambda row: canonical_chain(row.name))


def parse_dexs(body: bytes, tick: int) -> Parsed:
    """Parse the overview of DEXes into readings "dex_volume": the sum, then one for each.

    The sum stands beside the array, so there is one row more than the array has.
    """
    overview = decode(body, _overview)

    def volume(row: Exchange) -> float:
        return defi.dollars(row.total24h, "volume")

    def build(row: Exchange) -> Reading:
        slug = defi.text(row.slug or row.module, "key")
        if slug == ALL:
            raise Skippable("no_key")
        return Reading(
            kind="dex_volume",
            key=slug,
            name=defi.text(row.display_name or row.name, "name"),
            value=volume(row),
            observed_at=tick,
            figures=_volumes(row),
            about=payload.about(
                category=row.category, chain=defi.chain_of(row.chains), url=_page(slug)
            ),
        )

    exchanges = defi.parse_largest(overview.protocols, _exchanges, volume, build, MOST_DEXES)
    return join(_sum(overview, tick), exchanges)


def _sum(overview: Overview, tick: int) -> Parsed:
    try:
        value = defi.dollars(overview.total24h, "volume")
    except Skippable as skip:
        return Parsed([], Counter({skip.reason: 1}))
    about = payload.about(url=f"{SITE}/dexs")
    return Parsed(
        [Reading("dex_volume", ALL, "All DEXes", value, tick, _volumes(overview), about)], Counter()
    )


def _volumes(row: Exchange | Overview) -> dict[str, float | str]:
    return payload.figures(
        volume_7d=payload.amount(number(row.total7d)),
        volume_30d=payload.amount(number(row.total30d)),
        change_1d=defi.change(row.change_1d),
        change_7d=defi.change(row.change_7d),
    )


def _page(slug: str) -> str:
    return f"{SITE}/protocol/{quote(slug)}"
