"""Consent: what an app of somebody else may do for a user, asked, given and taken back.

Only who is signed in at the dashboard can consent: no key or app can allow another.
"""

from typing import Annotated, Literal

import msgspec

from api.identity import addresses, clients, consents
from api.identity.consents import Asked
from api.identity.grant import OAuthRefusal
from api.identity.texts import as_json
from api.permissions import MEANINGS
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.oauth import Authorization, Consent, Redirection, Removed
from common.database import Statement
from common.errors import Problem

ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
Text = Annotated[str, msgspec.Meta(max_length=1000)]
EXAMPLE = {
    "client_id": "app_0123456789abcdef", "redirect_uri": "https://app.example/callback",
    "response_type": "code", "scope": "market:read signals:read", "state": "af0ifjsldkj",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}  # fmt: skip


class NothingRequest(msgspec.Struct):
    """No parameters."""


class AuthorizationRequest(msgspec.Struct):
    """What the app put into the address (RFC 6749, 4.1.1; RFC 7636, 4.3; RFC 8707, 2)."""

    client_id: ClientId
    redirect_uri: Text | None = None
    response_type: Text | None = None
    scope: Text | None = None
    state: Text | None = None
    code_challenge: Text | None = None
    code_challenge_method: Text | None = None
    resource: Text | None = None


class DecisionRequest(AuthorizationRequest, kw_only=True):
    """The same, and what the user decided."""

    decision: Literal["allow", "deny"]


class GrantRequest(msgspec.Struct):
    """`client_id`: of the app."""

    client_id: ClientId


async def ask(request: AuthorizationRequest, reads: Reads) -> Result:
    """Return what the consent page shows.

    Raises Problem 400 for an app or address that is unknown, 403 for anybody
    but a person at the dashboard. Whatever else is wrong is told to the app.
    """
    asked = await _asked(request, reads)
    user_id, client = reads.principal.user_id, asked.client
    scopes: frozenset[str] = frozenset()
    redirect_to, already = None, False
    try:
        scopes = consents.check_asked(asked)
        already = scopes <= await consents.granted(user_id, client.client_id, reads.database)
    except OAuthRefusal as refusal:
        redirect_to = consents.refusal(asked, refusal)
    return _told(
        {
            "client": {
                "client_id": client.client_id, "name": client.name, "website": client.website,
                "self_registered": client.owner is None,
            },
            "scopes": [
                {"scope": scope, "meaning": MEANINGS[scope]} for scope in sorted(scopes)
            ],
            "already_granted": already,
            "redirect_to": redirect_to,
        }
    )  # fmt: skip


async def decide(request: DecisionRequest, reads: Reads) -> Result:
    """Return where the user goes, with a code for the app or with what is wrong. Raises as ask."""
    asked = await _asked(request, reads)
    try:
        scopes = consents.check_asked(asked)
        if request.decision == "deny":
            raise OAuthRefusal("access_denied", "The user said no.")
    except OAuthRefusal as refusal:
        return _told({"redirect_to": consents.refusal(asked, refusal)})
    code = await consents.allow(asked, scopes, reads.principal.user_id, reads.now, reads.database)
    return _told({"redirect_to": consents.redirect(asked, code=code)})


async def granted(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return what the caller allowed which apps."""
    statement = Statement(consents.LIST, (reads.principal.user_id,))
    return Result(await reads.database.text(statement) or "[]")


async def withdraw(request: GrantRequest, reads: Reads) -> Result:
    """Take back what the caller allowed an app. Raises Problem 404."""
    user_id = reads.principal.user_id
    found = Statement(consents.FIND, (user_id, request.client_id))
    if await reads.database.text(found) is None:
        raise Problem(404, "no-such-grant", "You allowed nothing to an app of this client_id.")
    await consents.withdraw(user_id, request.client_id, reads.now, reads.database)
    return _told({"client_id": request.client_id})


async def _asked(request: AuthorizationRequest, reads: Reads) -> Asked:
    if reads.principal.kind != "session":
        raise Problem(
            403, "session-needed", "Consent is given by a person who is signed in at the dashboard."
        )
    client = await clients.find(request.client_id, reads.now, reads.database)
    uri, resource = request.redirect_uri, request.resource
    return Asked(
        consents.check_client(client, uri), uri or "", request.response_type, request.scope,
        request.state, request.code_challenge, request.code_challenge_method,
        addresses.api_url(reads.setting),
        resource is None or addresses.is_ours(resource, reads.setting),
    )  # fmt: skip


def _told(data: dict[str, object]) -> Result:
    return Result(as_json(data))


PROBLEMS = ("client-unknown", "redirect-refused", "session-needed")
ROUTES = (
    Route(
        path="/api/v1/oauth/authorization",
        summary="What an app asks to be allowed, for the consent page",
        request=AuthorizationRequest, handler=ask, permission="account:read", cache=PRIVATE,
        answers=Authorization, problems=PROBLEMS, example=EXAMPLE,
    ),
    Route(
        path="/api/v1/oauth/authorization", method="POST",
        summary="Allow or deny what an app asks; answers where to send the browser",
        request=DecisionRequest, handler=decide, permission="account:read", cost="write",
        cache=PRIVATE, answers=Redirection, problems=PROBLEMS,
        example={**EXAMPLE, "decision": "allow"},
    ),
    Route(
        path="/api/v1/oauth/grants",
        summary="What you allowed which apps",
        request=NothingRequest, handler=granted, permission="apps:read", cache=PRIVATE,
        answers=list[Consent],
    ),
    Route(
        path="/api/v1/oauth/grants/{client_id}", method="DELETE",
        summary="Take back what you allowed an app: its tokens end",
        request=GrantRequest, handler=withdraw, permission="apps:write", cost="write",
        cache=PRIVATE, answers=Removed, problems=("no-such-grant",),
        example={"client_id": "app_0123456789abcdef"},
    ),
)  # fmt: skip
