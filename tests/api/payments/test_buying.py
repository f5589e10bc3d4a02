"""Buying an answer: what is asked, in which order things happen, and what is written."""

import asyncio
import json
from typing import Any

import pytest

from api.principal import GUEST, Principal
from tests.support.buying import WALLET, header, offer_of, payment, receipt, signed
from tests.support.selling import FREE, X402, Shop, data_of

VOLATILITY = "/api/v1/analytics/volatility?limit=2"
PRO = Principal("pro1", "analyst", "pro", "session")
VIEWER = Principal("view1", "viewer", "free", "session")


def test_without_a_payment_the_offer_is_in_the_header_for_v2_and_in_the_body_for_v1(
    shop: Shop,
) -> None:
    answer = shop(VOLATILITY, key=None)
    assert answer.status == 402
    assert answer.headers["cache-control"] == "no-store"
    offer = offer_of(answer)
    (terms,) = offer["accepts"]
    assert offer["x402Version"] == 2
    assert offer["resource"]["url"] == "https://api.example" + VOLATILITY
    assert terms == {
        "scheme": "exact", "network": "eip155:84532", "amount": "10000",
        "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
        "payTo": json.loads(X402)["pay_to"], "maxTimeoutSeconds": 120,
        "extra": {"name": "USDC", "version": "2"},
    }  # fmt: skip
    body = json.loads(str(answer.body))
    (old,) = body["accepts"]
    assert (body["x402Version"], body["status"]) == (1, 402)
    assert (old["network"], old["maxAmountRequired"]) == ("base-sepolia", "10000")
    assert "outputSchema" not in old
    assert "0.01 USDC" in body["detail"]


def test_a_guest_buys_without_an_account_and_gets_the_answer_with_a_receipt(shop: Shop) -> None:
    answer = shop.buy(VOLATILITY)
    assert answer.status == 200
    assert data_of(answer)
    paid = receipt(answer)
    assert (paid["success"], paid["network"]) == (True, "eip155:84532")
    assert paid["payer"].lower() == WALLET.address.lower()
    assert paid["transaction"].startswith("0x")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert shop.bank.received() == 10_000


def test_v1_is_paid_at_the_same_address(shop: Shop) -> None:
    body = json.loads(str(shop(VOLATILITY, key=None).body))
    (terms,) = body["accepts"]
    old = {
        "x402Version": 1, "scheme": "exact", "network": terms["network"],
        "payload": signed(terms, shop.now),
    }  # fmt: skip
    answer = shop(VOLATILITY, key=None, headers={"x-payment": header(old)})
    assert answer.status == 200
    assert answer.headers["x-payment-response"] == answer.headers["payment-response"]
    assert shop.bank.received() == 10_000


def test_every_state_is_a_row_and_revenue_is_counted_to_the_atomic_unit(shop: Shop) -> None:
    shop.buy(VOLATILITY, 1, principal=FREE)
    shop.buy(VOLATILITY, 2)
    assert shop.states() == ["settled", "settled"]
    assert shop.history() == ["claimed", "settling", "settled"] * 2
    wallet = f"wallet:{WALLET.address.lower()}"
    earned = shop.rows(
        "SELECT user_id, endpoint, revenue_atomic, revenue_generated, requests"
        " FROM user_analytics WHERE revenue_atomic > 0 ORDER BY user_id"
    )
    assert earned == [
        ("free1", "GET /api/v1/analytics/volatility", 5_000, 0.005, 0),
        (wallet, "GET /api/v1/analytics/volatility", 10_000, 0.01, 1),
    ]
    assert shop.bank.received() == 15_000


def test_what_a_plan_includes_is_not_sold(shop: Shop) -> None:
    assert shop(VOLATILITY, principal=PRO).status == 200
    assert shop.bank.calls == []


def test_each_plan_pays_its_own_price(shop: Shop) -> None:
    assert shop.offer(VOLATILITY, principal=FREE)["accepts"][0]["amount"] == "5000"
    assert shop.offer(VOLATILITY, principal=GUEST)["accepts"][0]["amount"] == "10000"


def test_a_payment_opens_what_the_role_alone_does_not(shop: Shop) -> None:
    path = "/api/v1/exports/signals?format=ndjson"
    answer = shop.buy(path, principal=VIEWER)
    assert answer.status == 200
    assert isinstance(answer.body, str), "it must be whole before it is paid"
    assert answer.body.count("\n") > 1
    assert shop.bank.received() == 150_000


