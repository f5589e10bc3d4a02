"""The addresses under which this installation is known, from its variables."""

from collections.abc import Callable

from api.identity.jwt import Expected

Setting = Callable[[str, str], str]


def api_url(setting: Setting) -> str:
    """Return the API's own address: the issuer of its tokens."""
    return setting("API_URL", "https://api.cryptointel.example").rstrip("/")


def dashboard_url(setting: Setting) -> str:
    """Return the dashboard's address, where people consent."""
    return setting("DASHBOARD_URL", "https://app.cryptointel.example").rstrip("/")


def is_ours(resource: str, setting: Setting) -> bool:
    """Whether `resource` (RFC 8707) names this API: all of it, its REST part or its MCP server."""
    return resource.rstrip("/") in {f"{api_url(setting)}{path}" for path in ("", "/api/v1", "/mcp")}


def expected(setting: Setting) -> Expected:
    """Return whose access tokens are accepted, and for what."""
    issuer = api_url(setting)
    return Expected(issuer, f"{issuer}/api/v1")
