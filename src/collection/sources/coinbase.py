"""Coinbase: price and 24 h volume of every spot product in US dollars; exchange rates.

No key; the public products of Advanced Trade. Numbers are texts, "" when
there is none. `volume_24h` is in units of the base,
`approximate_quote_24h_volume` the same in US dollars. Prices are in the quote
currency, so only products quoted in USD are kept (USDC ones share their books
and repeat them). There are no stamps: the answer is of the moment. Ten
requests a second are allowed without a key. Exchange rates are units for one
US dollar, of fiat currencies, coins and metals in one object and without
saying which is which: what ISO 4217 lists as money of a country is kept.
https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/list-public-products
https://docs.cdp.coinbase.com/coinbase-app/track-apis/exchange-rates
"""

import msgspec

from collection.payload import Rows, amount, decode, number, parse_object, parse_rows, price
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Listing, Parsed, Reading

FIAT = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP"
    " BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP"
    " GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR"
    " KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK"
    " MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR"
    " SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS"
    " UAH UGX UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW".split()
)


class Product(msgspec.Struct):
    """A row of `products`."""

    base_currency_id: str
    quote_currency_id: str
    product_type: str | None = None
    status: str | None = None
    price: object = None
    volume_24h: object = None
    approximate_quote_24h_volume: object = None
    base_name: str | None = None
    base_display_symbol: str | None = None
    is_disabled: bool | None = None
    trading_disabled: bool | None = None


class Answer(msgspec.Struct):
    """What the rows are in."""

    products: msgspec.Raw


class Rates(msgspec.Struct):
    """The exchange rates: texts by code, units for one of `currency`."""

    currency: str
    rates: msgspec.Raw


class RatesAnswer(msgspec.Struct):
    """What they are in."""

    data: Rates


_answer = msgspec.json.Decoder(Answer)
_products = Rows(Product)
_rates_answer = msgspec.json.Decoder(RatesAnswer)
_rates = Rows(str)


def parse_products(body: bytes, tick: int) -> Parsed:
    """Parse the products into Listings; the key is Coinbase's code of the asset."""

    def listing(row: Product) -> Listing:
        code = row.base_currency_id.strip()
        if not code:
            raise Skippable("no_id")
        if row.product_type != "SPOT":
            raise Skippable("not_spot")
        if row.quote_currency_id != "USD":
            raise Skippable("other_currency")
        if row.is_disabled or row.trading_disabled or row.status not in (None, "", "online"):
            raise Skippable("disabled")
        cost = price(number(row.price))
        volume = number(row.approximate_quote_24h_volume)
        if not volume:
            units = number(row.volume_24h)
            volume = None if units is None else units * cost
        if volume == 0:
            raise Skippable("no_trades")
        return Listing(
            key=code,
            symbol=(row.base_display_symbol or "").strip().upper() or code.upper(),
            name=(row.base_name or "").strip() or None,
            address=None,
            price=cost,
            volume_24h=amount(volume),
            market_cap=None,
            observed_at=tick,
        )

    return parse_rows(
        decode(body, _answer).products, _products, listing, key=lambda row: row.base_currency_id
    )


def parse_rates(body: bytes, tick: int) -> Parsed:
    """Parse the exchange rates of fiat currencies into Readings; the key is the code.

    Raises Retryable when they are not for the US dollar.
    """
    told = decode(body, _rates_answer).data
    if told.currency != "USD":
        raise Retryable("rates of another currency than the US dollar")

    def reading(code: str, rate: str) -> Reading:
        if code not in FIAT:
            raise Skippable("not_fiat")
        return Reading("exchange_rate", code.lower(), code, price(number(rate)), tick)

    return parse_object(told.rates, _rates, reading)


SOURCE = Source(
    name="coinbase",
    attribution="Data by Coinbase",
    attribution_url="https://www.coinbase.com",
    endpoints=(
        Endpoint(
            "products",
            "https://api.coinbase.com/api/v3/brokerage/market/products?product_type=SPOT",
            parse_products,
        ),
        Endpoint(
            "exchange_rates",
            "https://api.coinbase.com/v2/exchange-rates?currency=USD",
            parse_rates,
            cadence=3600,
        ),
    ),
    requests_per_minute=10,
    burst=1,
    coverage="venue",
)
