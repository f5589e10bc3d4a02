"""API keys: `ci_<environment>_<id>_<secret>`, stored only as a keyed hash of the secret.

A rotated key goes on until its grace ends, beside the one that replaces it.
"""

import hashlib
import hmac
import secrets
from typing import Any, NamedTuple

import msgspec

from api.identity.addresses import Setting
from api.identity.grant import Grant, key_digest, read_network, refused
from api.principal import Context, Principal
from common.database import Statement

LONGEST = 200
MOST_LIVE = 20  # of one user; twice as many while old ones are in their grace

FIND = """
SELECT k.secret_hash, k.user_id, k.scopes, k.allowed_origins, k.allowed_addresses, k.per_minute,
  k.expires_at, u.role, u.plan
FROM api_keys k JOIN users u USING (user_id)
WHERE k.key_id = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
  AND u.disabled_at IS NULL
"""
# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO api_keys (key_id, user_id, name, secret_hash, created_at, expires_at, scopes,
  allowed_origins, allowed_addresses, per_minute)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
WHERE (SELECT count(*) FROM api_keys WHERE user_id = ?2 AND revoked_at IS NULL
  AND replaced_by IS NULL AND (expires_at IS NULL OR expires_at > ?5)) < ?11
ON CONFLICT DO NOTHING
"""
LIST = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('key_id', key_id, 'name', name, 'scopes', json(scopes),
    'allowed_origins', json(allowed_origins), 'allowed_addresses', json(allowed_addresses),
    'per_minute', per_minute, 'replaced_by', replaced_by,
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
    'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch'),
    'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
  FROM api_keys WHERE user_id = ?1 AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > ?2) AND (?3 IS NULL OR key_id = ?3)
  ORDER BY created_at DESC, key_id)
"""
# What rotation and the rule against growth need of a live key of the user's.
FIND_OWN = """
SELECT scopes, replaced_by FROM api_keys
WHERE key_id = ?1 AND user_id = ?2 AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > ?3)
"""
COPY = """
INSERT INTO api_keys (key_id, user_id, name, secret_hash, created_at, expires_at, scopes,
  allowed_origins, allowed_addresses, per_minute)
SELECT ?3, user_id, name, ?4, ?5, expires_at, scopes, allowed_origins, allowed_addresses, per_minute
FROM api_keys WHERE key_id = ?1 AND user_id = ?2 AND revoked_at IS NULL AND replaced_by IS NULL
  AND (expires_at IS NULL OR expires_at > ?5)
  AND (SELECT count(*) FROM api_keys WHERE user_id = ?2 AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > ?5)) < ?6
ON CONFLICT DO NOTHING
"""
REPLACE = """
UPDATE api_keys SET replaced_by = ?3, expires_at = min(coalesce(expires_at, ?4), ?4)
WHERE key_id = ?1 AND user_id = ?2 AND replaced_by IS NULL
  AND EXISTS (SELECT 1 FROM api_keys n WHERE n.key_id = ?3)
"""
REVOKE = """
UPDATE api_keys SET revoked_at = ?3 WHERE key_id = ?1 AND user_id = ?2 AND revoked_at IS NULL
"""
REVOKED = """
SELECT json_object('key_id', key_id,
  'revoked_at', strftime('%Y-%m-%dT%H:%M:%SZ', revoked_at, 'unixepoch'))
FROM api_keys WHERE key_id = ?1 AND user_id = ?2
"""
# A key that is limited to places, a time or a rate must not make one that is not.
LIMITED = """
SELECT key_id FROM api_keys WHERE key_id = ?1 AND (expires_at IS NOT NULL OR per_minute IS NOT NULL
  OR allowed_origins IS NOT NULL OR allowed_addresses IS NOT NULL)
"""
NOTE_USED = """
UPDATE api_keys SET last_used_at = max(coalesce(last_used_at, 0), j.at)
FROM (SELECT value ->> 0 AS key_id, value ->> 1 AS at FROM json_each(?1)) AS j
WHERE api_keys.key_id = j.key_id
"""


def pepper(setting: Setting) -> str:
    """Return the secret that secrets of keys and apps are hashed with."""
    return setting("API_KEY_PEPPER", "")


class Made(NamedTuple):
    """A new key: its id, its whole text (shown once), and what is stored of its secret."""

    key_id: str
    text: str
    secret_hash: str


def hash_secret(secret: str, pepper: str) -> str:
    """Return the keyed hash under which a secret is stored (HMAC-SHA256, hex)."""
    return hmac.new(pepper.encode(), secret.encode(), hashlib.sha256).hexdigest()


def make(environment: str, pepper: str) -> Made:
    """Return a new key; its secret has 256 bits."""
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    return Made(key_id, f"ci_{environment}_{key_id}_{secret}", hash_secret(secret, pepper))


async def check(key: str, context: Context) -> Grant:
    """Return what `key` allows; it expires with the key, at the latest.

    Raises Problem 401 without saying which part was wrong, after the same work.
    """
    parts, pepper = key.split("_"), context.setting("API_KEY_PEPPER", "")
    if len(parts) != 4 or parts[0] != "ci" or len(key) > LONGEST or not pepper:
        raise refused(context.setting)
    rows = await context.open_database().all(Statement(FIND, (parts[2], int(context.now))))
    stored = rows[0]["secret_hash"] if rows else "0" * 64
    right = hmac.compare_digest(stored, hash_secret(parts[3], pepper))
    if not right or not rows or parts[1] != context.setting("ENVIRONMENT", "production"):
        raise refused(context.setting)
    row = rows[0]
    scopes, origins, addresses = (
        _texts(row[name]) for name in ("scopes", "allowed_origins", "allowed_addresses")
    )
    return Grant(
        Principal(
            row["user_id"], row["role"], row["plan"], "key",
            None if scopes is None else frozenset(scopes), parts[2], row["per_minute"],
        ),
        float("inf") if row["expires_at"] is None else float(row["expires_at"]),
        None if origins is None else frozenset(origins),
        None if addresses is None else tuple(read_network(text) for text in addresses),
        key_digest(key),
    )  # fmt: skip


def _texts(stored: Any) -> list[str] | None:
    return None if stored is None else msgspec.json.decode(stored, type=list[str])
