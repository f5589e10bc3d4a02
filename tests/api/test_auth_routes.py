"""Signing up, in and out: who learns what, and how long tokens live."""

import jwt
import msgspec
import pytest

from api.shapes.auth import Registered, SignedOut, TokenPair
from common import passwords
from common.envelope import Answer
from tests.api.calling import BASE, NOW, SETTINGS, Caller, insert
from tests.api.identity.people import (
    EMAIL,
    PASSWORD,
    login,
    refresh,
    site,
    stored,
    with_token,
)
from tests.api.posting import data, kind, send


@pytest.fixture
def ask() -> Caller:
    return site()


def register(ask: Caller, email: str, password: str = "a long password") -> Answer:
    body = {"email": email, "password": password}
    return send(ask, "POST", "/api/v1/auth/register", body, key=None)


def test_a_new_account_is_a_viewers_on_the_free_plan_and_can_sign_in(ask: Caller) -> None:
    answer = register(ask, " Bob@Example.COM ")
    assert answer.status == 202
    assert msgspec.convert(data(answer, 202), Registered).status == "accepted"
    rows = ask.database.rows("SELECT role, plan FROM users WHERE email = 'bob@example.com'")
    assert rows == [("viewer", "free")]
    token = data(login(ask, "a long password", "bob@example.com"))["access_token"]
    assert ask("/api/v1/me", key=token).status == 200


def test_registering_a_taken_address_says_the_same_does_the_same_work_and_changes_nothing(
    ask: Caller,
) -> None:
    before = ask.database.statements
    free = register(ask, "new@example.com")
    cost = ask.database.statements - before
    taken = register(ask, EMAIL)
    assert ask.database.statements - before == 2 * cost
    assert (free.status, data(free, 202)) == (taken.status, data(taken, 202))
    assert login(ask, "a long password").status == 401
    assert login(ask).status == 200


def test_a_password_alone_opens_nothing_of_an_account_that_asks_for_a_code(ask: Caller) -> None:
    insert(ask.database, "totp", user_id="ann", nonce="n", created_at=1, confirmed_at=None)
    token = data(login(ask))["access_token"]
    ask.database.connection.execute("UPDATE totp SET confirmed_at = 1")
    assert kind(login(ask), 403)[0] == "second-factor-needed"
    assert login(ask, "a wrong password").status == 401
    erase = send(ask, "DELETE", "/api/v1/me", {"password": PASSWORD}, key=token)
    both = {"current_password": PASSWORD, "new_password": "staple correct horse"}
    change = send(ask, "POST", "/api/v1/me/password", both, key=token)
    assert [kind(one, 403)[0] for one in (erase, change)] == ["second-factor-needed"] * 2


