"""The OpenAPI document (3.1), made from what the routes declare and from nothing else.

https://spec.openapis.org/oas/v3.1.1. Schemas are msgspec's, of the Structs that
validate requests and describe answers.
"""

import inspect
import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, get_type_hints

from api.guide import markdown
from api.openapi_answers import (
    COMPONENTS,
    FORM_FAILURE,
    HEALTH_FAILURE,
    Failures,
    headers_of,
    problem_examples,
)
from api.openapi_schemas import REF, schemas_of
from api.openapi_security import requirements, roles_with, security_schemes
from api.problems import PROBLEMS, kinds_of
from api.routing import Result, Route

Json = dict[str, Any]
VERSION = "1"
JSON_TYPE = "application/json"
FORM = "application/x-www-form-urlencoded"
ABOUT = (
    "Prices, signals and their track record, news, and DeFi, DEX, on-chain and NFT figures,"
    " collected every 15 minutes. Every number says where it comes from and how old it is; every"
    " signal says why it fired and how often such signals were right."
)


def document(routes: Iterable[Route], server: str = "", dashboard: str = "") -> Json:
    """Return the document of `routes`.

    `server` and `dashboard` are the addresses of the API and of the dashboard
    without a slash at the end.
    """
    listed = list(routes)
    schemas, components = schemas_of(listed)
    paths: dict[str, Json] = {}
    failures = Failures()
    for route in listed:
        path = paths.setdefault(route.path, {})
        path[route.method.lower()] = _operation(route, schemas, failures)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CryptoIntel API",
            "version": VERSION,
            "summary": ABOUT,
            "description": markdown(),
        },
        "servers": [{"url": server or "/"}],
        "tags": _tags(listed),
        "paths": paths,
        "components": {
            **COMPONENTS,
            "schemas": COMPONENTS["schemas"] | components,
            "responses": failures.told,
            "examples": problem_examples(),
            "securitySchemes": security_schemes(server, dashboard),
        },
    }


def operation_id(route: Route) -> str:
    """Return the operation's name: the resource's file and the handler."""
    return f"{_resource(route)}_{route.handler.__name__}"


def is_bare(route: Route) -> bool:
    """Whether the route answers without the envelope: its handler says that it returns Answers."""
    return Result not in _parts(get_type_hints(route.handler).get("return"))


def _parts(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__args__", (hint,))


def _resource(route: Route) -> str:
    return route.handler.__module__.rpartition(".")[2]


def _tags(routes: list[Route]) -> list[Json]:
    """Return a tag per resource: the file's name, and what its docstring says behind the colon."""
    found: dict[str, Json] = {}
    for route in routes:
        name = _resource(route)
        text = inspect.getdoc(sys.modules[route.handler.__module__]) or ""
        first = " ".join(text.partition("\n\n")[0].split()).partition(": ")
        told = first[2] or first[0]
        found.setdefault(name, {"name": name, "description": told[:1].upper() + told[1:]})
    return list(found.values())


def _operation(route: Route, schemas: dict[int, Json], failures: Failures) -> Json:
    request = schemas[id(route.request)]
    in_path = re.findall(r"{(\w+)}", route.path)
    fields: Json = request.get("properties", {})
    needed = request.get("required", [])
    told: Json = {
        "operationId": operation_id(route),
        "tags": [_resource(route)],
        "summary": route.summary,
        "description": _description(route, request),
        "x-permission": route.permission,
        "x-cost": route.cost,
        "x-problems": list(route.problems),
        "parameters": [
            _parameter(name, schema, "path" if name in in_path else "query", name in needed, route)
            for name, schema in fields.items()
            if name in in_path or not route.has_body
        ],
    }
    if route.has_body:
        told["requestBody"] = _body(route, fields, needed, in_path)
    told["responses"] = _responses(route, schemas, failures)
    told["security"] = requirements(route.permission)
    return told


def _description(route: Route, request: Json) -> str:
    """Return what the declaration and the request's docstring say, and what is asked for."""
    told = [route.description, " ".join(request.get("description", "").split())]
    needs = "No key is needed."
    if route.permission != "public":
        needs = f"Needs the permission `{route.permission}` ({roles_with(route.permission)})."
    told.append(f"{needs} Counted as a `{route.cost}` request.")
    return "\n\n".join(text for text in told if text)


def _parameter(name: str, schema: Json, place: str, needed: bool, route: Route) -> Json:
    """Return a parameter. In a path or a query nothing is null: it is left out instead."""
    plain = dict(schema)
    options = [one for one in plain.pop("anyOf", []) if one != {"type": "null"}]
    if len(options) == 1:
        plain |= options[0]
    elif options:
        plain["anyOf"] = options
    if plain.get("default", 0) is None:
        del plain["default"]
    told: Json = {"name": name, "in": place, "required": needed or place == "path"}
    if "description" in plain:
        told["description"] = plain.pop("description")
    told["schema"] = plain
    if name in route.example:
        told["example"] = route.example[name]
    return told


def _body(route: Route, fields: Json, needed: list[str], in_path: list[str]) -> Json:
    """Return the body: the fields that are not in the path, and no others."""
    schema: Json = {
        "type": "object",
        "properties": {name: one for name, one in fields.items() if name not in in_path},
        "required": [name for name in needed if name not in in_path],
        "additionalProperties": False,
    }
    content: Json = {"schema": schema}
    example = {name: value for name, value in route.example.items() if name not in in_path}
    if example or not schema["required"]:
        content["example"] = example
    media_type = FORM if route.body == "form" else JSON_TYPE
    # A body that must say what it is must be there.
    needs = bool(schema["required"]) or route.body is not None
    return {"required": needs, "content": {media_type: content}}


def _responses(route: Route, schemas: dict[int, Json], failures: Failures) -> Json:
    answers = schemas.get(id(route.answers), {})
    bare = is_bare(route)
    if not bare:
        answers = {
            "type": "object", "required": ["data", "meta"], "additionalProperties": False,
            "properties": {"data": answers, "meta": {"$ref": REF.format(name="Meta")}},
        }  # fmt: skip
    found: Json = {}
    success: Json = {"description": HTTPStatus(route.status).phrase, "headers": headers_of(route)}
    content = {
        one.strip(): {"schema": answers if one.strip() == JSON_TYPE else {"type": "string"}}
        for one in route.media_type.split(",")
    }
    if content != {JSON_TYPE: {"schema": {}}}:  # else the answer has no body
        success["content"] = content
    found[str(route.status)] = success
    if route.method == "GET" and "etag" in success["headers"]:
        found["304"] = {"description": "You have it: If-None-Match holds its ETag.",
                        "headers": success["headers"]}  # fmt: skip
    by_status: dict[int, list[str]] = {401: []} if route.body == "form" else {}
    for kind in kinds_of(route):
        by_status.setdefault(PROBLEMS[kind].status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        more: Json = {}
        if route.body == "form" and status in (400, 401):
            more = FORM_FAILURE
        elif route.path == "/health" and status == HTTPStatus.SERVICE_UNAVAILABLE:
            more = HEALTH_FAILURE
        found[str(status)] = failures.reference(status, tuple(kinds), more)
    return found
