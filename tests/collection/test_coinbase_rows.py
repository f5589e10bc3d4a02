"""What is particular to Coinbase's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.coinbase import parse_products, parse_rates
from common.errors import Retryable
from common.models import Listing
from tests.contract.offers import TICK


def product(**values: Any) -> tuple[list[Listing], dict[str, int]]:
    row = {
        "product_id": "BTC-USD", "price": "80000.5", "volume_24h": "10", "base_name": "Bitcoin",
        "status": "online", "is_disabled": False, "trading_disabled": False, "product_type": "SPOT",
        "quote_currency_id": "USD", "base_currency_id": "BTC", "base_display_symbol": "BTC",
        "approximate_quote_24h_volume": "800001", **values,
    }  # fmt: skip
    parsed = parse_products(json.dumps({"products": [row], "num_products": 1}).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Listing)], dict(parsed.skipped)


def test_volume_is_in_dollars() -> None:
    (row,), skipped = product()
    assert row == Listing("BTC", "BTC", "Bitcoin", None, 80_000.5, 800_001.0, None, TICK)
    assert skipped == {}


@pytest.mark.parametrize("missing", ["", None, "0"])
def test_without_it_the_units_at_the_price_are_the_volume(missing: Any) -> None:
    (row,), _ = product(approximate_quote_24h_volume=missing)
    assert row.volume_24h == 800_005.0


def test_no_volume_at_all_is_unknown_and_none_traded_is_no_price() -> None:
    (row,), _ = product(approximate_quote_24h_volume="", volume_24h="")
    assert row.volume_24h is None
    assert product(approximate_quote_24h_volume="0", volume_24h="0") == ([], {"no_trades": 1})


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"quote_currency_id": "USDC"}, "other_currency"),
     ({"quote_currency_id": "USDT"}, "other_currency"),
     ({"product_type": "FUTURE"}, "not_spot"), ({"product_type": None}, "not_spot"),
     ({"is_disabled": True}, "disabled"), ({"trading_disabled": True}, "disabled"),
     ({"status": "delisted"}, "disabled"), ({"price": ""}, "no_price"),
     ({"price": "abc"}, "no_price"),
     ({"price": "0"}, "bad_price"), ({"base_currency_id": ""}, "no_id")],
)  # fmt: skip
def test_what_gives_no_price_in_dollars_is_left_out(values: dict[str, Any], reason: str) -> None:
    assert product(**values) == ([], {reason: 1})


def test_an_older_code_is_the_key_and_the_symbol_is_the_one_that_is_shown() -> None:
    (row,), _ = product(base_currency_id="CGLD", base_display_symbol="CELO", base_name="Celo")
    assert (row.key, row.symbol, row.name) == ("CGLD", "CELO", "Celo")


def test_a_state_that_is_not_told_is_no_reason() -> None:
    (row,), _ = product(status="", is_disabled=None, trading_disabled=None, base_display_symbol="")
    assert row.symbol == "BTC"


def test_an_error_instead_of_products_is_asked_again() -> None:
    body = b'{"error": "unknown", "code": 13, "message": "sorry", "details": []}'
    with pytest.raises(Retryable):
        parse_products(body, TICK)


@pytest.mark.parametrize("currency", ["EUR", "usd", ""])
def test_rates_for_another_currency_than_the_dollar_are_not_taken(currency: str) -> None:
    body = json.dumps({"data": {"currency": currency, "rates": {"GBP": "0.75"}}}).encode()
    with pytest.raises(Retryable, match="another currency"):
        parse_rates(body, TICK)
