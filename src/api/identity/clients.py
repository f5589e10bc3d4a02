"""OAuth clients: programs of others, and how each proves that it is itself (RFC 6749, 2.3).

A confidential client has a secret, of which a keyed hash is stored, and sends
it in Authorization: Basic or in the form, never both. A public one only says
its id; what protects its codes is PKCE.
"""

import base64
import binascii
import hmac
import secrets
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from api.identity.api_keys import hash_secret
from api.identity.grant import OAuthRefusal
from common.database import Database, Statement

MOST_CLIENTS = 20  # of one owner

FIND = """
SELECT c.client_id, c.owner, c.name, c.website, c.secret_hash, c.redirect_uris, c.scopes, u.role
FROM oauth_clients c LEFT JOIN users u ON u.user_id = c.owner
WHERE c.client_id = ?1 AND u.disabled_at IS NULL
  AND (c.unclaimed_until IS NULL OR c.unclaimed_until > ?2)
"""
# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO oauth_clients (client_id, owner, name, website, secret_hash, redirect_uris, scopes,
  created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
WHERE (SELECT count(*) FROM oauth_clients WHERE owner = ?2) < ?9
ON CONFLICT DO NOTHING
"""
LIST = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('client_id', client_id, 'name', name, 'website', website,
    'confidential', json(iif(secret_hash IS NULL, 'false', 'true')),
    'redirect_uris', json(redirect_uris), 'scopes', json(scopes),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch')) AS item
  FROM oauth_clients WHERE owner = ?1 AND (?2 IS NULL OR client_id = ?2)
  ORDER BY created_at DESC, client_id)
"""
UPDATE = """
UPDATE oauth_clients SET name = ?3, website = ?4, redirect_uris = ?5, scopes = ?6
WHERE client_id = ?1 AND owner = ?2
"""
RENEW = """
UPDATE oauth_clients SET secret_hash = ?3
WHERE client_id = ?1 AND owner = ?2 AND secret_hash IS NOT NULL
"""
DELETE = "DELETE FROM oauth_clients WHERE client_id = ?1 AND owner = ?2"
# What users allowed it goes with it; its tokens are refused because it is gone.
DELETE_GRANTS = """
DELETE FROM oauth_grants WHERE client_id = ?1
  AND NOT EXISTS (SELECT 1 FROM oauth_clients WHERE client_id = ?1)
"""


class Client(NamedTuple):
    """A registered client; `role` is its owner's. One that registered itself has neither."""

    client_id: str
    owner: str | None
    role: str | None
    name: str
    website: str | None
    secret_hash: str | None
    redirect_uris: list[str]
    scopes: frozenset[str]


class Proof(NamedTuple):
    """What a request says of the client that sends it."""

    authorization: str | None = None
    client_id: str | None = None
    client_secret: str | None = None


def make_id() -> str:
    """Return a new client's id."""
    return f"app_{secrets.token_hex(8)}"


async def find(client_id: str, now: float, database: Database) -> Client | None:
    """Return a client whose owner is not disabled, and whose time to be allowed is not over."""
    rows = await database.all(Statement(FIND, (client_id, int(now))))
    return _client(rows[0]) if rows else None


async def authenticate(proof: Proof, pepper: str, now: float, database: Database) -> Client:
    """Return the client that sent `proof`. Raises OAuthRefusal."""
    client_id, secret = _read(proof)
    client = await find(client_id, now, database)
    stored = client.secret_hash if client is not None else None
    # The same work whether the client exists or not.
    right = hmac.compare_digest(stored or "0" * 64, hash_secret(secret or "", pepper))
    if client is not None and client.secret_hash is None and secret is None:
        return client
    if client is None or stored is None or secret is None or not right or not pepper:
        raise OAuthRefusal("invalid_client", "The client is unknown, or its secret is wrong.")
    return client


def _read(proof: Proof) -> tuple[str, str | None]:
    scheme, _, rest = (proof.authorization or "").strip().partition(" ")
    if scheme.lower() != "basic":
        if proof.client_id is None:
            raise OAuthRefusal("invalid_client", "Say which client this is.")
        return proof.client_id, proof.client_secret
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise OAuthRefusal("invalid_client", "The header Authorization cannot be read.") from None
    client_id, separator, secret = text.partition(":")
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    if not separator or not secret:
        raise OAuthRefusal("invalid_client", "The header Authorization holds no id and secret.")
    if proof.client_secret is not None or proof.client_id not in (None, client_id):
        raise OAuthRefusal("invalid_request", "Say who the client is in one place only.")
    return client_id, secret


def _client(row: dict[str, Any]) -> Client:
    return Client(
        row["client_id"], row["owner"], row["role"], row["name"], row["website"],
        row["secret_hash"],
        msgspec.json.decode(row["redirect_uris"], type=list[str]),
        msgspec.json.decode(row["scopes"], type=frozenset[str]),
    )  # fmt: skip
