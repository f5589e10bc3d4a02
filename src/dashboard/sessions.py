"""Sessions: a cookie with a random secret, whose digest is a row.

The secret is replaced every ten minutes, and the page never notices. The new one takes
effect when it is first seen: an answer that was lost on its way logs nobody out. Requests
that were in flight may still send the old one for a minute; whoever sends it later has a
copy of it, and the session ends. It also ends after 12 idle hours, and after 14 days.

Role, plan and whether the account is good are asked of the database each time.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

import msgspec

from common.database import Database, Row, Statement
from dashboard import devices, sealed
from dashboard.visit import Visit

ABSOLUTE_SECONDS = 14 * 86_400
IDLE_SECONDS = 12 * 3_600
ROTATE_SECONDS = 600
GRACE_SECONDS = 60
DEVICE_SECONDS = 180 * 86_400

INSERT = """
INSERT INTO sessions (session_id, user_id, token_digest, csrf, method, device, country, created_at,
  seen_at, proved_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?8, ?9)
"""
FIND = """
SELECT s.session_id, s.token_digest, s.next_digest, s.next_at, s.previous_digest, s.previous_until,
  s.csrf, s.seen_at, s.proved_at, s.expires_at, u.user_id, u.email, u.role, u.plan
FROM sessions s JOIN users u USING (user_id)
WHERE s.session_id = ?1 AND s.expires_at > ?2 AND s.seen_at > ?3 AND u.disabled_at IS NULL
"""
# Of requests at the same time one alone gives out the next secret, and one alone puts it in force.
GIVE_NEXT = """
UPDATE sessions SET next_digest = ?3, next_at = ?4, seen_at = ?4
WHERE session_id = ?1 AND token_digest = ?2
  AND (next_digest IS NULL OR next_at <= ?4 - ?5)
"""
PUT_IN_FORCE = """
UPDATE sessions SET previous_digest = token_digest, previous_until = ?3 + ?4,
  token_digest = next_digest, next_digest = NULL, next_at = NULL, seen_at = ?3
WHERE session_id = ?1 AND next_digest = ?2
"""
DELETE = "DELETE FROM sessions WHERE session_id = ?1"
DELETE_OF_USER = "DELETE FROM sessions WHERE session_id = ?1 AND user_id = ?2"
DELETE_OTHERS = "DELETE FROM sessions WHERE user_id = ?1 AND session_id <> ?2"
DELETE_EXPIRED = "DELETE FROM sessions WHERE expires_at <= ?1"
PROVED = "UPDATE sessions SET proved_at = ?2 WHERE session_id = ?1"
LIST = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('session_id', session_id, 'device', device, 'country', country,
    'method', method, 'current', json(iif(session_id = ?2, 'true', 'false')),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
    'seen_at', strftime('%Y-%m-%dT%H:%M:%SZ', seen_at, 'unixepoch'),
    'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', min(expires_at, seen_at + ?4), 'unixepoch'))
    AS item
  FROM sessions WHERE user_id = ?1 AND expires_at > ?3 AND seen_at > ?3 - ?4
  ORDER BY session_id = ?2 DESC, seen_at DESC, session_id)
"""


class User(NamedTuple):
    """Whose session it is."""

    user_id: str
    email: str
    role: str
    plan: str


class Session(NamedTuple):
    """A good session. Times are epoch seconds; `token` is the next secret's, to be sent once."""

    session_id: str
    user: User
    csrf: str
    proved_at: int
    expires_at: int
    token: str | None = None

    def acting(self) -> str:
        """Return what the API Worker is told of who asks (api.identity.sessions.Session)."""
        user = self.user
        told = {
            "user_id": user.user_id, "role": user.role, "plan": user.plan,
            "session_id": self.session_id, "proved_at": self.proved_at,
        }  # fmt: skip
        return msgspec.json.encode(told).decode()


class Device(msgspec.Struct):
    """What a browser keeps of its last good sign-in, so that nobody can lock it out."""

    device_id: str
    user_id: str


