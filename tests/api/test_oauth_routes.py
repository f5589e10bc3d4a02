"""The token endpoint and what surrounds it: every error of the RFCs, and codes used twice."""

from typing import Any

import msgspec
import pytest

from api.permissions import APP_SCOPES
from api.shapes.oauth import Introspection, OAuthFailure, OAuthTokens, PublicKeys, ServerMetadata
from tests.api.calling import BASE, Caller
from tests.api.identity.people import (
    CALLBACK,
    NATIVE,
    VERIFIER,
    basic,
    code_for,
    later,
    login,
    post,
    redeem,
    registered,
    site,
    tokens_of,
    with_token,
)
from tests.api.posting import data


@pytest.fixture
def ask() -> Caller:
    return site()


@pytest.fixture
def app(ask: Caller) -> dict[str, Any]:
    return registered(ask)


def error(answer: tuple[int, Any], status: int = 400) -> str:
    assert answer[0] == status, answer
    return msgspec.convert(answer[1], OAuthFailure).error


def refresh(
    ask: Caller, app: dict[str, Any], token: str, authorization: str | None = None, **more: str
) -> tuple[int, Any]:
    fields = {"grant_type": "refresh_token", "refresh_token": token} | more
    return post(ask, "/oauth/token", fields, authorization or basic(app))


def introspect(ask: Caller, app: dict[str, Any], token: str) -> Introspection:
    status, told = post(ask, "/oauth/introspect", {"token": token}, basic(app))
    assert status == 200
    return msgspec.convert(told, Introspection)


def test_the_documents_say_what_and_where_the_server_is(ask: Caller) -> None:
    answer = ask("/.well-known/oauth-authorization-server", key=None)
    told = msgspec.json.decode(str(answer.body), type=ServerMetadata)
    assert told.issuer == BASE
    assert told.authorization_endpoint == "https://app.example/oauth/authorize"
    assert told.code_challenge_methods_supported == ["S256"]
    assert told.scopes_supported == sorted(APP_SCOPES)
    assert ask(told.jwks_uri.removeprefix(BASE), key=None).headers["cache-control"] == (
        "public, max-age=300"
    )
    keys = msgspec.json.decode(str(ask("/.well-known/jwks.json", key=None).body), type=PublicKeys)
    assert len(keys.keys) == 1


def test_a_code_gives_tokens_that_act_for_the_user_within_the_scopes(
    ask: Caller, app: dict[str, Any]
) -> None:
    told = msgspec.convert(tokens_of(ask, app), OAuthTokens)
    assert (told.token_type, told.expires_in) == ("Bearer", 900)
    assert told.scope == "account:read market:read"
    me = data(ask("/api/v1/me", key=told.access_token))
    assert (me["user_id"], me["permissions"]) == ("ann", ["account:read", "market:read"])
    assert me["credential"] == {"kind": "app", "id": app["client_id"]}
    assert with_token(ask, told.access_token, "/api/v1/keys") == 403
    assert with_token(ask, told.access_token, "/api/v1/me/export") == 403


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": None}, "invalid_request"),
        ({"code": "x"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": NATIVE}, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": VERIFIER[:-1]}, "invalid_grant"),
        ({"code_verifier": VERIFIER + "="}, "invalid_grant"),
        ({"code_verifier": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
    ],
)
def test_a_wrong_request_for_tokens_gets_none_and_does_not_spoil_the_code(
    ask: Caller, app: dict[str, Any], change: dict[str, str | None], expected: str
) -> None:
    code = code_for(ask, app)
    sent: dict[str, Any] = {"code": code, **change}
    assert error(redeem(ask, app, **sent)) == expected
    assert redeem(ask, app, code)[0] == 200


def test_a_code_lives_for_a_minute(ask: Caller, app: dict[str, Any]) -> None:
    late, last = code_for(ask, app), code_for(ask, app)
    later(ask, 59)
    assert redeem(ask, app, last)[0] == 200
    later(ask, 1)
    assert error(redeem(ask, app, late)) == "invalid_grant"


def test_a_code_that_comes_twice_ends_what_it_gave(ask: Caller, app: dict[str, Any]) -> None:
    code = code_for(ask, app)
    told = redeem(ask, app, code)[1]
    assert with_token(ask, told["access_token"]) == 200
    later(ask, 120)
    assert error(redeem(ask, app, code)) == "invalid_grant"
    assert with_token(ask, told["access_token"]) == 401
    assert error(refresh(ask, app, told["refresh_token"])) == "invalid_grant"


def test_a_code_is_its_clients_and_another_cannot_spoil_it(
    ask: Caller, app: dict[str, Any]
) -> None:
    other, code = registered(ask), code_for(ask, app)
    assert error(redeem(ask, other, code)) == "invalid_grant"
    told = redeem(ask, app, code)[1]
    assert error(redeem(ask, other, code)) == "invalid_grant"
    assert with_token(ask, told["access_token"]) == 200


def test_a_native_app_may_come_back_at_another_port_of_the_same_machine(ask: Caller) -> None:
    app = registered(ask, confidential=False)
    uri = "http://127.0.0.1:51004/callback"
    code = code_for(ask, app, redirect_uri=uri)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri,
            "code_verifier": VERIFIER, "client_id": app["client_id"]}  # fmt: skip
    assert post(ask, "/oauth/token", form)[0] == 200


