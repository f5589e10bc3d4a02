"""Another password: who may set it, what ends with the old one, and what goes on."""

from typing import Any

import msgspec
import pytest

from api.principal import Principal
from api.shapes.me import PasswordChanged
from common.envelope import Answer
from tests.api.calling import SETTINGS, TICK, Caller, insert
from tests.api.identity.people import (
    ANN,
    PASSWORD,
    code_for,
    later,
    login,
    redeem,
    refresh,
    registered,
    site,
    tokens_of,
    with_token,
)
from tests.api.posting import data, kind, send

PATH = "/api/v1/me/password"
NEW = "staple correct horse"


@pytest.fixture
def ask() -> Caller:
    return site()


def change(
    ask: Caller, current: str = PASSWORD, new: str = NEW, *, key: str | None = None,
    who: Principal | None = ANN,
) -> Answer:  # fmt: skip
    body = {"current_password": current, "new_password": new}
    return send(ask, "POST", PATH, body, key=key, principal=None if key else who)


def open_session(ask: Caller, user_id: str, session_id: str = "s1") -> None:
    insert(ask.database, "sessions", session_id=session_id, token_digest="t", user_id=user_id,
           csrf="c", method="password", device="Firefox", created_at=TICK, seen_at=TICK,
           proved_at=TICK, expires_at=int(ask.now) + 900)  # fmt: skip


def told(answer: Answer) -> PasswordChanged:
    return msgspec.convert(data(answer), PasswordChanged)


def test_the_new_password_opens_the_account_and_the_old_one_does_not(ask: Caller) -> None:
    told(change(ask))
    assert login(ask).status == 401
    assert login(ask, NEW).status == 200
    stored = ask.database.rows("SELECT password_hash FROM users WHERE user_id = 'ann'")[0][0]
    assert stored.startswith("pbkdf2-sha256$100000$")
    assert NEW not in "\n".join(ask.database.connection.iterdump())


def test_whatever_was_opened_with_the_old_one_ends_and_is_counted(ask: Caller) -> None:
    open_session(ask, "ann")
    app, signed_in = registered(ask), data(login(ask))
    allowed, code = tokens_of(ask, app), code_for(ask, app)
    answer = told(change(ask))
    assert (answer.ended.sessions, answer.ended.sign_ins) == (1, 1)
    assert [one.name for one in answer.ended.apps] == ["Portfolio"]
    later(ask)
    assert ask.database.rows("SELECT count(*) FROM sessions") == [(0,)]
    assert refresh(ask, signed_in["refresh_token"]).status == 401
    assert [with_token(ask, one["access_token"]) for one in (signed_in, allowed)] == [401, 401]
    assert redeem(ask, app, code)[1]["error"] == "invalid_grant"
    assert data(ask("/api/v1/oauth/grants", key=None, principal=ANN)) == []


def test_the_sign_in_that_asks_goes_on(ask: Caller) -> None:
    mine, other = data(login(ask)), data(login(ask))
    assert told(change(ask, key=mine["access_token"])).ended.sign_ins == 1
    later(ask)
    assert with_token(ask, mine["access_token"]) == 200
    assert refresh(ask, mine["refresh_token"]).status == 200
    assert with_token(ask, other["access_token"]) == 401


def test_the_session_that_asks_goes_on_and_needs_no_old_password_after_a_fresh_proof(
    ask: Caller,
) -> None:
    for session_id in ("mine", "other"):
        open_session(ask, "ann", session_id)
    fresh = ANN._replace(session_id="mine", proved_at=int(ask.now) - 599)
    answer = send(ask, "POST", PATH, {"new_password": NEW}, key=None, principal=fresh)
    assert told(answer).ended.sessions == 1
    assert ask.database.rows("SELECT session_id FROM sessions") == [("mine",)]
    assert login(ask, NEW).status == 200


def test_a_session_without_a_fresh_proof_sets_no_password(ask: Caller) -> None:
    old = ANN._replace(session_id="mine", proved_at=int(ask.now) - 602)
    body = {"new_password": NEW, "current_password": PASSWORD}
    answer = send(ask, "POST", PATH, body, key=None, principal=old)
    assert kind(answer, 403)[0] == "step-up-required"
    assert login(ask).status == 200


