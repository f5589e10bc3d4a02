"""Accounts with a password: making one, and finding out that it is its owner who asks.

Nobody learns from an answer, its words or its work, whether an address has an
account: a sign-in hashes a password for unknown addresses too, and registering
an address that is taken says the same as one that is free, and changes nothing.
"""

import re
import secrets
from typing import Annotated, NamedTuple

import msgspec

from api.identity.addresses import Setting
from api.principal import Outside
from common import passwords
from common.common_passwords import is_common
from common.database import Database, Statement
from common.errors import Problem

NewPassword = Annotated[str, msgspec.Meta(min_length=12, max_length=256)]

FIND_BY_EMAIL = """
SELECT user_id, role, password_hash, EXISTS (
  SELECT 1 FROM totp WHERE totp.user_id = users.user_id AND confirmed_at IS NOT NULL) AS guarded
FROM users WHERE email = ?1 AND disabled_at IS NULL
"""
FIND_EMAIL = "SELECT email FROM users WHERE user_id = ?1"
FIND_HASH = "SELECT password_hash FROM users WHERE user_id = ?1 AND disabled_at IS NULL"
IS_GUARDED = "SELECT 1 FROM totp WHERE user_id = ?1 AND confirmed_at IS NOT NULL"
INSERT = """
INSERT INTO users (user_id, email, role, plan, password_hash, created_at)
VALUES (?1, ?2, 'viewer', 'free', ?3, ?4) ON CONFLICT DO NOTHING
"""


_email = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


class User(NamedTuple):
    """Who proved to know the password."""

    user_id: str
    role: str


def pepper(setting: Setting) -> str:
    """Return the secret that every password is hashed with. Raises Problem 503."""
    found = setting("PASSWORD_PEPPER", "")
    if not found:  # what is hashed without it would be worth little, and match nothing later
        raise Problem(503, "accounts-unavailable", "Accounts cannot be used here at the moment.")
    return found


def read_email(text: str) -> str:
    """Return an e-mail address as it is stored, in lower case. Raises Problem 422."""
    email = text.strip().lower()
    if len(email) > 254 or not _email.fullmatch(email):
        raise Problem(422, "email-invalid", "This is no e-mail address.")
    return email


async def register(
    email: str, password: str, pepper: str, now: float, outside: Outside, database: Database
) -> None:
    """Make an account, a viewer's on the free plan, unless the address has one.

    Raises Problem 422 for a password that many have.
    """
    _check_password(password, email)
    stored = await passwords.hashed(password, secrets.token_bytes(16), pepper, outside.derive)
    user_id = f"u_{secrets.token_hex(8)}"
    await database.batch([Statement(INSERT, (user_id, email, stored, int(now)))])


async def check_new(password: str, user_id: str, database: Database) -> None:
    """Raise Problem 422 for a password that many have, or that says the user's own address."""
    _check_password(password, await database.text(Statement(FIND_EMAIL, (user_id,))) or "")


def _check_password(password: str, email: str) -> None:
    if is_common(password, email):
        raise Problem(
            422, "password-common",
            "This password is among the first that are tried. Three or four unrelated words are"
            " better.",
        )  # fmt: skip


async def sign_in(
    email: str, password: str, pepper: str, outside: Outside, database: Database
) -> User | None:
    """Return whose address and password these are, None when they do not match.

    Raises Problem 403 for an account that asks for a code besides: a password alone opens
    nothing of it.
    """
    rows = await database.all(Statement(FIND_BY_EMAIL, (email.strip().lower(),)))
    stored = rows[0]["password_hash"] if rows else None
    right = await passwords.matches(password, stored or passwords.NOBODY, pepper, outside.derive)
    if not right or not rows:
        return None
    if rows[0]["guarded"]:
        raise _guarded()
    return User(rows[0]["user_id"], rows[0]["role"])


async def prove(
    user_id: str, password: str, pepper: str, outside: Outside, database: Database
) -> str:
    """Return what is stored of the user's password. Raises Problem 403 unless `password` is it,
    or where a password alone proves nothing.
    """
    stored = await database.text(Statement(FIND_HASH, (user_id,)))
    right = await passwords.matches(password, stored or passwords.NOBODY, pepper, outside.derive)
    if not right or stored is None:
        raise Problem(403, "wrong-password", "This is not the password of the account.")
    if await database.text(Statement(IS_GUARDED, (user_id,))) is not None:
        raise _guarded()
    return stored


def _guarded() -> Problem:
    return Problem(
        403, "second-factor-needed",
        "This account asks for a code besides the password: sign in at the dashboard. For a"
        " program make an API key there.",
    )  # fmt: skip
