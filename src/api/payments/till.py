"""Selling one answer: match the offer, claim, verify, do the work, settle, answer.

Nothing goes out before the money is taken, and no money is taken for work
that failed. Where the end is not known (the facilitator's answer was lost, or
the transfer is pending) nothing goes out either: the row says so, the cron
finds out, and the same payment sent again then brings what it paid for.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from api.payments import facilitator, ledger
from api.payments.ledger import Buyer, Claimed
from api.payments.payment import Mismatch, Payment, decode, fit, presented
from api.payments.terms import RECEIPT, RECEIPT_V1, REQUIRED, Offer, Terms, encoded, in_usd
from api.principal import Context, Principal, Request
from common.envelope import Answer
from common.errors import CryptoIntelError, Problem, Retryable

MOST_CHARACTERS = 8_000_000  # of a paid answer: it is whole before it is paid
AGAIN_SECONDS = 300  # as often as the cron asks what became of payments

Work = Callable[[], Awaitable[Answer]]


class Sale(NamedTuple):
    """What is sold to whom: `endpoint` as usage is counted by."""

    offer: Offer
    terms: Terms
    principal: Principal
    endpoint: str


async def sell(sale: Sale, request: Request, context: Context, work: Work) -> Answer:
    """Return the answer of `work`, paid.

    Raises Problem 400 for a payment that cannot be read, 402 without one and
    for one that is not good, 409 while the same payment is being worked for,
    503 when nobody can check or take it, and whatever `work` raises.
    """
    found = presented(request)
    if found is None or request.method != "GET":
        raise required(sale, "Payment required")
    text, version = found
    try:
        payment = fit(decode(text, version), sale.offer, context.now)
    except Mismatch as mismatch:
        raise required(sale, str(mismatch)) from None
    who = sale.principal
    user = f"wallet:{payment.payer}" if who.kind == "guest" else who.user_id
    buyer = Buyer(user, who.credential, sale.endpoint, sale.offer.resource.url)
    token = secrets.token_hex(16)
    database = context.open_database()
    if payment.untimely and await ledger.standing(payment, database) not in ledger.TAKING:
        raise required(sale, payment.untimely)
    claimed = await ledger.claim(payment, buyer, token, context.now, database)
    if claimed is None:
        raise await _taken(sale, payment, context)
    if claimed.state == "settled":
        return await _deliver_again(sale, payment, claimed, token, context, work)
    try:
        address = sale.terms.config.facilitator
        verdict = await facilitator.verify(context.outside.facilitator, address, payment.request)
        answer = await _whole(await work()) if verdict.is_valid else None
    except BaseException as error:
        await _release(claimed, token, error, context)
        raise
    if answer is None:
        reason = verdict.invalid_reason or "invalid_payload"
        await ledger.release(
            claimed.payment_id, token, reason, context.now, database, used=verdict.used
        )
        raise required(sale, reason)
    if answer.status >= 400:
        await ledger.release(
            claimed.payment_id, token, f"the work ended with {answer.status}", context.now, database
        )
        return answer
    return await _settle(sale, payment, claimed, token, answer, context)


def required(sale: Sale, error: str, receipt: facilitator.Settlement | None = None) -> Problem:
    """Return the Problem 402 with a fresh offer, in both versions of the protocol."""
    offer = sale.offer
    headers = {REQUIRED: offer.header(error)}
    if receipt is not None:
        headers |= receipts(receipt)
    return Problem(
        402, "payment-required",
        f"This costs {in_usd(offer.amount)} USDC, paid with the request by x402: {error}."
        " How: /docs#guide-paying.",
        headers,
        {"x402Version": 1, "error": error, "accepts": msgspec.to_builtins(offer.v1())},
    )  # fmt: skip


def receipts(settlement: facilitator.Settlement) -> dict[str, str]:
    """Return the headers that tell the buyer what became of the money."""
    told = encoded(settlement.receipt())
    return {RECEIPT: told, RECEIPT_V1: told}


async def _taken(sale: Sale, payment: Payment, context: Context) -> Problem:
    """Return why a payment cannot be worked for: it is being, or it was used."""
    state = await ledger.standing(payment, context.open_database())
    if state == "claimed" or (state in ledger.TAKING and state != "settled"):
        return in_progress({})
    return required(sale, "this payment was used before")


def in_progress(headers: dict[str, str]) -> Problem:
    """Return the Problem 409 of a payment whose end is not known, or whose answer is owed."""
    return Problem(
        409, "payment-in-progress",
        "This payment is being worked for or settled. Send the same one again later, not a new"
        " one: if its money was taken, it brings what it paid for.",
        {"retry-after": str(AGAIN_SECONDS), **headers},
    )  # fmt: skip


async def _deliver_again(
    sale: Sale, payment: Payment, claimed: Claimed, token: str, context: Context, work: Work
) -> Answer:
    """Do the work of a payment whose money was taken before and whose answer never went out."""
    database = context.open_database()
    try:
        answer = await _whole(await work())
    except BaseException:
        context.outside.later(ledger.owe(claimed.payment_id, token, database))
        raise
    if answer.status >= 400:
        await ledger.owe(claimed.payment_id, token, database)
        return answer
    if not await ledger.deliver(claimed.payment_id, token, context.now, database):
        raise await _taken(sale, payment, context)
    _hand_over(answer, msgspec.json.decode(claimed.receipt or "", type=facilitator.Settlement))
    return answer


async def _settle(
    sale: Sale, payment: Payment, claimed: Claimed, token: str, answer: Answer, context: Context
) -> Answer:
    database, now = context.open_database(), context.now
    try:
        ours = await ledger.begin_settling(
            claimed.payment_id, token, payment.request, now, database
        )
    except Retryable:
        context.outside.later(ledger.not_asked(claimed.payment_id, token, now, database))
        raise facilitator.unreachable("Nothing was taken.") from None
    if not ours:
        raise await _taken(sale, payment, context)
    try:
        settlement = await facilitator.settle(
            context.outside.facilitator, sale.terms.config.facilitator, payment.request
        )
    except Retryable:
        raise facilitator.unreachable(
            "The money may have been taken: send the same payment again in some minutes, and it"
            " brings what it paid for."
        ) from None
    state = conclusion(settlement)
    told = ledger.conclude(
        claimed.payment_id, state, settlement.error_reason, settlement.transaction or "",
        msgspec.json.encode(settlement.receipt()).decode(), now, delivered=settlement.success,
    )  # fmt: skip
    try:
        await database.batch([told])
    except Retryable:
        # It is noted that the money is asked for, and the cron asks what became of it.
        context.outside.later(database.batch([told]))
    if state in ("pending", "unclear"):
        raise in_progress(receipts(settlement))
    if not settlement.success:
        raise required(sale, settlement.error_reason or "the payment was not taken", settlement)
    _hand_over(answer, settlement)
    return answer


def conclusion(settlement: facilitator.Settlement) -> ledger.State:
    """Return the state that a facilitator's answer to /settle puts a payment in."""
    if settlement.success:
        return "settled"
    if settlement.pending:
        return "pending"
    return "unclear" if settlement.used else "failed"


async def _whole(answer: Answer) -> Answer:
    """Return an answer with its body as one text. Raises Problem 413 for one that is too long."""
    if isinstance(answer.body, str):
        return answer
    parts: list[str] = []
    size = 0
    async for part in answer.body:
        parts.append(part)
        size += len(part)
        if size > MOST_CHARACTERS:
            raise Problem(
                413, "too-much-to-sell",
                f"This is over {MOST_CHARACTERS:,} characters, too much for one payment. Nothing"
                " was taken. Ask for a shorter span.",
            )  # fmt: skip
    return Answer(answer.status, answer.headers, "".join(parts))


async def _release(claimed: Claimed, token: str, error: BaseException, context: Context) -> None:
    """Give the claim back after a failure; one that cannot be given back ends by itself."""
    reason = str(error) if isinstance(error, CryptoIntelError) else type(error).__name__
    try:
        await ledger.release(
            claimed.payment_id, token, reason, context.now, context.open_database()
        )
    except Retryable:
        return


def _hand_over(answer: Answer, settlement: facilitator.Settlement) -> None:
    answer.headers.pop("etag", None)
    answer.headers.update({**receipts(settlement), "cache-control": "private, no-store"})
