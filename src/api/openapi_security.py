"""How a request proves who sends it, as a part of an OpenAPI document."""

from typing import Any

from api.permissions import APP_SCOPES, GRANTED, ROLES

Json = dict[str, Any]


def roles_with(permission: str) -> str:
    """Return the roles that have a permission, with commas between them."""
    return ", ".join(role for role in ROLES if permission in GRANTED[role])


def requirements(permission: str) -> list[Json]:
    """Return what a route of `permission` asks for: any one of these."""
    if permission == "public":
        return []
    by_app = [{"oauth": [permission]}] if permission in APP_SCOPES else []
    return [{"bearer": []}, {"header": []}, *by_app]


def security_schemes(server: str, dashboard: str) -> Json:
    """Return the ways there are, by their names in `requirements`."""
    token = {
        "tokenUrl": f"{server}/oauth/token",
        "refreshUrl": f"{server}/oauth/token",
        "scopes": {scope: f"for the roles {roles_with(scope)}" for scope in sorted(APP_SCOPES)},
    }
    sign_in = f"{dashboard}/oauth/authorize"
    return {
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "API key or access token",
            "description": "An API key (ci_…) or an access token (JWT), after Bearer.",
        },
        "header": {
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "An API key in a header of its own.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "Access on behalf of a user, or of an app's owner.",
            "flows": {
                "authorizationCode": {"authorizationUrl": sign_in, **token},
                "clientCredentials": token,
            },
        },
    }  # fmt: skip
