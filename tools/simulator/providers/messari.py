"""Messari: assets in two generations of market data, news, and shares of the attention.

Shapes after the provider's SDK. The traps are kept: one asset has `marketData.priceUsd` and
`marketcap.circulatingUsd`, the next `price` and `marketCap`; every number may be missing; news
is stamped in milliseconds; `error` is null on success; a key of a free plan gets 403 for most.
https://docs.messari.io/
"""

import math
import re
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np

from tools.simulator.coins import Coin
from tools.simulator.instants import DAY
from tools.simulator.news import NEWSROOMS, Story
from tools.simulator.posts import NAMES, recent_subjects
from tools.simulator.provider import Answer, Handler, Provider, Request, json_answer
from tools.simulator.story_links import story_address

_FEW = 20
_MOST_STORIES = 400  # of each newsroom


def _keyed(handler: Callable[[Request], Answer], enterprise: bool = False) -> Handler:
    """The handler for those with a key; "bad-key" is none, "free-key" is of the free plan."""

    def answer(request: Request, _: re.Match[str]) -> Answer:
        key = request.headers.get("x-messari-api-key", "")
        if key in ("", "bad-key"):
            return json_answer({"error": "Unauthorized"}, request.now, 401)
        if enterprise and key == "free-key":
            return json_answer({"error": "Your plan has no access"}, request.now, 403)
        return handler(request)

    return answer


def assets(request: Request) -> Answer:
    """`/metrics/v2/assets`: `limit` and `page` cut the list, `search` looks into the names."""
    wanted = request.params.get("search", "").lower()
    rows = [
        _listed(place, coin)
        for place, coin in enumerate(request.world.market.coins)
        if wanted in f"{coin.name} {coin.symbol}".lower()
    ]
    return _listing(request, rows, 100)


def details(request: Request) -> Answer:
    """`/metrics/v2/assets/details`: by `ids` or `slugs`, comma lists; unknown ones are left out."""
    ids = set(filter(None, request.params.get("ids", "").split(",")))
    slugs = set(filter(None, request.params.get("slugs", "").split(",")))
    if not ids and not slugs:
        return json_answer({"error": "ids or slugs is required"}, request.now, 400)
    market = request.world.market
    now, before = market.snapshot(request.now), market.snapshot(request.now - DAY)
    rates = _rates(request, now.price)
    rows = []
    for place, coin in enumerate(market.coins):
        if asset_id(coin) not in ids and slug_of(coin) not in slugs:
            continue
        price, volume = float(now.price[place]), float(now.volume[place])
        change = None if math.isnan(price) else price / float(before.price[place]) * 100 - 100
        supply = coin.supply if market.capitalised else None
        data = _old_data if place % 3 == 2 else _new_data
        rows.append(
            _listed(place, coin)
            | {
                "description": f"{coin.name} as the simulator knows it.",
                "networkSlugs": [],
                "protocolSlugs": [],
                "links": [{"name": "Website", "type": "website", "url": "https://site.example"}],
                "marketData": {} if math.isnan(price) else data(coin, price, volume, supply, rates),
                "allTimeHigh": {"allTimeHigh": coin.price * 2.8, "allTimeHighDate": None},
                "returnOnInvestment": {"priceChange24h": change, "priceChange7d": None},
            }
        )
    return json_answer({"error": None, "data": rows}, request.now, kept=True)


def news(request: Request) -> Answer:
    """`/news/v1/news/feed`: `publishedAfter`, `publishedBefore` (Unix ms), `assetIds`, `sort`."""
    world, params = request.world, request.params
    coins = world.market.coins
    stories = [s for feed in NEWSROOMS for s in world.news.newest(feed, request.now, _MOST_STORIES)]
    after, before = _whole(request, "publishedAfter", 0), _whole(request, "publishedBefore", 2**53)
    wanted = set(filter(None, params.get("assetIds", "").split(",")))
    stories = [
        story
        for story in stories
        if after <= story.published * 1000 <= before
        and (not wanted or (story.asset is not None and asset_id(coins[story.asset]) in wanted))
    ]
    stories.sort(key=lambda story: (story.published, story.key), reverse=params.get("sort") != "1")
    return _listing(request, [_story(story, coins) for story in stories], _FEW)


