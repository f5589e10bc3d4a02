"""Whose feeds there are, how many, and what a tick makes of them."""

import asyncio
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from collection.custom.registry import custom_sources, source_of
from common import feed_registry
from common.addresses import RefusedAddress
from common.database import Statement
from common.feed_registry import Feed
from common.feeds import FIELDS, REQUIRED, FeedSpec, validate
from common.log import Logger
from tests.collection.custom.specs import CSV, JSON, NEWS, RSS, TICK, changed
from tests.support.sqlite import SqliteDatabase


def register(database: SqliteDatabase, feed_id: str, spec: FeedSpec, owner: str = "u1") -> str:
    feed = Feed(feed_id, owner, spec, shared=owner == "root")
    return asyncio.run(feed_registry.register(feed, TICK, database))


def loaded(database: SqliteDatabase) -> tuple[list[Any], list[dict[str, Any]]]:
    lines: list[str] = []
    log = Logger("data-collection", lambda: TICK, lines.append)
    sources = asyncio.run(custom_sources(database, log))
    return sources, [msgspec.json.decode(line) for line in lines]


@pytest.mark.parametrize("spec", [JSON, CSV, NEWS, RSS], ids=lambda spec: spec.name)
def test_a_valid_feed_becomes_a_source(spec: FeedSpec) -> None:
    validate(spec)
    source = source_of("ab12", "u1", changed(spec, cadence=3600), shared=False)
    assert (source.name, source.attribution) == ("feed:ab12", "feeds.example")
    assert source.attribution_url == "https://feeds.example"
    assert (source.requests_per_minute, source.burst) == (1, 3)
    assert (source.shared, source.guarded) == (False, True)
    (endpoint,) = source.endpoints
    assert (endpoint.url, endpoint.cadence, endpoint.paged) == (spec.url, 3600, False)
    assert endpoint.max_bytes == (2_000_000 if spec.format == "rss" else 5_000_000)


PROBLEMS: dict[str, list[dict[str, Any]]] = {
    "name": [{"name": "x"}, {"name": " x "}, {"name": "x" * 61}, {"name": "a\nb"}],
    "cadence": [{"cadence": 0}, {"cadence": 901}, {"cadence": 87_300}, {"cadence": -900}],
    "unit": [{"unit": ""}, {"unit": " "}, {"unit": "x" * 21}, {"unit": "a\x00"}],
    "fields: say where 'value' is": [{"fields": {}}, {"fields": {"value": ""}}],
    "fields: say where 'key' is": [{"fields": {"value": "a", "key": ""}}],
    "fields: 'price' is unknown; known are key": [{"fields": {"value": "a", "price": "b"}}],
    "fields: say where 'title' is. fields: say where 'url' is": [
        {"kind": "news", "unit": "", "fields": {}}
    ],
    "unit: news have none": [{"kind": "news", "fields": {"title": "a", "url": "b"}}],
    "items: at most": [{"items": "x" * 201}, {"items": ".".join("a" * 17)}],
    "value: at most": [{"fields": {"value": "x" * 201}}],
    "items: CSV needs none": [{"format": "csv"}],
    "kind: RSS and Atom hold news. fields, items: RSS and Atom need none.": [{"format": "rss"}],
}


@pytest.mark.parametrize(
    ("words", "change"), [(words, one) for words, many in PROBLEMS.items() for one in many]
)
def test_a_spec_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(
    words: str, change: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=words):
        validate(changed(JSON, **change))


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"name:.*cadence:.*unit:.*fields:.*url: Only http"):
        validate(changed(JSON, name="", cadence=1, unit="", fields={}, url="ftp://x"))


def test_an_address_that_may_not_be_asked_is_an_error_of_its_own() -> None:
    with pytest.raises(RefusedAddress, match="private network"):
        validate(changed(JSON, url="http://192.168.1.1/"))


def test_every_kind_of_feed_has_fields() -> None:
    assert set(get_args(get_type_hints(FeedSpec)["kind"])) == set(FIELDS) == set(REQUIRED)


def test_a_name_can_be_had_once_by_each_owner(database: SqliteDatabase) -> None:
    assert register(database, "a", JSON) == "done"
    assert register(database, "b", JSON) == "name"
    assert register(database, "b", JSON, "u2") == "done"
    assert database.rows("SELECT feed_id, owner, shared FROM custom_feeds ORDER BY 1") == [
        ("a", "u1", 0), ("b", "u2", 0),
    ]  # fmt: skip


def test_a_registration_that_is_sent_twice_is_one(database: SqliteDatabase) -> None:
    assert [register(database, "a", JSON) for _ in range(2)] == ["done", "done"]
    assert database.rows("SELECT count(*) FROM custom_feeds") == [(1,)]


def test_an_owner_has_at_most_twenty_feeds(database: SqliteDatabase) -> None:
    told = [register(database, f"f{n}", changed(JSON, name=f"Feed {n}")) for n in range(21)]
    assert told == ["done"] * 20 + ["limit"]
    assert register(database, "other", JSON, "u2") == "done"
    asyncio.run(feed_registry.remove("f3", "u1", database))
    assert register(database, "f20", changed(JSON, name="Feed 20")) == "done"


def test_a_feed_is_given_to_and_removed_by_its_owner_only(database: SqliteDatabase) -> None:
    register(database, "a", JSON)
    get = feed_registry.get
    assert asyncio.run(get("a", "u1", database)) == Feed("a", "u1", JSON, shared=False)
    assert asyncio.run(get("a", "u2", database)) is None
    asyncio.run(feed_registry.remove("a", "u2", database))
    assert asyncio.run(get("a", "u1", database)) is not None
    asyncio.run(feed_registry.remove("a", "u1", database))
    assert asyncio.run(get("a", "u1", database)) is None


def test_every_feed_is_loaded_and_an_admins_is_shared(database: SqliteDatabase) -> None:
    register(database, "a", JSON)
    register(database, "b", RSS, "root")
    sources, lines = loaded(database)
    assert [(one.name, one.shared) for one in sources] == [("feed:a", False), ("feed:b", True)]
    assert lines == []


@pytest.mark.parametrize(
    "broken",
    ["{}", "[]", '{"name":"x"}', msgspec.json.encode(changed(JSON, unit="")).decode(),
     msgspec.json.encode(changed(JSON, url="http://127.0.0.1/")).decode()],
)  # fmt: skip
def test_a_broken_feed_is_left_out_and_logged(database: SqliteDatabase, broken: str) -> None:
    register(database, "a", JSON)
    register(database, "b", RSS)
    update = "UPDATE custom_feeds SET spec = ?1 WHERE feed_id = 'a'"
    asyncio.run(database.batch([Statement(update, (broken,))]))
    sources, lines = loaded(database)
    assert [one.name for one in sources] == ["feed:b"]
    assert [line["metadata"]["feed"] for line in lines] == ["a"]
