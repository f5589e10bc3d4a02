"""Families of tokens, and the refresh tokens that keep them going (RFC 9700, 4.14.2).

A refresh token is the name of its family and 256 random bits, of which only a
digest is stored. Each use gives the next one. One that was used already ends the
family, because then two hold it and nobody can tell which is the thief; of
several uses at once exactly one wins, and the others end the family.
"""

import secrets
from typing import Any, NamedTuple

import msgspec

from api.identity.grant import digest
from api.identity.texts import set_as_json
from common.database import Database, Statement

IDLE_SECONDS = 30 * 86_400
ABSOLUTE_SECONDS = 90 * 86_400
NAME_LENGTH = 24

INSERT_FAMILY = """
INSERT INTO token_families (family, user_id, client_id, scopes, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING
"""
INSERT_FIRST = """
INSERT INTO refresh_tokens (family, token_digest, expires_at) VALUES (?1, ?2, ?3)
ON CONFLICT DO NOTHING
"""
FIND = """
SELECT t.replaced_by, min(t.expires_at, f.expires_at) AS ends_at, f.family, f.user_id, f.client_id,
  f.scopes, f.expires_at, u.role
FROM refresh_tokens t JOIN token_families f USING (family) JOIN users u USING (user_id)
WHERE t.family = ?1 AND t.token_digest = ?2 AND f.revoked_at IS NULL AND u.disabled_at IS NULL
"""
# The next token, if this one is unused: sent twice, the second time changes nothing.
CLAIM = """
INSERT INTO refresh_tokens (family, token_digest, expires_at)
SELECT t.family, ?3, ?5
FROM refresh_tokens t JOIN token_families f USING (family)
WHERE t.family = ?1 AND t.token_digest = ?2 AND t.replaced_by IS NULL AND t.expires_at > ?4
  AND f.revoked_at IS NULL AND f.expires_at > ?4
ON CONFLICT DO NOTHING
"""
MARK_USED = """
UPDATE refresh_tokens SET replaced_by = ?3
WHERE family = ?1 AND token_digest = ?2 AND replaced_by IS NULL
  AND EXISTS (SELECT 1 FROM refresh_tokens n WHERE n.family = ?1 AND n.token_digest = ?3)
"""
WON = "SELECT family FROM refresh_tokens WHERE family = ?1 AND token_digest = ?2"
REVOKE = "UPDATE token_families SET revoked_at = ?2 WHERE family = ?1 AND revoked_at IS NULL"
REVOKE_OF_CLIENT = """
UPDATE token_families SET revoked_at = ?3
WHERE user_id = ?1 AND client_id = ?2 AND revoked_at IS NULL
"""
REVOKE_OTHERS = """
UPDATE token_families SET revoked_at = ?2
WHERE user_id = ?1 AND family <> ?3 AND revoked_at IS NULL
"""
# Their refresh tokens go with them. A few at a time: nobody waits for it.
FORGET = """
DELETE FROM token_families WHERE family IN (SELECT family FROM token_families
  WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 100)
"""


class Family(NamedTuple):
    """What all tokens of one sign-in, consent or client's own access have in common.

    `client_id` is None for a sign-in by password, `scopes` for all of the role's.
    """

    family: str
    user_id: str
    role: str
    client_id: str | None
    scopes: frozenset[str] | None
    expires_at: int


class Found(NamedTuple):
    """A refresh token that is stored: its family, until when it is good, whether it was used."""

    family: Family
    ends_at: int
    used: bool


def start(
    user_id: str, role: str, client_id: str | None, scopes: frozenset[str] | None, now: float,
    seconds: int = ABSOLUTE_SECONDS,
) -> Family:  # fmt: skip
    """Return a new family; it is not stored yet."""
    return Family(
        secrets.token_hex(NAME_LENGTH // 2), user_id, role, client_id, scopes, int(now) + seconds
    )


def insert(family: Family, now: float) -> list[Statement]:
    """Return the statements that store a new family, and forget some that ended."""
    scopes = None if family.scopes is None else set_as_json(family.scopes)
    values = (family.family, family.user_id, family.client_id, scopes, int(now), family.expires_at)
    return [Statement(FORGET, (int(now),)), Statement(INSERT_FAMILY, values)]


def first_token(family: Family, now: float) -> tuple[str, Statement]:
    """Return a family's first refresh token and the statement that stores its digest."""
    token = _token(family.family)
    values = (family.family, digest(token), int(now) + IDLE_SECONDS)
    return token, Statement(INSERT_FIRST, values)


async def find(token: str, database: Database) -> Found | None:
    """Return a refresh token of a family that goes on, used or not; None for any other."""
    rows = await database.all(Statement(FIND, (token[:NAME_LENGTH], digest(token))))
    return _found(rows[0]) if rows else None


async def rotate(
    token: str, client_id: str | None, now: float, database: Database
) -> tuple[str, Family] | None:
    """Return the next refresh token and the family; None for one that is not good.

    One that was used ends its family; another client's is left alone.
    """
    found = await find(token, database)
    if found is None or found.family.client_id != client_id or found.ends_at <= now:
        return None
    if not found.used:
        name = found.family.family
        following = _token(name)
        pair = (name, digest(token), digest(following))
        won = await database.texts([
            Statement(CLAIM, (*pair, int(now), int(now) + IDLE_SECONDS)),
            Statement(MARK_USED, pair),
            Statement(WON, (name, digest(following))),
        ])  # fmt: skip
        if won[-1] is not None:
            return following, found.family
    await revoke(found.family.family, now, database)
    return None


async def revoke(family: str, now: float, database: Database) -> None:
    """End a family: none of its tokens is good any more."""
    await database.batch([Statement(REVOKE, (family, int(now)))])


def _token(family: str) -> str:
    return family + secrets.token_urlsafe(32)


def _found(row: dict[str, Any]) -> Found:
    scopes = row["scopes"]
    return Found(
        Family(
            row["family"], row["user_id"], row["role"], row["client_id"],
            None if scopes is None else msgspec.json.decode(scopes, type=frozenset[str]),
            row["expires_at"],
        ),
        row["ends_at"],
        row["replaced_by"] is not None,
    )  # fmt: skip
