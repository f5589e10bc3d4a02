"""What is particular to Kraken's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.kraken import dollar_base, parse_tickers
from common.errors import Retryable, Skippable
from common.models import Listing
from tests.contract.offers import TICK


def ticker(pair: str = "BTC/USD", **values: Any) -> tuple[list[Listing], dict[str, int]]:
    row = {"c": ["80000", "0.1"], "v": ["10", "25"], "p": ["79000", "78000.5"], **values}
    body = json.dumps({"error": [], "result": {pair: row}}).encode()
    parsed = parse_tickers(body, TICK)
    return [row for row in parsed.rows if isinstance(row, Listing)], dict(parsed.skipped)


def test_volume_is_the_units_of_24_hours_at_their_average_price() -> None:
    (row,), skipped = ticker()
    assert row == Listing("BTC", "BTC", None, None, 80_000.0, 25 * 78_000.5, None, TICK)
    assert skipped == {}


def test_trades_of_yesterday_evening_are_trades() -> None:
    (row,), _ = ticker(v=["0.00000000", "25"], p=["0.00000", "78000.5"])
    assert row.volume_24h == 25 * 78_000.5


@pytest.mark.parametrize("value", [{"v": ["0", "0.00000000"]}, {"c": ["0.00000", "0"]}])
def test_a_pair_that_nobody_traded_has_no_price(value: dict[str, Any]) -> None:
    assert ticker(**value) == ([], {"no_trades": 1})


@pytest.mark.parametrize(
    "value", [{"v": ["1"]}, {"p": []}, {"c": []}, {"c": None}, {"p": ["1", ""]}]
)
def test_arrays_that_are_too_short_cost_their_pair(value: dict[str, Any]) -> None:
    assert ticker(**value) == ([], {"malformed": 1})


@pytest.mark.parametrize(
    ("pair", "base"),
    [("BTC/USD", "BTC"), ("XXBTZUSD", "XBT"), ("XETHZUSD", "ETH"), ("USDTZUSD", "USDT"),
     ("ADAUSD", "ADA"), ("XTZUSD", "XTZ"), ("CHZUSD", "CHZ"), ("XDGUSD", "XDG"),
     ("USDC/USD", "USDC"), ("RLUSD/USD", "RLUSD"), ("XTZ/USD", "XTZ")],
)  # fmt: skip
def test_names_are_understood_in_the_new_and_the_old_form(pair: str, base: str) -> None:
    assert dollar_base(pair) == base


@pytest.mark.parametrize(
    ("pair", "reason"),
    [("BTC/EUR", "other_currency"), ("BTC/USDT", "other_currency"), ("BTC/USDC", "other_currency"),
     ("XRP/RLUSD", "other_currency"), ("PYTH/USD:BTNL", "other_currency"),
     ("XXBTZEUR", "other_currency"), ("USD", "other_currency"), ("", "other_currency"),
     ("/USD", "other_currency"),
     ("EUR/USD", "fiat"), ("ZGBPZUSD", "fiat"), ("AUDUSD", "fiat"),
     ("DOT.S/USD", "suffixed_name"), ("USD.M/USD", "suffixed_name"),
     ("XXBTZUSD.d", "suffixed_name")],
)  # fmt: skip
def test_what_is_no_coin_in_dollars_is_left_out(pair: str, reason: str) -> None:
    with pytest.raises(Skippable) as caught:
        dollar_base(pair)
    assert caught.value.reason == reason


@pytest.mark.parametrize("result", ["", ', "result": {}'])
def test_an_error_inside_an_answer_is_asked_again_and_not_repeated(result: str) -> None:
    body = b'{"error": ["EAPI:Rate limit exceeded"]' + result.encode() + b"}"
    with pytest.raises(Retryable) as caught:
        parse_tickers(body, TICK)
    assert "EAPI" not in str(caught.value)
