"""Books for the revenue page: rows in the database, and answers in the API's place."""

import json
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.support.live import Live
from tests.support.signing_in import sign_in_browser

REVENUE = "**/api/v1/analytics/revenue*"
TODAY = time.strftime("%Y-%m-%d", time.gmtime())
YESTERDAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
VOLATILITY, EXPORT, FREE = "GET /api/v1/vol", "GET /api/v1/exports/{kind}", "POST /api/v1/free"


def row(day: str, endpoint: str, requests: int, payments: int, atomic: int) -> dict[str, Any]:
    """Return one endpoint on one day, as the API tells it."""
    return {
        "day": day, "endpoint": endpoint, "requests": requests, "errors": 0, "users": 1,
        "payments": payments, "revenue_atomic": atomic, "revenue_usd": atomic / 1e6,
    }  # fmt: skip


ROWS = [
    row(TODAY, EXPORT, 2, 2, 500_000), row(TODAY, VOLATILITY, 1_200, 1, 10_001),
    row(TODAY, FREE, 30, 0, 0), row(YESTERDAY, VOLATILITY, 5, 3, 30_000),
]  # fmt: skip


def told(rows: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    """Return an answer of the API whose books balance, unless `changed` says otherwise."""
    revenue = sum(one["revenue_atomic"] for one in rows)
    return {
        "revenue_atomic": revenue, "revenue_usd": revenue / 1e6,
        "payments": sum(one["payments"] for one in rows), "payments_atomic": revenue,
        "difference_atomic": 0, "open": 0, "unclear": 0, "rows": rows,
    } | changed  # fmt: skip


class Books:
    """What the page is answered with from now on; `asked` are the queries that it sent."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.away = False
        self.data = told(ROWS)
        page.route(REVENUE, self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url.partition("?")[2])
        if self.away:
            route.fulfill(status=503, body=json.dumps({"detail": "The database is away."}))
        else:
            route.fulfill(json={"data": self.data, "meta": {}})


def pay(live: Live, endpoint: str, *amounts: int) -> None:
    """Settle payments now, as the gateway does: revenue is written by the trigger."""
    now = int(time.time())
    for number, amount in enumerate(amounts):
        live.write(
            "INSERT INTO payments (network, asset, payer, nonce, amount, pay_to, user_id,"
            " credential, endpoint, url, signature, request, state, claim, lease_until,"
            f" created_at, updated_at) VALUES ('eip155:84532', 'a', 'page', 'page{number}',"
            f" {amount}, 'b', 'wallet:page', '', '{endpoint}', 'u', 's', 'r', 'settling', 'c', 0,"
            f" {now}, {now});"
            f"UPDATE payments SET state = 'settled', settled_at = {now}, updated_at = {now}"
            f" WHERE nonce = 'page{number}'"
        )


def forget(live: Live) -> None:
    """Remove what `pay` has written."""
    live.write(
        "DELETE FROM payments WHERE payer = 'page';"
        "DELETE FROM user_analytics WHERE user_id = 'wallet:page'"
    )


def become(live: Live, role: str) -> None:
    """Give the demo user another role."""
    live.write(f"UPDATE users SET role = '{role}' WHERE user_id = 'demo'")


def sign_in(page: Page, live: Live) -> None:
    """Sign the demo user in without the page."""
    sign_in_browser(page.request, live)


def as_admin(page: Page, live: Live) -> Iterator[Page]:
    """Yield a page whose reader is signed in as an administrator, a trader again afterwards."""
    sign_in(page, live)
    become(live, "admin")
    yield page
    become(live, "trader")


def open_page(page: Page, own: str, query: str = "") -> None:
    """Open the revenue page and wait for its numbers."""
    page.goto(f"{own}/revenue{query}")
    expect(page.get_by_text("Counted at")).to_be_visible()
