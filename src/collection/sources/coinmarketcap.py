"""CoinMarketCap: prices and volumes of the largest coins, the whole market, fear and greed.

A key is required. Prices, 24 h volumes and market caps in US dollars, stamps
ISO 8601 with milliseconds. Version 3 gives `quote` as a list, version 1 as an
object by currency; quotes come as a list, by id, or by symbol with several
rows each, with an envelope or without. `slug` is the key (`symbol` is not
unique), `platform` is null for a coin of its own chain. Errors are told in
`status.error_code`, on HTTP 200 too; 0, "0" and null are none.
The free plan has about 30 requests a minute and 15,000 credits a month. A
request costs a credit for each 200 listings or 100 quotes: with 250 listings
every 15 minutes and the rest hourly, 31 days take 5,952 + 3 x 744 = 8,184
credits (750 listings: 14,136; 1,000 are too many).
https://coinmarketcap.com/api/documentation/
"""

from collections import Counter

import msgspec

from collection.chains import token_address
from collection.payload import (
    Rows,
    amount,
    build_rows,
    decode,
    figures,
    number,
    parse_rows,
    positive,
    price,
    stamp,
)
from collection.source import Endpoint, Fill, Source
from common.errors import Fatal, Retryable, Skippable
from common.models import GlobalMarket, Listing, Parsed, Reading

BASE = "https://pro-api.coinmarketcap.com"
HOUR = 3600
STALE_INDEX_SECONDS = 86_400
# https://coinmarketcap.com/api/resources/how-to-handle-coinmarketcap-api-errors-and-rate-limit--responses
FATAL: dict[float | None, str] = {
    1001: "the key is invalid",
    1002: "the key is missing",
    1003: "the key is not activated",
    1004: "the subscription has expired",
    1005: "a key is required",
    1006: "the plan does not include this",
    1007: "the key is disabled",
    1009: "the daily quota is used up",
    1010: "the monthly quota is used up",
}
PER_MINUTE = {1008, 1011}  # too many requests by this key, by this address


class Status(msgspec.Struct):
    """The part of `status` that is read."""

    error_code: object = None


