"""Signing in on workerd: cookies, database, cryptography, concurrency, and real providers."""

import base64
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from dashboard.totp import code_at
from tests.dashboard.authenticator import Authenticator
from tests.runtime.signing_in import providers
from tests.support.live import Live
from tests.support.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.runtime

LISTS = "/api/v1/watchlists"


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(live: Live) -> None:
    visitor = Visitor(live).sign_up("cookies@example.com")
    device, session = visitor.set_cookies
    assert device.startswith("device=")
    assert session.startswith("session=")
    for cookie in (device, session):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert visitor.user() == {"email": "cookies@example.com", "role": "viewer"}


def test_the_secret_changes_behind_any_request_and_a_copy_of_the_old_one_ends_all(
    live: Live,
) -> None:
    visitor = Visitor(live, "10.77.0.2").sign_up("rotates@example.com")
    thief = Visitor(live, "10.77.6.6")
    thief.cookies = dict(visitor.cookies)
    visitor.age(601)
    reply = visitor.ask("/api/v1/me")
    assert (reply.status, len(visitor.set_cookies)) == (200, 1)
    assert reply.headers["cache-control"] == "no-store"
    assert visitor.cookies["session"] != thief.cookies["session"]
    assert visitor.user() is not None
    assert thief.user() is not None, "a request may have been in flight"
    visitor.age(61)
    assert thief.user() is None
    assert visitor.user() is None, "there was a copy: nobody keeps the session"


def test_of_requests_at_once_one_gets_the_next_secret_and_all_are_answered(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.3").sign_up("at-once@example.com")
    visitor.age(601)

    def ask(_: int) -> tuple[int, int]:
        tab = Visitor(live, "10.77.0.3")
        tab.cookies = dict(visitor.cookies)
        return tab.ask("/api/v1/me").status, len(tab.set_cookies)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(16)))
    assert [status for status, _ in found] == [200] * 16
    assert sum(cookies for _, cookies in found) == 1


def test_the_other_sessions_are_listed_and_ended_at_the_next_request(live: Live) -> None:
    here = Visitor(live, "10.77.0.4").sign_up("sessions@example.com")
    there = Visitor(live, "10.77.0.5").sign_in("sessions@example.com")
    listed = here.data("/session/list")
    assert [one["current"] for one in listed] == [True, False]
    here.data(f"/session/list/{listed[1]['session_id']}", "DELETE")
    assert there.refused("/api/v1/me") == "views-only"
    assert here.user() is not None


