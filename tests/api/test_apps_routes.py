"""Apps that developers register: their secrets, their limits, and whose they are."""

from typing import Any

import msgspec
import pytest

from api.identity.clients import MOST_CLIENTS
from api.permissions import APP_SCOPES
from api.principal import Principal
from api.shapes.oauth import App, NewApp, NewSecret
from common.envelope import Answer
from tests.api.calling import Caller
from tests.api.identity.people import (
    ANN,
    APP,
    basic,
    later,
    post,
    registered,
    site,
    tokens_of,
    with_token,
)
from tests.api.posting import data, kind, send

CLIENTS = "/api/v1/oauth/clients"
FORM = {"grant_type": "client_credentials"}


@pytest.fixture
def ask() -> Caller:
    return site()


def change(ask: Caller, app: dict[str, Any], who: Principal | None = None, **fields: Any) -> Answer:
    path, key = f"{CLIENTS}/{app['client_id']}", None if who else app.get("key")
    if key is None and who is None:
        return send(ask, "PUT", path, APP | fields)
    return send(ask, "PUT", path, APP | fields, key=key, principal=who)


def test_a_confidential_apps_secret_is_shown_once(ask: Caller) -> None:
    told = msgspec.convert(registered(ask, website="https://portfolio.example"), NewApp)
    assert told.confidential
    assert told.client_secret is not None
    (seen,) = msgspec.convert(data(ask(CLIENTS)), list[App])
    assert (seen.client_id, seen.scopes) == (told.client_id, APP["scopes"])
    assert told.client_secret not in "\n".join(ask.database.connection.iterdump())


def test_a_public_app_has_no_secret(ask: Caller) -> None:
    told = msgspec.convert(registered(ask, confidential=False), NewApp)
    assert (told.confidential, told.client_secret) == (False, None)
    answer = send(ask, "POST", f"{CLIENTS}/{told.client_id}/secret", {})
    assert kind(answer, 409)[0] == "app-public"


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"redirect_uris": ["http://portfolio.example/cb"]}, 422, "redirect-invalid"),
        ({"redirect_uris": ["https://a.example/#x"]}, 422, "redirect-invalid"),
        ({"redirect_uris": ["https://a.example/cb", "javascript:x"]}, 422, "redirect-invalid"),
        ({"redirect_uris": ["https://a.example"] * 11}, 400, "invalid-field"),
        ({"scopes": ["keys:write"]}, 422, "scope-not-for-apps"),
        ({"scopes": ["public"]}, 400, "invalid-field"),
        ({"scopes": ["nothing"]}, 400, "invalid-field"),
        ({"scopes": []}, 400, "invalid-field"),
        ({"website": "http://portfolio.example"}, 400, "invalid-field"),
        ({"website": "https://a.example/\"><script>"}, 400, "invalid-field"),
        ({"name": "x\ny"}, 400, "invalid-field"),
        ({"owner": "ann"}, 400, "unknown-field"),
    ],
)  # fmt: skip
def test_an_app_that_cannot_be_is_refused(
    ask: Caller, fields: dict[str, Any], status: int, problem: str
) -> None:
    assert kind(send(ask, "POST", CLIENTS, APP | fields), status)[0] == problem
    assert data(ask(CLIENTS)) == []


def test_no_app_may_touch_the_keys_to_an_account() -> None:
    assert not {scope for scope in APP_SCOPES if scope.partition(":")[0] in ("keys", "apps")}
    assert "account:write" not in APP_SCOPES


def test_one_owner_has_at_most_twenty_apps(ask: Caller) -> None:
    for _ in range(MOST_CLIENTS):
        last = registered(ask)
    assert kind(send(ask, "POST", CLIENTS, APP), 409)[0] == "app-limit"
    assert ask(f"{CLIENTS}/{last['client_id']}", "DELETE").status == 200
    registered(ask)


def test_a_change_replaces_what_was_there_and_keeps_the_secret(ask: Caller) -> None:
    app = registered(ask, website="https://portfolio.example")
    told = msgspec.convert(
        data(change(ask, app, name="New", redirect_uris=[], scopes=["news:read"])), App
    )
    assert (told.name, told.website, told.redirect_uris) == ("New", None, [])
    assert post(ask, "/oauth/token", FORM, basic(app))[1]["scope"] == "news:read"
    assert kind(change(ask, app, scopes=["keys:read"]), 422)[0] == "scope-not-for-apps"


def test_scopes_that_an_app_no_longer_has_are_gone_from_its_tokens(ask: Caller) -> None:
    app = registered(ask)
    told = tokens_of(ask, app)
    change(ask, app, scopes=["market:read"])
    later(ask)
    assert with_token(ask, told["access_token"]) == 403


def test_a_new_secret_replaces_the_old_one_at_once(ask: Caller) -> None:
    app = registered(ask)
    answer = send(ask, "POST", f"{CLIENTS}/{app['client_id']}/secret", {})
    secret = msgspec.convert(data(answer), NewSecret).client_secret
    assert post(ask, "/oauth/token", FORM, basic(app))[0] == 401
    assert post(ask, "/oauth/token", FORM, basic(app, secret))[0] == 200


def test_removing_an_app_ends_its_tokens_and_what_users_allowed_it(ask: Caller) -> None:
    app = registered(ask)
    told = tokens_of(ask, app)
    assert ask(f"{CLIENTS}/{app['client_id']}", "DELETE").status == 200
    later(ask)
    assert with_token(ask, told["access_token"]) == 401
    assert post(ask, "/oauth/token", FORM, basic(app))[0] == 401
    assert data(ask("/api/v1/oauth/grants", key=None, principal=ANN)) == []
    assert ask.database.rows("SELECT count(*) FROM oauth_grants") == [(0,)]


def test_nobody_sees_or_touches_anothers_app(ask: Caller) -> None:
    app = registered(ask)
    path = f"{CLIENTS}/{app['client_id']}"
    assert data(ask(CLIENTS, key=None, principal=ANN)) == []
    for answer in (
        change(ask, app, ANN),
        send(ask, "POST", f"{path}/secret", {}, key=None, principal=ANN),
        ask(path, "DELETE", key=None, principal=ANN),
    ):
        assert kind(answer, 404)[0] == "no-such-app"
    tokens_of(ask, app)
    assert post(ask, "/oauth/token", FORM, basic(app))[0] == 200


def test_a_key_cannot_give_an_app_more_than_it_may_itself(ask: Caller) -> None:
    body = {"name": "n", "scopes": ["apps:write", "market:read"]}
    weak = data(send(ask, "POST", "/api/v1/keys", body), 201)["key"]
    strong = registered(ask)
    for answer in (
        send(ask, "POST", CLIENTS, APP, key=weak),
        send(ask, "PUT", f"{CLIENTS}/{strong['client_id']}", APP, key=weak),
        send(ask, "POST", f"{CLIENTS}/{strong['client_id']}/secret", {}, key=weak),
    ):
        assert kind(answer, 403)[0] == "scope-not-held"
    told = send(ask, "POST", CLIENTS, APP | {"scopes": ["market:read"]}, key=weak)
    assert data(told, 201)["scopes"] == ["market:read"]
