"""The OpenAPI document (3.1), made from what the routes declare and from nothing else.

https://spec.openapis.org/oas/v3.1.1. Schemas are msgspec's, of the Structs that
validate requests and describe answers.
"""

import inspect
import re
import sys
from collections.abc import Iterable
from typing import Any

from api import openapi_exports, openapi_payment, openapi_webhooks
from api.guide import markdown
from api.identity.oauth_answers import speaks_oauth
from api.openapi_answers import HEADERS, PROBLEM, Failures, problem_examples
from api.openapi_meta import metas_of
from api.openapi_responses import responses_of
from api.openapi_schemas import Schemas, alternatives
from api.openapi_security import requirements, roles_with, security_schemes
from api.payments.terms import Terms
from api.principal import GUEST
from api.routing import Route
from api.shapes.oauth import OAuthFailure

Json = dict[str, Any]
VERSION = "1"
JSON_TYPE = "application/json"
FORM = "application/x-www-form-urlencoded"
ABOUT = (
    "Prices, signals and their track record, news, and DeFi, DEX, on-chain and NFT figures,"
    " collected every 15 minutes. Every number says where it comes from and how old it is; every"
    " signal says why it fired and how often such signals were right."
)
# Modules of handlers that belong to the resource of another one.
HOMES = {
    "delivering": "webhooks", "rule_preview": "rules", "usage": "analytics", "revenue": "analytics",
}  # fmt: skip
ACCOUNT = "/api/v1/me/"


def document(
    routes: Iterable[Route], server: str = "", dashboard: str = "", terms: Terms | None = None
) -> Json:
    """Return the document of `routes`.

    `server` and `dashboard` are the addresses of the API and of the dashboard
    without a slash at the end, `terms` what paid answers cost, None where
    nothing is sold.
    """
    listed = list(routes)
    schemas = _schemas(listed)
    paths: dict[str, Json] = {}
    failures = Failures()
    other = {"$ref": "#/components/responses/MethodNotAllowed"}
    for route in listed:
        path = paths.setdefault(route.path, {"x-other-methods": other})
        path[route.method.lower()] = _operation(route, schemas, failures, terms)
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
        "webhooks": openapi_webhooks.webhooks(schemas),
        "components": {
            "headers": HEADERS | openapi_payment.headers(),
            "schemas": {"Problem": PROBLEM, **schemas.components},
            "responses": failures.told,
            "examples": problem_examples(),
            "securitySchemes": security_schemes(server, dashboard),
        },
    }


def operation_id(route: Route) -> str:
    """Return the operation's name: the resource's file and the handler."""
    return f"{_resource(route)}_{route.handler.__name__}"


def _schemas(routes: list[Route]) -> Schemas:
    told = [route.answers for route in routes if route.answers is not None]
    answers = [*told, *(one for kind in told for one in alternatives(kind))]
    metas = [meta for route in routes for meta in metas_of(route)]
    lines = [*openapi_exports.LINES.values(), openapi_exports.Broken]
    messages = [kind for kind, _, _ in openapi_webhooks.MESSAGES.values()]
    kinds = [*answers, *metas, *lines, *messages, OAuthFailure]
    return Schemas(kinds, [route.request for route in routes])


def _resource(route: Route) -> str:
    if route.path.startswith(ACCOUNT):
        return "me"
    name = route.handler.__module__.rpartition(".")[2]
    return HOMES.get(name, name)


def _tags(routes: list[Route]) -> list[Json]:
    """Return a tag per resource: the file's name, and what its docstring says behind the colon."""
    found: dict[str, Json] = {}
    for route in routes:
        name = _resource(route)
        module = sys.modules.get(f"api.routes.{name}") or sys.modules[route.handler.__module__]
        text = inspect.getdoc(module) or ""
        first = " ".join(text.partition("\n\n")[0].split()).partition(": ")
        told = first[2] or first[0]
        found.setdefault(name, {"name": name, "description": told[:1].upper() + told[1:]})
    return list(found.values())


def _operation(route: Route, schemas: Schemas, failures: Failures, terms: Terms | None) -> Json:
    request = schemas.of(route.request)
    in_path = re.findall(r"{(\w+)}", route.path)
    fields: Json = request.get("properties", {})
    needed = request.get("required", [])
    payment = openapi_payment.payment_of(route, terms)
    told: Json = {
        "operationId": operation_id(route),
        "tags": [_resource(route)],
        "summary": route.summary,
        "description": _description(route, request, payment),
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
    if payment is not None:
        told["x-payment"] = payment
    told["responses"] = responses_of(route, schemas, failures)
    for_guests = terms is not None and terms.prices.of(route.price, GUEST.plan) > 0
    needed_of = requirements(route.permission, route.knows_caller)
    told["security"] = [*needed_of, *([{}] if for_guests else [])]
    return told


def _description(route: Route, request: Json, payment: Json | None) -> str:
    """Return what the declaration and the request's docstring say, and what is asked for."""
    told = [route.description, " ".join(request.get("description", "").split())]
    needs = "No key is needed."
    if route.permission != "public":
        needs = f"Needs the permission `{route.permission}` ({roles_with(route.permission)})."
    told.append(f"{needs} Counted as a `{route.cost}` request.")
    if payment is not None:
        told.append(openapi_payment.said(payment))
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
    }
    if not speaks_oauth(route):  # OAuth's routes pass over what they do not know
        schema["additionalProperties"] = False
    content: Json = {"schema": schema}
    example = {name: value for name, value in route.example.items() if name not in in_path}
    if example or not schema["required"]:
        content["example"] = example
    media_type = FORM if route.body == "form" else JSON_TYPE
    # A body that must say what it is must be there.
    needs = bool(schema["required"]) or route.body is not None
    return {"required": needs, "content": {media_type: content}}
