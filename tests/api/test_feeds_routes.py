"""/feeds: whose they are, what may be registered, and bodies that are read with care."""

from typing import Any

import pytest

from api.identity.api_keys import hash_secret
from api.principal import GUEST
from common.errors import Retryable
from tests.api.calling import PEPPER, TICK, Caller, insert
from tests.api.posting import (
    ADMIN,
    FEEDS,
    NEWS,
    OTHER,
    SECRET,
    SPEC,
    data,
    kind,
    registered,
    send,
)  # fmt: skip
from tests.support.sqlite import SqliteDatabase


@pytest.fixture(autouse=True)
def others(database: SqliteDatabase) -> None:
    for user, role, key in (("u2", "analyst", OTHER), ("root", "admin", ADMIN)):
        insert(
            database, "users", user_id=user, email=f"{user}@example.com", role=role,
            plan="enterprise", created_at=TICK,
        )  # fmt: skip
        insert(
            database, "api_keys", key_id=key.split("_")[2], user_id=user, name="k",
            secret_hash=hash_secret(SECRET, PEPPER), created_at=TICK,
        )  # fmt: skip


def test_a_registered_feed_is_listed_with_its_spec_and_no_run_yet(ask: Caller) -> None:
    answer = send(ask, "POST", FEEDS, SPEC)
    told = data(answer, 201)
    assert told["source"] == f"feed:{told['feed_id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    (listed,) = ask.data(FEEDS)
    assert listed["spec"] == {**SPEC, "cadence": 900}
    assert (listed["feed_id"], listed["shared"], listed["state"]) == (
        told["feed_id"], False, None,
    )  # fmt: skip


def test_the_list_tells_the_state_of_the_last_run(ask: Caller, database: SqliteDatabase) -> None:
    feed_id = registered(ask)
    insert(
        database, "sources", source=f"feed:{feed_id}", state="degraded", reason="HTTP 500",
        last_tick=TICK, attribution="feeds.example", attribution_url="https://feeds.example",
        shared=0,
    )  # fmt: skip
    (listed,) = ask.data(FEEDS)
    assert (listed["state"], listed["reason"]) == ("degraded", "HTTP 500")
    assert (listed["last_tick"][:4], listed["last_success"]) == ("2025", None)


def test_an_admins_feed_is_shared_and_anybody_elses_is_not(
    ask: Caller, database: SqliteDatabase
) -> None:
    assert data(send(ask, "POST", FEEDS, SPEC, key=ADMIN), 201)["shared"] is True
    assert data(send(ask, "POST", FEEDS, SPEC, key=OTHER), 201)["shared"] is False
    rows = database.rows("SELECT owner, shared FROM custom_feeds ORDER BY owner")
    assert rows == [("root", 1), ("u2", 0)]


def test_a_feed_of_somebody_else_is_not_there(ask: Caller) -> None:
    feed_id = registered(ask, key=OTHER)
    assert ask.data(FEEDS) == []
    assert kind(send(ask, "DELETE", f"{FEEDS}/{feed_id}"), 404)[0] == "no-such-feed"
    assert kind(ask(f"{FEEDS}/{feed_id}/items"), 404)[0] == "no-such-feed"
    assert kind(send(ask, "DELETE", f"{FEEDS}/{feed_id}", key=ADMIN), 404)[0] == "no-such-feed"
    assert data(send(ask, "DELETE", f"{FEEDS}/{feed_id}", key=OTHER)) == {"feed_id": feed_id}


def test_a_list_is_never_given_to_another_caller(ask: Caller) -> None:
    registered(ask)
    first, second = ask(FEEDS), ask(FEEDS, key=OTHER)
    assert len(data(first)) == 1
    assert data(second) == []
    assert first.headers["cache-control"] == "private, no-cache"
    again = ask(FEEDS, key=OTHER, headers={"if-none-match": first.headers["etag"]})
    assert again.status == 200


def test_a_change_is_seen_at_once_and_an_unchanged_list_costs_no_body(ask: Caller) -> None:
    feed_id = registered(ask)
    etag = ask(FEEDS).headers["etag"]
    assert ask(FEEDS, headers={"if-none-match": etag}).status == 304
    send(ask, "DELETE", f"{FEEDS}/{feed_id}")
    assert ask.data(FEEDS) == []
    assert kind(send(ask, "DELETE", f"{FEEDS}/{feed_id}"), 404)[0] == "no-such-feed"


def test_a_second_feed_of_a_name_and_a_twenty_first_are_conflicts(ask: Caller) -> None:
    registered(ask)
    assert kind(send(ask, "POST", FEEDS, SPEC), 409)[0] == "feed-exists"
    for number in range(19):
        registered(ask, {**SPEC, "name": f"Feed {number}"})
    assert kind(send(ask, "POST", FEEDS, {**SPEC, "name": "Last"}), 409)[0] == "feed-limit"