def test_a_refresh_rotates_and_may_ask_for_less_but_not_for_more(
    ask: Caller, app: dict[str, Any]
) -> None:
    first = tokens_of(ask, app)
    assert error(refresh(ask, app, first["refresh_token"], scope="signals:read")) == (
        "invalid_scope"
    )
    less = refresh(ask, app, first["refresh_token"], scope="market:read")[1]
    assert less["scope"] == "market:read"
    assert with_token(ask, less["access_token"]) == 403
    again = refresh(ask, app, less["refresh_token"])[1]
    assert again["scope"] == "account:read market:read", "the consent's, RFC 6749, 6"
    assert error(refresh(ask, app, first["refresh_token"])) == "invalid_grant"
    later(ask)
    assert with_token(ask, again["access_token"]) == 401, "it was used twice"


def test_a_sign_ins_refresh_token_is_no_clients(ask: Caller, app: dict[str, Any]) -> None:
    token = data(login(ask))["refresh_token"]
    assert error(refresh(ask, app, token)) == "invalid_grant"
    assert introspect(ask, app, token).active is False
    assert post(ask, "/oauth/revoke", {"token": token}, basic(app))[0] == 200
    body = msgspec.json.encode({"refresh_token": token})
    headers = {"content-type": "application/json"}
    answer = ask("/api/v1/auth/refresh", "POST", key=None, headers=headers, sent=body)
    assert answer.status == 200


def credentials(ask: Caller, app: dict[str, Any], **more: str) -> tuple[int, Any]:
    return post(ask, "/oauth/token", {"grant_type": "client_credentials"} | more, basic(app))


def test_a_client_may_act_for_its_owner_within_its_scopes(ask: Caller, app: dict[str, Any]) -> None:
    status, told = credentials(ask, app)
    assert (status, "refresh_token" in told) == (200, False)
    me = data(ask("/api/v1/me", key=told["access_token"]))
    assert me["user_id"] == "u1"
    assert me["permissions"] == ["account:read", "market:read", "signals:read"]
    assert credentials(ask, app, scope="market:read")[1]["scope"] == "market:read"
    assert error(credentials(ask, app, scope="market:read webhooks:write")) == "invalid_scope"
    assert error(credentials(ask, app, scope="keys:write")) == "invalid_scope"


def test_a_public_client_has_no_access_of_its_own(ask: Caller) -> None:
    app = registered(ask, confidential=False)
    form = {"grant_type": "client_credentials", "client_id": app["client_id"]}
    assert error(post(ask, "/oauth/token", form)) == "unauthorized_client"
    introspected = post(ask, "/oauth/introspect", {"token": "x", "client_id": app["client_id"]})
    assert error(introspected, 401) == "invalid_client"


def test_a_disabled_owners_client_is_unknown(ask: Caller, app: dict[str, Any]) -> None:
    token = credentials(ask, app)[1]["access_token"]
    ask.database.connection.execute("UPDATE users SET disabled_at = 1 WHERE user_id = 'u1'")
    assert error(credentials(ask, app), 401) == "invalid_client"
    assert with_token(ask, token) == 401


def test_only_its_client_may_end_a_token_and_then_all_of_the_family_ends(
    ask: Caller, app: dict[str, Any]
) -> None:
    other = registered(ask)
    for name in ("access_token", "refresh_token"):
        told = tokens_of(ask, app)
        assert post(ask, "/oauth/revoke", {"token": told[name]}, basic(other)) == (200, {})
        later(ask)
        assert with_token(ask, told["access_token"]) == 200
        hinted = {"token": told[name], "token_type_hint": "refresh_token"}
        assert post(ask, "/oauth/revoke", hinted, basic(app)) == (200, {})
        later(ask)
        assert with_token(ask, told["access_token"]) == 401
        for gone in ("access_token", "refresh_token"):
            assert not introspect(ask, app, told[gone]).active
        assert error(refresh(ask, app, told["refresh_token"])) == "invalid_grant"
    assert post(ask, "/oauth/revoke", {"token": "nothing"}, basic(app)) == (200, {})
    assert error(post(ask, "/oauth/revoke", {}, basic(app))) == "invalid_request"


def test_a_client_learns_about_its_own_tokens_only(ask: Caller, app: dict[str, Any]) -> None:
    other, told = registered(ask), tokens_of(ask, app)
    for token in (told["access_token"], told["refresh_token"]):
        seen = introspect(ask, app, token)
        assert (seen.active, seen.sub, seen.client_id) == (True, "ann", app["client_id"])
        assert seen.scope == "account:read market:read"
        assert introspect(ask, other, token) == Introspection(active=False)
    following = refresh(ask, app, told["refresh_token"])[1]
    assert introspect(ask, app, told["refresh_token"]) == Introspection(active=False)
    later(ask, 931)
    assert introspect(ask, app, following["access_token"]) == Introspection(active=False)
    assert introspect(ask, app, following["refresh_token"]).active
    assert introspect(ask, app, "a.b.c") == Introspection(active=False)
    assert error(post(ask, "/oauth/introspect", {}, basic(app))) == "invalid_request"


def test_a_revoked_token_opens_nothing_from_then_on(ask: Caller, app: dict[str, Any]) -> None:
    token = credentials(ask, app)[1]["access_token"]
    before = with_token(ask, token)
    assert before != 401
    assert with_token(ask, token) == before, "it is leased"
    assert post(ask, "/oauth/revoke", {"token": token}, basic(app))[0] == 200
    assert with_token(ask, token) == 401
