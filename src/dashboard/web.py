"""Cookies, origins and headers of the dashboard: pure."""

import re
from typing import Literal
from urllib.parse import urlsplit

from common.errors import Problem

Cookie = Literal["session", "device", "mfa", "passkey", "oauth"]
_path = re.compile(r"/(?![/\\])[!-~]{0,1999}")


def origin_of(url: str) -> str:
    """Return the origin (RFC 6454) of an address."""
    own = urlsplit(url)
    return f"{own.scheme}://{own.netloc}"


def cookie_name(url: str, cookie: Cookie = "session") -> str:
    """Return a cookie's name; the safe prefix needs HTTPS, which localhost lacks."""
    return f"__Host-{cookie}" if urlsplit(url).scheme == "https" else cookie


def set_cookie(url: str, value: str, seconds: int, cookie: Cookie = "session") -> str:
    """Return a Set-Cookie value; an empty value ends the cookie."""
    secure = "; Secure" if urlsplit(url).scheme == "https" else ""
    age = max(0, seconds) if value else 0
    name = cookie_name(url, cookie)
    return f"{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


def read_cookie(url: str, header: str | None, cookie: Cookie = "session") -> str | None:
    """Return the value of one of our cookies in a Cookie header.

    Split by hand: one malformed cookie of somebody else must not hide ours.
    """
    name = cookie_name(url, cookie)
    for pair in (header or "").split(";"):
        key, separator, value = pair.strip().partition("=")
        if separator and key == name:
            return value.strip('"') or None
    return None


def require_same_origin(url: str, origin: str | None, marker: str | None) -> None:
    """Raise Problem 403 unless a state-changing request comes from our own page.

    A form of another site can send neither our header nor our origin.
    """
    if marker is None or (origin is not None and origin != origin_of(url)):
        raise Problem(
            403, "cross-site", "Send this request from the dashboard's own page, with its header."
        )


def require_own_page(url: str, origin: str | None, marker: str | None, media: str | None) -> None:
    """Raise Problem 403 or 415 unless a request about sessions comes from our own page, as JSON.

    Nothing is bound to a session yet when somebody signs in: the Origin has to be there.
    """
    require_same_origin(url, origin, marker)
    if origin is None:
        raise Problem(403, "cross-site", "A request about sessions needs the header Origin.")
    if media is not None and media.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "not-json", "Send the body as application/json.")


def require_own_socket(url: str, origin: str | None) -> None:
    """Raise Problem 403 for a WebSocket that a page of another site opens."""
    own = urlsplit(url)
    if origin is not None and urlsplit(origin).netloc != own.netloc:
        raise Problem(403, "cross-site", "The live stream can be opened by the dashboard only.")


def own_path(wanted: str | None) -> str:
    """Return where to go after signing in: a path of ours, "/" for anything else."""
    return wanted if wanted and _path.fullmatch(wanted) else "/"
