"""Coinbase: the public list of products, and the exchange's own products, ticker and stats.

Shapes after the provider's client libraries and recordings. The traps are kept: numbers
are strings, and "" for a product without trades; volumes are in units of the base; some
products are disabled or cannot be traded; futures stand among the spot products unless
`product_type` says otherwise.
"""

import re
from typing import Any

import numpy as np

from tools.simulator.coinbase_products import DISABLED, HALTED, Product, products_of
from tools.simulator.coins import Coin
from tools.simulator.gecko_lists import rates_of
from tools.simulator.instants import DAY, iso_ms
from tools.simulator.market import MarketSource
from tools.simulator.provider import Answer, Provider, Request, json_answer
from tools.simulator.venues import EUR_USD, change, off_by

HOST, EXCHANGE = "api.coinbase.com", "api.exchange.coinbase.com"
_SHARE = 0.05  # of the market's volume
_QUOTES = {"USD": "US Dollar", "EUR": "Euro", "USDT": "Tether", "USDC": "USDC"}


def market_products(request: Request, _: re.Match[str]) -> Answer:
    """`/api/v3/brokerage/market/products`, by `limit`, `offset`, `product_type`."""
    limit, offset = (_whole(request.params.get(name, "")) for name in ("limit", "offset"))
    market = request.world.market
    kind = request.params.get("product_type", "")
    if kind not in ("", "UNKNOWN_PRODUCT_TYPE", "SPOT", "FUTURE"):
        message = f"parsing field product_type: {kind!r} is not a valid value"
        error = {"error": "INVALID_ARGUMENT", "error_details": message, "message": message}
        return json_answer(error, request.now, 400)
    chosen = [
        product
        for product in products_of(market)
        if kind not in ("SPOT", "FUTURE") or (kind == "FUTURE") == bool(product.future)
    ]
    start = offset or 0
    part = chosen[start : start + limit if limit else None]
    rows = [_row(market, product, request.now) for product in part]
    return json_answer({"products": rows, "num_products": len(rows)}, request.now, kept=True)


def exchange_products(request: Request, _: re.Match[str]) -> Answer:
    """`/products` of the exchange: no prices."""
    market = request.world.market
    rows = []
    for product in products_of(market):
        if product.future:
            continue
        coin = market.coins[product.place]
        rows.append(
            {
                "id": _name(product, coin),
                "base_currency": coin.symbol,
                "quote_currency": product.quote,
                "quote_increment": "0.01",
                "base_increment": "0.00000001",
                "display_name": f"{coin.symbol}-{product.quote}",
                "min_market_funds": "1",
                "margin_enabled": False,
                "post_only": False,
                "limit_only": not product.traded,
                "cancel_only": False,
                "status": "delisted" if coin.id in DISABLED else "online",
                "status_message": "",
                "trading_disabled": coin.id in HALTED | DISABLED,
                "fx_stablecoin": coin.stable,
                "max_slippage_percentage": "0.03000000",
                "auction_mode": False,
                "high_bid_limit_percentage": "",
            }
        )
    return json_answer(rows, request.now, kept=True)


def exchange_ticker(request: Request, match: re.Match[str]) -> Answer:
    """`/products/{id}/ticker`."""
    found = _figures(request, match["id"])
    if found is None:
        return json_answer({"message": "NotFound"}, request.now, 404)
    price, volume, _ = found
    body = {
        "ask": _text(price * 1.0001),
        "bid": _text(price * 0.9999),
        "volume": f"{volume:.8f}",
        "trade_id": 700_000_000 + request.now // 60,
        "price": _text(price),
        "size": "0.01351646",
        "time": f"{iso_ms(request.now)[:-1]}254Z",
        "rfq_volume": f"{volume * 0.01:.6f}",
    }
    return json_answer(body, request.now, kept=True)


def exchange_stats(request: Request, match: re.Match[str]) -> Answer:
    """`/products/{id}/stats`: of 24 hours, and the volume of 30 days."""
    found = _figures(request, match["id"])
    if found is None:
        return json_answer({"message": "NotFound"}, request.now, 404)
    price, volume, product = found
    today = request.world.market.snapshot(request.now)
    before = request.world.market.snapshot(request.now - DAY)
    rate = _rate(product.quote)
    body = {
        "open": _text(float(before.price[product.place]) / rate),
        "high": _text(max(float(today.high[product.place]) / rate, price)),
        "low": _text(min(float(today.low[product.place]) / rate, price)),
        "last": _text(price),
        "volume": f"{volume:.8f}",
        "volume_30day": f"{volume * 29.3:.8f}",
    }
    return json_answer(body, request.now, kept=True)


