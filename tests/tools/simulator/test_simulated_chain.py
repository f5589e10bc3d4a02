from itertools import pairwise
from typing import Any

import pytest

from tests.tools.simulator.running import Simulator
from tools.simulator.chain_time import RETARGET, bitcoin_height, found_at

MEMPOOL = "/mempool.space/api"
ETHERSCAN = "/api.etherscan.io/v2/api"
NODE = "/ethereum-rpc.publicnode.com/"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
MKR = "0x9f8f72aa9304c8b593d555f12ef6589cc3a579a2"
NOON = 1_795_176_000  # 2026-11-20T12:00Z


def get(simulator: Simulator, path: str, **params: Any) -> Any:
    answer = simulator.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def etherscan(simulator: Simulator, **params: Any) -> Any:
    return get(simulator, ETHERSCAN, **{"chainid": "1", "apikey": "k", **params})


def rpc(simulator: Simulator, method: str, *params: Any) -> Any:
    order = {"jsonrpc": "2.0", "id": 5, "method": method, "params": list(params)}
    answer = simulator.http.post(NODE, json=order)
    assert answer.status_code == 200
    assert answer.json()["id"] == 5
    return answer.json()


def call(simulator: Simulator, to: str, data: str) -> Any:
    return rpc(simulator, "eth_call", {"to": to, "data": data}, "latest")


def test_recommended_fees_are_whole_and_fall_with_the_wait(simulator: Simulator) -> None:
    for _ in range(48):
        fees = get(simulator, f"{MEMPOOL}/v1/fees/recommended")
        values = [
            fees[n] for n in ("fastestFee", "halfHourFee", "hourFee", "economyFee", "minimumFee")
        ]
        assert all(type(value) is int and value >= 1 for value in values)
        assert values == sorted(values, reverse=True)
        simulator.advance(3600)


def test_precise_fees_agree_with_the_whole_ones_and_may_lie_below_one(simulator: Simulator) -> None:
    precise = get(simulator, f"{MEMPOOL}/v1/fees/precise")
    whole = get(simulator, f"{MEMPOOL}/v1/fees/recommended")
    assert precise.keys() == whole.keys()
    assert all(0 <= whole[name] - precise[name] < 1 for name in precise)
    assert precise["minimumFee"] < 1


def test_fees_move_smoothly_with_the_clock(simulator: Simulator) -> None:
    seen = []
    for _ in range(60):
        seen.append(get(simulator, f"{MEMPOOL}/v1/fees/precise")["fastestFee"])
        simulator.advance(60)
    assert len(set(seen)) > 50
    assert all(abs(b / a - 1) < 0.1 for a, b in pairwise(seen))


def test_an_event_of_the_market_moves_no_fee(simulator: Simulator, same_seed: Simulator) -> None:
    order = {"kind": "jump", "asset_id": "bitcoin"}
    assert simulator.http.post("/events", json=order).status_code == 201
    simulator.advance(3600)
    same_seed.advance(3600)
    path = f"{MEMPOOL}/v1/fees/precise"
    assert get(simulator, path) == get(same_seed, path)
    assert get(simulator, f"{MEMPOOL}/v1/prices") != get(same_seed, f"{MEMPOOL}/v1/prices")


def test_waiting_blocks_come_dearest_first_and_the_last_holds_the_rest(
    simulator: Simulator,
) -> None:
    blocks = get(simulator, f"{MEMPOOL}/v1/fees/mempool-blocks")
    assert len(blocks) == 8
    medians = [block["medianFee"] for block in blocks]
    assert medians == sorted(medians, reverse=True)
    assert all(len(block["feeRange"]) == 7 for block in blocks)
    assert all(block["feeRange"] == sorted(block["feeRange"]) for block in blocks)
    assert blocks[-1]["blockVSize"] > 2 * blocks[0]["blockVSize"]
    waiting = get(simulator, f"{MEMPOOL}/mempool")
    assert waiting.keys() == {"count", "vsize", "total_fee", "fee_histogram"}
    assert sum(b["blockVSize"] for b in blocks) == pytest.approx(waiting["vsize"], rel=0.01)


