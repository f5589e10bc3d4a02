"""base64url without padding (RFC 4648, 5), as WebAuthn, JOSE and our own cookies write bytes."""

import base64
import binascii


def b64encode(data: bytes) -> str:
    """Return `data` as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64decode(text: str) -> bytes:
    """Return the bytes of base64url. Raises ValueError for anything but their one spelling."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("no base64url") from None
    if b64encode(data) != text:
        raise ValueError("no base64url")
    return data
