"""How we prove to the facilitator who we are: a fixed token, or one signed for each call.

Coinbase's facilitator wants a token of its own for every call, signed with an
EC key of its developer platform (ES256) and good for that method and address alone:
https://docs.cdp.coinbase.com/api-reference/v2/authentication
"""

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec

from api.identity.jwt import encode
from common.errors import Fatal

GOOD_SECONDS = 120

# Signs a message by a private JWK (JSON); the raw r‖s signature.
Sign = Callable[[str, bytes], Awaitable[bytes]]


class _Key(msgspec.Struct):
    """What is read of a private JWK; its `kid` is the key's name at the platform."""

    kid: str


async def bearer(key: str, method: str, url: str, now: float, sign: Sign) -> str:
    """Return the bearer token of a call: `key` itself, or one signed by it when it is a JWK.

    Raises Fatal for a JWK that cannot be read; its text is in no message.
    """
    if not key.startswith("{"):
        return key
    try:
        kid = msgspec.json.decode(key, type=_Key).kid
    except msgspec.DecodeError:
        raise Fatal("FACILITATOR_KEY is no JWK with a kid") from None
    address = urlsplit(url)
    head = {"alg": "ES256", "typ": "JWT", "kid": kid, "nonce": secrets.token_hex(16)}
    claims = {
        "iss": "cdp", "sub": kid, "nbf": int(now), "exp": int(now) + GOOD_SECONDS,
        "uris": [f"{method} {address.netloc}{address.path}"],
    }  # fmt: skip
    message = ".".join(encode(msgspec.json.encode(part)) for part in (head, claims))
    return f"{message}.{encode(await sign(key, message.encode()))}"
