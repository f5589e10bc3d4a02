"""The server: providers under their own host names, and the control paths beside them."""

import gzip
from collections import OrderedDict
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import cached_property
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tools.facilitator import app as facilitator_app
from tools.facilitator.ledger import Ledger
from tools.facilitator.verdicts import Facilitator
from tools.simulator.canned import canned_response
from tools.simulator.clock import Clock
from tools.simulator.coins import COUNT, all_coins
from tools.simulator.control import control_routes
from tools.simulator.events import Schedule
from tools.simulator.faults import FaultPlan
from tools.simulator.gate import Gate, Traffic
from tools.simulator.instants import DAY, http_date
from tools.simulator.market import SimulatedMarket
from tools.simulator.news import SimulatedNews
from tools.simulator.provider import Answer, Provider, Request, Scale, World
from tools.simulator.providers import discover
from tools.simulator.tamper import tamper

FACILITATOR = "x402.org"
GRID = 60  # seconds; prices move no finer
_KEPT_BYTES = 64_000_000
_COMPRESSED_FROM = 500  # bytes
_ITEMS = 25
_MANY_ITEMS = 5000


def simulated_world(seed: int, clock: Clock, coins: int = COUNT, scale: Scale = "normal") -> World:
    """The world of a seed: a market, its events and its news."""
    listed = all_coins(coins)
    schedule = Schedule(seed, listed)
    market = SimulatedMarket(seed, listed, schedule)
    return World(clock, market, SimulatedNews(seed, listed, schedule), schedule, scale=scale)


def create_app(world: World, facilitator: ASGIApp | None = None) -> ASGIApp:
    """The ASGI application that serves a world, and beside it a facilitator of payments.

    Payments have the time of the real clock, whatever the world's is: buyers sign by theirs.
    """
    providers = discover()
    facilitator = facilitator or facilitator_app.create_app(Facilitator(Ledger()))
    plan, traffic = FaultPlan(providers), Traffic()
    desk = _Desk(world, providers)
    inner = Starlette(
        routes=[
            *control_routes(world, plan, traffic, list(providers)),
            Mount(f"/{FACILITATOR}/facilitator", facilitator),
            Route("/{host}/{path:path}", desk.serve, methods=["GET", "POST"]),
        ]
    )
    return Gate(inner, {*providers, FACILITATOR}, plan, traffic)


class Packed:
    """An answer with what is made from its body once, however often it is sent."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    @cached_property
    def tag(self) -> str:
        """Its ETag; weak, because the same answer may leave compressed or not."""
        return f'W/"{blake2b(self.answer.body, digest_size=16).hexdigest()}"'

    @cached_property
    def compressed(self) -> bytes:
        """The body for a client that accepts gzip."""
        # Level 1: a client on the same machine waits for the compressor, not for the network.
        return gzip.compress(self.answer.body, compresslevel=1, mtime=0)


class _Desk:
    """Hands requests to the providers, keeps what they answered, honours conditions."""

    def __init__(self, world: World, providers: dict[str, Provider]) -> None:
        self._world = world
        self._providers = providers
        self._kept: OrderedDict[tuple[object, ...], Packed] = OrderedDict()
        self._kept_bytes = 0

    async def serve(self, http: HttpRequest) -> Response:
        """One request to a provider, under the fault the gate has chosen for it."""
        provider = self._providers.get(http.path_params["host"])
        if provider is None:
            known = ", ".join(sorted(self._providers))
            return Response(f"no such provider; the path starts with one of {known}\n", 404)
        order = getattr(http.state, "fault", None)
        fault = order.fault if order else ""
        if canned := canned_response(fault):
            return canned
        instant = self._world.clock.now() - (DAY if fault == "stale" else 0)
        packed = self._answer(
            provider,
            Request(
                world=self._world,
                path=f"/{http.path_params['path']}",
                params=dict(http.query_params),
                now=int(instant) // GRID * GRID,
                instant=instant,
                items=_MANY_ITEMS if fault == "many_items" else _ITEMS,
                headers=dict(http.headers),
                method=http.method,
                # A GET has none, and what a fault waited on may have been its end already.
                body=await http.body() if http.method == "POST" else b"",
            ),
        )
        answer = packed.answer
        if fault and answer.status == 200:
            body = tamper(fault, answer.body, is_json="json" in answer.media_type)
            packed = Packed(replace(answer, body=body))
        return _conditional(http, packed)

    def _answer(self, provider: Provider, request: Request) -> Packed:
        key = (
            provider.host,
            request.method,
            request.path,
            *sorted(request.params.items()),
            request.body,
            # A key that is missing or wrong changes the answer; no other header does.
            *sorted(item for item in request.headers.items() if _is_key(item[0])),
            request.now,
            self._world.market.revision,
        )
        if kept := self._kept.get(key):
            return kept
        packed = Packed(provider.answer(request))
        if packed.answer.kept:
            self._kept[key] = packed
            self._kept_bytes += len(packed.answer.body)
            while self._kept_bytes > _KEPT_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._kept_bytes -= len(oldest.answer.body)
        return packed


def _is_key(header: str) -> bool:
    return header == "authorization" or "key" in header


def _conditional(http: HttpRequest, packed: Packed) -> Response:
    """The answer with its validators, or a 304 if the client has it (RFC 9110, section 13)."""
    answer = packed.answer
    headers = dict(answer.headers)
    if answer.pieces is not None:
        return StreamingResponse(answer.pieces(), answer.status, headers, answer.media_type)
    if answer.status == 200:
        headers |= {
            "ETag": packed.tag,
            "Last-Modified": http_date(answer.modified),
            "Cache-Control": "public, max-age=30",
        }
        if _is_current(http, packed.tag, answer.modified):
            return Response(status_code=304, headers=headers)
    body = answer.body
    encoded = any(name.lower() == "content-encoding" for name in headers)
    if len(body) >= _COMPRESSED_FROM and not encoded:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in http.headers.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", packed.compressed
    return Response(body, answer.status, headers, answer.media_type)


def _is_current(http: HttpRequest, tag: str, modified: int) -> bool:
    if (sent := http.headers.get("if-none-match")) is not None:
        known = {part.strip().removeprefix("W/") for part in sent.split(",")}
        return "*" in known or tag.removeprefix("W/") in known
    if since := http.headers.get("if-modified-since"):
        try:
            return modified <= parsedate_to_datetime(since).timestamp()
        except ValueError:
            return False  # an invalid date is to be ignored
    return False
