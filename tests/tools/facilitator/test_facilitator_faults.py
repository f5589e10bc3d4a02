"""Faults on order: what is said, and whether the money moved."""

import time

import httpx
import pytest

from tests.tools.facilitator.paying import BUYER, OTHER, SEPOLIA, Desk, Json, request
from tools.facilitator.faults import FAULTS


def order(desk: Desk, fault: str, **more: object) -> None:
    desk.control("faults", {"fault": fault, **more})


def test_a_refusal_has_the_reason_that_was_ordered_and_moves_nothing(desk: Desk) -> None:
    order(desk, "refuse", reason="insufficient_funds", times=2)
    assert desk.verify(request())["invalidReason"] == "insufficient_funds"
    told = desk.settle(request())
    assert (told["success"], told["errorReason"]) == (False, "insufficient_funds")
    assert (told["transaction"], told["network"]) == ("", "eip155:84532")
    assert desk.received() == 0
    assert desk.settle(request())["success"]


def test_a_refusal_has_a_reason_without_one_too(desk: Desk) -> None:
    order(desk, "refuse")
    assert desk.verify(request())["invalidReason"] == "unexpected_verify_error"
    assert desk.settle(request())["errorReason"] == "unexpected_settle_error"


def test_a_transfer_that_was_made_is_told_whatever_was_ordered(desk: Desk) -> None:
    first = desk.settle(request())
    order(desk, "refuse")
    assert desk.settle(request()) == first


@pytest.mark.parametrize("path", ["/verify", "/settle"])
def test_a_500_is_no_json_and_moves_nothing(desk: Desk, path: str) -> None:
    order(desk, "http_500", times=1)
    answer = desk.http.post(path, json=request())
    assert (answer.status_code, answer.headers["content-type"]) == (
        500, "text/plain; charset=utf-8",
    )  # fmt: skip
    assert desk.received() == 0


def test_json_may_break_off(desk: Desk) -> None:
    order(desk, "not_json")
    answer = desk.http.post("/settle", json=request())
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()
    assert desk.received() == 0


def test_a_slow_answer_comes_late_and_the_money_has_moved(desk: Desk) -> None:
    order(desk, "slow", seconds=0.3)
    began = time.monotonic()
    assert desk.settle(request())["success"]
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("fault", "status"), [("pending", 200), ("pending_500", 500)])
def test_a_pending_transfer_has_a_transaction_and_has_reached_nobody(
    desk: Desk, fault: str, status: int
) -> None:
    order(desk, fault, times=1)
    first = desk.settle(request(), status)
    assert (first["success"], first["errorReason"]) == (False, "settlement_pending")
    assert first["transaction"].startswith("0x")
    assert desk.settle(request(), status) == first  # for ever
    assert desk.received() == 0
    assert desk.control("received")["received"][0]["pending"] == 10_000
    assert desk.verify(request())["invalidReason"] == "invalid_exact_evm_nonce_already_used"


def test_it_is_confirmed_by_the_call_that_was_ordered(desk: Desk) -> None:
    order(desk, "pending", times=1, confirm_calls=2)
    told = [desk.settle(request()) for _ in range(4)]
    assert [one["success"] for one in told] == [False, False, True, True]
    assert len({one["transaction"] for one in told}) == 1
    assert desk.received() == 10_000


def test_it_is_confirmed_after_the_seconds_that_were_ordered(desk: Desk) -> None:
    desk.now = time.time()
    order(desk, "pending", times=1, confirm_seconds=30)
    assert not desk.settle(request())["success"]
    desk.now += 29
    assert not desk.settle(request())["success"]
    desk.now += 1
    assert desk.settle(request())["success"]


