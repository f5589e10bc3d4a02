"""Examples of the OpenAPI document: one for every body, each of exactly the declared type."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from api.openapi import document, operation_id
from api.openapi_examples import example_of, fits
from api.openapi_meta import metas_of
from api.openapi_responses import is_bare
from api.openapi_schemas import alternatives
from api.openapi_values import OUT
from api.routes import ROUTES
from api.routing import Route

DOCUMENT = json.loads(json.dumps(document(ROUTES, "https://api.example", "https://app.example")))
COMPONENTS = DOCUMENT["components"]


def operation(route: Route) -> Any:
    return DOCUMENT["paths"][route.path][route.method.lower()]


def resolve(part: Any) -> Any:
    """Return what a reference within the document leads to, or the part itself."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def shown(content: Any) -> list[Any]:
    """Return the examples of a body."""
    more = [resolve(one)["value"] for one in content.get("examples", {}).values()]
    return [content["example"], *more] if "example" in content else more


def valid(example: Any, schema: Any) -> None:
    whole = {**schema, "components": COMPONENTS}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(example)


def contents(route: Route) -> Iterator[tuple[str, str, Any]]:
    """Each body that the route takes or gives: status, media type, content."""
    told = operation(route)
    for media_type, content in told.get("requestBody", {}).get("content", {}).items():
        yield "request", media_type, content
    for status, answer in told["responses"].items():
        for media_type, content in resolve(answer).get("content", {}).items():
            yield status, media_type, content


@pytest.mark.parametrize("route", ROUTES, ids=operation_id)
def test_every_body_has_an_example_that_its_schema_takes(route: Route) -> None:
    for status, media_type, content in contents(route):
        examples = shown(content)
        assert examples, f"{status} {media_type}"
        for example in examples:
            valid(example, content["schema"])


@pytest.mark.parametrize("route", ROUTES, ids=operation_id)
def test_the_example_of_an_answer_is_of_the_declared_type(route: Route) -> None:
    content = operation(route)["responses"][str(route.status)].get("content", {})
    if "application/json" not in content or route.answers is None:
        return
    examples = shown(content["application/json"])
    kinds, metas = alternatives(route.answers), metas_of(route)
    assert len(examples) == len(kinds)
    for place, (example, kind) in enumerate(zip(examples, kinds, strict=True)):
        if is_bare(route):
            msgspec.json.decode(json.dumps(example), type=kind, strict=True)
            continue
        assert set(example) == {"data", "meta"}
        msgspec.json.decode(json.dumps(example["data"]), type=kind, strict=True)
        meta = metas[min(place, len(metas) - 1)]
        msgspec.json.decode(json.dumps(example["meta"]), type=meta, strict=True)


@pytest.mark.parametrize("route", ROUTES, ids=operation_id)
def test_every_parameter_that_is_needed_has_an_example_that_its_schema_takes(route: Route) -> None:
    for one in operation(route)["parameters"]:
        assert "example" in one or not one["required"]
        if "example" in one:
            valid(one["example"], one["schema"])


def test_an_example_looks_like_an_answer() -> None:
    told = DOCUMENT["paths"]["/api/v1/market-data/{symbol}"]["get"]["responses"]["200"]
    latest, history = shown(told["content"]["application/json"])
    assert latest["data"]["symbol"] == "BTC"
    assert set(latest["meta"]) == {"generated_at", "origin", "units"}
    assert latest["meta"]["units"]["price"] == "USD"
    assert history["data"][0]["open"] > 1000
    assert history["meta"]["interval"] == "1h"


def test_no_field_has_a_placeholder_for_a_text() -> None:
    for route in ROUTES:
        for status, _, content in contents(route):
            if status == str(route.status):
                made_up = [name for name, value in leaves(shown(content)) if name == value]
                assert made_up == [], "give them values in src/api/openapi_values.py"


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key != "units":  # of stories the unit is: stories
                yield from leaves(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, name)
    else:
        yield name, value


THING = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}


@pytest.mark.parametrize(
    ("value", "schema", "expected"),
    [
        (1, {"type": "integer"}, True), (True, {"type": "integer"}, False),
        (1.5, {"type": "integer"}, False), (None, {"type": ["string", "null"]}, True),
        ("a", {"enum": ["a", "b"]}, True), ("c", {"enum": ["a", "b"]}, False),
        ("ab", {"type": "string", "pattern": "^a$"}, False), (2, {"maximum": 1}, False),
        ([1, "a"], {"type": "array", "items": {"type": "integer"}}, False),
        ([1], {"type": "array", "minItems": 2}, False),
        ([1, "a"], {"prefixItems": [{"type": "integer"}, {"type": "string"}]}, True),
        ({"n": 1}, THING, True), ({}, THING, False), ({"n": "a"}, THING, False),
        ({"n": 1, "m": 2}, {**THING, "additionalProperties": False}, False),
        (None, {"anyOf": [{"type": "string"}, {"type": "null"}]}, True), (OUT, {}, False),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_a_field_is_passed_over(
    value: Any, schema: Any, expected: bool
) -> None:
    assert fits(value, schema, {}) is expected


def test_what_nothing_is_known_of_is_made_up_to_fit() -> None:
    schema = {
        "type": "object", "required": ["q"],
        "properties": {
            "q": {"type": "number", "maximum": 1},
            "w": {"type": "array", "items": {"enum": ["x"]}},
        },
    }  # fmt: skip
    assert example_of(schema, {}) == {"q": 1, "w": ["x"]}
