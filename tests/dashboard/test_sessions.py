"""Sessions over a real database: opened, renewed behind the page's back, ended, listed."""

import asyncio
from typing import Any

import pytest

from dashboard import sessions
from dashboard.sessions import (
    ABSOLUTE_SECONDS,
    GRACE_SECONDS,
    IDLE_SECONDS,
    ROTATE_SECONDS,
    Session,
    find,
)
from tests.dashboard.browsing import Browser, House, digest
from tests.dashboard.somebody import EMAIL, NOW

COOKIE = "__Host-session"


@pytest.fixture
def house() -> House:
    return House()


def signed_in(house: House, address: str = "192.0.2.7") -> Browser:
    browser = Browser(house, address)
    browser.sign_in()
    return browser


def who(browser: Browser) -> Any:
    return browser.data("/session")["user"]


def looked_up(house: House, token: str) -> Session | None:
    return asyncio.run(find(token, house.database, house.now))


def test_the_right_password_opens_a_session_of_its_user(house: House) -> None:
    browser = Browser(house)
    told = browser.sign_in()
    assert told["user"] == {"email": EMAIL, "role": "analyst"}
    assert told["next"] is None
    assert who(browser) == told["user"]


def test_a_cookie_holds_256_random_bits_and_the_database_their_digest(house: House) -> None:
    tokens = [signed_in(house).cookies[COOKIE] for _ in range(3)]
    secrets = {token.partition(".")[2] for token in tokens}
    assert len(secrets) == 3
    assert all(len(secret) == 43 for secret in secrets)
    stored = {row[0] for row in house.database.rows("SELECT token_digest FROM sessions")}
    assert stored == {digest(secret) for secret in secrets}
    dumped = "\n".join(house.database.connection.iterdump())
    assert not any(secret in dumped for secret in secrets)


def test_neither_the_id_nor_the_stored_digest_opens_a_session(house: House) -> None:
    session_id, _, secret = signed_in(house).cookies[COOKIE].partition(".")
    for wrong in ("", ".", session_id, f"{session_id}.", f"{session_id}.{digest(secret)}",
                  secret, f".{secret}", f"{session_id}.{secret}x"):  # fmt: skip
        assert looked_up(house, wrong) is None
    assert looked_up(house, f"{session_id}.{secret}") is not None


def test_the_kv_note_says_since_when_and_ends_with_the_session(house: House) -> None:
    browser = signed_in(house)
    assert house.tools.notes["u1"] == f'{{"since":{int(NOW)},"role":"analyst"}}'
    browser("/session", "DELETE")
    assert house.tools.notes["u1"] == ""


def test_the_secret_changes_every_ten_minutes_and_the_page_never_notices(house: House) -> None:
    browser = signed_in(house)
    first = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS - 1
    assert who(browser)
    assert browser.cookies[COOKIE] == first
    house.now += 1
    assert who(browser)
    assert browser.cookies[COOKIE] != first
    assert browser.data("/session")["csrf"] == browser.csrf
    assert house.count("sessions") == 1


def test_requests_in_flight_may_send_the_old_secret_for_a_minute(house: House) -> None:
    browser = signed_in(house)
    old = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS
    who(browser)
    who(browser)  # the new one is in force from here on
    house.now += GRACE_SECONDS - 1
    assert looked_up(house, old) is not None


def test_an_old_secret_that_comes_after_that_is_a_copy_and_ends_the_session(house: House) -> None:
    browser = signed_in(house)
    stolen = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS
    who(browser)
    who(browser)
    house.now += GRACE_SECONDS
    assert looked_up(house, stolen) is None
    assert who(browser) is None


def test_an_answer_that_was_lost_with_the_new_secret_logs_nobody_out(house: House) -> None:
    browser = signed_in(house)
    old = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS
    who(browser)
    browser.cookies[COOKIE] = old  # it never arrived
    house.now += GRACE_SECONDS
    assert who(browser)
    assert browser.cookies[COOKIE] != old
    house.now += 1
    assert who(browser)


