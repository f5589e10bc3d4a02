"""API keys of one's own: made once, rotated with an overlap, revoked at once, never growing."""

from typing import Any

import msgspec
import pytest

from api.identity.api_keys import MOST_LIVE
from api.principal import Principal
from api.shapes.keys import ApiKey, NewApiKey, RevokedKey
from common.envelope import Answer
from tests.api.calling import KEY, NOW, TICK, Caller, insert
from tests.api.identity.people import later, site
from tests.api.posting import data, kind, send

KEYS = "/api/v1/keys"
DAY = 86_400


@pytest.fixture
def ask() -> Caller:
    return site()


def made(ask: Caller, key: str | None = KEY, who: Principal | None = None, **fields: Any) -> Any:
    body = {"name": "n"} | fields
    return data(send(ask, "POST", KEYS, body, key=key, principal=who), 201)


def listed(ask: Caller) -> list[ApiKey]:
    return msgspec.convert(data(ask(KEYS)), list[ApiKey])


def rotate(ask: Caller, key_id: str, key: str = KEY, **fields: Any) -> Answer:
    return send(ask, "POST", f"{KEYS}/{key_id}/rotate", fields, key=key)


def test_a_new_key_is_shown_once_and_opens_the_api(ask: Caller) -> None:
    told = msgspec.convert(made(ask, name="Notebook"), NewApiKey)
    assert told.key.startswith(f"ci_test_{told.key_id}_")
    assert len(told.key.rpartition("_")[2]) == 64, "256 bits"
    assert (told.scopes, told.expires_at, told.name) == (None, None, "Notebook")
    assert ask(KEYS, key=told.key).status == 200
    secret = told.key.rpartition("_")[2]
    assert secret not in str(ask(KEYS).body)
    assert secret not in "\n".join(ask.database.connection.iterdump())
    assert {one.key_id for one in listed(ask)} == {"key1", told.key_id}


def test_a_key_does_what_its_scopes_say_and_nothing_else(ask: Caller) -> None:
    told = made(ask, scopes=["keys:read", "account:read"])
    assert ask(KEYS, key=told["key"]).status == 200
    assert kind(ask("/api/v1/oauth/clients", key=told["key"]), 403)[0] == "scope-missing"
    may = data(ask("/api/v1/me", key=told["key"]))["permissions"]
    assert may == ["account:read", "keys:read"]


def test_a_key_ends_when_it_says(ask: Caller) -> None:
    told = made(ask, expires_in_days=2)
    later(ask, 2 * DAY - 1)
    assert ask(KEYS, key=told["key"]).status == 200
    later(ask, 1)
    assert ask(KEYS, key=told["key"]).status == 401
    assert told["key_id"] not in {one.key_id for one in listed(ask)}


def test_a_key_for_certain_places_is_refused_elsewhere(ask: Caller) -> None:
    page = made(ask, allowed_origins=["https://A.example"])
    assert page["allowed_origins"] == ["https://a.example"]
    origin = {"origin": "https://a.example"}
    assert ask(KEYS, key=page["key"], headers=origin).status == 200
    assert kind(ask(KEYS, key=page["key"]), 403)[0] == "origin-refused"
    net = made(ask, allowed_addresses=["192.0.2.9/24", "2001:db8::1"])
    assert net["allowed_addresses"] == ["192.0.2.0/24", "2001:db8::1/128"]
    assert ask(KEYS, key=net["key"]).status == 200
    ask.address = "198.51.100.1"
    assert kind(ask(KEYS, key=net["key"]), 403)[0] == "address-refused"


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"name": ""}, 400, "invalid-field"),
        ({"name": "x\x00"}, 400, "invalid-field"),
        ({"scopes": []}, 400, "invalid-field"),
        ({"scopes": ["everything"]}, 400, "invalid-field"),
        ({"scopes": ["public"]}, 400, "invalid-field"),
        ({"scopes": ["revenue:read"]}, 422, "scope-unknown"),
        ({"expires_in_days": 0}, 400, "invalid-field"),
        ({"per_minute": 0}, 400, "invalid-field"),
        ({"allowed_origins": ["a.example"]}, 422, "place-invalid"),
        ({"allowed_addresses": ["10.0.0.0/33"]}, 422, "place-invalid"),
        ({"role": "admin"}, 400, "unknown-field"),
    ],
)
def test_a_key_that_cannot_be_is_refused(
    ask: Caller, fields: dict[str, Any], status: int, problem: str
) -> None:
    answer = send(ask, "POST", KEYS, {"name": "n"} | fields)
    assert kind(answer, status)[0] == problem
    assert len(listed(ask)) == 1


