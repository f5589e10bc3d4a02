"""/me/payments: what the caller paid by x402, with every state that each payment was in."""

from typing import Annotated, Literal

import msgspec

from api.reads.asking import Cursor, seal, unseal
from api.routing import PRIVATE, Reads, Result, Route
from common.database import Statement, keyset_page
from common.errors import Problem

# ?1 the caller, ?2 the id that the page begins below, ?3 how many and one more.
OWN = """
SELECT json_group_array(json_array(CAST(payment_id AS TEXT), item)) FROM (
  SELECT payment_id, json_object('payment_id', payment_id, 'endpoint', endpoint, 'url', url,
    'amount_atomic', amount, 'network', network, 'asset', asset, 'payer', payer, 'state', state,
    'reason', reason, 'transaction', tx,
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
    'settled_at', strftime('%Y-%m-%dT%H:%M:%SZ', settled_at, 'unixepoch'),
    'delivered_at', strftime('%Y-%m-%dT%H:%M:%SZ', delivered_at, 'unixepoch'),
    'history', (SELECT json_group_array(json_object('state', state, 'reason', reason,
      'at', strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch'))) FROM (
      SELECT * FROM payment_events e WHERE e.payment_id = p.payment_id ORDER BY event_id))
    ) AS item
  FROM payments p WHERE user_id = ?1 AND payment_id < ?2 ORDER BY payment_id DESC LIMIT ?3)
"""
LAST = 2**53 - 2

State = Literal["claimed", "released", "settling", "pending", "settled", "failed", "unclear"]


class PaymentsRequest(msgspec.Struct):
    """`limit` and `cursor` of the page."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    cursor: Cursor | None = None


class Event(msgspec.Struct, forbid_unknown_fields=True):
    """A state that a payment was in, since when, and why."""

    state: State
    reason: str | None
    at: str


class Payment(msgspec.Struct, forbid_unknown_fields=True):
    """A payment; `amount_atomic` is in atomic units of the asset (USDC: millionths of a dollar)."""

    payment_id: int
    endpoint: str
    url: str
    amount_atomic: int
    network: str
    asset: str
    payer: str
    state: State
    reason: str | None
    transaction: str | None
    created_at: str
    settled_at: str | None
    delivered_at: str | None
    history: list[Event]


async def own(request: PaymentsRequest, reads: Reads) -> Result:
    """Return the caller's payments, the newest first. Raises Problem 400 for a wrong cursor."""
    below = LAST
    if request.cursor:
        (number,) = unseal(request, request.cursor)
        if not number.isdecimal() or len(number) > 15:
            raise Problem(400, "invalid-cursor", "cursor: this is none of this list.")
        below = int(number)
    wanted = Statement(OWN, (reads.principal.user_id, below, request.limit + 1))
    page = await keyset_page(reads.database, wanted, request.limit)
    following = seal(request, page.next) if page.next else None
    return Result(f"[{','.join(page.items)}]", {"next": following})


ROUTES = (
    Route(
        path="/api/v1/me/payments",
        summary="What you paid by x402, with every state of each payment",
        description="A payment by a wallet without a key or token belongs to no account, and is"
        " not listed: its receipt is what there is of it.",
        request=PaymentsRequest,
        handler=own,
        permission="account:read",
        answers=list[Payment],
        example={"limit": 20},
        cache=PRIVATE,
        problems=("invalid-cursor",),
    ),
)
