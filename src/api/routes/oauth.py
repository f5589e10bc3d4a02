"""The OAuth 2.0 authorization server: discovery, tokens, revocation, introspection.

These answers have the form of their RFCs, not the envelope.
"""

from typing import Annotated

import msgspec

from api.identity import addresses, clients, jwt, oauth
from api.identity.clients import Client, Proof
from api.identity.grant import OAuthRefusal
from api.permissions import APP_SCOPES
from api.routing import PRIVATE, Policy, Reads, Route
from api.shapes.oauth import Introspection, OAuthTokens, PublicKeys, ServerMetadata
from common.envelope import JSON, Answer

NO_STORE = {"content-type": JSON, "cache-control": "no-store", "pragma": "no-cache"}
PUBLISHED = {"content-type": JSON, "cache-control": "public, max-age=300"}
BASIC = {"www-authenticate": 'Basic realm="CryptoIntel", charset="UTF-8"'}
METHODS = ["client_secret_basic", "client_secret_post", "none"]
EXAMPLE = {"client_id": "app_0123456789abcdef", "client_secret": "0" * 64}

# What RFC 6749 calls VSCHAR (appendix A), and spaces between scopes.
Field = Annotated[str, msgspec.Meta(max_length=4096, pattern="^[ -~]*$")]


class NothingRequest(msgspec.Struct):
    """No parameters."""


class TokenRequest(msgspec.Struct):
    """The form of RFC 6749, 4.1.3, 4.4.2 and 6; which fields are needed depends on grant_type."""

    grant_type: Field | None = None
    code: Field | None = None
    redirect_uri: Field | None = None
    code_verifier: Field | None = None
    refresh_token: Field | None = None
    scope: Field | None = None
    client_id: Field | None = None
    client_secret: Field | None = None


class AboutTokenRequest(msgspec.Struct):
    """The form of RFC 7009, 2.1 and RFC 7662, 2.1. The hint is not needed and not used."""

    token: Field | None = None
    token_type_hint: Field | None = None
    client_id: Field | None = None
    client_secret: Field | None = None


async def metadata(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return what this server can, and where (RFC 8414)."""
    issuer, page = addresses.api_url(reads.setting), addresses.dashboard_url(reads.setting)
    told = ServerMetadata(
        issuer=issuer,
        authorization_endpoint=f"{page}/oauth/authorize",
        token_endpoint=f"{issuer}/oauth/token",
        revocation_endpoint=f"{issuer}/oauth/revoke",
        introspection_endpoint=f"{issuer}/oauth/introspect",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        scopes_supported=sorted(APP_SCOPES),
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=list(oauth.GRANT_TYPES),
        token_endpoint_auth_methods_supported=METHODS,
        revocation_endpoint_auth_methods_supported=METHODS,
        introspection_endpoint_auth_methods_supported=METHODS[:2],
        code_challenge_methods_supported=["S256"],
        authorization_response_iss_parameter_supported=True,
        service_documentation=f"{issuer}/docs",
    )
    return Answer(200, dict(PUBLISHED), msgspec.json.encode(told).decode())


async def public_keys(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the public keys of access tokens (RFC 7517)."""
    keys = jwt.read_keys(reads.setting("JWT_KEYS", ""))
    return Answer(200, dict(PUBLISHED), jwt.public_set(keys))


async def token(request: TokenRequest, reads: Reads) -> Answer:
    """Return tokens for a code, a refresh token, or the client itself."""
    try:
        client = await _client(request, reads)
        issued = await oauth.grant(request, client, reads)
    except OAuthRefusal as refusal:
        return _refused(refusal)
    return Answer(200, dict(NO_STORE), msgspec.json.encode(issued).decode())


async def revoke(request: AboutTokenRequest, reads: Reads) -> Answer:
    """End one of the client's tokens and all of its family; any other is left alone."""
    try:
        client = await _client(request, reads)
        if request.token is None:
            raise OAuthRefusal("invalid_request", "token is missing.")
    except OAuthRefusal as refusal:
        return _refused(refusal)
    await oauth.revoke(request.token, client, reads)
    return Answer(200, dict(NO_STORE), "{}")


async def introspect(request: AboutTokenRequest, reads: Reads) -> Answer:
    """Say whether one of the client's tokens is good; of any other only that it is not."""
    try:
        client = await _client(request, reads)
        if client.secret_hash is None:
            raise OAuthRefusal("invalid_client", "This is for clients with a secret.")
        if request.token is None:
            raise OAuthRefusal("invalid_request", "token is missing.")
    except OAuthRefusal as refusal:
        return _refused(refusal)
    told = await oauth.introspect(request.token, client, reads)
    return Answer(200, dict(NO_STORE), msgspec.json.encode(told).decode())


async def _client(request: TokenRequest | AboutTokenRequest, reads: Reads) -> Client:
    proof = Proof(reads.authorization, request.client_id, request.client_secret)
    return await clients.authenticate(proof, reads.setting("API_KEY_PEPPER", ""), reads.database)


def _refused(refusal: OAuthRefusal) -> Answer:
    told = {"error": refusal.error, "error_description": refusal.said}
    body = msgspec.json.encode(told).decode()
    if refusal.error == "invalid_client":
        return Answer(401, NO_STORE | BASIC, body)
    return Answer(400, dict(NO_STORE), body)


ROUTES = (
    Route(
        path="/.well-known/oauth-authorization-server",
        summary="What this OAuth 2.0 server can, and where (RFC 8414)",
        request=NothingRequest, handler=metadata, permission="public",
        cache=Policy(300, shared=False), answers=ServerMetadata,
    ),
    Route(
        path="/.well-known/jwks.json",
        summary="The public keys of access tokens (RFC 7517)",
        request=NothingRequest, handler=public_keys, permission="public",
        cache=Policy(300, shared=False), answers=PublicKeys,
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
