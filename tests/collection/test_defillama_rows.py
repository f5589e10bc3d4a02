"""What is particular to DeFi Llama's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.defillama_locked import parse_chains, parse_dexs, parse_protocols
from collection.defillama_markets import parse_prices, parse_stablecoins, parse_yields
from common.errors import Retryable
from common.models import Parsed, Reading

TICK = 1_795_176_000


def readings(parsed: Parsed) -> tuple[list[Reading], dict[str, int]]:
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def protocols(*rows: dict[str, Any]) -> tuple[list[Reading], dict[str, int]]:
    return readings(parse_protocols(json.dumps(rows).encode(), TICK))


def protocol(slug: str, tvl: Any, **more: Any) -> dict[str, Any]:
    return {"name": slug.title(), "slug": slug, "tvl": tvl, **more}


def pools(*rows: dict[str, Any], **more: Any) -> tuple[list[Reading], dict[str, int]]:
    body = {"status": "success", "data": rows, **more}
    return readings(parse_yields(json.dumps(body).encode(), TICK))


def pool(name: str, tvl: Any, apy: Any, **more: Any) -> dict[str, Any]:
    return {"pool": name, "project": "farm", "symbol": "SMP", "tvlUsd": tvl, "apy": apy, **more}


def stablecoin(**more: Any) -> tuple[list[Reading], dict[str, int]]:
    row = {
        "id": "1", "name": "Sample Dollar", "symbol": "SUSD", "pegType": "peggedUSD",
        "circulating": {"peggedUSD": 100}, "price": 1, **more,
    }  # fmt: skip
    return readings(parse_stablecoins(json.dumps({"peggedAssets": [row]}).encode(), TICK))


def price(key: str = "coingecko:samplecoin", **more: Any) -> tuple[list[Reading], dict[str, int]]:
    row = {"price": 2.5, "symbol": "SMP", "timestamp": TICK, "confidence": 0.99, **more}
    return readings(parse_prices(json.dumps({"coins": {key: row}}).encode(), TICK))


def test_the_largest_protocols_come_first_whatever_the_order_they_were_sent_in() -> None:
    rows, skipped = protocols(protocol("a", 1), protocol("b", 30), protocol("c", 2.5))
    assert [(row.key, row.value) for row in rows] == [("b", 30), ("c", 2.5), ("a", 1)]
    assert skipped == {}


def test_what_is_smaller_than_the_five_thousandth_protocol_is_over_the_limit() -> None:
    rows, skipped = protocols(*(protocol(f"p{n}", n) for n in range(5_003)), protocol("x", None))
    assert (len(rows), rows[0].key, rows[-1].key) == (5_000, "p5002", "p3")
    assert skipped == {"over_limit": 3, "no_tvl": 1}


def test_of_two_protocols_with_one_slug_the_larger_is_kept() -> None:
    rows, skipped = protocols(protocol("a", 1), protocol("a", 3), protocol("b", 2))
    assert [(row.key, row.value) for row in rows] == [("a", 3), ("b", 2)]
    assert skipped == {"duplicate": 1}


def test_rows_that_cannot_be_used_take_no_place_within_the_limit() -> None:
    rows, skipped = protocols(*(protocol("", 9_000 + n) for n in range(50)), protocol("a", 1))
    assert [row.key for row in rows] == ["a"]
    assert skipped == {"no_key": 50}


@pytest.mark.parametrize("tvl", [-0.01, 1e15, "-1", 1e300])
def test_a_value_locked_that_cannot_be_is_skipped(tvl: Any) -> None:
    assert protocols(protocol("a", tvl)) == ([], {"implausible_tvl": 1})


def test_a_dash_is_no_symbol_and_a_fall_of_more_than_everything_no_change() -> None:
    (row,), _ = protocols(protocol("a", 5, symbol="-", change_1d=-100.01, change_7d=-100))
    assert row.about.keys() == {"url"}
    assert row.figures == {"change_7d": -100}


def test_a_chain_has_the_name_that_every_source_is_read_by() -> None:
    body = json.dumps([{"name": name, "tvl": 1} for name in ("OP Mainnet", "BSC", "Gnosis")])
    rows, _ = readings(parse_chains(body.encode(), TICK))
    assert [row.key for row in rows] == ["optimistic-ethereum", "binance-smart-chain", "xdai"]
    assert [row.name for row in rows] == ["OP Mainnet", "BSC", "Gnosis"]


def test_the_sum_over_all_exchanges_is_a_row_of_its_own() -> None:
    body = {"total24h": 9.5, "total7d": 60, "change_1d": -1.5, "protocols": [
        {"name": "A", "slug": "a", "total24h": 4, "chains": ["BSC"]},
        {"name": "B", "slug": "b", "total24h": 5.5, "chains": ["BSC", "Base"]},
    ]}  # fmt: skip
    rows, skipped = readings(parse_dexs(json.dumps(body).encode(), TICK))
    assert [(row.key, row.value) for row in rows] == [("all", 9.5), ("b", 5.5), ("a", 4)]
    assert rows[0].figures == {"volume_7d": 60, "change_1d": -1.5}
    assert [row.about.get("chain") for row in rows] == [None, "multi-chain", "binance-smart-chain"]
    assert skipped == {}


def test_an_exchange_that_calls_itself_all_does_not_replace_the_sum() -> None:
    body = {"total24h": 9, "protocols": [{"name": "All", "slug": "all", "total24h": 1}]}
    rows, skipped = readings(parse_dexs(json.dumps(body).encode(), TICK))
    assert [row.value for row in rows] == [9]
    assert skipped == {"no_key": 1}


def test_a_missing_sum_is_counted() -> None:
    body = {"protocols": [{"name": "A", "slug": "a", "total24h": 1}]}
    rows, skipped = readings(parse_dexs(json.dumps(body).encode(), TICK))
    assert ([row.key for row in rows], skipped) == (["a"], {"no_volume": 1})


def test_yields_are_ranked_by_what_is_locked_and_not_by_what_they_promise() -> None:
    rows, skipped = pools(pool("a", 10_000, 900), pool("b", 9_999, 5), pool("c", 2e9, 3.5))
    assert [(row.key, row.value, row.figures) for row in rows] == [
        ("c", 3.5, {"tvl": 2e9}), ("a", 900, {"tvl": 10_000}),
    ]  # fmt: skip
    assert skipped == {"thin": 1}


def test_the_three_thousand_largest_pools_are_kept() -> None:
    rows, skipped = pools(*(pool(f"p{n}", 20_000 + n, 1) for n in range(3_010)))
    assert (len(rows), rows[0].key, rows[-1].key) == (3_000, "p3009", "p10")
    assert skipped == {"over_limit": 10}


@pytest.mark.parametrize(("apy", "kept"), [(-99.9, 1), (-100, 0), (999_999, 1), (1e6, 0)])
def test_a_yield_lies_between_the_loss_of_everything_and_a_millionfold(apy: Any, kept: int) -> None:
    rows, skipped = pools(pool("a", 20_000, apy))
    assert (len(rows), skipped) == (kept, {} if kept else {"implausible_apy": 1})


def test_an_outlier_is_kept_and_says_so() -> None:
    rows, _ = pools(
        pool("a", 40_000, 5, outlier=True), pool("b", 30_000, 5, outlier=False),
        pool("c", 20_000, 5, outlier=None),
    )  # fmt: skip
    assert [row.figures.get("outlier") for row in rows] == ["yes", None, None]


def test_yields_that_are_no_success_are_asked_for_again() -> None:
    with pytest.raises(Retryable, match="not a success"):
        pools(pool("a", 20_000, 5), status="error")


def test_a_stablecoin_of_another_peg_is_worth_dollars_already() -> None:
    (row,), _ = stablecoin(pegType="peggedEUR", circulating={"peggedEUR": 2_500_000}, price=None)
    assert (row.value, row.about["peg"], row.figures) == (2_500_000, "peggedEUR", {})


def test_yesterday_without_a_record_is_unknown_and_not_zero() -> None:
    (row,), _ = stablecoin(circulatingPrevDay=0, circulatingPrevWeek={})
    assert row.figures == {"price": 1}


def test_a_stablecoin_without_an_amount_is_skipped() -> None:
    assert stablecoin(circulating={}) == ([], {"no_circulation": 1})
    assert stablecoin(circulating={"peggedUSD": None}) == ([], {"no_circulation": 1})


@pytest.mark.parametrize(("confidence", "kept"), [(0.9, 1), (0.8999, 0), (None, 1), ("0.5", 0)])
def test_a_price_that_few_believe_in_is_left_out(confidence: Any, kept: int) -> None:
    rows, skipped = price(confidence=confidence)
    assert (len(rows), skipped) == (kept, {} if kept else {"low_confidence": 1})


def test_a_price_belongs_to_the_asset_it_was_asked_for_by() -> None:
    (row,), _ = price("coingecko:samplecoin")
    assert (row.kind, row.key, row.value, row.observed_at) == (
        "defi_price",
        "samplecoin",
        2.5,
        TICK,
    )
    assert row.about == {"symbol": "SMP", "asset_id": "samplecoin"}
    assert price("ethereum:0xabc") == ([], {"unknown_key": 1})


def test_a_price_is_at_most_an_hour_old() -> None:
    assert len(price(timestamp=TICK - 3600)[0]) == 1
    assert price(timestamp=TICK - 3601) == ([], {"stale": 1})
    assert price(timestamp=TICK + 601) == ([], {"future_timestamp": 1})
    assert price(timestamp=TICK * 1000) == ([], {"future_timestamp": 1})
