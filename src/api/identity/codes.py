"""Authorization codes: 60 seconds, used once, bound to client, address and PKCE challenge.

Only S256 is known (RFC 7636; RFC 9700, 2.1.1), and every client must use it.
A code that comes a second time ends what the first time gave: one of the two
who held it stole it (RFC 6749, 4.1.2).
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

import msgspec

from api.identity import families
from api.identity.families import Family
from api.identity.grant import digest
from api.identity.jwt import encode
from api.identity.texts import set_as_json
from common.database import Database, Statement

SECONDS = 60
REMEMBERED_SECONDS = 86_400  # a used one, to see it come again

_challenge = re.compile(r"[A-Za-z0-9_-]{43}", re.A)
_verifier = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.A)

INSERT = """
INSERT INTO oauth_codes (code_digest, client_id, user_id, redirect_uri, scopes, challenge,
  expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM oauth_codes WHERE expires_at < ?1"
# A code whose consent was withdrawn since, or whose user is disabled, is none.
FIND = """
SELECT c.client_id, c.user_id, c.redirect_uri, c.scopes, c.challenge, c.expires_at, c.family, u.role
FROM oauth_codes c JOIN users u USING (user_id)
JOIN oauth_grants g ON g.user_id = c.user_id AND g.client_id = c.client_id
WHERE c.code_digest = ?1 AND u.disabled_at IS NULL
"""
CLAIM = "UPDATE oauth_codes SET family = ?2 WHERE code_digest = ?1 AND family IS NULL"
CLAIMED_BY = "SELECT family FROM oauth_codes WHERE code_digest = ?1"


class Allowed(NamedTuple):
    """What a user allowed: to whom, to be sent where, with which challenge."""

    client_id: str
    user_id: str
    redirect_uri: str
    scopes: frozenset[str]
    challenge: str


def is_challenge(text: str) -> bool:
    """Whether `text` can be an S256 challenge."""
    return bool(_challenge.fullmatch(text))


def verified(verifier: str, challenge: str) -> bool:
    """Whether a challenge was made from `verifier`."""
    if not _verifier.fullmatch(verifier):
        return False
    made = encode(hashlib.sha256(verifier.encode()).digest())
    return hmac.compare_digest(made, challenge)


def issue(allowed: Allowed, now: float) -> tuple[str, list[Statement]]:
    """Return a new code and the statements that store its digest and forget old ones."""
    code = secrets.token_urlsafe(32)
    scopes = set_as_json(allowed.scopes)
    values = (
        digest(code), allowed.client_id, allowed.user_id, allowed.redirect_uri, scopes,
        allowed.challenge, int(now) + SECONDS,
    )  # fmt: skip
    forget = Statement(FORGET, (int(now) - REMEMBERED_SECONDS,))
    return code, [forget, Statement(INSERT, values)]


async def redeem(
    code: str, client_id: str, redirect_uri: str, verifier: str, now: float, database: Database
) -> tuple[str, Family] | None:
    """Return the first refresh token and the family that a code gives; None for a wrong one."""
    rows = await database.all(Statement(FIND, (digest(code),)))
    row = rows[0] if rows else None
    if row is None or row["client_id"] != client_id:
        return None
    if row["family"] is not None:
        await families.revoke(row["family"], now, database)
        return None
    right = row["redirect_uri"] == redirect_uri and verified(verifier, row["challenge"])
    if not right or row["expires_at"] <= now:
        return None
    scopes = msgspec.json.decode(row["scopes"], type=frozenset[str])
    family = families.start(row["user_id"], row["role"], client_id, scopes, now)
    token, first = families.first_token(family, now)
    told = await database.texts([
        *families.insert(family, now),
        first,
        Statement(CLAIM, (digest(code), family.family)),
        Statement(CLAIMED_BY, (digest(code),)),
    ])  # fmt: skip
    if told[-1] == family.family:
        return token, family
    # Somebody was first: the code came twice, and neither keeps what it gave.
    for one in {family.family, told[-1]} - {None}:
        await families.revoke(str(one), now, database)
    return None
