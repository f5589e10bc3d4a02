"""Programs that register themselves: what they get, what their users are told, when they go."""

import sqlite3
from typing import Any

import msgspec
import pytest

from api.identity.registration import UNCLAIMED_SECONDS
from api.permissions import APP_SCOPES
from api.principal import Principal
from api.shapes.oauth import Authorization, NewClient
from tests.api.calling import Caller, insert
from tests.api.identity.people import (
    ANN,
    VERIFIER,
    basic,
    decide,
    later,
    post,
    registered,
    sent_to,
    show,
    site,
    with_token,
)
from tests.api.posting import data, kind, send
from tests.support.sqlite import MIGRATIONS

REGISTER = "/oauth/register"
CALLBACK = "http://127.0.0.1/callback"
PUBLIC = {
    "client_name": "Terminal", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none",
    "scope": "market:read account:read",
}  # fmt: skip
BEN = Principal("u1", "trader", "enterprise", "session")


@pytest.fixture
def ask() -> Caller:
    return site()


def told(ask: Caller, fields: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = send(ask, "POST", REGISTER, fields, key=None)
    assert answer.status == status, answer.body
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = msgspec.json.decode(str(answer.body))
    return found


def made(ask: Caller, **change: Any) -> NewClient:
    return msgspec.convert(told(ask, PUBLIC | change), NewClient)


def allowed(ask: Caller, client: NewClient, who: Principal = ANN) -> dict[str, str]:
    """Return the tokens that somebody allows a public client, on whatever port it listens."""
    uri = "http://127.0.0.1:43211/callback"
    app = {"client_id": client.client_id}
    code = sent_to(decide(ask, app, who=who, redirect_uri=uri))[1]["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri,
            "code_verifier": VERIFIER, "client_id": client.client_id}  # fmt: skip
    status, tokens = post(ask, "/oauth/token", form)
    assert status == 200, tokens
    return dict(tokens)


def clients(ask: Caller) -> int:
    return int(ask.database.rows("SELECT count(*) FROM oauth_clients")[0][0])


def test_a_public_client_registers_is_allowed_and_acts_for_its_user(ask: Caller) -> None:
    client = made(ask)
    assert client.client_secret is msgspec.UNSET
    assert client.client_id_issued_at == int(ask.now)
    assert client.grant_types == ["authorization_code", "refresh_token"]
    assert (client.client_name, client.scope) == ("Terminal", "account:read market:read")
    tokens = allowed(ask, client)
    assert data(ask("/api/v1/me", key=tokens["access_token"]))["user_id"] == "ann"
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"],
            "client_id": client.client_id}  # fmt: skip
    assert post(ask, "/oauth/token", form)[0] == 200


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", None])
def test_a_confidential_client_gets_a_secret_of_which_a_hash_is_stored(
    ask: Caller, method: str | None
) -> None:
    fields = {k: v for k, v in PUBLIC.items() if k != "token_endpoint_auth_method"}
    if method is not None:
        fields["token_endpoint_auth_method"] = method
    found = told(ask, fields)
    assert found["token_endpoint_auth_method"] == method or "client_secret_basic"
    assert found["client_secret_expires_at"] == 0
    assert found["client_secret"] not in "\n".join(ask.database.connection.iterdump())
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    assert post(ask, "/oauth/token", form, basic(found))[1]["error"] == "invalid_grant"
    wrong = post(ask, "/oauth/token", form, basic(found, "0" * 64))
    assert (wrong[0], wrong[1]["error"]) == (401, "invalid_client")


def test_what_is_not_known_of_a_client_is_ignored_and_not_said_back(ask: Caller) -> None:
    more = {
        "owner": "u1", "client_uri": "https://a.example", "logo_uri": "https://a.example/l.png",
        "contacts": ["a@example.com"], "client_name#de": "Konsole", "software_id": "x",
        "scope": "market:read offline_access", "grant_types": ["authorization_code", "implicit"],
        "response_types": ["code", "token"],
    }  # fmt: skip
    client = made(ask, **more)
    assert client.scope == "market:read"
    assert (client.grant_types[-1], client.response_types) == ("refresh_token", ["code"])
    assert ask.database.rows("SELECT owner, website FROM oauth_clients") == [(None, None)]


def test_without_name_and_scope_it_is_called_by_its_id_and_may_ask_for_what_any_app_may(
    ask: Caller,
) -> None:
    client = msgspec.convert(told(ask, {"redirect_uris": [CALLBACK]}), NewClient)
    assert client.client_name == client.client_id
    assert set(client.scope.split()) == APP_SCOPES


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"redirect_uris": ["http://portfolio.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [CALLBACK, "javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://a.example/#x"]}, "invalid_redirect_uri"),
        ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"scope": "keys:write account:write"}, "invalid_client_metadata"),
    ],
)
def test_a_client_that_cannot_be_is_told_why_in_the_words_of_the_rfc(
    ask: Caller, change: dict[str, Any], error: str
) -> None:
    answer = told(ask, PUBLIC | change, 400)
    assert answer["error"] == error
    assert answer["error_description"]
    assert clients(ask) == 0