async def find(token: str | None, database: Database, now: float) -> Session | None:
    """Return the session of a cookie, None when there is none; `token` is set when it changes."""
    session_id, separator, secret = (token or "").partition(".")
    if not separator or not token:
        return None
    moment = int(now)
    rows = await database.all(Statement(FIND, (session_id, moment, moment - IDLE_SECONDS)))
    if not rows:
        return None
    row, found = rows[0], digest(secret)
    if _same(found, row["token_digest"]):
        return await _renewed(row, found, database, moment)
    if _same(found, row["next_digest"]):
        values = (session_id, found, moment, GRACE_SECONDS)
        await database.batch([Statement(PUT_IN_FORCE, values)])
        return _session(row)
    if _same(found, row["previous_digest"]):
        if moment < row["previous_until"]:
            return _session(row)
        await database.batch([Statement(DELETE, (session_id,))])
    return None


async def _renewed(row: Row, found: str, database: Database, now: int) -> Session:
    """Return the session with its next secret, if it is time for one and no other request's."""
    lost = row["next_digest"] is not None and row["next_at"] <= now - GRACE_SECONDS
    due = row["next_digest"] is None and row["seen_at"] <= now - ROTATE_SECONDS
    if not (lost or due):
        return _session(row)
    secret = secrets.token_urlsafe(32)
    values = (row["session_id"], found, digest(secret), now, GRACE_SECONDS)
    won = await database.batch([Statement(GIVE_NEXT, values)])
    return _session(row, f"{row['session_id']}.{secret}" if won else None)


async def open_session(visit: Visit, user: User, method: str) -> Session:
    """Open a session for `user` in this browser, in the place of one that it had.

    `method` says how the person came in: "password", "password+totp", "passkey", "google".
    """
    now = int(visit.now)
    session_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(24)
    values = (
        session_id, user.user_id, digest(secret), csrf, method,
        devices.describe(visit.header("user-agent")), devices.country(visit.header("cf-ipcountry")),
        now, now + ABSOLUTE_SECONDS,
    )  # fmt: skip
    before = [Statement(DELETE, (visit.session.session_id,))] if visit.session else []
    forget = Statement(DELETE_EXPIRED, (now,))
    await visit.database.batch([forget, *before, Statement(INSERT, values)])
    visit.keep("device", Device(secrets.token_hex(8), user.user_id), DEVICE_SECONDS)
    visit.set_cookie("session", f"{session_id}.{secret}", ABSOLUTE_SECONDS)
    note = {"since": now, "role": user.role}
    await visit.tools.note_session(user.user_id, msgspec.json.encode(note).decode())
    visit.session = Session(session_id, user, csrf, now, now + ABSOLUTE_SECONDS)
    return visit.session


async def sign_out(visit: Visit) -> None:
    """End the session of who asks, if there is one, and its cookie."""
    if visit.session is not None:
        await visit.database.batch([Statement(DELETE, (visit.session.session_id,))])
        await visit.tools.note_session(visit.session.user.user_id, "")
    visit.session = None
    visit.set_cookie("session", "", 0)


async def proved(visit: Visit) -> None:
    """Note that the person has proved to be there, just now."""
    now, session = int(visit.now), visit.signed_in
    await visit.database.batch([Statement(PROVED, (session.session_id, now))])
    visit.session = session._replace(proved_at=now)


def known_device(visit: Visit, user_id: str | None) -> str | None:
    """Return the id of a browser in which that user signed in before, None for any other."""
    found = visit.kept("device")
    if found is None or user_id is None:
        return None
    device: Device = sealed.content(found, Device)
    return device.device_id if device.user_id == user_id else None


def digest(secret: str) -> str:
    """Return what of a random secret is stored."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _same(found: str, stored: str | None) -> bool:
    return stored is not None and hmac.compare_digest(found, stored)


def _session(row: Row, token: str | None = None) -> Session:
    user = User(row["user_id"], row["email"], row["role"], row["plan"])
    return Session(row["session_id"], user, row["csrf"], row["proved_at"], row["expires_at"], token)
