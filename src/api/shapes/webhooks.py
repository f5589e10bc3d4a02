"""Shapes of answers about webhooks."""

from typing import Annotated, Literal

import msgspec

from api.shapes.common import Count, Moment
from common.alerts import WebhookEvent


class Webhook(msgspec.Struct, forbid_unknown_fields=True):
    """A webhook; its secret is in no answer but the one that made it.

    `failing_since` is the first failed attempt after the last success. After
    five days of it, or a 410 Gone, it is switched off and says why.
    """

    webhook_id: str
    url: str
    events: list[WebhookEvent]
    active: bool
    secret_version: Count
    secret_rotated_at: Moment | None
    failing_since: Moment | None
    switched_off_at: Moment | None
    switched_off_reason: str | None
    created_at: Moment
    updated_at: Moment


Secret = Annotated[
    str,
    msgspec.Meta(pattern=r"^whsec_[A-Za-z0-9+/]{43}=$", description="shown once, here: keep it"),
]


class WebhookWithSecret(Webhook, forbid_unknown_fields=True):
    """A webhook just made, or whose secret was just replaced."""

    secret: Secret


class RemovedWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """What was removed."""

    webhook_id: str


class Attempt(msgspec.Struct, forbid_unknown_fields=True):
    """One attempt at sending: `status` is null when nothing answered, `answer` the body's start."""

    at: Moment
    status: int | None
    milliseconds: int
    error: str | None
    answer: str | None


class Delivery(msgspec.Struct, forbid_unknown_fields=True):
    """A message and the attempts at sending it (the last 20), the oldest first.

    `delivery_id` is the header webhook-id, the same at every attempt. `failed`
    is one that is not tried any more.
    """

    delivery_id: str
    webhook_id: str
    event: WebhookEvent | Literal["ping"]
    event_key: str
    state: Literal["pending", "delivered", "failed"]
    attempts: list[Attempt]
    next_try_at: Moment | None
    created_at: Moment
    delivered_at: Moment | None
    acknowledged_at: Moment | None


class Acknowledged(msgspec.Struct, forbid_unknown_fields=True):
    """What was acknowledged, and when."""

    delivery_id: str
    acknowledged_at: Moment
