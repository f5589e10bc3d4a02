"""Which pages of other origins may read an answer (CORS, https://fetch.spec.whatwg.org/).

Keys are sent in a header, never by the browser itself, so a page gets nothing
by being visited. A key that is used in a page must name the page's origin:
without that a key meant for a server would work, unnoticed, in anybody's page.
"""

from api.identity.leases import Grant
from common.envelope import Answer

METHODS = "GET, HEAD, POST, PUT, DELETE"
REQUEST_HEADERS = "authorization, x-api-key, content-type, if-none-match"
EXPOSED = "etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id"


PREFLIGHT = {
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": "600",
}


def preflight() -> Answer:
    """Answer OPTIONS. Whether a page may read the answer itself is decided with the key at hand."""
    return Answer(204, dict(PREFLIGHT), "")


def allow(answer: Answer, grant: Grant | None, public: bool, origin: str | None) -> None:
    """Add what lets a page of `origin` read `answer`, if it may."""
    if public:
        answer.headers["access-control-allow-origin"] = "*"
    elif grant is not None and grant.origins and origin in grant.origins:
        answer.headers["access-control-allow-origin"] = str(origin)
    else:
        return
    answer.headers["access-control-expose-headers"] = EXPOSED
