"""What the gateway keeps, for how long, and what it tells other caches."""

import asyncio
from typing import Any

import msgspec
import pytest

from api import cache
from api.principal import GUEST
from api.routes import ROUTES
from common.database import Statement
from common.errors import Retryable
from tests.api.calling import KEY, NOW, PATHS, READER, Caller, Failing, body, insert_signal
from tests.support.sqlite import SqliteDatabase

SHARED = [
    route for route in ROUTES
    if route.method == "GET" and route.cache.shared and route.path.startswith("/api/v1/")
    and any(path.startswith(route.path.split("{")[0]) for path in PATHS)
]  # fmt: skip


@pytest.mark.parametrize("route", SHARED, ids=lambda r: r.path)
def test_caches_are_told_what_the_route_declares(ask: Caller, route: Any) -> None:
    (path, *_) = [p for p in PATHS if p.startswith(route.path.split("{")[0])]
    answer = ask(path)
    assert answer.headers["cache-control"] == f"private, max-age={route.cache.max_age}"
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


def test_what_is_stored_shows_within_two_seconds(ask: Caller, database: SqliteDatabase) -> None:
    etag = ask("/api/v1/signals/all").headers["etag"]
    insert_signal(database, 50)
    ask.fresh()
    answer = ask("/api/v1/signals/all", headers={"if-none-match": etag})
    assert answer.status == 200
    assert answer.headers["etag"] != etag


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_given_again_without_reading_it(
    ask: Caller, database: SqliteDatabase, path: str
) -> None:
    first = msgspec.json.decode(body(ask(path)))
    before = database.round_trips
    for seconds in (0.5, 1.5, 1.89):
        ask.now = NOW + seconds
        assert msgspec.json.decode(body(ask(path)))["meta"] == first["meta"]
    assert database.round_trips == before


@pytest.mark.parametrize("path", PATHS)
def test_a_miss_is_one_question_to_the_database(
    ask: Caller, database: SqliteDatabase, path: str
) -> None:
    ask("/api/v1/keys")  # the key is known from here on, the version of the data is not
    before = database.round_trips
    assert ask(path).status == 200
    assert database.round_trips == before + 1


def test_a_busy_isolate_asks_for_the_version_behind_its_answers(
    ask: Caller, database: SqliteDatabase
) -> None:
    ask(PATHS[0])
    ask.now += 1.2
    before = database.round_trips
    ask(PATHS[0])
    assert database.round_trips == before, "the answer waited"
    ask.settle("_refresh")
    asked = database.round_trips
    ask.now += 1.2
    ask(PATHS[0])
    assert database.round_trips == asked, "what was learned behind the answer was not used"


