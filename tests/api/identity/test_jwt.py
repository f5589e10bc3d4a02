"""Access tokens under attack: each guard alone must refuse what it is there for."""

import asyncio
import base64
import hmac
import json
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization as s

from api.identity import jwt
from api.identity.jwt import Claims, Expected, Key, TokenRefused, read_keys
from tests.support import jwk
from tests.support.outside import MemoryOutside, Parts

NOW = 1_760_000_000.5
OUTSIDE = MemoryOutside(Parts())
SECRET = jwk.new_set(7)
KEYS = read_keys(SECRET)
OTHERS = read_keys(jwk.new_set(8))
EXPECTED = Expected("https://api.example", "https://api.example/api/v1")
GOOD: dict[str, Any] = {
    "iss": EXPECTED.issuer, "aud": EXPECTED.audience, "sub": "ann", "client_id": "cryptointel",
    "scope": "market:read", "fam": "f" * 24, "jti": "j", "iat": int(NOW), "nbf": int(NOW),
    "exp": int(NOW) + 900,
}  # fmt: skip
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": KEYS[0].kid}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: Any = HEADER, payload: Any = GOOD, key: Key = KEYS[0]) -> str:
    """Return a token that is properly signed, whatever it says."""
    texts = [part if isinstance(part, bytes) else json.dumps(part).encode()
             for part in (header, payload)]  # fmt: skip
    message = ".".join(b64(text) for text in texts)
    signature = asyncio.run(OUTSIDE.sign_es256(key.private, message.encode()))
    return f"{message}.{b64(signature)}"


def verify(token: str, now: float = NOW, keys: tuple[Key, ...] = KEYS) -> Claims:
    return asyncio.run(jwt.verify(token, keys, EXPECTED, now, OUTSIDE))


def refuse(token: str, now: float = NOW) -> str:
    with pytest.raises(TokenRefused) as caught:
        verify(token, now)
    return str(caught.value)


def test_a_token_of_ours_says_what_was_put_into_it() -> None:
    token = asyncio.run(jwt.sign(Claims(**GOOD), KEYS, OUTSIDE))
    assert verify(token) == Claims(**GOOD)
    assert verify(signed()) == Claims(**GOOD), "the tests' own tokens are good ones"


def hs256(header: dict[str, Any], secret: bytes) -> str:
    message = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(GOOD).encode())}"
    return f"{message}.{b64(hmac.digest(secret, message.encode(), 'sha256'))}"


def test_a_token_without_a_signature_is_refused_however_it_spells_none() -> None:
    for alg in ("none", "None", "NONE", "nOnE"):
        unsigned = ".".join(
            b64(json.dumps(part).encode()) for part in ({**HEADER, "alg": alg}, GOOD)
        )
        for end in ("", b64(b""), b64(bytes(64)), signed().rpartition(".")[2]):
            assert refuse(f"{unsigned}.{end}") == "content"
    named = {"typ": "at+jwt", "kid": KEYS[0].kid}
    assert refuse(pyjwt.encode(GOOD, "", "none", headers=named)) == "content"


def test_the_public_key_as_an_hmac_secret_is_refused() -> None:
    public = KEYS[0].public
    pem = jwk.public_key(public)
    texts = [
        public.encode(), json.dumps(json.loads(public)).encode(),
        pem.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo),
        pem.public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo),
    ]  # fmt: skip
    for secret in texts:
        assert refuse(hs256({**HEADER, "alg": "HS256"}, secret)) == "content"
        assert refuse(hs256(HEADER, secret)) == "no key or no signature of ours"


@pytest.mark.parametrize("alg", ["HS256", "RS256", "PS256", "ES384", "EdDSA", "es256", "", None, 1])
def test_the_header_cannot_choose_the_algorithm(alg: Any) -> None:
    assert refuse(signed({**HEADER, "alg": alg})) == "content"


