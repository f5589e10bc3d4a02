"""What each role may do: the one table, and the one place where it is asked.

A key or an app may be given less than its owner's role: its scopes are
permissions of this table, and what counts is what both allow.
"""

from typing import Literal, get_args

from api.principal import Principal
from common.errors import Problem

Scope = Literal[
    "market:read", "signals:read", "news:read", "analytics:read", "dashboard:read",
    "exports:read", "signals:preview",
    "watchlists:read", "watchlists:write", "rules:read", "rules:write",
    "webhooks:read", "webhooks:write", "feeds:read", "feeds:write",
    "keys:read", "keys:write", "account:read", "account:write", "apps:read", "apps:write",
    "revenue:read", "admin:read", "admin:write",
]  # fmt: skip
Permission = Literal["public", Scope]
Role = Literal["viewer", "analyst", "trader", "admin", "service"]

PERMISSIONS: frozenset[str] = frozenset(get_args(Scope))
ROLES: tuple[str, ...] = get_args(Role)
_READ = frozenset({"market:read", "signals:read", "news:read", "analytics:read", "dashboard:read"})
_ACCOUNT = frozenset({"keys:read", "keys:write", "account:read", "account:write",
                      "apps:read", "apps:write"})  # fmt: skip
_LISTS = frozenset({"watchlists:read", "watchlists:write"})
_STUDY = frozenset({"exports:read", "signals:preview", "feeds:read", "feeds:write",
                    "rules:read", "rules:write"})  # fmt: skip
_DELIVERY = frozenset({"webhooks:read", "webhooks:write"})

# A guest is a visitor of the dashboard who is not signed in. A service is a
# program of ours or an operator's: it has no account of its own to look after.
GRANTED: dict[str, frozenset[str]] = {
    "guest": frozenset({"dashboard:read"}),
    "viewer": _READ | _LISTS | _ACCOUNT,
    "analyst": _READ | _LISTS | _ACCOUNT | _STUDY,
    "trader": _READ | _LISTS | _ACCOUNT | _STUDY | _DELIVERY,
    "service": _READ | _LISTS | _STUDY | _DELIVERY,
    "admin": PERMISSIONS,
}
# What an app of somebody else can be given: never the keys to the account itself.
_STAFF = frozenset({"admin:read", "admin:write", "revenue:read"})
APP_SCOPES = PERMISSIONS - _ACCOUNT - _STAFF - {"dashboard:read"} | {"account:read"}


def allowed(principal: Principal, permission: str) -> bool:
    """Whether `principal` may do what needs `permission`."""
    return permission == "public" or (
        permission in GRANTED.get(principal.role, frozenset())
        and (principal.scopes is None or permission in principal.scopes)
    )


def admit(principal: Principal, permission: str) -> None:
    """Raise Problem 403 when `principal` may not, saying what would help."""
    if allowed(principal, permission):
        return
    if principal.kind == "guest":
        raise Problem(403, "key-needed", "This is for holders of a key; guests have nothing here.")
    if permission in GRANTED.get(principal.role, frozenset()):
        raise Problem(
            403, "scope-missing", f"This {principal.kind} has no scope {permission!r}. Use one that"
            " was given it.",
        )  # fmt: skip
    able = ", ".join(role for role in ROLES if permission in GRANTED[role])
    raise Problem(
        403, "role-missing", f"Your role, {principal.role}, has no permission {permission!r};"
        f" it belongs to {able}. Ask an administrator.",
    )  # fmt: skip


# What each permission lets its holder do, in the words of the consent page.
MEANINGS: dict[str, str] = {
    "account:read": "See your e-mail address, role, plan and usage",
    "account:write": "Download everything that is stored of you, and erase your account",
    "admin:read": "See all accounts, flags, runs, alerts and who changed what",
    "admin:write": "Change accounts, flags and sources; replay ticks; put alerts aside",
    "analytics:read": "Read market, DeFi and sentiment figures",
    "apps:read": "See your apps, and the apps that you allowed",
    "apps:write": "Register, change and remove your apps; withdraw what you allowed",
    "dashboard:read": "Read what the views of the dashboard show",
    "exports:read": "Download whole series and the signal history",
    "feeds:read": "See your custom feeds and what they collected",
    "feeds:write": "Add and remove custom feeds of yours",
    "keys:read": "See your API keys, but not their secrets",
    "keys:write": "Make, rotate and revoke your API keys",
    "market:read": "Read market data",
    "news:read": "Read news and who is in them",
    "revenue:read": "See everybody's usage and what it brought",
    "rules:read": "See your alert rules",
    "rules:write": "Create, change and delete your alert rules",
    "signals:preview": "Try rules on the stored history",
    "signals:read": "Read signals and what came of them",
    "watchlists:read": "See your watchlists",
    "watchlists:write": "Create, change and delete your watchlists",
    "webhooks:read": "See your webhooks and their deliveries",
    "webhooks:write": "Create, change and delete your webhooks",
}
