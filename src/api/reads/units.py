"""Units of the numbers in answers, by the field they stand in: what `meta.units` tells.

"%" is percent (1.5 is 1.5 %), "share" a fraction or a probability (0.015 is 1.5 %),
"s" seconds; a word is what is counted. Where each row has a unit of its own, the row
says it in `unit`.
"""

from typing import Final

Units = dict[str, str]

AGE: Final[Units] = {"age_seconds": "s"}
STORIES: Final[Units] = {"sentiment": "from -1 to 1"} | AGE
TONES: Final[Units] = {
    "tone": "from -1 to 1", "n": "stories", "models": "stories", "sources": "stories",
} | AGE  # fmt: skip
CHANGES: Final[Units] = {"change_1h": "%", "change_24h": "%"}


def _amounts(currency: str, *names: str) -> Units:
    return dict.fromkeys((*names, "volume_24h", "market_cap"), currency) | AGE


def price_in(currency: str) -> Units:
    """Return the units of an asset's newest price, with what each source says."""
    rate = {} if currency == "USD" else {"units_per_usd": f"{currency} per USD"}
    return _amounts(currency, "price", "used") | {"spread": "share"} | rate


def bars_in(currency: str) -> Units:
    """Return the units of bars."""
    return _amounts(currency, "open", "high", "low", "close") | {"observed": "prices"}


ASSETS: Final[Units] = _amounts("USD", "price") | CHANGES
WHOLE_MARKET: Final[Units] = {
    "total_market_cap": "USD", "total_volume": "USD", "btc_dominance": "%",
    "market_cap_change_24h": "%",
} | AGE  # fmt: skip
OVERVIEW: Final[Units] = ASSETS | WHOLE_MARKET | {"sparklines": "USD", "signals_24h": "signals"}
SOURCE_STATES: Final[Units] = {"runs_24h": "runs", "ok_24h": "runs", "skipped": "rows"} | AGE
SOURCE_QUALITY: Final[Units] = {
    "runs": "runs", "success_rate": "share", "median_latency": "ms", "compared": "prices",
    "agreement": "share", "deviation": "%",
} | AGE  # fmt: skip
TRACK_RECORD: Final[Units] = {
    "horizon_seconds": "s", "p": "share", "share": "share", "base_rate": "share",
    "interval": "share", "n": "signals", "hits": "signals", "days": "days",
} | AGE  # fmt: skip
SIGNALS: Final[Units] = {
    "confidence_score": "share", "base_rate": "share", "n": "signals",
    "statistic": "as metadata.statistic says", "threshold": "as metadata.statistic says",
} | AGE  # fmt: skip
ENTITIES: Final[Units] = {"count": "stories", "stories": "stories"} | AGE

# What stands in `figures` beside the value of a reading, by the metric that tells it.
_LOCKED = {"mcap": "USD", "change_1d": "%", "change_7d": "%"}
FIGURES: Final[dict[str, Units]] = {
    "tvl": _LOCKED,
    "dex_volume": {
        "volume_7d": "USD", "volume_30d": "USD", "change_1d": "%", "change_7d": "%",
    },
    "pools": {
        "liquidity": "USD", "volume_24h": "USD", "fdv": "USD", "market_cap": "USD",
        "change_1h": "%", "change_24h": "%", "buys_24h": "trades", "sells_24h": "trades",
        "buyers_24h": "traders", "sellers_24h": "traders",
    },
    "yields": {
        "tvl": "USD", "volume_1d": "USD", "apy_base": "%", "apy_reward": "%",
        "apy_mean_30d": "%",
    },
    "stablecoins": {"price": "USD", "prev_day": "USD", "prev_week": "USD"},
    "trending": {"price": "USD", "market_cap": "USD", "change_24h": "%"},
    "promoted": {"bought_last": "boosts"},
    "nft": {
        "floor_native": "the chain's coin", "volume_24h": "USD", "market_cap": "USD",
        "change_24h": "%",
    },
    "network": {
        "fastest": "sat/vB", "hour": "sat/vB", "economy": "sat/vB", "minimum": "sat/vB",
        "progress": "%", "previous_change": "%", "remaining_blocks": "blocks",
        "retarget_height": "blocks", "retarget_at": "epoch seconds", "vsize": "vB",
        "total_fee": "sat", "safe": "gwei", "fast": "gwei", "base_fee": "gwei",
        "staking": "units", "burnt": "units", "withdrawn": "units",
    },
}  # fmt: skip
