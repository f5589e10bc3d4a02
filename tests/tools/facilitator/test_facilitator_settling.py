"""Money moves once, and what became of a payment can always be asked again."""

import time
from pathlib import Path

import pytest

from tests.tools.facilitator.paying import (
    BUYER,
    OTHER,
    SELLER,
    SEPOLIA,
    USDC,
    Desk,
    damaged,
    request,
    sign,
)
from tests.tools.facilitator.test_facilitator_verdicts import AUTHORIZATION, put
from tools.facilitator.ledger import START, Ledger

USED = "invalid_exact_evm_nonce_already_used"


def test_settling_moves_the_money_and_tells_of_it(desk: Desk) -> None:
    told = desk.settle(request())
    transaction = told.pop("transaction")
    assert told == {
        "success": True, "network": SEPOLIA, "payer": BUYER.address, "amount": "10000",
    }  # fmt: skip
    assert len(bytes.fromhex(transaction.removeprefix("0x"))) == 32
    (transfer,) = desk.control("transfers")["transfers"]
    assert transfer["made_at"] <= time.time()
    assert {name: transfer[name] for name in ("payer", "pay_to", "amount", "state")} == {
        "payer": BUYER.address.lower(), "pay_to": SELLER.lower(), "amount": 10_000,
        "state": "confirmed",
    }  # fmt: skip
    assert transfer["transaction"] == transaction
    (purse,) = desk.control("balances")["balances"]
    assert purse["balance"] == START - 10_000


def test_version_1_is_told_its_own_network_name(desk: Desk) -> None:
    told = desk.settle(request(network="base-sepolia"))
    assert (told["success"], told["network"]) == (True, "base-sepolia")


def test_verifying_uses_nothing_up(desk: Desk) -> None:
    for _ in range(3):
        assert desk.verify(request())["isValid"]
    assert desk.received() == 0
    assert desk.settle(request())["success"]


def test_the_same_settle_again_is_told_the_first_result_and_moves_nothing(desk: Desk) -> None:
    sent = request()
    first = desk.settle(sent)
    assert desk.settle(sent) == first
    assert desk.received() == 10_000


def test_it_is_told_even_when_the_payment_would_have_expired(desk: Desk) -> None:
    sent = request()
    first = desk.settle(sent)
    desk.now = time.time() + 10_000
    assert desk.settle(sent) == first


def test_a_used_nonce_is_refused_under_any_other_signature(desk: Desk) -> None:
    assert desk.settle(request())["success"]
    again = request(validBefore=str(int(time.time()) + 99))
    assert desk.verify(again)["invalidReason"] == USED
    assert desk.settle(again)["errorReason"] == USED
    assert desk.verify(request())["invalidReason"] == USED
    assert desk.received() == 10_000


def test_a_retry_with_something_changed_is_no_retry(desk: Desk) -> None:
    sent = request()
    assert desk.settle(sent)["success"]
    longer = damaged(sent, put(str(2**40), *AUTHORIZATION, "validBefore"))
    unsigned = damaged(sent, put("0x" + "11" * 65, "paymentPayload", "payload", "signature"))
    for changed in (longer, unsigned):
        assert desk.settle(changed)["errorReason"] == "invalid_exact_evm_payload_signature"


def test_a_nonce_is_used_for_its_payer_and_network_alone(desk: Desk) -> None:
    told = [
        desk.settle(request(wallet=BUYER)),
        desk.settle(request(wallet=OTHER)),
        desk.settle(request(network="eip155:8453")),
        desk.settle(request(2)),
    ]
    assert [one["success"] for one in told] == [True] * 4
    assert len({one["transaction"] for one in told}) == 4


def test_both_versions_spend_from_the_same_chain(desk: Desk) -> None:
    assert desk.settle(request())["success"]
    assert desk.settle(request(network="base-sepolia", validAfter="1"))["errorReason"] == USED


def test_letters_in_either_case_are_the_same_payment(desk: Desk) -> None:
    sent = request(0xABC)
    first = desk.settle(sent)

    upper = damaged(sent, put(f"0x{0xABC:064X}", *AUTHORIZATION, "nonce"))
    assert desk.settle(upper)["transaction"] == first["transaction"]
    resigned = damaged(upper, put("1", *AUTHORIZATION, "validAfter"))
    terms = {"name": "USDC", "version": "2", "chainId": 84532, "verifyingContract": USDC}
    signature = sign(resigned["paymentPayload"]["payload"]["authorization"], terms)
    resigned["paymentPayload"]["payload"]["signature"] = signature
    assert desk.settle(resigned)["errorReason"] == USED


def test_what_a_receiver_got_can_be_spent(desk: Desk) -> None:
    desk.control("balances", {"network": SEPOLIA, "holder": OTHER.address, "amount": 0})
    paid = request(to=OTHER.address)
    paid["paymentRequirements"]["payTo"] = OTHER.address
    assert desk.settle(paid)["success"]
    assert desk.settle(request(wallet=OTHER))["success"]
    assert not desk.settle(request(2, wallet=OTHER))["success"]


def test_money_is_summed_for_each_receiver_network_and_asset(desk: Desk) -> None:
    for nonce in range(3):
        desk.settle(request(nonce))
    desk.settle(request(network="base"))
    told = {row["network"]: row for row in desk.control("received")["received"]}
    assert told[SEPOLIA] == {
        "network": SEPOLIA, "asset": USDC.lower(), "pay_to": SELLER.lower(), "transfers": 3,
        "amount": 30_000, "pending": 0,
    }  # fmt: skip
    assert told["eip155:8453"]["amount"] == 10_000


def test_transfers_are_listed_by_receiver(desk: Desk) -> None:
    desk.settle(request())
    assert len(desk.control(f"transfers?payTo={SELLER}")["transfers"]) == 1
    assert desk.control(f"transfers?payTo={OTHER.address}")["transfers"] == []


def test_a_file_remembers_the_money_of_an_earlier_run(tmp_path: Path) -> None:
    file = tmp_path / "state" / "money.sqlite"
    ledger = Ledger(file)
    first = Desk(ledger=ledger).settle(request())
    ledger.close()
    desk = Desk(ledger=Ledger(file))
    assert desk.received() == 10_000
    assert desk.settle(request(validAfter="1"))["errorReason"] == USED
    assert desk.control("transfers")["transfers"][0]["transaction"] == first["transaction"]
    desk.ledger.close()


def test_the_money_can_be_forgotten(desk: Desk) -> None:
    desk.settle(request())
    assert desk.http.delete("/control/ledger").status_code == 200
    assert desk.control("transfers")["transfers"] == []
    assert desk.control("balances")["balances"] == []


@pytest.mark.parametrize(
    "sent",
    [{}, {"network": "eip155:1", "holder": BUYER.address, "amount": 1},
     {"network": SEPOLIA, "holder": "me", "amount": 1},
     {"network": SEPOLIA, "holder": BUYER.address, "amount": -1},
     {"network": SEPOLIA, "holder": BUYER.address, "amount": 2**63}],
)  # fmt: skip
def test_a_balance_that_cannot_be_is_refused(desk: Desk, sent: dict[str, object]) -> None:
    assert desk.http.post("/control/balances", json=sent).status_code == 422
