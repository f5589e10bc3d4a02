"""What is particular to a batch of JSON-RPC, beside the golden payloads."""

import json
import random
from typing import Any

import pytest

from collection.sources.jsonrpc import SOURCE, TOKENS, parse
from common.errors import Retryable
from common.models import Reading

TICK = 1_795_176_000  # 2026-11-20T12:00Z
RESULTS: dict[int, str] = {
    1: hex(26_400_000), 2: hex(431_225_408),
    10: hex(139_500_000_000_000_001), 11: "0x6", 20: hex(52_100_000_000_000_000), 21: "0x6",
    30: hex(4_321 * 10**24), 31: "0x12", 40: hex(12_345_678_901_234), 41: "0x8",
}  # fmt: skip
EVERYTHING = {
    ("block_height", "ethereum"): 26_400_000.0,
    ("gas_price", "ethereum"): 0.431225408,
    ("supply", "tether"): 139_500_000_000.000001,
    ("supply", "usd-coin"): 52_100_000_000.0,
    ("supply", "dai"): 4_321_000_000.0,
    ("supply", "wrapped-bitcoin"): 123_456.78901234,
}
Found = tuple[dict[tuple[str, str], float], dict[str, int]]


def answers(**changed: Any) -> list[dict[str, Any]]:
    """Return a good batch; `changed` are the members of an answer by its id, None for no answer."""
    found: list[dict[str, Any]] = []
    for number, result in RESULTS.items():
        other = changed.get(f"call{number}", {"result": result})
        if other is not None:
            found.append({"jsonrpc": "2.0", "id": number, **other})
    return found


def read(batch: Any) -> Found:
    parsed = parse(json.dumps(batch).encode(), TICK)
    rows = [row for row in parsed.rows if isinstance(row, Reading)]
    return {(row.kind, row.key): row.value for row in rows}, dict(parsed.skipped)


def test_one_batch_gives_height_gas_and_supplies() -> None:
    assert read(answers()) == (EVERYTHING, {})


def test_answers_are_matched_by_id_in_whatever_order_they_come() -> None:
    batch = answers()
    for seed in range(10):
        random.Random(seed).shuffle(batch)
        assert read(batch) == (EVERYTHING, {})


def test_ids_that_come_back_as_text_are_the_same_ids() -> None:
    assert read([{**one, "id": str(one["id"])} for one in answers()]) == (EVERYTHING, {})


def test_an_answer_that_nobody_asked_for_is_passed_over() -> None:
    more = [{"jsonrpc": "2.0", "id": 99, "result": "0x1"}, {"jsonrpc": "2.0", "id": None}]
    assert read(more + answers()) == (EVERYTHING, {})


@pytest.mark.parametrize(
    ("number", "instead", "reason"),
    [
        (10, {"result": "0x"}, "not_a_token"),
        (11, {"result": "0x"}, "not_a_token"),
        (10, {"error": {"code": 3, "message": "execution reverted"}}, "rpc_error"),
        (10, {"result": "0x1", "error": {"code": -32005}}, "rpc_error"),
        (10, {"result": None}, "rpc_error"),
        (10, None, "no_answer"),
        (10, {"result": 139}, "bad_result"),
        (10, {"result": "139"}, "bad_result"),
        (10, {"result": "0xzz"}, "bad_result"),
        (10, {"result": "0x" + "f" * 65}, "bad_result"),
        (10, {"result": "0x0"}, "implausible_supply"),
        (10, {"result": "0x" + "f" * 64}, "implausible_supply"),
        (11, {"result": "0x12"}, "unexpected_decimals"),
        (11, None, "no_answer"),
    ],
)
def test_a_call_that_failed_costs_its_token_and_nothing_else(
    number: int, instead: Any, reason: str
) -> None:
    rows, skipped = read(answers(**{f"call{number}": instead}))
    expected = {key: value for key, value in EVERYTHING.items() if key[1] != "tether"}
    assert (rows, skipped) == (expected, {reason: 1})


@pytest.mark.parametrize("height", [0, 15_537_394, 10**9])
def test_a_height_this_chain_is_not_at_is_implausible(height: int) -> None:
    rows, skipped = read(answers(call1={"result": hex(height)}))
    assert (("block_height", "ethereum") in rows, skipped) == (False, {"implausible_height": 1})


@pytest.mark.parametrize("wei", [0, 10**15])
def test_a_gas_price_of_nothing_or_of_a_fortune_is_implausible(wei: int) -> None:
    assert read(answers(call2={"result": hex(wei)}))[1] == {"implausible_gas_price": 1}


def test_a_batch_of_nothing_but_errors_is_asked_for_again() -> None:
    limit = {"error": {"code": -32005, "message": "limit exceeded"}}
    with pytest.raises(Retryable, match="every call failed"):
        read(answers(**{f"call{number}": limit for number in RESULTS}))
    with pytest.raises(Retryable, match="every call failed"):
        read([])


def test_one_error_for_the_whole_batch_is_asked_for_again() -> None:
    with pytest.raises(Retryable, match="one error instead of a batch"):
        read({"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "Invalid"}})


def test_what_is_posted_asks_for_all_of_it_once() -> None:
    (endpoint,) = SOURCE.endpoints
    calls = json.loads(endpoint.post or b"")
    assert [call["id"] for call in calls] == list(RESULTS)
    assert {call["jsonrpc"] for call in calls} == {"2.0"}
    methods = [call["method"] for call in calls]
    assert methods == ["eth_blockNumber", "eth_gasPrice", *["eth_call"] * 8]
    asked = [call["params"] for call in calls[2:]]
    assert [params[0]["to"] for params in asked[::2]] == [token.address for token in TOKENS]
    assert {params[0]["data"] for params in asked[::2]} == {"0x18160ddd"}
    assert {params[0]["data"] for params in asked[1::2]} == {"0x313ce567"}
    assert {params[1] for params in asked} == {"latest"}
