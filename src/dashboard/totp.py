"""Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and steps of 30 s.

These parameters are the ones that every app knows, whatever the address of a key says.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1  # how far the clock of a phone may be off, either way
SECRET_BYTES = 20


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a step (RFC 4226, 5.3)."""
    made = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = made[-1] & 0x0F
    number = int.from_bytes(made[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, code: str, now: float) -> int | None:
    """Return the step whose code was given, None for a wrong code; each is compared."""
    current = int(now) // STEP_SECONDS
    found = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode("utf-8", "replace")):
            found = step
    return found


def as_text(secret: bytes) -> str:
    """Return a secret as apps take it by hand (base32)."""
    return base64.b32encode(secret).decode().rstrip("=")


def key_uri(secret: bytes, account: str, issuer: str = "CryptoIntel") -> str:
    """Return the otpauth address that the QR code holds (Google's Key URI format)."""
    told = {"secret": as_text(secret), "issuer": issuer}  # the rest is what apps assume
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode(told)}"
