"""The simulator's own paths: clock, events, labels, faults, counters, description."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tools.simulator.events import KINDS
from tools.simulator.faults import FAULTS, FaultPlan
from tools.simulator.gate import Traffic
from tools.simulator.instants import DAY, parse_iso
from tools.simulator.provider import World

_LONGEST_LABELS = 400 * DAY

_Endpoint = Callable[[Request], Awaitable[Any]]


def control_routes(
    world: World, plan: FaultPlan, traffic: Traffic, hosts: list[str]
) -> list[Route]:
    """The routes, each with its methods; a ValueError of an endpoint becomes a 422."""

    async def about(_: Request) -> Any:
        return {
            "what": "simulated data providers; nothing served here is real",
            "address": "/{provider host}/{provider path}?{provider query}",
            "providers": sorted(hosts),
            "GET /clock": world.clock.describe(),
            "POST /clock": '{"now": ISO, "advance_seconds": n, "speed": n} or {"wall": true}',
            "POST /events": {
                "body": '{"kind", "asset_id", "at": ISO (default now), "size"}',
                "kinds": {kind.name: kind.detail for kind in KINDS.values()},
            },
            "GET /labels": "?from=ISO&to=ISO, by default the last 24 hours",
            "POST /faults": {
                "body": '{"host", "fault", "path": part of it, "times": n, "seconds": n}',
                "faults": FAULTS,
            },
            "GET /faults": "those in force; DELETE /faults?host= lifts them",
            "GET /requests": "?host= counts by host and path, 304s and those that accept gzip; "
            "DELETE /requests starts anew",
            "GET /x402.org/facilitator/control/": "payments: transfers, balances, faults",
            "GET /health": '{"status": "ok"}',
        }

    async def health(_: Request) -> Any:
        return {"status": "ok"}

    async def clock(request: Request) -> Any:
        if request.method == "POST":
            world.clock.drive(await _object(request))
        return world.clock.describe()

    async def events(request: Request) -> Any:
        if world.schedule is None:
            raise ValueError("a replay plays what was recorded: no events can be planted")
        order = await _object(request)
        if unknown := set(order) - {"kind", "asset_id", "at", "size"}:
            raise ValueError(f"unknown field {sorted(unknown)[0]!r}")
        size = order.get("size")
        if size is not None and type(size) not in (int, float):
            raise ValueError("size must be a number")
        for name in ("kind", "asset_id"):
            if not isinstance(order.get(name), str):
                raise ValueError(f"{name} is required, as a string")
        at = order.get("at")
        if at is not None and not isinstance(at, str):
            raise ValueError("at must be an ISO 8601 string, e.g. 2026-11-22T12:00:00Z")
        start = int(world.clock.now()) if at is None else parse_iso(at)
        event = world.schedule.plant(order["kind"], order["asset_id"], start, size)
        return event.label(world.market.coins)

    async def labels(request: Request) -> Any:
        first, last = request.query_params.get("from"), request.query_params.get("to")
        end = int(world.clock.now()) if last is None else parse_iso(last)
        start = end - DAY if first is None else parse_iso(first)
        if not start < end <= start + _LONGEST_LABELS:
            raise ValueError("from must be before to, by at most 400 days")
        found = [] if world.schedule is None else world.schedule.between(start, end)
        return {"labels": [event.label(world.market.coins) for event in found]}

    async def faults(request: Request) -> Any:
        if request.method == "POST":
            plan.add(await _object(request))
        elif request.method == "DELETE":
            plan.remove(request.query_params.get("host"))
        return {"faults": plan.describe()}

    async def requests(request: Request) -> Any:
        if request.method == "DELETE":
            traffic.clear()
        return {"requests": traffic.describe(request.query_params.get("host"))}

    return [
        Route("/", _answering(about)),
        Route("/health", _answering(health)),
        Route("/clock", _answering(clock), methods=["GET", "POST"]),
        Route("/events", _answering(events, 201), methods=["POST"]),
        Route("/labels", _answering(labels)),
        Route("/faults", _answering(faults), methods=["GET", "POST", "DELETE"]),
        Route("/requests", _answering(requests), methods=["GET", "DELETE"]),
    ]


def _answering(endpoint: _Endpoint, status: int = 200) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            return _json(await endpoint(request), status)
        except ValueError as error:
            return _json({"error": str(error)}, 422)

    return respond


def _json(value: Any, status: int) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _object(request: Request) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as error:
        raise ValueError(f"the body must be JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")
    return value
