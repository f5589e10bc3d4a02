"""From a query string or a body to the validated request Struct of a route."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from api.routing import Route
from common import strict_json
from common.errors import Problem
from common.nesting import check_nesting

DEEPEST_BODY, MOST_BODY_VALUES = 16, 5_000


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


def read_form(route: Route, path: Mapping[str, str], body: bytes) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and a form (RFC 6749, B).

    Raises Problem 400 as read_request does.
    """
    try:
        return read_request(route, path, body.decode("ascii"))
    except UnicodeDecodeError:
        raise Problem(400, "invalid-body", "A form is percent-encoded ASCII.") from None


def read_body(route: Route, path: Mapping[str, str], body: bytes) -> msgspec.Struct:
    """Return the route's request Struct from path parameters and a JSON body.

    Raises Problem 400 that names the wrong field and, for an unknown one, the
    known ones.
    """
    try:
        check_nesting(body, DEEPEST_BODY, MOST_BODY_VALUES)
        given = strict_json.read(body or b"{}")
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
    what, _, name = str(error).partition(" - at `$.")
    name = name.rstrip("`")
    if "matching regex" in what:
        what = "it has a form that is not taken here; the documentation has an example"
    hint = get_type_hints(route.request).get(name)
    choices = [one for part in get_args(hint) for one in (get_args(part) or (part,))]
    choices = [one for one in choices if isinstance(one, str)]
    if what.startswith("Invalid enum value") and choices:
        return f"{name}: {what}. It may be {', '.join(map(str, choices))}."
    return f"{name}: {what}." if name else f"{what}."
