"""CoinGecko's trends, token contracts and NFT floors, beside the golden payloads."""

import json
import time
from typing import Any

import pytest

from collection.coingecko_lists import parse_list, parse_nft, parse_trending
from common.models import Address, Reading
from tests.contract.offers import TICK


def trend(**item: Any) -> tuple[list[Reading], dict[str, int]]:
    coin = {"id": "samplecoin", "name": "Samplecoin", "symbol": "SMP", "score": 0, **item}
    parsed = parse_trending(json.dumps({"coins": [{"item": coin}]}).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def contracts(*coins: Any) -> tuple[list[tuple[str, str]], dict[str, int]]:
    parsed = parse_list(json.dumps(coins).encode(), TICK)
    rows = [(row.address, row.asset_id) for row in parsed.rows if isinstance(row, Address)]
    return rows, dict(parsed.skipped)


def floor(**values: Any) -> tuple[list[Reading], dict[str, int]]:
    nft = {
        "id": "apes",
        "name": "Apes",
        "floor_price": {"usd": 10, "native_currency": 0.01},
        **values,
    }
    parsed = parse_nft(json.dumps(nft).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def test_the_first_of_the_trends_has_rank_1() -> None:
    assert [trend(score=score)[0][0].value for score in (0, 14)] == [1.0, 15.0]
    assert trend(score=-1) == trend(score=None) == ([], {"no_rank": 1})


@pytest.mark.parametrize(
    ("text", "amount"),
    [("$1,234,567", 1_234_567.0), ("$0.000012", 0.000012), (1.5, 1.5), ("1.5", 1.5),
     (" $7 ", 7.0), ("$0", None), ("-", None), ("", None), (None, None),
     ("$nan", None), ([], None)],
)  # fmt: skip
def test_amounts_of_trends_may_be_display_texts(text: Any, amount: float | None) -> None:
    (row,), _ = trend(data={"price": text, "market_cap": text})
    assert row.figures == ({} if amount is None else {"price": amount, "market_cap": amount})


def test_the_change_of_a_trend_is_the_one_in_dollars() -> None:
    (row,), _ = trend(data={"price_change_percentage_24h": {"btc": 5, "usd": "-3.25"}})
    assert row.figures == {"change_24h": -3.25}
    assert row.about == {"symbol": "SMP", "asset_id": "samplecoin"}


def test_collections_and_categories_are_no_trends() -> None:
    body = b'{"coins": [], "nfts": [{"id": "apes"}], "categories": [{"id": 7}]}'
    assert parse_trending(body, TICK).rows == []


def test_a_token_on_several_chains_has_several_contracts() -> None:
    platforms = {"ethereum": "0xAB", "solana": "SoMe", "tron": None, "": "", "base": "  "}
    rows, skipped = contracts({"id": "usd-coin", "platforms": platforms})
    assert rows == [("ethereum:0xab", "usd-coin"), ("solana:SoMe", "usd-coin")]
    assert skipped == {}


def test_a_contract_that_two_coins_claim_is_that_of_the_first() -> None:
    first, second = ({"id": name, "platforms": {"ethereum": "0xab"}} for name in "ab")
    assert contracts(first, second) == ([("ethereum:0xab", "a")], {"duplicate": 1})


def test_a_coin_without_contracts_is_counted() -> None:
    coins = [{"id": "bitcoin", "platforms": {"": ""}}, {"id": "x"}, {"id": "y", "platforms": None}]
    assert contracts(*coins) == ([], {"no_contract": 3})


def test_the_list_of_all_coins_is_read_in_less_than_half_a_second() -> None:
    coins = [
        {"id": f"coin-{n}", "symbol": "c", "name": "Coin", "platforms": {"base": f"0x{n:040x}"}}
        for n in range(17_000)
    ]
    body = json.dumps(coins).encode()
    began = time.process_time()
    parsed = parse_list(body, TICK)
    assert time.process_time() - began < 0.5
    assert len(parsed.rows) == 17_000


def test_a_floor_is_in_dollars_and_its_figures_are_what_is_known() -> None:
    (row,), _ = floor(market_cap={"usd": 0}, volume_24h={"usd": "inf"})
    assert (row.kind, row.key, row.value, row.observed_at) == ("nft_floor", "apes", 10.0, TICK)
    assert row.figures == {"floor_native": 0.01, "market_cap": 0.0}
    assert row.about == {}


@pytest.mark.parametrize(
    ("price", "reason"),
    [(None, "no_price"), ({}, "no_price"), ({"usd": None, "native_currency": 1}, "no_price"),
     ({"usd": 0}, "bad_price"), ({"usd": -1}, "bad_price"), ({"usd": 2e9}, "implausible_floor")],
)  # fmt: skip
def test_a_collection_without_a_floor_is_no_reading(price: Any, reason: str) -> None:
    assert floor(floor_price=price) == ([], {reason: 1})
