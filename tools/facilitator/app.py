"""The facilitator's HTTP interface: GET /supported, POST /verify, POST /settle.

https://github.com/x402-foundation/x402, specification version 2, section 7. A refusal is
status 200; status 400 is for a body that is no request at all. Faults on order come between.
"""

import asyncio
import hmac
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from tools.facilitator.control import control_routes, json
from tools.facilitator.faults import FaultPlan, Order
from tools.facilitator.hang_up import HangUp
from tools.facilitator.ledger import Pending
from tools.facilitator.payments import SCHEME, Malformed
from tools.facilitator.tokens import BY_VERSION
from tools.facilitator.verdicts import Facilitator, refusal

SUPPORTED = {
    "kinds": [
        {"x402Version": version, "scheme": SCHEME, "network": network}
        for version, networks in BY_VERSION.items()
        for network in networks
    ],
    "extensions": ["bazaar"],
    "signers": {"eip155:*": ["0x00000000000000000000000000000000000fac17"]},
}


def create_app(facilitator: Facilitator, key: str = "") -> Starlette:
    """The application; with a key its three paths want it as a bearer token.

    It must lie within `hang_up.Outermost`, or be told otherwise how to close a connection.
    """
    plan = FaultPlan()

    async def supported(request: Request) -> Response:
        return json(SUPPORTED) if _may(request, key) else _stranger()

    async def verify(request: Request) -> Response:
        if not _may(request, key):
            return _stranger()
        body = await request.body()
        order = plan.take("verify")
        if order and (broken := _broken(order)):
            return broken
        try:
            answer = json(facilitator.verify(body, _refusing(order, "unexpected_verify_error")))
        except Malformed as error:
            told = {"isValid": False, "invalidReason": "invalid_payload"}
            return json(told | {"invalidMessage": str(error)}, 400)
        return await _delivered(answer, order)

    async def settle(request: Request) -> Response:
        if not _may(request, key):
            return _stranger()
        body = await request.body()
        order = plan.take("settle")
        if order and (broken := _broken(order)):
            return broken
        try:
            refuse = _refusing(order, "unexpected_settle_error")
            status, told = facilitator.settle(body, _pending(order), refuse)
        except Malformed as error:
            told = refusal("invalid_payload", "", None) | {"errorMessage": str(error)}
            return json(told, 400)
        return await _delivered(json(told, status), order)

    return Starlette(
        routes=[
            Route("/supported", supported),
            Route("/verify", verify, methods=["POST"]),
            Route("/settle", settle, methods=["POST"]),
            Mount("/control", routes=control_routes(facilitator.ledger, plan)),
        ]
    )


def _may(request: Request, key: str) -> bool:
    sent = request.headers.get("authorization", "")
    return not key or hmac.compare_digest(sent.encode(), f"Bearer {key}".encode())


def _stranger() -> Response:
    return json({"error": "the header Authorization: Bearer KEY is missing or wrong"}, 401)


def _broken(order: Order) -> Response | None:
    """The answer of a fault under which nothing is done, None for the others."""
    answers: dict[str, Any] = {
        "http_500": lambda: Response("Internal Server Error", 500, media_type="text/plain"),
        "drop": HangUp,
        "not_json": lambda: Response('{"success": tr', media_type="application/json"),
    }
    make = answers.get(order.fault)
    made: Response | None = make() if make else None
    return made


def _refusing(order: Order | None, usual: str) -> str:
    return order.reason or usual if order and order.fault == "refuse" else ""


def _pending(order: Order | None) -> Pending | None:
    if order is None or not order.fault.startswith("pending"):
        return None
    status = 500 if order.fault == "pending_500" else 200
    return Pending(status, order.confirm_calls, order.confirm_seconds)


async def _delivered(answer: Response, order: Order | None) -> Response:
    """The answer to what was done, late or never."""
    if order and order.fault == "lost":
        return HangUp()
    if order and order.fault == "slow":
        await asyncio.sleep(order.seconds)
    return answer
