"""What is particular to GeckoTerminal's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.geckoterminal import parse_pools
from common.models import Reading

TICK = 1_795_176_000
ADDRESS = "0x00000000000000000000000000000000000000Aa"
TOKEN = {"address": ADDRESS, "symbol": "SMP", "coingecko_coin_id": "samplecoin"}


def pool(network: str = "eth", address: str = ADDRESS, **more: Any) -> dict[str, Any]:
    links = {"base_token": {"data": {"id": f"{network}_base", "type": "token"}}}
    return {
        "id": f"{network}_{address}",
        "attributes": {
            "address": address, "name": "SMP / WETH", "base_token_price_usd": "1.25",
            "reserve_in_usd": "5000", **more,
        },
        "relationships": links,
    }  # fmt: skip


def parse(*pools: Any, included: Any = ()) -> tuple[list[Reading], dict[str, int]]:
    parsed = parse_pools(json.dumps({"data": pools, "included": included}).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


@pytest.mark.parametrize(
    ("network", "address", "key"),
    [("eth", "0xAB", "ethereum:0xab"), ("polygon_pos", "0xAB", "polygon-pos:0xab"),
     ("arbitrum", "0x1", "arbitrum-one:0x1"), ("bsc", "0x1", "binance-smart-chain:0x1"),
     ("ton", "EQ_a-B_c", "the-open-network:EQ_a-B_c"), ("solana", "AbC", "solana:AbC")],
)  # fmt: skip
def test_an_underscore_may_stand_in_the_network_and_in_the_address(
    network: str, address: str, key: str
) -> None:
    (row,), _ = parse(pool(network, address))
    assert row.key == key


def test_an_id_that_does_not_end_in_the_address_is_not_understood() -> None:
    assert parse({**pool(), "id": "eth_0xff"}) == ([], {"bad_id": 1})
    assert parse({**pool(), "id": f"_{ADDRESS}"}) == ([], {"bad_id": 1})


def test_the_same_pool_in_capitals_is_the_same_pool() -> None:
    rows, skipped = parse(pool(), pool(address=ADDRESS.lower(), base_token_price_usd="9"))
    assert ([row.value for row in rows], skipped) == ([1.25], {"duplicate": 1})


def test_tokens_are_described_by_what_is_included() -> None:
    (row,), _ = parse(pool(), included=[{"id": "eth_base", "type": "token", "attributes": TOKEN}])
    assert (row.about["base"], row.about["asset_id"]) == ("SMP", "samplecoin")
    assert row.about["base_address"] == ADDRESS.lower()


@pytest.mark.parametrize("included", [None, [], [None], [{"id": 3}], [{"id": "eth_base"}]])
def test_a_description_that_cannot_be_read_costs_no_pool(included: Any) -> None:
    (row,), skipped = parse(pool(), included=included)
    assert (row.name, "base" in row.about, skipped) == ("SMP / WETH", False, {})


def test_numbers_are_text_with_any_number_of_digits() -> None:
    (row,), _ = parse(pool(
        base_token_price_usd="0.00000148440590295321912651916468624641639408545041453058498522",
        volume_usd={"h24": "6.7101798706"}, price_change_percentage={"h24": "-18.046"},
        transactions={"h24": {"buys": 3, "sells": 2, "buyers": 2, "sellers": 1}},
        market_cap_usd=None, fdv_usd="3847.309588",
    ))  # fmt: skip
    assert row.value == 1.484405902953219e-06
    assert row.figures == {
        "liquidity": 5000, "volume_24h": 6.7101798706, "buys_24h": 3, "sells_24h": 2,
        "buyers_24h": 2, "sellers_24h": 1, "change_24h": -18.046, "fdv": 3847.309588,
    }  # fmt: skip


def test_a_new_pool_without_a_known_reserve_is_skipped() -> None:
    assert parse(pool(reserve_in_usd=None)) == ([], {"no_liquidity": 1})
    assert parse(pool(reserve_in_usd="999")) == ([], {"thin": 1})


@pytest.mark.parametrize("volume", ["-1", "1e12"])
def test_a_volume_that_cannot_be_costs_the_pool(volume: str) -> None:
    assert parse(pool(volume_usd={"h24": volume})) == ([], {"implausible_volume": 1})


def test_a_reading_is_of_the_tick_and_not_of_the_creation_of_its_pool() -> None:
    (row,), _ = parse(pool(pool_created_at="2021-12-30T20:32:10Z"))
    assert row.observed_at == TICK
