"""Stored passwords, with hashlib in the place of WebCrypto."""

import asyncio
import base64
import hashlib

import pytest

from common.passwords import ITERATIONS, NOBODY, encode, matches, peppered
from tests.dashboard.somebody import PEPPER, Derivation, store

PASSWORD = "correct horse ✓"


def check(password: str, stored: str, pepper: str = PEPPER) -> bool:
    return asyncio.run(matches(password, stored, pepper, Derivation()))


def test_a_stored_password_matches_itself_and_no_other() -> None:
    stored = store(PASSWORD)
    assert check(PASSWORD, stored)
    for other in ("", "correct horse", PASSWORD + " ", PASSWORD.upper()):
        assert not check(other, stored)


def test_without_the_right_pepper_no_password_matches() -> None:
    stored = store(PASSWORD)
    assert not check(PASSWORD, stored, "another pepper")
    assert not check(PASSWORD, stored, "")


def test_the_stored_text_holds_neither_password_nor_pepper() -> None:
    name, iterations, salt, derived = store(PASSWORD).split("$")
    assert (name, int(iterations)) == ("pbkdf2-sha256", ITERATIONS)
    assert base64.b64decode(salt) == b"salt" * 4
    expected = hashlib.pbkdf2_hmac("sha256", peppered(PASSWORD, PEPPER), b"salt" * 4, ITERATIONS)
    assert base64.b64decode(derived) == expected
    assert peppered(PASSWORD, PEPPER) != PASSWORD.encode()


def test_the_same_password_under_another_salt_is_another_text() -> None:
    assert store(PASSWORD, b"a" * 16) != store(PASSWORD, b"b" * 16)


def test_the_platforms_limit_is_what_is_used_and_more_is_refused_without_work() -> None:
    assert ITERATIONS == 100_000
    stored = store(PASSWORD)
    for count in (ITERATIONS + 1, 10**9, 0, -1):
        derive = Derivation()
        text = stored.replace(f"${ITERATIONS}$", f"${count}$")
        assert not asyncio.run(matches(PASSWORD, text, PEPPER, derive))
        assert derive.calls == []


def test_an_older_hash_with_fewer_iterations_still_matches() -> None:
    derived = hashlib.pbkdf2_hmac("sha256", peppered(PASSWORD, PEPPER), b"salt", 1000)
    text = encode(b"salt", derived).replace(f"${ITERATIONS}$", "$1000$")
    assert check(PASSWORD, text)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain",
        "$$$",
        "$$$$",
        "pbkdf2-sha256$many$c2FsdA==$c2FsdA==",
        "pbkdf2-sha256$1000$c2FsdA==",
        "pbkdf2-sha256$1000$c2FsdA==$c2FsdA==$x",
        "pbkdf2-sha256$1000$c2F$!",
        "pbkdf2-sha256$1000$é$é",
        "pbkdf2-sha256$1000$$",
        "bcrypt$1000$c2FsdA==$c2FsdA==",
    ],
)
def test_a_garbage_value_matches_nothing_and_raises_nothing(stored: str) -> None:
    for password in ("", "x", stored):
        assert not check(password, stored)


def test_nobody_has_the_form_and_the_cost_of_a_real_one() -> None:
    derive = Derivation()
    assert not asyncio.run(matches(PASSWORD, NOBODY, PEPPER, derive))
    assert derive.calls == [ITERATIONS]
    assert [len(part) for part in NOBODY.split("$")] == [
        len(part) for part in store(PASSWORD).split("$")
    ]
