"""What was paid for by day and endpoint, and what is seen when the books do not balance."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.principal import Principal
from api.routes.revenue import Revenue
from common.database import Statement
from tests.api.calling import body
from tests.support.buying import payment
from tests.support.selling import FREE, Shop

REVENUE = "/api/v1/analytics/revenue"
VOLATILITY = "/api/v1/analytics/volatility?limit=2"
CORRELATION = "/api/v1/analytics/correlation?symbols=BTC,ETH"
ADMIN = Principal("boss1", "admin", "enterprise", "session")
DAY = 86_400


def told(shop: Shop, days: int = 7) -> Revenue:
    """Return what an administrator is told, read strictly with the type that the route declares."""
    answer = shop(f"{REVENUE}?days={days}", principal=ADMIN)
    assert answer.status == 200, answer.body
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=Revenue, strict=True)


def write(shop: Shop, sql: str, *values: Any) -> None:
    asyncio.run(shop.database.batch([Statement(sql, values)]))


def test_without_a_payment_everything_is_nought_and_balances(shop: Shop) -> None:
    assert told(shop) == Revenue(0, 0.0, 0, 0, 0, 0, 0, [])


def test_each_endpoint_and_day_has_a_row_and_they_add_up_to_the_ledger(shop: Shop) -> None:
    begun = shop.now
    shop.buy(VOLATILITY, 1)
    shop.buy(VOLATILITY, 2, principal=FREE)
    shop.buy(CORRELATION, 3)
    shop.at(begun + DAY)
    shop.buy(VOLATILITY, 4)
    found = told(shop)
    assert [(row.day, row.endpoint, row.payments, row.revenue_atomic) for row in found.rows] == [
        ("2025-10-10", "GET /api/v1/analytics/volatility", 1, 10_000),
        ("2025-10-09", "GET /api/v1/analytics/volatility", 2, 15_000),
        ("2025-10-09", "GET /api/v1/analytics/correlation", 1, 10_000),
    ]
    assert sum(row.revenue_atomic for row in found.rows) == found.revenue_atomic
    assert found.revenue_atomic == found.payments_atomic == shop.bank.received() == 35_000
    assert (found.payments, found.difference_atomic, found.revenue_usd) == (4, 0, 0.035)
    assert found.rows[1].revenue_usd == 0.015


def test_everybodys_requests_stand_beside_what_they_brought(shop: Shop) -> None:
    shop.buy(VOLATILITY)
    for user, requests, errors in (("u1", 5, 2), ("u2", 3, 0)):
        write(
            shop,
            "INSERT INTO user_analytics"
            " (user_id, timestamp, endpoint, credential, requests, errors)"
            " VALUES (?, ?, 'GET /api/v1/analytics/volatility', 'k', ?, ?)",
            user, int(shop.now) // 3600 * 3600, requests, errors,
        )  # fmt: skip
    (row,) = told(shop).rows
    assert (row.requests, row.errors, row.users, row.payments) == (9, 2, 3, 1)


def test_days_look_back_from_today_and_today_counts(shop: Shop) -> None:
    begun = shop.now
    shop.buy(VOLATILITY)
    shop.at(begun + 6 * DAY)
    assert told(shop, 6).rows == []
    assert told(shop, 6).payments == 0
    assert told(shop, 7).revenue_atomic == 10_000
    assert told(shop, 90).revenue_atomic == 10_000


@pytest.mark.parametrize(
    ("sql", "difference"),
    [
        ("UPDATE payments SET amount = amount - 1", 1),
        ("UPDATE user_analytics SET revenue_atomic = revenue_atomic - 1", -1),
        ("DELETE FROM payments", 10_000),
        ("DELETE FROM user_analytics", -10_000),
    ],
)
def test_who_edits_a_row_is_seen_to_the_last_unit(shop: Shop, sql: str, difference: int) -> None:
    shop.buy(VOLATILITY)
    write(shop, sql)
    found = told(shop)
    assert found.difference_atomic == difference
    assert found.revenue_atomic - found.payments_atomic == difference


def test_what_waits_for_the_facilitator_is_open_and_is_no_revenue(shop: Shop) -> None:
    asyncio.run(shop.bank.order(fault="pending", call="settle", confirm_calls=100))
    assert shop.buy(VOLATILITY).status == 409
    found = told(shop)
    assert (found.open, found.unclear) == (1, 0)
    assert (found.payments, found.revenue_atomic, found.difference_atomic) == (0, 0, 0)


def test_what_a_person_must_look_at_is_counted_however_old_it_is(shop: Shop) -> None:
    shop.buy(VOLATILITY)
    write(shop, "UPDATE payments SET state = 'unclear', settled_at = NULL, updated_at = 1")
    found = told(shop, 1)
    assert (found.open, found.unclear, found.payments) == (0, 1, 0)


def test_a_refused_payment_is_no_revenue(shop: Shop) -> None:
    asyncio.run(shop.bank.order(fault="refuse", call="settle", reason="transaction_failed"))
    assert shop.buy(VOLATILITY).status == 402
    assert shop.states() == ["failed"]
    found = told(shop)
    assert (found.payments, found.revenue_atomic, found.open, found.unclear) == (0, 0, 0, 0)


@pytest.mark.parametrize("role", ["viewer", "analyst", "trader", "service"])
def test_only_administrators_see_it_and_others_are_told_so(shop: Shop, role: str) -> None:
    answer = shop(REVENUE, principal=Principal("u1", role, "enterprise", "session"))
    problem = msgspec.json.decode(body(answer))
    assert (answer.status, problem["type"].rpartition("/")[2]) == (403, "role-missing")
    assert "it belongs to admin" in problem["detail"]


def test_it_cannot_be_bought(shop: Shop) -> None:
    found = payment(shop.offer(VOLATILITY), shop.now)
    assert shop.pay(REVENUE, found, principal=FREE).status == 403
    assert shop.bank.calls == []


@pytest.mark.parametrize("days", ["0", "91", "-1", "1.5", "x", ""])
def test_days_that_cannot_be_looked_back_are_refused(shop: Shop, days: str) -> None:
    assert shop(f"{REVENUE}?days={days}", principal=ADMIN).status == 400