def test_of_many_requests_at_once_one_alone_gets_the_next_secret(house: House) -> None:
    browser = signed_in(house)
    token = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS

    async def at_once() -> list[Session | None]:
        return await asyncio.gather(*(find(token, house.database, house.now) for _ in range(20)))

    found = [one for one in asyncio.run(at_once()) if one is not None]
    assert len(found) == 20
    assert sum(one.token is not None for one in found) == 1


def test_a_session_ends_after_twelve_idle_hours(house: House) -> None:
    browser = signed_in(house)
    house.now += IDLE_SECONDS - 1
    assert who(browser)
    house.now += IDLE_SECONDS
    assert who(browser) is None


def test_a_session_ends_after_fourteen_days_however_busy(house: House) -> None:
    browser = signed_in(house)
    for _ in range(ABSOLUTE_SECONDS // (IDLE_SECONDS // 2) - 1):
        house.now += IDLE_SECONDS // 2
        assert who(browser)
    house.now = NOW + ABSOLUTE_SECONDS
    assert who(browser) is None
    signed_in(house)
    assert house.count("sessions") == 1, "what is over is removed"


@pytest.mark.parametrize(
    ("change", "seen"),
    [("role = 'viewer'", "viewer"), ("role = 'admin'", "admin"), ("disabled_at = 1", None)],
)
def test_a_changed_role_and_a_disabled_account_take_effect_at_the_next_request(
    house: House, change: str, seen: str | None
) -> None:
    browser = signed_in(house)
    house.database.connection.execute(f"UPDATE users SET {change}")
    user = who(browser)
    assert (user and user["role"]) == seen


def test_signing_in_again_replaces_the_session_of_the_browser(house: House) -> None:
    browser = signed_in(house)
    before = browser.cookies[COOKIE]
    browser.sign_in()
    assert house.count("sessions") == 1
    assert looked_up(house, before) is None


def test_signing_out_ends_the_session_whatever_secret_it_has_by_now(house: House) -> None:
    browser, other = signed_in(house), signed_in(house)
    old = browser.cookies[COOKIE]
    house.now += ROTATE_SECONDS
    who(browser)
    assert browser.data("/session", "DELETE")["user"] is None
    assert COOKIE not in browser.cookies
    assert looked_up(house, old) is None
    assert who(other)


def test_a_user_sees_where_they_are_signed_in_and_ends_the_others(house: House) -> None:
    here, there = signed_in(house), signed_in(house, "198.51.100.9")
    house.now += 5
    listed = here.data("/session/list")
    assert [(one["current"], one["device"], one["method"]) for one in listed] == [
        (True, "Firefox on Linux", "password"), (False, "Firefox on Linux", "password"),
    ]  # fmt: skip
    here.data(f"/session/list/{listed[1]['session_id']}", "DELETE")
    assert who(there) is None
    third = signed_in(house)
    here.data("/session/list", "DELETE")
    assert (who(third), who(here) is not None) == (None, True)


def test_sessions_of_another_user_are_neither_seen_nor_ended(house: House) -> None:
    house.add_user("u2", "ben@example.com")
    ann, ben = signed_in(house), Browser(house)
    ben.sign_in("ben@example.com")
    (own,) = ben.data("/session/list")
    (hers,) = ann.data("/session/list")
    assert own["session_id"] != hers["session_id"]
    path = f"/session/list/{hers['session_id']}"
    assert ben.refused(path, "DELETE") == (404, "no-such-session")
    ben.data("/session/list", "DELETE")
    assert who(ann)


def test_what_the_api_is_told_names_the_session_and_the_last_proof(house: House) -> None:
    found = looked_up(house, signed_in(house).cookies[COOKIE])
    assert found is not None
    assert found.acting() == (
        '{"user_id":"u1","role":"analyst","plan":"free",'
        f'"session_id":"{found.session_id}","proved_at":{int(NOW)}}}'
    )
    assert sessions.digest("x") == digest("x")
