"""Kraken: last price and volume of every pair against the US dollar, in one request.

No key. `c` is [last price, lot], `v` the volume in units of the base and `p`
the volume-weighted average price, each [since midnight UTC, last 24 h]; all
are texts. So v[1] * p[1] is the 24 h volume in US dollars. There are no
stamps: the answer is of the moment. Names are "BTC/USD" with assetVersion=1
and "XXBTZUSD", "ADAUSD" in the old form; a dot (".S", ".M", ".d") marks what
is staked or dark. An error is a text in `error`, on HTTP 200 too. A request a
second is allowed. Only pairs in US dollars are kept: USDT and EUR are other
currencies, and the exchange rates among them are theirs.
https://docs.kraken.com/api/docs/rest-api/get-ticker-information
"""

import re

import msgspec

from collection.payload import Rows, amount, decode, parse_object, price
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Listing, Parsed

FIAT = frozenset({"AED", "ARS", "AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "JPY", "MXN"})
LAST, DAY = 0, 1  # places in the arrays


class Answer(msgspec.Struct):
    """What every answer is wrapped in; an error may come without `result`."""

    error: list[str]
    result: msgspec.Raw = msgspec.Raw(b"null")


class Ticker(msgspec.Struct):
    """A pair."""

    c: list[float]
    v: list[float]
    p: list[float]


_legacy = re.compile(r"[XZ](\w{3})ZUSD|USDTZUSD")  # codes from before there were many coins
_answer = msgspec.json.Decoder(Answer)
_tickers = Rows(Ticker)


def parse_tickers(body: bytes, tick: int) -> Parsed:
    """Parse the tickers of all pairs into Listings; the key is Kraken's code of the asset."""
    answer = decode(body, _answer)
    if answer.error:
        raise Retryable("the provider reports an error")

    def listing(pair: str, row: Ticker) -> Listing:
        base = dollar_base(pair)
        if min(len(row.c), len(row.v) - 1, len(row.p) - 1) < 1:
            raise Skippable("malformed")
        if row.v[DAY] == 0 or row.c[LAST] == 0:
            raise Skippable("no_trades")
        return Listing(
            key=base,
            symbol=base,
            name=None,
            address=None,
            price=price(row.c[LAST]),
            volume_24h=amount(row.v[DAY] * row.p[DAY]),
            market_cap=None,
            observed_at=tick,
        )

    return parse_object(answer.result, _tickers, listing)


def dollar_base(pair: str) -> str:
    """Return the base of a pair in US dollars, "XBT" of "XXBTZUSD".

    Raises Skippable: "suffixed_name", "other_currency" or "fiat".
    """
    if "." in pair:
        raise Skippable("suffixed_name")
    base, slash, quote = pair.partition("/")
    if not slash:
        legacy = _legacy.fullmatch(pair)
        base, quote = (legacy[1] or "USDT", "USD") if legacy else (pair[:-3], pair[-3:])
    if quote != "USD" or not base:
        raise Skippable("other_currency")
    if base in FIAT:
        raise Skippable("fiat")
    return base


SOURCE = Source(
    name="kraken",
    attribution="Data by Kraken",
    attribution_url="https://www.kraken.com",
    endpoints=(
        Endpoint("ticker", "https://api.kraken.com/0/public/Ticker?assetVersion=1", parse_tickers),
    ),
    requests_per_minute=10,
    burst=1,
    coverage="venue",
)
