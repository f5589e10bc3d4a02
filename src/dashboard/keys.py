"""Keys of the dashboard, one for each purpose, made from the one secret that it has.

HMAC-SHA256 with the purpose as message is a key derivation of its own (NIST SP 800-108):
whoever learns one of these keys learns neither the secret nor another of them. The secret
is PASSWORD_PEPPER, which cannot be exchanged without every password ending anyway.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Literal

from common.errors import Problem

Setting = Callable[[str, str], str]
Purpose = Literal["sealed", "totp", "recovery", "tries"]


def pepper(setting: Setting) -> str:
    """Return the secret that passwords are hashed with. Raises Problem 503."""
    found = setting("PASSWORD_PEPPER", "")
    if not found:
        raise Problem(503, "accounts-unavailable", "Nobody can sign in here at the moment.")
    return found


def derived(setting: Setting, purpose: Purpose) -> bytes:
    """Return the key of 32 bytes for one purpose. Raises Problem 503."""
    return hmac.digest(pepper(setting).encode(), f"dashboard|{purpose}".encode(), hashlib.sha256)


def keyed(key: bytes, *parts: str) -> bytes:
    """Return HMAC-SHA256 over parts, none of which can be taken for a piece of another."""
    message = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256)