def test_a_payment_opens_nothing_that_is_not_priced(shop: Shop) -> None:
    found = payment(shop.offer(VOLATILITY), shop.now)
    assert shop.pay("/api/v1/keys", found).status == 401
    assert shop.pay("/api/v1/analytics/revenue", found, principal=FREE).status == 403
    assert shop.bank.calls == []


def test_what_cannot_be_answered_is_refused_before_it_is_sold(shop: Shop) -> None:
    assert shop("/api/v1/analytics/volatility?limit=x", key=None).status == 400


def test_free_routes_are_as_before(shop: Shop) -> None:
    found = header(payment(shop.offer(VOLATILITY), shop.now))
    answer = shop("/api/v1/market-data/BTC", headers={"payment-signature": found})
    assert answer.status == 200
    assert "payment-response" not in answer.headers
    assert shop("/api/v1/market-data/BTC", key=None).status == 401
    assert shop.bank.calls == []


def test_where_nothing_is_sold_everything_is_as_the_role_says(shop: Shop) -> None:
    shop.x402 = ""
    assert shop(VOLATILITY, principal=FREE).status == 200
    assert shop(VOLATILITY, key=None).status == 401


@pytest.mark.parametrize("wrong", ['{"pay_to":"0x1"}', "no json", X402.replace("84532", "1")])
def test_wrong_terms_sell_nothing_and_give_nothing(shop: Shop, wrong: str) -> None:
    shop.x402 = wrong
    assert shop(VOLATILITY, principal=FREE).status == 500


def test_old_history_is_priced_and_recent_history_is_not(shop: Shop) -> None:
    recent, old = (
        f"/api/v1/market-data/BTC?history=1d&from={day}" for day in ("2025-09-01", "2020-01-01")
    )
    assert shop(recent + "&limit=10", principal=FREE).status == 200
    deep = shop(old + "&to=2020-02-01", principal=FREE)
    assert (deep.status, offer_of(deep)["accepts"][0]["amount"]) == (402, "10000")
    page = shop("/api/v1/market-data/BTC?history=1d&limit=1000", principal=FREE)
    assert page.status == 402, "a long page reaches as far back as an old date"


def test_head_shows_the_offer_and_never_charges(shop: Shop) -> None:
    found = header(payment(shop.offer(VOLATILITY), shop.now))
    answer = shop(VOLATILITY, "HEAD", key=None, headers={"payment-signature": found})
    assert answer.status == 402
    assert shop.bank.calls == []


def test_paid_answers_are_not_given_as_unchanged(shop: Shop) -> None:
    etag = shop(VOLATILITY, principal=PRO).headers["etag"]
    found = header(payment(shop.offer(VOLATILITY), shop.now))
    headers = {"payment-signature": found, "if-none-match": etag}
    answer = shop(VOLATILITY, key=None, headers=headers)
    assert answer.status == 200
    assert answer.body


def test_who_is_out_of_quota_pays_for_the_rest(shop: Shop, monkeypatch: Any) -> None:
    from api.limits import plans

    monkeypatch.setitem(plans.PLANS, "free", plans.PLANS["free"]._replace(per_day=3))
    path = "/api/v1/market-data/BTC"
    assert [shop(path, principal=FREE).status for _ in range(3)] == [200] * 3
    refused = shop(path, principal=FREE)
    assert refused.status == 402
    assert offer_of(refused)["accepts"][0]["amount"] == "2000"
    assert shop.buy(path, principal=FREE).status == 200
    assert shop.buy(VOLATILITY, 2, principal=FREE).status == 200, "its own price where it is more"
    assert shop.bank.received() == 2_000 + 5_000


def test_what_is_over_quota_and_forbidden_is_not_sold(shop: Shop, monkeypatch: Any) -> None:
    from api.limits import plans

    monkeypatch.setitem(plans.PLANS, "free", plans.PLANS["free"]._replace(per_day=1))
    assert shop("/api/v1/market-data/BTC", principal=VIEWER).status == 200
    assert shop("/api/v1/alert-rules", principal=VIEWER).status == 403


def test_fifty_at_once_with_one_payment_work_once_and_settle_once(shop: Shop) -> None:
    found = header(payment(shop.offer(VOLATILITY), shop.now))

    async def burst() -> list[Any]:
        return await asyncio.gather(*(
            shop.ask(VOLATILITY, "GET", {"payment-signature": found}) for _ in range(50)
        ))  # fmt: skip

    statuses = sorted(answer.status for answer in asyncio.run(burst()))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 402, 409}
    assert shop.bank.calls.count("/settle") == 1
    assert shop.bank.calls.count("/verify") == 1
    assert shop.bank.received() == 10_000
