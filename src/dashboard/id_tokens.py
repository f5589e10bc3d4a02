"""ID tokens of OpenID providers: signature by a published key, and what they must say.

OpenID Connect Core 1.0, 3.1.3.7. The algorithms are ours (RS256, ES256), never the token's;
keys and addresses of keys that a token brings along are not looked at (RFC 8725).
"""

from typing import Any, Literal, NamedTuple

import msgspec

from common import strict_json
from common.errors import CryptoIntelError
from dashboard.encoding import b64decode
from dashboard.visit import Tools

LEEWAY_SECONDS = 60
LONGEST = 16_384
_CURVE_BYTES = 64


class RefusedToken(CryptoIntelError):
    """An ID token that is not good; the text is for the log, and holds nothing of the token."""


class Header(msgspec.Struct):
    """Which key signed, and how."""

    alg: Literal["RS256", "ES256"]
    kid: str | None = None


class Claims(msgspec.Struct):
    """What is read of an ID token; `sub` is the person's id at the provider."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    iat: float
    nonce: str | None = None
    azp: str | None = None
    email: str | None = None
    email_verified: bool | str = False
    auth_time: float | None = None


class Expected(NamedTuple):
    """Who must have made the token, for whom, and for which sign-in."""

    issuers: tuple[str, ...]
    client_id: str
    nonce: str


async def verify(
    token: str, keys: list[dict[str, Any]], expected: Expected, now: float, tools: Tools
) -> Claims:
    """Return what a good ID token says. Raises RefusedToken."""
    parts = token.split(".") if len(token) <= LONGEST else []
    if len(parts) != 3:
        raise RefusedToken("not three parts")
    header: Header = _read(parts[0], Header)
    await _check_signature(parts, header, keys, tools)
    claims: Claims = _read(parts[1], Claims)
    if claims.iss not in expected.issuers:
        raise RefusedToken("issuer")
    audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if expected.client_id not in audiences or (claims.azp or expected.client_id) != (
        expected.client_id
    ):
        raise RefusedToken("audience")
    if len(audiences) > 1 and claims.azp is None:
        raise RefusedToken("several audiences, and none that was asked for")
    if claims.nonce != expected.nonce:
        raise RefusedToken("nonce")
    if not (now - LEEWAY_SECONDS < claims.exp and claims.iat < now + LEEWAY_SECONDS):
        raise RefusedToken("time")
    if not 0 < len(claims.sub) <= 255:
        raise RefusedToken("subject")
    return claims


async def _check_signature(
    parts: list[str], header: Header, keys: list[dict[str, Any]], tools: Tools
) -> None:
    message, signature = f"{parts[0]}.{parts[1]}".encode(), _bytes(parts[2])
    kind = "EC" if header.alg == "ES256" else "RSA"
    for key in keys:
        fits = key.get("kty") == kind and key.get("use", "sig") == "sig"
        named = header.kid is None or key.get("kid") == header.kid
        if not (fits and named and key.get("alg", header.alg) == header.alg):
            continue
        if kind == "EC":
            if key.get("crv") != "P-256" or len(signature) != _CURVE_BYTES:
                continue
            told = {name: key.get(name) for name in ("kty", "crv", "x", "y")}
            check = tools.verify_es256
        else:
            told = {name: key.get(name) for name in ("kty", "n", "e")}
            check = tools.verify_rs256
        if await check(msgspec.json.encode(told).decode(), message, signature):
            return
    raise RefusedToken("signature")


def _read(part: str, shape: type[Any]) -> Any:
    try:
        return msgspec.convert(strict_json.read(_bytes(part)), shape)
    except (ValueError, RecursionError):  # msgspec's, Unicode's and ours for a member twice
        raise RefusedToken("content") from None


def _bytes(part: str) -> bytes:
    try:
        return b64decode(part)
    except ValueError:
        raise RefusedToken("base64url") from None
