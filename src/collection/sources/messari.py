"""Messari: market figures and mindshare of assets, and news. Off by default.

A key is required. Its terms allow internal use only: what is collected is
kept and never handed on, and its prices are "custom" readings, which no
consensus takes up. Most of it needs an enterprise plan: expect 403 with a
free key. Two generations live side by side: `price` and `priceUsd`,
`marketCap` and `marketcap.circulatingUsd`, mindshare by period
({"24h": {"percentage": …}}) and by name ({"latestPercentage": {"Value": …}}).
US dollars, percent; news in Unix milliseconds, `priceAt` in ISO 8601. Any
number may be missing or null. 200 requests a minute without a plan.
https://docs.messari.io/api-reference
"""

import hashlib

import msgspec

from collection.feed import SUMMARY_CHARACTERS, TITLE_CHARACTERS, clean_url, plain_text
from collection.payload import (
    Rows,
    about,
    amount,
    check_age,
    decode,
    figures,
    number,
    parse_rows,
    positive,
    price,
    stamp,
)  # fmt: skip
from collection.source import Endpoint, Fill, Source
from common.errors import Retryable, Skippable
from common.models import Parsed, Reading, Story

BASE = "https://api.messari.io"
ASSETS = (
    "bitcoin", "ethereum", "solana", "xrp", "bnb", "dogecoin", "cardano", "tron", "chainlink",
    "avalanche", "litecoin", "polkadot", "uniswap", "aave", "hyperliquid", "sui", "toncoin",
    "stellar", "near-protocol", "monero",
)  # fmt: skip
OLDEST_SECONDS = 20 * 365 * 86_400  # an older stamp is a wrong one
CONTENT_CHARACTERS = 5_000  # more than enough to make a summary of
MINDSHARE = {  # figure -> (period, its field, the field of the first generation)
    "change": ("24h", "percentageChange", "percentageChange1d"),
    "share_7d": ("7d", "percentage", None),
    "share_30d": ("30d", "percentage", None),
}


class Envelope(msgspec.Struct):
    """Every answer."""

    data: msgspec.Raw
    error: object = None


class Capital(msgspec.Struct, rename="camel"):
    """Market capitalisation in US dollars, dominance in percent."""

    circulating_usd: object = None
    fully_diluted_usd: object = None
    dominance: object = None


class MarketData(msgspec.Struct, rename="camel"):
    """Of both generations."""

    price_usd: object = None
    price: object = None
    price_at: str | None = None
    volume_24_hour: object = None
    volume_24h: object = msgspec.field(default=None, name="volume24h")
    marketcap: Capital | None = None
    market_cap: object = None


class Asset(msgspec.Struct, rename="camel"):
    """A row of /metrics/v2/assets/details and of /signal/v1/assets."""

    name: str
    slug: str = ""
    id: str = ""
    symbol: str | None = None
    category: str | None = None
    market_data: MarketData | None = None
    mindshare: dict[str, object] | None = None


class Outlet(msgspec.Struct, rename="camel"):
    """Where a story was published."""

    source_name: str | None = None


class Item(msgspec.Struct, rename="camel"):
    """A row of /news/v1/news/feed."""

    title: str
    id: str = ""
    url: str | None = None
    content: str | None = None
    publish_time_millis: object = None
    source: Outlet | None = None


_envelope = msgspec.json.Decoder(Envelope)
_assets = Rows(Asset)
_items = Rows(Item)


def parse_assets(body: bytes, tick: int) -> Parsed:
    """Parse details of assets into "custom" readings: prices in US dollars."""

    def reading(asset: Asset) -> Reading:
        data = asset.market_data or MarketData()
        value = number(data.price_usd)
        value = price(number(data.price) if value is None else value)
        capital = data.marketcap or Capital()
        return Reading(
            kind="custom",
            key=_key(asset),
            name=_name(asset),
            value=value,
            observed_at=tick if data.price_at is None else stamp(data.price_at, tick),
            figures=figures(
                market_cap=positive(_either(capital.circulating_usd, data.market_cap)),
                fully_diluted=positive(number(capital.fully_diluted_usd)),
                dominance=amount(number(capital.dominance)),
                volume_24h=amount(_either(data.volume_24_hour, data.volume_24h)),
            ),
            about=about(unit="USD", symbol=asset.symbol, category=asset.category),
        )

    return parse_rows(_data(body), _assets, reading, key=_key)


