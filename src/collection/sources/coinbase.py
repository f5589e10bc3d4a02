"""Coinbase: price and 24 h volume of every spot product against the US dollar.

No key; the public products of Advanced Trade. Numbers are texts, "" when
there is none. `volume_24h` is in units of the base,
`approximate_quote_24h_volume` the same in US dollars. Prices are in the quote
currency, so only products quoted in USD are kept (USDC ones share their books
and repeat them). There are no stamps: the answer is of the moment. Ten
requests a second are allowed without a key.
https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/list-public-products
"""

import msgspec

from collection.payload import Rows, amount, decode, number, parse_rows, price
from collection.source import Endpoint, Source
from common.errors import Skippable
from common.models import Listing, Parsed


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


_answer = msgspec.json.Decoder(Answer)
_products = Rows(Product)


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
    ),
    requests_per_minute=10,
    burst=1,
    coverage="venue",
)
