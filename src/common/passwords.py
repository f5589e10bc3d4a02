"""Stored passwords: `pbkdf2-sha256$<iterations>$<salt>$<hash>`, base64, over a peppered password.

OWASP asks for 600,000 iterations; the platform allows 100,000. The pepper (a
secret that is not in the database) makes up for it: without it a stolen table
cannot be searched at all.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable

ITERATIONS = 100_000  # the platform's limit
Derive = Callable[[bytes, bytes, int], Awaitable[bytes]]


def peppered(password: str, pepper: str) -> bytes:
    """Return what is actually hashed."""
    return hmac.new(pepper.encode(), password.encode(), hashlib.sha256).digest()


def encode(salt: bytes, derived: bytes) -> str:
    """Return the text that is stored."""
    texts = (base64.b64encode(part).decode() for part in (salt, derived))
    return f"pbkdf2-sha256${ITERATIONS}${'$'.join(texts)}"


# For an unknown address: as much work as for a known one, and never right.
NOBODY = encode(b"nobody's salt...", bytes(32))


async def hashed(password: str, salt: bytes, pepper: str, derive: Derive) -> str:
    """Return the text under which `password` is stored; `salt` is random."""
    return encode(salt, await derive(peppered(password, pepper), salt, ITERATIONS))


async def matches(password: str, stored: str, pepper: str, derive: Derive) -> bool:
    """Whether `password` is the one that `stored` was made from."""
    try:
        name, iterations, salt, wanted = stored.split("$")
        rounds = int(iterations)
        salted, expected = base64.b64decode(salt), base64.b64decode(wanted)
    except (ValueError, binascii.Error):
        return False
    if name != "pbkdf2-sha256" or not 0 < rounds <= ITERATIONS:
        return False
    found = await derive(peppered(password, pepper), salted, rounds)
    return hmac.compare_digest(found, expected)