@pytest.mark.parametrize(("state", "success"), [("confirmed", True), ("failed", False)])
def test_what_is_pending_can_be_ended(desk: Desk, state: str, success: bool) -> None:
    order(desk, "pending", times=1)
    first = desk.settle(request())
    assert desk.control("pending", {"state": state}) == {"ended": 1}
    told = desk.settle(request())
    assert (told["success"], told["transaction"]) == (success, first["transaction"])
    if not success:
        assert told["errorReason"] == "transaction_failed"
        assert desk.settle(request())["success"]  # its nonce is free again
    assert desk.received() == 10_000


def test_a_nonce_whose_transfer_failed_can_be_used_for_another(desk: Desk) -> None:
    order(desk, "pending", times=1)
    desk.settle(request())
    desk.control("pending", {"state": "failed"})
    assert desk.settle(request(validAfter="1"))["success"]
    assert desk.received() == 10_000


def test_money_on_its_way_cannot_be_spent_by_whom_it_is_for(desk: Desk) -> None:
    desk.control("balances", {"network": SEPOLIA, "holder": OTHER.address, "amount": 0})
    paid = request(to=OTHER.address)
    paid["paymentRequirements"]["payTo"] = OTHER.address
    order(desk, "pending", times=1)
    assert not desk.settle(paid)["success"]
    assert not desk.verify(request(wallet=OTHER))["isValid"]
    desk.control("pending", {"state": "confirmed"})
    assert desk.verify(request(wallet=OTHER))["isValid"]


def test_money_on_its_way_cannot_be_spent_twice(desk: Desk) -> None:
    purse = {"network": SEPOLIA, "holder": BUYER.address}
    desk.control("balances", {**purse, "amount": 15_000})
    order(desk, "pending", times=1)
    desk.settle(request())
    assert desk.settle(request(2))["errorReason"] == "invalid_exact_evm_insufficient_balance"


def test_only_the_call_that_is_named_fails(desk: Desk) -> None:
    order(desk, "http_500", call="settle")
    assert desk.verify(request())["isValid"]
    assert desk.http.post("/settle", json=request()).status_code == 500


def failing(desk: Desk, calls: int) -> list[bool]:
    return [not desk.verify(request())["isValid"] for _ in range(calls)]


def test_a_share_of_the_calls_fails_and_the_same_ones_with_the_same_seed() -> None:
    drawn = []
    for seed in (1, 1, 2):
        desk = Desk()
        order(desk, "refuse", share=0.3, seed=seed)
        drawn.append(failing(desk, 100))
    assert drawn[0] == drawn[1] != drawn[2]
    assert 15 < sum(drawn[0]) < 45


def test_orders_are_listed_and_lifted(desk: Desk) -> None:
    order(desk, "refuse", times=3)
    failing(desk, 1)
    (told,) = desk.control("faults")["faults"]
    assert (told["fault"], told["times"]) == ("refuse", 2)
    assert desk.http.delete("/control/faults").json() == {"faults": []}
    assert failing(desk, 1) == [False]


@pytest.mark.parametrize(
    "sent",
    [{}, {"fault": "rain"}, {"fault": "drop", "share": 2}, {"fault": "drop", "times": 0},
     {"fault": "drop", "when": "now"}, {"fault": "pending", "call": "verify"},
     {"fault": "slow", "seconds": -1}],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(desk: Desk, sent: Json) -> None:
    assert desk.http.post("/control/faults", json=sent).status_code == 422
    assert desk.http.post("/control/faults", content=b"{").status_code == 422
    assert desk.control("faults") == {"faults": []}


def test_every_fault_is_described(desk: Desk) -> None:
    assert desk.control("")["POST faults"]["faults"] == FAULTS


@pytest.mark.parametrize(("fault", "moved"), [("drop", 0), ("lost", 10_000)])
def test_a_connection_closes_without_an_answer(
    served: httpx.Client, fault: str, moved: int
) -> None:
    order_sent = {"fault": fault, "call": "settle", "times": 1}
    assert served.post("control/faults", json=order_sent).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        served.post("settle", json=request())
    received = served.get("control/received").json()["received"]
    assert sum(row["amount"] for row in received) == moved
    assert served.post("settle", json=request()).json()["success"]