def test_a_role_and_a_ban_take_effect_at_the_next_request(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.6").sign_up("role@example.com")
    live.write("UPDATE users SET role = 'analyst' WHERE email = 'role@example.com'")
    assert visitor.data("/api/v1/me")["role"] == "analyst"
    live.write("UPDATE users SET disabled_at = 1 WHERE email = 'role@example.com'")
    assert visitor.refused("/api/v1/me") == "views-only"


def test_the_api_is_changed_with_the_sessions_token_alone(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.7").sign_up("csrf@example.com")
    body = {"name": "mine", "symbols": ["BTC"]}
    assert visitor.refused(LISTS, "POST", body, x_csrf_token="wrong") == "csrf"
    assert visitor.refused("/session", "DELETE", x_csrf_token="") == "csrf"
    visitor.data(LISTS, "POST", body, 201)


def test_a_storm_of_guesses_gets_five_tries_and_locks_nobody_else_out(live: Live) -> None:
    known = Visitor(live, "10.77.0.8").sign_up("guessed@example.com")
    known.data("/session", "DELETE")
    wrong = {"email": "guessed@example.com", "password": "guess"}

    def guess(_: int) -> int:
        return Visitor(live, "10.77.9.9").ask("/session", "POST", wrong).status

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(guess, range(24)))
    assert (found.count(401), found.count(429)) == (5, 19)
    Visitor(live, "10.77.0.9").sign_in("guessed@example.com")
    known.address = "10.77.9.9"
    known.csrf = ""
    known.sign_in("guessed@example.com")


def test_a_second_factor_is_set_up_and_asked_for(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.10").sign_up("totp@example.com")
    secret = visitor.data("/session/totp", "POST")["secret"]
    raw = base64.b32decode(secret)

    def code(steps: int) -> dict[str, str]:
        (now,) = live.rows("SELECT CAST(strftime('%s', 'now') AS INTEGER)")[0]
        return {"code": code_at(raw, now // 30 + steps)}

    codes = visitor.data("/session/totp/confirm", "POST", code(0))["recovery_codes"]
    other = Visitor(live, "10.77.0.11").sign_in("totp@example.com")
    assert other.user() is None
    assert other.data("/session")["next"] == "code"
    other.data("/session/code", "POST", code(1))
    assert other.user() is not None
    third = Visitor(live, "10.77.0.12").sign_in("totp@example.com")
    third.data("/session/code", "POST", {"code": codes[0]})
    assert {one["method"] for one in third.data("/session/list")} == {
        "password", "password+totp", "password+recovery",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_passkey_is_checked_by_webcrypto(live: Live, kind: str) -> None:
    visitor = Visitor(live, "10.77.0.13").sign_up(f"{kind}@example.com")
    phone = Authenticator(kind, visitor.origin)
    asked = visitor.data("/session/challenge", "POST", {"purpose": "register"})
    visitor.data("/session/passkeys", "POST", phone.create(asked))
    stranger = Visitor(live, "10.77.0.14")
    asked = stranger.data("/session/challenge", "POST", {"purpose": "sign-in"})
    forged = phone.get(asked) | {"signature": phone.get(asked)["signature"][:-8] + "AAAAAAAA"}
    assert stranger.refused("/session/passkey", "POST", forged) == "passkey-refused"
    asked = stranger.data("/session/challenge", "POST", {"purpose": "sign-in"})
    stranger.data("/session/passkey", "POST", phone.get(asked))
    assert stranger.user()["email"] == f"{kind}@example.com"


def test_what_is_sensitive_needs_a_fresh_proof_at_the_api_too(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.15").sign_up("proof@example.com")
    body = {"name": "Robot"}
    visitor.data("/api/v1/keys", "POST", body, 201)
    visitor.age(601)
    assert visitor.refused("/api/v1/keys", "POST", body) == "step-up-required"
    assert visitor.refused("/api/v1/me", "DELETE", {}) == "step-up-required"
    visitor.data("/session/proof", "POST", {"password": PASSWORD})
    visitor.data("/api/v1/keys", "POST", body, 201)


def test_a_new_password_keeps_this_session_and_ends_the_others(live: Live) -> None:
    here = Visitor(live, "10.77.0.16").sign_up("password@example.com")
    there = Visitor(live, "10.77.0.17").sign_in("password@example.com")
    new = "quite another set of words"
    told = here.data("/api/v1/me/password", "POST", {"new_password": new})
    assert told["ended"]["sessions"] == 1
    assert (there.user(), here.user() is not None) == (None, True)
    Visitor(live, "10.77.0.18").sign_in("password@example.com", new)


def test_an_account_is_exported_and_erased_with_all_that_opened_it(live: Live) -> None:
    visitor = Visitor(live, "10.77.0.19").sign_up("erased@example.com")
    told = visitor.data("/api/v1/me/export")
    assert told["account"]["email"] == "erased@example.com"
    assert told["sessions"][0]["method"] == "password"
    visitor.data("/api/v1/me", "DELETE", {})
    assert visitor.user() is None
    body = {"email": "erased@example.com", "password": PASSWORD}
    visitor.csrf = ""
    assert visitor.refused("/session", "POST", body) == "wrong-credentials"


def test_a_stock_openid_provider_opens_an_account_and_its_answer_works_once(live: Live) -> None:
    with providers.openid(live):
        visitor = Visitor(live, "10.77.0.20")
        visitor.origin = live.system.ports.address("dashboard")
        host = urlsplit(visitor.origin).netloc
        begin = {"purpose": "sign-in", "next": "/settings"}
        reply = visitor.ask("/session/oauth/google", "POST", begin, host=host)
        back = urlsplit(providers.consent(reply.json()["data"]["location"], "carla"))
        assert back.path == "/session/oauth/google/callback"
        kept = dict(visitor.cookies)
        landed = visitor.ask(f"{back.path}?{back.query}", host=host)
        assert (landed.status, landed.headers["location"]) == (303, "/settings")
        assert visitor.user()["email"] == "carla@provider.example"
        thief = Visitor(live, "10.77.6.7")
        thief.cookies = kept
        again = thief.ask(f"{back.path}?{back.query}", host=host)
        assert again.headers["location"] == "/login?failed=step-expired"
        assert thief.user() is None


def test_github_opens_an_account_by_its_user_api(live: Live) -> None:
    with providers.github(live, "octocat", 583_231):
        visitor = Visitor(live, "10.77.0.21")
        begin = {"purpose": "sign-in"}
        location = visitor.data("/session/oauth/github", "POST", begin)["location"]
        state = urlsplit(location).query.partition("state=")[2].partition("&")[0]
        path = "/session/oauth/github/callback"
        landed = visitor.ask(f"{path}?code=good&state={state}")
        assert landed.headers["location"] == "/"
        assert visitor.user()["email"] == "octocat@github.example"
