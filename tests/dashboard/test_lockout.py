"""Guessing is slowed down, exactly, and nobody can lock somebody else out by it."""

import asyncio

import pytest

from dashboard.lockout import ACCOUNT, ADDRESS, DEVICE, PAIR
from tests.dashboard.browsing import Browser, House, problem_of
from tests.dashboard.somebody import EMAIL, PASSWORD

WRONG = {"email": EMAIL, "password": "a wrong one"}
RIGHT = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture
def house() -> House:
    return House()


def tries(browser: Browser, number: int, email: str = EMAIL) -> list[int]:
    body = {"email": email, "password": "a wrong one"}
    return [browser("/session", "POST", body).status for _ in range(number)]


def many_addresses(house: House, number: int) -> list[int]:
    return [
        tries(Browser(house, f"10.0.{at // 200}.{at % 200}"), 1)[0] for at in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_after_five_wrong_passwords_an_address_waits_a_minute_for_each(
    house: House, email: str
) -> None:
    browser = Browser(house)
    assert tries(browser, PAIR.free + 1, email) == [401] * PAIR.free + [429]
    assert browser.last is not None
    assert browser.last.headers["retry-after"] == str(PAIR.pause)
    house.now += PAIR.pause
    assert tries(browser, 2, email) == [401, 429]
    house.now += PAIR.quiet
    assert tries(browser, PAIR.free, email) == [401] * PAIR.free


def test_the_right_password_waits_like_a_wrong_one_and_another_address_does_not(
    house: House,
) -> None:
    tries(here := Browser(house), PAIR.free)
    assert here("/session", "POST", RIGHT).status == 429
    assert Browser(house, "198.51.100.1")("/session", "POST", RIGHT).status == 200


def test_the_right_password_forgets_the_wrong_ones_before_it(house: House) -> None:
    for _ in range(4):
        browser = Browser(house)
        assert tries(browser, PAIR.free - 1) == [401] * (PAIR.free - 1)
        assert browser("/session", "POST", RIGHT).status == 200


def test_a_hundred_tries_at_once_are_not_more_than_one_after_the_other(house: House) -> None:
    async def at_once() -> list[int]:
        asked = (Browser(house).ask("/session", "POST", WRONG) for _ in range(100))
        return [answer.status for answer in await asyncio.gather(*asked)]

    statuses = asyncio.run(at_once())
    assert statuses.count(401) == PAIR.free
    assert statuses.count(429) == 100 - PAIR.free


def test_an_address_that_tries_many_accounts_is_slowed_down(house: House) -> None:
    browser = Browser(house)
    found = [tries(browser, 1, f"u{at}@example.com")[0] for at in range(ADDRESS.free + 3)]
    assert found == [401] * ADDRESS.free + [429] * 3


def test_the_addresses_of_one_network_of_ipv6_are_one(house: House) -> None:
    found = [tries(Browser(house, f"2001:db8:0:1::{at:x}"), 1)[0] for at in range(1, PAIR.free + 2)]
    assert found == [401] * PAIR.free + [429]
    assert tries(Browser(house, "2001:db8:0:2::1"), 1) == [401]


def test_an_account_that_many_addresses_try_is_slowed_down_and_not_closed(house: House) -> None:
    assert many_addresses(house, ACCOUNT.free + 3) == [401] * ACCOUNT.free + [429] * 3
    stranger = Browser(house, "203.0.113.5")
    assert stranger("/session", "POST", RIGHT).status == 429
    house.now += ACCOUNT.pause
    assert stranger("/session", "POST", RIGHT).status == 200


def test_whatever_is_done_to_the_account_its_user_comes_in_from_a_known_browser(
    house: House,
) -> None:
    known = Browser(house)
    known.sign_in()
    known.data("/session", "DELETE")
    known.csrf = None
    many_addresses(house, ACCOUNT.free + 3)
    tries(Browser(house, known.address), PAIR.free + 1)  # somebody who shares the address
    assert known("/session", "POST", RIGHT).status == 200


def test_a_known_browser_guesses_no_more_than_others(house: House) -> None:
    known = Browser(house)
    known.sign_in()
    known.data("/session", "DELETE")
    known.csrf = None
    assert tries(known, DEVICE.free + 1) == [401] * DEVICE.free + [429]


def test_a_browser_is_known_for_the_account_that_it_signed_in_to_alone(house: House) -> None:
    house.add_user("u2", "ben@example.com")
    ann = Browser(house)
    ann.sign_in()
    ann.data("/session", "DELETE")
    ann.csrf = None
    assert tries(ann, PAIR.free + 1, "ben@example.com") == [401] * PAIR.free + [429]


def test_no_row_says_whose_account_or_address_it_is(house: House) -> None:
    tries(Browser(house), 3)
    told = str(house.database.rows("SELECT * FROM sign_in_tries"))
    assert EMAIL not in told
    assert "192.0.2.7" not in told


def test_an_unknown_account_is_refused_like_a_known_one_at_the_same_cost(house: House) -> None:
    def refusal(email: str) -> tuple[object, ...]:
        fresh = House()
        before = fresh.database.statements
        answer = Browser(fresh)("/session", "POST", {"email": email, "password": PASSWORD + "x"})
        work = fresh.tools.derive.calls, fresh.database.statements - before
        return problem_of(answer), answer.body, work

    assert refusal("nobody@example.com") == refusal(EMAIL)


@pytest.mark.parametrize("stored", [None, ""])
def test_an_account_without_a_password_is_opened_by_none(house: House, stored: str | None) -> None:
    house.add_user("u2", "ben@example.com", stored)
    body = {"email": "ben@example.com", "password": PASSWORD}
    assert Browser(house).refused("/session", "POST", body) == (401, "wrong-credentials")
    assert house.tools.derive.calls == [100_000]
