"""What fails on the way: no answer without money, no money for nothing, and every end is known."""

import asyncio
from typing import Any

import pytest

from api.payments import ledger, reconciling
from common.errors import Retryable
from tests.api.payments.reconciled import PATH, order, reconcile
from tests.support.buying import offer_of, payment, receipt
from tests.support.selling import Shop


@pytest.mark.parametrize("fault", ["http_500", "drop", "not_json"])
def test_who_cannot_ask_the_facilitator_answers_503_and_takes_nothing(
    shop: Shop, fault: str
) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault=fault, call="verify")
    answer = shop.pay(PATH, found)
    assert answer.status == 503
    assert answer.headers["retry-after"]
    assert "Nothing was taken" in str(answer.body)
    assert shop.states() == ["released"]
    asyncio.run(shop.bank.lift())
    assert shop.pay(PATH, found).status == 200, "the same payment is good when it answers again"


def test_a_facilitator_that_refuses_to_settle_gives_no_content(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="refuse", call="settle", reason="transaction_failed", times=1)
    answer = shop.pay(PATH, found)
    assert answer.status == 402
    assert receipt(answer) | {"network": ""} == {
        "success": False, "transaction": "", "network": "", "errorReason": "transaction_failed",
        "payer": found["payload"]["authorization"]["from"],
    }  # fmt: skip
    assert offer_of(answer)["error"] == "transaction_failed"
    assert '"data"' not in str(answer.body)
    assert shop.states() == ["failed"]


@pytest.mark.parametrize("status", [404, 500])
def test_work_that_fails_is_not_paid(shop: Shop, monkeypatch: Any, status: int) -> None:
    path = "/api/v1/signals/by-id/1-price_anomaly-nothing"
    found = payment(shop.offer(path), shop.now)
    if status == 500:

        async def broken(*_: Any) -> str:
            raise ValueError("broken")

        monkeypatch.setattr("api.routes.signals.SignalRequest.__post_init__", None, raising=False)
        monkeypatch.setattr(type(shop.gateway), "_work", broken)
    answer = shop.pay(path, found)
    assert answer.status == status
    assert "payment-response" not in answer.headers
    assert shop.states() == ["released"]
    assert shop.bank.calls == ["/verify"]
    assert shop.bank.received() == 0


def test_a_lost_answer_is_found_by_the_cron_and_the_payment_then_brings_its_answer(
    shop: Shop,
) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="lost", call="settle", times=1)
    answer = shop.pay(PATH, found)
    assert answer.status == 503
    assert "may have been taken" in str(answer.body)
    assert shop.states() == ["settling"]
    assert shop.pay(PATH, found).status == 409
    assert reconcile(shop, 100) == {}, "it must not be asked for while it could be taken anew"
    assert reconcile(shop, 200) == {"settled": 1}
    assert shop.bank.received() == 10_000
    assert shop.rows("SELECT sum(revenue_atomic) FROM user_analytics") == [(10_000,)]
    assert shop.pay(PATH, found).status == 200
    assert shop.pay(PATH, found).status == 402


def test_money_that_was_taken_brings_its_answer_once(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="lost", call="settle", times=1)
    assert shop.pay(PATH, found).status == 503
    assert reconcile(shop, 300) == {"settled": 1}
    other = "/api/v1/analytics/correlation?symbols=BTC,ETH"
    elsewhere = {**found, "resource": {"url": "https://api.example" + other}}
    assert shop.pay(other, elsewhere).status == 402, "it was paid for another answer"
    answer = shop.pay(PATH, found)
    assert (answer.status, receipt(answer)["success"]) == (200, True)
    assert shop.pay(PATH, found).status == 402
    assert shop.bank.received() == 10_000


def test_money_that_was_never_taken_ends_unclear_and_earns_nothing(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="drop", call="settle")
    assert shop.pay(PATH, found).status == 503
    asyncio.run(shop.bank.lift())
    assert reconcile(shop, 300) == {"unclear": 1}
    assert (shop.states(), shop.bank.received()) == (["unclear"], 0)


