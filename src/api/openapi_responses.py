"""What a route answers, as a part of an OpenAPI document: with examples, and every failure."""

from http import HTTPStatus
from typing import Any, get_type_hints

from api.identity.oauth_answers import WRONG_MEDIA_TYPE, speaks_oauth
from api.openapi_answers import (
    HEALTH_FAILURE,
    Failures,
    headers_of,
    oauth_failure,
    phrase_of,
)
from api.openapi_examples import example_of
from api.openapi_exports import LINES, NDJSON, Broken, content_of
from api.openapi_meta import metas_of
from api.openapi_schemas import Schemas, alternatives
from api.problems import PROBLEMS, kinds_of
from api.reads import units
from api.routing import Result, Route

Json = dict[str, Any]
JSON_TYPE = "application/json"
# In JSON-RPC: a message that cannot be, an unknown method, a client that takes no JSON.
RPC_FAILURES = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_ACCEPTABLE)
TEXTS = {
    "text/html": '<!doctype html>\n<html lang="en">',
    "text/css": ":root {\n  color-scheme: light dark;",
    "text/javascript": '"use strict";',
    "text/markdown": "# The day of 2026-11-22",
    "text/event-stream": 'id: 4711\ndata: {"event":"pong","seq":4711}\n\n',
    "text/plain": "# CryptoIntel",
    "text/csv": "section,subject,figure,value,unit,source,observed_at,age_seconds",
}


def is_bare(route: Route) -> bool:
    """Whether the route answers without the envelope: its handler says that it returns Answers."""
    return Result not in _parts(get_type_hints(route.handler).get("return"))


def _parts(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__args__", (hint,))


def responses_of(route: Route, schemas: Schemas, failures: Failures) -> Json:
    """Return every answer of a route by its status."""
    found: Json = {}
    success: Json = {"description": phrase_of(route.status), "headers": headers_of(route)}
    content = {
        one.strip(): _content(one.strip(), route, schemas) for one in route.media_type.split(",")
    }
    if content != {JSON_TYPE: {"schema": {}}}:  # else the answer has no body
        success["content"] = content
    found[str(route.status)] = success
    if route.method == "GET" and "etag" in success["headers"]:
        found["304"] = {"description": "You have it: If-None-Match holds its ETag.",
                        "headers": success["headers"]}  # fmt: skip
    oauth = speaks_oauth(route)
    by_status: dict[int, list[str]] = {401: []} if route.body == "form" else {}
    if route.reader is not None:
        # Errors have the form of the protocol, and what asks for nothing is only accepted.
        by_status = {status: [] for status in RPC_FAILURES}
        found["202"] = {"description": phrase_of(202), "headers": success["headers"]}
    for kind in kinds_of(route):
        status = PROBLEMS[kind].status
        if oauth and status == WRONG_MEDIA_TYPE:
            status = 400
        by_status.setdefault(status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        more: Json = {}
        if oauth:
            more = oauth_failure(status, kinds)
        elif route.reader is not None and status in RPC_FAILURES:
            data = schemas.of(route.answers)
            shown = example_of(data, schemas.components, route.path)
            more = {JSON_TYPE: {"schema": data, "example": shown}}
        elif route.path == "/health" and status == HTTPStatus.SERVICE_UNAVAILABLE:
            more = HEALTH_FAILURE
        found[str(status)] = failures.reference(status, tuple(kinds), more, route)
    return found


def _content(media_type: str, route: Route, schemas: Schemas) -> Json:
    """Return the schema and the examples of one media type of a route's good answer."""
    if not media_type.endswith("json") or media_type == NDJSON:
        if route.path not in LINES:
            return {"schema": {"type": "string"}, "example": TEXTS.get(media_type, "")}
        line, broken = schemas.of(LINES[route.path]), schemas.of(Broken)
        return content_of(media_type, route, line, broken, schemas.components)
    data = schemas.of(route.answers)
    if is_bare(route):
        shown = {"schema": data}
        if data:
            shown["example"] = example_of(data, schemas.components, route.path)
        return shown
    metas = [schemas.of(one) for one in metas_of(route)]
    schema = {
        "type": "object", "required": ["data", "meta"], "additionalProperties": False,
        "properties": {"data": data, "meta": metas[0] if len(metas) == 1 else {"anyOf": metas}},
    }  # fmt: skip
    examples = _examples(route, metas, schemas)
    if len(examples) == 1:
        return {"schema": schema, "example": examples[0]}
    return {
        "schema": schema,
        "examples": {f"example{number}": {"value": one} for number, one in enumerate(examples, 1)},
    }


def _examples(route: Route, metas: list[Json], schemas: Schemas) -> list[Json]:
    """Return an answer for each alternative of the data, with the meta in that place."""
    found = []
    for place, kind in enumerate(alternatives(route.answers)):
        data = example_of(schemas.of(kind), schemas.components)
        meta = example_of(metas[min(place, len(metas) - 1)], schemas.components)
        if "units" in meta:
            meta["units"] = _units_in(data)
        found.append({"data": data, "meta": meta})
    return found


# Of a count called n each route says what is counted.
UNITS = {
    name: unit
    for some in (
        units.OVERVIEW, units.price_in("USD"), units.bars_in("USD"), units.SIGNALS,
        units.SOURCE_STATES, units.SOURCE_QUALITY, units.ENTITIES,
        {"volatility": "% a year", "correlation": "from -1 to 1"},
    )
    for name, unit in some.items()
    if name != "n"
}  # fmt: skip


def _units_in(data: Any) -> dict[str, str]:
    """Return the units of the figures in an example of data."""
    if isinstance(data, list):
        return _units_in(data[0]) if data else {}
    if not isinstance(data, dict):
        return {}
    found = {name: UNITS[name] for name in data if name in UNITS}
    for value in data.values():
        found |= _units_in(value)
    return found
