"""Messages of Web Push: encrypted for one browser, signed by this server. Pure but for its ports.

A message is one record of the content coding aes128gcm (RFC 8188), with the keys
agreed on as RFC 8291 says: ECDH on P-256 between a key pair made for this message
and the browser's own, then HKDF-SHA256 (RFC 5869). Only the browser can read it;
the push service between sees its size, topic, urgency and time to live. Who sends
is told by a token signed with ES256 (VAPID, RFC 8292).
"""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import msgspec

from common.errors import Fatal

RECORD_BYTES = 4096  # of a whole message: what every push service takes (RFC 8291, 4)
SALT_BYTES, TAG_BYTES, POINT_BYTES, AUTH_BYTES = 16, 16, 65, 16
_HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES
MOST_BYTES = RECORD_BYTES - _HEADER_BYTES - TAG_BYTES - 1  # of a message's text
TOKEN_SECONDS = 12 * 3600  # RFC 8292 allows a day
LAST_RECORD = b"\x02"

# P-256: y² = x³ − 3x + b over the integers modulo p (FIPS 186-5).
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

Sign = Callable[[str, bytes], Awaitable[bytes]]


class Keys(NamedTuple):
    """A key pair on P-256: the point uncompressed (65 bytes), the private key as a JWK (JSON)."""

    public: bytes
    private: str


class Crypto(Protocol):
    """What the interpreter has no module for."""

    async def generate_p256(self) -> Keys:
        """Return a new key pair for ECDH."""

    async def ecdh_p256(self, private: str, public: bytes) -> bytes:
        """Return the x coordinate (32 bytes) of the shared point. Raises Fatal."""

    async def aes128gcm(self, key: bytes, nonce: bytes, text: bytes) -> bytes:
        """Return the text encrypted, the tag (16 bytes) at its end."""


class _Private(msgspec.Struct):
    """A private key of P-256 as a JWK (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    d: str


def encode(raw: bytes) -> str:
    """Return base64url without padding, as everything of Web Push is written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url, padded or not. Raises Fatal."""
    try:
        if "+" in text or "/" in text:  # of the other alphabet
            raise ValueError(text)
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Fatal("this is no base64url") from None


def read_point(text: str) -> bytes:
    """Return a browser's public key, 65 bytes. Raises Fatal for what is no point of P-256."""
    raw = decode(text)
    if len(raw) != POINT_BYTES or raw[0] != 4:
        raise Fatal("p256dh is no uncompressed point of P-256 (65 bytes)")
    x, y = (int.from_bytes(raw[at : at + 32], "big") for at in (1, 33))
    if x >= _P or y >= _P or (y * y - (x * x * x - 3 * x + _B)) % _P:
        raise Fatal("p256dh is not on the curve P-256")
    return raw


def read_auth(text: str) -> bytes:
    """Return a browser's authentication secret, 16 bytes. Raises Fatal."""
    raw = decode(text)
    if len(raw) != AUTH_BYTES:
        raise Fatal("auth has to be 16 bytes")
    return raw


async def encrypt(
    text: bytes, p256dh: str, auth: str, crypto: Crypto, salt: bytes, keys: Keys | None = None
) -> bytes:
    """Return the body of a push message that only the browser with those keys can read.

    `salt` is 16 random bytes, `keys` a pair made for this message alone (RFC 8291, 3);
    a test hands in known ones. Raises Fatal for keys that are none and for a text over
    MOST_BYTES.
    """
    if len(text) > MOST_BYTES:
        raise Fatal(f"a push message has at most {MOST_BYTES} bytes, this one {len(text)}")
    receiver, secret = read_point(p256dh), read_auth(auth)
    sender = keys or await crypto.generate_p256()
    shared = await crypto.ecdh_p256(sender.private, receiver)
    info = b"WebPush: info\x00" + receiver + sender.public
    key = hkdf(secret, shared, info, 32)
    cek = hkdf(salt, key, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = hkdf(salt, key, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([POINT_BYTES]) + sender.public
    return header + await crypto.aes128gcm(cek, nonce, text + LAST_RECORD)


def hkdf(salt: bytes, secret: bytes, info: bytes, size: int) -> bytes:
    """Return HKDF-SHA256 of at most 32 bytes: RFC 5869 with a single block."""
    key = hmac.digest(salt, secret, "sha256")
    return hmac.digest(key, info + b"\x01", "sha256")[:size]


def public_key(private: str) -> str:
    """Return a VAPID key's public half, as a page hands it to PushManager.subscribe.

    `private` is the setting VAPID_PRIVATE_KEY, a JWK. Raises Fatal when it is none.
    """
    try:
        key = msgspec.json.decode(private, type=_Private)
    except msgspec.MsgspecError:
        raise Fatal("VAPID_PRIVATE_KEY is not set, or no private JWK of P-256") from None
    return encode(read_point(encode(b"\x04" + decode(key.x) + decode(key.y))))


async def authorization(endpoint: str, private: str, subject: str, now: float, sign: Sign) -> str:
    """Return the header that tells the push service of `endpoint` who sends (RFC 8292, 3).

    `subject` is where an operator can be reached: mailto: or https:. Raises Fatal.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + TOKEN_SECONDS,
        "sub": subject,
    }
    told = ".".join(
        encode(msgspec.json.encode(part)) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    known = public_key(private)
    signature = encode(await sign(private, told.encode()))
    return f"vapid t={told}.{signature}, k={known}"
