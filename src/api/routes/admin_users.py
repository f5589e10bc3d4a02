"""/admin/users: accounts, found and changed by administrators.

Whoever changes one has just proved to be there, every change is in the audit log in the
transaction that makes it, and nobody changes his own account here.
"""

from typing import Annotated, Any

import msgspec

from api.admin import audit, users
from api.admin.proof import require_person
from api.identity.api_keys import REVOKE, REVOKED
from api.permissions import Role
from api.reads.asking import Cursor, seal, unseal
from api.routes.keys import KeyId
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.admin import AuditEntry, Person, PersonInFull, SessionsEnded
from api.shapes.keys import RevokedKey
from api.shapes.me import Plan
from common.database import Statement, keyset_page
from common.errors import Problem

UserId = Annotated[
    str, msgspec.Meta(pattern="^[A-Za-z0-9_:.-]{1,80}$", examples=["u_5f0c2a9be1d34c77"])
]


class UsersRequest(msgspec.Struct):
    """`query`: how an e-mail address begins, or a whole user id; `with_role`: of one role only."""

    query: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^\x00-\x20\x7f]*$")] = ""
    with_role: Role | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25
    cursor: Cursor | None = None


class UserRequest(msgspec.Struct):
    """`user_id`: as the list names it."""

    user_id: UserId


class UserHistoryRequest(msgspec.Struct):
    """What was changed of one account."""

    user_id: UserId
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 25
    cursor: Cursor | None = None


class UserChange(msgspec.Struct):
    """What is left out stays as it is. Who is disabled can neither sign in nor use a key."""

    user_id: UserId
    role: Role | None = None
    plan: Plan | None = None
    disabled: bool | None = None


class KeyRequest(msgspec.Struct):
    """A key of one user's."""

    user_id: UserId
    key_id: KeyId


async def found(request: UsersRequest, reads: Reads) -> Result:
    """Return accounts by e-mail address."""
    behind = unseal(request, request.cursor)[0] if request.cursor else ""
    # Addresses are stored in lower case; ids are as they are.
    query = request.query.lower() if "@" in request.query else request.query
    values = (request.limit + 1, behind, query, request.with_role, int(reads.now))
    page = await keyset_page(reads.database, Statement(users.PEOPLE, values), request.limit)
    following = None if page.next is None else seal(request, page.next)
    return Result(f"[{','.join(page.items)}]", {"next": following})


async def shown(request: UserRequest, reads: Reads) -> Result:
    """Return an account with its sessions and keys. Raises Problem 404."""
    return Result(await _person(request.user_id, reads))


async def history(request: UserHistoryRequest, reads: Reads) -> Result:
    """Return what administrators changed of an account, the newest first."""
    behind = unseal(request, request.cursor)[0] if request.cursor else audit.LAST
    values = (request.limit + 1, behind, f"user:{request.user_id}")
    page = await keyset_page(reads.database, Statement(audit.OF_SUBJECT, values), request.limit)
    following = None if page.next is None else seal(request, page.next)
    return Result(f"[{','.join(page.items)}]", {"next": following})


async def change(request: UserChange, reads: Reads) -> Result:
    """Change role and plan, disable or enable; return the account.

    Raises Problem 403 without a fresh proof, 404, 409 for the caller's own
    account and for the last administrator who can sign in.
    """
    require_person(reads.principal, reads.now)
    at, actor, request_id = audit.head(reads)
    if request.user_id == actor:
        raise Problem(
            409, "own-account", "Nobody changes his own role, plan or access. Ask another"
            " administrator.",
        )  # fmt: skip
    wanted = (request.user_id, request.role, request.plan, request.disabled, at, actor)
    told = await reads.database.texts([
        Statement(users.AUDIT_CHANGE, (*wanted, request_id)),
        Statement(users.CHANGE, wanted),
        Statement(users.STANDING, (request.user_id,)),
    ])  # fmt: skip
    if told[2] is None:
        raise no_such_user()
    role, plan, disabled = msgspec.json.decode(told[2], type=tuple[str, str, int])
    as_wanted = (
        (request.role or role) == role
        and (request.plan or plan) == plan
        and (disabled if request.disabled is None else int(request.disabled)) == disabled
    )
    if not as_wanted:
        raise Problem(
            409, "last-admin", "Nothing was changed: without this account there would be no"
            " administrator, or you are none any more.",
        )  # fmt: skip
    return Result(await _person(request.user_id, reads))


