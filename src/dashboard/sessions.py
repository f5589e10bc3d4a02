"""Signing in and out: a random cookie whose digest is a row, and nothing in it.

Five wrong passwords in five minutes close an account's sign-in from one
address for a while, not from others: nobody can lock somebody else out.
"""

import hashlib
import secrets
from typing import NamedTuple

import msgspec

from common.database import Database, Row, Statement
from common.errors import Problem
from common.passwords import NOBODY, Derive, matches

SECONDS = 14 * 86400
TRIES, TRY_SECONDS = 5, 300
LONGEST_BODY = 4_096

FIND_USER = """
SELECT user_id, email, role, plan, password_hash FROM users
WHERE email = ?1 AND disabled_at IS NULL
"""
INSERT = """
INSERT INTO sessions (token_digest, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)
"""
FIND_SESSION = """
SELECT u.user_id, u.email, u.role, u.plan FROM sessions s JOIN users u USING (user_id)
WHERE s.token_digest = ?1 AND s.expires_at > ?2 AND u.disabled_at IS NULL
"""
DELETE = "DELETE FROM sessions WHERE token_digest = ?1"
DELETE_EXPIRED = "DELETE FROM sessions WHERE expires_at <= ?1"


class Credentials(msgspec.Struct):
    """What the sign-in form sends."""

    email: str
    password: str


class User(NamedTuple):
    """Who is signed in."""

    user_id: str
    email: str
    role: str
    plan: str

    def acting(self) -> str:
        """Return what the API Worker is told of who asks (api.identity.sessions.Session)."""
        told = {"user_id": self.user_id, "role": self.role, "plan": self.plan}
        return msgspec.json.encode(told).decode()


class Tries:
    """Wrong passwords per account and address, in this isolate."""

    def __init__(self) -> None:
        self._wrong: dict[tuple[str, str], list[float]] = {}

    def check(self, email: str, address: str, now: float) -> None:
        """Raise Problem 429 when there were too many wrong passwords lately."""
        recent = [t for t in self._wrong.get((email, address), []) if t > now - TRY_SECONDS]
        if len(recent) >= TRIES:
            wait = int(recent[0] + TRY_SECONDS - now) + 1
            raise Problem(
                429, "too-many-tries",
                f"Too many wrong passwords from your address. Try again in {wait} seconds.",
                {"retry-after": str(wait)},
            )  # fmt: skip

    def wrong(self, email: str, address: str, now: float) -> None:
        """Note a wrong password."""
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        recent = [t for t in self._wrong.get((email, address), []) if t > now - TRY_SECONDS]
        self._wrong[email, address] = [*recent, now]


def read_credentials(body: str) -> Credentials:
    """Return the credentials in `body`. Raises Problem 400 or 413."""
    if len(body) > LONGEST_BODY:
        raise Problem(413, "body-too-large", f"At most {LONGEST_BODY} characters are read.")
    try:
        given = msgspec.json.decode(body, type=Credentials)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(
            400, "invalid-body", 'Send {"email": "…", "password": "…"} as JSON.'
        ) from None
    return Credentials(given.email.strip().lower(), given.password)


async def sign_in(
    given: Credentials, database: Database, derive: Derive, pepper: str, now: float
) -> tuple[User, str]:
    """Return the user and the new session's token. Raises Problem 401."""
    rows = await database.all(Statement(FIND_USER, (given.email,)))
    stored = rows[0]["password_hash"] if rows else NOBODY
    if not await matches(given.password, stored or NOBODY, pepper, derive) or not rows:
        raise Problem(401, "wrong-credentials", "This e-mail address and password do not match.")
    token = secrets.token_urlsafe(32)
    row = rows[0]
    await database.batch(
        [
            Statement(DELETE_EXPIRED, (int(now),)),
            Statement(INSERT, (digest(token), row["user_id"], int(now), int(now) + SECONDS)),
        ]
    )
    return _user(row), token


async def find(token: str | None, database: Database, now: float) -> User | None:
    """Return who is signed in with `token`, None when nobody is."""
    if not token:
        return None
    rows = await database.all(Statement(FIND_SESSION, (digest(token), int(now))))
    return _user(rows[0]) if rows else None


async def sign_out(token: str | None, database: Database) -> None:
    """End the session of `token`."""
    if token:
        await database.batch([Statement(DELETE, (digest(token),))])


def _user(row: Row) -> User:
    return User(row["user_id"], row["email"], row["role"], row["plan"])


def digest(token: str) -> str:
    """Return what of a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
