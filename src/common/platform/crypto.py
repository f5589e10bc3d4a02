"""WebCrypto, for what the interpreter's hashlib does not have."""

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
