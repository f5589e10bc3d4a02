"""WebCrypto, for what the interpreter's own modules do not have."""

from typing import Any

import js
from pyodide.ffi import to_js


def _object(fields: dict[str, Any]) -> Any:
    return to_js(fields, dict_converter=js.Object.fromEntries)


async def pbkdf2_sha256(password: bytes, salt: bytes, iterations: int) -> bytes:
    """Return 32 derived bytes. Production refuses more than 100,000 iterations."""
    subtle = js.crypto.subtle
    key = await subtle.importKey("raw", to_js(password), "PBKDF2", False, to_js(["deriveBits"]))
    parameters = _object({"name": "PBKDF2", "hash": "SHA-256", "iterations": iterations})
    parameters.salt = to_js(salt)
    derived = await subtle.deriveBits(parameters, key, 256)
    return bytes(derived.to_bytes())


_ES256 = {"name": "ECDSA", "hash": "SHA-256"}


async def _ec_key(jwk: str, use: str) -> Any:
    parameters = _object({"name": "ECDSA", "namedCurve": "P-256"})
    key = js.JSON.parse(jwk)
    return await js.crypto.subtle.importKey("jwk", key, parameters, False, to_js([use]))


async def sign_es256(jwk: str, message: bytes) -> bytes:
    """Return the raw r‖s signature (64 bytes) by a private JWK (JSON)."""
    key = await _ec_key(jwk, "sign")
    signed = await js.crypto.subtle.sign(_object(_ES256), key, to_js(message))
    return bytes(signed.to_bytes())


async def verify_es256(jwk: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON)."""
    key = await _ec_key(jwk, "verify")
    good = await js.crypto.subtle.verify(_object(_ES256), key, to_js(signature), to_js(message))
    return bool(good)
