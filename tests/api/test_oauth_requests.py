"""What an OAuth endpoint reads of a request: what it needs; what it does not know is ignored."""

from typing import Any

import msgspec
import pytest

from api.shapes.oauth import ProtectedResource, ServerMetadata
from tests.api.calling import BASE, Caller
from tests.api.identity.people import (
    basic,
    code_for,
    decide,
    post,
    redeem,
    registered,
    sent_to,
    show,
    site,
    tokens_of,
)
from tests.api.posting import data, kind, send

TOKEN = "/oauth/token"
SELF = {"grant_type": "client_credentials"}
OURS = (BASE, f"{BASE}/", f"{BASE}/api/v1", f"{BASE}/mcp", f"{BASE}/mcp/")
FOREIGN = ("https://other.example", f"{BASE}.evil.example", f"{BASE}/api/v2", "mcp", "https://")


@pytest.fixture
def ask() -> Caller:
    return site()


@pytest.fixture
def app(ask: Caller) -> dict[str, Any]:
    return registered(ask)


def error(answer: tuple[int, Any], status: int = 400) -> str:
    assert answer[0] == status, answer
    assert answer[1]["error_description"]
    return str(answer[1]["error"])


def test_parameters_that_are_not_known_are_ignored(ask: Caller, app: dict[str, Any]) -> None:
    strange = {"audience": "x", "owner": "u2", "client_assertion": "y"}
    assert post(ask, TOKEN, SELF | strange, basic(app))[0] == 200
    token = tokens_of(ask, app)["access_token"]
    told = post(ask, "/oauth/introspect", {"token": token} | strange, basic(app))
    assert told[1]["active"] is True
    assert post(ask, "/oauth/revoke", {"token": token} | strange, basic(app)) == (200, {})
    assert post(ask, "/oauth/introspect", {"token": token}, basic(app))[1] == {"active": False}


def test_a_parameter_without_a_value_is_left_out(ask: Caller, app: dict[str, Any]) -> None:
    empty = {"scope": "", "client_secret": "", "client_id": "", "resource": "", "code": ""}
    assert post(ask, TOKEN, SELF | empty, basic(app))[0] == 200
    assert error(post(ask, TOKEN, {"grant_type": ""}, basic(app))) == "invalid_request"


@pytest.mark.parametrize("grant_type", ["password", "implicit", "x", "urn:ietf:params:oauth:x"])
def test_a_grant_type_that_is_not_known_is_said_to_be_unsupported_to_anybody(
    ask: Caller, app: dict[str, Any], grant_type: str
) -> None:
    form = {"grant_type": grant_type, "username": "ann@example.com", "password": "x"}
    for authorization in (basic(app), None):
        assert error(post(ask, TOKEN, form, authorization)) == "unsupported_grant_type"
    assert error(post(ask, TOKEN, {})) == "invalid_request"


@pytest.mark.parametrize("resource", OURS)
def test_a_token_may_be_asked_for_this_api_by_name(
    ask: Caller, app: dict[str, Any], resource: str
) -> None:
    code = code_for(ask, app, resource=resource)
    status, told = redeem(ask, app, code, resource=resource)
    assert status == 200
    form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    assert post(ask, TOKEN, form | {"resource": resource}, basic(app))[0] == 200


@pytest.mark.parametrize("resource", FOREIGN)
def test_no_token_is_given_for_anything_else(
    ask: Caller, app: dict[str, Any], resource: str
) -> None:
    for answer in (show(ask, app, resource=resource), decide(ask, app, resource=resource)):
        assert sent_to(answer)[1]["error"] == "invalid_target"
    code = code_for(ask, app)
    assert error(redeem(ask, app, code, resource=resource)) == "invalid_target"
    assert redeem(ask, app, code)[0] == 200, "the code is not spoilt"
    assert error(post(ask, TOKEN, SELF | {"resource": resource}, basic(app))) == "invalid_target"


@pytest.mark.parametrize("path", ["", "/mcp"])
def test_a_client_finds_from_what_is_protected_who_gives_tokens(ask: Caller, path: str) -> None:
    answer = ask(f"/.well-known/oauth-protected-resource{path}", key=None)
    told = msgspec.json.decode(str(answer.body), type=ProtectedResource)
    assert told.resource == f"{BASE}{path}"
    assert told.bearer_methods_supported == ["header"]
    (server,) = told.authorization_servers
    where = f"{server.removeprefix(BASE)}/.well-known/oauth-authorization-server"
    found = msgspec.json.decode(str(ask(where, key=None).body), type=ServerMetadata)
    assert found.issuer == server
    assert found.registration_endpoint == f"{BASE}/oauth/register"
    assert told.scopes_supported == found.scopes_supported


def challenged(ask: Caller, path: str = "/api/v1/me", **headers: str) -> str:
    answer = ask(path, key=None, headers=headers)
    assert answer.status == 401
    return answer.headers["www-authenticate"]


def test_every_401_names_the_document_from_which_a_client_starts(ask: Caller) -> None:
    metadata = f"{BASE}/.well-known/oauth-protected-resource"
    where = f'Bearer realm="CryptoIntel", resource_metadata="{metadata}"'
    assert challenged(ask) == where
    for wrong in ("ci_test_key1_x", "a.b.c", "x", "x" * 5000, "ci_x"):
        told = challenged(ask, authorization=f"Bearer {wrong}")
        assert told == f'{where}, error="invalid_token"'
    login = {"email": "ann@example.com", "password": "wrong"}
    for path, fields in (("login", login), ("refresh", {"refresh_token": "x"})):
        answer = send(ask, "POST", f"/api/v1/auth/{path}", fields, key=None)
        assert (kind(answer, 401), answer.headers["www-authenticate"])[1] == where


def test_a_code_that_was_asked_for_with_a_resource_opens_the_api(
    ask: Caller, app: dict[str, Any]
) -> None:
    code = code_for(ask, app, resource=f"{BASE}/mcp")
    token = redeem(ask, app, code, resource=f"{BASE}/mcp")[1]["access_token"]
    assert data(ask("/api/v1/me", key=token))["user_id"] == "ann"