def test_one_user_has_at_most_twenty_live_keys(ask: Caller) -> None:
    for _ in range(MOST_LIVE - 1):
        last = made(ask)
    assert kind(send(ask, "POST", KEYS, {"name": "n"}), 409)[0] == "key-limit"
    assert ask(f"{KEYS}/{last['key_id']}", "DELETE").status == 200
    made(ask)


def test_rotation_gives_the_same_rights_and_both_work_until_the_grace_ends(ask: Caller) -> None:
    old = made(ask, scopes=["keys:read"], per_minute=5, expires_in_days=30, name="Robot")
    new = msgspec.convert(data(rotate(ask, old["key_id"], grace_seconds=3600), 201), NewApiKey)
    same = ("name", "scopes", "per_minute", "expires_at", "allowed_origins")
    assert {name: getattr(new, name) for name in same} == {name: old[name] for name in same}
    later(ask, 3599)
    assert {ask(KEYS, key=key).status for key in (old["key"], new.key)} == {200}
    assert next(one for one in listed(ask) if one.key_id == old["key_id"]).replaced_by == new.key_id
    later(ask, 1)
    assert ask(KEYS, key=old["key"]).status == 401
    assert ask(KEYS, key=new.key).status == 200


def test_a_grace_is_a_day_unless_said_and_never_longer_than_the_key_itself(ask: Caller) -> None:
    old, short = made(ask), made(ask, expires_in_days=1)
    rotate(ask, old["key_id"])
    rotate(ask, short["key_id"], grace_seconds=7 * DAY)
    later(ask, DAY - 1)
    assert {ask(KEYS, key=one["key"]).status for one in (old, short)} == {200}
    later(ask, 1)
    assert {ask(KEYS, key=one["key"]).status for one in (old, short)} == {401}
    assert kind(rotate(ask, "key1", grace_seconds=7 * DAY + 1), 400)[0] == "invalid-field"


def test_without_grace_the_old_key_ends_at_once(ask: Caller) -> None:
    old = made(ask)
    assert rotate(ask, old["key_id"], grace_seconds=0).status == 201
    later(ask)
    assert ask(KEYS, key=old["key"]).status == 401


def test_a_replaced_key_is_not_rotated_again(ask: Caller) -> None:
    assert rotate(ask, "key1").status == 201
    assert kind(rotate(ask, "key1"), 409)[0] == "key-replaced"


def test_rotation_cannot_be_used_to_have_ever_more_keys(ask: Caller) -> None:
    key_id, answers, u1 = "key1", [], Principal("u1", "trader", "enterprise", "session")
    for _ in range(2 * MOST_LIVE):
        path, body = f"{KEYS}/{key_id}/rotate", {"grace_seconds": 7 * DAY}
        answers.append(send(ask, "POST", path, body, key=None, principal=u1))
        if answers[-1].status == 201:
            key_id = data(answers[-1], 201)["key_id"]
    assert [answer.status for answer in answers].count(201) == 2 * MOST_LIVE - 1
    assert kind(answers[-1], 409)[0] == "key-limit"


def test_a_revoked_key_is_refused_and_no_longer_listed(ask: Caller) -> None:
    told = made(ask)
    answer = ask(f"{KEYS}/{told['key_id']}", "DELETE")
    assert msgspec.convert(data(answer), RevokedKey).key_id == told["key_id"]
    later(ask)
    assert ask(KEYS, key=told["key"]).status == 401
    assert [one.key_id for one in listed(ask)] == ["key1"]
    assert kind(rotate(ask, told["key_id"]), 404)[0] == "no-such-key"


