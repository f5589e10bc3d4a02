"""The OpenAPI document: valid, complete, and true of what the gateway answers."""

import json
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
import pytest
import schemathesis

from api.openapi import document, operation_id
from api.openapi_meta import metas_of
from api.openapi_responses import is_bare
from api.principal import Principal
from api.routes import ROUTES
from api.routing import Reads, Result, Route, Router
from common.envelope import Answer
from tests.api.calling import PATHS, Caller, body

DOCUMENT = document(ROUTES, "https://api.example", "https://app.example")
OPERATIONS = {
    (method, path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if not method.startswith("x-")
}
SOMEBODY = Principal("u1", "admin", "enterprise", "session")


class SampleRequest(msgspec.Struct):
    """What the sample takes."""

    name: Annotated[str, msgspec.Meta(max_length=9, description="whose")]
    kind: Literal["a", "b"] | Literal["all"] = "all"
    most: Annotated[int, msgspec.Meta(ge=1, le=9)] = 5
    since: str | None = None


class Told(msgspec.Struct):
    """What the sample tells."""

    value: float


async def sample(request: SampleRequest, reads: Reads) -> Result:
    return Result("{}")


async def whole(request: SampleRequest, reads: Reads) -> Answer:
    return Answer(200, {}, "")


def route(**changes: Any) -> Route:
    given: dict[str, Any] = {
        "path": "/x/{name}", "summary": "A sample", "request": SampleRequest, "handler": sample,
        "permission": "market:read", "answers": Told, "example": {"name": "n"},
    }  # fmt: skip
    return Route(**given | changes)


def operation(**changes: Any) -> Any:
    changed = route(**changes)
    return document([changed])["paths"][changed.path][changed.method.lower()]


def test_the_document_is_valid() -> None:
    schemathesis.openapi.from_dict(json.loads(json.dumps(DOCUMENT))).validate()


def test_it_is_the_same_every_time() -> None:
    again = document(ROUTES, "https://api.example", "https://app.example")
    assert json.dumps(again) == json.dumps(DOCUMENT)


def test_it_has_every_route_and_no_other() -> None:
    assert set(OPERATIONS) == {(route.method.lower(), route.path) for route in ROUTES}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation_id(route) for route in ROUTES]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []


def test_every_reference_leads_somewhere() -> None:
    for name in set(re.findall(r'"#/([^"]+)"', json.dumps(DOCUMENT))):
        found: Any = DOCUMENT
        for part in name.split("/"):
            found = found[part]
        assert found


@pytest.mark.parametrize("declared", ROUTES, ids=operation_id)
def test_a_route_says_what_it_answers_and_shows_how_to_ask(declared: Route) -> None:
    assert declared.summary
    assert declared.answers is not None or is_bare(declared)
    assert set(re.findall(r"{(\w+)}", declared.path)) <= set(declared.example)
    assert set(declared.example) <= set(declared.request.__struct_fields__)


@pytest.mark.parametrize("declared", ROUTES, ids=operation_id)
def test_the_example_of_a_route_is_answered_as_the_document_says(
    ask: Caller, declared: Route
) -> None:
    answer = send_example(ask, declared)
    assert str(answer.status) in OPERATIONS[declared.method.lower(), declared.path]["responses"]
    if answer.status >= 400:
        kind = msgspec.json.decode(body(answer)).get("type", "").rpartition("/")[2]
        assert kind in declared.problems or declared.body == "form"
    elif declared.answers is not None and not is_bare(declared):
        check(answer, declared)


def check(answer: Answer, declared: Route) -> None:
    """Data and meta of an answer are of the types that the route declares, and have no more."""
    told = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])
    msgspec.json.decode(told["data"], type=declared.answers, strict=True)
    assert any(is_of(told["meta"], kind) for kind in metas_of(declared)), (
        f"src/api/openapi_meta.py does not describe this: {bytes(told['meta']).decode()}"
    )


