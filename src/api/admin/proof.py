"""Accounts are changed by a person who is there, and by no key."""

from api.identity.step_up import require_proof
from api.principal import Principal
from common.errors import Problem


def require_person(principal: Principal, now: float) -> None:
    """Raise Problem 403 unless a session asks whose person has proved to be there just now.

    A key that was found could otherwise make its finder an administrator.
    """
    if principal.proved_at is None:
        raise Problem(
            403, "step-up-required",
            "Accounts are changed by an administrator who is signed in at the dashboard, not by a"
            " key or token.",
        )  # fmt: skip
    require_proof(principal, now)