@pytest.mark.parametrize("path", [FEEDS, f"{FEEDS}/preview"])
@pytest.mark.parametrize(
    ("change", "status", "wanted", "words"),
    [
        ({"url": "http://169.254.169.254/"}, 422, "feed-refused-address", "metadata"),
        ({"url": "http://2130706433/"}, 422, "feed-refused-address", "the machine itself"),
        ({"unit": "", "cadence": 5}, 422, "feed-invalid", "cadence: give seconds"),
        ({"format": "xls"}, 400, "invalid-field", "It may be json, csv, rss"),
        ({"cadence": "900"}, 400, "invalid-field", "cadence"),
        ({"fields": {"value": 1}}, 400, "invalid-field", "fields"),
        ({"colour": "red"}, 400, "unknown-field", "Known here: name, url, format, kind, unit"),
    ],
)
def test_a_spec_that_cannot_be_collected_is_refused_alike_by_both(
    ask: Caller, path: str, change: dict[str, Any], status: int, wanted: str, words: str
) -> None:
    told = kind(send(ask, "POST", path, SPEC | change), status)
    assert told[0] == wanted
    assert words in told[1]
    assert ask.parts.previewed == []
    assert ask.data(FEEDS) == []


def test_a_missing_field_is_named(ask: Caller) -> None:
    spec = {name: value for name, value in SPEC.items() if name != "url"}
    assert "url" in kind(send(ask, "POST", FEEDS, spec), 400)[1]


@pytest.mark.parametrize(
    ("body", "status", "wanted"),
    [
        (b"", 400, "invalid-field"), (b"null", 400, "invalid-body"), (b"[]", 400, "invalid-body"),
        (b'{"name":', 400, "invalid-body"), (b"\xff{}", 400, "invalid-body"),
        (b"[" * 60_000, 400, "invalid-body"), (b'{"fields":' * 6_000, 400, "invalid-body"),
        (b'{"a":[' + b"0," * 30_000 + b"0]}", 400, "invalid-body"),
        (b'{"a":' + b"9" * 60_000 + b"}", 400, "invalid-body"),
        (b" " * 65_537, 413, "body-too-large"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_small_json_object_is_refused(
    ask: Caller, database: SqliteDatabase, body: bytes, status: int, wanted: str
) -> None:
    ask(FEEDS)
    before = database.statements
    assert kind(send(ask, "POST", FEEDS, body), status)[0] == wanted
    assert database.statements == before


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_not_read(ask: Caller, media_type: str) -> None:
    assert kind(send(ask, "POST", FEEDS, SPEC, media_type=media_type), 415)[0] == "wrong-media-type"
    assert data(send(ask, "POST", FEEDS, SPEC, media_type="Application/JSON; charset=utf-8"), 201)[
        "feed_id"
    ]


def test_fields_belong_into_the_body_and_not_into_the_address(ask: Caller) -> None:
    assert kind(send(ask, "POST", f"{FEEDS}?name=x", SPEC), 400)[0] == "unknown-parameter"
    assert kind(send(ask, "DELETE", f"{FEEDS}/x?y=1"), 400)[0] == "unknown-parameter"
    assert kind(ask(f"{FEEDS}?limit=1"), 400)[0] == "unknown-parameter"


def test_a_preview_is_what_collection_says_of_the_spec(ask: Caller) -> None:
    ask.parts.previews = '{"state":"ok","parsed":3}'
    answer = send(ask, "POST", f"{FEEDS}/preview", NEWS)
    assert data(answer) == {"state": "ok", "parsed": 3}
    assert ask.parts.previewed[0]["url"] == NEWS["url"]
    assert ask.data(FEEDS) == []


def test_without_collection_a_preview_may_be_tried_again(ask: Caller) -> None:
    ask.parts.previews = Retryable("collection: gone")
    answer = send(ask, "POST", f"{FEEDS}/preview", NEWS)
    assert kind(answer, 503)[0] == "try-again"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", FEEDS, "GET, HEAD, POST"), ("POST", "/api/v1/signals/all", "GET, HEAD"),
     ("GET", f"{FEEDS}/preview", "POST"), ("PATCH", f"{FEEDS}/x", "DELETE")],
)  # fmt: skip
def test_a_wrong_method_is_answered_with_those_of_the_path(
    ask: Caller, method: str, path: str, allowed: str
) -> None:
    answer = send(ask, method, path, SPEC)
    assert kind(answer, 405)[0] == "method-not-allowed"
    assert answer.headers["allow"] == allowed


REQUESTS = [("GET", FEEDS), ("POST", FEEDS), ("POST", f"{FEEDS}/preview"), ("DELETE", f"{FEEDS}/x"),
            ("GET", f"{FEEDS}/x/items")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_nobody_without_a_key_gets_in(
    ask: Caller, database: SqliteDatabase, method: str, path: str
) -> None:
    before = database.statements
    assert kind(send(ask, method, path, SPEC, key=None), 401)[0] == "key-missing"
    guest = send(ask, method, path, SPEC, key=None, principal=GUEST)
    assert kind(guest, 403)[0] == "key-needed"
    assert database.statements == before


def test_head_says_what_get_would(ask: Caller) -> None:
    registered(ask)
    head, get = ask(FEEDS, "HEAD"), ask(FEEDS)
    assert head.headers["etag"] == get.headers["etag"]