def test_an_account_without_a_password_gets_one_by_a_fresh_proof(ask: Caller) -> None:
    fresh = Principal("u1", "trader", "enterprise", "session", proved_at=int(ask.now))
    told(send(ask, "POST", PATH, {"new_password": NEW}, key=None, principal=fresh))
    ((stored,),) = ask.database.rows("SELECT password_hash FROM users WHERE user_id = 'u1'")
    assert stored.startswith("pbkdf2-sha256$")


@pytest.mark.parametrize("common", ["password1234", "ann@example.com1"])
def test_a_password_that_many_have_or_that_says_the_address_is_refused(
    ask: Caller, common: str
) -> None:
    assert kind(change(ask, new=common), 422)[0] == "password-common"
    assert login(ask).status == 200


def test_keys_go_on_and_so_does_all_of_everybody_else(ask: Caller) -> None:
    body = {"name": "Robot"}
    robot = data(send(ask, "POST", "/api/v1/keys", body, key=None, principal=ANN), 201)["key"]
    open_session(ask, "u1")
    app = registered(ask)
    u1 = Principal("u1", "trader", "enterprise", "session")
    token = redeem(ask, app, code_for(ask, app, who=u1))[1]["access_token"]
    assert "API keys" in told(change(ask)).stays
    later(ask)
    assert ask("/api/v1/me", key=robot).status == 200
    assert with_token(ask, token) == 200
    assert ask.database.rows("SELECT user_id FROM sessions") == [("u1",)]


@pytest.mark.parametrize("current", ["wrong", NEW, SETTINGS["PASSWORD_PEPPER"]])
def test_a_wrong_current_password_changes_nothing(ask: Caller, current: str) -> None:
    token = data(login(ask))["access_token"]
    assert kind(change(ask, current), 403)[0] == "wrong-password"
    assert login(ask).status == 200
    assert with_token(ask, token) == 200


def test_an_account_without_a_password_gets_none_this_way(ask: Caller) -> None:
    u1 = Principal("u1", "trader", "enterprise", "session")
    assert kind(change(ask, "x", who=u1), 403)[0] == "wrong-password"
    assert ask.database.rows("SELECT password_hash FROM users WHERE user_id = 'u1'") == [(None,)]


@pytest.mark.parametrize("new", ["x" * 11, "", "x" * 257])
def test_a_new_password_has_the_length_of_a_first_one(ask: Caller, new: str) -> None:
    assert kind(change(ask, new=new), 400)[0] == "invalid-field"


def test_of_two_changes_at_once_one_wins_and_the_other_is_told(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.identity import accounts

    stored = ask.database.rows("SELECT password_hash FROM users WHERE user_id = 'ann'")[0][0]
    assert change(ask).status == 200

    async def as_before(*_: Any) -> str:
        return str(stored)

    monkeypatch.setattr(accounts, "prove", as_before)
    assert kind(change(ask, new="another one that is long"), 403)[0] == "wrong-password"
    monkeypatch.undo()
    assert login(ask, NEW).status == 200


def test_a_wrong_one_is_counted_and_looks_as_suspicious_as_a_wrong_login(ask: Caller) -> None:
    answers = [change(ask, "wrong") for _ in range(11)]
    assert [answer.status for answer in answers] == [403] * 10 + [429]
    assert answers[-1].headers["retry-after"]
    ask.settle("report_wrong_login")
    (suspected,) = [
        arbiter for subject, arbiter in ask.parts.arbiters.items() if subject.startswith("address:")
    ]
    assert suspected.idle_at() > ask.now


def test_without_a_pepper_no_password_is_changed(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "PASSWORD_PEPPER", "")
    assert kind(change(ask), 503)[0] == "accounts-unavailable"


def test_no_app_changes_a_password(ask: Caller) -> None:
    token = tokens_of(ask, registered(ask))["access_token"]
    assert kind(change(ask, key=token), 403)[0] == "scope-missing"
