"""Cookies, origins and headers of the dashboard: pure."""

from urllib.parse import urlsplit

from common.errors import Problem
from dashboard.sessions import SECONDS


def cookie_name(url: str) -> str:
    """Return the session cookie's name; the safe prefix needs HTTPS, which localhost lacks."""
    return "__Host-session" if urlsplit(url).scheme == "https" else "session"


def set_cookie(url: str, token: str) -> str:
    """Return a Set-Cookie value; an empty token ends the session."""
    secure = "; Secure" if urlsplit(url).scheme == "https" else ""
    age = SECONDS if token else 0
    return f"{cookie_name(url)}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


def read_cookie(url: str, header: str | None) -> str | None:
    """Return the session token in a Cookie header.

    Split by hand: one malformed cookie of somebody else must not hide ours.
    """
    name = cookie_name(url)
    for pair in (header or "").split(";"):
        key, separator, value = pair.strip().partition("=")
        if separator and key == name:
            return value.strip('"') or None
    return None


def require_same_origin(url: str, origin: str | None, marker: str | None) -> None:
    """Raise Problem 403 unless a state-changing request comes from our own page.

    A form of another site can send neither our header nor our origin.
    """
    own = urlsplit(url)
    if marker is None or (origin is not None and origin != f"{own.scheme}://{own.netloc}"):
        raise Problem(
            403, "cross-site", "Send this request from the dashboard's own page, with its header."
        )


def require_own_socket(url: str, origin: str | None) -> None:
    """Raise Problem 403 for a WebSocket that a page of another site opens."""
    own = urlsplit(url)
    if origin is not None and urlsplit(origin).netloc != own.netloc:
        raise Problem(403, "cross-site", "The live stream can be opened by the dashboard only.")
