"""Another password: whoever knew the old one, or came in by it, is out from then on."""

import secrets
from typing import NamedTuple

from api.identity import accounts, consents, families, owned, registration
from api.principal import Outside, Principal
from common import passwords
from common.database import Database, Statement
from common.errors import Problem

# Of two changes at once only the first finds the password that it was told; IS: also none.
CHANGE = "UPDATE users SET password_hash = ?3 WHERE user_id = ?1 AND password_hash IS ?2"
# All but the session that asks, if one does.
END_SESSIONS = "DELETE FROM sessions WHERE user_id = ?1 AND session_id <> ?2"
COUNT = """
SELECT json_object(
  'sessions', (SELECT count(*) FROM sessions WHERE user_id = ?1 AND expires_at > ?2
    AND session_id <> ?4),
  'sign_ins', (SELECT count(*) FROM token_families WHERE user_id = ?1 AND client_id IS NULL
    AND revoked_at IS NULL AND expires_at > ?2 AND family <> ?3))
"""
DELETE_GRANTS = "DELETE FROM oauth_grants WHERE user_id = ?1"
STAYS = (
    "Your API keys, and apps of yours that act for you with a secret of their own: they know no"
    " password. Revoke a key at /api/v1/keys if somebody else may have it."
)


class Changed(NamedTuple):
    """What ended, as JSON: how many sessions and sign-ins, and what was allowed to which apps."""

    ended: str
    apps: str


async def change(
    principal: Principal, stored: str | None, password: str, pepper: str, family: str, now: float,
    outside: Outside, database: Database,
) -> Changed:  # fmt: skip
    """Store another password in the place of `stored`; end all but who asks.

    `family` is that of the tokens that ask, "" for none. Raises Problem 403
    when another change was first.
    """
    user_id, session_id = principal.user_id, principal.session_id
    hashed = await passwords.hashed(password, secrets.token_bytes(16), pepper, outside.derive)
    told = await database.texts([
        Statement(COUNT, (user_id, int(now), family, session_id)),
        Statement(consents.LIST, (user_id,)),
        Statement(CHANGE, (user_id, stored, hashed)),
        Statement(END_SESSIONS, (user_id, session_id)),
        Statement(families.REVOKE_OTHERS, (user_id, int(now), family)),
        Statement(owned.ERASE_CODES, (user_id,)),
        registration.unclaim(user_id, None, now),
        Statement(DELETE_GRANTS, (user_id,)),
        Statement(accounts.FIND_HASH, (user_id,)),
    ])  # fmt: skip
    if told[-1] != hashed:
        raise Problem(403, "wrong-password", "The password was changed by another request.")
    return Changed(told[0] or "{}", told[1] or "[]")
