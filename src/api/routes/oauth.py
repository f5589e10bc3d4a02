"""The OAuth 2.0 authorization server: registration, tokens, revocation, introspection.

These answers have the form of their RFCs, not the envelope.
"""

from typing import Annotated

import msgspec

from api.identity import clients, oauth, registration
from api.identity.api_keys import pepper
from api.identity.clients import Client, Proof
from api.identity.grant import OAuthRefusal
from api.identity.oauth_answers import REGISTER, answer, refused
from api.routing import PRIVATE, Reads, Route
from api.shapes.oauth import Introspection, NewClient, OAuthTokens
from common.envelope import Answer
from common.texts import ONE_LINE

EXAMPLE = {"client_id": "app_0123456789abcdef", "client_secret": "0" * 64}

# What RFC 6749 calls VSCHAR (appendix A), and spaces between scopes.
Field = Annotated[str, msgspec.Meta(max_length=4096, pattern="^[ -~]*$")]
Word = Annotated[str, msgspec.Meta(max_length=100, pattern="^[ -~]*$")]
Words = Annotated[list[Word], msgspec.Meta(max_length=20)]


class TokenRequest(msgspec.Struct):
    """The form of RFC 6749, 4.1.3, 4.4.2 and 6; which fields are needed depends on grant_type.

    `resource` (RFC 8707) may be left out; it can be this API's own address only.
    """

    grant_type: Field | None = None
    code: Field | None = None
    redirect_uri: Field | None = None
    code_verifier: Field | None = None
    refresh_token: Field | None = None
    scope: Field | None = None
    client_id: Field | None = None
    client_secret: Field | None = None
    resource: Field | None = None


class RegistrationRequest(msgspec.Struct):
    """What a client says of itself (RFC 7591, 2); what is not named here is ignored.

    `redirect_uris`: https, or http to the user's own machine. `scope`: the most
    it will ask for, everything that an app can be allowed if it is left out.
    `grant_types` may name authorization_code and refresh_token, `response_types` code.
    """

    redirect_uris: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=500)]],
        msgspec.Meta(min_length=1, max_length=10),
    ]
    client_name: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=ONE_LINE)] | None
    ) = None
    token_endpoint_auth_method: registration.Method = "client_secret_basic"  # noqa: S105 - its name
    grant_types: Words = []
    response_types: Words = []
    scope: Field | None = None


class AboutTokenRequest(msgspec.Struct):
    """The form of RFC 7009, 2.1 and RFC 7662, 2.1. The hint is not needed and not used."""

    token: Field | None = None
    token_type_hint: Field | None = None
    client_id: Field | None = None
    client_secret: Field | None = None


async def register(request: RegistrationRequest, reads: Reads) -> Answer:
    """Register a client that nobody here vouches for; its secret is in this answer only."""
    try:
        made = await registration.register(
            request, pepper(reads.setting), reads.now, reads.database
        )
    except OAuthRefusal as refusal:
        return refused(refusal)
    told = NewClient(
        client_id=made.client_id,
        client_id_issued_at=int(reads.now),
        client_name=made.name,
        redirect_uris=request.redirect_uris,
        token_endpoint_auth_method=request.token_endpoint_auth_method,
        grant_types=registration.GRANT_TYPES,
        response_types=["code"],
        scope=" ".join(made.scopes),
    )
    if made.secret is not None:
        told.client_secret, told.client_secret_expires_at = made.secret, 0
    return answer(told, 201)


async def token(request: TokenRequest, reads: Reads) -> Answer:
    """Return tokens for a code, a refresh token, or the client itself."""
    try:
        oauth.check_form(request, reads)
        client = await _client(request, reads)
        issued = await oauth.grant(request, client, reads)
    except OAuthRefusal as refusal:
        return refused(refusal)
    return answer(issued)


async def revoke(request: AboutTokenRequest, reads: Reads) -> Answer:
    """End one of the client's tokens and all of its family; any other is left alone."""
    try:
        client = await _client(request, reads)
        if request.token is None:
            raise OAuthRefusal("invalid_request", "token is missing.")
    except OAuthRefusal as refusal:
        return refused(refusal)
    await oauth.revoke(request.token, client, reads)
    return answer({})


async def introspect(request: AboutTokenRequest, reads: Reads) -> Answer:
    """Say whether one of the client's tokens is good; of any other only that it is not."""
    try:
        client = await _client(request, reads)
        if client.secret_hash is None:
            raise OAuthRefusal("invalid_client", "This is for clients with a secret.")
        if request.token is None:
            raise OAuthRefusal("invalid_request", "token is missing.")
    except OAuthRefusal as refusal:
        return refused(refusal)
    told = await oauth.introspect(request.token, client, reads)
    return answer(told)


async def _client(request: TokenRequest | AboutTokenRequest, reads: Reads) -> Client:
    proof = Proof(reads.header("authorization"), request.client_id, request.client_secret)
    return await clients.authenticate(proof, pepper(reads.setting), reads.now, reads.database)


ROUTES = (
    Route(
        path=REGISTER, method="POST", status=201, cost="login",
        summary="Register a program of your own as an OAuth client (RFC 7591)",
        description="For programs that meet this server for the first time, as MCP clients do;"
        " errors have the form of the RFC. People are told that nobody has checked such a client."
        " One that nobody allows anything for a day is forgotten. It acts for its users only; an"
        " app that acts for you is registered at /api/v1/oauth/clients.",
        request=RegistrationRequest, handler=register, permission="public", cache=PRIVATE,
        answers=NewClient,
        example={
            "client_name": "Portfolio", "redirect_uris": ["http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none", "scope": "market:read signals:read",
        },
    ),
    Route(
        path="/oauth/token", method="POST", body="form", cost="write",
        summary="Tokens for an app: by code with PKCE, by refresh token, or for itself",
        description="Answers and errors have the form of RFC 6749. The client proves itself by"
        " Authorization: Basic, or by client_id and client_secret in the form; a public one sends"
        " its client_id only.",
        request=TokenRequest, handler=token, permission="public", cache=PRIVATE,
        answers=OAuthTokens, problems=("tokens-unavailable",),
        example={**EXAMPLE, "grant_type": "client_credentials", "scope": "market:read"},
    ),
    Route(
        path="/oauth/revoke", method="POST", body="form", cost="write",
        summary="End a token of the app's own and all of its family (RFC 7009)",
        request=AboutTokenRequest, handler=revoke, permission="public", cache=PRIVATE,
        example={**EXAMPLE, "token": "2YotnFZFEjr1zCsicMWpAA"},
    ),
    Route(
        path="/oauth/introspect", method="POST", body="form", cost="write",
        summary="What a token of the app's own is, and whether it is good (RFC 7662)",
        request=AboutTokenRequest, handler=introspect, permission="public", cache=PRIVATE,
        answers=Introspection, example={**EXAMPLE, "token": "2YotnFZFEjr1zCsicMWpAA"},
    ),
)  # fmt: skip
