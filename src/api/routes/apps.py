"""/oauth/clients: apps that a developer registers, to be allowed things by their users."""

import secrets
from typing import Annotated

import msgspec

from api.identity import clients, redirects
from api.identity.api_keys import hash_secret, pepper
from api.identity.clients import MOST_CLIENTS, Client
from api.identity.growth import check_growth
from api.identity.texts import as_json
from api.permissions import APP_SCOPES, Scope
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.oauth import App, NewApp, NewSecret, Removed
from common.database import Statement
from common.errors import Problem
from common.texts import ONE_LINE

ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
Website = Annotated[
    str,
    msgspec.Meta(
        max_length=200, pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/?=&%+-]*)?$"
    ),
]
Uris = Annotated[list[Annotated[str, msgspec.Meta(max_length=500)]], msgspec.Meta(max_length=10)]
Scopes = Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=40)]
EXAMPLE = {
    "name": "Portfolio", "website": "https://app.example",
    "redirect_uris": ["https://app.example/callback"], "scopes": ["market:read", "signals:read"],
}  # fmt: skip


class NothingRequest(msgspec.Struct):
    """No parameters."""


class AppRequest(msgspec.Struct):
    """`redirect_uris`: https, or http to the user's own machine; `scopes`: the most it asks for.

    A public app runs where a secret cannot be kept: in a browser, on a phone, on a desktop.
    """

    name: Name
    scopes: Scopes
    redirect_uris: Uris = []
    website: Website | None = None
    confidential: bool = True


class ChangeRequest(msgspec.Struct):
    """The new values; what is left out is emptied."""

    client_id: ClientId
    name: Name
    scopes: Scopes
    redirect_uris: Uris = []
    website: Website | None = None


class ClientRequest(msgspec.Struct):
    """`client_id`: as given when the app was registered."""

    client_id: ClientId


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's apps."""
    statement = Statement(clients.LIST, (reads.principal.user_id, None))
    return Result(await reads.database.text(statement) or "[]")


async def register(request: AppRequest, reads: Reads) -> Result:
    """Register an app; its secret is in this answer only.

    Raises Problem 422 for a redirect URI or scope that no app may have, 403
    for scopes beyond the caller's own, 409 at MOST_CLIENTS.
    """
    await _check(request, reads)
    client_id, secret = clients.make_id(), secrets.token_hex(32)
    hashed = hash_secret(secret, pepper(reads.setting)) if request.confidential else None
    owner = reads.principal.user_id
    told = await reads.database.texts([
        Statement(clients.INSERT, (
            client_id, owner, request.name, request.website, hashed, _unique(request.redirect_uris),
            _unique(request.scopes), int(reads.now), MOST_CLIENTS,
        )),
        Statement(clients.LIST, (owner, client_id)),
    ])  # fmt: skip
    if told[1] in (None, "[]"):
        raise Problem(409, "app-limit", f"You have {MOST_CLIENTS} apps; remove one first.")
    shown = as_json(secret if request.confidential else None)
    return Result(f'{{"client_secret":{shown},{str(told[1])[2:-1]}', status=201)


async def change(request: ChangeRequest, reads: Reads) -> Result:
    """Change an app of the caller's. Raises Problem 404, and as register."""
    await _own(request.client_id, reads)
    await _check(request, reads)
    owner = reads.principal.user_id
    told = await reads.database.texts([
        Statement(clients.UPDATE, (
            request.client_id, owner, request.name, request.website,
            _unique(request.redirect_uris), _unique(request.scopes),
        )),
        Statement(clients.LIST, (owner, request.client_id)),
    ])  # fmt: skip
    return Result(str(told[1])[1:-1])


async def renew(request: ClientRequest, reads: Reads) -> Result:
    """Give an app a new secret; the old one ends at once. Raises Problem 404, 409, 403."""
    client = await _own(request.client_id, reads)
    await check_growth(reads.principal, client.scopes, reads.database)
    if client.secret_hash is None:
        raise Problem(409, "app-public", "This app is public; it has no secret.")
    secret = secrets.token_hex(32)
    values = (client.client_id, client.owner, hash_secret(secret, pepper(reads.setting)))
    await reads.database.batch([Statement(clients.RENEW, values)])
    told = {"client_id": client.client_id, "client_secret": secret}
    return Result(as_json(told))


async def remove(request: ClientRequest, reads: Reads) -> Result:
    """Remove an app of the caller's, and with it all its tokens. Raises Problem 404."""
    client = await _own(request.client_id, reads)
    await reads.database.batch([
        Statement(clients.DELETE, (client.client_id, client.owner)),
        Statement(clients.DELETE_GRANTS, (client.client_id,)),
    ])  # fmt: skip
    return Result(as_json({"client_id": client.client_id}))


async def _check(request: AppRequest | ChangeRequest, reads: Reads) -> None:
    wrong = [uri for uri in request.redirect_uris if not redirects.usable(uri)]
    if wrong:
        raise Problem(422, "redirect-invalid", redirects.explain(wrong[0]))
    refused = sorted(set(request.scopes) - APP_SCOPES)
    if refused:
        able = ", ".join(sorted(APP_SCOPES))
        raise Problem(
            422, "scope-not-for-apps", f"No app may have {', '.join(refused)}. It may have {able}."
        )
    await check_growth(reads.principal, request.scopes, reads.database)


async def _own(client_id: str, reads: Reads) -> Client:
    client = await clients.find(client_id, reads.now, reads.database)
    if client is None or client.owner != reads.principal.user_id:
        raise Problem(
            404, "no-such-app", "You have no app of this client_id. /api/v1/oauth/clients lists"
            " yours.",
        )  # fmt: skip
    return client


def _unique(texts: list[str] | list[Scope]) -> str:
    return as_json(list(dict.fromkeys(texts)))


ONE = {"client_id": "app_0123456789abcdef"}
CHECKED = ("redirect-invalid", "scope-not-for-apps", "scope-not-held", "key-limited")
ROUTES = (
    Route(
        path="/api/v1/oauth/clients",
        summary="Your apps: OAuth clients that you registered",
        request=NothingRequest, handler=listed, permission="apps:read", cache=PRIVATE,
        answers=list[App],
    ),
    Route(
        path="/api/v1/oauth/clients", method="POST", status=201,
        summary="Register an app; its secret is shown once",
        request=AppRequest, handler=register, permission="apps:write", cost="write",
        cache=PRIVATE, answers=NewApp, problems=(*CHECKED, "app-limit"), example=EXAMPLE,
    ),
    Route(
        path="/api/v1/oauth/clients/{client_id}", method="PUT",
        summary="Change an app of yours",
        request=ChangeRequest, handler=change, permission="apps:write", cost="write",
        cache=PRIVATE, answers=App, problems=(*CHECKED, "no-such-app"), example={**EXAMPLE, **ONE},
    ),
    Route(
        path="/api/v1/oauth/clients/{client_id}/secret", method="POST",
        summary="Give an app of yours a new secret; the old one ends at once",
        request=ClientRequest, handler=renew, permission="apps:write", cost="write",
        cache=PRIVATE, answers=NewSecret, example=ONE,
        problems=("no-such-app", "app-public", "scope-not-held", "key-limited"),
    ),
    Route(
        path="/api/v1/oauth/clients/{client_id}", method="DELETE",
        summary="Remove an app of yours: all its tokens end",
        request=ClientRequest, handler=remove, permission="apps:write", cost="write",
        cache=PRIVATE, answers=Removed, problems=("no-such-app",), example=ONE,
    ),
)  # fmt: skip
