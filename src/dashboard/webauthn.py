"""Passkeys: what a browser sends back is checked as WebAuthn Level 3 says (7.1 and 7.2).

https://www.w3.org/TR/webauthn-3/. No attestation is asked for: which make of authenticator
it is, is the user's own affair. The person is always verified (PIN, finger, face), so a
passkey is two factors in one.
"""

import hashlib
import hmac
from typing import Any, NamedTuple

import msgspec

from common.errors import CryptoIntelError
from dashboard import cbor
from dashboard.encoding import b64decode, b64encode
from dashboard.visit import Tools

PRESENT, VERIFIED, MAY_BACK_UP, BACKED_UP, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, RS256 = -7, -257  # COSE algorithms (RFC 8152, RFC 8812)
LONGEST_ID = 1023
_LEAST_RSA_BYTES = 256


class RefusedPasskey(CryptoIntelError):
    """A ceremony that did not go by the rules; the text is for tests, not for callers."""


class Expected(NamedTuple):
    """What a ceremony of ours has: the challenge in base64url, our origin, and its host."""

    challenge: str
    origin: str
    rp_id: str


class ClientData(msgspec.Struct, rename="camel"):
    """What the browser says of the ceremony (5.8.1)."""

    type: str
    challenge: str
    origin: str
    cross_origin: bool = False


class Authenticator(NamedTuple):
    """The authenticator's own data (6.1); `rest` is what follows, a new key if flags say so."""

    flags: int
    sign_count: int
    rest: bytes


class Registered(NamedTuple):
    """A new passkey: its id in base64url, and its public key as a JWK."""

    credential_id: str
    public_key: str
    sign_count: int
    backed_up: bool


def read_registration(client_data: bytes, attestation: bytes, expected: Expected) -> Registered:
    """Return the passkey that an attestation object holds. Raises RefusedPasskey."""
    _check_client(client_data, "webauthn.create", expected)
    try:
        found, _ = cbor.decode_first(attestation)
        authenticator = _read_authenticator(found["authData"], expected.rp_id)
        if not authenticator.flags & HAS_KEY:
            raise ValueError("no key")
        rest = authenticator.rest
        size = int.from_bytes(rest[16:18], "big")
        credential_id, key = rest[18 : 18 + size], rest[18 + size :]
        if not 0 < size <= LONGEST_ID or len(credential_id) != size:
            raise ValueError("no id")
        cose, _ = cbor.decode_first(key)
        public_key = _as_jwk(cose)
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedPasskey(f"attestation: {error!r}") from None
    return Registered(
        b64encode(credential_id), public_key, authenticator.sign_count,
        bool(authenticator.flags & BACKED_UP),
    )  # fmt: skip


async def check_assertion(
    client_data: bytes, authenticator_data: bytes, signature: bytes, public_key: str,
    stored_count: int, expected: Expected, tools: Tools,
) -> Authenticator:  # fmt: skip
    """Return what the authenticator says of a good signature. Raises RefusedPasskey.

    A counter that does not go up is that of a copy (6.1.1); most passkeys have none.
    """
    _check_client(client_data, "webauthn.get", expected)
    authenticator = _read_authenticator(authenticator_data, expected.rp_id)
    message = authenticator_data + hashlib.sha256(client_data).digest()
    if msgspec.json.decode(public_key)["kty"] == "EC":
        good = await tools.verify_es256(public_key, message, raw_signature(signature))
    else:
        good = await tools.verify_rs256(public_key, message, signature)
    if not good:
        raise RefusedPasskey("signature")
    if (authenticator.sign_count or stored_count) and authenticator.sign_count <= stored_count:
        raise RefusedPasskey("the counter went back")
    return authenticator


def raw_signature(der: bytes) -> bytes:
    """Return r‖s, 64 bytes, of an ECDSA signature in DER. Raises RefusedPasskey."""
    try:
        if der[0] != 0x30 or der[1] != len(der) - 2:
            raise ValueError("sequence")
        first, at = _whole(der, 2)
        second, at = _whole(der, at)
        if at != len(der):
            raise ValueError("more")
        return first.to_bytes(32, "big") + second.to_bytes(32, "big")
    except (ValueError, IndexError, OverflowError):
        raise RefusedPasskey("signature form") from None


def _whole(der: bytes, at: int) -> tuple[int, int]:
    end = at + 2 + der[at + 1]
    if der[at] != 0x02 or not der[at + 1] or end > len(der) or der[at + 2] & 0x80:
        raise ValueError("integer")
    return int.from_bytes(der[at + 2 : end], "big"), end


def _check_client(client_data: bytes, kind: str, expected: Expected) -> None:
    try:
        told = msgspec.json.decode(client_data, type=ClientData)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RefusedPasskey("client data") from None
    same = hmac.compare_digest(told.challenge.encode("utf-8", "replace"),
                               expected.challenge.encode())  # fmt: skip
    if told.type != kind or not same:
        raise RefusedPasskey("type or challenge")
    if told.origin != expected.origin or told.cross_origin:
        raise RefusedPasskey("origin")


def _read_authenticator(data: bytes, rp_id: str) -> Authenticator:
    if len(data) < 37 or not hmac.compare_digest(
        data[:32], hashlib.sha256(rp_id.encode()).digest()
    ):
        raise RefusedPasskey("relying party")
    flags = data[32]
    if not (flags & PRESENT and flags & VERIFIED):
        raise RefusedPasskey("nobody was verified")
    if flags & BACKED_UP and not flags & MAY_BACK_UP:
        raise RefusedPasskey("backup flags")
    return Authenticator(flags, int.from_bytes(data[33:37], "big"), data[37:])


def _as_jwk(cose: dict[Any, Any]) -> str:
    """Return a COSE key (RFC 8152, 7 and 13) as a JWK. Raises ValueError, KeyError."""
    if (cose[1], cose[3]) == (2, ES256) and cose[-1] == 1:
        x, y = cose[-2], cose[-3]
        if len(x) != 32 or len(y) != 32:
            raise ValueError("coordinates")
        jwk = {"kty": "EC", "crv": "P-256", "x": b64encode(x), "y": b64encode(y)}
    elif (cose[1], cose[3]) == (3, RS256):
        if len(cose[-1]) < _LEAST_RSA_BYTES:
            raise ValueError("a short key")
        jwk = {"kty": "RSA", "n": b64encode(cose[-1]), "e": b64encode(cose[-2])}
    else:
        raise ValueError("an algorithm that was not offered")
    return msgspec.json.encode(jwk).decode()


def read_bytes(text: str) -> bytes:
    """Return the bytes of base64url. Raises RefusedPasskey."""
    try:
        return b64decode(text)
    except ValueError:
        raise RefusedPasskey("base64url") from None
