"""One's own account: what it is, what it used, all that is stored of it, and its end."""

import asyncio
import re
from typing import Any

import msgspec
import pytest

from api.identity.owned import OWNED
from api.principal import Principal
from api.shapes.me import Erased, Export, Me, Usage
from tests.api.calling import KEY, NOW, SETTINGS, TICK, Caller, insert
from tests.api.identity.people import (
    ANN,
    EMAIL,
    PASSWORD,
    fill,
    later,
    login,
    refresh,
    registered,
    site,
    tokens_of,
    with_token,
)
from tests.api.posting import data, kind, send
from tests.support.sqlite import migrated

ME = "/api/v1/me"
DAY = 86_400


@pytest.fixture
def ask() -> Caller:
    return site()


def of_ann(ask: Caller, path: str = ME) -> Any:
    return data(ask(path, key=None, principal=ANN))


def erase(ask: Caller, password: str = PASSWORD) -> Any:
    return send(ask, "DELETE", ME, {"password": password}, key=None, principal=ANN)


def test_an_account_says_what_this_credential_may_do(ask: Caller) -> None:
    told = msgspec.convert(of_ann(ask), Me)
    assert (told.user_id, told.email, told.role, told.plan) == ("ann", EMAIL, "trader", "pro")
    assert "webhooks:write" in told.permissions
    assert (told.credential.kind, told.credential.id) == ("session", None)
    assert msgspec.convert(data(ask(ME)), Me).credential.id == "key1"


def test_use_is_told_by_day_and_endpoint_beside_the_plans_limits(ask: Caller) -> None:
    rows = [
        ("ann", "GET /a", NOW, "k1", 5, 1), ("ann", "GET /a", NOW - 3600, "k2", 2, 0),
        ("ann", "GET /b", NOW - DAY, "", 7, 7), ("ann", "GET /b", NOW - 9 * DAY, "", 9, 0),
        ("u1", "GET /a", NOW, "", 100, 0),
    ]  # fmt: skip
    for user, endpoint, at, credential, requests, errors in rows:
        insert(
            ask.database, "user_analytics", user_id=user, endpoint=endpoint,
            timestamp=int(at) // 3600 * 3600, credential=credential, requests=requests,
            errors=errors,
        )  # fmt: skip
    told = msgspec.convert(of_ann(ask, f"{ME}/usage?days=7"), Usage)
    assert [(row.day, row.endpoint, row.requests, row.errors) for row in told.rows] == [
        ("2025-10-09", "GET /a", 7, 1), ("2025-10-08", "GET /b", 7, 7),
    ]  # fmt: skip
    assert (told.quota.plan, told.quota.requests_today) == ("pro", 7)
    assert (told.quota.per_minute.read, told.quota.per_day) == (600, 500_000)
    assert len(msgspec.convert(of_ann(ask, f"{ME}/usage?days=1"), Usage).rows) == 1
    assert ask(f"{ME}/usage?days=91").status == 400


def test_every_table_that_names_a_user_is_in_the_list(ask: Caller) -> None:
    connection = migrated()
    tables = [name for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    )]  # fmt: skip
    named = {
        table
        for table in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[1] in ("owner", "user_id")
    }
    assert named - {one.table for one in OWNED} == {"users"}, "name it in api.identity.owned"
    for one in OWNED:
        assert re.search(rf"\b{one.table}\b", one.erase)
        assert not one.export or re.search(rf"\b{one.table}\b", one.export)


def test_an_export_holds_everything_of_the_user_and_nothing_of_others(ask: Caller) -> None:
    fill(ask.database, "ann", "a")
    fill(ask.database, "u1", "bb")
    tokens_of(ask, registered(ask))
    login(ask)
    told = of_ann(ask, f"{ME}/export")
    msgspec.convert(told, Export)
    assert told["account"]["email"] == EMAIL
    exported = {one.table for one in OWNED if one.export}
    assert told.keys() == exported | {"account"}
    empty = {table for table in exported if not told[table]}
    assert empty == {"api_keys", "oauth_clients"}, "ann has none of these"
    assert told["webhook_deliveries"][0]["body"] == {"b": 1}
    assert "fbb" not in str(told)
    other = data(ask(f"{ME}/export"))
    assert [key["key_id"] for key in other["api_keys"]] == ["key1"]
    assert len(other["oauth_clients"]) == 1


def test_an_export_holds_no_secret_and_no_digest(ask: Caller) -> None:
    fill(ask.database, "ann", "a")
    app = registered(ask)
    told = tokens_of(ask, app) | data(login(ask))
    exported = str(ask(f"{ME}/export", key=None, principal=ANN).body) + str(
        ask(f"{ME}/export").body
    )
    hidden = [
        value
        for table, column in (
            ("api_keys", "secret_hash"), ("users", "password_hash"), ("sessions", "token_digest"),
            ("oauth_clients", "secret_hash"), ("refresh_tokens", "token_digest"),
            ("oauth_codes", "code_digest"), ("oauth_codes", "challenge"),
            ("push_subscriptions", "auth"),
        )
        for (value,) in ask.database.rows(f"SELECT {column} FROM {table}")
        if value and len(value) > 2
    ]  # fmt: skip
    assert len(hidden) >= 6
    for secret in (*hidden, *told.values(), app["client_secret"], KEY):
        assert str(secret) not in exported or secret in ("Bearer", 900, told["scope"])


