"""/me: the caller's own account, everything that is stored of it, and its end."""

from typing import Annotated

import msgspec

from api.identity import access, accounts, owned, password_change, step_up
from api.identity.texts import as_json
from api.limits import watch
from api.permissions import GRANTED
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.me import Erased, Export, Me, PasswordChanged
from common.database import Statement
from common.errors import Problem

ACCOUNT = """
SELECT json_object('user_id', user_id, 'email', email, 'role', role, 'plan', plan,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'permissions', json(?2), 'credential', json(?3))
FROM users WHERE user_id = ?1 AND disabled_at IS NULL
"""


class NothingRequest(msgspec.Struct):
    """No parameters."""


class EraseRequest(msgspec.Struct):
    """`password`: again, so that nobody erases an account with a key that was found.

    Not needed in a session whose person has just proved to be there.
    """

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None


class PasswordRequest(msgspec.Struct):
    """The password as it is, and the one that replaces it, of at least 12 characters.

    The old one is not needed in a session whose person has just proved to be there.
    """

    new_password: accounts.NewPassword
    current_password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None


async def account(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's account and what it may do with this credential. Raises Problem 404."""
    who = reads.principal
    may = GRANTED.get(who.role, frozenset())
    if who.scopes is not None:
        may &= who.scopes
    credential = {"kind": who.kind, "id": who.credential or None}
    values = (who.user_id, as_json(sorted(may)), as_json(credential))
    found = await reads.database.text(Statement(ACCOUNT, values))
    if found is None:
        raise Problem(404, "no-such-account", "This account is no longer there.")
    return Result(found)


async def export(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return everything that the caller owns."""
    return Result(await owned.export(reads.principal.user_id, reads.database))


async def erase(request: EraseRequest, reads: Reads) -> Result:
    """Erase the account and everything it owns. Raises Problem 403 without a proof."""
    user_id = reads.principal.user_id
    await _prove(request.password, reads)
    await owned.erase(user_id, reads.now, reads.database)
    _forget_session(user_id, reads)
    return Result(as_json({"erased": True, "stays": owned.STAYS}))


async def change_password(request: PasswordRequest, reads: Reads) -> Result:
    """Store another password and end what was opened with the old one. Raises Problem 403."""
    user_id, now = reads.principal.user_id, reads.now
    await accounts.check_new(request.new_password, user_id, reads.database)
    stored = await _prove(request.current_password, reads)
    family = await access.family_of(
        reads.header("authorization"), now, reads.setting, reads.outside
    )
    changed = await password_change.change(
        reads.principal, stored, request.new_password, accounts.pepper(reads.setting), family, now,
        reads.outside, reads.database,
    )  # fmt: skip
    _forget_session(user_id, reads)
    stays = as_json(password_change.STAYS)
    return Result(f'{{"ended":{changed.ended[:-1]},"apps":{changed.apps}}},"stays":{stays}}}')


async def _prove(password: str | None, reads: Reads) -> str | None:
    """Return what is stored of the caller's password; a session's fresh proof does as well.

    Raises Problem 403 for a wrong one, which makes the address as suspicious as a wrong login.
    """
    principal = reads.principal
    if principal.proved_at is not None:
        step_up.require_proof(principal, reads.now)
        return await reads.database.text(Statement(accounts.FIND_HASH, (principal.user_id,)))
    try:
        return await accounts.prove(
            principal.user_id, password or "", accounts.pepper(reads.setting), reads.outside,
            reads.database,
        )  # fmt: skip
    except Problem as problem:
        if problem.kind == "wrong-password":
            reads.outside.later(watch.report_wrong_login(reads.address, reads.outside))
        raise


def _forget_session(user_id: str, reads: Reads) -> None:
    # The dashboard's note of the session (no credential): what KV has is replaced and soon gone.
    reads.outside.later(reads.outside.kv_put(f"session:{user_id}", "{}", 60))


ROUTES = (
    Route(
        path="/api/v1/me",
        summary="Your account, and what you may do with this credential",
        request=NothingRequest, handler=account, permission="account:read", cache=PRIVATE,
        answers=Me, problems=("no-such-account",),
    ),
    Route(
        path="/api/v1/me/export",
        summary="Everything that is stored of you, as one JSON document",
        description="Needs account:write, which no app can be given.",
        request=NothingRequest, handler=export, permission="account:write", cost="heavy",
        cache=PRIVATE, answers=Export,
    ),
    Route(
        path="/api/v1/me", method="DELETE", body="json", cost="login",
        summary="Erase your account and everything it owns, at once and for good",
        request=EraseRequest, handler=erase, permission="account:write", cache=PRIVATE,
        answers=Erased, problems=("wrong-password", "second-factor-needed", "accounts-unavailable",
                  "step-up-required"),
        example={"password": "correct horse battery"},
    ),
    Route(
        path="/api/v1/me/password", method="POST", cost="login",
        summary="Change your password; ends what was opened with the old one",
        description="All other sessions at the dashboard end, and so do all other sign-ins with"
        " their refresh tokens, and what you allowed to apps. API keys go on. A wrong current"
        " password counts like a wrong login.",
        request=PasswordRequest, handler=change_password, permission="account:write",
        cache=PRIVATE, answers=PasswordChanged,
        problems=("wrong-password", "second-factor-needed", "accounts-unavailable",
                  "step-up-required", "password-common"),
        example={
            "current_password": "correct horse battery", "new_password": "staple correct horse",
        },
    ),
)  # fmt: skip