def signals(request: Request) -> Answer:
    """`/signal/v1/assets`: each asset's share of what is said, the largest first."""
    coins = request.world.market.coins
    wanted = set(filter(None, request.params.get("assetIds", "").split(",")))
    told = [recent_subjects(request.world, request.now - age) for age in (0, DAY)]
    weights = [
        [1 / (place + 2) + counts.get(place, 0) for place in range(len(coins))] for counts in told
    ]
    sums = [sum(weight) for weight in weights]
    rows = []
    for place in sorted(range(len(coins)), key=lambda place: -weights[0][place]):
        coin = coins[place]
        if wanted and not wanted & {asset_id(coin), slug_of(coin)}:
            continue
        share, past = (100 * weights[day][place] / sums[day] for day in (0, 1))
        mindshare = {"24h": {"percentage": share, "percentageChange": share - past}}
        row = {"id": asset_id(coin), "name": coin.name, "symbol": coin.symbol}
        rows.append(row | {"slug": slug_of(coin), "mindshare": mindshare})
    return _listing(request, rows, 100)


def asset_id(coin: Coin) -> str:
    """The provider's key of an asset: a UUID that belongs to the coin for good."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://messari.io/{coin.id}"))


def slug_of(coin: Coin) -> str:
    """The provider's short name of an asset: not CoinGecko's id."""
    return re.sub(r"[^a-z0-9]+", "-", coin.name.lower()).strip("-")


def _listed(place: int, coin: Coin) -> dict[str, Any]:
    return {
        "id": asset_id(coin),
        "name": coin.name,
        "slug": slug_of(coin),
        "symbol": coin.symbol,
        "category": "Stablecoin" if coin.stable else "Cryptocurrency",
        "sector": coin.sector,
        "tags": [],
        "rank": place + 1,
        "hasMarketData": True,
        "hasNews": place < 70,
        "hasDiligence": place < 40,
        "hasTokenUnlocks": place % 4 == 0,
    }


def _new_data(
    coin: Coin, price: float, volume: float, supply: float | None, rates: dict[str, float]
) -> dict[str, Any]:
    diluted = price * coin.max_supply if coin.max_supply else None
    capital = {"circulatingUsd": price * supply if supply else None, "fullyDilutedUsd": diluted}
    return {
        "priceUsd": price,
        "priceBtc": price / rates["bitcoin"] if "bitcoin" in rates else None,
        "priceEth": price / rates["ethereum"] if "ethereum" in rates else None,
        "volume24Hour": volume,
        "marketcap": capital,
        "supply": {"circulating": supply, "max": coin.max_supply},
        "ohlcv1HourUsd": None,
    }


def _old_data(
    _: Coin, price: float, volume: float, supply: float | None, rates: dict[str, float]
) -> dict[str, Any]:
    return {
        "price": price,
        "priceBtc": price / rates["bitcoin"] if "bitcoin" in rates else None,
        "volume24h": volume,
        "marketCap": price * supply if supply else None,
    }


def _rates(request: Request, prices: Any) -> dict[str, float]:
    return {
        coin.id: float(price)
        for coin, price in zip(request.world.market.coins, prices, strict=True)
        if coin.id in ("bitcoin", "ethereum") and not np.isnan(price)
    }


def _story(story: Story, coins: Any) -> dict[str, Any]:
    name = NAMES[story.feed]
    row: dict[str, Any] = {
        "id": str(uuid.UUID(story.digest)),
        "title": story.title,
        "url": story_address(story),
        "publishTimeMillis": story.published * 1000,
        "source": {
            "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, story.feed)),
            "sourceName": name,
            "sourceType": "News",
        },
    }
    if story.asset is not None:  # a story about no asset lacks the member
        coin = coins[story.asset]
        row["assets"] = [{"id": asset_id(coin), "name": coin.name, "symbol": coin.symbol}]
    return row


def _listing(request: Request, rows: list[Any], usual: int) -> Answer:
    limit, page = max(_whole(request, "limit", usual), 1), max(_whole(request, "page", 1), 1)
    end = page * limit
    metadata = {"page": page, "limit": limit, "total": len(rows), "hasMore": end < len(rows)}
    answer = {"error": None, "data": rows[end - limit : end], "metadata": metadata}
    return json_answer(answer, request.now, kept=True)


def _whole(request: Request, name: str, default: int) -> int:
    text = request.params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else default


PROVIDERS = (
    Provider(
        "api.messari.io",
        (
            ("/metrics/v2/assets", _keyed(assets)),
            ("/metrics/v2/assets/details", _keyed(details)),
            ("/news/v1/news/feed", _keyed(news, enterprise=True)),
            ("/signal/v1/assets", _keyed(signals, enterprise=True)),
        ),
    ),
)
