"""What the gateway keeps, for how long, and what it tells other caches."""

from typing import Any

import pytest

from api import gateway
from api.routes import ROUTES
from tests.api.calling import NOW, PATHS, Caller, insert_signal
from tests.support.sqlite import SqliteDatabase

SHARED = [route for route in ROUTES if route.method == "GET" and not route.private]


@pytest.mark.parametrize("route", SHARED, ids=lambda r: r.path)
def test_caches_are_told_what_the_route_declares(ask: Caller, route: Any) -> None:
    (path, *_) = [p for p in PATHS if p.startswith(route.path.split("{")[0])]
    answer = ask(path)
    assert answer.headers["cache-control"] == f"private, max-age={route.max_age}"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_prices_may_be_kept_for_five_minutes_news_for_fifteen_the_rest_for_one(
    ask: Caller,
) -> None:
    ages = {path: ask(path).headers["cache-control"].rpartition("=")[2] for path in PATHS}
    longer = {PATHS[0]: "300", "/api/v1/entities/bitcoin": "900"}
    assert {p: a for p, a in ages.items() if a != "60"} == longer


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_answer_is_a_304_without_a_body(ask: Caller, path: str) -> None:
    etag = ask(path).headers["etag"]
    again = ask(path, headers={"if-none-match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, "", etag)
    assert again.headers["cache-control"].startswith("private")
    assert ask(path, headers={"if-none-match": '"another"'}).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_made_anew_from_the_same_rows_keeps_its_etag(ask: Caller, path: str) -> None:
    etag = ask(path).headers["etag"]
    ask.now += 10
    assert ask(path, headers={"if-none-match": etag}).status == 304


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', '"other",W/{}', "*"])
def test_if_none_match_may_be_weak_a_list_or_any(ask: Caller, form: str) -> None:
    """RFC 9110, 13.1.2; a proxy that compresses makes an ETag weak."""
    etag = ask(PATHS[1]).headers["etag"]
    assert ask(PATHS[1], headers={"if-none-match": form.format(etag)}).status == 304


def test_new_rows_change_the_etag(ask: Caller, database: SqliteDatabase) -> None:
    etag = ask("/api/v1/signals/all").headers["etag"]
    insert_signal(database, 50)
    ask.now += gateway.FRESH_SECONDS
    answer = ask("/api/v1/signals/all", headers={"if-none-match": etag})
    assert answer.status == 200
    assert answer.headers["etag"] != etag


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_given_again_for_two_seconds_without_a_statement(
    ask: Caller, database: SqliteDatabase, path: str
) -> None:
    first = ask(path)
    before = database.statements
    ask.now = NOW + 1.99
    assert ask(path).body == first.body
    assert database.statements == before
    ask.now = NOW + 2.0
    assert ask(path).status == 200
    assert database.statements == before + (2 if "signal-log" in path else 1)


def test_a_cached_answer_still_asks_for_a_key(ask: Caller) -> None:
    assert ask("/api/v1/signals/all").status == 200
    assert ask("/api/v1/signals/all", key=None).status == 401


def test_changing_an_answer_does_not_change_the_kept_one(ask: Caller) -> None:
    ask(PATHS[1]).headers["etag"] = "spoilt"
    assert ask(PATHS[1]).headers["etag"] != "spoilt"


def test_a_refused_request_makes_no_statement(ask: Caller, database: SqliteDatabase) -> None:
    ask(PATHS[0])
    before = database.statements
    for path in ("/nothing", "/api/v1/signals/x", "/api/v1/signals/all?limit=0"):
        assert ask(path).status >= 400
    assert database.statements == before


def test_kept_answers_are_bounded(
    ask: Caller, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST_ANSWERS", 5)
    ask(PATHS[1])
    for limit in range(1, 6):
        ask(f"/api/v1/signals/all?limit={limit}")
    before = database.statements
    ask(PATHS[1])
    assert database.statements == before + 1, "the oldest answer was kept beyond the bound"
