"""Shapes of OAuth: the documents as their RFCs have them, and our own answers around them."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from api.permissions import Scope
from api.shapes.common import Moment

Secret = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class OAuthTokens(msgspec.Struct, forbid_unknown_fields=True):
    """New tokens (RFC 6749, 5.1). A client that acts for itself gets no refresh token."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
    refresh_token: str | UnsetType = UNSET


class OAuthFailure(msgspec.Struct):
    """Why there is none (RFC 6749, 5.2; RFC 8707, 2; RFC 7591, 3.2.2).

    Where a limit or a challenge is the reason, what else a problem says of it stands beside.
    """

    error: Literal[
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
        "unsupported_grant_type", "invalid_scope", "invalid_target", "invalid_redirect_uri",
        "invalid_client_metadata", "access_denied", "server_error", "temporarily_unavailable",
    ]  # fmt: skip
    error_description: str


class Introspection(msgspec.Struct, forbid_unknown_fields=True):
    """What a token is (RFC 7662, 2.2); only `active` when it is none of the caller's."""

    active: bool
    token_type: Literal["Bearer", "refresh_token"] | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    sub: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET
    iss: str | UnsetType = UNSET
    aud: str | UnsetType = UNSET
    jti: str | UnsetType = UNSET
    iat: int | UnsetType = UNSET
    nbf: int | UnsetType = UNSET
    exp: int | UnsetType = UNSET


class PublicKey(msgspec.Struct, forbid_unknown_fields=True):
    """A key that verifies access tokens (RFC 7517)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    alg: Literal["ES256"]
    use: Literal["sig"]


class PublicKeys(msgspec.Struct, forbid_unknown_fields=True):
    """All of them: the first signs, the others did before it."""

    keys: list[PublicKey]


class ServerMetadata(msgspec.Struct, forbid_unknown_fields=True):
    """What this authorization server is and where (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    registration_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    service_documentation: str


class ProtectedResource(msgspec.Struct, forbid_unknown_fields=True):
    """What is protected here, and who gives tokens for it (RFC 9728)."""

    resource: str
    authorization_servers: list[str]
    scopes_supported: list[str]
    bearer_methods_supported: list[str]
    resource_name: str
    resource_documentation: str


class NewClient(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A client as it was registered (RFC 7591, 3.2.1); its secret, if it has one, never expires."""

    client_id: str
    client_id_issued_at: int
    client_secret: Secret | UnsetType = UNSET
    client_secret_expires_at: Literal[0] | UnsetType = UNSET
    client_name: str
    redirect_uris: list[str]
    token_endpoint_auth_method: Literal["client_secret_basic", "client_secret_post", "none"]
    grant_types: list[str]
    response_types: list[str]
    scope: str


class App(msgspec.Struct, forbid_unknown_fields=True):
    """An app of yours: an OAuth client. A confidential one has a secret, a public one has none."""

    client_id: str
    name: str
    website: str | None
    confidential: bool
    redirect_uris: list[str]
    scopes: list[Scope]
    created_at: Moment


class NewApp(App, forbid_unknown_fields=True):
    """An app that was just registered; its secret is shown this once."""

    client_secret: Secret | None


class NewSecret(msgspec.Struct, forbid_unknown_fields=True):
    """A new secret, shown this once."""

    client_id: str
    client_secret: Secret


class Removed(msgspec.Struct, forbid_unknown_fields=True):
    """What is gone."""

    client_id: str


class Asking(msgspec.Struct, forbid_unknown_fields=True):
    """The app that asks for consent. One that registered itself has nobody who answers for it."""

    client_id: str
    name: str
    website: str | None
    self_registered: bool


class ScopeMeaning(msgspec.Struct, forbid_unknown_fields=True):
    """A scope, and what it lets the app do."""

    scope: Scope
    meaning: str


class Authorization(msgspec.Struct, forbid_unknown_fields=True):
    """What the consent page shows. `redirect_to` is set when nothing is left to ask:
    the request is wrong, and the app is told so there."""

    client: Asking
    scopes: list[ScopeMeaning]
    already_granted: bool
    redirect_to: str | None


class Redirection(msgspec.Struct, forbid_unknown_fields=True):
    """Where the user's browser goes now."""

    redirect_to: str


class Consent(msgspec.Struct, forbid_unknown_fields=True):
    """What you allowed an app."""

    client_id: str
    name: str
    website: str | None
    scopes: list[Scope]
    granted_at: Moment