def test_the_tip_is_bare_text_and_grows_by_about_144_a_day(simulator: Simulator) -> None:
    heights = []
    for _ in range(9):
        answer = simulator.http.get(f"{MEMPOOL}/blocks/tip/height")
        assert answer.headers["content-type"].startswith("text/plain")
        heights.append(int(answer.text))
        simulator.advance(86_400)
    assert all(125 < b - a < 165 for a, b in pairwise(heights))


def test_a_block_is_the_tip_from_when_it_was_found() -> None:
    for height in range(975_000, 975_300):
        assert bitcoin_height(found_at(height)) == height
        assert bitcoin_height(found_at(height) - 1) == height - 1


def test_the_adjustment_counts_to_the_next_multiple_of_2016(simulator: Simulator) -> None:
    said = get(simulator, f"{MEMPOOL}/v1/difficulty-adjustment")
    height = get(simulator, f"{MEMPOOL}/blocks/tip/height")
    assert said["nextRetargetHeight"] == height + said["remainingBlocks"]
    assert said["nextRetargetHeight"] % RETARGET == 0
    assert said["progressPercent"] == pytest.approx(100 - said["remainingBlocks"] / 20.16)
    # Milliseconds everywhere but here.
    assert 0 < NOON - said["previousTime"] < 16 * 86_400
    assert 0 < said["estimatedRetargetDate"] / 1000 - NOON < 16 * 86_400
    assert said["estimatedRetargetDate"] == pytest.approx(
        NOON * 1000 + said["remainingTime"], abs=2
    )
    assert -75 <= said["difficultyChange"] <= 300


def test_the_previous_retarget_is_what_the_difficulty_did(simulator: Simulator) -> None:
    epochs = get(simulator, f"{MEMPOOL}/v1/mining/hashrate/1m")["difficulty"]
    change = (epochs[-1]["difficulty"] / epochs[-2]["difficulty"] - 1) * 100
    said = get(simulator, f"{MEMPOOL}/v1/difficulty-adjustment")["previousRetarget"]
    assert said == pytest.approx(change)
    assert epochs[-1]["height"] - epochs[-2]["height"] == RETARGET


def test_the_hash_rate_is_a_huge_number_a_day(simulator: Simulator) -> None:
    said = get(simulator, f"{MEMPOOL}/v1/mining/hashrate/3d")
    assert len(said["hashrates"]) == 3
    assert said["currentHashrate"] > 1e20
    assert said["currentDifficulty"] == said["difficulty"][-1]["difficulty"]
    assert simulator.http.get(f"{MEMPOOL}/v1/mining/hashrate/2d").status_code == 400


def test_the_price_of_a_bitcoin_is_the_markets_in_whole_units(simulator: Simulator) -> None:
    said = get(simulator, f"{MEMPOOL}/v1/prices")
    assert said["USD"] == simulator.row("bitcoin")["current_price"]
    assert all(type(value) is int for value in said.values())
    assert said["time"] == NOON


def test_gas_is_told_in_strings_of_gwei_and_grows_with_the_hurry(simulator: Simulator) -> None:
    said = etherscan(simulator, module="gastracker", action="gasoracle")
    assert (said["status"], said["message"]) == ("1", "OK")
    gas = said["result"]
    assert all(type(value) is str for value in gas.values())
    assert float(gas["suggestBaseFee"]) <= float(gas["SafeGasPrice"])
    assert float(gas["SafeGasPrice"]) < float(gas["ProposeGasPrice"]) < float(gas["FastGasPrice"])
    assert len(gas["gasUsedRatio"].split(",")) == 5
    height = etherscan(simulator, module="proxy", action="eth_blockNumber")
    assert "status" not in height
    assert int(height["result"], 16) == int(gas["LastBlock"])


