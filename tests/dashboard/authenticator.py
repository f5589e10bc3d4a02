"""An authenticator and the browser's part of WebAuthn, made from the specification alone."""

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from dashboard.encoding import b64encode
from tests.dashboard.browsing import ORIGIN


def cbor(value: Any) -> bytes:
    """Return a value in CBOR's canonical form."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(cbor(one) for one in value)
    pairs = b"".join(cbor(key) + cbor(one) for key, one in value.items())
    return _head(5, len(value)) + pairs


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = next(size for size in (0, 1, 2, 3) if number < 1 << (8 << size))
    return bytes([kind << 5 | 24 + size]) + number.to_bytes(1 << size, "big")


class Authenticator:
    """Holds one passkey; what it says can be changed to lie."""

    def __init__(self, kind: str = "ec", origin: str = ORIGIN, count: int = 0) -> None:
        self.origin, self.count = origin, count
        self.rp_id = urlsplit(origin).hostname or ""
        self.credential_id = hashlib.sha256(f"{kind}{id(self)}".encode()).digest()
        self.flags = 0x1D  # present, verified, may be backed up, is backed up
        self.user_handle: str | None = None
        self.cross_origin = False
        self._key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = (
            ec.generate_private_key(ec.SECP256R1())
            if kind == "ec"
            else rsa.generate_private_key(65537, 2048)
        )

    def create(self, options: dict[str, Any], name: str = "phone") -> dict[str, Any]:
        """Answer navigator.credentials.create()."""
        self.user_handle = options["user"]["id"]
        size = len(self.credential_id).to_bytes(2, "big")
        key = bytes(16) + size + self.credential_id + cbor(self.cose())
        attestation = {"fmt": "none", "attStmt": {}, "authData": self.data(0x40) + key}
        return {
            "name": name, "clientData": self.client_data("webauthn.create", options["challenge"]),
            "attestation": b64encode(cbor(attestation)),
        }  # fmt: skip

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer navigator.credentials.get()."""
        data = self.data()
        client_data = self._client_data("webauthn.get", options["challenge"])
        return {
            "credentialId": b64encode(self.credential_id), "clientData": b64encode(client_data),
            "authenticatorData": b64encode(data), "userHandle": self.user_handle,
            "signature": b64encode(self.sign(data + hashlib.sha256(client_data).digest())),
        }  # fmt: skip

    def sign(self, message: bytes) -> bytes:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(message, ec.ECDSA(hashes.SHA256()))
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def data(self, more_flags: int = 0) -> bytes:
        flags = bytes([self.flags | more_flags])
        return hashlib.sha256(self.rp_id.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def client_data(self, kind: str, challenge: str) -> str:
        return b64encode(self._client_data(kind, challenge))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin,
                "crossOrigin": self.cross_origin, "other_keys_can_be_added_here": 1}  # fmt: skip
        return json.dumps(told).encode()

    def cose(self) -> dict[int, Any]:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            point = self._key.public_key().public_numbers()
            x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
            return {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        public = self._key.public_key().public_numbers()
        return {1: 3, 3: -257, -1: public.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}
