from typing import Any

import pytest

from tests.tools.simulator.running import Simulator

NODE = "/eth.llamarpc.com/"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"


def post(simulator: Simulator, order: Any) -> Any:
    answer = simulator.http.post(NODE, json=order)
    assert answer.status_code == 200
    return answer.json()


def order(method: str, *params: Any, **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params), **more}


def test_an_address_without_code_answers_nothing_rather_than_zero(simulator: Simulator) -> None:
    asked = order("eth_call", {"to": "0x" + "1" * 40, "data": "0x18160ddd"}, "latest")
    assert post(simulator, asked)["result"] == "0x"


def test_a_function_the_contract_lacks_reverts_with_data(simulator: Simulator) -> None:
    error = post(simulator, order("eth_call", {"to": USDT, "input": "0x00000000"}, "latest"))[
        "error"
    ]
    assert error["code"] == 3
    assert error["message"].startswith("execution reverted")
    assert error["data"].startswith("0x08c379a0")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (order("eth_mine"), -32601),
        (order("eth_call"), -32602),
        (order("eth_call", {"to": "0x12", "data": "0x"}, "latest"), -32602),
        (order("eth_call", {"to": USDT, "data": "0x123"}, "latest"), -32602),
        (order("eth_call", {"to": USDT, "data": "0x"}, "soon"), -32602),
        (order("eth_call", {"to": USDT, "data": "0x"}, "0xffffffffff"), -32000),
        (order("eth_feeHistory", "0x5"), -32602),
        (order("eth_feeHistory", "0x05", "latest", []), -32602),
        (order("eth_feeHistory", "0x5", "latest", [75, 25]), -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": {}}, -32602),
        ({"jsonrpc": "2.0", "id": 1}, -32600),
        ([], -32600),
        (7, -32600),
    ],
)
def test_a_wrong_request_is_an_error_object_with_status_200(
    simulator: Simulator, asked: Any, code: int
) -> None:
    said = post(simulator, asked)
    assert said["error"]["code"] == code
    assert "result" not in said


def test_a_body_that_is_no_json_is_a_parse_error(simulator: Simulator) -> None:
    said = simulator.http.post(NODE, content=b"{").json()
    assert (said["id"], said["error"]["code"]) == (None, -32700)


def test_a_batch_is_answered_in_order_notifications_left_out(simulator: Simulator) -> None:
    silent = {"jsonrpc": "2.0", "method": "eth_chainId"}
    said = post(
        simulator, [order("eth_chainId", id="a"), silent, order("eth_mine", id=None), "what"]
    )
    assert [one["id"] for one in said] == ["a", None, None]
    assert [one.get("result") for one in said] == ["0x1", None, None]


def test_two_orders_in_one_minute_get_their_own_answers(simulator: Simulator) -> None:
    assert post(simulator, order("eth_chainId"))["result"] == "0x1"
    assert post(simulator, order("eth_maxPriorityFeePerGas"))["result"] != "0x1"


def test_a_node_takes_no_get(simulator: Simulator) -> None:
    assert simulator.http.get(NODE).status_code == 405


def fng(simulator: Simulator, **params: Any) -> Any:
    return simulator.http.get("/api.alternative.me/fng/", params=params).json()


def test_fear_and_greed_is_one_value_by_default_all_in_strings(simulator: Simulator) -> None:
    said = fng(simulator)
    assert said["name"] == "Fear and Greed Index"
    assert said["metadata"] == {"error": None}
    (row,) = said["data"]
    assert all(type(value) is str for value in row.values())
    assert int(row["timestamp"]) == 1_795_132_800  # midnight before noon
    assert row["time_until_update"] == "43200"


def test_only_the_newest_of_several_days_says_when_the_next_one_comes(simulator: Simulator) -> None:
    rows = fng(simulator, limit=30)["data"]
    assert ["time_until_update" in row for row in rows] == [True] + [False] * 29
    stamps = [int(row["timestamp"]) for row in rows]
    assert stamps == list(range(stamps[0], stamps[0] - 30 * 86_400, -86_400))
    assert all(5 <= int(row["value"]) <= 95 for row in rows)


def test_a_limit_of_zero_is_everything_since_february_2018(simulator: Simulator) -> None:
    rows = fng(simulator, limit=0)["data"]
    assert rows[-1]["timestamp"] == "1517443200"
    assert {row["value_classification"] for row in rows} == {
        "Extreme Fear", "Fear", "Neutral", "Greed", "Extreme Greed",
    }  # fmt: skip


def test_the_index_holds_for_a_day_and_its_date_may_be_a_text(simulator: Simulator) -> None:
    before = fng(simulator)["data"][0]
    simulator.advance(11 * 3600)
    after = fng(simulator)["data"][0]
    assert after["value"] == before["value"]
    assert after["time_until_update"] == "3600"
    assert fng(simulator, date_format="world")["data"][0]["timestamp"] == "20-11-2026"
