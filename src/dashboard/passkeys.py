"""Passkeys of users: made, used to sign in or to prove to be there, named and removed.

A challenge is for one purpose, one user and one use, and lives five minutes in a cookie of
the browser that asked.
"""

import ipaddress
import secrets
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from common.database import Statement
from common.errors import Conflict, Problem
from common.texts import NAMED
from dashboard import accounts, sessions, step_up, web, webauthn
from dashboard.encoding import b64encode
from dashboard.visit import STEP_SECONDS, Visit
from dashboard.webauthn import ES256, RS256, Expected, RefusedPasskey

MOST = 20
Purpose = Literal["sign-in", "register", "proof"]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=8_000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=NAMED)]

OF_USER = "SELECT credential_id FROM passkeys WHERE user_id = ?1"
INSERT = """
INSERT INTO passkeys (credential_id, user_id, name, public_key, sign_count, backed_up, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
WHERE (SELECT count(*) FROM passkeys WHERE user_id = ?2) < ?8
"""
FIND = "SELECT user_id, public_key, sign_count FROM passkeys WHERE credential_id = ?1"
# Of two uses with the same counter one alone is good.
USED = """
UPDATE passkeys SET sign_count = ?2, backed_up = ?3, last_used_at = ?4
WHERE credential_id = ?1 AND (sign_count < ?2 OR ?2 = 0)
"""
RENAME = "UPDATE passkeys SET name = ?3 WHERE credential_id = ?1 AND user_id = ?2"
DELETE = "DELETE FROM passkeys WHERE credential_id = ?1 AND user_id = ?2"


class Wanted(msgspec.Struct):
    """What a challenge is for."""

    purpose: Purpose


class Challenge(msgspec.Struct):
    """What the browser keeps of a challenge: for what, and for which session."""

    challenge: str
    purpose: Purpose
    session_id: str = ""


class NewPasskey(msgspec.Struct, rename="camel"):
    """What the browser made (AuthenticatorAttestationResponse, bytes in base64url)."""

    name: Name
    client_data: Text
    attestation: Text


class Assertion(msgspec.Struct, rename="camel"):
    """How the browser answered a challenge (AuthenticatorAssertionResponse, likewise)."""

    credential_id: Text
    client_data: Text
    authenticator_data: Text
    signature: Text
    user_handle: str | None = None


class Named(msgspec.Struct):
    """Another name for a passkey."""

    name: Name


async def challenge(visit: Visit, _: str) -> str:
    """Return the options for the browser (PublicKeyCredential*OptionsJSON of WebAuthn)."""
    wanted: Wanted = await visit.read(Wanted)
    text, rp_id = b64encode(secrets.token_bytes(32)), _rp_id(visit)
    told: dict[str, Any] = {"challenge": text, "timeout": STEP_SECONDS * 1000}
    session_id = ""
    own: list[dict[str, str]] = []
    if wanted.purpose != "sign-in":
        session_id = visit.signed_in.session_id
        rows = await visit.database.all(Statement(OF_USER, (visit.signed_in.user.user_id,)))
        own = [{"type": "public-key", "id": row["credential_id"]} for row in rows]
    if wanted.purpose == "register":
        step_up.require_proof(visit)
        user = visit.signed_in.user
        told |= {
            "rp": {"id": rp_id, "name": "CryptoIntel"},
            "user": {"id": b64encode(user.user_id.encode()), "name": user.email,
                     "displayName": user.email},
            "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (ES256, RS256)],
            "excludeCredentials": own,
            "attestation": "none",
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": True,
                "userVerification": "required",
            },
        }  # fmt: skip
    else:
        told |= {"rpId": rp_id, "allowCredentials": own, "userVerification": "required"}
    visit.keep("passkey", Challenge(text, wanted.purpose, session_id))
    return msgspec.json.encode(told).decode()


