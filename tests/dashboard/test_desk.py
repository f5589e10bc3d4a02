"""The guards before every door below /session."""

from typing import Any

import pytest

from dashboard.desk import DOORS
from tests.dashboard.browsing import Browser, House, problem_of
from tests.dashboard.somebody import EMAIL, PASSWORD

RIGHT = {"email": EMAIL, "password": PASSWORD}
CHANGES = [(door.method, door.path.replace("*", "x")) for door in DOORS if door.method != "GET"]
INSIDE = [(door.method, door.path.replace("*", "x")) for door in DOORS if door.signed_in]
PROVED = [(door.method, door.path.replace("*", "x")) for door in DOORS if door.proved]
EVERY_CHANGE = pytest.mark.parametrize(("method", "path"), CHANGES)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def inside(house: House) -> Browser:
    browser = Browser(house)
    browser.sign_in()
    return browser


def kind(browser: Browser, path: str, method: str, **headers: str | None) -> tuple[int, str]:
    return problem_of(browser(path, method, RIGHT, **headers))


@EVERY_CHANGE
@pytest.mark.parametrize(
    "headers",
    [{"origin": None}, {"origin": "https://evil.example"}, {"origin": "null"},
     {"x_requested_with": None}, {"origin": "http://app.example"}],
)  # fmt: skip
def test_nothing_is_changed_from_another_site(
    house: House, inside: Browser, method: str, path: str, headers: Any
) -> None:
    assert kind(inside, path, method, **headers) == (403, "cross-site")
    assert kind(Browser(house), path, method, **headers) == (403, "cross-site")
    assert house.count("sessions") == 1


@EVERY_CHANGE
@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_nothing_is_changed_for_who_is_signed_in_without_the_sessions_token(
    house: House, inside: Browser, method: str, path: str, token: str | None
) -> None:
    assert kind(inside, path, method, x_csrf_token=token) == (403, "csrf")
    assert house.count("sessions") == 1


def test_the_token_of_another_session_is_refused(house: House, inside: Browser) -> None:
    other = Browser(house)
    other.sign_in()
    assert other.csrf != inside.csrf
    assert kind(inside, "/session", "DELETE", x_csrf_token=other.csrf) == (403, "csrf")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_is_no_request_of_ours(house: House, media: str) -> None:
    assert kind(Browser(house), "/session", "POST", content_type=media) == (415, "not-json")


@pytest.mark.parametrize(("method", "path"), INSIDE)
def test_what_is_for_users_is_not_for_visitors(house: House, method: str, path: str) -> None:
    assert kind(Browser(house), path, method) == (401, "signed-out")


@pytest.mark.parametrize(("method", "path"), PROVED)
def test_what_is_sensitive_needs_a_fresh_proof(
    house: House, inside: Browser, method: str, path: str
) -> None:
    house.now += 601
    assert kind(inside, path, method) == (403, "step-up-required")


def test_what_ends_a_way_in_or_makes_one_is_sensitive() -> None:
    assert {path for _, path in PROVED} >= {
        "/session/passkeys", "/session/passkeys/x", "/session/totp", "/session/totp/confirm",
        "/session/recovery-codes", "/session/linked/x",
    }  # fmt: skip


def test_a_wrong_method_says_which_are_right(house: House) -> None:
    answer = Browser(house)("/session", "PUT", {})
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST, DELETE")


@pytest.mark.parametrize("path", ["/session/", "/session/nothing", "/session/list/a/b"])
def test_there_is_nothing_at_another_path(house: House, path: str) -> None:
    assert Browser(house).refused(path) == (404, "no-such-route")


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"email": EMAIL}, {"email": 1, "password": "x"},
             {"email": "", "password": "x"}, {"email": EMAIL, "password": "x" * 257}]
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused(house: House, body: Any) -> None:
    assert Browser(house).refused("/session", "POST", body) == (400, "invalid-body")


def test_nobody_signs_in_without_the_secret_that_passwords_are_hashed_with(house: House) -> None:
    house.settings.clear()
    assert Browser(house).refused("/session", "POST", RIGHT) == (503, "accounts-unavailable")


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    browser = Browser(house)
    browser.sign_in()
    assert len(browser.set_cookies) == 2
    for cookie in browser.set_cookies:
        assert cookie.startswith("__Host-")
        assert cookie.endswith("; HttpOnly; SameSite=Lax; Secure")
        assert "; Path=/; " in cookie
