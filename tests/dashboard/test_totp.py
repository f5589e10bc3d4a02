"""Codes of an authenticator app, beside the vectors of RFC 6238, appendix B."""

import pytest

from dashboard.totp import STEP_SECONDS, as_text, code_at, key_uri, matching_step

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
     (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130")],
)  # fmt: skip
def test_the_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert code_at(SECRET, at // STEP_SECONDS, digits=8) == code
    assert matching_step(SECRET, code[2:], at) == at // STEP_SECONDS


def test_a_phone_may_be_off_by_one_step_and_no_more() -> None:
    now = 1_760_000_015
    step = now // STEP_SECONDS
    for off, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = code_at(SECRET, step + off)
        assert matching_step(SECRET, code, now) == (step + off if fits else None)


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "1234567", "abcdef", "é" * 6, "１２３４５６"]
)
def test_anything_else_is_no_code(code: str) -> None:
    assert matching_step(SECRET, code, 59) is None


def test_the_address_of_a_key_says_what_apps_need() -> None:
    uri = key_uri(SECRET, "ann+x@example.com")
    assert uri.startswith("otpauth://totp/CryptoIntel:ann%2Bx%40example.com?secret=")
    assert uri.endswith("&issuer=CryptoIntel")
    assert as_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
