"""WebCrypto, for what the interpreter's own modules do not have."""

from typing import Any

import js
from pyodide.ffi import JsException, to_js

from common.errors import Fatal
from common.web_push import Keys


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
_ECDH = {"name": "ECDH", "namedCurve": "P-256"}


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
    """Whether `signature` (raw r‖s) is by the key of a public JWK (JSON).

    What is no key has signed nothing.
    """
    try:
        key = await _ec_key(jwk, "verify")
    except JsException:
        return False
    good = await js.crypto.subtle.verify(_object(_ES256), key, to_js(signature), to_js(message))
    return bool(good)


async def generate_p256() -> Keys:
    """Return a new key pair for ECDH on P-256."""
    subtle = js.crypto.subtle
    pair = await subtle.generateKey(_object(_ECDH), True, to_js(["deriveBits"]))
    public = await subtle.exportKey("raw", pair.publicKey)
    private = await subtle.exportKey("jwk", pair.privateKey)
    return Keys(bytes(public.to_bytes()), str(js.JSON.stringify(private)))


async def ecdh_p256(private: str, public: bytes) -> bytes:
    """Return the x coordinate (32 bytes) that a private JWK and a point (65 bytes) agree on.

    Raises Fatal for what is no key of P-256.
    """
    subtle = js.crypto.subtle
    try:
        ours = await subtle.importKey(
            "jwk", js.JSON.parse(private), _object(_ECDH), False, to_js(["deriveBits"])
        )
        theirs = await subtle.importKey("raw", to_js(public), _object(_ECDH), False, to_js([]))
    except JsException as refused:
        raise Fatal(f"this is no key of P-256: {refused}"[:200]) from None
    parameters = _object({"name": "ECDH"})
    parameters.public = theirs
    derived = await subtle.deriveBits(parameters, ours, 256)
    return bytes(derived.to_bytes())


async def aes128gcm(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """Return the text encrypted by AES-GCM, the tag (16 bytes) at its end."""
    subtle = js.crypto.subtle
    imported = await subtle.importKey("raw", to_js(key), "AES-GCM", False, to_js(["encrypt"]))
    parameters = _object({"name": "AES-GCM", "tagLength": 128})
    parameters.iv = to_js(nonce)
    sealed = await subtle.encrypt(parameters, imported, to_js(text))
    return bytes(sealed.to_bytes())


async def verify_rs256(jwk: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (PKCS #1 v1.5, SHA-256) is by the key of a public JWK (JSON).

    What is no key has signed nothing.
    """
    parameters = _object({"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256"})
    try:
        key = await js.crypto.subtle.importKey(
            "jwk", js.JSON.parse(jwk), parameters, False, to_js(["verify"])
        )
    except JsException:
        return False
    good = await js.crypto.subtle.verify(parameters, key, to_js(signature), to_js(message))
    return bool(good)
