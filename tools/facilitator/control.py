"""The facilitator's local controls: faults, transfers, balances. They ask for no key."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tools.facilitator.faults import FAULTS, FaultPlan
from tools.facilitator.ledger import MOST, Ledger
from tools.facilitator.tokens import BY_VERSION

_Endpoint = Callable[[Request], Awaitable[Any]]


class _Balance(msgspec.Struct, forbid_unknown_fields=True):
    network: str
    holder: Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{40}\Z")]
    amount: Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class _Ending(msgspec.Struct, forbid_unknown_fields=True):
    state: Literal["confirmed", "failed"]


def control_routes(ledger: Ledger, plan: FaultPlan) -> list[Route]:
    """The routes; a ValueError of an endpoint becomes a 422."""

    async def about(_: Request) -> Any:
        return {
            "what": "controls of a facilitator whose money is pretended",
            "POST faults": {
                "body": '{"fault", "call": "verify" or "settle", "times": n, "share": 0 to 1, '
                '"seed": n, "reason", "seconds", "confirm_calls", "confirm_seconds"}',
                "faults": FAULTS,
            },
            "GET faults": "those in force; DELETE lifts them",
            "GET transfers": "?payTo=ADDRESS, oldest first",
            "GET received": "sums by network, asset and receiver, in atomic units",
            "GET balances": "of those who paid; POST {network, holder, amount} sets one of USDC",
            "POST pending": '{"state": "confirmed" or "failed"} ends all that is pending',
            "DELETE ledger": "forgets all money",
        }

    async def faults(request: Request) -> Any:
        if request.method == "POST":
            plan.add(await _sent(request))
        elif request.method == "DELETE":
            plan.clear()
        return {"faults": plan.describe()}

    async def transfers(request: Request) -> Any:
        return {"transfers": ledger.transfers(request.query_params.get("payTo"))}

    async def received(_: Request) -> Any:
        return {"received": ledger.received()}

    async def balances(request: Request) -> Any:
        if request.method == "POST":
            sent = msgspec.convert(await _sent(request), _Balance)
            token = BY_VERSION[2].get(sent.network)
            if token is None:
                raise ValueError(f"network must be one of {', '.join(BY_VERSION[2])}")
            ledger.set_balance(token.network, token.asset, sent.holder, sent.amount)
        return {"balances": ledger.balances()}

    async def pending(request: Request) -> Any:
        return {"ended": ledger.end_pending(msgspec.convert(await _sent(request), _Ending).state)}

    async def forget(_: Request) -> Any:
        ledger.clear()
        return {}

    return [
        Route("/", _answering(about)),
        Route("/faults", _answering(faults), methods=["GET", "POST", "DELETE"]),
        Route("/transfers", _answering(transfers)),
        Route("/received", _answering(received)),
        Route("/balances", _answering(balances), methods=["GET", "POST"]),
        Route("/pending", _answering(pending), methods=["POST"]),
        Route("/ledger", _answering(forget), methods=["DELETE"]),
    ]


def _answering(endpoint: _Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            return json(await endpoint(request))
        except ValueError as error:
            return json({"error": str(error)}, 422)

    return respond


def json(value: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _sent(request: Request) -> Any:
    return msgspec.json.decode(await request.body())
