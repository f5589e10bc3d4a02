"""API keys: `ci_<environment>_<id>_<secret>`, stored only as a keyed hash of the secret.

A key that was checked stays checked for LEASE_SECONDS in this isolate, so
the usual request asks nobody; a revoked key is refused at the latest then.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import NamedTuple, Protocol

from common.database import Database, Statement
from common.errors import Problem

LEASE_SECONDS = 30
MOST_LEASES = 10_000
CHALLENGE = {"www-authenticate": 'Bearer realm="CryptoIntel", charset="UTF-8"'}

FIND_KEY = """
SELECT k.secret_hash, k.user_id, u.role FROM api_keys k JOIN users u USING (user_id)
WHERE k.key_id = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
"""


class Principal(NamedTuple):
    """Who asks."""

    user_id: str
    role: str


GUEST = Principal("guest", "viewer")  # a visitor of the dashboard who is not signed in


def hash_secret(secret: str, pepper: str) -> str:
    """Return the keyed hash under which a key's secret is stored (HMAC-SHA256, hex)."""
    return hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).hexdigest()


class Outside(Protocol):
    """What few requests need of the runtime."""

    async def body(self, most_bytes: int) -> bytes | None:
        """Return the request's body, None when it is larger than that."""

    async def preview(self, spec: str) -> str:
        """Have the collection Worker try a FeedSpec; both are JSON. Raises Retryable."""

    async def preview_rule(self, rule: str) -> str:
        """Have the signals Worker try a rule; both are JSON. Raises Retryable."""


class Context(NamedTuple):
    """What a request may use.

    The database and the settings (by name, with a default) are asked for only
    when they are needed: both cross into JavaScript, and the usual request
    needs neither.
    """

    open_database: Callable[[], Database]
    setting: Callable[[str, str], str]
    now: float
    outside: Outside | None = None


class Keys:
    """Checks API keys and remembers the good ones for a short while."""

    def __init__(self) -> None:
        self._leases: dict[str, tuple[float, Principal]] = {}

    async def check(self, presented: str | None, context: Context) -> Principal:
        """Return who holds the key `presented` ("Bearer …" or the bare key).

        Raises Problem 401 without saying which part of a key was wrong.
        """
        key = (presented or "").strip()
        if key[:6].lower() == "bearer" and key[6:7] in ("", " "):
            key = key[6:].strip()
        lease = self._leases.get(key)
        if lease is not None and lease[0] > context.now:
            return lease[1]
        if not key:
            raise Problem(
                401,
                "key-missing",
                "Send your API key in the header 'Authorization: Bearer <key>' or 'X-API-Key'.",
                CHALLENGE,
            )
        principal = await self._look_up(key, context)
        if len(self._leases) >= MOST_LEASES:
            self._leases.clear()
        self._leases[key] = (context.now + LEASE_SECONDS, principal)
        return principal

    @staticmethod
    async def _look_up(key: str, context: Context) -> Principal:
        refused = Problem(
            401, "key-invalid", "This API key is unknown, revoked or expired.", CHALLENGE
        )
        parts, pepper = key.split("_"), context.setting("API_KEY_PEPPER", "")
        if len(parts) != 4 or parts[0] != "ci" or len(key) > 200 or not pepper:
            raise refused
        statement = Statement(FIND_KEY, (parts[2], int(context.now)))
        rows = await context.open_database().all(statement)
        stored = rows[0]["secret_hash"] if rows else "0" * 64
        if not hmac.compare_digest(stored, hash_secret(parts[3], pepper)) or not rows:
            raise refused
        return Principal(rows[0]["user_id"], rows[0]["role"])
