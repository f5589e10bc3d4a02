"""Growing one's own rights: by fields that nobody offers, by keys, by apps, by headers."""

from typing import Any

import msgspec
import pytest

from api.identity.oauth_answers import speaks_oauth
from api.permissions import PERMISSIONS
from api.routes import ROUTES
from tests.api.attacks.walking import Attacker
from tests.api.calling import SECRET, Caller, insert_key, seeded
from tests.api.posting import kind, send

# OAuth ignores what it does not know, as its RFCs want: tests.api.test_oauth_requests.
# OAuth's routes pass over what they do not know; /mcp refuses in the words of JSON-RPC.
WITH_BODY = [
    route for route in ROUTES if route.has_body and not speaks_oauth(route) and not route.reader
]
WITHOUT = [route for route in ROUTES if not route.has_body]
STAFF = {"admin:read", "admin:write", "revenue:read"}  # no role but the administrator's has them
FOREIGN: dict[str, Any] = {
    "role": "admin", "plan": "enterprise", "owner": "u2", "user_id": "u2", "is_admin": True,
    "secret_hash": "0" * 64, "secret": "mine", "disabled_at": None, "created_at": 0, "shared": True,
    "password_hash": "x", "credential": "x", "__class__": {}, "__proto__": {"role": "admin"},
    "constructor": {"prototype": {}}, "_method": "DELETE",
}  # fmt: skip


def named(route: Any) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", WITH_BODY, ids=named)
def test_a_field_that_nobody_offers_is_refused(attacker: Attacker, route: Any) -> None:
    before = (
        attacker.stored(),
        attacker.rows("SELECT * FROM users"),
        attacker.rows("SELECT * FROM api_keys"),
    )
    path = route.path
    for name, value in attacker.ids.items():
        path = path.replace(f"{{{name}}}", value)
    good = {k: v for k, v in route.example.items() if f"{{{k}}}" not in route.path}
    for name, value in FOREIGN.items():
        if name in route.request.__struct_fields__:
            continue
        answer = attacker.send(route.method, path, {**good, name: value}, form=route.body == "form")
        assert answer.status == 400, (name, answer.body)
        assert kind(answer, 400)[0] in ("unknown-field", "unknown-parameter")
    after = (
        attacker.stored(),
        attacker.rows("SELECT * FROM users"),
        attacker.rows("SELECT * FROM api_keys"),
    )
    assert after == before


@pytest.mark.parametrize("route", WITHOUT, ids=named)
def test_a_parameter_that_nobody_offers_is_refused(attacker: Attacker, route: Any) -> None:
    path = route.path
    known = {**route.example, **attacker.ids}
    for part in [part for part in known if f"{{{part}}}" in path]:
        path = path.replace(f"{{{part}}}", str(known[part]))
    for name in ("role", "owner", "user_id", "plan", "_method", "callback", "jsonp", "debug"):
        answer = attacker.send(route.method, f"{path}?{name}=admin")
        assert (name, kind(answer, 400)[0]) == (name, "unknown-parameter")


def test_whoever_registers_is_a_viewer_on_the_free_plan(attacker: Attacker) -> None:
    fields = {"email": "eve@example.com", "password": "twelve letters"}
    assert attacker.send("POST", "/api/v1/auth/register", fields).status == 202
    made = attacker.rows("SELECT role, plan FROM users WHERE email = 'eve@example.com'")
    assert made == [("viewer", "free")]


@pytest.mark.parametrize("wanted", sorted(PERMISSIONS - STAFF - {"keys:write"}))
def test_a_key_gives_to_no_other_key_what_it_does_not_have(wanted: str) -> None:
    database = seeded()
    narrow = f"ci_test_narrow_{SECRET}"
    insert_key(database, narrow, scopes='["keys:write"]')
    ask = Caller(database)
    fields = {"name": "more", "scopes": [wanted, "keys:write"]}
    assert kind(send(ask, "POST", "/api/v1/keys", fields, key=narrow), 403)[0] == "scope-not-held"
    whole = send(ask, "POST", "/api/v1/keys", {"name": "all"}, key=narrow)
    assert kind(whole, 403)[0] == "scope-not-held"
    rotated = send(ask, "POST", "/api/v1/keys/key1/rotate", {}, key=narrow)
    assert kind(rotated, 403)[0] == "scope-not-held"


@pytest.mark.parametrize("wanted", sorted(PERMISSIONS - STAFF - {"apps:write"}))
def test_a_key_gives_to_no_app_what_it_does_not_have(wanted: str) -> None:
    database = seeded()
    narrow = f"ci_test_narrow_{SECRET}"
    insert_key(database, narrow, scopes='["apps:write"]')
    fields = {"name": "app", "scopes": [wanted]}
    answer = send(Caller(database), "POST", "/api/v1/oauth/clients", fields, key=narrow)
    assert answer.status in (403, 422)
    assert kind(answer, answer.status)[0] in ("scope-not-held", "scope-not-for-apps")


def test_nobody_gives_a_scope_that_is_none(attacker: Attacker) -> None:
    for scope in ("public", "admin", "*", "keys:*", "market:read ", "MARKET:READ", ""):
        answer = attacker.send("POST", "/api/v1/keys", {"name": "k", "scopes": [scope]})
        assert answer.status in (400, 422), scope


ACTING = '{"user_id":"u1","role":"admin","plan":"enterprise"}'


@pytest.mark.parametrize("name", ["x-acting-user", "x-user-id", "x-role", "x-internal", "cf-worker",
                                  "cf-access-authenticated-user-email",
                                  "x-forwarded-user"])  # fmt: skip
def test_who_asks_is_said_by_no_header_from_outside(attacker: Attacker, name: str) -> None:
    assert attacker.ask("/api/v1/me", key=None, headers={name: ACTING}).status == 401
    viewer = f"ci_test_{name.replace('-', '')}_{SECRET}"
    insert_key(attacker.database, viewer, scopes='["account:read"]')
    told = msgspec.json.decode(
        str(attacker.ask("/api/v1/me", key=viewer, headers={name: ACTING}).body)
    )
    assert told["data"]["permissions"] == ["account:read"]


@pytest.mark.parametrize("role", ["service", "admin"])
def test_a_role_is_asked_of_the_database_at_every_use(role: str) -> None:
    database = seeded()
    ask = Caller(database)
    database.connection.execute("UPDATE users SET role = ?1 WHERE user_id = 'u1'", (role,))
    assert ask("/api/v1/analytics/revenue").status == (200 if role == "admin" else 403)
    database.connection.execute("UPDATE users SET role = 'viewer' WHERE user_id = 'u1'")
    ask.now += 6
    assert ask("/api/v1/analytics/revenue").status == 403
