"""The other side of Web Push: a browser's keys, and a push service that checks what it is sent.

Decrypting and verifying are stock libraries' (http-ece, PyJWT), so that ours agree with them.
"""

import json
from typing import Any, NamedTuple

import http_ece  # type: ignore[import-untyped]
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.errors import Fatal
from common.web_push import Keys, decode, encode
from tests.support.jwk import private, private_key

VAPID = private(0xA11CE)


class Browser(NamedTuple):
    """The keys of one subscription, always the same for the same number."""

    key: ec.EllipticCurvePrivateKey
    secret: bytes

    @classmethod
    def number(cls, number: int) -> "Browser":
        return cls(ec.derive_private_key(number, ec.SECP256R1()), number.to_bytes(16, "big"))

    @property
    def p256dh(self) -> str:
        return encode(point(self.key.public_key()))

    @property
    def auth(self) -> str:
        return encode(self.secret)

    def read(self, body: bytes) -> Any:
        """Return the JSON of a push message. Raises what http-ece raises for another's."""
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret)
        return json.loads(text)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def verified(authorization: str) -> dict[str, Any]:
    """Return the claims of a VAPID header, its signature checked. Raises for a wrong one."""
    scheme, _, parameters = authorization.partition(" ")
    assert scheme == "vapid"
    told = dict(part.strip().split("=", 1) for part in parameters.split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(told["k"]))
    claims: dict[str, Any] = jwt.decode(
        told["t"], key, algorithms=["ES256"], options={"verify_aud": False, "verify_exp": False}
    )
    return claims


class LibraryCrypto:
    """common.web_push.Crypto by a library, where there is no WebCrypto."""

    async def generate_p256(self) -> Keys:
        key = ec.generate_private_key(ec.SECP256R1())
        number = key.private_numbers().private_value
        return Keys(point(key.public_key()), private(number))

    async def ecdh_p256(self, private: str, public: bytes) -> bytes:
        try:
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        except ValueError as refused:
            raise Fatal(str(refused)) from None
        return private_key(private).exchange(ec.ECDH(), theirs)

    async def aes128gcm(self, key: bytes, nonce: bytes, text: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, text, None)
