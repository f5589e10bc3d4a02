"""Consent: who is asked what, who may answer, and how it is taken back."""

from typing import Any

import msgspec
import pytest

from api.permissions import APP_SCOPES, MEANINGS
from api.principal import Principal
from api.shapes.oauth import Authorization, Consent, Redirection, Removed
from tests.api.calling import BASE, Caller, insert
from tests.api.identity.people import (
    ANN,
    CALLBACK,
    CHALLENGE,
    basic,
    code_for,
    decide,
    later,
    post,
    redeem,
    registered,
    sent_to,
    show,
    site,
    tokens_of,
    with_token,
)
from tests.api.posting import data, kind

GRANTS = "/api/v1/oauth/grants"


@pytest.fixture
def ask() -> Caller:
    return site()


@pytest.fixture
def app(ask: Caller) -> dict[str, Any]:
    return registered(ask)


def test_every_scope_of_an_app_is_explained() -> None:
    assert MEANINGS.keys() >= APP_SCOPES


def test_the_page_shows_who_asks_for_what(ask: Caller, app: dict[str, Any]) -> None:
    told = msgspec.convert(data(show(ask, app)), Authorization)
    assert (told.client.name, told.already_granted, told.redirect_to) == ("Portfolio", False, None)
    assert [(one.scope, one.meaning) for one in told.scopes] == [
        ("account:read", MEANINGS["account:read"]), ("market:read", MEANINGS["market:read"]),
    ]  # fmt: skip


def test_an_app_that_names_no_scope_asks_for_all_it_registered(
    ask: Caller, app: dict[str, Any]
) -> None:
    assert {one["scope"] for one in data(show(ask, app, scope=None))["scopes"]} == set(
        app["scopes"]
    )


def test_allowing_sends_a_code_back_with_the_state_and_the_issuer(
    ask: Caller, app: dict[str, Any]
) -> None:
    answer = decide(ask, app)
    assert msgspec.convert(data(answer), Redirection)
    where, fields = sent_to(answer)
    assert where == CALLBACK
    assert fields.keys() == {"code", "state", "iss"}
    assert (fields["state"], fields["iss"]) == ("a state & more", BASE)
    assert fields["code"] not in "\n".join(ask.database.connection.iterdump())


def test_what_was_allowed_before_need_not_be_asked_again(ask: Caller, app: dict[str, Any]) -> None:
    decide(ask, app, scope="market:read")
    assert data(show(ask, app, scope="market:read"))["already_granted"] is True
    assert data(show(ask, app, scope="market:read signals:read"))["already_granted"] is False
    decide(ask, app, scope="signals:read")
    assert data(show(ask, app, scope="market:read signals:read"))["already_granted"] is True
    u1 = Principal("u1", "trader", "enterprise", "session")
    assert data(show(ask, app, who=u1, scope="market:read"))["already_granted"] is False


def test_denying_tells_the_app_and_allows_nothing(ask: Caller, app: dict[str, Any]) -> None:
    where, fields = sent_to(decide(ask, app, "deny"))
    assert (where, fields["error"], fields["state"]) == (
        CALLBACK,
        "access_denied",
        "a state & more",
    )
    assert ask.database.rows("SELECT count(*) FROM oauth_grants") == [(0,)]
    assert ask.database.rows("SELECT count(*) FROM oauth_codes") == [(0,)]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"scope": "webhooks:write"}, "invalid_scope"),
        ({"scope": "keys:write"}, "invalid_scope"),
        ({"scope": "market:read nothing"}, "invalid_scope"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_to_the_app(
    ask: Caller, app: dict[str, Any], change: dict[str, str | None], error: str
) -> None:
    for answer in (show(ask, app, **change), decide(ask, app, **change)):  # type: ignore[arg-type]
        where, fields = sent_to(answer)
        assert (where, fields["error"], fields["state"], fields["iss"]) == (
            CALLBACK, error, "a state & more", BASE,
        )  # fmt: skip
        assert "code" not in fields


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"client_id": "app_0000000000000000"}, "client-unknown"),
        ({"redirect_uri": None}, "redirect-refused"),
        ({"redirect_uri": "https://evil.example/callback"}, "redirect-refused"),
        ({"redirect_uri": CALLBACK + "/"}, "redirect-refused"),
        ({"redirect_uri": "https://portfolio.example.evil.example/callback"}, "redirect-refused"),
        ({"redirect_uri": "https://portfolio.example@evil.example/callback"}, "redirect-refused"),
        ({"redirect_uri": CALLBACK.upper()}, "redirect-refused"),
        ({"redirect_uri": CALLBACK + "#x"}, "redirect-refused"),
    ],
)
def test_nobody_is_sent_to_an_address_that_the_app_did_not_register(
    ask: Caller, app: dict[str, Any], change: dict[str, str | None], problem: str
) -> None:
    wrong = change | {"response_type": "token"}
    for answer in (show(ask, app, **wrong), decide(ask, app, **wrong)):  # type: ignore[arg-type]
        assert kind(answer, 400)[0] == problem
        assert "evil" not in str(answer.body)


