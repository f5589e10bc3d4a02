"""ID tokens of a provider: every part of one that is not as it should be is refused."""

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from dashboard.encoding import b64encode
from dashboard.id_tokens import Claims, Expected, RefusedToken, verify
from tests.dashboard.browsing import Tools
from tests.dashboard.providing import ISSUER, KEY, jwk, signed

NOW = 1_760_000_000
EXPECTED = Expected((ISSUER, "accounts.google.com"), "us", "n-1")
CLAIMS = {"iss": ISSUER, "aud": "us", "sub": "g-1", "exp": NOW + 3600, "iat": NOW, "nonce": "n-1"}
HEADER = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
KEYS = [jwk(KEY, "k0"), jwk(KEY, "k1")]
OTHER = rsa.generate_private_key(65537, 2048)


def check(token: str, keys: list[dict[str, Any]] = KEYS) -> Claims:
    return asyncio.run(verify(token, keys, EXPECTED, NOW, Tools()))


@pytest.mark.parametrize(
    "claims",
    [{}, {"iss": "accounts.google.com"}, {"aud": ["us"]}, {"aud": ["us", "x"], "azp": "us"},
     {"exp": NOW - 30}, {"iat": NOW + 30}, {"email": "a@b.example", "email_verified": "true"}],
)  # fmt: skip
def test_a_good_token_says_who_signed_in(claims: dict[str, Any]) -> None:
    assert check(signed(HEADER, CLAIMS | claims)).sub == "g-1"


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://evil.example"}, {"aud": "them"}, {"aud": ["them"]}, {"aud": ["us", "them"]},
     {"azp": "them"}, {"aud": ["us", "them"], "azp": "them"}, {"nonce": "n-2"}, {"nonce": None},
     {"exp": NOW - 60}, {"iat": NOW + 60}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 1},
     {"exp": None}, {"exp": "soon"}],
)  # fmt: skip
def test_a_token_that_says_something_else_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(RefusedToken):
        check(signed(HEADER, CLAIMS | claims))


@pytest.mark.parametrize(
    "header",
    [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256"}, {"kid": "k2"}, {"alg": None},
     {"kid": "k2", "jwk": jwk(OTHER, "k2")}, {"kid": "k2", "jku": "https://evil.example/keys"}],
)  # fmt: skip
def test_the_algorithm_and_the_keys_are_ours_and_never_the_tokens(header: dict[str, Any]) -> None:
    with pytest.raises(RefusedToken):
        check(signed(HEADER | header, CLAIMS))


def test_the_signature_of_another_key_is_refused() -> None:
    with pytest.raises(RefusedToken):
        check(signed(HEADER, CLAIMS, OTHER))


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    head, body, _ = signed(HEADER | {"alg": "HS256"}, CLAIMS).split(".")
    with pytest.raises(RefusedToken):
        check(f"{head}.{body}.{b64encode(b'x' * 32)}")


def test_a_key_that_is_not_for_signatures_is_not_used() -> None:
    with pytest.raises(RefusedToken):
        check(signed(HEADER, CLAIMS), [jwk(KEY, "k1") | {"use": "enc"}])


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c.d", "..", "é.é.é", "x" * 20_000])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(RefusedToken):
        check(token)


def test_nothing_of_a_token_can_be_changed() -> None:
    head, body, signature = signed(HEADER, CLAIMS).split(".")
    claims = b64encode(str(CLAIMS | {"sub": "g-2"}).replace("'", '"').encode())
    for changed in (f"{head}.{claims}.{signature}", f"{head}.{body}.", f"{head}.{body}.AAAA"):
        with pytest.raises(RefusedToken):
            check(changed)