async def register(visit: Visit, _: str) -> str:
    """Keep a new passkey. Raises Problem 403 for one that is not in order, 409."""
    given: NewPasskey = await visit.read(NewPasskey)
    expected = await _expected(visit, "register")
    try:
        made = webauthn.read_registration(
            webauthn.read_bytes(given.client_data), webauthn.read_bytes(given.attestation), expected
        )
    except RefusedPasskey:
        raise _refused() from None
    user_id = visit.signed_in.user.user_id
    values = (
        made.credential_id, user_id, given.name, made.public_key, made.sign_count,
        int(made.backed_up), int(visit.now), MOST,
    )  # fmt: skip
    try:
        done = await visit.database.batch([Statement(INSERT, values)])
    except Conflict:
        raise Problem(409, "passkey-known", "This passkey is registered already.") from None
    if not done:
        raise Problem(409, "passkey-limit", f"You have {MOST} passkeys, as many as one may.")
    return msgspec.json.encode({"credential_id": made.credential_id}).decode()


async def sign_in(visit: Visit) -> sessions.User:
    """Return whose passkey answered the challenge. Raises Problem 401."""
    user_id = await _answered(visit, "sign-in")
    found = await accounts.by_id(visit, user_id)
    if found is None:
        raise _unknown()
    return found.user


async def prove(visit: Visit, _: str) -> str:
    """Take a passkey of the session's user as proof. Raises Problem 403."""
    if await _answered(visit, "proof") != visit.signed_in.user.user_id:
        raise _refused()
    await sessions.proved(visit)
    return '{"proved":true}'


async def rename(visit: Visit, credential_id: str) -> str:
    """Give a passkey another name. Raises Problem 404."""
    given: Named = await visit.read(Named)
    values = (credential_id, visit.signed_in.user.user_id, given.name)
    if not await visit.database.batch([Statement(RENAME, values)]):
        raise _no_such()
    return msgspec.json.encode({"name": given.name}).decode()


async def remove(visit: Visit, credential_id: str) -> str:
    """Remove a passkey. Raises Problem 404, 409 for the only way in."""
    await accounts.require_another_way(visit, credential_id)
    values = (credential_id, visit.signed_in.user.user_id)
    if not await visit.database.batch([Statement(DELETE, values)]):
        raise _no_such()
    return '{"removed":true}'


async def _answered(visit: Visit, purpose: Purpose) -> str:
    """Return the user whose passkey answered a challenge. Raises Problem 401 or 403."""
    given: Assertion = await visit.read(Assertion)
    expected = await _expected(visit, purpose)
    rows = await visit.database.all(Statement(FIND, (given.credential_id,)))
    if not rows:
        raise _unknown()
    row = rows[0]
    handle = None if given.user_handle is None else b64encode(row["user_id"].encode())
    if handle != given.user_handle:
        raise _refused()
    try:
        told = await webauthn.check_assertion(
            webauthn.read_bytes(given.client_data), webauthn.read_bytes(given.authenticator_data),
            webauthn.read_bytes(given.signature), row["public_key"], row["sign_count"], expected,
            visit.tools,
        )  # fmt: skip
    except RefusedPasskey:
        raise _refused() from None
    backed_up = int(bool(told.flags & webauthn.BACKED_UP))
    values = (given.credential_id, told.sign_count, backed_up, int(visit.now))
    if not await visit.database.batch([Statement(USED, values)]):
        raise _refused()
    return str(row["user_id"])


async def _expected(visit: Visit, purpose: Purpose) -> Expected:
    """Return the challenge that this browser was given for that, once. Raises Problem 403."""
    kept: Challenge = await visit.take("passkey", Challenge)
    session_id = "" if purpose == "sign-in" else visit.signed_in.session_id
    if (kept.purpose, kept.session_id) != (purpose, session_id):
        raise _refused()
    return Expected(kept.challenge, web.origin_of(visit.url), _rp_id(visit))


def _rp_id(visit: Visit) -> str:
    """Return the relying party: our host. Raises Problem 409 for one that has no name."""
    host = urlsplit(visit.url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    raise Problem(
        409, "passkeys-unavailable",
        "Passkeys belong to a name, not to an address of numbers: open this page by its name"
        " (http://localhost on your own machine).",
    )  # fmt: skip


def _refused() -> Problem:
    return Problem(403, "passkey-refused", "This passkey was not accepted. Try again.")


def _unknown() -> Problem:
    return Problem(
        401, "passkey-unknown",
        "This passkey is not known here, or no longer. Sign in in another way, and remove it from"
        " your device.",
    )  # fmt: skip


def _no_such() -> Problem:
    return Problem(404, "no-such-passkey", "You have no such passkey.")