def test_people_are_told_that_nobody_answers_for_it(ask: Caller) -> None:
    client = made(ask)
    seen = data(show(ask, {"client_id": client.client_id}, redirect_uri=CALLBACK))
    assert msgspec.convert(seen, Authorization).client.self_registered is True
    assert data(show(ask, registered(ask)))["client"]["self_registered"] is False


def test_it_has_no_access_of_its_own_and_no_rights_beyond_an_apps(ask: Caller) -> None:
    found = told(ask, PUBLIC | {"token_endpoint_auth_method": "client_secret_basic"})
    form = {"grant_type": "client_credentials"}
    assert post(ask, "/oauth/token", form, basic(found))[1]["error"] == "unauthorized_client"
    app = {"client_id": found["client_id"]}
    answer = decide(ask, app, redirect_uri=CALLBACK, scope="keys:write")
    assert sent_to(answer)[1]["error"] == "invalid_scope"


def test_it_is_nobodys_to_see_or_change(ask: Caller) -> None:
    client = made(ask)
    assert data(ask("/api/v1/oauth/clients")) == []
    for method, path in (("DELETE", client.client_id), ("POST", f"{client.client_id}/secret")):
        answer = send(ask, method, f"/api/v1/oauth/clients/{path}", {})
        assert kind(answer, 404)[0] == "no-such-app"


def test_one_that_nobody_allows_anything_for_a_day_is_unknown_and_then_forgotten(
    ask: Caller,
) -> None:
    idle, used = made(ask), made(ask)
    tokens = allowed(ask, used)
    later(ask, UNCLAIMED_SECONDS)
    asked = {"client_id": idle.client_id}
    assert kind(show(ask, asked, redirect_uri=CALLBACK), 400)[0] == "client-unknown"
    assert clients(ask) == 2
    made(ask)
    assert clients(ask) == 2, "the idle one is gone"
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert post(ask, "/oauth/token", form | {"client_id": used.client_id})[0] == 200


def test_a_day_after_the_last_of_its_users_left_it_goes_too(ask: Caller) -> None:
    client = made(ask)
    allowed(ask, client)
    allowed(ask, client, BEN)
    path = f"/api/v1/oauth/grants/{client.client_id}"
    assert ask(path, "DELETE", key=None, principal=ANN).status == 200
    later(ask, UNCLAIMED_SECONDS)
    shown = show(ask, {"client_id": client.client_id}, redirect_uri=CALLBACK)
    assert shown.status == 200, "somebody else still uses it"
    assert ask(path, "DELETE", key=None, principal=BEN).status == 200
    later(ask, UNCLAIMED_SECONDS - 1)
    assert show(ask, {"client_id": client.client_id}, redirect_uri=CALLBACK).status == 200
    later(ask, 1)
    made(ask)
    assert clients(ask) == 1


def test_what_a_client_was_allowed_again_in_time_stays(ask: Caller) -> None:
    client = made(ask)
    for _ in range(2):
        tokens = allowed(ask, client)
        ask(f"/api/v1/oauth/grants/{client.client_id}", "DELETE", key=None, principal=ANN)
    assert with_token(ask, tokens["access_token"]) == 401
    tokens = allowed(ask, client)
    later(ask, 10 * UNCLAIMED_SECONDS)
    made(ask)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"],
            "client_id": client.client_id}  # fmt: skip
    assert post(ask, "/oauth/token", form)[0] == 200


def test_an_erased_user_takes_the_clients_along_that_only_he_used(ask: Caller) -> None:
    alone, shared, unused = made(ask), made(ask), made(ask)
    allowed(ask, alone)
    allowed(ask, shared)
    allowed(ask, shared, BEN)
    insert(ask.database, "oauth_clients", client_id="bens", owner="u1", name="n",
           redirect_uris="[]", scopes="[]", created_at=1)  # fmt: skip
    body = {"password": "correct horse battery"}
    assert send(ask, "DELETE", "/api/v1/me", body, key=None, principal=ANN).status == 200
    left = {row[0] for row in ask.database.rows("SELECT client_id FROM oauth_clients")}
    assert left == {shared.client_id, unused.client_id, "bens"}


def test_registrations_of_one_address_are_counted_like_logins(ask: Caller) -> None:
    answers = [send(ask, "POST", REGISTER, PUBLIC, key=None).status for _ in range(11)]
    assert answers == [201] * 10 + [429]


def test_the_tables_new_form_keeps_the_apps_that_were_there() -> None:
    database = sqlite3.connect(":memory:")
    files = sorted(MIGRATIONS.glob("*.sql"))
    before = [file for file in files if file.name < "0008"]
    for file in before:
        database.executescript(file.read_text("utf-8"))
    user = "INSERT INTO users (user_id, email, role, created_at) VALUES ('u', 'e', 'viewer', 1)"
    database.execute(user)
    database.execute(
        "INSERT INTO oauth_clients (client_id, owner, name, website, secret_hash, redirect_uris,"
        " scopes, created_at) VALUES ('a', 'u', 'n', 'w', 's', '[1]', '[2]', 3)"
    )
    database.execute("PRAGMA foreign_keys = ON")
    for file in files[len(before) :]:
        database.executescript(file.read_text("utf-8"))
    assert database.execute("SELECT * FROM oauth_clients").fetchall() == [
        ("a", "u", "n", "w", "s", "[1]", "[2]", 3, None)
    ]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
