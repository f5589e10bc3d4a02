"""x402 over MCP: offers, payments and receipts between tool calls and the API's headers.

Served are both ways that clients know: the specification's (an offer in the result, a
payment as an object in `_meta`) and that of Cloudflare's `agents` (the offer in `_meta`,
the payment there as base64).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import msgspec

from api.mcp.protocol import INVALID_PARAMS, Refusal
from api.payments.terms import DECIMALS, read_terms
from api.routing import Route
from common.envelope import Answer

PAYMENT, RECEIPT, OFFER = "x402/payment", "x402/payment-response", "x402/error"
# As Cloudflare's `agents` has them.
PRICED, PRICE = "agents-x402/paymentRequired", "agents-x402/priceUSD"


def payment_of(meta: dict[str, Any], header: Callable[[str], str | None]) -> str | None:
    """Return the payment of a call as PAYMENT-SIGNATURE would hold it, None without one.

    Raises Refusal for what is neither an object, nor its JSON, nor base64 of that.
    """
    given = meta.get(PAYMENT)
    if given is None:
        return header("payment-signature") or header("x-payment")
    if isinstance(given, dict):
        text = b64encode(msgspec.json.encode(given)).decode()
    elif isinstance(given, str) and given.lstrip().startswith("{"):
        text = b64encode(given.encode()).decode()
    else:
        text = given if isinstance(given, str) else ""
    if not text or _json(text) is None:
        raise Refusal(INVALID_PARAMS, f"_meta[{PAYMENT!r}] is no payment of x402.", 400)
    return text


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
    offered = _json(answer.headers.get("payment-required", ""))
    if offered is None:
        return None
    told = msgspec.Raw(offered)
    return {
        "content": [{"type": "text", "text": offered.decode()}],
        "structuredContent": told,
        "isError": True,
        "_meta": {OFFER: told, **receipt_of(answer)},
    }


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