def is_of(raw: msgspec.Raw, kind: Any) -> bool:
    try:
        msgspec.json.decode(raw, type=kind, strict=True)
    except msgspec.ValidationError:
        return False
    return True


def send_example(ask: Caller, declared: Route) -> Answer:
    in_path = re.findall(r"{(\w+)}", declared.path)
    given = {name: value for name, value in declared.example.items() if name not in in_path}
    path = declared.path.format(**declared.example)
    headers, sent = {}, b""
    if declared.body == "form":
        headers = {"content-type": "application/x-www-form-urlencoded"}
        sent = urlencode(given).encode()
    elif declared.has_body:
        headers, sent = {"content-type": "application/json"}, msgspec.json.encode(given)
    elif given:
        path += "?" + urlencode(given)
    ask.parts.previews = msgspec.json.encode(
        {"state": "ok", "message": None, "rows": [], "parsed": 0, "skipped": {}, "bytes": 0,
         "requests": 0, "address": None} if "/feeds" in path else {"error": "too little is known"}
    ).decode()  # fmt: skip
    who = None if declared.permission == "public" else SOMEBODY
    return ask(path, declared.method, key=None, principal=who, headers=headers, sent=sent)


@pytest.mark.parametrize(
    "path",
    [*PATHS, "/api/v1/market-data?symbols=BTC,NO", "/api/v1/market-data/BTC?history=1h&limit=2",
     "/api/v1/analytics/volatility?symbols=BTC,NO", "/api/v1/analytics/usage"],
)  # fmt: skip
def test_a_real_answer_has_the_documented_shape(ask: Caller, path: str) -> None:
    declared, _ = Router(ROUTES).find(path.partition("?")[0])
    check(ask(path), declared)


def test_a_parameter_has_type_bounds_default_and_example() -> None:
    name, kind, most, since = operation()["parameters"]
    assert (name["in"], name["required"], name["description"]) == ("path", True, "whose")
    assert (name["schema"], name["example"]) == ({"type": "string", "maxLength": 9}, "n")
    assert kind["schema"] == {"enum": ["a", "b", "all"], "type": "string", "default": "all"}
    assert (most["in"], most["required"]) == ("query", False)
    assert most["schema"] == {"type": "integer", "minimum": 1, "maximum": 9, "default": 5}
    # What may be left out is left out; there is no null in an address.
    assert since["schema"] == {"type": "string"}


def test_a_body_has_the_fields_that_are_not_in_the_path_and_no_others() -> None:
    told = operation(method="PUT")
    (content,) = told["requestBody"]["content"].values()
    assert [one["name"] for one in told["parameters"]] == ["name"]
    assert list(content["schema"]["properties"]) == ["kind", "most", "since"]
    assert content["schema"]["additionalProperties"] is False
    assert told["requestBody"]["required"] is False


def test_a_form_is_told_as_a_form_and_must_be_there() -> None:
    told = operation(method="POST", body="form")["requestBody"]
    assert list(told["content"]) == ["application/x-www-form-urlencoded"]
    assert told["required"] is True


def test_an_answer_is_in_the_envelope_unless_the_handler_gives_a_whole_one() -> None:
    enveloped = operation()["responses"]["200"]["content"]["application/json"]["schema"]
    assert enveloped["properties"]["data"] == {"$ref": "#/components/schemas/Told"}
    bare = operation(handler=whole)["responses"]["200"]["content"]["application/json"]["schema"]
    assert bare == {"$ref": "#/components/schemas/Told"}


def test_what_is_no_json_is_text() -> None:
    content = operation(handler=whole, media_type="text/csv, application/x-ndjson", answers=None)
    told = content["responses"]["200"]["content"]
    assert {kind: one["schema"] for kind, one in told.items()} == {
        kind: {"type": "string"} for kind in told
    }
    assert list(told) == ["text/csv", "application/x-ndjson"]
    assert "etag" not in content["responses"]["200"]["headers"]
