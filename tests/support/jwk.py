"""EC keys as JSON Web Keys, for the ports that sign."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import ec


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def public_key(jwk: str) -> ec.EllipticCurvePublicKey:
    """Return the key of a public JWK (JSON)."""
    key = json.loads(jwk)
    numbers = ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), ec.SECP256R1())
    return numbers.public_key()


def private_key(jwk: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of a private JWK (JSON)."""
    return ec.derive_private_key(_number(json.loads(jwk)["d"]), ec.SECP256R1())


def new_set(number: int) -> str:
    """Return a private JWK set of one key, always the same for the same number."""
    return json.dumps({"keys": [json.loads(private(number))]})


def private(number: int) -> str:
    """Return a private JWK, always the same for the same number."""
    public = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": _text(public.x),
        "y": _text(public.y),
        "d": _text(number),
    }
    return json.dumps(key)
