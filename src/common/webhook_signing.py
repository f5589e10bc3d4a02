"""Signatures of webhooks, both ways: Standard Webhooks 1.0 (https://www.standardwebhooks.com/).

What is signed is `id.timestamp.body` with HMAC-SHA256; the signature reads
"v1,<base64>", and several stand side by side while a secret is being replaced.

No secret of a webhook is stored anywhere: it is an HMAC by the one key of the
setting WEBHOOK_SECRET_KEY over the webhook's id and the secret's version, and is
made anew whenever something is to be signed. Who reads the whole database can
sign nothing. Changing that key replaces every secret at once.

An acknowledgement goes the other way: the receiver of a delivery signs
`ack.delivery_id.timestamp` with the same secret.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

from common.errors import Fatal

PREFIX = "whsec_"
VERSION = "v1"
TOLERANCE_SECONDS = 300
OVERLAP_SECONDS = 86_400  # how long the replaced secret goes on to sign
MOST_SIGNATURES = 10
FEWEST_KEY_CHARACTERS = 32


class RefusedSignature(Fatal):
    """The message is not by who has the secret, or too old; says which, and never the secret."""


def secret_of(key: str, webhook_id: str, version: int) -> str:
    """Return a webhook's secret, "whsec_<base64 of 32 bytes>".

    Raises Fatal when the key is missing or shorter than a secret has to be.
    """
    if len(key) < FEWEST_KEY_CHARACTERS:
        raise Fatal(f"WEBHOOK_SECRET_KEY is not set, or under {FEWEST_KEY_CHARACTERS} characters")
    made = hmac.digest(key.encode(), f"webhook|{webhook_id}|{version}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made).decode()


def secrets_in_force(
    key: str, webhook_id: str, version: int, rotated_at: int | None, now: float
) -> list[str]:
    """Return the secrets that sign at `now`, the newest first: two for a day after a rotation."""
    found = [secret_of(key, webhook_id, version)]
    if version > 1 and rotated_at is not None and now < rotated_at + OVERLAP_SECONDS:
        found.append(secret_of(key, webhook_id, version - 1))
    return found


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature, "v1,<base64>". Raises ValueError for what is no secret."""
    return _signature(secret, f"{message_id}.{timestamp}.".encode() + body)


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a signed message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(one, message_id, timestamp, body) for one in secrets),
    }


def verify(
    secrets: Sequence[str], found: Mapping[str, str], body: bytes, now: float
) -> tuple[str, int]:
    """Return a message's id and time when one of its signatures is by one of `secrets`.

    `found` are the headers, in lower case. That an id is not taken twice is
    up to who knows the ids. Raises RefusedSignature.
    """
    message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    given = found.get("webhook-signature", "")
    if not message_id or not given:
        raise RefusedSignature("webhook-id, webhook-timestamp and webhook-signature are needed.")
    timestamp = _fresh(stamp, now)
    _require_one(secrets, f"{message_id}.{timestamp}.".encode() + body, given)
    return message_id, timestamp


def sign_ack(secret: str, delivery_id: str, timestamp: int) -> str:
    """Return the signature by which a receiver acknowledges a delivery."""
    return _signature(secret, _ack(delivery_id, timestamp))


def verify_ack(
    secrets: Sequence[str], delivery_id: str, timestamp: int, signature: str, now: float
) -> None:
    """Raise RefusedSignature unless an acknowledgement is by one of `secrets`, and fresh."""
    _require_one(secrets, _ack(delivery_id, _fresh(str(timestamp), now)), signature)


def _ack(delivery_id: str, timestamp: int) -> bytes:
    return f"ack.{delivery_id}.{timestamp}".encode()


def _signature(secret: str, message: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    made = hmac.digest(key, message, hashlib.sha256)
    return f"{VERSION},{base64.b64encode(made).decode()}"


def _fresh(stamp: str, now: float) -> int:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise RefusedSignature("The timestamp must be epoch seconds.")
    timestamp = int(stamp)
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        raise RefusedSignature(
            f"The timestamp is more than {TOLERANCE_SECONDS} seconds from our clock's."
        )
    return timestamp


def _require_one(secrets: Sequence[str], message: bytes, given: str) -> None:
    """Every signature is compared with every secret: how long it takes says nothing."""
    signatures = given.split(" ")[:MOST_SIGNATURES]
    matches = 0
    for secret in secrets:
        wanted = _signature(secret, message).encode()
        matches += sum(
            hmac.compare_digest(one.encode("utf-8", "replace"), wanted) for one in signatures
        )
    if not matches:
        raise RefusedSignature("No signature is by this webhook's secret.")
