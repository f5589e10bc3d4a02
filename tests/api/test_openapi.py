"""The OpenAPI document: valid, complete, and true of what the gateway answers."""

import json
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
import pytest
import schemathesis

from api.openapi import document, is_bare, operation_id
from api.permissions import APP_SCOPES
from api.principal import Principal
from api.problems import PROBLEMS
from api.routes import ROUTES
from api.routing import PRIVATE, Reads, Result, Route, Router
from common.envelope import Answer
from tests.api.calling import PATHS, Caller, body

DOCUMENT = document(ROUTES, "https://api.example", "https://app.example")
OPERATIONS = {
    (method, path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
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
    (methods,) = document([route(**changes)])["paths"].values()
    (found,) = methods.values()
    return found


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
        data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
        msgspec.json.decode(data, type=declared.answers, strict=True)


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


@pytest.mark.parametrize("path", PATHS)
def test_a_real_answer_has_the_documented_shape(ask: Caller, path: str) -> None:
    declared, _ = Router(ROUTES).find(path.partition("?")[0])
    data = msgspec.json.decode(body(ask(path)), type=dict[str, msgspec.Raw])["data"]
    msgspec.json.decode(data, type=declared.answers, strict=True)


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
    assert told == {kind: {"schema": {"type": "string"}} for kind in told}
    assert list(told) == ["text/csv", "application/x-ndjson"]
    assert "etag" not in content["responses"]["200"]["headers"]


def test_only_what_apps_may_have_can_be_asked_for_by_an_app() -> None:
    assert operation(permission="public")["security"] == []
    assert operation()["security"][-1] == {"oauth": ["market:read"]}
    assert "keys:write" not in APP_SCOPES
    assert operation(permission="keys:write")["security"] == [{"bearer": []}, {"header": []}]


def kinds(told: Any) -> dict[str, set[str]]:
    made = document([told])
    ((path,),) = (list(made["paths"].values()),)
    found = {}
    for status, answer in next(iter(path.values()))["responses"].items():
        if "$ref" in answer:
            name = answer["$ref"].rpartition("/")[2]
            found[status] = set(made["components"]["responses"][name]["x-kinds"])
    return found


def test_failures_are_those_that_the_route_can_give() -> None:
    read, write = kinds(route()), kinds(route(method="POST", cost="write", cache=PRIVATE))
    assert not {"408", "413", "415"} & set(read)
    assert {"408", "413", "415"} <= set(write)
    assert "limits-unknown" in write["503"]
    assert "limits-unknown" not in read["503"]
    assert "invalid-parameter" in read["400"]
    assert "invalid-field" in write["400"]
    assert kinds(route(problems=("unknown-symbol",)))["404"] == {"unknown-symbol"}
    assert "401" not in kinds(route(permission="public"))


def test_every_kind_has_a_true_example() -> None:
    examples = DOCUMENT["components"]["examples"]
    assert set(examples) == set(PROBLEMS)
    for kind, (status, _) in PROBLEMS.items():
        assert examples[kind]["value"]["status"] == status
        assert examples[kind]["value"]["type"].endswith(f"/{kind}")