def test_a_burst_on_a_cold_key_reads_the_database_once(
    ask: Caller, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = database.texts

    async def texts(statements: Any) -> Any:
        await asyncio.sleep(0.02)
        return await slow(statements)

    monkeypatch.setattr(database, "texts", texts)
    ask("/api/v1/keys")
    before = database.round_trips
    headers = {"authorization": f"Bearer {KEY}"}

    async def burst() -> list[Any]:
        return await asyncio.gather(*(ask.ask(PATHS[1], "GET", dict(headers)) for _ in range(500)))

    answers = asyncio.run(burst())
    assert {answer.status for answer in answers} == {200}
    assert database.round_trips == before + 1


def test_a_price_of_another_isolate_comes_from_kv(database: SqliteDatabase) -> None:
    here, there = Caller(database), Caller(database)
    there.parts = here.parts
    settled = int(NOW - cache.SPREAD_SECONDS)
    asyncio.run(database.batch([Statement("UPDATE data_version SET changed_at = ?1", (settled,))]))
    here("/api/v1/market-data/btc")
    here("/api/v1/market-data/btc")
    here.settle("store_copy")
    assert "cache:market_data:BTC" in here.parts.kv
    there("/api/v1/signals/all")  # it knows the version of the data from here on
    before = database.round_trips
    assert there.data("/api/v1/market-data/BTC") == here.data("/api/v1/market-data/BTC")
    assert database.round_trips == before


def test_a_list_of_another_isolate_comes_from_the_data_centre(database: SqliteDatabase) -> None:
    here, there = Caller(database), Caller(database)
    there.parts = here.parts
    here("/api/v1/signals/all")
    here("/api/v1/signals/all")
    here.settle("store_copy")
    there("/api/v1/market-data/BTC")
    before = database.round_trips
    assert there.data("/api/v1/signals/all") == here.data("/api/v1/signals/all")
    assert database.round_trips == before


def test_just_after_a_change_kv_is_not_asked(ask: Caller) -> None:
    """It needs a minute until everybody sees what is new: until then it holds what is old."""
    asyncio.run(ask.database.batch([
        Statement("UPDATE data_version SET changed_at = ?1", (int(NOW - cache.SPREAD_SECONDS + 1),))
    ]))  # fmt: skip
    ask("/api/v1/signals/all")  # it knows the version of the data from here on
    ask("/api/v1/market-data/BTC")
    assert "kv_get" not in ask.parts.calls


def test_what_is_asked_for_once_is_not_copied(ask: Caller) -> None:
    ask("/api/v1/market-data/BTC")
    ask("/api/v1/signals/all")
    assert not {"kv_put", "edge_put"} & set(ask.parts.calls)
    for _ in range(3):
        ask("/api/v1/market-data/BTC")
        ask("/api/v1/signals/all")
    ask.settle("store_copy")
    assert (ask.parts.calls.count("kv_put"), ask.parts.calls.count("edge_put")) == (1, 1)


def test_a_copy_of_older_data_is_not_used(database: SqliteDatabase) -> None:
    here, there = Caller(database), Caller(database)
    there.parts = here.parts
    here("/api/v1/signals/all")
    here("/api/v1/signals/all")
    here.settle("store_copy")
    assert here.parts.edge
    insert_signal(database, 50)
    there.fresh()
    there("/api/v1/market-data/BTC")
    assert len(there.data("/api/v1/signals/all")) == 1 + len(here.data("/api/v1/signals/all"))


@pytest.mark.parametrize("part", ["kv_get", "kv_put", "edge_get", "edge_put"])
def test_a_cache_that_is_down_costs_no_answer(ask: Caller, part: str) -> None:
    ask.parts.down.add(part)
    for path in PATHS[:2]:
        assert ask(path).status == 200
    ask.now += 1
    for path in ("/api/v1/market-data/ETH", "/api/v1/signals/all?limit=2"):
        assert ask(path).status == 200
        ask(path)
    ask.settle("store_copy")


def test_without_the_database_the_last_answer_is_given_and_marked(
    ask: Caller, database: SqliteDatabase
) -> None:
    etag = ask(PATHS[1]).headers["etag"]
    ask.now += 3
    ask.database = Failing(Retryable("down"))
    answer = ask(PATHS[1], principal=READER)
    assert answer.status == 200
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "no-store"
    assert "stale" in msgspec.json.decode(body(answer))["meta"]
    ask.now += cache.STALE_SECONDS
    assert ask(PATHS[1], principal=READER).status == 503


def test_when_nothing_new_was_stored_for_long_every_answer_says_so(ask: Caller) -> None:
    asyncio.run(ask.database.batch([
        Statement("UPDATE data_version SET changed_at = ?1", (int(NOW) - 1_800,))
    ]))  # fmt: skip
    assert "stale" not in msgspec.json.decode(body(ask(PATHS[0])))["meta"]
    asyncio.run(ask.database.batch([
        Statement("UPDATE data_version SET changed_at = ?1", (int(NOW) - 2_000,))
    ]))  # fmt: skip
    ask.now += 2
    stale = msgspec.json.decode(body(ask(PATHS[0])))["meta"]["stale"]
    assert "no new data" in stale["reason"]


def test_a_cached_answer_still_asks_for_a_key(ask: Caller) -> None:
    assert ask("/api/v1/signals/all").status == 200
    assert ask("/api/v1/signals/all", key=None).status == 401


def test_a_cached_answer_still_asks_for_the_permission(ask: Caller) -> None:
    assert ask("/api/v1/signals/all").status == 200
    assert ask("/api/v1/signals/all", key=None, principal=GUEST).status == 403


def test_two_ways_to_write_a_request_are_one_answer(ask: Caller, database: SqliteDatabase) -> None:
    ask("/api/v1/signals/all?limit=5&symbol=BTC")
    before = database.round_trips
    ask("/api/v1/signals/all?symbol=BTC&limit=5")
    ask("/api/v1/signals/%61ll?symbol=BTC&limit=5")
    assert database.round_trips == before


def test_what_differs_is_another_answer(ask: Caller) -> None:
    assert len(ask.data("/api/v1/signals/all?limit=5")) == 5
    assert len(ask.data("/api/v1/signals/all?limit=6")) == 6


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
    monkeypatch.setattr(cache, "MOST_ANSWERS", 5)
    ask(PATHS[1])
    for limit in range(1, 6):
        ask(f"/api/v1/signals/all?limit={limit}")
    before = database.statements
    ask.parts.edge.clear()
    ask(PATHS[1])
    assert database.statements > before, "the oldest answer was kept beyond the bound"
