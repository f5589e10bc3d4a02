"""Clients that register themselves (RFC 7591): anybody's programs, without an owner.

What such a client says of itself is checked by nobody, and its users are told so. One
that nobody allows anything for a day is forgotten at the next registration, and
how many one address registers is bounded by the limits, so there is no growth without end.
"""

import secrets
from typing import Literal, NamedTuple, Protocol, get_args

from api.identity import clients, redirects
from api.identity.api_keys import hash_secret
from api.identity.grant import OAuthRefusal
from api.identity.texts import as_json
from api.permissions import APP_SCOPES
from common.database import Database, Statement

UNCLAIMED_SECONDS = 86_400
GRANT_TYPES = ["authorization_code", "refresh_token"]
Method = Literal["client_secret_basic", "client_secret_post", "none"]
METHODS: tuple[Method, ...] = get_args(Method)
PUBLIC = METHODS[-1]

INSERT = """
INSERT INTO oauth_clients (client_id, owner, name, website, secret_hash, redirect_uris, scopes,
  created_at, unclaimed_until)
VALUES (?1, NULL, ?2, NULL, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING
"""
# A few at a time: nobody waits for it.
FORGET = """
DELETE FROM oauth_clients WHERE client_id IN (SELECT client_id FROM oauth_clients
  WHERE unclaimed_until <= ?1 ORDER BY unclaimed_until LIMIT 100)
"""
CLAIM = """
UPDATE oauth_clients SET unclaimed_until = NULL
WHERE client_id = ?1 AND unclaimed_until IS NOT NULL
"""
# Before a user's consents go: those of the clients (all for NULL) that nobody else allows anything.
# With + no index by owner is used: it would read every client that has none.
UNCLAIM = """
UPDATE oauth_clients SET unclaimed_until = ?3
WHERE +owner IS NULL
  AND client_id IN (SELECT client_id FROM oauth_grants
    WHERE user_id = ?1 AND (?2 IS NULL OR client_id = ?2))
  AND NOT EXISTS (SELECT 1 FROM oauth_grants g
    WHERE g.client_id = oauth_clients.client_id AND g.user_id <> ?1)
"""


class Metadata(Protocol):
    """What a client says of itself (RFC 7591, 2)."""

    redirect_uris: list[str]
    client_name: str | None
    token_endpoint_auth_method: Method
    grant_types: list[str]
    response_types: list[str]
    scope: str | None


class Registered(NamedTuple):
    """A new client, its secret if it has one, and what is stored of it."""

    client_id: str
    name: str
    secret: str | None
    scopes: list[str]


async def register(metadata: Metadata, pepper: str, now: float, database: Database) -> Registered:
    """Store a new client. Raises OAuthRefusal for one that cannot be."""
    _check(metadata)
    asked = set((metadata.scope or "").split()) & APP_SCOPES
    if metadata.scope and not asked:
        raise _wrong(f"scope holds none of {', '.join(sorted(APP_SCOPES))}.")
    made = clients.make_id()
    public = metadata.token_endpoint_auth_method == PUBLIC
    new = Registered(
        made, metadata.client_name or made, None if public else secrets.token_hex(32),
        sorted(asked or APP_SCOPES),
    )  # fmt: skip
    hashed = None if new.secret is None else hash_secret(new.secret, pepper)
    values = (
        # Of what it said only its user is asked: it asks him anew for what it turns out to need.
        new.client_id, new.name, hashed, as_json(metadata.redirect_uris),
        as_json(sorted(APP_SCOPES)),
        int(now), int(now) + UNCLAIMED_SECONDS,
    )  # fmt: skip
    await database.batch([Statement(FORGET, (int(now),)), Statement(INSERT, values)])
    return new


def unclaim(user_id: str, client_id: str | None, now: float) -> Statement:
    """Return the statement that gives clients a day after the user's consents went."""
    return Statement(UNCLAIM, (user_id, client_id, int(now) + UNCLAIMED_SECONDS))


def _check(metadata: Metadata) -> None:
    wrong = [uri for uri in metadata.redirect_uris if not redirects.usable(uri)]
    if wrong:
        raise OAuthRefusal("invalid_redirect_uri", redirects.explain(wrong[0]))
    grants, responses = metadata.grant_types or GRANT_TYPES, metadata.response_types or ["code"]
    if GRANT_TYPES[0] not in grants or "code" not in responses:
        raise _wrong("grant_types must hold authorization_code, and response_types code.")


def _wrong(said: str) -> OAuthRefusal:
    return OAuthRefusal("invalid_client_metadata", said)
