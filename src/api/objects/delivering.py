"""Sending, replaying and acknowledging: handlers of /webhooks and /hooks."""

import contextlib
import secrets
from typing import Annotated

import msgspec

from api.objects import webhooks as table
from api.objects.fields import Id
from api.objects.watchlists import encode
from api.objects.webhooks import DeliveryId
from api.reads.asking import Cursor, seal, unseal
from api.routing import Reads, Result
from common.database import Statement, keyset_page
from common.errors import Fatal, Problem, Retryable
from common.times import iso
from common.webhook_signing import RefusedSignature, secrets_in_force, verify_ack

LAST_ID = "~"  # sorts behind every id


class WebhookRequest(msgspec.Struct):
    """`webhook_id`: as given when the webhook was made."""

    webhook_id: Id


class DeliveriesRequest(msgspec.Struct):
    """`webhook_id`, limit, cursor (meta.next of the page before)."""

    webhook_id: Id
    limit: Annotated[int, msgspec.Meta(ge=1, le=250)] = 50
    cursor: Cursor | None = None


class ReplayRequest(msgspec.Struct):
    """A delivery of a webhook."""

    webhook_id: Id
    delivery_id: DeliveryId


class AckRequest(msgspec.Struct):
    """`signature` is "v1,<base64>" of `ack.<delivery_id>.<timestamp>`, made with the secret.

    `timestamp` is when it was signed, in epoch seconds, at most five minutes from now.
    """

    webhook_id: Id
    delivery_id: DeliveryId
    timestamp: Annotated[int, msgspec.Meta(ge=0, le=99_999_999_999)]
    signature: Annotated[str, msgspec.Meta(pattern=r"^[!-~]+( [!-~]+)*$", max_length=500)]


async def deliveries(request: DeliveriesRequest, reads: Reads) -> Result:
    """Return the newest deliveries of a webhook with their attempts. Raises Problem 404."""
    behind = unseal(request, request.cursor)[0] if request.cursor else LAST_ID
    values = (request.limit, request.webhook_id, reads.principal.user_id, behind)
    found = await keyset_page(reads.database, Statement(table.DELIVERIES, values), request.limit)
    if not found.items:
        await hook_of(request.webhook_id, reads)
    following = None if found.next is None else seal(request, found.next)
    return Result(f"[{','.join(found.items)}]", {"next": following})


async def ping(request: WebhookRequest, reads: Reads) -> Result:
    """Send a signed message of the type "ping" now and return its delivery.

    Raises Problem 404, 409 for a webhook that is not active.
    """
    await _require_active(request.webhook_id, reads)
    now = int(reads.now)
    delivery_id = f"{now:010d}-{secrets.token_hex(8)}"
    values = (request.webhook_id, reads.principal.user_id, delivery_id, now)
    await reads.database.batch([Statement(table.PING, values)])
    return await _sent(request.webhook_id, delivery_id, reads)


async def replay(request: ReplayRequest, reads: Reads) -> Result:
    """Send a delivery once more, under its old id, and return it.

    Raises Problem 404, 409 for a webhook that is not active.
    """
    await _require_active(request.webhook_id, reads)
    values = (request.delivery_id, request.webhook_id, reads.principal.user_id)
    await reads.database.batch([Statement(table.REPLAY, values)])
    return await _sent(request.webhook_id, request.delivery_id, reads)


async def acknowledge(request: AckRequest, reads: Reads) -> Result:
    """Note that the receiver has processed a delivery; its signature is its right to say so.

    Raises Problem 401 for a signature that is wrong or too old (and for what
    does not exist, so that nobody can ask), 409 for one that was used.
    """
    rows = await reads.database.all(Statement(table.VERSION, (request.webhook_id,)))
    version, rotated_at = (rows[0]["secret_version"], rows[0]["rotated_at"]) if rows else (1, None)
    key = reads.setting("WEBHOOK_SECRET_KEY", "")
    try:
        known = secrets_in_force(key, request.webhook_id, version, rotated_at, reads.now)
        verify_ack(known, request.delivery_id, request.timestamp, request.signature, reads.now)
    except RefusedSignature as refused:
        raise _refused(str(refused)) from None
    except Fatal:
        raise not_set_up() from None
    now = int(reads.now)
    values = (request.delivery_id, request.webhook_id)
    if not await reads.database.all(Statement(table.ACKNOWLEDGE, (*values, now))):
        if await reads.database.text(Statement(table.IS_SENT, values)) is None:
            raise _refused("No signature is by this webhook's secret.")
        raise Problem(409, "already-acknowledged", "This delivery was acknowledged before.")
    told = {"delivery_id": request.delivery_id, "acknowledged_at": iso(now)}
    return Result(encode(told))


async def hook_of(webhook_id: str, reads: Reads) -> str:
    """Return a webhook of the caller's as JSON. Raises Problem 404."""
    values = (webhook_id, reads.principal.user_id)
    found = await reads.database.text(Statement(table.GET, values))
    if found is None:
        raise Problem(
            404, "no-such-webhook",
            "You have no webhook with this id. /api/v1/webhooks lists yours.",
        )  # fmt: skip
    return found


def not_set_up() -> Problem:
    """Return what is told where no secret can be made."""
    return Problem(
        503, "webhooks-not-set-up", "Webhooks are not set up here: the operator has set no"
        " WEBHOOK_SECRET_KEY.",
    )  # fmt: skip


async def _require_active(webhook_id: str, reads: Reads) -> None:
    values = (webhook_id, reads.principal.user_id)
    found = await reads.database.text(Statement(table.IS_ACTIVE, values))
    if found is None:
        await hook_of(webhook_id, reads)
    if found != "1":
        raise Problem(
            409, "webhook-inactive", "This webhook is switched off; put it with active true first."
        )


async def _sent(webhook_id: str, delivery_id: str, reads: Reads) -> Result:
    """Have it sent and return it; where the signals Worker is away it stays pending."""
    values = (delivery_id, webhook_id, reads.principal.user_id)
    if await reads.database.text(Statement(table.DELIVERY, values)) is None:
        raise Problem(
            404, "no-such-delivery",
            "This webhook has no delivery with this id. Those older than 30 days are gone.",
        )  # fmt: skip
    with contextlib.suppress(Retryable):  # the cron sends it within a minute
        await reads.outside.deliver()
    return Result(await reads.database.text(Statement(table.DELIVERY, values)) or "null")


def _refused(why: str) -> Problem:
    return Problem(401, "signature-refused", why)
