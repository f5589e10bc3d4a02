"""What is particular to Etherscan, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.source import Parse
from collection.sources.etherscan import SOURCE, parse_gas, parse_supply
from common.errors import Fatal, Retryable
from common.models import Reading

TICK = 1_795_176_000  # 2026-11-20T12:00Z
WEI = 10**18
KEY = "A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6Q7"
BOTH = pytest.mark.parametrize("parse", [parse_gas, parse_supply])


def answer(result: Any, status: Any = "1") -> bytes:
    message = "OK" if status == "1" else "NOTOK"
    return json.dumps({"status": status, "message": message, "result": result}).encode()


def only(parse: Parse, **result: Any) -> tuple[list[Reading], dict[str, int]]:
    parsed = parse(answer(result), TICK)
    return [row for row in parsed.rows if isinstance(row, Reading)], dict(parsed.skipped)


def supply(issued: Any, staking: Any, burnt: Any) -> tuple[list[Reading], dict[str, int]]:
    return only(parse_supply, EthSupply=issued, Eth2Staking=staking, BurntFees=burnt)


def test_gas_is_the_proposed_price_in_gwei() -> None:
    (row,), _ = only(parse_gas, ProposeGasPrice="0.420000001", SafeGasPrice="0.41")
    assert (row.kind, row.key, row.value) == ("gas_price", "ethereum", 0.420000001)
    assert row.figures == {"safe": 0.41}


@pytest.mark.parametrize("value", ["0", "-1", "100001", "1e30"])
def test_a_gas_price_in_another_unit_is_implausible(value: str) -> None:
    assert only(parse_gas, ProposeGasPrice=value) == ([], {"implausible_gas_price": 1})


def test_the_supply_counts_staking_rewards_and_takes_off_burnt_fees() -> None:
    (row,), _ = supply(str(122 * 10**6 * WEI), str(6 * 10**6 * WEI), str(7 * 10**6 * WEI))
    assert (row.kind, row.key, row.value) == ("supply", "ethereum", 121e6)
    assert row.figures == {"staking": 6e6, "burnt": 7e6}


def test_no_digit_of_an_amount_is_lost_before_the_sum() -> None:
    issued = 120_000_000 * WEI + 5 * 10**27 + 1
    (row,), _ = supply(str(issued), "0", str(5 * 10**27 + 1))
    assert row.value == 120_000_000.0


@pytest.mark.parametrize("wrong", ["", "1.2e26", "-5", "0x10", None, True, 1.5e26, "9" * 31])
def test_an_amount_that_is_no_whole_number_of_wei_is_none(wrong: Any) -> None:
    assert supply(wrong, "0", "0") == ([], {"no_amount": 1})
    assert supply(str(121 * 10**6 * WEI), "0", wrong) == ([], {"no_amount": 1})


@pytest.mark.parametrize("million", [99, 201])
def test_a_supply_of_another_order_is_implausible(million: int) -> None:
    assert supply(str(million * 10**6 * WEI), "0", "0") == ([], {"implausible_supply": 1})


@BOTH
@pytest.mark.parametrize(
    "reason",
    ["Invalid API Key (#err2)|A1", "Missing/Invalid API Key",
     "Too many invalid api key attempts, please try again later"],
)  # fmt: skip
def test_a_refused_key_is_not_asked_with_again(parse: Parse, reason: str) -> None:
    with pytest.raises(Fatal, match="the key is refused"):
        parse(answer(reason, status="0"), TICK)


@BOTH
@pytest.mark.parametrize(
    "reason",
    ["Max rate limit reached, please use API Key for higher rate limit",
     "Max calls per sec rate limit reached (3/sec)", "Error! Missing Or invalid Action name", ""],
)  # fmt: skip
def test_a_limit_and_any_other_refusal_is_retryable(parse: Parse, reason: str) -> None:
    with pytest.raises(Retryable, match="refused"):
        parse(answer(reason, status="0"), TICK)


@BOTH
def test_a_key_that_an_error_repeats_goes_no_further(parse: Parse) -> None:
    for reason in (f"Invalid API Key {KEY}", f"No such module for {KEY}"):
        with pytest.raises((Fatal, Retryable)) as raised:
            parse(answer(reason, status="0"), TICK)
        assert KEY not in str(raised.value)


@BOTH
@pytest.mark.parametrize("status", ["0", "1", 1, None])
def test_an_answer_whose_status_and_result_disagree_is_retryable(parse: Parse, status: Any) -> None:
    result = {"some": "object"} if status == "0" else "a text"
    with pytest.raises(Retryable):
        parse(answer(result, status), TICK)


def test_the_key_travels_in_every_address_and_the_source_is_off_without_it() -> None:
    assert all(endpoint.url.endswith("&apikey={key}") for endpoint in SOURCE.endpoints)
    assert SOURCE.key_required
