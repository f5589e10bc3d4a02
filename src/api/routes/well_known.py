"""/.well-known: what OAuth clients read first, in the form of the RFCs.

The authorization server, its keys, and what is protected here.
"""

import msgspec

from api.identity import addresses, jwt, oauth, registration
from api.identity.grant import PROTECTED
from api.identity.oauth_answers import REGISTER
from api.identity.texts import as_json
from api.permissions import APP_SCOPES
from api.routing import Policy, Reads, Route
from api.shapes.oauth import ProtectedResource, PublicKeys, ServerMetadata
from common.envelope import JSON, Answer

PUBLISHED = {"content-type": JSON, "cache-control": "public, max-age=300"}
METHODS: list[str] = list(registration.METHODS)


class NothingRequest(msgspec.Struct):
    """No parameters."""


def _published(told: object) -> Answer:
    return Answer(200, dict(PUBLISHED), as_json(told))


async def metadata(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return what this server can, and where (RFC 8414)."""
    issuer, page = addresses.api_url(reads.setting), addresses.dashboard_url(reads.setting)
    told = ServerMetadata(
        issuer=issuer,
        authorization_endpoint=f"{page}/oauth/authorize",
        token_endpoint=f"{issuer}/oauth/token",
        revocation_endpoint=f"{issuer}/oauth/revoke",
        introspection_endpoint=f"{issuer}/oauth/introspect",
        registration_endpoint=f"{issuer}{REGISTER}",
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
    return _published(told)


async def public_keys(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the public keys of access tokens (RFC 7517)."""
    keys = jwt.read_keys(reads.setting("JWT_KEYS", ""))
    return Answer(200, dict(PUBLISHED), jwt.public_set(keys))


async def protected(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return what this API is to a client that wants a token for it (RFC 9728)."""
    return _protected("", reads)


async def protected_mcp(request: NothingRequest, reads: Reads) -> Answer:  # noqa: ARG001
    """Return the same of the MCP server."""
    return _protected("/mcp", reads)


def _protected(path: str, reads: Reads) -> Answer:
    issuer = addresses.api_url(reads.setting)
    told = ProtectedResource(
        resource=f"{issuer}{path}",
        authorization_servers=[issuer],
        scopes_supported=sorted(APP_SCOPES),
        bearer_methods_supported=["header"],
        resource_name="CryptoIntel",
        resource_documentation=f"{issuer}/docs",
    )
    return _published(told)


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
        path=PROTECTED,
        summary="What this API is to clients that want a token for it (RFC 9728)",
        request=NothingRequest, handler=protected, permission="public",
        cache=Policy(300, shared=False), answers=ProtectedResource,
    ),
    Route(
        path=f"{PROTECTED}/mcp",
        summary="What the MCP server is to clients that want a token for it (RFC 9728)",
        request=NothingRequest, handler=protected_mcp, permission="public",
        cache=Policy(300, shared=False), answers=ProtectedResource,
    ),
)  # fmt: skip
