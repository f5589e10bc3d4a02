"""No credential may make one that may do more than itself."""

from collections.abc import Iterable

from api.identity.api_keys import LIMITED
from api.permissions import GRANTED
from api.principal import Principal
from common.database import Database, Statement
from common.errors import Problem


async def check_growth(
    principal: Principal, scopes: Iterable[str] | None, database: Database
) -> None:
    """Raise Problem 403 when `principal` may not make or renew something with `scopes`.

    None is all of the role's. What a role may do is asked at every use, so
    only a credential's own limits are looked at here.
    """
    if principal.scopes is not None:
        lacking = {"all"} if scopes is None else set(scopes) - principal.scopes
        if lacking:
            raise Problem(
                403, "scope-not-held",
                f"This {principal.kind} cannot give what it does not have: "
                f"{', '.join(sorted(lacking))}.",
            )  # fmt: skip
    if principal.kind == "key" and await database.text(Statement(LIMITED, (principal.credential,))):
        raise Problem(
            403, "key-limited",
            "A key that is limited to places, a time or a rate can make nothing that is not."
            " Sign in instead.",
        )  # fmt: skip


def check_known(scopes: Iterable[str], principal: Principal) -> None:
    """Raise Problem 422 for scopes that the principal's role does not have."""
    able = GRANTED.get(principal.role, frozenset())
    wrong = sorted(set(scopes) - able)
    if wrong:
        raise Problem(
            422, "scope-unknown",
            f"Your role, {principal.role}, has no permission {', '.join(wrong)}. It has"
            f" {', '.join(sorted(able))}.",
        )  # fmt: skip
