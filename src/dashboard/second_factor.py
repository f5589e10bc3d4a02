"""The second factor: an authenticator app, and recovery codes for the day it is lost.

The app's secret is stored nowhere: it is made from a key of the Workers, the user and a
nonce. Who reads the whole database can make no code. Of recovery codes keyed digests are
kept; each works once.
"""

import secrets

import msgspec

from common.database import Statement
from common.errors import Problem
from dashboard import keys, totp
from dashboard.visit import Visit

CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another
_CODE_LENGTH = 12  # 59 bits

FIND = "SELECT nonce, confirmed_at, last_step FROM totp WHERE user_id = ?1"
BEGIN = """
INSERT INTO totp (user_id, nonce, created_at) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id) DO UPDATE SET nonce = excluded.nonce, created_at = excluded.created_at,
  last_step = 0
WHERE confirmed_at IS NULL
"""
CONFIRM = """
UPDATE totp SET confirmed_at = ?3, last_step = ?4
WHERE user_id = ?1 AND nonce = ?2 AND confirmed_at IS NULL
"""
# Programs that signed in with the password alone; apps and keys were allowed in another way.
END_PROGRAMS = """
UPDATE token_families SET revoked_at = ?2
WHERE user_id = ?1 AND client_id IS NULL AND revoked_at IS NULL
"""
USE_STEP = """
UPDATE totp SET last_step = ?2 WHERE user_id = ?1 AND last_step < ?2 AND confirmed_at IS NOT NULL
"""
USE_CODE = """
UPDATE recovery_codes SET used_at = ?3
WHERE user_id = ?1 AND code_digest = ?2 AND used_at IS NULL
"""
DELETE = "DELETE FROM totp WHERE user_id = ?1"
DELETE_CODES = "DELETE FROM recovery_codes WHERE user_id = ?1"
INSERT_CODES = """
INSERT INTO recovery_codes (user_id, code_digest) SELECT ?2, j.value FROM json_each(?1) j
"""


class Code(msgspec.Struct):
    """A code: six digits of the app, or a recovery code."""

    code: str


async def begin(visit: Visit, _: str) -> str:
    """Return a new secret for the app, not in force before `confirm`. Raises Problem 409."""
    user, nonce = visit.signed_in.user, secrets.token_hex(16)
    values = (user.user_id, nonce, int(visit.now))
    if not await visit.database.batch([Statement(BEGIN, values)]):
        raise Problem(409, "mfa-on", "An app is set up already; switch it off first.")
    secret = _secret(visit, user.user_id, nonce)
    told = {"secret": totp.as_text(secret), "uri": totp.key_uri(secret, user.email)}
    return msgspec.json.encode(told).decode()


async def confirm(visit: Visit, _: str) -> str:
    """Put the new secret in force with its first code; return recovery codes, shown this once.

    Raises Problem 403 for a wrong code, 409 when nothing was begun.
    """
    given: Code = await visit.read(Code)
    user_id = visit.signed_in.user.user_id
    rows = await visit.database.all(Statement(FIND, (user_id,)))
    if not rows or rows[0]["confirmed_at"] is not None:
        raise Problem(409, "mfa-not-begun", "Begin to set up an app first.")
    nonce = rows[0]["nonce"]
    step = totp.matching_step(_secret(visit, user_id, nonce), _plain(given.code), visit.now)
    if step is None:
        raise _wrong()
    values = (user_id, nonce, int(visit.now), step)
    if not await visit.database.batch([Statement(CONFIRM, values)]):
        raise Problem(409, "mfa-not-begun", "Another request has set up an app just now.")
    made = new_codes()
    end = Statement(END_PROGRAMS, (user_id, int(visit.now)))
    await visit.database.batch([*_store(visit, user_id, made), end])
    return _told(made)


async def renew_codes(visit: Visit, _: str) -> str:
    """Return new recovery codes in the place of all others. Raises Problem 409 without an app."""
    user_id = visit.signed_in.user.user_id
    if not await is_on(visit, user_id):
        raise Problem(409, "mfa-off", "Set up an app first.")
    made = new_codes()
    await visit.database.batch(_store(visit, user_id, made))
    return _told(made)


async def switch_off(visit: Visit, _: str) -> str:
    """Remove the app and all recovery codes."""
    user_id = visit.signed_in.user.user_id
    await visit.database.batch([Statement(sql, (user_id,)) for sql in (DELETE, DELETE_CODES)])
    return '{"mfa":false}'


async def is_on(visit: Visit, user_id: str) -> bool:
    """Whether a code is asked for."""
    rows = await visit.database.all(Statement(FIND, (user_id,)))
    return bool(rows) and rows[0]["confirmed_at"] is not None


async def check(visit: Visit, user_id: str, code: str) -> str:
    """Return which kind of code it was: "totp" or "recovery". Raises Problem 403; once each."""
    text, now = _plain(code), int(visit.now)
    rows = await visit.database.all(Statement(FIND, (user_id,)))
    if rows and len(text) == totp.DIGITS and text.isascii() and text.isdecimal():
        step = totp.matching_step(_secret(visit, user_id, rows[0]["nonce"]), text, now)
        use = Statement(USE_STEP, (user_id, step or 0))
        if step is not None and await visit.database.batch([use]):
            return "totp"
        raise _wrong()
    use = Statement(USE_CODE, (user_id, _digest(visit, user_id, text), now))
    if await visit.database.batch([use]):
        return "recovery"
    raise _wrong()


def new_codes() -> list[str]:
    """Return random recovery codes, in groups of four."""
    texts = ("".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(CODES))
    return ["-".join(text[at : at + 4] for at in range(0, _CODE_LENGTH, 4)) for text in texts]


def _store(visit: Visit, user_id: str, codes: list[str]) -> list[Statement]:
    digests = [_digest(visit, user_id, _plain(code)) for code in codes]
    return [
        Statement(DELETE_CODES, (user_id,)),
        Statement(INSERT_CODES, (msgspec.json.encode(digests).decode(), user_id)),
    ]


def _secret(visit: Visit, user_id: str, nonce: str) -> bytes:
    key = keys.derived(visit.setting, "totp")
    return keys.keyed(key, user_id, nonce)[: totp.SECRET_BYTES]


def _digest(visit: Visit, user_id: str, code: str) -> str:
    return keys.keyed(keys.derived(visit.setting, "recovery"), user_id, code).hex()


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").strip().lower()[:64]


def _told(codes: list[str]) -> str:
    return msgspec.json.encode({"recovery_codes": codes}).decode()


def _wrong() -> Problem:
    return Problem(
        403, "wrong-code", "This code is wrong, or was used already. Wait for the next one."
    )
