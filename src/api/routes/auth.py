"""/auth: an account by e-mail address and password, and the tokens of a sign-in."""

from typing import Annotated

import msgspec

from api.identity import access, accounts, families
from api.identity.families import Family
from api.identity.grant import challenge
from api.identity.texts import as_json
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.auth import Registered, SignedOut, TokenPair
from common.errors import Problem

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254, pattern="^[ -~]+$")]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern="^[!-~]+$")]


class RegisterRequest(msgspec.Struct):
    """A new account; a password has at least 12 characters."""

    email: Email
    password: accounts.NewPassword


class LoginRequest(msgspec.Struct):
    """Address and password of an account."""

    email: Email
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class RefreshRequest(msgspec.Struct):
    """A refresh token, as the last answer gave it."""

    refresh_token: Token


async def register(request: RegisterRequest, reads: Reads) -> Result:
    """Make an account, unless the address has one: the answer does not tell. Raises Problem 422."""
    await accounts.register(
        accounts.read_email(request.email), request.password, accounts.pepper(reads.setting),
        reads.now, reads.outside, reads.database,
    )  # fmt: skip
    return Result('{"status":"accepted"}', status=202)


async def login(request: LoginRequest, reads: Reads) -> Result:
    """Return the first tokens of a new family.

    Raises Problem 401, after the same work always, and 403 where a code is asked for besides.
    """
    user = await accounts.sign_in(
        request.email, request.password, accounts.pepper(reads.setting), reads.outside,
        reads.database,
    )  # fmt: skip
    if user is None:
        raise Problem(
            401, "wrong-credentials", "This e-mail address and password do not match.",
            challenge(reads.setting),
        )  # fmt: skip
    family = families.start(user.user_id, user.role, None, None, reads.now)
    token, first = families.first_token(family, reads.now)
    await reads.database.batch([*families.insert(family, reads.now), first])
    return await _pair(family, token, reads)


async def refresh(request: RefreshRequest, reads: Reads) -> Result:
    """Return the next tokens. Raises Problem 401; a token that comes again ends its family."""
    rotated = await families.rotate(request.refresh_token, None, reads.now, reads.database)
    if rotated is None:
        raise Problem(
            401, "refresh-invalid", "This refresh token is unknown, used or expired. Sign in"
            " again.", challenge(reads.setting),
        )  # fmt: skip
    token, family = rotated
    return await _pair(family, token, reads)


async def logout(request: RefreshRequest, reads: Reads) -> Result:
    """End the family of a refresh token. Nobody is told whether there was one."""
    found = await families.find(request.refresh_token, reads.database)
    if found is not None and found.family.client_id is None:
        await families.revoke(found.family.family, reads.now, reads.database)
    return Result('{"signed_out":true}')


async def _pair(family: Family, token: str, reads: Reads) -> Result:
    issued = await access.issue(
        family, access.scopes_of(family), reads.now, reads.setting, reads.outside
    )
    issued.refresh_token = token
    return Result(as_json(issued))


ACCOUNT = {"email": "ann@example.com", "password": "correct horse battery"}
REFRESH = {"refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA"}
ROUTES = (
    Route(
        path="/api/v1/auth/register", method="POST", status=202, cost="login",
        summary="Make an account; says the same whether the address has one or not",
        description="Nothing is sent by e-mail: addresses are not verified, and a password that is"
        " forgotten cannot be reset. While you know it, POST /api/v1/me/password changes it.",
        request=RegisterRequest, handler=register, permission="public", cache=PRIVATE,
        answers=Registered, example=ACCOUNT,
        problems=("email-invalid", "password-common", "accounts-unavailable"),
    ),
    Route(
        path="/api/v1/auth/login", method="POST", cost="login",
        summary="Sign in: an access token for 15 minutes, and a refresh token",
        request=LoginRequest, handler=login, permission="public", cache=PRIVATE,
        answers=TokenPair, example=ACCOUNT,
        problems=("wrong-credentials", "second-factor-needed", "accounts-unavailable",
                  "tokens-unavailable"),
    ),
    Route(
        path="/api/v1/auth/refresh", method="POST", cost="login",
        summary="The next pair of tokens, for a refresh token that is unused",
        request=RefreshRequest, handler=refresh, permission="public", cache=PRIVATE,
        answers=TokenPair, problems=("refresh-invalid", "tokens-unavailable"), example=REFRESH,
    ),
    Route(
        path="/api/v1/auth/logout", method="POST", cost="login",
        summary="End a sign-in: its refresh token and all its access tokens",
        request=RefreshRequest, handler=logout, permission="public", cache=PRIVATE,
        answers=SignedOut, example=REFRESH,
    ),
)  # fmt: skip
