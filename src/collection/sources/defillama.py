"""DeFi Llama: value locked, DEX volumes, yields, stablecoins and prices, without a key.

Amounts in US dollars, changes and yields in percent; only prices have stamps.
What a row of each address holds, and its traps, is in collection.defillama_locked
and collection.defillama_markets. No limit is published; one request a second
for each host is what a good guest asks for. A missing file is a 404 in plain
text, a refused client a 403 in HTML.
https://api-docs.defillama.com
"""

from collection.defillama_locked import parse_chains, parse_dexs, parse_protocols
from collection.defillama_markets import parse_prices, parse_stablecoins, parse_yields
from collection.source import Endpoint, Fill, Source

HOURLY = 3600
WITHOUT_CHARTS = "excludeTotalDataChart=true&excludeTotalDataChartBreakdown=true"

SOURCE = Source(
    name="defillama",
    attribution="Data by DefiLlama",
    attribution_url="https://defillama.com",
    endpoints=(
        Endpoint(
            name="protocols",
            url="https://api.llama.fi/protocols",
            parse=parse_protocols,
            cadence=HOURLY,
            max_bytes=30_000_000,
        ),
        Endpoint(
            name="chains",
            url="https://api.llama.fi/v2/chains",
            parse=parse_chains,
            cadence=HOURLY,
        ),
        Endpoint(
            name="dexs",
            url=f"https://api.llama.fi/overview/dexs?{WITHOUT_CHARTS}",
            parse=parse_dexs,
            cadence=HOURLY,
        ),
        Endpoint(
            name="yields",
            url="https://yields.llama.fi/pools",
            parse=parse_yields,
            cadence=HOURLY,
            max_bytes=40_000_000,
        ),
        Endpoint(
            name="stablecoins",
            url="https://stablecoins.llama.fi/stablecoins?includePrices=true",
            parse=parse_stablecoins,
            cadence=HOURLY,
        ),
        Endpoint(
            name="prices",
            url="https://coins.llama.fi/prices/current/{items}",
            parse=parse_prices,
            fill=Fill(known="asset", at_most=250, chunk=100, form="coingecko:{}"),
        ),
    ),
    requests_per_minute=30,
)
