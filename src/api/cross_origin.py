"""Which pages of other origins may read an answer (CORS, https://fetch.spec.whatwg.org/).

Keys are sent in a header, never by the browser itself, so a page gets nothing
by being visited. A key that is used in a page must name the page's origin:
without that a key meant for a server would work, unnoticed, in anybody's page.
"""

from api.identity.leases import Grant
from common.envelope import Answer

METHODS = "GET, HEAD, POST, PUT, DELETE"
# Buyers (x402) say on their second try what they want to read: a browser asks for that name too.
REQUEST_HEADERS = (
    "authorization, x-api-key, content-type, if-none-match, mcp-protocol-version,"
    " mcp-method, mcp-name, payment-signature, x-payment, access-control-expose-headers"
)
EXPOSED = (
    "etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id,"
    " www-authenticate, payment-required, payment-response, x-payment-response"
)


PREFLIGHT = {
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": "600",
}


def preflight() -> Answer:
    """Answer OPTIONS, which is not counted: it does nothing, and says the same to everybody.

    Whether a page may read the answer itself is decided with the key at hand.
    """
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
