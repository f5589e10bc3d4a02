"""From a query string or a body to the validated request Struct of a route."""

import functools
import re
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from api.identity.oauth_answers import speaks_oauth
from api.routing import Route
from common import strict_json
from common.errors import Problem
from common.nesting import check_nesting

DEEPEST_BODY, MOST_BODY_VALUES = 16, 5_000
MOST_CHOICES = 40  # a longer list is no help

_step = re.compile(r"\.(\w+)|\[(?:\d+|\.\.\.)\]")


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
        _add(given, name, value)
    return _converted(given, route)


def read_form(route: Route, path: Mapping[str, str], body: bytes) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and a form (RFC 6749, 3.2 and B).

    What is unknown is ignored, what is empty counts as left out. Raises
    Problem 400 as read_request does.
    """
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True)
    except UnicodeDecodeError:
        raise Problem(400, "invalid-body", "A form is percent-encoded ASCII.") from None
    given: dict[str, str] = dict(path)
    for name, value in fields:
        if name in route.request.__struct_fields__:
            _add(given, name, value)
    return _converted({name: value for name, value in given.items() if value}, route)


def _add(given: dict[str, str], name: str, value: str) -> None:
    if name in given:
        raise Problem(400, "repeated-parameter", f"Parameter {name!r} is given twice.")
    given[name] = value


def _converted(given: dict[str, str], route: Route) -> msgspec.Struct:
    """Return the request Struct of texts. Raises Problem 400."""
    if (ended := _ended(given, route)) is not None:
        raise Problem(400, "invalid-parameter", f"{ended}: a line break ends it.")
    try:
        wanted: msgspec.Struct = msgspec.convert(given, route.request, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid-parameter", _explain(error, route)) from None
    for name in given:
        if getattr(wanted, name) is None:  # the word null was read as one
            detail = f"{name}: leave it out instead of sending null."
            raise Problem(400, "invalid-parameter", detail)
    return wanted


def read_body(route: Route, path: Mapping[str, str], body: bytes) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and a JSON body.

    Raises Problem 400 that names the wrong field and, for an unknown one, the
    known ones; OAuth ignores the unknown.
    """
    try:
        check_nesting(body, DEEPEST_BODY, MOST_BODY_VALUES)
        given = strict_json.read(body or b"{}")
    except (ValueError, RecursionError) as error:  # msgspec's and Unicode's are ValueErrors
        raise Problem(400, "invalid-body", f"The body is no usable JSON: {error}.") from None
    if not isinstance(given, dict):
        raise Problem(400, "invalid-body", "The body must be a JSON object.")
    known = [name for name in route.request.__struct_fields__ if name not in path]
    if speaks_oauth(route):
        given = {name: value for name, value in given.items() if name in known}
    for name in given:
        if name not in known:
            listed = ", ".join(known)
            raise Problem(
                400, "unknown-field", f"Unknown field {name!r:.60}. Known here: {listed}."
            )
    given |= path
    if (ended := _ended(given, route)) is not None:
        raise Problem(400, "invalid-field", f"{ended}: a line break ends it.")
    try:
        return msgspec.convert(given, route.request)
    except msgspec.ValidationError as error:
        raise Problem(400, "invalid-field", _explain(error, route)) from None


def _ended(given: Mapping[str, Any], route: Route) -> str | None:
    """Return the name of a value that its pattern lets through for its last line break alone.

    Python's `$` matches before that too, the one of JSON Schema, which clients read, does not.
    """
    for name, value in given.items():
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and text[-1:] == "\n" for text in texts):
            hint = get_type_hints(route.request, include_extras=True)[name]
            if "pattern=" in repr(hint):
                return name
    return None


def _explain(error: msgspec.ValidationError, route: Route) -> str:
    """Return what is wrong with which parameter, and what it may be."""
    what, _, place = str(error).partition(" - at `$")
    place = place.rstrip("`")
    name = place.lstrip(".")
    if "matching regex" in what:
        what = "it has a form that is not taken here; the documentation has an example"
    if what.startswith("Invalid enum value"):
        choices = [*_choices(route.request, place), *_beside(route.path, name)]
        if 0 < len(choices) <= MOST_CHOICES:
            return f"{name}: {what}. It may be {', '.join(choices)}."
    return f"{name}: {what}." if name else f"{what}."


def _choices(request: Any, place: str) -> list[str]:
    """Return the values of the closed list at `place` (.name[0].name) of a type."""
    hints = [request]
    for name in (found[1] for found in _step.finditer(place)):
        hints = [inner for hint in hints for inner in _inside(hint, name)]
    return [
        str(value)
        for hint in hints
        for part in _parts(hint)
        if get_origin(part) is Literal
        for value in get_args(part)
        if value is not None
    ]


def _inside(hint: Any, name: str | None) -> list[Any]:
    """Return the types of the field `name`, of any item where it is None."""
    found: list[Any] = []
    for part in _parts(hint):
        if name is None:
            found += get_args(part)[-1:]
        elif isinstance(part, type) and issubclass(part, msgspec.Struct):
            found += [hint for key, hint in get_type_hints(part).items() if key == name]
        elif get_origin(part) is dict:
            found += get_args(part)[-1:]
    return found


def _parts(hint: Any) -> list[Any]:
    """Return the types of a union; most are none."""
    union = not isinstance(hint, type) and get_origin(hint) not in (Literal, list, dict)
    return list(get_args(hint)) if union else [hint]


@functools.cache
def _beside(path: str, name: str) -> tuple[str, ...]:
    """Return the values of the parameter that ends `path` which are routes of their own."""
    from api.routes import ROUTES  # the routes import what reads them

    before, _, last = path.rpartition("/")
    if last != f"{{{name}}}":
        return ()
    others = (route.path.rpartition("/") for route in ROUTES if route.method == "GET")
    return tuple(end for start, _, end in others if start == before and not end.startswith("{"))
