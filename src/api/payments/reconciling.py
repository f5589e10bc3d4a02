"""What became of payments whose end is not known: the cron asks the facilitator.

A payment is `settling` when the answer to /settle was lost, or the isolate
with it. It is asked for again only when the signed transfer has run out: then
asking cannot take money for an answer that nobody got, it can only bring to
light that it was taken. A facilitator that does not remember says no more
than "expired" then, so everything but a success leaves it `unclear`, for a
person with a block explorer. A `pending` transfer was sent: it is asked for
until it holds or has failed.
"""

import msgspec

from api.payments import facilitator, ledger
from api.payments.payment import SKEW_SECONDS
from api.payments.terms import Terms
from api.payments.till import conclusion
from common.database import Database, Statement
from common.errors import Retryable
from common.log import Logger

PENDING_SECONDS = 60  # between two questions about a pending transfer
SLACK_SECONDS = 60  # between clocks
MOST = 40  # a run; the others wait for the next
KEPT_SECONDS = 86_400  # of rows whose money was never asked for

OPEN = """
SELECT json_group_array(json_array(payment_id, state, request)) FROM (
  SELECT payment_id, state, request FROM payments
  WHERE state IN ('settling', 'pending') AND updated_at < ?1
    AND (state = 'pending' OR updated_at < ?2)
  ORDER BY updated_at LIMIT ?3)
"""
ASKED = "UPDATE payments SET updated_at = ?2 WHERE payment_id = ?1"
FORGET = """
DELETE FROM payments WHERE payment_id IN (SELECT payment_id FROM payments
  WHERE state IN ('claimed', 'released', 'failed') AND updated_at < ?1
    AND settle_attempts = 0 LIMIT 2000)
"""

_open = msgspec.json.Decoder(list[tuple[int, ledger.State, str]]).decode


async def reconcile(
    terms: Terms, ask: facilitator.Ask, now: float, database: Database, log: Logger
) -> dict[str, int]:
    """Ask what became of open payments; return how many ended in which state.

    One that the facilitator does not answer for waits for the next run.
    """
    at = int(now)
    expired = at - terms.config.max_timeout_seconds - SKEW_SECONDS - SLACK_SECONDS
    wanted = Statement(OPEN, (at - PENDING_SECONDS, expired, MOST))
    ended: dict[str, int] = {}
    for payment_id, state, request in _open(await database.text(wanted) or "[]"):
        try:
            found = await facilitator.settle(ask, terms.config.facilitator, request)
        except Retryable as error:
            log("warning", "a payment waits for the facilitator", id=payment_id, error=str(error))
            await database.batch([Statement(ASKED, (payment_id, at))])
            continue
        after = _after(found)
        ended[after] = ended.get(after, 0) + 1
        if after == state:
            await database.batch([Statement(ASKED, (payment_id, at))])
            continue
        told = msgspec.json.encode(found.receipt()).decode()
        await database.batch([
            ledger.conclude(
                payment_id, after, found.error_reason, found.transaction or "", told, now,
                delivered=False,
            )
        ])  # fmt: skip
    await database.batch([Statement(FORGET, (at - KEPT_SECONDS,))])
    if ended:
        log("info", "payments reconciled", **ended)
    return ended


def _after(found: facilitator.Settlement) -> ledger.State:
    after = conclusion(found)
    return "unclear" if after == "failed" and found.error_reason != facilitator.FAILED else after
