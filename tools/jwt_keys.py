"""`python -m tools.jwt_keys [--rotate | --vapid]`: secrets that sign with ES256.

Prints JWT_KEYS, the keys that sign access tokens: a new set of one key. With
--rotate it reads the set in use from standard input and puts a new key in front:
that one signs from now on, and tokens of the ones behind it stay good. A key may
be dropped an hour later.

With --vapid it prints VAPID_PRIVATE_KEY, which signs notifications to phones: it is
made once, because browsers subscribe to it; with another key all have to do so anew.
"""

import base64
import json
import sys

from cryptography.hazmat.primitives.asymmetric import ec

KEPT = 3  # older keys have no valid tokens left, and a secret has 5 KB


def make() -> dict[str, str]:
    """Return a new private P-256 key as a JWK (RFC 7517)."""
    private = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    public = private.public_numbers
    return {
        "kty": "EC", "crv": "P-256", "x": _text(public.x), "y": _text(public.y),
        "d": _text(private.private_value),
    }  # fmt: skip


def new_set(old: str = "") -> str:
    """Return a private JWK set as JSON, a new key before those of `old`.

    Raises ValueError when `old` is no such set.
    """
    kept = []
    if old.strip():
        try:
            kept = [dict(key) for key in json.loads(old)["keys"]]
        except (KeyError, TypeError, AttributeError):
            raise ValueError("this is no JWK set") from None
        if not all({"kty", "crv", "x", "y", "d"} <= key.keys() for key in kept):
            raise ValueError("this is no set of private keys")
    return json.dumps({"keys": [make(), *kept][:KEPT]}, separators=(",", ":"))


def new_vapid() -> str:
    """Return a new private key as a JWK (JSON)."""
    return json.dumps(make(), separators=(",", ":"))


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def main(arguments: list[str]) -> int:
    """Print a secret; return 2 for a wrong call."""
    if arguments not in ([], ["--rotate"], ["--vapid"]):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments == ["--vapid"]:
        print(new_vapid())
        return 0
    try:
        print(new_set(sys.stdin.read() if arguments else ""))
    except ValueError as error:
        print(f"JWT_KEYS on standard input: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