def test_nobody_sees_rotates_or_revokes_anothers_key(ask: Caller) -> None:
    other = Principal("ann", "trader", "pro", "session")
    assert data(ask(KEYS, key=None, principal=other)) == []
    for method, path in (("DELETE", f"{KEYS}/key1"), ("POST", f"{KEYS}/key1/rotate")):
        answer = send(ask, method, path, {}, key=None, principal=other)
        assert kind(answer, 404)[0] == "no-such-key"
    assert ask(KEYS).status == 200


def test_a_key_cannot_make_one_that_may_do_more(ask: Caller) -> None:
    weak = made(ask, scopes=["keys:write", "market:read"])["key"]
    for scopes in (None, ["keys:write", "feeds:write"]):
        answer = send(ask, "POST", KEYS, {"name": "n", "scopes": scopes}, key=weak)
        assert kind(answer, 403)[0] == "scope-not-held"
    assert kind(rotate(ask, "key1", key=weak), 403)[0] == "scope-not-held"
    assert made(ask, weak, scopes=["market:read"])["scopes"] == ["market:read"]


@pytest.mark.parametrize(
    "limit",
    [{"expires_in_days": 1}, {"allowed_addresses": ["192.0.2.7"]}, {"per_minute": 5},
     {"allowed_origins": ["https://a.example"]}],
)  # fmt: skip
def test_a_limited_key_makes_nothing_but_its_own_successor(
    ask: Caller, limit: dict[str, Any]
) -> None:
    told = made(ask, **limit)
    origin = {"origin": "https://a.example", "content-type": "application/json"}

    def post(path: str, body: bytes = b'{"name":"n"}') -> Answer:
        return ask(path, "POST", key=told["key"], headers=origin, sent=body)

    assert kind(post(KEYS), 403)[0] == "key-limited"
    assert kind(post(f"{KEYS}/key1/rotate", b"{}"), 403)[0] == "key-limited"
    app = b'{"name":"n","scopes":["market:read"]}'
    assert kind(post("/api/v1/oauth/clients", app), 403)[0] == "key-limited"
    renewed = post(f"{KEYS}/{told['key_id']}/rotate", b"{}")
    if "per_minute" in limit:  # the new one's minute would begin anew
        assert kind(renewed, 403)[0] == "key-limited"
        return
    successor = data(renewed, 201)
    assert {name: successor[name] for name in limit if name in told} == {
        name: told[name] for name in limit if name in told
    }


def test_a_role_that_was_taken_away_is_gone_from_its_keys_too(ask: Caller) -> None:
    told = made(ask, scopes=["keys:read", "webhooks:read"])
    ask.database.connection.execute("UPDATE users SET role = 'viewer' WHERE user_id = 'u1'")
    later(ask)
    assert data(ask(KEYS, key=told["key"]))
    made(ask, scopes=["keys:read"])
    answer = send(ask, "POST", KEYS, {"name": "n", "scopes": ["webhooks:read"]})
    assert kind(answer, 422)[0] == "scope-unknown"


def test_the_last_use_is_shown(ask: Caller) -> None:
    insert(
        ask.database, "api_keys", key_id="k2", user_id="u1", name="k", secret_hash="x",
        created_at=TICK, last_used_at=int(NOW),
    )  # fmt: skip
    assert {one.key_id: one.last_used_at for one in listed(ask)}["k2"] == "2025-10-09T09:11:00Z"


def test_a_session_needs_a_fresh_proof_to_make_or_rotate_a_key(ask: Caller) -> None:
    old = Principal("u1", "trader", "enterprise", "session", proved_at=int(ask.now) - 602)
    for path in (KEYS, f"{KEYS}/key1/rotate"):
        refused = send(ask, "POST", path, {"name": "n"} if path == KEYS else {}, key=None,
                       principal=old)  # fmt: skip
        assert kind(refused, 403)[0] == "step-up-required"
    fresh = old._replace(proved_at=int(ask.now) - 600)
    data(send(ask, "POST", KEYS, {"name": "n"}, key=None, principal=fresh), 201)
