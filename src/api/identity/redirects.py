"""Where an authorization may be sent: addresses that a client registered, compared exactly.

https anywhere, http only to the user's own machine; there the port is free,
because a native app takes the one it gets (RFC 8252, 7.3; RFC 9700, 4.1.3).
"""

import re
from urllib.parse import urlencode

_letters = r"[A-Za-z0-9\-._~!$&'()*+,;=:@%/]"
_web = re.compile(
    r"https://[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*(?::[0-9]{1,5})?"
    rf"(?:/{_letters}*)?(?:\?(?:{_letters}|\?)*)?"
)
_native = re.compile(
    r"(?P<host>http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::[0-9]{1,5})?"
    rf"(?P<rest>(?:/{_letters}*)?(?:\?(?:{_letters}|\?)*)?)"
)
LONGEST = 500


def usable(uri: str) -> bool:
    """Whether a client may register `uri`: no user, fragment, capital host or odd character."""
    return len(uri) <= LONGEST and bool(_web.fullmatch(uri) or _native.fullmatch(uri))


def explain(uri: str) -> str:
    """Return why `uri` is not usable, and what would be."""
    return (
        f"{uri!r:.120} cannot be a redirect URI: use https, or http to 127.0.0.1, [::1] or"
        " localhost; a host in small letters, no user, no fragment."
    )


def registered(uri: str, known: list[str]) -> bool:
    """Whether `uri` is one of the registered ones."""
    if uri in known:
        return True
    found = _native.fullmatch(uri)
    return found is not None and any(
        one is not None and (one["host"], one["rest"]) == (found["host"], found["rest"])
        for one in map(_native.fullmatch, known)
    )


def with_answer(uri: str, fields: dict[str, str | None]) -> str:
    """Return `uri` with what is answered in its query; what is None is left out."""
    query = urlencode({name: value for name, value in fields.items() if value is not None})
    return f"{uri}{'&' if '?' in uri else '?'}{query}"
