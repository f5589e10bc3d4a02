"""The keys of access tokens: their names, what is published, and how they are replaced."""

import asyncio
import hashlib
import io
import json
import sys

import jwt as pyjwt
import pytest

from api.identity import jwt
from api.identity.jwt import Claims, TokenRefused, read_keys
from common.errors import Fatal
from common.web_push import public_key
from tests.api.identity.test_jwt import GOOD, HEADER, KEYS, OUTSIDE, SECRET, b64, signed, verify
from tools import jwt_keys


def test_keys_are_named_by_their_rfc_7638_thumbprint() -> None:
    public = json.loads(KEYS[0].public)
    canonical = json.dumps(public, sort_keys=True, separators=(",", ":")).encode()
    assert KEYS[0].kid == b64(hashlib.sha256(canonical).digest())


def test_a_new_key_signs_and_tokens_of_the_old_one_stay_good() -> None:
    old = jwt_keys.new_set()
    new = jwt_keys.new_set(old)
    before, after = read_keys(old), read_keys(new)
    assert after[1:] == before
    assert verify(signed({**HEADER, "kid": before[0].kid}, key=before[0]), keys=after)
    token = asyncio.run(jwt.sign(Claims(**GOOD), after, OUTSIDE))
    assert pyjwt.get_unverified_header(token)["kid"] == after[0].kid
    assert verify(token, keys=after)
    with pytest.raises(TokenRefused):
        verify(token, keys=before)


def test_the_published_set_holds_nothing_private() -> None:
    published = json.loads(jwt.public_set(read_keys(jwt_keys.new_set(SECRET))))
    assert [set(key) for key in published["keys"]] == [
        {"kty", "crv", "x", "y", "kid", "alg", "use"}
    ] * 2


@pytest.mark.parametrize(
    "secret",
    [
        "letmein",
        '["letmein"]',
        '{"keys":[{"kty":"RSA","n":"letmein"}]}',
        '{"keys":[{"k":"letmein"}]}',
    ],
)
def test_another_kind_of_secret_is_a_fault_that_does_not_show_it(secret: str) -> None:
    with pytest.raises(Fatal) as caught:
        read_keys(secret)
    assert "letmein" not in str(caught.value)


def test_the_tool_makes_a_set_and_puts_a_new_key_before_the_old(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jwt_keys.main([]) == 0
    old = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.StringIO(old))
    assert jwt_keys.main(["--rotate"]) == 0
    new = capsys.readouterr().out
    assert [key.kid for key in read_keys(new)[1:]] == [key.kid for key in read_keys(old)]
    assert len(new) < 5_000, "a secret has at most 5 KB"


def test_the_tool_keeps_no_more_keys_than_can_have_tokens() -> None:
    made = ""
    for _ in range(5):
        made = jwt_keys.new_set(made)
    assert len(read_keys(made)) == jwt_keys.KEPT


@pytest.mark.parametrize("given", ["x", "[]", '{"keys": [{"kty": "EC"}]}', '{"keys": 1}'])
def test_the_tool_refuses_what_is_no_set_without_showing_it(
    given: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert jwt_keys.main(["--rotate"]) == 2
    assert capsys.readouterr().out == ""


def test_the_tool_refuses_an_option_it_does_not_know() -> None:
    assert jwt_keys.main(["--rotat"]) == 2


def test_a_key_for_notifications_is_made_alone_and_never_twice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert jwt_keys.main(["--vapid"]) == jwt_keys.main(["--vapid"]) == 0
    one, other = capsys.readouterr().out.split()
    assert len(public_key(one)) == 87
    assert public_key(one) != public_key(other)