@pytest.mark.parametrize(
    "email",
    ["ann", "a@b", "a b@example.com", "a@@example.com", "a@example..com", "a@-example.com",
     "a@example.com\n.x", "é@example.com", "a" * 65 + "@example.com", "a\x00@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(ask: Caller, email: str) -> None:
    answer = register(ask, email)
    assert answer.status in (400, 422)
    assert kind(answer, answer.status)[0] in ("email-invalid", "invalid-field")


def test_a_password_has_at_least_twelve_characters(ask: Caller) -> None:
    assert kind(register(ask, "new@example.com", "x" * 11), 400)[0] == "invalid-field"
    assert register(ask, "new@example.com", "twelve chars").status == 202


def test_a_sign_in_gives_a_token_for_fifteen_minutes_that_pyjwt_verifies(ask: Caller) -> None:
    told = msgspec.convert(data(login(ask)), TokenPair)
    assert (told.token_type, told.expires_in) == ("Bearer", 900)
    published = msgspec.json.decode(str(ask("/.well-known/jwks.json", key=None).body))
    keys = jwt.PyJWKSet.from_dict(published)
    header = jwt.get_unverified_header(told.access_token)
    claims = jwt.decode(
        told.access_token, keys[header["kid"]], algorithms=["ES256"], issuer=BASE,
        audience=f"{BASE}/api/v1", options={"verify_exp": False, "verify_nbf": False,
                                            "verify_iat": False},
    )  # fmt: skip
    assert header == {"alg": "ES256", "typ": "at+jwt", "kid": header["kid"]}
    assert (claims["sub"], claims["client_id"]) == ("ann", "cryptointel")
    assert (claims["exp"] - claims["iat"], claims["nbf"]) == (900, int(NOW))
    assert "d" not in published["keys"][0]


def test_an_access_token_opens_the_api_until_it_expires(ask: Caller) -> None:
    token = data(login(ask))["access_token"]
    me = data(ask("/api/v1/me", key=token))
    assert (me["user_id"], me["role"], me["plan"]) == ("ann", "trader", "pro")
    assert me["credential"]["kind"] == "token"
    ask.now = NOW + 900 + 29
    assert with_token(ask, token) == 200, "clocks may differ by half a minute"
    ask.now = NOW + 900 + 31
    assert with_token(ask, token) == 401


def test_an_unknown_address_is_refused_like_a_wrong_password_after_the_same_work(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    matches = passwords.matches

    async def counted(password: str, stored: str, pepper: str, derive: passwords.Derive) -> bool:
        calls.append(int(stored.split("$")[1]))
        return await matches(password, stored, pepper, derive)

    monkeypatch.setattr(passwords, "matches", counted)
    real = stored(PASSWORD, passwords.ITERATIONS)
    ask.database.connection.execute("UPDATE users SET password_hash = ?", (real,))
    insert(ask.database, "users", user_id="n", email="n@x.example", role="viewer", created_at=1)
    refusals = [login(ask, "wrong"), login(ask, PASSWORD, "nobody@x.example"),
                login(ask, PASSWORD, "n@x.example")]  # fmt: skip
    assert {kind(answer, 401) for answer in refusals} == {
        ("wrong-credentials", "This e-mail address and password do not match.")
    }
    assert calls == [passwords.ITERATIONS] * 3
    assert ask.database.rows("SELECT count(*) FROM token_families") == [(0,)]


def test_a_disabled_user_can_neither_sign_in_nor_refresh_nor_use_a_token(ask: Caller) -> None:
    told = data(login(ask))
    ask.database.connection.execute("UPDATE users SET disabled_at = 1 WHERE user_id = 'ann'")
    assert login(ask).status == 401
    assert refresh(ask, told["refresh_token"]).status == 401
    assert with_token(ask, told["access_token"]) == 401


def test_a_refresh_gives_another_pair_and_uses_the_token_up(ask: Caller) -> None:
    first = data(login(ask))
    second = data(refresh(ask, first["refresh_token"]))
    assert second.keys() == first.keys()
    assert second["refresh_token"] != first["refresh_token"]
    assert with_token(ask, second["access_token"]) == 200
    assert kind(refresh(ask, first["refresh_token"]), 401)[0] == "refresh-invalid"


def test_signing_out_ends_the_whole_sign_in_and_tells_nothing(ask: Caller) -> None:
    told, other = data(login(ask)), data(login(ask))
    for token in ("nothing", told["refresh_token"], told["refresh_token"]):
        answer = send(ask, "POST", "/api/v1/auth/logout", {"refresh_token": token}, key=None)
        assert msgspec.convert(data(answer), SignedOut).signed_out
    assert refresh(ask, told["refresh_token"]).status == 401
    assert with_token(ask, told["access_token"]) == 401
    assert with_token(ask, other["access_token"]) == 200, "another sign-in goes on"


def test_without_keys_nobody_signs_in_and_no_token_is_good(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = data(login(ask))["access_token"]
    monkeypatch.setitem(SETTINGS, "JWT_KEYS", "")
    assert kind(login(ask), 503)[0] == "tokens-unavailable"
    assert with_token(ask, token) == 401


def test_without_a_pepper_no_account_is_made_or_opened(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "PASSWORD_PEPPER", "")
    assert kind(register(ask, "new@example.com"), 503)[0] == "accounts-unavailable"
    assert kind(login(ask), 503)[0] == "accounts-unavailable"
    assert ask.database.rows("SELECT count(*) FROM users") == [(2,)]


def test_nothing_that_opens_anything_is_stored(ask: Caller) -> None:
    told = data(login(ask))
    everything = "\n".join(ask.database.connection.iterdump())
    for secret in (told["refresh_token"], told["refresh_token"][24:], PASSWORD):
        assert secret not in everything
    assert told["access_token"].rpartition(".")[2] not in everything
