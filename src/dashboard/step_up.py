"""Step-up: what is sensitive asks again whether it is the person, unless it just did.

Signing in is a proof too. Where a second factor is on, the password alone is none.
"""

from typing import Annotated

import msgspec

from common.errors import Problem
from dashboard import accounts, lockout, second_factor, sessions
from dashboard.visit import Visit

PROOF_SECONDS = 600  # as api.identity.step_up has it, for what the API guards


class Proof(msgspec.Struct):
    """A password, or a code where the second factor is on."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


def require_proof(visit: Visit) -> None:
    """Raise Problem 403 when the last proof of the session is too old."""
    if visit.now - visit.signed_in.proved_at > PROOF_SECONDS:
        raise Problem(
            403, "step-up-required",
            "This needs a fresh proof that it is you: your password, a code or a passkey.",
        )  # fmt: skip


async def ways(visit: Visit, _: str) -> str:
    """Return by what the user can prove to be there, the best first."""
    return msgspec.json.encode({"ways": await able(visit)}).decode()


async def able(visit: Visit) -> list[str]:
    """Return "passkey", "code" or "password"; a provider only where there is none of them."""
    told = await accounts.security(visit, "")
    found = msgspec.json.decode(told)
    ways = ["passkey"] if found["passkeys"] else []
    if found["mfa"]:
        ways.append("code")
    elif found["has_password"]:
        ways.append("password")
    return ways or [one["provider"] for one in found["linked"]]


async def prove(visit: Visit, _: str) -> str:
    """Take a password or a code as proof. Raises Problem 403 for a wrong one, 429."""
    given: Proof = await visit.read(Proof)
    user = visit.signed_in.user
    account = await accounts.by_id(visit, user.user_id)
    guarded = account is not None and account.mfa
    # Codes are guessed at one limit, wherever they are asked for.
    subject = f"code:{user.user_id}" if guarded else f"proof:{user.user_id}"
    everywhere = lockout.CODE if guarded else lockout.ACCOUNT
    taken = await lockout.take(visit, subject, user.user_id, everywhere)
    if guarded:
        if given.code is None:
            raise Problem(403, "code-needed", "Send a code of your app, or a recovery code.")
        await second_factor.check(visit, user.user_id, given.code)
    elif not await accounts.knows_password(visit, account, given.password or ""):
        raise Problem(403, "wrong-password", "This is not the password of the account.")
    await lockout.succeeded(visit, taken)
    await sessions.proved(visit)
    return '{"proved":true}'
