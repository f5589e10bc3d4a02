"""The caller's own payments: each with its history, page after page, and nobody else's."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.principal import GUEST, Principal
from api.reads.asking import seal
from api.routes.payments import Payment, PaymentsRequest
from tests.api.calling import body
from tests.support.buying import WALLET
from tests.support.selling import FREE, Shop

OWN = "/api/v1/me/payments"
VOLATILITY = "/api/v1/analytics/volatility?limit=2"
OTHER = Principal("free2", "analyst", "free", "session")
USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e"


class Page(msgspec.Struct):
    """An answer, read strictly with the type that the route declares."""

    data: list[Payment]
    meta: dict[str, Any]


def listed(shop: Shop, query: str = "", principal: Principal = FREE) -> Page:
    answer = shop(OWN + query, principal=principal)
    assert answer.status == 200, answer.body
    return msgspec.json.decode(body(answer), type=Page, strict=True)


def test_who_paid_nothing_has_an_empty_list(shop: Shop) -> None:
    page = listed(shop)
    assert (page.data, page.meta["next"]) == ([], None)


def test_a_payment_is_told_with_what_it_bought_and_every_state_it_was_in(shop: Shop) -> None:
    answer = shop.buy(VOLATILITY, principal=FREE)
    receipt_tx = shop.rows("SELECT tx FROM payments")[0][0]
    (paid,) = listed(shop).data
    assert answer.status == 200
    assert (paid.state, paid.reason, paid.amount_atomic) == ("settled", None, 5_000)
    assert paid.endpoint == "GET /api/v1/analytics/volatility"
    assert paid.url.endswith(VOLATILITY)
    assert (paid.network, paid.asset.lower()) == ("eip155:84532", USDC.lower())
    assert paid.payer.lower() == WALLET.address.lower()
    assert paid.transaction == receipt_tx
    assert [event.state for event in paid.history] == ["claimed", "settling", "settled"]
    assert paid.created_at == paid.settled_at == paid.delivered_at == paid.history[-1].at
    assert paid.created_at == "2025-10-09T09:11:00Z"


def test_a_refused_payment_is_told_with_its_reason(shop: Shop) -> None:
    asyncio.run(shop.bank.order(fault="refuse", call="settle", reason="transaction_failed"))
    shop.buy(VOLATILITY, principal=FREE)
    (paid,) = listed(shop).data
    assert (paid.state, paid.settled_at, paid.delivered_at) == ("failed", None, None)
    assert "transaction_failed" in str(paid.reason)
    assert paid.history[-1].reason == paid.reason


def test_a_payment_that_is_pending_is_told_as_such(shop: Shop) -> None:
    asyncio.run(shop.bank.order(fault="pending", call="settle", confirm_calls=100))
    shop.buy(VOLATILITY, principal=FREE)
    (paid,) = listed(shop).data
    assert (paid.state, paid.settled_at) == ("pending", None)


def test_the_pages_hold_each_payment_once_with_the_newest_first(shop: Shop) -> None:
    for nonce in range(1, 6):
        shop.at(shop.now + 20)
        assert shop.buy(VOLATILITY, nonce, principal=FREE).status == 200
    found, query = [], "?limit=2"
    for _ in range(3):
        page = listed(shop, query)
        found.append([paid.payment_id for paid in page.data])
        query = f"?limit=2&cursor={page.meta['next']}"
    assert [len(page_ids) for page_ids in found] == [2, 2, 1]
    assert page.meta["next"] is None
    ids = [number for page_ids in found for number in page_ids]
    assert ids == sorted(set(ids), reverse=True)


def test_what_comes_in_between_two_pages_neither_repeats_nor_hides_another(shop: Shop) -> None:
    for nonce in (1, 2):
        shop.buy(VOLATILITY, nonce, principal=FREE)
    first = listed(shop, "?limit=1")
    shop.buy(VOLATILITY, 3, principal=FREE)
    second = listed(shop, f"?limit=1&cursor={first.meta['next']}")
    assert (first.data[0].payment_id, second.data[0].payment_id) == (2, 1)


def test_another_users_payments_are_never_shown(shop: Shop) -> None:
    shop.buy(VOLATILITY, 1, principal=FREE)
    shop.buy(VOLATILITY, 2, principal=OTHER)
    shop.buy(VOLATILITY, 3)  # of a wallet without an account
    mine, theirs = listed(shop).data, listed(shop, principal=OTHER).data
    assert [paid.payment_id for paid in mine] == [1]
    assert [paid.payment_id for paid in theirs] == [2]
    assert listed(shop, principal=Principal("boss1", "admin", "pro", "session")).data == []


def test_another_users_cursor_shows_ones_own_payments_only(shop: Shop) -> None:
    for nonce, who in ((1, OTHER), (2, FREE), (3, FREE)):
        shop.buy(VOLATILITY, nonce, principal=who)
    cursor = listed(shop, "?limit=1").meta["next"]
    theirs = listed(shop, f"?cursor={cursor}", OTHER).data
    assert [paid.payment_id for paid in theirs] == [1]


def test_who_takes_a_wallets_name_sees_nothing_of_it(shop: Shop) -> None:
    shop.buy(VOLATILITY)
    (wallet,) = shop.rows("SELECT user_id FROM payments")[0]
    assert wallet.startswith("wallet:")
    assert shop(OWN, key=None).status == 401
    assert shop(OWN, principal=GUEST).status in (401, 403)
    assert listed(shop).data == []


WRONG = ("x", "AAAA", seal(PaymentsRequest(), "x"), seal(PaymentsRequest(), "-1"),
         seal(PaymentsRequest(), "1", "2"), seal(PaymentsRequest(), "9" * 16),
         seal(PaymentsRequest(), "²"))  # fmt: skip


@pytest.mark.parametrize("cursor", WRONG)
def test_a_cursor_of_no_page_of_this_list_is_refused(shop: Shop, cursor: str) -> None:
    answer = shop(f"{OWN}?cursor={cursor}", principal=FREE)
    problem = msgspec.json.decode(body(answer))
    assert (answer.status, problem["type"].rpartition("/")[2]) == (400, "invalid-cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%00", "user_id=u1"])
def test_what_no_page_can_be_asked_with_is_refused(shop: Shop, query: str) -> None:
    assert shop(f"{OWN}?{query}", principal=FREE).status == 400
