"""The second factor: set up with a code, asked for before any session exists, once each."""

import asyncio
import base64
from typing import Any

import pytest

from dashboard import lockout
from dashboard.totp import code_at
from tests.dashboard.browsing import Browser, House, problem_of
from tests.dashboard.somebody import EMAIL, PASSWORD


@pytest.fixture
def house() -> House:
    return House()


class App:
    """An authenticator app that holds the secret it was shown."""

    def __init__(self, house: House, secret: str) -> None:
        self._house = house
        self._secret = base64.b32decode(secret)

    def code(self, steps: int = 0) -> str:
        return code_at(self._secret, int(self._house.now) // 30 + steps)


def set_up(browser: Browser) -> tuple[App, list[str]]:
    app = App(browser.house, browser.data("/session/totp", "POST")["secret"])
    told = browser.data("/session/totp/confirm", "POST", {"code": app.code()})
    browser.house.now += 60  # the next codes are others
    return app, told["recovery_codes"]


@pytest.fixture
def inside(house: House) -> Browser:
    browser = Browser(house)
    browser.sign_in()
    return browser


def waiting(house: House) -> Browser:
    browser = Browser(house)
    told = browser.sign_in()
    assert (told["user"], told["csrf"], told["next"]) == (None, None, "code")
    return browser


def security(browser: Browser) -> Any:
    return browser.data("/session/security")


def test_a_secret_that_was_not_confirmed_is_not_asked_for(house: House, inside: Browser) -> None:
    inside.data("/session/totp", "POST")
    wrong = {"code": "000000"}
    assert inside.refused("/session/totp/confirm", "POST", wrong) == (403, "wrong-code")
    assert security(inside)["mfa"] is False
    assert Browser(house).sign_in()["user"] is not None


def test_after_the_password_a_code_is_asked_for_before_any_session_exists(
    house: House, inside: Browser
) -> None:
    app, _ = set_up(inside)
    browser = waiting(house)
    assert house.count("sessions") == 1
    assert browser.data("/session")["next"] == "code"
    told = browser.data("/session/code", "POST", {"code": app.code()})
    assert told["user"]["email"] == EMAIL
    assert {one["method"] for one in browser.data("/session/list")} == {
        "password", "password+totp",
    }  # fmt: skip


def test_a_code_works_once(house: House, inside: Browser) -> None:
    app, _ = set_up(inside)
    code = {"code": app.code()}
    waiting(house).data("/session/code", "POST", code)
    assert waiting(house).refused("/session/code", "POST", code) == (403, "wrong-code")
    earlier = {"code": app.code(-1)}
    assert waiting(house).refused("/session/code", "POST", earlier) == (403, "wrong-code")


def test_one_code_sent_many_times_at_once_opens_one_session(house: House, inside: Browser) -> None:
    app, _ = set_up(inside)
    browsers = [waiting(house) for _ in range(5)]
    code = {"code": app.code()}

    async def at_once() -> list[int]:
        asked = (one.ask("/session/code", "POST", code) for one in browsers)
        return [answer.status for answer in await asyncio.gather(*asked)]

    assert sorted(asyncio.run(at_once())) == [200, 403, 403, 403, 403]


def test_a_recovery_code_works_once_however_it_is_typed(house: House, inside: Browser) -> None:
    _, codes = set_up(inside)
    assert len(set(codes)) == 10
    typed = {"code": f" {codes[0].replace('-', ' ').upper()} "}
    waiting(house).data("/session/code", "POST", typed)
    assert waiting(house).refused("/session/code", "POST", typed) == (403, "wrong-code")
    assert security(inside)["recovery_codes_left"] == 9
    waiting(house).data("/session/code", "POST", {"code": codes[1]})


def test_new_recovery_codes_replace_the_old_ones(house: House, inside: Browser) -> None:
    _, old = set_up(inside)
    new = inside.data("/session/recovery-codes", "POST")["recovery_codes"]
    assert not set(old) & set(new)
    assert waiting(house).refused("/session/code", "POST", {"code": old[0]})[1] == "wrong-code"
    waiting(house).data("/session/code", "POST", {"code": new[0]})


def test_the_database_holds_neither_the_secret_nor_a_code(house: House, inside: Browser) -> None:
    secret = inside.data("/session/totp", "POST")["secret"]
    codes = set_up(inside)[1]
    dumped = "\n".join(house.database.connection.iterdump())
    raw = base64.b32decode(secret)
    for text in (secret, raw.hex(), *codes, *(code.replace("-", "") for code in codes)):
        assert text not in dumped


def test_the_codes_of_one_user_open_no_other_account(house: House, inside: Browser) -> None:
    app, codes = set_up(inside)
    house.add_user("u2", "ben@example.com")
    ben = Browser(house)
    ben.sign_in("ben@example.com")
    set_up(ben)
    other = Browser(house)
    assert other.sign_in("ben@example.com")["next"] == "code"
    for code in (app.code(), codes[0]):
        assert other.refused("/session/code", "POST", {"code": code}) == (403, "wrong-code")


def test_guessing_codes_is_slowed_down_like_guessing_passwords(
    house: House, inside: Browser
) -> None:
    set_up(inside)
    browser = waiting(house)
    found = [browser("/session/code", "POST", {"code": "000000"}).status for _ in range(7)]
    assert found == [403] * 5 + [429] * 2


def test_codes_guessed_from_many_addresses_are_slowed_down_for_a_day(
    house: House, inside: Browser
) -> None:
    set_up(inside)
    found = []
    for number in range(lockout.CODE.free + 2):
        browser = Browser(house, f"10.1.0.{number}")
        browser.sign_in()
        found.append(browser("/session/code", "POST", {"code": "000000"}).status)
    assert found == [403] * lockout.CODE.free + [429] * 2
    house.now += lockout.ACCOUNT.quiet
    stranger = Browser(house, "10.2.0.1")
    stranger.sign_in()
    assert [stranger("/session/code", "POST", {"code": "000000"}).status for _ in range(2)] == [
        403, 429,
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [301, 3600])
def test_a_sign_in_waits_five_minutes_for_its_code(
    house: House, inside: Browser, seconds: int
) -> None:
    app, _ = set_up(inside)
    browser = waiting(house)
    house.now += seconds
    refused = browser.refused("/session/code", "POST", {"code": app.code()})
    assert refused == (403, "step-expired")


def test_what_waits_cannot_be_made_up_or_handed_on_from_another_purpose(
    house: House, inside: Browser
) -> None:
    app, _ = set_up(inside)
    browser = waiting(house)
    good = browser.cookies["__Host-mfa"]
    text, _, mac = good.partition(".")
    device = inside.cookies["__Host-device"]
    for forged in ("", text, f"{text}.", f"{text}x.{mac}", f".{mac}", device, "é.é"):
        browser.cookies["__Host-mfa"] = forged
        refused = browser.refused("/session/code", "POST", {"code": app.code()})
        assert refused == (403, "step-expired")
    browser.cookies["__Host-mfa"] = good
    browser.data("/session/code", "POST", {"code": app.code()})
    browser.data("/session", "DELETE")
    browser.csrf, browser.cookies["__Host-mfa"] = None, good
    house.now += 30
    again = browser.refused("/session/code", "POST", {"code": app.code()})
    assert again == (403, "step-expired"), "it was taken already"


def test_an_app_is_not_replaced_without_switching_it_off(house: House, inside: Browser) -> None:
    set_up(inside)
    assert inside.refused("/session/totp", "POST") == (409, "mfa-on")
    inside.data("/session/totp", "DELETE")
    assert security(inside)["recovery_codes_left"] == 0
    assert Browser(house).sign_in()["user"] is not None
    assert inside.refused("/session/recovery-codes", "POST") == (409, "mfa-off")


def test_with_a_second_factor_the_password_is_no_proof(house: House, inside: Browser) -> None:
    app, codes = set_up(inside)
    assert inside.data("/session/proof")["ways"] == ["code"]
    house.now += 700
    body = {"password": PASSWORD}
    assert inside.refused("/session/proof", "POST", body) == (403, "code-needed")
    assert inside.refused("/session/totp", "DELETE") == (403, "step-up-required")
    inside.data("/session/proof", "POST", {"code": app.code()})
    house.now += 700
    inside.data("/session/proof", "POST", {"code": codes[0]})
    inside.data("/session/totp", "DELETE")


def test_a_password_is_proof_for_ten_minutes(house: House, inside: Browser) -> None:
    assert inside.data("/session/proof")["ways"] == ["password"]
    house.now += 601
    wrong = inside("/session/proof", "POST", {"password": "a wrong one"})
    assert problem_of(wrong) == (403, "wrong-password")
    assert inside.refused("/session/totp", "POST") == (403, "step-up-required")
    inside.data("/session/proof", "POST", {"password": PASSWORD})
    house.now += 599
    inside.data("/session/totp", "POST")
