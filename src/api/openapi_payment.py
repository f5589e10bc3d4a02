"""What a paid answer costs, as a part of an OpenAPI document: x402, see api.payments."""

from typing import Any

import msgspec

from api.payments.terms import (
    RECEIPT,
    REQUIRED,
    SCHEME,
    TOKENS,
    Config,
    Resource,
    Terms,
    encoded,
    in_usd,
    offer,
    read_terms,
)
from api.problems import kinds_of
from api.routing import Route

Json = dict[str, Any]
KIND = "payment-required"
_OFFERED = Config(
    pay_to="0x209693Bc6afc0C5328bA36FaF03C514EF312287C", networks=("eip155:84532",),
    facilitator="https://x402.org/facilitator", prices={"sample": {"free": 5000}},
)  # fmt: skip
_RECEIPT = {
    "success": True, "transaction": f"0x{'8f' * 32}", "network": "eip155:84532",
    "payer": "0x857b06519E91e3A54538791bDbb0E22373e36b66",
}  # fmt: skip


def is_sold(route: Route) -> bool:
    """Whether an answer of the route may be paid: it has a price, or a spent quota has."""
    return KIND in kinds_of(route)


def payment_of(route: Route, terms: Terms | None) -> Json | None:
    """Return what an answer of a priced route costs, by plan; None of one without a price.

    A plan that is not named has the route included, `guest` is who has no key.
    """
    row = terms.prices.table.get(route.price) if terms and route.price else None
    if terms is None or not row:
        return None
    return {
        "protocol": "x402",
        "versions": [2, 1],
        "scheme": SCHEME,
        "currency": "USDC",
        "amounts": {plan: {"atomic": str(one), "usd": in_usd(one)} for plan, one in row.items()},
        "networks": [{"network": one, "asset": TOKENS[one].asset} for one in terms.config.networks],
        "pay_to": terms.config.pay_to,
        "sometimes": route.priced_when is not None,
    }


def said(payment: Json) -> str:
    """Return what an answer costs, for a person."""
    told = [f"${one['usd']} ({plan})" for plan, one in payment["amounts"].items()]
    often = "Costs, for some requests," if payment["sometimes"] else "Costs"
    return (
        f"{often} {', '.join(told)} an answer, paid by x402 in USDC; included in the other plans."
        " [How](/docs#guide-paying)."
    )


def example() -> Json:
    """Return the further members of an example of the problem: the offer in version 1."""
    made = _sample()
    accepts = msgspec.to_builtins(made.v1())
    return {"x402Version": 1, "error": "Payment required", "accepts": accepts}


def headers() -> Json:
    """Return the headers of payments, for components."""
    return {
        REQUIRED: {
            "description": "What to pay, to whom and how: base64 of JSON (x402 v2,"
            " PaymentRequired). The body has the same for clients of version 1.",
            "required": True, "schema": {"type": "string", "contentEncoding": "base64"},
            "example": _sample().header("Payment required"),
        },
        RECEIPT: {
            "description": "The receipt of a payment that was taken, or why it was not: base64 of"
            " JSON (x402 v2, SettlementResponse).",
            "required": False, "schema": {"type": "string", "contentEncoding": "base64"},
            "example": encoded(_RECEIPT),
        },
    }  # fmt: skip


def _sample() -> Any:
    terms = read_terms(msgspec.json.encode(_OFFERED).decode())
    if terms is None:
        raise AssertionError("the sample sells")
    path = "https://api.cryptointel.example/api/v1/analytics/volatility"
    resource = Resource(path, "Realised volatility", "application/json")
    return offer(terms, 5000, resource, {})