async def end_sessions(request: UserRequest, reads: Reads) -> Result:
    """End every session and sign-in of an account. Raises Problem 403, 404."""
    require_person(reads.principal, reads.now)
    at, actor, request_id = audit.head(reads)
    told = await reads.database.texts([
        Statement(users.AUDIT_END, (request.user_id, at, actor, request_id)),
        Statement(users.END_SESSIONS, (request.user_id,)),
        Statement(users.END_FAMILIES, (request.user_id, at)),
        Statement(users.END_CODES, (request.user_id,)),
        Statement(users.COUNT_SESSIONS, (request.user_id, at)),
    ])  # fmt: skip
    if told[-1] is None:
        raise no_such_user()
    # KV's late view of the session says the same.
    reads.outside.later(reads.outside.kv_put(f"session:{request.user_id}", "{}", 60))
    return Result(told[-1])


async def revoke_key(request: KeyRequest, reads: Reads) -> Result:
    """Revoke a key of an account. Raises Problem 403, 404."""
    require_person(reads.principal, reads.now)
    at, actor, request_id = audit.head(reads)
    key = (request.key_id, request.user_id)
    told = await reads.database.texts([
        Statement(users.AUDIT_REVOKE, (*key, at, actor, request_id)),
        Statement(REVOKE, (*key, at)),
        Statement(REVOKED, key),
    ])  # fmt: skip
    if told[-1] is None:
        raise no_such_user("The account has no key with this id.")
    return Result(told[-1])


async def _person(user_id: str, reads: Reads) -> str:
    text = await reads.database.text(Statement(users.PERSON, (user_id, int(reads.now))))
    if text is None:
        raise no_such_user()
    return text


def no_such_user(detail: str = "There is no account with this id.") -> Problem:
    """Return the refusal of an account, or of something of it, that is not there."""
    return Problem(404, "no-such-user", detail)


USER = "/api/v1/admin/users/{user_id}"
EXAMPLE = {"user_id": "u_5f0c2a9be1d34c77"}
CHANGING = ("step-up-required", "no-such-user")


def _read(path: str, summary: str, **rest: Any) -> Route:
    return Route(path=path, summary=summary, permission="admin:read", cache=PRIVATE, **rest)


def _write(path: str, summary: str, **rest: Any) -> Route:
    return Route(
        path=path, summary=summary, permission="admin:write", cost="write", cache=PRIVATE, **rest
    )


ROUTES = (
    _read(
        "/api/v1/admin/users", "All accounts, by e-mail address",
        request=UsersRequest, handler=found, answers=list[Person],
        example={"query": "ann@", "limit": 10}, problems=("invalid-cursor",),
    ),
    _read(
        USER, "An account: how it signs in, where it is signed in, its keys",
        request=UserRequest, handler=shown, answers=PersonInFull, example=EXAMPLE,
        problems=("no-such-user",),
    ),
    _read(
        f"{USER}/history", "What administrators changed of an account, the newest first",
        request=UserHistoryRequest, handler=history, answers=list[AuditEntry], example=EXAMPLE,
        problems=("invalid-cursor",),
    ),
    _write(
        USER, "Change an account's role or plan, disable or enable it",
        description="It holds from the account's next request on; where a key or token of it was"
        " checked less than five seconds ago, from then on.",
        method="PATCH", request=UserChange, handler=change, answers=PersonInFull,
        example={**EXAMPLE, "role": "analyst"}, problems=(*CHANGING, "own-account", "last-admin"),
    ),
    _write(
        f"{USER}/end-sessions", "End all sessions and sign-ins of an account; its keys go on",
        method="POST", request=UserRequest, handler=end_sessions, answers=SessionsEnded,
        example=EXAMPLE, problems=CHANGING,
    ),
    _write(
        f"{USER}/keys/{{key_id}}/revoke", "Revoke a key of an account",
        method="POST", request=KeyRequest, handler=revoke_key, answers=RevokedKey,
        example={**EXAMPLE, "key_id": "0123456789ab"}, problems=CHANGING,
    ),
)  # fmt: skip
