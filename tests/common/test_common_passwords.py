"""Passwords that are long enough and still among the first that are tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.common_passwords import is_common

EMAIL = "ann.smith@graphsync.example"


@pytest.mark.parametrize(
    "password",
    ["password1234", "Password123!", "P@ssw0rd2026!!", "passwordpassword", "qwertyuiop12",
     "123456789012", "987654321098", "1q2w3e4r5t6y", "1qaz2wsx3edc", "zxcvbnmasdfg", "aaaaaaaaaaaa",
     "abcabcabcabc", "letmein12345", "!!!welcome!!!2026", "Summer2026!!!", "bitcoin123456",
     "abcdefghijkl", "lkjihgfedcba", "201120122013", "........................"],
)  # fmt: skip
def test_what_is_tried_first_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password", ["ann.smith2026", "Ann.Smith@graphsync.example", "graphsync!!!1"]
)
def test_what_the_address_says_is_common_for_its_account_alone(password: str) -> None:
    assert is_common(password, EMAIL)
    assert not is_common(password, "ben@example.com")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "staple correct horse", "s3cret words of mine", "kVq8-mTz2-Lw9x",
     "mein Hut der hat drei", "пароль не угадать", "trainstation umbrella", "twelve chars"],
)  # fmt: skip
def test_what_nobody_else_has_is_not(password: str) -> None:
    assert not is_common(password, EMAIL)


@given(st.text(max_size=256), st.text(max_size=60))
def test_no_text_makes_it_fail(password: str, email: str) -> None:
    assert is_common(password, email) in (True, False)
