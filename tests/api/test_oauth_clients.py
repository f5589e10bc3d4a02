"""How an OAuth client proves itself, and what happens to one that does not."""

import base64
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from api.identity import api_keys, clients
from tests.api.calling import Caller
from tests.api.identity.people import basic, post, registered, site

FORM = {"grant_type": "client_credentials"}


@pytest.fixture
def ask() -> Caller:
    return site()


@pytest.fixture
def app(ask: Caller) -> dict[str, Any]:
    return registered(ask)


def encoded(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_a_secret_may_come_in_the_header_or_in_the_form(ask: Caller, app: dict[str, Any]) -> None:
    sent = {name: app[name] for name in ("client_id", "client_secret")}
    assert post(ask, "/oauth/token", FORM, basic(app))[0] == 200
    assert post(ask, "/oauth/token", FORM | sent)[0] == 200
    named = FORM | {"client_id": app["client_id"]}
    assert post(ask, "/oauth/token", named, basic(app))[0] == 200
    lower = basic(app).replace("Basic", "basic")
    assert post(ask, "/oauth/token", FORM, lower)[0] == 200


def test_id_and_secret_are_percent_encoded_in_the_header(ask: Caller, app: dict[str, Any]) -> None:
    text = f"{app['client_id'].replace('_', '%5F')}:{app['client_secret']}"
    assert post(ask, "/oauth/token", FORM, encoded(text))[0] == 200


def test_whatever_is_wrong_with_a_client_it_is_told_the_same(
    ask: Caller, app: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def counted(secret: str, pepper: str) -> str:
        hashed.append(secret)
        return api_keys.hash_secret(secret, pepper)

    monkeypatch.setattr(clients, "hash_secret", counted)
    public = registered(ask, confidential=False)
    unknown = {"client_id": "app_0000000000000000", "client_secret": "0" * 64}
    answers = [
        post(ask, "/oauth/token", FORM, basic(app, "0" * 64)),
        post(ask, "/oauth/token", FORM, basic(unknown)),
        post(ask, "/oauth/token", FORM, basic(public, "0" * 64)),
        post(ask, "/oauth/token", FORM | {"client_id": app["client_id"]}),
        post(ask, "/oauth/token", FORM | {"client_id": app["client_id"], "client_secret": ""}),
    ]
    assert len(hashed) == len(answers)
    assert {(status, msgspec.json.encode(told)) for status, told in answers} == {
        (401, b'{"error":"invalid_client","error_description":'
              b'"The client is unknown, or its secret is wrong."}')
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic x", "Basic é", encoded(""), encoded("x"), encoded(":"), encoded("x:"),
     "Basic " + base64.b64encode(b"\xff\xfe:x").decode(), "Basic " + "A" * 5000, "Bearer x", "x"],
)  # fmt: skip
def test_a_header_that_cannot_be_read_is_no_client(ask: Caller, header: str) -> None:
    status, told = post(ask, "/oauth/token", FORM, header)
    assert (status, told["error"]) == (401, "invalid_client")


def test_a_refused_client_is_told_how_to_prove_itself(ask: Caller) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = ask("/oauth/token", "POST", key=None, headers=headers, sent=urlencode(FORM).encode())
    assert answer.headers["www-authenticate"].startswith('Basic realm="')


def test_a_client_may_not_prove_itself_twice(ask: Caller, app: dict[str, Any]) -> None:
    other = registered(ask)
    for more in ({"client_secret": app["client_secret"]}, {"client_id": other["client_id"]}):
        status, told = post(ask, "/oauth/token", FORM | more, basic(app))
        assert (status, told["error"]) == (400, "invalid_request")


def test_without_a_pepper_no_secret_is_right(ask: Caller, app: dict[str, Any]) -> None:
    hashed = api_keys.hash_secret(app["client_secret"], "")
    ask.database.connection.execute("UPDATE oauth_clients SET secret_hash = ?", (hashed,))
    ask.pepper = ""
    assert post(ask, "/oauth/token", FORM, basic(app))[0] == 401


def test_a_key_is_no_client_and_a_client_is_no_key(ask: Caller, app: dict[str, Any]) -> None:
    assert ask("/api/v1/me", key=None, headers={"authorization": basic(app)}).status == 401
    assert ask("/api/v1/me", key=app["client_secret"]).status == 401
