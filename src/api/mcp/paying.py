"""x402 over MCP: offers, payments and receipts between tool calls and the API's headers.

Served are both ways that clients know: the specification's (an offer in the result, a
payment as an object in `_meta`) and that of Cloudflare's `agents` (the offer in `_meta`,
the payment there as base64).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import msgspec

from api.mcp.protocol import INVALID_PARAMS, PAYMENT_REQUIRED, Refusal
from api.payments.terms import DECIMALS, read_terms
from api.routing import Route
from common.envelope import Answer

PAYMENT, RECEIPT, OFFER = "x402/payment", "x402/payment-response", "x402/error"
# As Cloudflare's `agents` has them.
PRICED, PRICE = "agents-x402/paymentRequired", "agents-x402/priceUSD"
VERSION = 2


class _Versioned(msgspec.Struct):
    """What is read of a payment here; one that says no version is the till's to refuse."""

    version: Any = msgspec.field(name="x402Version", default=VERSION)


def payment_of(meta: dict[str, Any], header: Callable[[str], str | None]) -> str | None:
    """Return the payment of a call as PAYMENT-SIGNATURE would hold it, None without one.

    Raises Refusal for what is neither an object, nor its JSON, nor base64 of that, and for
    version 1: what is offered here, and can be checked, is version 2.
    """
    given = meta.get(PAYMENT)
    if given is None:
        signed = header("payment-signature")
        if not signed and header("x-payment"):
            raise _other_version("the header X-PAYMENT is of version 1")
        return signed
    if isinstance(given, dict):
        text = b64encode(msgspec.json.encode(given)).decode()
    elif isinstance(given, str) and given.lstrip().startswith("{"):
        text = b64encode(given.encode()).decode()
    else:
        text = given if isinstance(given, str) else ""
    found = _json(text) if text else None
    if found is None:
        raise Refusal(INVALID_PARAMS, f"_meta[{PAYMENT!r}] is no payment of x402.", 400)
    version = msgspec.json.decode(found, type=_Versioned).version
    if version != VERSION:
        raise _other_version(f"_meta[{PAYMENT!r}] has x402Version {str(version)[:20]}")
    return text


def _other_version(sent: str) -> Refusal:
    detail = (
        f"Pay by version {VERSION} of x402, in params._meta[{PAYMENT!r}] or the header"
        f" PAYMENT-SIGNATURE: {sent}."
    )
    return Refusal(INVALID_PARAMS, detail, 400)


def price_of(route: Route, terms: str, plan: str) -> dict[str, object]:
    """Return what tools/list tells of a tool's price, in dollars; nothing where it has none.

    `terms` are the variable X402. What is paid for only some requests is offered when one is made.
    """
    known = read_terms(terms) if route.price and route.priced_when is None else None
    amount = known.prices.of(route.price, plan) if known else 0
    if not amount:
        return {}
    return {"_meta": {PRICED: True, PRICE: amount / 10**DECIMALS}}


def offer_of(answer: Answer) -> dict[str, object] | None:
    """Return the result of a call that has to be paid, None where the answer asks for nothing."""
    offered = _offered(answer)
    if offered is None:
        return None
    told = msgspec.Raw(offered)
    return {
        "content": [{"type": "text", "text": offered.decode()}],
        "structuredContent": told,
        "isError": True,
        "_meta": {OFFER: told, **receipt_of(answer)},
    }


def require_paid(answer: Answer) -> None:
    """Raise Refusal with the offer for what is no tool and has to be paid."""
    offered = _offered(answer)
    if offered is not None:
        detail = f"Payment required: pay one of data.accepts in params._meta[{PAYMENT!r}]."
        raise Refusal(PAYMENT_REQUIRED, detail, 400, msgspec.Raw(offered))


def _offered(answer: Answer) -> bytes | None:
    return _json(answer.headers.get("payment-required", ""))


def receipt_of(answer: Answer) -> dict[str, object]:
    """Return the receipt of a payment for `_meta`; nothing where none was made."""
    receipt = _json(answer.headers.get("payment-response", ""))
    return {} if receipt is None else {RECEIPT: msgspec.Raw(receipt)}


def _json(text: str) -> bytes | None:
    """Return the JSON object that stands in base64, None for anything else."""
    try:
        told = b64decode(text, validate=True)
        msgspec.json.decode(told, type=dict[str, Any])
    except (ValueError, RecursionError):
        return None
    return told
