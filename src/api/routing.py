"""What a route declares, and how a path finds its route.

A route is one function from a validated request Struct to JSON text, and one
declaration. The gateway does the rest.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, get_args, get_type_hints
from urllib.parse import parse_qsl, unquote

import msgspec

from api.identity import GUEST, Outside, Principal
from common.database import Database
from common.errors import Problem
from common.nesting import check_nesting


class Reads(msgspec.Struct, frozen=True):
    """What a handler may use: the database, wall time, the origin of the data, and who asks."""

    database: Database
    now: float
    origin: str
    principal: Principal = GUEST
    outside: Outside | None = None


class Result(msgspec.Struct, frozen=True):
    """What a handler returns: `data` as JSON text, and further members of `meta`."""

    data: str
    meta: dict[str, object] = {}
    status: int = 200


Handler = Callable[[Any, Reads], Awaitable[Result]]


class Route(msgspec.Struct, frozen=True):
    """One route: `path` holds {name} for each path parameter of `request`.

    `summary` is what the documentation says. `max_age` is what caches are
    told, in seconds. `request` names every parameter the route knows: of the
    path, and of the query or, for POST, of the JSON body. A route that is
    `private` answers each caller differently, so nothing of it is kept; it
    and every method but GET are for holders of a key, not for guests.
    """

    path: str
    summary: str
    request: type[msgspec.Struct]
    handler: Handler
    max_age: int = 60
    method: Literal["GET", "POST", "DELETE"] = "GET"
    private: bool = False


LONGEST_PATH = 2048
DEEPEST_BODY, MOST_BODY_VALUES = 16, 5_000


class Router:
    """Finds routes by path: a dictionary per number of segments, no regular expressions."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._routes = [(route.path.strip("/").split("/"), route) for route in routes]
        self._listed = ", ".join(dict.fromkeys(route.path for route in routes))

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
        for pattern, route in self._routes:
            if len(pattern) == len(parts):
                found = _match(pattern, parts)
                if found is not None:
                    if route.method == wanted:
                        return route, found
                    others.append(route.method)
        if others:
            allowed = ", ".join(dict.fromkeys(others)).replace("GET", "GET, HEAD")
            raise Problem(
                405, "method-not-allowed", f"{method[:20]} is not possible here; use {allowed}.",
                {"allow": allowed},
            )  # fmt: skip
        raise Problem(
            404, "no-such-route", f"There is nothing at this path. The routes are {self._listed}."
        )


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            found[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return found


def read_request(route: Route, path: Mapping[str, str], query: str) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and query string.

    Raises Problem 400 that names the wrong parameter and, for an unknown or
    repeated one, the known ones.
    """
    known = [name for name in route.request.__struct_fields__ if name not in path]
    given: dict[str, str] = dict(path)
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            listed = ", ".join(known) or "none"
            raise Problem(
                400, "unknown-parameter", f"Unknown parameter {name!r:.60}. Known here: {listed}."
            )
        if name in given:
            raise Problem(400, "repeated-parameter", f"Parameter {name!r} is given twice.")
        given[name] = value
    try:
        return msgspec.convert(given, route.request, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid-parameter", _explain(error, route)) from None


def read_body(route: Route, path: Mapping[str, str], body: bytes) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and a JSON body.

    Raises Problem 400 that names the wrong field and, for an unknown one, the
    known ones.
    """
    try:
        check_nesting(body, DEEPEST_BODY, MOST_BODY_VALUES)
        given = msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:  # msgspec's and Unicode's are ValueErrors
        raise Problem(400, "invalid-body", f"The body is no usable JSON: {error}.") from None
    if not isinstance(given, dict):
        raise Problem(400, "invalid-body", "The body must be a JSON object.")
    known = [name for name in route.request.__struct_fields__ if name not in path]
    for name in given:
        if name not in known:
            listed = ", ".join(known)
            raise Problem(
                400, "unknown-field", f"Unknown field {name!r:.60}. Known here: {listed}."
            )
    try:
        return msgspec.convert({**given, **path}, route.request)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid-field", _explain(error, route)) from None


def _explain(error: msgspec.ValidationError, route: Route) -> str:
    """Return what is wrong with which parameter, and what it may be."""
    what, _, name = str(error).rstrip("`").partition(" - at `$.")
    hint = get_type_hints(route.request).get(name)
    choices = [one for part in get_args(hint) for one in (get_args(part) or (part,))]
    choices = [one for one in choices if isinstance(one, str)]
    if what.startswith("Invalid enum value") and choices:
        return f"{name}: {what}. It may be {', '.join(map(str, choices))}."
    return f"{name}: {what}." if name else f"{what}."
