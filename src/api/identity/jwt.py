"""Access tokens as JSON Web Tokens (RFC 7519, profile RFC 9068), signed with ES256.

The algorithm is ours, never the token's: whatever a header says besides
{"alg":"ES256","typ":"at+jwt","kid":one of ours} is refused (RFC 8725), also
keys and addresses of keys it brings along. A key's name is its thumbprint
(RFC 7638). The secret JWT_KEYS is a private JWK set: the first key signs, all
of them verify, so a new one is put in front and logs nobody out.
"""

import base64
import binascii
import functools
import hashlib
import re
from typing import Any, Literal, NamedTuple

import msgspec

from api.principal import Outside
from common import strict_json
from common.errors import CryptoIntelError, Fatal

LEEWAY_SECONDS = 30
LONGEST = 4_096
SIGNATURE_BYTES = 64  # r and s, 32 bytes each

_base64url = re.compile(r"[A-Za-z0-9_-]+", re.A)


class TokenRefused(CryptoIntelError):
    """A token that is none of ours, or not good now; the text is for tests, not for callers."""


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """The whole header: nothing else may be said there."""

    alg: Literal["ES256"]
    typ: Literal["at+jwt"]
    kid: str


class Claims(msgspec.Struct, forbid_unknown_fields=True):
    """The whole payload. `fam` is the family of the token; times are epoch seconds."""

    iss: str
    aud: str
    sub: str
    client_id: str
    scope: str
    fam: str
    jti: str
    iat: int
    nbf: int
    exp: int


class Jwk(msgspec.Struct):
    """A private key as JWT_KEYS holds it (RFC 7517; members in base64url)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    d: str


class JwkSet(msgspec.Struct):
    """What the secret JWT_KEYS is."""

    keys: list[Jwk]


class Key(NamedTuple):
    """A key by its thumbprint, as JSON for WebCrypto."""

    kid: str
    private: str
    public: str


class Expected(NamedTuple):
    """Whose tokens are accepted, and made for what."""

    issuer: str
    audience: str


def thumbprint(crv: str, x: str, y: str) -> str:
    """Return the RFC 7638 thumbprint of an EC key."""
    text = f'{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}'
    return encode(hashlib.sha256(text.encode()).digest())


@functools.lru_cache(maxsize=4)
def read_keys(secret: str) -> tuple[Key, ...]:
    """Return the keys of JWT_KEYS, none for an empty text. Raises Fatal for any other."""
    if not secret:
        return ()
    try:
        found = msgspec.json.decode(secret, type=JwkSet).keys
    except msgspec.DecodeError:
        raise Fatal("the secret JWT_KEYS is no private JWK set of P-256 keys") from None
    return tuple(_key(one) for one in found)


def _key(one: Jwk) -> Key:
    public = {"kty": one.kty, "crv": one.crv, "x": one.x, "y": one.y}
    return Key(
        thumbprint(one.crv, one.x, one.y),
        msgspec.json.encode({**public, "d": one.d}).decode(),
        msgspec.json.encode(public).decode(),
    )


def public_set(keys: tuple[Key, ...]) -> str:
    """Return the JWK set that is published, as JSON: public members only."""
    told = [
        {**msgspec.json.decode(key.public), "kid": key.kid, "alg": "ES256", "use": "sig"}
        for key in keys
    ]
    return msgspec.json.encode({"keys": told}).decode()


async def sign(claims: Claims, keys: tuple[Key, ...], outside: Outside) -> str:
    """Return a token signed with the first key."""
    header = msgspec.json.encode(Header("ES256", "at+jwt", keys[0].kid))
    message = f"{encode(header)}.{encode(msgspec.json.encode(claims))}"
    signature = await outside.sign_es256(keys[0].private, message.encode())
    return f"{message}.{encode(signature)}"


async def verify(
    token: str, keys: tuple[Key, ...], expected: Expected, now: float, outside: Outside
) -> Claims:
    """Return what a good token says. Raises TokenRefused."""
    parts = token.split(".") if len(token) <= LONGEST else []
    if len(parts) != 3:
        raise TokenRefused("not three parts")
    header = _read(parts[0], Header)
    key = next((key for key in keys if key.kid == header.kid), None)
    signature = decode(parts[2])
    if key is None or len(signature) != SIGNATURE_BYTES:
        raise TokenRefused("no key or no signature of ours")
    message = f"{parts[0]}.{parts[1]}".encode()
    if not await outside.verify_es256(key.public, message, signature):
        raise TokenRefused("signature")
    claims: Claims = _read(parts[1], Claims)
    if claims.iss != expected.issuer or claims.aud != expected.audience:
        raise TokenRefused("issuer or audience")
    if not claims.nbf - LEEWAY_SECONDS <= now < claims.exp + LEEWAY_SECONDS:
        raise TokenRefused("time")
    return claims


def encode(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url. Raises TokenRefused for anything but their one spelling."""
    if not _base64url.fullmatch(text):
        raise TokenRefused("base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise TokenRefused("base64url") from None
    if encode(data) != text:
        raise TokenRefused("base64url")
    return data


def _read(part: str, shape: type[Any]) -> Any:
    text = decode(part)
    try:
        return msgspec.convert(strict_json.read(text), shape)
    except strict_json.TwiceError:
        raise TokenRefused("a member is there twice") from None
    except (ValueError, RecursionError):  # msgspec's and Unicode's are ValueErrors
        raise TokenRefused("content") from None
