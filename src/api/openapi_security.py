"""How a request proves who sends it, as a part of an OpenAPI document."""

from typing import Any

from api.permissions import APP_SCOPES, GRANTED, MEANINGS, ROLES

Json = dict[str, Any]


def roles_with(permission: str) -> str:
    """Return the roles that have a permission, with commas between them."""
    return ", ".join(role for role in ROLES if permission in GRANTED[role])


def requirements(permission: str, knows_caller: bool = False) -> list[Json]:
    """Return what a route of `permission` asks for: any one of these.

    A public route that `knows_caller` takes each of them, and none.
    """
    if permission == "public":
        any_of: list[Json] = [{}, {"key": []}, {"token": []}, {"header": []}, {"oauth": []}]
        return any_of if knows_caller else []
    by_app = [{"oauth": [permission]}] if permission in APP_SCOPES else []
    return [{"key": []}, {"token": []}, {"header": []}, *by_app]


def security_schemes(server: str, dashboard: str) -> Json:
    """Return the ways there are, by their names in `requirements`."""
    scopes = {scope: f"{MEANINGS[scope]} ({roles_with(scope)})" for scope in sorted(APP_SCOPES)}
    token = f"{server}/oauth/token"
    return {
        "key": {
            "type": "http", "scheme": "bearer",
            "bearerFormat": "ci_<environment>_<12 hex digits>_<64 hex digits>",
            "description": "An API key, as POST /api/v1/keys gave it, in the header"
            " `Authorization: Bearer ci_…`. What it may do is what its owner's role and its scopes"
            " both allow.",
        },
        "token": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token of 15 minutes (ES256), as POST /api/v1/auth/login gave"
            " it, in the header `Authorization: Bearer eyJ…`. /.well-known/jwks.json has the keys"
            " that verify it.",
        },
        "header": {
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "An API key in a header of its own, `X-API-Key: ci_…`.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "An access token for an app: on behalf of a user who allowed it"
            " (authorization code with PKCE, S256), or of the app's owner. A scope counts as far as"
            " the role of that user has it; its roles are in brackets.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{dashboard}/oauth/authorize",
                    "tokenUrl": token, "refreshUrl": token, "scopes": scopes,
                },
                # A client that acts for itself gets no refresh token: it asks anew.
                "clientCredentials": {"tokenUrl": token, "scopes": scopes},
            },
        },
    }  # fmt: skip
