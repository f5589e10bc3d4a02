"""Errors, named by what the caller does next.

CryptoIntelError
├── Fatal       stop: the same call cannot succeed (wrong key, refused path)
├── Retryable   try again, not before `retry_after` seconds if given
├── Conflict    start anew from what is stored now: somebody else was first
├── Skippable   leave this item out, count the reason, go on with the rest
└── Problem     an answer for a user: problem+json (RFC 9457)
"""

from http import HTTPStatus


class CryptoIntelError(Exception):
    """Base of every error this project raises on purpose."""


class Fatal(CryptoIntelError):
    """The same call cannot succeed, however often it is made."""


class Retryable(CryptoIntelError):
    """The same call may succeed later; `retry_after` is in seconds, None when unknown."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Conflict(CryptoIntelError):
    """What was to be stored follows from a state that is no longer the newest."""


class Skippable(CryptoIntelError):
    """One item is unusable; `reason` is a short stable word that is counted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Problem(CryptoIntelError):
    """What a user is told: a stable `kind`, a status, and what to change.

    `headers` go on the answer (Allow, WWW-Authenticate, Retry-After), `extra`
    are further members of its body.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        headers: dict[str, str] | None = None,
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(f"{status} {kind}: {detail}")
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra or {}

    @property
    def title(self) -> str:
        """The name of the status, for example "Not Found"."""
        return HTTPStatus(self.status).phrase
