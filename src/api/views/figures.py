"""DeFi, and on-chain with NFT: the newest readings, and how they went."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from api.reads import units
from api.reads.latest import latest, lines
from api.routing import Reads, Result, Route
from api.shapes.views.figures import DefiView, OnChainView
from common.database import Statement
from common.views import SIGNAL_OBJECT

HOUR, SIX_HOURS = 60, 360  # minutes between two points of a line

OUTFLOWS = f"""
SELECT json_group_array(json(item)) FROM (SELECT {SIGNAL_OBJECT} AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE s.type = 'tvl_outflow' ORDER BY s.created_at DESC, s.id DESC LIMIT 20)
"""  # noqa: S608 - a constant of ours

# What each part of a view shows: a metric and how many of it.
DEFI = {"tvl": 100, "chains": 40, "dex_volume": 50, "yields": 400, "stablecoins": 30}
ON_CHAIN = {"network": 30, "nft": 50, "trending": 20, "promoted": 20, "exchange_rates": 20}
DEFI_LINES = (
    ("dex_volume", "all"), ("chain_tvl", "ethereum"), ("chain_tvl", "solana"),
    ("chain_tvl", "binance-smart-chain"), ("chain_tvl", "tron"), ("chain_tvl", "base"),
)  # fmt: skip
ON_CHAIN_LINES = (
    ("bitcoin_fee", "bitcoin"), ("bitcoin_mempool", "bitcoin"),
    ("bitcoin_difficulty", "bitcoin"), ("gas_price", "ethereum"), ("fear_greed", "crypto"),
)  # fmt: skip


class FiguresRequest(msgspec.Struct):
    """`days` of the lines: a point an hour up to a week, then one in six hours."""

    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7


async def defi(request: FiguresRequest, reads: Reads) -> Result:
    """Return the view of DeFi."""
    further = {"lines": _lines(DEFI_LINES, request.days), "outflows": Statement(OUTFLOWS)}
    return await _view(DEFI, further, reads)


async def on_chain(request: FiguresRequest, reads: Reads) -> Result:
    """Return the view of networks and NFT collections."""
    return await _view(ON_CHAIN, {"lines": _lines(ON_CHAIN_LINES, request.days)}, reads)


def _lines(wanted: tuple[tuple[str, str], ...], days: int) -> Statement:
    return lines(wanted, days, HOUR if days <= 7 else SIX_HOURS)


async def _view(metrics: Mapping[str, int], further: dict[str, Statement], reads: Reads) -> Result:
    now = int(reads.now)
    statements = {name: latest(name, limit, now) for name, limit in metrics.items()} | further
    told = await reads.database.texts(list(statements.values()))
    parts = [f'"{name}":{text or "null"}' for name, text in zip(statements, told, strict=True)]
    origin = msgspec.json.encode(reads.origin).decode()
    told_in = units.SIGNALS | {"points": "epoch seconds, as unit says"}
    for name in metrics:
        told_in |= units.FIGURES.get(name, {})
    return Result(f'{{"origin":{origin},{",".join(parts)}}}', {"units": told_in})


def _route(name: str, summary: str, handler: Any, answers: type[msgspec.Struct]) -> Route:
    return Route(
        path=f"/api/v1/dashboard/{name}", summary=summary, request=FiguresRequest,
        handler=handler, permission="dashboard:read", answers=answers, example={"days": 7},
        cost="view",
    )  # fmt: skip


ROUTES = (
    _route("defi", "The view of DeFi: value locked, volumes, yields, stablecoins", defi, DefiView),
    _route(
        "on-chain", "The view of networks and NFT: fees, supply, collections", on_chain, OnChainView
    ),
)