def test_supplies_are_wei_in_strings_of_27_digits(simulator: Simulator) -> None:
    supply = etherscan(simulator, module="stats", action="ethsupply")["result"]
    assert len(supply) == 27
    parts = etherscan(simulator, module="stats", action="ethsupply2")["result"]
    assert parts["EthSupply"] == supply
    total = int(supply) + int(parts["Eth2Staking"]) - int(parts["BurntFees"])
    assert 119e24 < total < 123e24


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"apikey": ""}, "API Key"),
        ({"apikey": "bad-key"}, "Invalid API Key"),
        ({"chainid": ""}, "chainid"),
        ({"chainid": "56"}, "chainid"),
        ({"action": "gas"}, "Action"),
        ({"module": "gas"}, "Module"),
    ],
)
def test_etherscan_refuses_with_status_200_and_text_for_a_result(
    simulator: Simulator, params: dict[str, str], word: str
) -> None:
    said = etherscan(simulator, **{"module": "gastracker", "action": "gasoracle", **params})
    assert (said["status"], said["message"]) == ("0", "NOTOK")
    assert word in said["result"]


def test_the_node_and_etherscan_agree_on_the_newest_block(simulator: Simulator) -> None:
    height = etherscan(simulator, module="proxy", action="eth_blockNumber")["result"]
    assert rpc(simulator, "eth_blockNumber")["result"] == height
    assert rpc(simulator, "eth_chainId")["result"] == "0x1"
    gas = etherscan(simulator, module="gastracker", action="gasoracle")["result"]
    wei = int(rpc(simulator, "eth_gasPrice")["result"], 16)
    assert wei / 1e9 == pytest.approx(float(gas["ProposeGasPrice"]), abs=1e-8)


def test_fee_history_has_one_base_fee_more_than_blocks(simulator: Simulator) -> None:
    history = rpc(simulator, "eth_feeHistory", "0x5", "latest", [25, 50, 75])["result"]
    newest = int(rpc(simulator, "eth_blockNumber")["result"], 16)
    assert int(history["oldestBlock"], 16) == newest - 4
    assert len(history["baseFeePerGas"]) == 6
    assert len(history["gasUsedRatio"]) == 5
    assert all(0 < ratio < 1 for ratio in history["gasUsedRatio"])
    assert [len(row) for row in history["reward"]] == [3] * 5
    assert "reward" not in rpc(simulator, "eth_feeHistory", "0x5", "latest", [])["result"]


@pytest.mark.parametrize(
    ("address", "decimals", "least"),
    [
        (USDT, 6, 10**10),
        ("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 6, 10**10),
        ("0x6b175474e89094c44da98b954eedeac495271d0f", 18, 10**9),
        ("0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", 8, 10**5),
    ],
)
def test_a_token_tells_its_supply_and_decimals_in_words_of_32_bytes(
    simulator: Simulator, address: str, decimals: int, least: int
) -> None:
    told = call(simulator, address, "0x18160ddd")["result"]
    assert len(told) == 66
    assert int(call(simulator, address, "0x313ce567")["result"], 16) == decimals
    assert least < int(told, 16) // 10**decimals < 20 * least
    simulator.advance(86_400)
    later = call(simulator, address, "0x18160ddd")["result"]
    assert later != told
    assert int(later, 16) == pytest.approx(int(told, 16), rel=0.01)


def test_a_symbol_is_a_text_of_the_abi_but_bytes32_for_an_old_token(simulator: Simulator) -> None:
    told = bytes.fromhex(call(simulator, USDT, "0x95d89b41")["result"][2:])
    assert (told[31], told[63], told[64:68]) == (32, 4, b"USDT")
    assert len(told) == 96
    packed = bytes.fromhex(call(simulator, MKR, "0x95d89b41")["result"][2:])
    assert packed == b"MKR".ljust(32, b"\0")