@pytest.mark.parametrize("credential", ["key", "token", "app"])
def test_only_a_person_at_the_dashboard_consents(
    ask: Caller, app: dict[str, Any], credential: Any
) -> None:
    who = ANN._replace(kind=credential)
    for answer in (show(ask, app, who=who), decide(ask, app, who=who)):
        assert kind(answer, 403)[0] == "session-needed"
    assert ask.database.rows("SELECT count(*) FROM oauth_codes") == [(0,)]


def test_a_user_sees_what_he_allowed_and_takes_it_back(ask: Caller, app: dict[str, Any]) -> None:
    told, unused = tokens_of(ask, app), code_for(ask, app)
    (seen,) = msgspec.convert(data(ask(GRANTS, key=None, principal=ANN)), list[Consent])
    assert (seen.client_id, seen.name) == (app["client_id"], "Portfolio")
    assert seen.scopes == ["account:read", "market:read"]
    answer = ask(f"{GRANTS}/{app['client_id']}", "DELETE", key=None, principal=ANN)
    assert msgspec.convert(data(answer), Removed).client_id == app["client_id"]
    later(ask)
    assert with_token(ask, told["access_token"]) == 401
    form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    assert post(ask, "/oauth/token", form, basic(app))[1]["error"] == "invalid_grant"
    assert redeem(ask, app, unused)[1]["error"] == "invalid_grant", "also a code that is on its way"
    assert data(ask(GRANTS, key=None, principal=ANN)) == []
    again = ask(f"{GRANTS}/{app['client_id']}", "DELETE", key=None, principal=ANN)
    assert kind(again, 404)[0] == "no-such-grant"


def test_taking_back_ends_nobody_elses_tokens(ask: Caller, app: dict[str, Any]) -> None:
    told, other = tokens_of(ask, app), registered(ask)
    kept = tokens_of(ask, other)
    u1 = f"{GRANTS}/{app['client_id']}"
    assert kind(ask(u1, "DELETE"), 404)[0] == "no-such-grant"
    ask(f"{GRANTS}/{app['client_id']}", "DELETE", key=None, principal=ANN)
    later(ask)
    assert [with_token(ask, one["access_token"]) for one in (told, kept)] == [401, 200]


def test_an_app_cannot_see_what_else_was_allowed(ask: Caller, app: dict[str, Any]) -> None:
    token = tokens_of(ask, app)["access_token"]
    assert with_token(ask, token, GRANTS) == 403


def test_old_codes_are_forgotten(ask: Caller, app: dict[str, Any]) -> None:
    code_for(ask, app)
    insert(
        ask.database, "oauth_codes", code_digest="x", client_id="a", user_id="u1", scopes="[]",
        redirect_uri="x", challenge="x", expires_at=int(ask.now) - 90_000,
    )  # fmt: skip
    code_for(ask, app)
    assert ask.database.rows("SELECT count(*) FROM oauth_codes") == [(2,)]
