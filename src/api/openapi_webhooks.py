"""What is sent to webhooks, as the section `webhooks` of the OpenAPI document (3.1).

The bodies are made by signals.delivery.matching and api.objects.webhooks, the
headers by common.webhook_signing.
"""

from typing import Any, Literal

import msgspec

from api.openapi_examples import example_of
from api.openapi_schemas import Schemas
from api.shapes.common import Moment, Signal

Json = dict[str, Any]
HEX = "[0-9a-f]"


class SignalMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A signal was found."""

    type: Literal["signal"]
    timestamp: Moment
    data: Signal


class SignalEndedMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A signal is over: `ended_at` says since when."""

    type: Literal["signal.ended"]
    timestamp: Moment
    data: Signal


class AlertedRule(msgspec.Struct, forbid_unknown_fields=True):
    """The alert rule that fired."""

    rule_id: str
    name: str


class Alerted(msgspec.Struct, forbid_unknown_fields=True):
    """Which of your rules fired, and on which signal."""

    rule: AlertedRule
    signal: Signal


class AlertMessage(msgspec.Struct, forbid_unknown_fields=True):
    """An alert rule of yours fired."""

    type: Literal["alert"]
    timestamp: Moment
    data: Alerted


class Pinged(msgspec.Struct, forbid_unknown_fields=True):
    """The webhook that is tried."""

    webhook_id: str


class PingMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A test that you asked for."""

    type: Literal["ping"]
    timestamp: Moment
    data: Pinged


MESSAGES: dict[str, tuple[type[msgspec.Struct], str, str]] = {
    "signal": (SignalMessage, "A signal was found",
               "Sent to webhooks whose `events` have `signal`, for every signal of every tick."),
    "signal.ended": (SignalEndedMessage, "A signal is over",
                     "Sent to webhooks whose `events` have `signal.ended`."),
    "alert": (AlertMessage, "An alert rule of yours fired",
              "Sent to the webhooks that the rule names, if their `events` have `alert`."),
    "ping": (PingMessage, "A test",
             "Sent by POST /api/v1/webhooks/{webhook_id}/test, whatever its `events`."),
}  # fmt: skip
SIGNED = (
    "Check the signature before you trust a message (Standard Webhooks 1.0): decode the base64"
    " behind `whsec_` of the webhook's secret, make HMAC-SHA256 of"
    " `<webhook-id>.<webhook-timestamp>.<body as it came>`, and compare `v1,<base64>` of it with"
    " each signature in `webhook-signature`, in constant time. Refuse a timestamp that is over five"
    " minutes old and an id that you have had. Answer within 10 seconds; what you do with it can"
    " come later."
)


def _header(name: str, description: str, pattern: str, example: str) -> Json:
    return {
        "name": name, "in": "header", "required": True, "description": description,
        "schema": {"type": "string", "pattern": pattern}, "example": example,
    }  # fmt: skip


HEADERS = [
    _header("webhook-id", "Names the message, the same at every attempt.",
            f"^[0-9]{{10}}-{HEX}{{16}}$", "1795349703-0123456789abcdef"),
    _header("webhook-timestamp", "When this attempt was signed, in epoch seconds.",
            "^[0-9]{10}$", "1795349704"),
    _header("webhook-signature",
            "One signature; for 24 hours after the secret was replaced two, with a space between.",
            "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)?$",
            "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
]  # fmt: skip
ANSWERS: Json = {
    "2XX": {"description": "The message has arrived."},
    "410": {"description": "Nothing is here any more: the webhook is switched off."},
    "default": {
        "description": "Anything else, a redirect too, and no answer within 10 seconds: the message"
        " is sent again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. A webhook that fails for five"
        " days is switched off."
    },
}


def webhooks(schemas: Schemas) -> Json:
    """Return the section; `schemas` has the types of MESSAGES."""
    return {event: {"post": _message(event, schemas)} for event in MESSAGES}


def _message(event: str, schemas: Schemas) -> Json:
    kind, summary, description = MESSAGES[event]
    schema = schemas.of(kind)
    example = example_of(schema, schemas.components)
    return {
        "operationId": f"webhook_{event.replace('.', '_')}",
        "summary": summary,
        "description": f"{description}\n\n{SIGNED}",
        "tags": ["webhooks"],
        "parameters": HEADERS,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "responses": ANSWERS,
        "security": [],
    }
