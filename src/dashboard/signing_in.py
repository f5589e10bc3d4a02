"""Signing in: by password or passkey, and the code that follows where a second factor is on.

No session exists before the last of it. Nobody learns from an answer or its time whether an
address has an account. A passkey verifies the person and needs no code.
"""

from typing import Annotated

import msgspec

from common.errors import Problem
from dashboard import accounts, lockout, passkeys, providers, sealed, second_factor, sessions
from dashboard.accounts import Account
from dashboard.visit import Visit


class Credentials(msgspec.Struct):
    """What the sign-in form sends."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Waiting(msgspec.Struct):
    """A sign-in that waits for its code: whose, and how it began."""

    user_id: str
    method: str


async def enter(visit: Visit, account: Account, method: str) -> bool:
    """Open a session, or wait for a code where one is needed; whether the session is open."""
    if account.mfa:
        visit.keep("mfa", Waiting(account.user.user_id, method))
        return False
    await sessions.open_session(visit, account.user, method)
    return True


async def by_password(visit: Visit, _: str) -> str:
    """Take an e-mail address and a password. Raises Problem 401 and 429."""
    given: Credentials = await visit.read(Credentials)
    email = given.email.strip().lower()
    account = await accounts.by_email(visit, email)
    user_id = account.user.user_id if account else None
    taken = await lockout.take(visit, f"password:{email}", user_id)
    if not await accounts.knows_password(visit, account, given.password) or account is None:
        raise Problem(401, "wrong-credentials", "This e-mail address and password do not match.")
    await lockout.succeeded(visit, taken)
    await enter(visit, account, "password")
    return who(visit, waits=account.mfa)


async def by_code(visit: Visit, _: str) -> str:
    """Take the code that a sign-in waits for. Raises Problem 403 and 429."""
    given: second_factor.Code = await visit.read(second_factor.Code)
    kept = visit.kept("mfa")
    if kept is None:
        raise Problem(403, "step-expired", "That took too long. Sign in again.")
    waiting: Waiting = sealed.content(kept, Waiting)
    account = await accounts.by_id(visit, waiting.user_id)
    taken = await lockout.take(
        visit, f"code:{waiting.user_id}", waiting.user_id, everywhere=lockout.CODE
    )
    if account is None:
        raise Problem(403, "step-expired", "This account cannot be used any more.")
    kind = await second_factor.check(visit, waiting.user_id, given.code)
    await visit.take("mfa", Waiting)
    await lockout.succeeded(visit, taken)
    await sessions.open_session(visit, account.user, f"{waiting.method}+{kind}")
    return who(visit)


async def by_passkey(visit: Visit, _: str) -> str:
    """Take a passkey. Raises Problem 401 and 403."""
    await sessions.open_session(visit, await passkeys.sign_in(visit), "passkey")
    return who(visit)


async def sign_out(visit: Visit, _: str) -> str:
    """End the session, and what waits for a code."""
    await sessions.sign_out(visit)
    visit.set_cookie("mfa", "", 0)
    return who(visit)


async def told(visit: Visit, _: str) -> str:
    """Return who is signed in, and by what one may sign in here."""
    return who(visit, waits=visit.session is None and visit.kept("mfa") is not None)


def who(visit: Visit, *, waits: bool = False) -> str:
    """Return who is signed in; "next" says what a sign-in still waits for."""
    session = visit.session
    user = None
    if session is not None:
        user = {"email": session.user.email, "role": session.user.role}
    return msgspec.json.encode({
        "user": user, "csrf": session.csrf if session else None, "next": "code" if waits else None,
        "providers": providers.offered(visit.setting),
    }).decode()  # fmt: skip
