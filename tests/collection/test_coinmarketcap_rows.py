"""What is particular to CoinMarketCap's rows, beside the golden payloads."""

import json
import math
from typing import Any

import pytest

from collection.sources.coinmarketcap import (
    SOURCE,
    parse_fear_greed,
    parse_listings,
    parse_metrics,
    parse_quotes,
)
from common.errors import Fatal, Retryable
from common.models import GlobalMarket, Listing, Reading
from common.times import iso
from tests.contract.offers import TICK

OK = {"error_code": 0, "error_message": None}


def coin(**values: Any) -> dict[str, Any]:
    return {
        "id": 9001, "slug": "samplecoin", "symbol": "SMP", "name": "Samplecoin", "platform": None,
        "last_updated": iso(TICK - 60), "quote": [{"symbol": "USD", "price": 2.5}], **values,
    }  # fmt: skip


def listings(*rows: Any, status: Any = OK) -> tuple[list[Listing], dict[str, int]]:
    parsed = parse_listings(json.dumps({"data": rows, "status": status}).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Listing)], dict(parsed.skipped)


def test_the_stamp_of_the_quote_comes_before_that_of_the_coin() -> None:
    quote = {"symbol": "USD", "price": 2.5, "last_updated": iso(TICK - 30)}
    (fresh, old), _ = listings(coin(quote=[quote]), coin(slug="other"))
    assert (fresh.observed_at, old.observed_at) == (TICK - 30, TICK - 60)


@pytest.mark.parametrize("quote", [[{"symbol": "EUR", "price": 1}], {"EUR": {"price": 1}}, [], {}])
def test_a_price_in_another_currency_is_none(quote: Any) -> None:
    assert listings(coin(quote=quote)) == ([], {"other_currency": 1})


@pytest.mark.parametrize(
    ("platform", "address"),
    [({"name": "Ethereum", "token_address": "0xABC"}, "ethereum:0xabc"),
     ({"name": "Tron20", "token_address": "TSample"}, "tron:TSample"),
     ({"name": "Solana", "token_address": " SamPle "}, "solana:SamPle"),
     ({"name": "Ethereum", "token_address": ""}, None),
     ({"name": "", "token_address": "0x1"}, None),
     ({"name": "Ethereum"}, None), ({}, None), (None, None)],
)  # fmt: skip
def test_a_token_is_known_by_its_contract(platform: Any, address: str | None) -> None:
    (row,), _ = listings(coin(platform=platform))
    assert row.address == address


@pytest.mark.parametrize("code", [0, "0", None])
def test_no_error_has_three_spellings(code: Any) -> None:
    assert len(listings(coin(), status={"error_code": code})[0]) == 1


@pytest.mark.parametrize("code", [1001, "1002", 1005, 1006, 1007, 1009, 1010])
def test_an_error_that_asking_again_does_not_mend_is_fatal(code: Any) -> None:
    with pytest.raises(Fatal):
        listings(coin(), status={"error_code": code, "error_message": "the key abc is bad"})


@pytest.mark.parametrize(
    ("code", "wait"), [(1008, 60), (1011, 60), (500, None), ("what", None), (True, None)]
)
def test_any_other_error_is_asked_again_although_there_is_data(code: Any, wait: int | None) -> None:
    with pytest.raises(Retryable) as caught:
        listings(coin(), status={"error_code": code, "error_message": "the key abc is bad"})
    assert caught.value.retry_after == wait
    assert "abc" not in str(caught.value)


def test_an_error_comes_without_data() -> None:
    with pytest.raises(Fatal, match="monthly quota"):
        parse_quotes(b'{"status": {"error_code": 1010, "credit_count": 0}}', TICK)


TWIN = coin(slug="twin", quote={"USD": {"price": 3}})


@pytest.mark.parametrize(
    "data",
    [[coin(), TWIN], {"9001": coin(), "9013": TWIN}, {"SMP": [coin(), TWIN]},
     {"SMP": [coin()], "GONE": [], "TWN": [TWIN]}, {"1": coin(), "TWN": [TWIN]}],
    ids=["list", "by_id", "by_symbol", "by_symbols", "mixed"],
)  # fmt: skip
@pytest.mark.parametrize("wrapped", [True, False])
def test_quotes_are_read_in_every_form(data: Any, wrapped: bool) -> None:
    if not wrapped and isinstance(data, dict):
        data = [
            row for rows in data.values() for row in (rows if isinstance(rows, list) else [rows])
        ]
    body = json.dumps({"data": data, "status": OK} if wrapped else data)
    parsed = parse_quotes(body.encode(), TICK)
    assert [row.key for row in parsed.rows if isinstance(row, Listing)] == ["samplecoin", "twin"]
    assert parsed.skipped.total() == 0


def test_the_change_of_the_market_is_in_percent() -> None:
    quote = {
        "USD": {"total_market_cap": 2e12, "total_market_cap_yesterday_percentage_change": "-1.5"}
    }
    data = {"btc_dominance": 57.5, "last_updated": iso(TICK), "quote": quote}
    (row,) = parse_metrics(json.dumps({"data": data, "status": OK}).encode(), TICK).rows
    assert row == GlobalMarket(2e12, None, 57.5, -1.5)


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"value": None}, "no_value"), ({"value": -1}, "implausible_value"),
     ({"value": 100.5}, "implausible_value"), ({"update_time": None}, "no_timestamp"),
     ({"update_time": iso(TICK - 100_000)}, "stale")],
)  # fmt: skip
def test_an_index_is_from_0_to_100_and_of_today(values: dict[str, Any], reason: str) -> None:
    data = {
        "value": 41,
        "value_classification": "Neutral",
        "update_time": iso(TICK - 900),
        **values,
    }
    assert parse_fear_greed(json.dumps({"data": data}).encode(), TICK).skipped == {reason: 1}


def test_the_class_is_the_one_the_provider_gives() -> None:
    data = {"value": "10", "value_classification": "Greed", "update_time": iso(TICK - 900)}
    (row,) = parse_fear_greed(json.dumps({"data": data}).encode(), TICK).rows
    assert isinstance(row, Reading)
    assert (row.value, row.figures, row.observed_at) == (10.0, {"label": "Greed"}, TICK - 900)


def test_a_month_fits_into_the_credits_of_the_free_plan() -> None:
    rows, month = 250, 31 * 86_400
    a_request = {"listings": math.ceil(rows / 200)}  # the others are a credit each
    spent = sum(a_request.get(e.name, 1) * month // e.cadence for e in SOURCE.endpoints)
    assert spent == 8_184 < 15_000
