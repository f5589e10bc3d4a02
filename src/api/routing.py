"""What a route declares, and how a path finds its route.

A route is one function from a validated request Struct to JSON text, and one
declaration. The gateway does the rest, and the documents are made from it.
"""

from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import Any, Literal, Protocol
from urllib.parse import unquote

import msgspec

from api.permissions import Permission
from api.principal import Outside, Principal
from common.database import Database
from common.envelope import Answer
from common.errors import Problem

CostClass = Literal["read", "view", "heavy", "write", "login"]


class Policy(msgspec.Struct, frozen=True):
    """How long an answer may be given again.

    `max_age` is what the caller's own cache is told, in seconds. `shared`
    answers are the same for everybody who may read them: only they are kept
    here, until the data changes. `kv` names KV's key, for the few that are
    worth a copy near every reader.
    """

    max_age: int = 60
    shared: bool = True
    kv: str | None = None


MARKET = Policy(300, kv="cache:market_data:{symbol}")
MARKET_LIST = Policy(300)
NEWS = Policy(900)
API = Policy(60)
PRIVATE = Policy(0, shared=False)


class Ask(Protocol):
    """Answers a further request as if this caller had sent it: counted, allowed and paid alone."""

    async def __call__(
        self, target: str, *, method: str = "GET", sent: bytes = b"", payment: str | None = None
    ) -> Answer:
        """Ask for `target` (path and query). `payment` is what PAYMENT-SIGNATURE would hold."""


class Reads(msgspec.Struct, frozen=True):
    """What a handler may use.

    `origin` is what the data is (live, simulated, recorded), `setting` reads
    a variable or secret by name with a default, `address` is the caller's,
    `header` reads a header of the request, `origins` are those that the
    caller's key names, `ask` answers a further request of this caller,
    `request_id` is what the answer and the log call this one.
    """

    database: Database
    now: float
    origin: str
    principal: Principal
    outside: Outside
    setting: Callable[[str, str], str]
    address: str = "unknown"
    header: Callable[[str], str | None] = lambda _: None
    origins: frozenset[str] | None = None
    ask: Ask | None = None
    request_id: str = ""


class Result(msgspec.Struct, frozen=True):
    """What a handler returns: `data` as JSON text, and further members of `meta`."""

    data: str
    meta: dict[str, object] = {}
    status: int = 200


# A handler returns an Answer instead where the envelope does not fit: files, pages, OAuth.
Handler = Callable[[Any, Reads], Awaitable[Result | Answer]]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One route: `path` holds {name} for each path parameter of `request`.

    `summary` and `description` are what the documentation says. `request`
    names every parameter the route knows: of the path, and of the query or,
    where there is a body, of the body. `answers` is the type of `data` in the
    answer, `status` its status. `example` are parameters that make a good
    request. `problems` are the kinds (api.problems) that the handler itself
    raises. `cost` says which limit counts it, `permission` who may.
    `media_type` is for answers without the envelope. `reader` reads a body
    that is read in no usual way. A public route that `knows_caller` takes a
    credential where one is sent. `price` names a row of
    the price table (api.payments.prices): who is not on a plan that includes
    the route pays for each answer; `priced_when` says of a request, and of
    now, whether that row is for it, None for all.
    """

    path: str
    summary: str
    request: type[msgspec.Struct]
    handler: Handler
    permission: Permission
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    description: str = ""
    answers: Any = None
    status: int = 200
    example: dict[str, Any] = {}
    problems: tuple[str, ...] = ()
    cost: CostClass = "read"
    cache: Policy = API
    body: Literal["json", "form"] | None = None
    media_type: str = "application/json"
    reader: Callable[["Route", dict[str, str], bytes], msgspec.Struct] | None = None
    knows_caller: bool = False
    price: str | None = None
    priced_when: Callable[[Any, float], bool] | None = None

    def is_priced(self, wanted: msgspec.Struct, now: float) -> bool:
        """Whether the answer to a request is priced on some plan."""
        return self.price is not None and (
            self.priced_when is None or self.priced_when(wanted, now)
        )

    @property
    def has_body(self) -> bool:
        """Whether the request's fields come in a body."""
        return self.body is not None or self.method in ("POST", "PUT", "PATCH")


LONGEST_PATH = 2048
PREFIX = "/api/v1"  # of most paths: it says nothing of what is meant
LONGEST_COMPARED, NEAREST, ALIKE = 200, 3, 0.5


class Router:
    """Finds routes by path, by number of segments and resource, without regular expressions."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes
        # A fixed part of a path comes before a parameter that could be it.
        ordered = sorted(routes, key=lambda route: route.path.count("{"))
        self._routes: dict[tuple[int, str], list[tuple[list[str], Route]]] = {}
        for route in ordered:
            pattern = route.path.strip("/").split("/")
            resource = _resource(pattern)
            key = len(pattern), "" if resource.startswith("{") else resource
            self._routes.setdefault(key, []).append((pattern, route))
        self._ends = {route.path.removeprefix(PREFIX): route.path for route in routes}

    def find(self, path: str, method: str = "GET") -> tuple[Route, dict[str, str]]:
        """Return the route of `path` and its path parameters. Raises Problem 404, 405 or 414."""
        if len(path) > LONGEST_PATH:
            raise Problem(
                414,
                "path-too-long",
                f"The path has {len(path)} characters; at most {LONGEST_PATH} are read.",
            )
        parts = [unquote(part) for part in path.strip("/").split("/")]
        wanted = "GET" if method == "HEAD" else method
        others: list[str] = []
        matched: list[str] | None = None
        count, resource = len(parts), _resource(parts)
        for pattern, route in (
            *self._routes.get((count, resource), ()),
            *self._routes.get((count, ""), ()),
        ):
            if matched is not None and pattern != matched:
                continue
            found = _match(pattern, parts)
            if found is not None:
                if route.method == wanted:
                    return route, found
                matched = pattern
                others.append(route.method)
        if others:
            allowed = ", ".join(dict.fromkeys(others)).replace("GET", "GET, HEAD")
            raise Problem(
                405, "method-not-allowed", f"{method[:20]} is not possible here; use {allowed}.",
                {"allow": allowed},
            )  # fmt: skip
        raise Problem(
            404, "no-such-route",
            f"There is nothing at this path.{self._nearest(path)} /docs lists all routes.",
        )  # fmt: skip

    def _nearest(self, path: str) -> str:
        """Return a sentence about the routes that are most like `path`, if any is."""
        asked = path[:LONGEST_COMPARED].removeprefix(PREFIX)
        found = get_close_matches(asked, self._ends, NEAREST, ALIKE)
        return f" Nearest are {', '.join(self._ends[end] for end in found)}." if found else ""


def _resource(parts: list[str]) -> str:
    """Return the part that tells routes apart: the third, after /api/v1, or the last."""
    return parts[min(2, len(parts) - 1)]


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            if part in (".", ".."):  # no address has one: whoever sends it means another path
                return None
            found[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return found