def parse_signals(body: bytes, tick: int) -> Parsed:
    """Parse the share of attention over 24 h into "mindshare" readings, in percent."""

    def reading(asset: Asset) -> Reading:
        given = asset.mindshare or {}
        value = _share(given, "24h", "percentage", "latestPercentage")
        if value is None:
            raise Skippable("no_mindshare")
        if not 0 <= value <= 100:
            raise Skippable("implausible_mindshare")
        return Reading(
            kind="mindshare",
            key=_key(asset),
            name=_name(asset),
            value=value,
            observed_at=tick,
            figures=figures(**{name: _share(given, *path) for name, path in MINDSHARE.items()}),
            about=about(symbol=asset.symbol),
        )

    return parse_rows(_data(body), _assets, reading, key=_key)


def parse_news(body: bytes, tick: int) -> Parsed:
    """Parse the news feed into Stories."""

    def story(item: Item) -> Story:
        title = plain_text(item.title)[:TITLE_CHARACTERS]
        if not title:
            raise Skippable("no_title")
        millis = number(item.publish_time_millis)
        published_at = tick if millis is None or millis <= 0 else int(millis // 1000)
        check_age(published_at, tick, OLDEST_SECONDS)
        url = clean_url(item.url or "")
        outlet = plain_text((item.source or Outlet()).source_name or "")
        return Story(
            news_id=hashlib.sha256((item.id or url).encode("utf-8", "replace")).hexdigest()[:24],
            title=title,
            url=url,
            summary=plain_text((item.content or "")[:CONTENT_CHARACTERS])[:SUMMARY_CHARACTERS],
            published_at=published_at,
            published_is_estimated=millis is None or millis <= 0,
            language=None,
            publisher=outlet[:100] or None,
        )

    return parse_rows(_data(body), _items, story, key=lambda item: item.id or item.url)


def _data(body: bytes) -> msgspec.Raw:
    envelope = decode(body, _envelope)
    if envelope.error:
        raise Retryable("the provider reports an error")
    return envelope.data


def _key(asset: Asset) -> str:
    return asset.slug.strip() or asset.id.strip()


def _name(asset: Asset) -> str:
    if not _key(asset):
        raise Skippable("no_id")
    return asset.name.strip() or _key(asset)


def _either(second: object, first: object) -> float | None:
    """Return the number of the second generation, or of the first."""
    found = number(second)
    return number(first) if found is None else found


def _share(
    mindshare: dict[str, object], period: str, field: str, first: str | None
) -> float | None:
    by_period = mindshare.get(period)
    found = number(by_period.get(field)) if isinstance(by_period, dict) else None
    if found is None and first is not None:
        older = mindshare.get(first)
        if isinstance(older, dict):
            return None if older.get("IsNull") else number(older.get("Value"))
        return number(older)
    return found


SOURCE = Source(
    name="messari",
    attribution="Data by Messari",
    attribution_url="https://messari.io",
    endpoints=(
        Endpoint(
            name="assets",
            url=f"{BASE}/metrics/v2/assets/details?slugs={{items}}",
            parse=parse_assets,
            cadence=3600,
            fill=Fill(values=ASSETS, chunk=len(ASSETS)),
        ),
        Endpoint(
            name="signals",
            url=f"{BASE}/signal/v1/assets?sort=mindshare.24h.percentage&limit=100",
            parse=parse_signals,
            cadence=3600,
        ),
        Endpoint("news", f"{BASE}/news/v1/news/feed?limit=50", parse_news, conditional=True),
    ),
    requests_per_minute=60,
    burst=3,
    key_name="MESSARI_API_KEY",
    key_header="x-messari-api-key",
    key_required=True,
    off_reason="off by default: its terms allow internal use only",
    redistributable=False,
)
