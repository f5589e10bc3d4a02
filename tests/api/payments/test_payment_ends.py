"""Ends that are not certain: what was sent, what was used, what is owed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.payments import ledger
from common.errors import Retryable
from tests.api.payments.reconciled import PATH, order, reconcile
from tests.support.buying import payment
from tests.support.selling import FREE, Shop


def answers(shop: Shop, *told: dict[str, Any]) -> None:
    """Have /settle say these things, one after the other; /verify is the bank's."""
    waiting = list(told)

    async def facilitator(path: str, body: str) -> bytes:
        if path == "/settle":
            return json.dumps(waiting.pop(0)).encode()
        return await shop.bank(path, body)

    shop.parts.facilitator = facilitator


PENDING = {"success": False, "errorReason": "settlement_pending", "transaction": "0x1"}


@pytest.mark.parametrize(
    "reason", ["unexpected_settle_error", "invalid_exact_evm_payload_authorization_valid_before"]
)
def test_of_a_transfer_that_was_sent_no_other_answer_says_that_it_failed(
    shop: Shop, reason: str
) -> None:
    answers(shop, PENDING, {"success": False, "errorReason": reason, "transaction": None})
    assert shop.buy(PATH).status == 409
    assert shop.states() == ["pending"]


@pytest.mark.parametrize("reason", ["authorization is used", "nonce_already_used"])
def test_a_used_nonce_is_unclear_however_it_is_spelt(shop: Shop, reason: str) -> None:
    answers(shop, {"success": False, "errorReason": reason})
    assert shop.buy(PATH).status == 409
    assert shop.states() == ["unclear"]


def test_a_nonce_that_is_used_after_it_was_asked_for_is_unclear(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    answers(shop, {"success": False, "errorReason": "unexpected_settle_error"})
    assert shop.pay(PATH, found).status == 402
    shop.parts.facilitator = shop.bank
    order(shop, fault="refuse", call="verify", reason="nonce_used", times=1)
    assert shop.pay(PATH, found).status == 402
    assert shop.states() == ["unclear"]


def test_an_answer_that_is_owed_can_be_asked_for_again_at_once_when_it_failed(
    shop: Shop, monkeypatch: Any
) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="lost", call="settle", times=1)
    assert shop.pay(PATH, found).status == 503
    assert reconcile(shop, 300) == {"settled": 1}

    async def broken(*_: Any) -> Any:
        raise Retryable("down")

    with monkeypatch.context() as patch:
        patch.setattr(type(shop.gateway), "_work", broken)
        assert shop.pay(PATH, found).status == 503
    shop.settle("owe")
    assert shop.pay(PATH, found).status == 200


def test_an_answer_that_is_owed_to_an_account_is_given_to_it_alone(shop: Shop) -> None:
    found = payment(shop.offer(PATH, principal=FREE), shop.now)
    order(shop, fault="lost", call="settle", times=1)
    assert shop.pay(PATH, found, principal=FREE).status == 503
    assert reconcile(shop, 300) == {"settled": 1}
    assert shop.pay(PATH, found, principal=FREE._replace(user_id="thief")).status == 409
    assert shop.pay(PATH, found, principal=FREE).status == 200


def test_when_it_cannot_be_noted_that_money_is_asked_for_it_is_not(
    shop: Shop, monkeypatch: Any
) -> None:
    found = payment(shop.offer(PATH), shop.now)

    async def failing(*_: Any) -> bool:
        raise Retryable("down")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "begin_settling", failing)
        answer = shop.pay(PATH, found)
    assert (answer.status, "Nothing was taken" in str(answer.body)) == (503, True)
    shop.settle("not_asked")
    assert shop.states() == ["released"]
    assert "/settle" not in shop.bank.calls
    assert shop.pay(PATH, found).status == 200


def test_who_looked_at_the_chain_concludes_an_unclear_payment_as_operations_says(
    shop: Shop,
) -> None:
    found = payment(shop.offer(PATH), shop.now)
    answers(shop, {"success": False, "errorReason": "nonce_already_used"})
    assert shop.pay(PATH, found).status == 409
    guide = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
    (statement,) = re.findall(r"`(UPDATE payments SET state = 'settled'.*?)`", guide)
    shop.rows(statement.replace("…", "1") + " RETURNING 1")
    assert shop.rows("SELECT sum(revenue_atomic) FROM user_analytics") == [(10_000,)]
    shop.at(shop.now + ledger.LEASE_SECONDS + 1)
    assert shop.pay(PATH, found).status == 200
