"""Whose account it is, and the ways that lead into it."""

import msgspec

from common.database import Row, Statement
from common.errors import Problem
from common.passwords import NOBODY, matches
from dashboard import keys
from dashboard.sessions import User
from dashboard.visit import Visit

FIND_BY_EMAIL = """
SELECT u.user_id, u.email, u.role, u.plan, u.password_hash, t.confirmed_at IS NOT NULL AS mfa
FROM users u LEFT JOIN totp t USING (user_id) WHERE u.email = ?1 AND u.disabled_at IS NULL
"""
FIND_BY_ID = """
SELECT u.user_id, u.email, u.role, u.plan, u.password_hash, t.confirmed_at IS NOT NULL AS mfa
FROM users u LEFT JOIN totp t USING (user_id) WHERE u.user_id = ?1 AND u.disabled_at IS NULL
"""
SECURITY = """
SELECT json_object(
  'has_password', json(iif(u.password_hash IS NULL, 'false', 'true')),
  'mfa', json(iif(t.confirmed_at IS NULL, 'false', 'true')),
  'mfa_since', strftime('%Y-%m-%dT%H:%M:%SZ', t.confirmed_at, 'unixepoch'),
  'recovery_codes_left', (SELECT count(*) FROM recovery_codes r
    WHERE r.user_id = ?1 AND r.used_at IS NULL),
  'passkeys', json((SELECT json_group_array(json(item)) FROM (
    SELECT json_object('credential_id', credential_id, 'name', name,
      'backed_up', json(iif(backed_up, 'true', 'false')),
      'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
      'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
    FROM passkeys WHERE user_id = ?1 ORDER BY created_at, credential_id))),
  'linked', json((SELECT json_group_array(json(item)) FROM (
    SELECT json_object('provider', provider, 'label', label,
      'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
      'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
    FROM linked_sign_ins WHERE user_id = ?1 ORDER BY provider))))
FROM users u LEFT JOIN totp t USING (user_id) WHERE u.user_id = ?1
"""
# What would be left of the ways in: the one that goes is named by its id or provider.
WAYS_LEFT = """
SELECT (SELECT count(*) FROM users WHERE user_id = ?1 AND password_hash IS NOT NULL)
  + (SELECT count(*) FROM passkeys WHERE user_id = ?1 AND credential_id <> ?2)
  + (SELECT count(*) FROM linked_sign_ins WHERE user_id = ?1 AND provider <> ?2)
"""


class Account(msgspec.Struct, frozen=True):
    """A user as a sign-in needs to know one."""

    user: User
    password_hash: str | None
    mfa: bool


async def by_email(visit: Visit, email: str) -> Account | None:
    """Return the account of an address."""
    return _account(await visit.database.all(Statement(FIND_BY_EMAIL, (email,))))


async def by_id(visit: Visit, user_id: str) -> Account | None:
    """Return the account of a user."""
    return _account(await visit.database.all(Statement(FIND_BY_ID, (user_id,))))


async def knows_password(visit: Visit, account: Account | None, password: str) -> bool:
    """Whether `password` is the account's: as much work where there is no such account."""
    stored = (account.password_hash if account else None) or NOBODY
    right = await matches(password, stored, keys.pepper(visit.setting), visit.tools.derive)
    return right and account is not None and account.password_hash is not None


async def security(visit: Visit, _: str) -> str:
    """Return how the user of a session signs in."""
    statement = Statement(SECURITY, (visit.signed_in.user.user_id,))
    return await visit.database.text(statement) or "{}"


async def require_another_way(visit: Visit, going: str) -> None:
    """Raise Problem 409 when the user could not come in without `going`."""
    statement = Statement(WAYS_LEFT, (visit.signed_in.user.user_id, going))
    if int(float(await visit.database.text(statement) or 0)) == 0:
        raise Problem(
            409, "last-way-in",
            "This is the only way into your account. Set a password or add a passkey first.",
        )  # fmt: skip


def _account(rows: list[Row]) -> Account | None:
    if not rows:
        return None
    row = rows[0]
    user = User(row["user_id"], row["email"], row["role"], row["plan"])
    return Account(user, row["password_hash"], bool(row["mfa"]))
