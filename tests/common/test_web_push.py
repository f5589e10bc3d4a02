"""Push messages: the example of RFC 8291, stock receivers, and what is refused."""

import asyncio
from typing import Any

import http_ece  # type: ignore[import-untyped]
import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import web_push
from common.errors import Fatal
from common.web_push import MOST_BYTES, RECORD_BYTES, Keys, decode, encode
from tests.support.jwk import private
from tests.support.outside import MemoryOutside, Parts
from tests.support.web_push import VAPID, Browser, LibraryCrypto, verified

NOW = 1_795_348_800
SALT = bytes(range(16))
BROWSER = Browser.number(7)
ENDPOINT = "https://push.example:8443/send/5f1d"
SUBJECT = "mailto:operations@cryptointel.example"

# RFC 8291, appendix A.
RFC_TEXT = b"When I grow up, I want to be a watermelon"
RFC_AUTH, RFC_SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
RFC_RECEIVER = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
RFC_SENDER = (
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
)
RFC_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
    "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
    "gSxsj_Qulcy4a-fN"
)


def encrypted(text: bytes, *, p256dh: str = BROWSER.p256dh, auth: str = BROWSER.auth) -> bytes:
    return asyncio.run(web_push.encrypt(text, p256dh, auth, LibraryCrypto(), SALT))


def authorized(key: str = VAPID, endpoint: str = ENDPOINT) -> str:
    sign = MemoryOutside(Parts()).sign_es256
    return asyncio.run(web_push.authorization(endpoint, key, SUBJECT, NOW, sign))


def test_the_example_of_rfc_8291_comes_out_to_the_last_byte() -> None:
    keys = Keys(decode(RFC_SENDER), private(int.from_bytes(decode(RFC_PRIVATE), "big")))
    body = asyncio.run(
        web_push.encrypt(RFC_TEXT, RFC_RECEIVER, RFC_AUTH, LibraryCrypto(), decode(RFC_SALT), keys)
    )
    assert encode(body) == RFC_BODY


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=MOST_BYTES))
def test_a_stock_receiver_reads_what_was_sent(text: bytes) -> None:
    body = encrypted(text)
    assert http_ece.decrypt(body, private_key=BROWSER.key, auth_secret=BROWSER.secret) == text
    assert len(body) <= RECORD_BYTES


def test_nobody_else_can_read_it_and_no_two_messages_share_a_key() -> None:
    one, other = encrypted(b"{}"), encrypted(b"{}")
    assert one[21:86] != other[21:86]
    for wrong in (Browser.number(8), Browser(BROWSER.key, b"x" * 16)):
        with pytest.raises(http_ece.ECEException):
            wrong.read(one)


def test_a_text_that_fits_in_no_record_is_refused() -> None:
    assert len(encrypted(b"x" * MOST_BYTES)) == RECORD_BYTES
    with pytest.raises(Fatal, match="at most 3993"):
        encrypted(b"x" * (MOST_BYTES + 1))


OFF_CURVE = encode(b"\x04" + (5).to_bytes(32, "big") + (5).to_bytes(32, "big"))


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"p256dh": encode(b"\x04" * 64)}, "65 bytes"),
        ({"p256dh": encode(b"\x02" + b"\x04" * 64)}, "uncompressed"),
        ({"p256dh": OFF_CURVE}, "not on the curve"),
        ({"p256dh": encode(b"\x04" + b"\xff" * 64)}, "not on the curve"),
        ({"p256dh": "no base64 of ours"}, "base64url"),
        ({"auth": encode(b"x" * 15)}, "16 bytes"),
        ({"auth": "+/+/"}, "base64url"),
    ],
)
def test_what_no_browser_gives_is_refused(keys: dict[str, str], why: str) -> None:
    with pytest.raises(Fatal, match=why):
        encrypted(b"{}", **keys)


def test_a_stock_library_verifies_who_sends_and_to_whom() -> None:
    header = authorized()
    assert verified(header) == {
        "aud": "https://push.example:8443", "exp": NOW + 12 * 3600, "sub": SUBJECT,
    }  # fmt: skip
    assert header.endswith(f", k={web_push.public_key(VAPID)}")


def test_a_token_that_was_changed_is_refused() -> None:
    start, token, rest = authorized().partition("t=ey")
    with pytest.raises(jwt.InvalidTokenError):
        verified(start + token + "x" + rest)


@pytest.mark.parametrize("key", ["", "{}", "nonsense", '{"kty":"EC"}', private(3)[:-5]])
def test_a_key_that_is_none_is_named_as_the_setting_it_is(key: str) -> None:
    with pytest.raises(Fatal, match="VAPID_PRIVATE_KEY"):
        web_push.public_key(key)


@pytest.mark.parametrize("size", range(5))
def test_base64url_is_read_with_padding_and_without(size: int) -> None:
    raw: Any = bytes(range(250, 250 + size))
    assert decode(encode(raw)) == decode(encode(raw) + "=" * (-len(encode(raw)) % 4)) == raw