@pytest.mark.parametrize(
    "change",
    [
        {"jwk": json.loads(OTHERS[0].public)}, {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"}, {"x5c": ["MIIB"]}, {"crit": ["exp"]},
        {"b64": False}, {"zip": "DEF"}, {"cty": "JWT"},
    ],
)  # fmt: skip
def test_a_header_that_brings_or_names_a_key_or_anything_else_is_refused(
    change: dict[str, Any],
) -> None:
    for key in (KEYS[0], OTHERS[0]):
        assert refuse(signed({**HEADER, **change}, key=key)) == "content"


@pytest.mark.parametrize(
    "kid",
    ["", "../../dev/null", "' OR 1=1 --", OTHERS[0].kid, "0", "https://evil.example/jwks.json",
     KEYS[0].kid + "\x00", KEYS[0].kid.lower()],
)  # fmt: skip
def test_a_kid_that_is_none_of_ours_is_refused_by_whomever_signed(kid: str) -> None:
    for key in (KEYS[0], OTHERS[0]):
        assert refuse(signed({**HEADER, "kid": kid}, key=key)) == "no key or no signature of ours"


def test_our_kid_over_somebody_elses_signature_is_refused() -> None:
    assert refuse(signed(key=OTHERS[0])) == "signature"


@pytest.mark.parametrize("typ", ["JWT", "jwt", "application/at+jwt", "AT+JWT", "", None])
def test_another_type_of_token_is_no_access_token(typ: Any) -> None:
    assert refuse(signed({**HEADER, "typ": typ})) == "content"


@pytest.mark.parametrize("name", ["alg", "typ", "kid"])
def test_every_member_of_the_header_is_needed(name: str) -> None:
    assert refuse(signed({k: v for k, v in HEADER.items() if k != name})) == "content"


@pytest.mark.parametrize("name", GOOD)
def test_every_claim_is_needed_and_has_its_type(name: str) -> None:
    assert refuse(signed(payload={k: v for k, v in GOOD.items() if k != name})) == "content"
    for wrong in (None, True, [GOOD[name]], 1.5, "9" * 400 if name == "exp" else {}):
        assert refuse(signed(payload={**GOOD, name: wrong})) == "content"


def test_an_unknown_claim_is_refused() -> None:
    assert refuse(signed(payload={**GOOD, "role": "admin"})) == "content"


@pytest.mark.parametrize(
    "change",
    [{"iss": "https://evil.example"}, {"iss": "https://api.example/"}, {"aud": "https://other"},
     {"aud": EXPECTED.issuer}, {"iss": EXPECTED.audience, "aud": EXPECTED.issuer}],
)  # fmt: skip
def test_a_token_of_another_issuer_or_for_another_audience_is_refused(
    change: dict[str, str],
) -> None:
    assert refuse(signed(payload={**GOOD, **change})) == "issuer or audience"


def test_time_is_kept_to_half_a_minute() -> None:
    token, end = signed(), GOOD["exp"]
    assert verify(token, end + 29.9)
    assert refuse(token, end + 30) == "time"
    assert verify(token, GOOD["nbf"] - 30)
    assert refuse(token, GOOD["nbf"] - 30.1) == "time"


GOOD_TOKEN = signed()
PARTS = GOOD_TOKEN.split(".")
FORGED = b64(json.dumps({**GOOD, "sub": "eve"}).encode())


@pytest.mark.parametrize(
    "token",
    {
        "nothing": "", "dots": "..", "two parts": ".".join(PARTS[:2]),
        "four parts": GOOD_TOKEN + ".x", "five parts, as encrypted": "a.b.c.d.e",
        "no signature": f"{PARTS[0]}.{PARTS[1]}.", "no payload": f"{PARTS[0]}..{PARTS[2]}",
        "no header": f".{PARTS[1]}.{PARTS[2]}", "padding": GOOD_TOKEN + "==",
        "space": GOOD_TOKEN + " ", "line": GOOD_TOKEN + "\n", "leading": " " + GOOD_TOKEN,
        "plain base64": f"{PARTS[0]}.{PARTS[1]}.{'+/' * 43}",
        "one letter": f"{PARTS[0]}.{PARTS[1]}.A",
        "not ascii": f"{PARTS[0]}.{PARTS[1]}.é",
        "full-width digits": f"{PARTS[0]}.{PARTS[1]}.１２３４",
        "short signature": GOOD_TOKEN[:-4], "long signature": GOOD_TOKEN + "AAAA",
        "bits behind the end": GOOD_TOKEN[:-1] + chr(ord(GOOD_TOKEN[-1]) + 1),
        "zeros": f"{PARTS[0]}.{PARTS[1]}.{b64(bytes(64))}",
        "ones": f"{PARTS[0]}.{PARTS[1]}.{b64(bytes([255]) * 64)}",
        "changed payload": f"{PARTS[0]}.{FORGED}.{PARTS[2]}",
        "surrogate": f"{PARTS[0]}.{PARTS[1]}.\ud800",
    }.values(),
)  # fmt: skip
def test_what_is_no_compact_serialisation_of_ours_is_refused(token: str) -> None:
    refuse(token)


@pytest.mark.parametrize(
    "part",
    [b"", b"null", b"[]", b"1", b'"x"', b"{", b"{}", b"\xff\xfe", b"[" * 2000, b'{"a":' * 300,
     json.dumps(HEADER).encode() + b"x", "{}".encode("utf-16")],
)  # fmt: skip
def test_content_that_is_no_object_is_refused_also_when_it_is_signed(part: bytes) -> None:
    assert refuse(signed(part)) in ("content", "base64url")
    assert refuse(signed(payload=part)) in ("content", "base64url")


def twice(given: dict[str, Any], name: str, other: Any) -> bytes:
    text = json.dumps(given)
    return f'{text[:-1]}, "{name}": {json.dumps(other)}}}'.encode()


def test_a_member_that_is_there_twice_is_refused_even_with_the_same_value() -> None:
    for name in ("alg", "kid"):
        assert "twice" in refuse(signed(twice(HEADER, name, HEADER[name])))
    for name, other in (("sub", "eve"), ("exp", GOOD["exp"]), ("scope", "")):
        assert "twice" in refuse(signed(payload=twice(GOOD, name, other)))


def test_a_huge_token_is_refused_without_work(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = MemoryOutside(Parts())

    async def fail(*arguments: Any) -> bool:
        raise AssertionError("no signature may be checked")

    monkeypatch.setattr(outside, "verify_es256", fail)
    token = signed(payload={**GOOD, "scope": "x" * 5000})
    with pytest.raises(TokenRefused):
        asyncio.run(jwt.verify(token, KEYS, EXPECTED, NOW, outside))
