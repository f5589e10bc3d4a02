"""What is particular to DexScreener's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.dexscreener import SOURCE, parse_boosts, parse_pools
from common.errors import Retryable
from common.models import Parsed, Reading

TICK = 1_795_176_000
ADDRESS = "0x00000000000000000000000000000000000000Aa"


def readings(parsed: Parsed) -> tuple[list[Reading], dict[str, int]]:
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def pair(**more: Any) -> dict[str, Any]:
    return {
        "chainId": "bsc", "dexId": "sampleswap", "pairAddress": ADDRESS,
        "baseToken": {"address": ADDRESS, "symbol": "SMP"}, "quoteToken": {"symbol": "WBNB"},
        "priceUsd": "1.25", "liquidity": {"usd": 5000}, **more,
    }  # fmt: skip


def pools(body: Any) -> tuple[list[Reading], dict[str, int]]:
    return readings(parse_pools(json.dumps(body).encode(), TICK))


def boosts(body: Any) -> tuple[list[Reading], dict[str, int]]:
    return readings(parse_boosts(json.dumps(body).encode(), TICK))


def test_a_pool_is_known_by_its_chain_and_its_address() -> None:
    (row,), _ = pools([pair()])
    assert row.kind == "pool"
    assert row.key == f"binance-smart-chain:{ADDRESS.lower()}"
    assert (row.name, row.value, row.observed_at) == ("SMP / WBNB", 1.25, TICK)
    assert row.about["base_address"] == ADDRESS.lower()


def test_addresses_of_solana_depend_on_case() -> None:
    rows, skipped = pools(
        [pair(chainId="solana", pairAddress="AbC"), pair(chainId="solana", pairAddress="aBC")]
    )
    assert [row.key for row in rows] == ["solana:AbC", "solana:aBC"]
    assert skipped == {}


def test_a_pool_found_by_two_of_its_tokens_counts_once() -> None:
    rows, skipped = pools([pair(), pair(pairAddress=ADDRESS.lower(), priceUsd="9")])
    assert ([row.value for row in rows], skipped) == ([1.25], {"duplicate": 1})


@pytest.mark.parametrize("form", ["array", "pairs", "pair", "one"])
def test_a_body_may_have_four_forms(form: str) -> None:
    one = pair()
    body = {"array": [one], "pairs": {"pairs": [one]}, "pair": {"pair": one}, "one": one}[form]
    rows, skipped = pools(body)
    assert ([row.value for row in rows], skipped) == ([1.25], {})


def test_nothing_found_is_one_thing_not_found() -> None:
    assert pools({"schemaVersion": "1.0.0", "pairs": None}) == ([], {"not_found": 1})
    assert pools({"pairs": []}) == ([], {})
    assert pools([]) == ([], {})


@pytest.mark.parametrize("body", [{}, {"message": "slow down"}, {"error": 429}, {"pairs": 3}])
def test_an_object_that_holds_no_pools_is_asked_for_again(body: Any) -> None:
    with pytest.raises(Retryable) as caught:
        pools(body)
    assert "slow down" not in str(caught.value)


def test_a_pool_with_less_than_a_thousand_dollars_says_nothing() -> None:
    assert len(pools([pair(liquidity={"usd": 1000})])[0]) == 1
    assert pools([pair(liquidity={"usd": 999.99})]) == ([], {"thin": 1})
    assert pools([pair(liquidity={})]) == ([], {"no_liquidity": 1})
    assert pools([pair(liquidity=None)]) == ([], {"no_liquidity": 1})


@pytest.mark.parametrize(
    ("price", "reason"),
    [(None, "no_price"), ("", "no_price"), ("abc", "no_price"), ("0", "bad_price"),
     ("-1", "bad_price"), ("1e9", "implausible_price"), ("inf", "no_price")],
)  # fmt: skip
def test_a_pool_without_a_usable_price_is_skipped(price: Any, reason: str) -> None:
    assert pools([pair(priceUsd=price)]) == ([], {reason: 1})


def test_windows_in_which_nothing_happened_are_left_out() -> None:
    (row,), _ = pools(
        [pair(txns={"m5": {"buys": 1}}, volume={"m5": 3}, priceChange=None, fdv=None)]
    )
    assert row.figures == {"liquidity": 5000}


def test_changes_are_in_percent_and_volumes_in_dollars() -> None:
    (row,), _ = pools([pair(
        txns={"h24": {"buys": 12, "sells": 8}}, volume={"h24": 900.5, "h1": 1},
        priceChange={"h24": 62.47, "h1": -4.85}, fdv=1e6,
    )])  # fmt: skip
    assert row.figures == {
        "liquidity": 5000, "volume_24h": 900.5, "buys_24h": 12, "sells_24h": 8,
        "change_1h": -4.85, "change_24h": 62.47, "fdv": 1e6,
    }  # fmt: skip


def test_only_a_page_of_the_provider_is_linked() -> None:
    rows = [pools([pair(url=url)])[0][0] for url in (
        "https://dexscreener.com/bsc/0xaa", "https://dexscreener.com.example/x", "javascript:x",
    )]  # fmt: skip
    assert [row.about.get("url") for row in rows] == [
        "https://dexscreener.com/bsc/0xaa", None, None,
    ]  # fmt: skip


def test_boosts_are_paid_placement_and_never_a_trend() -> None:
    one = {"chainId": "bsc", "tokenAddress": ADDRESS, "amount": 10, "totalAmount": 500}
    for body in ([one], one):
        (row,), skipped = boosts(body)
        assert (row.kind, row.value, row.figures) == ("promoted", 500, {"bought_last": 10})
        assert row.key == f"binance-smart-chain:{ADDRESS.lower()}"
        assert skipped == {}


def test_what_an_advertiser_writes_is_not_kept() -> None:
    one = {"chainId": "bsc", "tokenAddress": ADDRESS, "totalAmount": 1, "description": "Buy now"}
    (row,), _ = boosts([one])
    assert "Buy now" not in repr(row)


def test_a_request_asks_for_as_many_tokens_as_are_allowed() -> None:
    fills = {endpoint.name: endpoint.fill for endpoint in SOURCE.endpoints if endpoint.fill}
    assert {name: fill.chain for name, fill in fills.items()} == {
        "pools_ethereum": "ethereum", "pools_solana": "solana", "pools_base": "base",
    }  # fmt: skip
    assert {fill.chunk for fill in fills.values()} == {30}
