"""A facilitator that fails on order, and the cron run later."""

import asyncio
from typing import Any

from api.payments import reconciling
from api.payments.terms import read_terms
from common.log import Logger
from tests.support.selling import X402, Shop

PATH = "/api/v1/analytics/volatility?limit=2"
TERMS = read_terms(X402)


def order(shop: Shop, **how: Any) -> None:
    """Have the facilitator fail."""
    asyncio.run(shop.bank.order(**how))


def reconcile(shop: Shop, later: float) -> dict[str, int]:
    """Run the cron so many seconds later."""
    assert TERMS is not None
    shop.at(shop.now + later)
    log = Logger("api", lambda: shop.now, lambda _: None)

    async def ask(facilitator: str, path: str, body: str) -> bytes:
        assert facilitator == "https://x402.org/facilitator"
        return await shop.bank(path, body)

    return asyncio.run(reconciling.reconcile(TERMS, ask, shop.now, shop.database, log))
