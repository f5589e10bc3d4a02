"""Tools over markets: prices, history, the screener, and figures over everything collected."""

from api.mcp.tool import Tool, found
from api.routes import analytics, market_data
from api.shapes.market_data import Bar, Latest

ASSET = "a ticker (BTC) or an asset id (bitcoin); an id is never ambiguous"
CURSOR = "meta.next of the page before, with all other arguments unchanged"
CURRENCY = "ISO 4217 code (EUR), or ticker or id of a collected asset (BTC)"
DAYS = "days back from now"
MARKET = "/api/v1/market-data"
METRICS = "/api/v1/analytics"


def _least_and_most(name: str, what: str) -> dict[str, str]:
    return {f"min_{name}": f"{what}, at least", f"max_{name}": f"{what}, at most"}


TOOLS = (
    Tool(
        name="get_price",
        title="Price of an asset",
        description="Newest price of one asset: the consensus of all sources, with each source's"
        " own price, its age in seconds, and which sources were left out and why. Prices are"
        " collected every 15 minutes. Use get_prices for several assets, get_price_history for"
        " the past.",
        route=found(market_data.ROUTES, f"{MARKET}/{{symbol}}"),
        arguments={"symbol": ASSET, "currency": f"of the amounts: {CURRENCY}"},
        answers=Latest,
    ),
    Tool(
        name="get_prices",
        title="Prices of several assets",
        description="Newest prices of up to 250 assets in one call, in US dollars, with changes"
        " over 1 and 24 hours in percent, 24 h volume, market cap, source and age. Names that are"
        " not collected are listed in meta.unknown, not refused.",
        route=found(market_data.ROUTES, MARKET),
        arguments={"symbols": "tickers or asset ids with commas between them: BTC,ethereum,SOL"},
        required=("symbols",),
    ),
    Tool(
        name="screen_market",
        title="Screen the market",
        description="All collected assets, filtered, sorted and paged: find what rose, fell, is"
        " large or traded most. Amounts are US dollars, changes percent (5 is 5 %). An asset"
        " without a figure never passes a filter on it.",
        route=found(market_data.ROUTES, MARKET),
        arguments={
            **_least_and_most("price", "US dollars"),
            **_least_and_most("market_cap", "US dollars"),
            **_least_and_most("volume_24h", "US dollars traded in 24 h"),
            **_least_and_most("change_1h", "percent over 1 h"),
            **_least_and_most("change_24h", "percent over 24 h"),
            "sort": "what the order goes by",
            "order": "asc or desc",
            "limit": "rows of a page",
            "cursor": CURSOR,
        },
    ),
    Tool(
        name="get_price_history",
        title="Price history (bars)",
        description="Bars of one asset, newest first: open, high, low, close and 24 h volume of"
        " each 15 minutes, hour or day. A bar without an observation is absent, nothing is filled"
        " in. meta.next pages back in time.",
        route=found(market_data.ROUTES, f"{MARKET}/{{symbol}}"),
        arguments={
            "symbol": ASSET,
            "history": "length of a bar",
            "from": "first moment that a bar may begin at: ISO 8601 time or epoch seconds",
            "to": "last moment that a bar may begin at, likewise",
            "currency": "US dollars unless told: ticker or id of a collected asset, no fiat",
            "limit": "bars of a page",
            "cursor": CURSOR,
        },
        required=("history",),
        answers=list[Bar],
    ),
    Tool(
        name="get_market_overview",
        title="The whole market",
        description="Size of the whole market in US dollars, its 24 h volume, Bitcoin's share in"
        " percent, and the change of the total over 24 h in percent.",
        route=found(analytics.ROUTES, f"{METRICS}/market"),
    ),
    Tool(
        name="get_movers",
        title="Largest moves of a day",
        description="The ten assets that rose and the ten that fell most over 24 h. For other"
        " filters or more rows use screen_market.",
        route=found(analytics.ROUTES, f"{METRICS}/movers"),
    ),
    Tool(
        name="get_metric",
        title="DeFi, DEX, NFT and network figures",
        description="Newest readings of one metric, the largest first, each with unit, source and"
        " age: tvl (value locked by protocol), chains (by chain), dex_volume, pools, yields,"
        " stablecoins, trending, promoted, nft (floor prices), network (fees, mempool, gas,"
        " supply), fear_greed (0 fear to 100 greed), exchange_rates.",
        route=found(analytics.ROUTES, f"{METRICS}/{{metric}}"),
        arguments={"metric": "what to look at", "limit": "rows at most"},
    ),
    Tool(
        name="get_volatility",
        title="Realised volatility",
        description="Annualised standard deviation of hourly log returns in percent, of named"
        " assets or of the largest; null where fewer than 24 hours are known.",
        route=found(analytics.ROUTES, f"{METRICS}/volatility"),
        arguments={
            "symbols": "tickers or asset ids with commas between them; without, the largest",
            "limit": "how many of the largest", "days": DAYS,
        },
    ),
    Tool(
        name="get_correlation",
        title="How assets moved together",
        description="Pearson's correlation of hourly log returns (-1 to 1) of each pair of up to"
        " ten assets, with the number of hours it rests on.",
        route=found(analytics.ROUTES, f"{METRICS}/correlation"),
        arguments={
            "symbols": "two to ten tickers or asset ids with commas; without, the ten largest",
            "days": DAYS,
        },
    ),
    Tool(
        name="get_source_quality",
        title="How good the sources are",
        description="Of each data source over 24 h: share of runs that succeeded, latency in"
        " milliseconds, how often and how far its prices lay from the consensus.",
        route=found(analytics.ROUTES, f"{METRICS}/source_quality"),
    ),
)  # fmt: skip
