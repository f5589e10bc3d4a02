"""What a call raises, named by what the caller can do about it.

The API answers failures as problem+json (RFC 9457): `kind` is a stable word
(the documentation lists them), `detail` says what to change, `request_id` is
what support wants to know.
"""

from typing import Any


class CryptoIntelError(Exception):
    """Everything that this package raises for a call that did not succeed."""


class Unreachable(CryptoIntelError):
    """No answer came: no network, no such host, or not within the time allowed."""


class ApiError(CryptoIntelError):
    """The API answered, and not with what was asked for.

    `problem` is the whole problem document, `retry_after` the seconds after
    which it is worth asking again, None where nobody said.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        request_id: str | None = None,
        retry_after: float | None = None,
        problem: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(status, kind, detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after
        self.problem = problem or {}

    def __str__(self) -> str:
        named = f"{self.status} {self.kind}".rstrip()
        asked = f" (request {self.request_id})" if self.request_id else ""
        return f"{named}: {self.detail}{asked}"


class InvalidRequest(ApiError):
    """400, 409, 413, 414, 415 or 422: the request has to be another one."""


class NotSignedIn(ApiError):
    """401: there is no key, or it is not valid."""


class PaymentRequired(ApiError):
    """402: the plan does not include this answer, or the day's quota is used up."""


class Forbidden(ApiError):
    """403: whoever asks may not have this."""


class NotFound(ApiError):
    """404: there is nothing of this name."""


class RateLimited(ApiError):
    """429: a limit is used up, and longer than the client was told to wait."""


class ServerError(ApiError):
    """5xx: something broke on the other side."""


_BY_STATUS: dict[int, type[ApiError]] = {
    401: NotSignedIn,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    429: RateLimited,
}


def error_of(status: int) -> type[ApiError]:
    """Return the class of error for an HTTP status that is no success."""
    if status >= 500:
        return ServerError
    return _BY_STATUS.get(status, InvalidRequest if status >= 400 else ApiError)
