"""Accounts elsewhere that open one here: to sign in with, to link, to prove to be there.

An account elsewhere is never taken for one here because both say the same e-mail address:
addresses here are not verified. It is linked from inside the account alone.
"""

import hashlib
import hmac
import secrets
from typing import Literal
from urllib.parse import parse_qs, urlencode

import msgspec

from common.database import Statement
from common.envelope import Answer
from common.errors import Conflict, Problem, Retryable
from dashboard import accounts, providers, sessions, signing_in, step_up, web
from dashboard.encoding import b64encode
from dashboard.providers import Begun, Person, ProviderFailed
from dashboard.visit import Visit

Purpose = Literal["sign-in", "link", "proof"]
STEP_SECONDS = 600

FIND = "SELECT user_id FROM linked_sign_ins WHERE provider = ?1 AND subject = ?2"
USED = """
UPDATE linked_sign_ins SET last_used_at = ?3, label = ?4 WHERE provider = ?1 AND subject = ?2
"""
INSERT = """
INSERT INTO linked_sign_ins (provider, subject, user_id, label, created_at, last_used_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)
"""
INSERT_USER = """
INSERT INTO users (user_id, email, role, plan, created_at) VALUES (?1, ?2, 'viewer', 'free', ?3)
"""
DELETE = "DELETE FROM linked_sign_ins WHERE user_id = ?1 AND provider = ?2"


class Wanted(msgspec.Struct):
    """What a sign-in elsewhere is for, and the page of ours that it leads back to."""

    purpose: Purpose
    next: str = "/"


class Pending(msgspec.Struct):
    """What the browser keeps of a sign-in elsewhere."""

    provider: providers.Name
    purpose: Purpose
    next: str
    state: str
    nonce: str
    verifier: str
    session_id: str = ""


class Refusal(Exception):
    """A sign-in elsewhere that came to nothing; `kind` is what the page is told."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


async def begin(visit: Visit, provider: str) -> str:
    """Return the address at the provider. Raises Problem 404, 502."""
    providers.client_of(provider, visit.setting)
    wanted: Wanted = await visit.read(Wanted)
    session_id = ""
    if wanted.purpose != "sign-in":
        session_id = visit.signed_in.session_id
        if wanted.purpose == "link":
            step_up.require_proof(visit)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    name: providers.Name = "github" if provider == "github" else "google"
    pending = Pending(
        name, wanted.purpose, web.own_path(wanted.next), state, nonce, verifier, session_id
    )
    try:
        address = await providers.authorization_url(
            name, _begun(visit, pending), visit, fresh=wanted.purpose == "proof"
        )
    except (ProviderFailed, Retryable):
        raise Problem(502, "provider-failed", "The provider does not answer. Try again.") from None
    visit.keep("oauth", pending, STEP_SECONDS)
    return msgspec.json.encode({"location": address}).decode()


async def come_back(visit: Visit, provider: str) -> Answer:
    """Take a browser that comes back from a provider; lead it to a page of ours in any case."""
    told = parse_qs(visit.query, keep_blank_values=True)
    asked = {name: values[0] for name, values in told.items() if len(values) == 1}
    try:
        pending: Pending = await visit.take("oauth", Pending)
    except Problem:
        return _lead("/login", failed="step-expired")
    home = "/login" if pending.purpose == "sign-in" else pending.next
    same = hmac.compare_digest(asked.get("state", "").encode(), pending.state.encode())
    if pending.provider != provider or not same:
        return _lead("/login", failed="step-expired")
    if "code" not in asked:
        return _lead(home, failed="provider-refused")
    try:
        person = await providers.person_of(
            pending.provider, asked["code"], pending.verifier, _begun(visit, pending), visit
        )
        if pending.purpose == "sign-in":
            return await _sign_in(visit, person, pending.next)
        if visit.session is None or visit.session.session_id != pending.session_id:
            raise Refusal("step-expired")
        await (_link if pending.purpose == "link" else _prove)(visit, person)
    except (ProviderFailed, Retryable):
        return _lead(home, failed="provider-failed")
    except Refusal as refusal:
        return _lead(home, failed=refusal.kind)
    return _lead(pending.next)


async def remove(visit: Visit, provider: str) -> str:
    """Unlink a provider. Raises Problem 404, 409 for the only way in."""
    await accounts.require_another_way(visit, provider)
    statement = Statement(DELETE, (visit.signed_in.user.user_id, provider))
    if not await visit.database.batch([statement]):
        raise Problem(404, "not-linked", "You have linked no account of this provider.")
    return '{"removed":true}'


async def _sign_in(visit: Visit, person: Person, then: str) -> Answer:
    user_id = await _user_of(visit, person) or await _new_user(visit, person)
    found = await accounts.by_id(visit, user_id)
    if found is None:
        raise Refusal("account-closed")
    if await signing_in.enter(visit, found, person.provider):
        return _lead(then)
    return _lead("/login", next=then)


async def _user_of(visit: Visit, person: Person) -> str | None:
    user_id = await visit.database.text(Statement(FIND, (person.provider, person.subject)))
    if user_id is not None:
        values = (person.provider, person.subject, int(visit.now), person.label)
        await visit.database.batch([Statement(USED, values)])
    return user_id


async def _new_user(visit: Visit, person: Person) -> str:
    """Make an account. Raises Refusal when its address has one: it must be linked from inside."""
    user_id, now = f"u_{secrets.token_hex(8)}", int(visit.now)
    # GitHub's own form of an address for who shows none.
    email = person.email or f"{person.subject}+{person.provider}@users.noreply.example"
    try:
        await visit.database.batch([
            Statement(INSERT_USER, (user_id, email.strip().lower(), now)),
            Statement(INSERT, (person.provider, person.subject, user_id, person.label, now)),
        ])  # fmt: skip
    except Conflict:
        raise Refusal("address-taken") from None
    return user_id


async def _link(visit: Visit, person: Person) -> None:
    user_id = visit.signed_in.user.user_id
    values = (person.provider, person.subject, user_id, person.label, int(visit.now))
    step_up.require_proof(visit)
    try:
        await visit.database.batch([Statement(INSERT, values)])
    except Conflict:
        if await _user_of(visit, person) != user_id:
            raise Refusal("linked-elsewhere") from None


async def _prove(visit: Visit, person: Person) -> None:
    """Take it as proof where the account has nothing better; a provider may not ask again."""
    old = person.since is not None and visit.now - person.since > step_up.PROOF_SECONDS
    if old or person.provider not in await step_up.able(visit):
        raise Refusal("proof-refused")
    if await _user_of(visit, person) != visit.signed_in.user.user_id:
        raise Refusal("not-linked")
    await sessions.proved(visit)


def _begun(visit: Visit, pending: Pending) -> Begun:
    redirect_uri = f"{web.origin_of(visit.url)}/session/oauth/{pending.provider}/callback"
    challenge = b64encode(hashlib.sha256(pending.verifier.encode()).digest())
    return Begun(redirect_uri, pending.state, pending.nonce, challenge)


def _lead(path: str, **told: str) -> Answer:
    query = f"{'&' if '?' in path else '?'}{urlencode(told)}" if told else ""
    headers = {"location": f"{path}{query}", "cache-control": "no-store"}
    return Answer(303, headers, "")
