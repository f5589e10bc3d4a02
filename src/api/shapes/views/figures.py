"""Shapes of the views that show readings: DeFi, on-chain and NFT."""

import msgspec

from api.shapes.common import Readings, Signal


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """A reading over time: `points` are [epoch seconds, value], the oldest first."""

    kind: str
    key: str
    name: str
    unit: str
    source: str
    points: list[tuple[int, float]]


class DefiView(msgspec.Struct, forbid_unknown_fields=True):
    """DeFi: value locked by protocol and by chain, volumes, yields, stablecoins, outflows."""

    origin: str
    tvl: Readings
    chains: Readings
    dex_volume: Readings
    yields: Readings
    stablecoins: Readings
    lines: list[Line]
    outflows: list[Signal]


class OnChainView(msgspec.Struct, forbid_unknown_fields=True):
    """Networks, collections, what is searched for and what is paid for."""

    origin: str
    network: Readings
    nft: Readings
    trending: Readings
    promoted: Readings
    exchange_rates: Readings
    lines: list[Line]
