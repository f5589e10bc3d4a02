"""/webhooks: where the caller is sent signals and alerts, signed (Standard Webhooks).

A message is {"type", "timestamp", "data"}; its headers webhook-id, webhook-timestamp
and webhook-signature are checked with the secret (common.webhook_signing).
"""

import secrets
from typing import Any

from api.objects import webhooks as table
from api.objects.delivering import (
    AckRequest,
    DeliveriesRequest,
    ReplayRequest,
    WebhookRequest,
    acknowledge,
    deliveries,
    hook_of,
    not_set_up,
    ping,
    replay,
)  # fmt: skip
from api.objects.fields import EXAMPLE_ID, Id, NothingRequest
from api.objects.watchlists import encode
from api.objects.webhooks import MOST_WEBHOOKS, WebhookFields
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.webhooks import (
    Acknowledged,
    Delivery,
    RemovedWebhook,
    Webhook,
    WebhookWithSecret,
)  # fmt: skip
from common.addresses import RefusedAddress
from common.database import Statement
from common.errors import Fatal, Problem
from common.guarded_fetch import check_receiver
from common.webhook_signing import secret_of


class ChangedWebhook(WebhookFields, kw_only=True):
    """All of a webhook anew; its secret stays."""

    webhook_id: Id


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's webhooks."""
    owner = reads.principal.user_id
    return Result(await reads.database.text(Statement(table.LIST, (owner,))) or "[]")


async def shown(request: WebhookRequest, reads: Reads) -> Result:
    """Return a webhook. Raises Problem 404."""
    return Result(await hook_of(request.webhook_id, reads))


async def create(request: WebhookFields, reads: Reads) -> Result:
    """Store a webhook and return it with its secret, which is shown only here.

    Raises Problem 422 for an address that may not be asked, 409 when the
    caller has as many as one may, 503 where no secret can be made.
    """
    url, webhook_id = _checked(request.url, reads), secrets.token_hex(8)
    secret = _secret(webhook_id, 1, reads)
    owner, events = reads.principal.user_id, encode(list(dict.fromkeys(request.events)))
    values = (webhook_id, owner, url, events, request.active, int(reads.now), MOST_WEBHOOKS)
    await reads.database.batch([Statement(table.INSERT, values)])
    found = await reads.database.text(Statement(table.GET, (webhook_id, owner)))
    if found is None:
        raise Problem(
            409, "webhook-limit",
            f"You have {MOST_WEBHOOKS} webhooks, as many as one may; remove one first.",
        )  # fmt: skip
    return Result(_with_secret(found, secret), status=201)


async def replace(request: ChangedWebhook, reads: Reads) -> Result:
    """Replace a webhook of the caller's and return it. Raises Problem 404, 422.

    What waits for one that is no longer active is given up.
    """
    await hook_of(request.webhook_id, reads)
    mine = (request.webhook_id, reads.principal.user_id)
    events = encode(list(dict.fromkeys(request.events)))
    values = (*mine, _checked(request.url, reads), events, request.active, int(reads.now))
    await reads.database.batch([Statement(table.UPDATE, values), Statement(table.GIVE_UP, mine)])
    return Result(await hook_of(request.webhook_id, reads))


async def remove(request: WebhookRequest, reads: Reads) -> Result:
    """Remove a webhook of the caller's, its deliveries, and its place in rules. Raises 404."""
    await hook_of(request.webhook_id, reads)
    mine = (request.webhook_id, reads.principal.user_id)
    removing = (table.DELETE, table.DELETE_DELIVERIES, table.FORGET_IN_RULES)
    await reads.database.batch([Statement(sql, mine) for sql in removing])
    return Result(encode({"webhook_id": request.webhook_id}))


async def rotate(request: WebhookRequest, reads: Reads) -> Result:
    """Replace the secret and return the new one; both sign for 24 hours.

    Who replaces it at the same moment gets the same one. Raises Problem 404.
    """
    await hook_of(request.webhook_id, reads)
    mine = (request.webhook_id, reads.principal.user_id)
    rows = await reads.database.all(Statement(table.VERSION, mine[:1]))
    version = int(rows[0]["secret_version"]) + 1
    secret = _secret(request.webhook_id, version, reads)
    values = (*mine, version, int(reads.now))
    await reads.database.batch([Statement(table.ROTATE, values)])
    return Result(_with_secret(await hook_of(request.webhook_id, reads), secret))


def _checked(url: str, reads: Reads) -> str:
    try:
        return check_receiver(url, reads.setting("ENVIRONMENT", "production")).url
    except RefusedAddress as refused:
        raise Problem(422, "webhook-refused-address", str(refused)) from None


