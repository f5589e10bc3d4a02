"""The row of each payment: claimed by one, then moved from state to state.

The unique key (network, asset, payer, nonce) decides who works for a payment,
whatever the number of isolates. History and revenue are written by triggers
of the same statements (migrations/0007_payments.sql).
"""

from typing import Literal, NamedTuple

import msgspec

from api.payments.payment import Payment
from common.database import Database, Statement

State = Literal["claimed", "released", "settling", "pending", "settled", "failed", "unclear"]
# The money was asked for, so a payment in these states may have been paid, however old it is.
TAKING = ("settling", "pending", "settled", "owed", "unclear")
# Who claimed is gone after so long: longer than any work and its verification take.
LEASE_SECONDS = 60

# A row that is there may be claimed again when nothing was taken for it, or when the money was
# taken and its work never went out; the latter only for what was bought.
CLAIM = """
INSERT INTO payments (network, asset, payer, nonce, amount, pay_to, user_id, credential, endpoint,
  url, signature, request, state, claim, lease_until, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', 'claimed', ?12, ?13, ?14, ?14)
ON CONFLICT (nonce, payer, asset, network) DO UPDATE SET
  claim = excluded.claim, lease_until = excluded.lease_until, updated_at = excluded.updated_at,
  state = CASE state WHEN 'settled' THEN 'settled' ELSE 'claimed' END,
  amount = CASE state WHEN 'settled' THEN amount ELSE excluded.amount END,
  pay_to = CASE state WHEN 'settled' THEN pay_to ELSE excluded.pay_to END,
  user_id = CASE state WHEN 'settled' THEN user_id ELSE excluded.user_id END,
  credential = CASE state WHEN 'settled' THEN credential ELSE excluded.credential END,
  endpoint = CASE state WHEN 'settled' THEN endpoint ELSE excluded.endpoint END,
  url = CASE state WHEN 'settled' THEN url ELSE excluded.url END,
  signature = CASE state WHEN 'settled' THEN signature ELSE excluded.signature END,
  reason = NULL
WHERE state IN ('released', 'failed')
  OR (state = 'claimed' AND lease_until < excluded.updated_at)
  OR (state = 'settled' AND delivered_at IS NULL AND lease_until < excluded.updated_at
    AND url = excluded.url AND signature = excluded.signature AND user_id = excluded.user_id)
RETURNING json_object('payment_id', payment_id, 'state', state, 'receipt', receipt)
"""
STANDING = """
SELECT CASE WHEN state = 'settled' AND delivered_at IS NULL THEN 'owed' ELSE state END
FROM payments WHERE nonce = ?1 AND payer = ?2 AND asset = ?3 AND network = ?4
"""
# Only whoever holds the claim moves a payment on. One whose money was asked for before, and whose
# nonce turns out to be used, may have been taken then.
RELEASE = """
UPDATE payments SET state = CASE WHEN ?5 AND settle_attempts > 0 THEN 'unclear' ELSE 'released' END,
  reason = ?3, updated_at = ?4
WHERE payment_id = ?1 AND claim = ?2 AND state = 'claimed'
"""
BEGIN_SETTLING = """
UPDATE payments SET state = 'settling', updated_at = ?3, settle_attempts = settle_attempts + 1,
  request = ?4
WHERE payment_id = ?1 AND claim = ?2 AND state = 'claimed' RETURNING payment_id
"""
# The money was not asked for after all.
_NOT_ASKED = """
UPDATE payments SET state = 'released', updated_at = ?3
WHERE payment_id = ?1 AND claim = ?2 AND state IN ('claimed', 'settling')
"""
# What the facilitator said; `delivered_at` only where the work goes out with it.
CONCLUDE = """
UPDATE payments SET state = ?2, reason = ?3, tx = ?4, receipt = ?5, updated_at = ?6,
  settled_at = CASE ?2 WHEN 'settled' THEN ?6 END, delivered_at = ?7
WHERE payment_id = ?1 AND state IN ('settling', 'pending')
"""
_DELIVER = """
UPDATE payments SET delivered_at = ?3
WHERE payment_id = ?1 AND claim = ?2 AND delivered_at IS NULL RETURNING payment_id
"""
_OWE = "UPDATE payments SET lease_until = 0 WHERE payment_id = ?1 AND claim = ?2"


class Claimed(msgspec.Struct):
    """A payment that is ours to work for; `receipt` where the money was taken before."""

    payment_id: int
    state: State
    receipt: str | None


class Buyer(NamedTuple):
    """Who pays for what: a user and credential of ours, or a wallet alone."""

    user_id: str
    credential: str
    endpoint: str
    url: str


_claimed = msgspec.json.Decoder(Claimed).decode


async def claim(
    payment: Payment, buyer: Buyer, token: str, now: float, database: Database
) -> Claimed | None:
    """Claim a payment; None when it is somebody else's, or was used."""
    at = int(now)
    values = (
        payment.network, payment.asset, payment.payer, payment.nonce, payment.amount,
        payment.pay_to, buyer.user_id, buyer.credential, buyer.endpoint, buyer.url,
        payment.signature, token, at + LEASE_SECONDS, at,
    )  # fmt: skip
    text = await database.text(Statement(CLAIM, values))
    return None if text is None else _claimed(text)


async def standing(payment: Payment, database: Database) -> str | None:
    """Return the state of a payment, "owed" where its answer did not go out; None without one."""
    values = (payment.nonce, payment.payer, payment.asset, payment.network)
    return await database.text(Statement(STANDING, values))


async def release(
    payment_id: int, token: str, reason: str, now: float, database: Database, used: bool = False
) -> None:
    """Give a claim back: nothing was taken now. `used` is said of the nonce by the facilitator."""
    values = (payment_id, token, reason[:300], int(now), int(used))
    await database.batch([Statement(RELEASE, values)])


async def begin_settling(
    payment_id: int, token: str, request: str, now: float, database: Database
) -> bool:
    """Note, before the money is asked for, that it is; False when the claim was lost."""
    values = (payment_id, token, int(now), request)
    return await database.text(Statement(BEGIN_SETTLING, values)) is not None


async def not_asked(payment_id: int, token: str, now: float, database: Database) -> None:
    """Note that the money was not asked for, though it may be noted that it is."""
    await database.batch([Statement(_NOT_ASKED, (payment_id, token, int(now)))])


def conclude(
    payment_id: int, state: State, reason: str | None, tx: str, receipt: str, now: float,
    delivered: bool,
) -> Statement:  # fmt: skip
    """Return the statement that notes what the facilitator said."""
    at = int(now)
    told = reason[:300] if reason else None
    return Statement(
        CONCLUDE, (payment_id, state, told, tx, receipt, at, at if delivered else None)
    )


async def deliver(payment_id: int, token: str, now: float, database: Database) -> bool:
    """Note that the answer goes out whose money was taken before; False when another's did."""
    return await database.text(Statement(_DELIVER, (payment_id, token, int(now)))) is not None


async def owe(payment_id: int, token: str, database: Database) -> None:
    """Note that the answer could not be made: it may be asked for again at once."""
    await database.batch([Statement(_OWE, (payment_id, token))])
