"""Every route with every role: the table of permissions is what decides, and nothing else."""

from itertools import count

import msgspec
import pytest

from api.permissions import APP_SCOPES, GRANTED, PERMISSIONS, ROLES, allowed
from api.principal import GUEST, Principal
from api.routes import ROUTES
from api.routing import Route
from tests.api.calling import Caller, body, seeded

CLOSED = [route for route in ROUTES if route.permission != "public"]
ADDRESSES = count()
EVERY_ROLE = (*ROLES, "guest", "stranger")

named = pytest.mark.parametrize("route", CLOSED, ids=lambda r: f"{r.method} {r.path}")


@pytest.fixture(scope="module")
def ask() -> Caller:
    """One for all: nothing is stored by what is refused, and no body here is accepted."""
    return Caller(seeded())


def path_of(route: Route) -> str:
    """Return the route's path with some value in the place of each parameter."""
    return "/".join(
        str(route.example.get(part[1:-1], "x")) if part.startswith("{") else part
        for part in route.path.split("/")
    )


def as_role(role: str, scopes: frozenset[str] | None = None) -> Principal:
    return GUEST if role == "guest" else Principal("nobody", role, "enterprise", "key", scopes)


def refusal(ask: Caller, route: Route, who: Principal | None) -> tuple[int, str]:
    headers = {"content-type": "application/json"}
    ask.address = f"192.0.2.{next(ADDRESSES)}"  # of one address only a few would be let in
    answer = ask(
        path_of(route), route.method, key=None, principal=who, headers=headers, sent=b'{"?":0}'
    )
    kind = msgspec.json.decode(body(answer)).get("type", "") if answer.status >= 400 else ""
    return answer.status, kind.rpartition("/")[2]


@named
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_a_route_opens_for_the_roles_of_its_permission(
    ask: Caller, route: Route, role: str
) -> None:
    status, kind = refusal(ask, route, as_role(role))
    if route.permission in GRANTED.get(role, frozenset()):
        assert status not in (401, 403), kind
    else:
        assert (status, kind) == (403, "key-needed" if role == "guest" else "role-missing")


@named
def test_a_route_refuses_a_key_without_its_scope(ask: Caller, route: Route) -> None:
    others = PERMISSIONS - {route.permission}
    assert refusal(ask, route, as_role("admin", others)) == (403, "scope-missing")
    only = frozenset({route.permission})
    assert refusal(ask, route, as_role("admin", only))[0] not in (401, 403)


@named
def test_a_route_refuses_who_brings_nothing(ask: Caller, route: Route) -> None:
    assert refusal(ask, route, None) == (401, "key-missing")


def test_every_permission_guards_a_route_and_belongs_to_a_role() -> None:
    assert {route.permission for route in CLOSED} == PERMISSIONS
    assert set().union(*GRANTED.values()) == PERMISSIONS


def test_an_admin_may_do_everything_and_nobody_more_than_an_admin() -> None:
    assert GRANTED["admin"] == PERMISSIONS
    assert all(granted <= GRANTED["admin"] for granted in GRANTED.values())


def test_a_stranger_to_the_table_may_do_nothing() -> None:
    assert not any(allowed(as_role("stranger"), permission) for permission in PERMISSIONS)


def test_an_app_never_gets_the_keys_to_the_account() -> None:
    assert not APP_SCOPES & {"keys:read", "keys:write", "account:write", "apps:write"}


def test_whatever_changes_something_is_counted_as_such() -> None:
    """A write that were counted as a read would go on when nobody can count."""
    # The receiver of a webhook is no caller of ours: its signature says what it may.
    reads = {"/api/v1/batch", "/mcp", "/api/v1/hooks/{webhook_id}/ack", "/api/v1/signals/preview",
             "/api/v1/feeds/preview", "/api/v1/alert-rules/preview"}  # fmt: skip
    for route in ROUTES:
        if route.method != "GET" and route.path not in reads:
            assert route.cost in ("write", "login"), route.path
