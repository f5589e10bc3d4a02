"""The server: providers under their own host names, and the control paths beside them."""

from collections import OrderedDict
from email.utils import parsedate_to_datetime
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tools.simulator.canned import canned_response
from tools.simulator.clock import Clock
from tools.simulator.coins import all_coins
from tools.simulator.control import control_routes
from tools.simulator.events import Schedule
from tools.simulator.faults import FaultPlan
from tools.simulator.gate import Gate, Traffic
from tools.simulator.instants import DAY, http_date
from tools.simulator.market import SimulatedMarket
from tools.simulator.news import SimulatedNews
from tools.simulator.provider import Answer, Provider, Request, World
from tools.simulator.providers import discover
from tools.simulator.tamper import tamper

GRID = 60  # seconds; prices move no finer
_KEPT_ANSWERS = 64
_ITEMS = 25
_MANY_ITEMS = 5000


def simulated_world(seed: int, clock: Clock) -> World:
    """The world of a seed: a market, its events and its news."""
    coins = all_coins()
    schedule = Schedule(seed, coins)
    market = SimulatedMarket(seed, coins, schedule)
    return World(clock, market, SimulatedNews(seed, coins, schedule), schedule)


def create_app(world: World) -> ASGIApp:
    """The ASGI application that serves a world."""
    providers = discover()
    plan, traffic = FaultPlan(providers), Traffic()
    desk = _Desk(world, providers)
    inner = Starlette(
        routes=[
            *control_routes(world, plan, traffic, list(providers)),
            Route("/{host}/{path:path}", desk.serve),
        ],
        # Level 1: a client on the same machine waits for the compressor, not for the network.
        middleware=[Middleware(GZipMiddleware, minimum_size=500, compresslevel=1)],
    )
    return Gate(inner, providers, plan, traffic)


class _Desk:
    """Hands requests to the providers, keeps what they answered, honours conditions."""

    def __init__(self, world: World, providers: dict[str, Provider]) -> None:
        self._world = world
        self._providers = providers
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

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
        answer = self._answer(
            provider,
            Request(
                world=self._world,
                path=f"/{http.path_params['path']}",
                params=dict(http.query_params),
                now=int(instant) // GRID * GRID,
                instant=instant,
                items=_MANY_ITEMS if fault == "many_items" else _ITEMS,
            ),
        )
        body = answer.body
        if fault and answer.status == 200:
            body = tamper(fault, body, is_json="json" in answer.media_type)
        return _conditional(http, answer, body)

    def _answer(self, provider: Provider, request: Request) -> Answer:
        key = (
            provider.host,
            request.path,
            *sorted(request.params.items()),
            request.now,
            self._world.market.revision,
        )
        if kept := self._kept.get(key):
            return kept
        answer = provider.answer(request)
        if answer.kept:
            self._kept[key] = answer
            if len(self._kept) > _KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return answer


def _conditional(http: HttpRequest, answer: Answer, body: bytes) -> Response:
    """The answer with its validators, or a 304 if the client has it (RFC 9110, section 13)."""
    if answer.status != 200:
        return Response(body, answer.status, media_type=answer.media_type)
    # Weak, because the same answer may leave compressed or not.
    tag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Last-Modified": http_date(answer.modified),
        "Cache-Control": "public, max-age=30",
    }
    if _is_current(http, tag, answer.modified):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=answer.media_type)


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
