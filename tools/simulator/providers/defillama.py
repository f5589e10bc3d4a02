"""DeFi Llama: locked value, volumes and fees, prices, yields, stablecoins; a host for each.

Shapes after section 3 of the provider notes. The traps are kept: bodies are large and not
paged, numbers are null where a protocol has stopped reporting, `/tvl/{slug}` is a bare
number, unknown coins are missing from a map, and what is not found is a 404 in plain text.
"""

import re
from typing import Any

from tools.simulator.defi_protocols import locked, protocols_of
from tools.simulator.defi_rows import chain_rows, overview, overview_charts, protocol_rows
from tools.simulator.defi_yields import stablecoin_chain_rows, stablecoin_rows, yield_rows
from tools.simulator.dex_chains import CHAINS
from tools.simulator.dex_pools import pools_of
from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.venues import number_of, venue_prices

_BY_NAME = {chain.llama: chain for chain in CHAINS}
_SIX_DECIMALS = {"tether", "usd-coin", "bridged-usdc-polygon-pos-bridge"}


def protocols(request: Request, _: re.Match[str]) -> Answer:
    """`/protocols`: all of them, largest first."""
    return json_answer(protocol_rows(request.world, request.now), request.now, kept=True)


def chains(request: Request, _: re.Match[str]) -> Answer:
    """`/v2/chains`."""
    return json_answer(chain_rows(request.world, request.now), request.now, kept=True)


def tvl(request: Request, match: re.Match[str]) -> Answer:
    """`/tvl/{slug}`: a bare number."""
    values = locked(request.world, request.now).tolist()
    for one, value in zip(
        protocols_of(request.world.market, request.world.scale), values, strict=True
    ):
        if one.slug == match["slug"]:
            return json_answer(0 if one.unknown else value, request.now)
    return _text(request, 404, "Protocol not found")


def volumes(request: Request, match: re.Match[str]) -> Answer:
    """`/overview/dexs` and `/overview/fees`, with their charts unless these are excluded."""
    answer = overview(request.world, request.now, match["what"])
    chart: list[Any] = []
    by_name: list[Any] = []
    wanted = [
        request.params.get(name) != "true"
        for name in ("excludeTotalDataChart", "excludeTotalDataChartBreakdown")
    ]
    if any(wanted):
        chart, by_name = overview_charts(request.world, request.now, match["what"])
    answer = {
        "totalDataChart": chart if wanted[0] else [],
        "totalDataChartBreakdown": by_name if wanted[1] else [],
        **answer,
    }
    return json_answer(answer, request.now, kept=True)


def prices(request: Request, match: re.Match[str]) -> Answer:
    """`/prices/current/{coins}`: by `coingecko:{id}` or `{chain}:{address}`, as sent."""
    market, pools = request.world.market, pools_of(request.world.market)
    places = {coin.id: place for place, coin in enumerate(market.coins)}
    quoted = venue_prices(market, "coins.llama.fi", request.now, 3)
    updated = market.snapshot(request.now).updated
    found = {}
    for key in match["coins"].split(","):
        prefix, _, rest = key.partition(":")
        place = places.get(rest) if prefix == "coingecko" else None
        if prefix in _BY_NAME:
            place = pools.token(_BY_NAME[prefix], rest)
        if place is None or not quoted[place] > 0:
            continue
        coin = market.coins[place]
        doubtful = place >= 60 and number_of(coin.id) % 23 == 0
        row: dict[str, Any] = {
            "price": float(f"{quoted[place]:.8g}"),
            "symbol": coin.symbol,
            "timestamp": int(updated[place]),
            "confidence": 0.8 if doubtful else 0.99,
        }
        if prefix != "coingecko":
            row["decimals"] = 6 if coin.id in _SIX_DECIMALS else 18
        found[key] = row
    return json_answer({"coins": found}, request.now, kept=True)


def pools(request: Request, _: re.Match[str]) -> Answer:
    """`/pools` of the yields: the envelope says `success`."""
    rows = yield_rows(request.world, request.now)
    return json_answer({"status": "success", "data": rows}, request.now, kept=True)


def stablecoins(request: Request, _: re.Match[str]) -> Answer:
    """`/stablecoins?includePrices=true`."""
    rows = stablecoin_rows(
        request.world, request.now, request.params.get("includePrices") == "true"
    )
    by_chain = stablecoin_chain_rows(request.world, request.now)
    return json_answer({"peggedAssets": rows, "chains": by_chain}, request.now, kept=True)


def stablecoin_chains(request: Request, _: re.Match[str]) -> Answer:
    """`/stablecoinchains`."""
    return json_answer(stablecoin_chain_rows(request.world, request.now), request.now, kept=True)


def _text(request: Request, status: int, text: str) -> Answer:
    return Answer(text.encode(), request.now, "text/plain; charset=utf-8", status)


PROVIDERS = (
    Provider(
        "api.llama.fi",
        (
            ("/protocols", protocols),
            ("/v2/chains", chains),
            ("/overview/(?P<what>dexs|fees)", volumes),
            ("/tvl/(?P<slug>[^/]+)", tvl),
        ),
    ),
    Provider("coins.llama.fi", (("/prices/current/(?P<coins>.+)", prices),)),
    Provider("yields.llama.fi", (("/pools", pools),)),
    Provider(
        "stablecoins.llama.fi",
        (("/stablecoins", stablecoins), ("/stablecoinchains", stablecoin_chains)),
    ),
)
