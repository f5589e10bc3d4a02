"""What OAuth clients are told when something is wrong: `error` and `error_description`.

The addresses below /oauth/ answer in the form of RFC 6749, 5.2 and RFC 7591, 3.2.2
only, also to what never reaches a handler: a body that cannot be read, a limit that
is used up. And they ignore what they do not know (RFC 6749, 3.2; RFC 7591, 2).
"""

from api.identity.grant import OAuthRefusal
from api.identity.texts import as_json
from api.routing import Route
from common.envelope import JSON, Answer, failure
from common.errors import Problem

NO_STORE = {"content-type": JSON, "cache-control": "no-store", "pragma": "no-cache"}
BASIC = {"www-authenticate": 'Basic realm="CryptoIntel", charset="UTF-8"'}
REGISTER = "/oauth/register"
# By status. What is not here is the client's mistake in the request itself.
ERRORS = {
    403: "access_denied", 429: "temporarily_unavailable", 500: "server_error",
    503: "temporarily_unavailable",
}  # fmt: skip
WRONG_MEDIA_TYPE = 415  # is one more invalid request to the RFC, and those are 400


def speaks_oauth(route: Route | None) -> bool:
    """Whether a route answers in OAuth's form, and ignores what it does not know."""
    return route is not None and route.path.startswith("/oauth/")


def answer(told: object, status: int = 200) -> Answer:
    """Return what a handler says."""
    return Answer(status, dict(NO_STORE), as_json(told))


def refused(refusal: OAuthRefusal) -> Answer:
    """Return what a handler refuses."""
    status, more = (401, BASIC) if refusal.error == "invalid_client" else (400, {})
    return _answer(status, refusal.error, refusal.said, more)


def failure_of(problem: Problem, request_id: str, route: Route | None) -> Answer:
    """Return a Problem in the form of its route: OAuth's, or problem+json."""
    if route is None or not speaks_oauth(route):
        return failure(problem, request_id)
    mistake = "invalid_client_metadata" if route.path == REGISTER else "invalid_request"
    error = ERRORS.get(problem.status, mistake)
    status = 400 if problem.status == WRONG_MEDIA_TYPE else problem.status
    return _answer(status, error, problem.detail, problem.headers, problem.extra)


def _answer(
    status: int, error: str, said: str, headers: dict[str, str],
    extra: dict[str, object] | None = None,
) -> Answer:  # fmt: skip
    told = {"error": error, "error_description": said, **(extra or {})}
    return Answer(status, NO_STORE | headers, as_json(told))