def test_a_session_erases_with_a_fresh_proof_and_no_password(ask: Caller) -> None:
    old, fresh = (ANN._replace(proved_at=int(ask.now) - age) for age in (602, 0))
    refused = send(ask, "DELETE", ME, {"password": PASSWORD}, key=None, principal=old)
    assert kind(refused, 403)[0] == "step-up-required"
    msgspec.convert(data(send(ask, "DELETE", ME, {}, key=None, principal=fresh)), Erased)
    assert login(ask).status == 401


def test_an_app_cannot_export_or_erase(ask: Caller) -> None:
    token = tokens_of(ask, registered(ask))["access_token"]
    assert with_token(ask, token, f"{ME}/export") == 403
    assert kind(send(ask, "DELETE", ME, {"password": PASSWORD}, key=token), 403)[0] == (
        "scope-missing"
    )


def test_an_erased_account_leaves_nothing_that_says_who_it_was(ask: Caller) -> None:
    fill(ask.database, "ann", "a")
    fill(ask.database, "u1", "bb")
    told = tokens_of(ask, registered(ask)) | data(login(ask))
    sums = "SELECT sum(requests), sum(errors), sum(revenue_atomic) FROM user_analytics"
    before = ask.database.rows(sums)
    answer = msgspec.convert(data(erase(ask)), Erased)
    assert answer.erased
    for one in OWNED:
        owned = one.table == "oauth_clients" or "user_id" not in one.erase
        column = "owner" if owned else "user_id"
        if one.table not in ("sources", "endpoint_states"):
            left = ask.database.rows(f"SELECT * FROM {one.table} WHERE {column} = 'ann'")
            assert left == [], one.table
    everything = "\n".join(ask.database.connection.iterdump())
    assert EMAIL not in everything
    for gone in ("'fa'", "feed:fa", "'wa'", "'ra'", "'ha'", "'da'", "'ka'"):
        assert gone not in everything
    assert ask.database.rows("SELECT email, password_hash, role, plan FROM users"
                             " WHERE user_id = 'ann'") == [
        ("erased:ann", None, "viewer", "free")
    ]  # fmt: skip
    after = ask.database.rows(sums)
    assert after == before, "the load and the revenue are still counted, of nobody"
    books = ask.database.rows("SELECT user_id, credential, url, amount FROM payments ORDER BY 1")
    assert books[0] == ("erased", "", "GET /x", 10_000), "money stays in the books"
    assert books[1][0] == "u1"
    later(ask)
    assert login(ask).status == 401
    assert refresh(ask, told["refresh_token"]).status == 401
    assert with_token(ask, told["access_token"]) == 401
    assert data(ask("/api/v1/oauth/clients")), "others keep what is theirs"
    assert len(data(ask(f"{ME}/export"))["watchlists"]) == 1


def test_two_erased_users_are_counted_together(ask: Caller) -> None:
    for user in ("ann", "bob"):
        if user == "bob":
            insert(ask.database, "users", user_id=user, email="b@x.example", role="viewer",
                   password_hash=ask.database.rows("SELECT password_hash FROM users"
                                                   " WHERE user_id = 'ann'")[0][0],
                   created_at=1)  # fmt: skip
        insert(ask.database, "user_analytics", user_id=user, endpoint="GET /x", timestamp=TICK,
               credential="k", requests=3)  # fmt: skip
    for user in ("bob", "ann"):
        who = Principal(user, "viewer", "free", "session")
        done = send(ask, "DELETE", ME, {"password": PASSWORD}, key=None, principal=who)
        assert done.status == 200
    assert ask.database.rows("SELECT user_id, credential, requests FROM user_analytics") == [
        ("erased", "", 6)
    ]


def test_an_erased_developers_apps_end_for_their_users_too(ask: Caller) -> None:
    ann_app = data(
        send(ask, "POST", "/api/v1/oauth/clients", {"name": "n", "scopes": ["account:read"],
             "redirect_uris": ["https://portfolio.example/callback"]}, key=None, principal=ANN),
        201,
    )  # fmt: skip
    told = tokens_of(ask, ann_app, scope="account:read")
    u1 = Principal("u1", "trader", "enterprise", "session")
    insert(ask.database, "oauth_grants", user_id="u1", client_id=ann_app["client_id"], scopes="[]",
           created_at=1)  # fmt: skip
    erase(ask)
    later(ask)
    assert with_token(ask, told["access_token"]) == 401
    assert data(ask("/api/v1/oauth/grants", key=None, principal=u1)) == []
    assert ask.database.rows("SELECT count(*) FROM oauth_grants") == [(0,)]


def test_erasing_needs_the_password_and_is_all_or_nothing(ask: Caller) -> None:
    fill(ask.database, "ann", "a")
    assert kind(erase(ask, "wrong"), 403)[0] == "wrong-password"
    assert kind(send(ask, "DELETE", ME, {}, key=None, principal=ANN), 403)[0] == "wrong-password"
    ask.database.connection.execute(
        "CREATE TRIGGER stop BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'at the end'); END"
    )
    assert erase(ask).status == 500
    assert of_ann(ask)["email"] == EMAIL
    assert len(of_ann(ask, f"{ME}/export")["watchlists"]) == 1


def test_an_account_without_a_password_cannot_be_erased_with_any(ask: Caller) -> None:
    for password in (PASSWORD, "x", SETTINGS["PASSWORD_PEPPER"]):
        assert kind(send(ask, "DELETE", ME, {"password": password}), 403)[0] == "wrong-password"


def test_the_dashboards_note_of_the_session_is_overwritten(ask: Caller) -> None:
    ask.parts.kv["session:ann"] = '{"since":1,"role":"trader"}'
    erase(ask)
    asyncio.run(ask.parts.settle("kv_put"))
    assert ask.parts.kv["session:ann"] == "{}"
