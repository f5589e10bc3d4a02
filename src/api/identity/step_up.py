"""Step-up: what is sensitive needs a session whose person has proved to be there just now.

The dashboard asks for the proof and says when it was given (api.identity.sessions). A key or
a token is no person; what it may do its scopes say.
"""

from api.principal import Principal
from common.errors import Problem

PROOF_SECONDS = 600  # as dashboard.step_up has it


def require_proof(principal: Principal, now: float) -> None:
    """Raise Problem 403 for a session whose last proof is older than that."""
    if principal.proved_at is not None and now - principal.proved_at > PROOF_SECONDS:
        raise Problem(
            403, "step-up-required",
            "This needs a fresh proof that it is you: your password, a code or a passkey.",
        )  # fmt: skip