def exchange_rates(request: Request, _: re.Match[str]) -> Answer:
    """`/v2/exchange-rates`: texts, units for one of `currency`, of money and coins alike."""
    code = request.params.get("currency", "USD").upper()
    units = {
        name.upper(): rate for name, rate in rates_of(request.world.market, request.now).items()
    }
    if code not in units:
        error = {"id": "invalid_request", "message": f"Invalid base currency ({code})"}
        return json_answer({"errors": [error]}, request.now, 400)
    rates = {name: _text(rate / units[code]) for name, rate in sorted(units.items())}
    return json_answer({"data": {"currency": code, "rates": rates}}, request.now, kept=True)


def _row(market: MarketSource, product: Product, now: int) -> dict[str, Any]:
    coin, quote = market.coins[product.place], product.quote
    today, before = market.snapshot(now), market.snapshot(now - DAY)
    price, volume = _price(market, product, now), _volume(market, product, now)
    known = product.traded and not np.isnan(price) and coin.id not in DISABLED
    moved = change(price * _rate(quote), float(before.price[product.place]), 14)
    busier = change(float(today.volume[product.place]), float(before.volume[product.place]), 14)
    row: dict[str, Any] = {
        "product_id": _name(product, coin),
        "price": _text(price) if known else "",
        "price_percentage_change_24h": str(moved) if known and moved is not None else "",
        "volume_24h": f"{volume:.8f}" if known else "",
        "volume_percentage_change_24h": str(busier) if known and busier is not None else "",
        "base_increment": "0.00000001",
        "quote_increment": "0.01",
        "quote_min_size": "1",
        "quote_max_size": "50000000",
        "base_min_size": "0.00000001",
        "base_max_size": "3400",
        "base_name": coin.name,
        "quote_name": _QUOTES[quote],
        "watched": False,
        "is_disabled": coin.id in DISABLED,
        "new": False,
        "status": "delisted" if coin.id in DISABLED else "online",
        "cancel_only": False,
        "limit_only": not product.traded,
        "post_only": False,
        "trading_disabled": coin.id in HALTED | DISABLED,
        "auction_mode": False,
        "product_type": "FUTURE" if product.future else "SPOT",
        "quote_currency_id": quote,
        "base_currency_id": "" if product.future else coin.symbol,
        "fcm_trading_session_details": None,
        "mid_market_price": "",
        "alias": "",
        "alias_to": [f"{coin.symbol}-USDC"] if quote == "USD" and not product.future else [],
        "base_display_symbol": coin.symbol,
        "quote_display_symbol": quote,
        "view_only": False,
        "price_increment": "0.01",
        "display_name": product.future or f"{coin.symbol}-{quote}",
        "product_venue": "FCM" if product.future else "CBE",
        "approximate_quote_24h_volume": f"{volume * price:.2f}" if known else "",
        "new_at": "2023-01-01T00:00:00Z",
    }
    if product.future:
        row["future_product_details"] = {
            "venue": "cde",
            "contract_code": product.future.split("-")[0],
            "contract_expiry": "2027-01-29T16:00:00Z",
            "contract_size": "0.01",
            "contract_root_unit": coin.symbol,
        }
    return row


def _figures(request: Request, name: str) -> tuple[float, float, Product] | None:
    """Price, volume in the base and product, of one that has trades."""
    market = request.world.market
    for product in products_of(market):
        coin = market.coins[product.place]
        if _name(product, coin) == name and product.traded and not product.future:
            price = _price(market, product, request.now)
            return price, _volume(market, product, request.now), product
    return None


def _price(market: MarketSource, product: Product, now: int) -> float:
    name = f"{HOST}/{market.coins[product.place].id}/{product.quote}/{product.future}"
    dollars = float(market.snapshot(now).price[product.place]) * off_by(name, now, 3)
    return dollars * (1.004 if product.future else 1) / _rate(product.quote)


def _volume(market: MarketSource, product: Product, now: int) -> float:
    today = market.snapshot(now)
    part = _SHARE * (1.0 if product.quote == "USD" else 0.1)
    return float(today.volume[product.place]) * part / float(today.price[product.place])


def _rate(quote: str) -> float:
    return EUR_USD if quote == "EUR" else 1.0


def _name(product: Product, coin: Coin) -> str:
    return product.future or f"{coin.symbol}-{product.quote}"


def _text(value: float) -> str:
    return f"{value:.2f}" if value >= 100 else f"{value:.10f}".rstrip("0").rstrip(".")


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


PROVIDERS = (
    Provider(
        HOST,
        (
            ("/api/v3/brokerage/market/products", market_products),
            ("/v2/exchange-rates", exchange_rates),
        ),
    ),
    Provider(
        EXCHANGE,
        (
            ("/products", exchange_products),
            ("/products/(?P<id>[^/]+)/ticker", exchange_ticker),
            ("/products/(?P<id>[^/]+)/stats", exchange_stats),
        ),
    ),
)