def _secret(webhook_id: str, version: int, reads: Reads) -> str:
    try:
        return secret_of(reads.setting("WEBHOOK_SECRET_KEY", ""), webhook_id, version)
    except Fatal:
        raise not_set_up() from None


def _with_secret(hook: str, secret: str) -> str:
    return f'{hook[:-1]},"secret":{encode(secret)}}}'


HOOK = "/api/v1/webhooks/{webhook_id}"
EXAMPLE = {"url": "https://hooks.example.com/cryptointel", "events": ["signal", "alert"]}
EXAMPLE_PATH = {"webhook_id": EXAMPLE_ID}
EXAMPLE_DELIVERY = {**EXAMPLE_PATH, "delivery_id": f"1763813700-{EXAMPLE_ID}"}
SENDING = ("no-such-webhook", "webhook-inactive")


def _read(path: str, summary: str, **rest: Any) -> Route:
    return Route(
        path=path, summary=summary, permission="webhooks:read", cache=PRIVATE,
        **rest,
    )  # fmt: skip


def _write(path: str, summary: str, **rest: Any) -> Route:
    return Route(
        path=path, summary=summary, permission="webhooks:write", cost="write", cache=PRIVATE,
        **rest,
    )  # fmt: skip


ROUTES = (
    _read(
        "/api/v1/webhooks", "Your webhooks",
        request=NothingRequest, handler=listed, answers=list[Webhook],
    ),
    _write(
        "/api/v1/webhooks", "Make a webhook; its secret is shown only in this answer",
        description="Messages are signed as Standard Webhooks says: HMAC-SHA256 of"
        " id.timestamp.body. What fails is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h.",
        request=WebhookFields, handler=create, method="POST", answers=WebhookWithSecret,
        status=201, example=EXAMPLE,
        problems=("webhook-refused-address", "webhook-limit", "webhooks-not-set-up"),
    ),
    _read(
        HOOK, "A webhook of yours",
        request=WebhookRequest, handler=shown, answers=Webhook, example=EXAMPLE_PATH,
        problems=("no-such-webhook",),
    ),
    _write(
        HOOK, "Replace a webhook of yours; switching it on again clears its failures",
        request=ChangedWebhook, handler=replace, method="PUT", answers=Webhook,
        example={**EXAMPLE_PATH, **EXAMPLE},
        problems=("no-such-webhook", "webhook-refused-address"),
    ),
    _write(
        HOOK, "Remove a webhook of yours and its deliveries",
        request=WebhookRequest, handler=remove, method="DELETE", answers=RemovedWebhook,
        example=EXAMPLE_PATH, problems=("no-such-webhook",),
    ),
    _write(
        f"{HOOK}/rotate-secret", "Replace a webhook's secret; the old one signs along for 24 hours",
        request=WebhookRequest, handler=rotate, method="POST", answers=WebhookWithSecret,
        example=EXAMPLE_PATH, problems=("no-such-webhook", "webhooks-not-set-up"),
    ),
    _write(
        f"{HOOK}/test", "Send a signed ping now, and see what came of it",
        request=WebhookRequest, handler=ping, method="POST", answers=Delivery,
        example=EXAMPLE_PATH, problems=SENDING,
    ),
    _read(
        f"{HOOK}/deliveries", "What was sent to a webhook of yours, with every attempt",
        request=DeliveriesRequest, handler=deliveries, answers=list[Delivery],
        example={**EXAMPLE_PATH, "limit": 10}, problems=("no-such-webhook", "invalid-cursor"),
    ),
    _write(
        f"{HOOK}/deliveries/{{delivery_id}}/replay", "Send a delivery once more, now",
        request=ReplayRequest, handler=replay, method="POST", answers=Delivery,
        example=EXAMPLE_DELIVERY, problems=(*SENDING, "no-such-delivery"),
    ),
    Route(
        path="/api/v1/hooks/{webhook_id}/ack",
        summary="For receivers: say that a delivery was processed, signed with the secret",
        description='The signature is "v1," and the base64 of HMAC-SHA256, by the decoded secret,'
        " of ack.<delivery_id>.<timestamp>. No key is needed.",
        request=AckRequest, handler=acknowledge, permission="public", method="POST",
        answers=Acknowledged, cache=PRIVATE,
        example={**EXAMPLE_DELIVERY, "timestamp": 1763813700, "signature": "v1,c2lnbmF0dXJl"},
        problems=("signature-refused", "already-acknowledged", "webhooks-not-set-up"),
    ),
)  # fmt: skip
