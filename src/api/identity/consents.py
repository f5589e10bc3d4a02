"""What users allow clients: the request, what it means, and the withdrawal."""

from typing import Any, NamedTuple

import msgspec

from api.identity import codes, families, redirects, registration
from api.identity.clients import Client
from api.identity.grant import OAuthRefusal
from api.identity.texts import set_as_json
from common.database import Database, Statement
from common.errors import Problem

FIND = "SELECT scopes FROM oauth_grants WHERE user_id = ?1 AND client_id = ?2"
STORE = """
INSERT INTO oauth_grants (user_id, client_id, scopes, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id, client_id) DO UPDATE SET created_at = excluded.created_at,
  scopes = (SELECT json_group_array(scope) FROM (
    SELECT value AS scope FROM json_each(oauth_grants.scopes)
    UNION SELECT value FROM json_each(excluded.scopes)))
"""
LIST = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('client_id', g.client_id, 'name', c.name, 'website', c.website,
    'scopes', json(g.scopes),
    'granted_at', strftime('%Y-%m-%dT%H:%M:%SZ', g.created_at, 'unixepoch')) AS item
  FROM oauth_grants g JOIN oauth_clients c USING (client_id)
  WHERE g.user_id = ?1 ORDER BY g.created_at DESC, g.client_id)
"""
DELETE = "DELETE FROM oauth_grants WHERE user_id = ?1 AND client_id = ?2"


class Asked(NamedTuple):
    """An authorization request (RFC 6749, 4.1.1) of a client at one of its addresses."""

    client: Client
    redirect_uri: str
    response_type: str | None
    scope: str | None
    state: str | None
    challenge: str | None
    method: str | None
    issuer: str
    known_resource: bool = True


def check_client(client: Client | None, redirect_uri: str | None) -> Client:
    """Return the client. Raises Problem 400: nobody may be sent to an unknown address."""
    if client is None:
        raise Problem(400, "client-unknown", "There is no app of this client_id.")
    if redirect_uri is None or not redirects.registered(redirect_uri, client.redirect_uris):
        raise Problem(
            400, "redirect-refused", "This redirect_uri is none of those that the app registered."
        )
    return client


def scopes_of(scope: str | None, most: frozenset[str]) -> frozenset[str]:
    """Return the scopes of a space-separated text, `most` for none. Raises OAuthRefusal."""
    wanted = frozenset((scope or "").split(" ")) - {""}
    if not wanted <= most:
        raise OAuthRefusal("invalid_scope", "The app may not ask for all of these scopes.")
    return wanted or most


def check_asked(asked: Asked) -> frozenset[str]:
    """Return the scopes that are asked for. Raises OAuthRefusal."""
    if not asked.known_resource:
        raise OAuthRefusal("invalid_target", "The resource is none of this API.")
    if asked.response_type is None:
        raise OAuthRefusal("invalid_request", "response_type is missing.")
    if asked.response_type != "code":
        raise OAuthRefusal("unsupported_response_type", "Only response_type=code is known.")
    if asked.method != "S256" or not codes.is_challenge(asked.challenge or ""):
        raise OAuthRefusal("invalid_request", "PKCE with code_challenge_method=S256 is required.")
    return scopes_of(asked.scope, asked.client.scopes)


def redirect(asked: Asked, **fields: str) -> str:
    """Return where the user goes with an answer; `iss` says from whom (RFC 9207)."""
    answer: dict[str, str | None] = {**fields, "state": asked.state, "iss": asked.issuer}
    return redirects.with_answer(asked.redirect_uri, answer)


def refusal(asked: Asked, why: OAuthRefusal) -> str:
    """Return where the user goes when the app asked for something wrong, or was denied."""
    return redirect(asked, error=why.error, error_description=why.said)


async def granted(user_id: str, client_id: str, database: Database) -> frozenset[str]:
    """Return the scopes that a user allowed a client before."""
    text = await database.text(Statement(FIND, (user_id, client_id)))
    return msgspec.json.decode(text or "[]", type=frozenset[str])


async def allow(
    asked: Asked, scopes: frozenset[str], user_id: str, now: float, database: Database
) -> str:
    """Store a consent; return its authorization code."""
    allowed = codes.Allowed(
        asked.client.client_id, user_id, asked.redirect_uri, scopes, asked.challenge or ""
    )
    code, statements = codes.issue(allowed, now)
    stored = set_as_json(scopes)
    values = (user_id, asked.client.client_id, stored, int(now))
    claim = Statement(registration.CLAIM, (asked.client.client_id,))
    await database.batch([Statement(STORE, values), claim, *statements])
    return code


async def withdraw(user_id: str, client_id: str, now: float, database: Database) -> None:
    """Take back what a user allowed a client: its tokens are no longer good, its codes neither."""
    values: tuple[Any, ...] = (user_id, client_id)
    await database.batch([
        registration.unclaim(user_id, client_id, now),
        Statement(DELETE, values),
        Statement(families.REVOKE_OF_CLIENT, (*values, int(now))),
    ])  # fmt: skip