@pytest.mark.parametrize("fault", ["pending", "pending_500"])
def test_a_pending_transfer_is_asked_for_once_more_and_then_delivered(
    shop: Shop, fault: str
) -> None:
    order(shop, fault=fault, confirm_calls=1)
    assert shop.buy(PATH).status == 200
    assert shop.bank.calls == ["/verify", "/settle", "/settle"]


def test_a_transfer_that_stays_pending_is_withheld_and_reconciled(shop: Shop) -> None:
    found = payment(shop.offer(PATH), shop.now)
    order(shop, fault="pending", times=1)
    answer = shop.pay(PATH, found)
    assert answer.status == 409
    assert "payment-required" not in answer.headers, "nobody is asked for a second payment"
    assert receipt(answer)["errorReason"] == "settlement_pending"
    assert shop.states() == ["pending"]
    assert shop.pay(PATH, found).status == 409
    assert reconcile(shop, 120) == {"pending": 1}
    shop.bank.ledger.end_pending("confirmed")
    assert reconcile(shop, 120) == {"settled": 1}
    assert shop.pay(PATH, found).status == 200
    assert shop.history() == ["claimed", "settling", "pending", "settled"]


def test_a_transfer_that_fails_at_last_earns_nothing(shop: Shop) -> None:
    order(shop, fault="pending", times=1)
    assert shop.buy(PATH).status == 409
    shop.bank.ledger.end_pending("failed")
    assert reconcile(shop, 120) == {"failed": 1}
    assert shop.rows("SELECT coalesce(sum(revenue_atomic), 0) FROM user_analytics") == [(0,)]


def test_a_claim_whose_isolate_died_can_be_made_again(shop: Shop, monkeypatch: Any) -> None:
    found = payment(shop.offer(PATH), shop.now)

    async def died(*_: Any) -> Any:
        raise KeyboardInterrupt

    async def nothing(*_: Any) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr("api.payments.facilitator.verify", died)
        patch.setattr("api.payments.till._release", nothing)
        with pytest.raises(KeyboardInterrupt):
            shop.pay(PATH, found)
    assert shop.states() == ["claimed"]
    assert shop.pay(PATH, found).status == 409
    shop.at(shop.now + ledger.LEASE_SECONDS - 1)
    assert shop.pay(PATH, found).status == 409
    shop.at(shop.now + 2)
    assert shop.pay(PATH, found).status == 200


def test_a_claim_that_was_taken_over_does_not_settle(shop: Shop, monkeypatch: Any) -> None:
    """Whoever works for too long must not take the money of the one who came after."""
    found = payment(shop.offer(PATH), shop.now)
    real = type(shop.gateway)._work

    async def slow(gateway: Any, call: Any, target: str) -> Any:
        await shop.database.text(_stolen())
        return await real(gateway, call, target)

    monkeypatch.setattr(type(shop.gateway), "_work", slow)
    assert shop.pay(PATH, found).status == 409
    assert "/settle" not in shop.bank.calls


def _stolen() -> Any:
    from common.database import Statement

    return Statement("UPDATE payments SET claim = 'another' RETURNING 1")


def test_what_was_taken_is_delivered_even_if_it_cannot_be_written_down(
    shop: Shop, monkeypatch: Any
) -> None:
    found = payment(shop.offer(PATH), shop.now)
    batch = shop.database.batch

    async def failing(statements: Any) -> int:
        if any("settled_at = CASE" in one.sql for one in statements):
            raise Retryable("down")
        return int(await batch(statements))

    with monkeypatch.context() as patch:
        patch.setattr(shop.database, "batch", failing)
        assert shop.pay(PATH, found).status == 200
    assert shop.states() == ["settling"]
    assert reconcile(shop, 300) == {"settled": 1}
    assert shop.rows("SELECT sum(revenue_atomic) FROM user_analytics") == [(10_000,)]


def test_rows_without_money_are_forgotten_after_a_day_and_others_never(shop: Shop) -> None:
    shop.buy(PATH, 1)
    order(shop, fault="refuse", call="verify", times=1)
    assert shop.buy(PATH, 2).status == 402
    assert shop.states() == ["settled", "released"]
    reconcile(shop, reconciling.KEPT_SECONDS + 1)
    assert shop.states() == ["settled"]
    assert shop.history() == ["claimed", "settling", "settled"]