class Envelope(msgspec.Struct):
    """What every answer is wrapped in; an error comes without `data`."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    status: Status | None = None


class Amounts(msgspec.Struct):
    """A coin, or the whole market, in one currency."""

    symbol: str | None = None
    price: float | None = None
    volume_24h: float | None = None
    market_cap: float | None = None
    last_updated: str | None = None
    total_market_cap: float | None = None
    total_volume_24h: float | None = None
    total_market_cap_yesterday_percentage_change: object = None


Quotes = list[Amounts] | dict[str, Amounts]


class Platform(msgspec.Struct):
    """The chain of a token."""

    name: str | None = None
    token_address: str | None = None


class Coin(msgspec.Struct):
    """A row of listings and of quotes."""

    slug: str
    symbol: str
    name: str
    quote: Quotes
    platform: Platform | None = None
    last_updated: str | None = None


class Metrics(msgspec.Struct):
    """/global-metrics/quotes/latest."""

    quote: Quotes
    btc_dominance: float | None = None
    last_updated: str | None = None


class FearGreed(msgspec.Struct):
    """/fear-and-greed/latest."""

    value: object = None
    value_classification: str | None = None
    update_time: str | None = None


_envelope = msgspec.json.Decoder(Envelope)
_coins = Rows(Coin)
_groups = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])
_metrics = msgspec.json.Decoder(Metrics, strict=False)
_fear_greed = msgspec.json.Decoder(FearGreed)


def _data(body: bytes) -> msgspec.Raw:
    """Return `data`. Raises Fatal or Retryable when the status tells of an error."""
    envelope = decode(body, _envelope)
    told = envelope.status.error_code if envelope.status else None
    code = 0.0 if told is None else number(told)
    if code in FATAL:
        raise Fatal(FATAL[code])
    if code != 0:
        raise Retryable("the provider reports an error", 60 if code in PER_MINUTE else None)
    return envelope.data


def parse_listings(body: bytes, tick: int) -> Parsed:
    """Parse listings (version 3 or 1) into Listings."""
    return parse_rows(_data(body), _coins, lambda row: _listing(row, tick), lambda row: row.slug)


def parse_quotes(body: bytes, tick: int) -> Parsed:
    """Parse quotes into Listings: a list, an object by id, or one of lists by symbol."""
    bare = body.lstrip()[:1] == b"["
    rows = decode(body if bare else _data(body), _groups)
    texts = [bytes(row) for row in (rows.values() if isinstance(rows, dict) else rows)]
    if isinstance(rows, dict):
        texts = [text[1:-1] if text[:1] == b"[" else text for text in texts]
    flat = b"[" + b",".join(text for text in texts if text.strip()) + b"]"
    return parse_rows(flat, _coins, lambda row: _listing(row, tick), lambda row: row.slug)


def _dollars(quotes: Quotes) -> Amounts:
    named = quotes if isinstance(quotes, dict) else {one.symbol: one for one in quotes}
    if "USD" not in named:
        raise Skippable("other_currency")
    return named["USD"]


def _listing(row: Coin, tick: int) -> Listing:
    if not row.slug.strip() or not row.symbol.strip():
        raise Skippable("no_id")
    found = _dollars(row.quote)
    return Listing(
        key=row.slug.strip(),
        symbol=row.symbol.strip().upper(),
        name=row.name.strip() or None,
        address=_address(row.platform),
        price=price(found.price),
        volume_24h=amount(found.volume_24h),
        market_cap=positive(found.market_cap),
        observed_at=stamp(found.last_updated or row.last_updated, tick),
    )


def _address(platform: Platform | None) -> str | None:
    if platform is None or not (platform.name or "")[:1].isalnum():
        return None
    chain, contract = platform.name or "", (platform.token_address or "").strip()
    return token_address(chain, contract) if contract else None


def parse_metrics(body: bytes, tick: int) -> Parsed:
    """Parse the global metrics into one GlobalMarket."""
    metrics = decode(_data(body), _metrics)
    try:
        found = _dollars(metrics.quote)
        stamp(metrics.last_updated, tick)
    except Skippable as skip:
        return Parsed([], Counter({skip.reason: 1}))
    row = GlobalMarket(
        total_market_cap=positive(found.total_market_cap),
        total_volume=positive(found.total_volume_24h),
        btc_dominance=positive(metrics.btc_dominance),
        market_cap_change_24h=number(found.total_market_cap_yesterday_percentage_change),
    )
    return Parsed([row], Counter())


def parse_fear_greed(body: bytes, tick: int) -> Parsed:
    """Parse the index into one "fear_greed" Reading; `label` is the provider's own class."""
    index = decode(_data(body), _fear_greed)

    def reading(index: FearGreed) -> Reading:
        value = number(index.value)
        if value is None:
            raise Skippable("no_value")
        if not 0 <= value <= 100:
            raise Skippable("implausible_value")
        return Reading(
            kind="fear_greed",
            key="crypto",
            name="CMC Crypto Fear and Greed",
            value=value,
            observed_at=stamp(index.update_time, tick, STALE_INDEX_SECONDS),
            figures=figures(label=index.value_classification),
        )

    return build_rows([index], reading)


SOURCE = Source(
    name="coinmarketcap",
    attribution="Data by CoinMarketCap",
    attribution_url="https://coinmarketcap.com",
    endpoints=(
        Endpoint(
            "listings",
            f"{BASE}/v3/cryptocurrency/listings/latest?start=1&limit={{limit}}&convert=USD",
            parse_listings,
        ),
        Endpoint(
            "metrics", f"{BASE}/v1/global-metrics/quotes/latest?convert=USD", parse_metrics, HOUR
        ),
        Endpoint(
            "quotes",
            f"{BASE}/v3/cryptocurrency/quotes/latest?slug={{items}}&convert=USD",
            parse_quotes,
            HOUR,
            fill=Fill(values=("bitcoin", "ethereum"), chunk=100),
        ),
        Endpoint("fear_greed", f"{BASE}/v3/fear-and-greed/latest", parse_fear_greed, HOUR),
    ),
    requests_per_minute=25,
    key_name="CMC_API_KEY",
    key_header="X-CMC_PRO_API_KEY",
    key_required=True,
    coverage="aggregate",
    headers={"Accept": "application/json"},
)
