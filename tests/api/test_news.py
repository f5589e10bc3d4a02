"""The news: which stories, in which order, how often repeated, and which never."""

from typing import Any

import msgspec
import pytest

from api.shapes.news import Story
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/news?"


def insert_story(
    database: SqliteDatabase, name: str, tick: int, published_at: int, *mentions: tuple[str, str],
    **values: Any,
) -> None:  # fmt: skip
    row = {
        "news_id": name, "source": "coindesk", "title": f"{name} happens", "tick": tick,
        "url": f"https://news.example/{name}", "published_at": published_at, "sentiment": 0.25,
        "sentiment_model": "headlines-1",
    } | values  # fmt: skip
    insert(database, "news_items", **row)
    for type_, entity in mentions:
        insert(
            database, "news_mentions", entity_type=type_, entity_name=entity, news_id=name,
            published_at=published_at, source=row["source"],
        )  # fmt: skip


@pytest.fixture(autouse=True)
def stories(database: SqliteDatabase) -> None:
    """Twelve stories of three ticks, and one that was found a day after it was published."""
    for number in range(12):
        tick = TICK - 900 * (number // 4)
        about = ("asset", ("bitcoin", "ethereum")[number % 2]), ("exchange", "Kraken")
        insert_story(
            database, f"s{number:02d}", tick, tick - 100 * (number % 3), *about[: 1 + number // 6],
            sentiment=round(-1 + number / 6, 4), source=("coindesk", "coingecko")[number % 2],
        )  # fmt: skip
    insert_story(database, "late", TICK, TICK - 86_400, ("asset", "bitcoin"), sentiment=None)


def ids(ask: Caller, query: str = "") -> list[str]:
    return [one["id"] for one in ask.data(PATH + query)]


def walk(ask: Caller, query: str) -> list[str]:
    found: list[str] = []
    cursor = ""
    for _ in range(40):
        told = msgspec.json.decode(body(ask(f"{PATH}{query}{cursor}")))
        found += [one["id"] for one in told["data"]]
        if told["meta"]["next"] is None:
            return found
        cursor = f"&cursor={told['meta']['next']}"
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_the_newest_tick_comes_first_and_within_it_the_newest_story(
    ask: Caller, database: SqliteDatabase, limit: int
) -> None:
    rows = database.rows(
        "SELECT news_id FROM news_items ORDER BY tick DESC, published_at DESC, news_id DESC"
    )
    assert walk(ask, f"limit={limit}") == [name for (name,) in rows]


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(
    ("query", "entity"),
    [("symbol=BTC", "bitcoin"), ("symbol=bitcoin", "bitcoin"), ("entity=Kraken", "Kraken")],
)
def test_the_stories_of_an_entity_go_by_their_own_stamps(
    ask: Caller, database: SqliteDatabase, query: str, entity: str, limit: int
) -> None:
    rows = database.rows(
        "SELECT news_id FROM news_mentions WHERE entity_name = ?"
        " ORDER BY published_at DESC, news_id DESC", entity,
    )  # fmt: skip
    assert len(rows) > 4
    assert walk(ask, f"{query}&limit={limit}") == [name for (name,) in rows]


def test_a_story_is_told_with_its_source_tone_age_and_mentions(ask: Caller) -> None:
    (story,) = ask.data(f"{PATH}source=coindesk&min_sentiment=0.42&max_sentiment=0.43")
    assert story == {
        "id": "n1", "title": "Bitcoin holds", "url": "https://news.example/1",
        "source": "coindesk", "publisher": None, "attribution": "Data by coindesk",
        "attribution_url": "https://a.example", "published_at": iso(TICK - 600),
        "published_is_estimated": False, "found_at": iso(TICK),
        "age_seconds": int(NOW) - TICK + 600, "language": None, "sentiment": 0.4215,
        "sentiment_model": "headlines-1", "votes": None,
        "mentions": [{"type": "asset", "name": "bitcoin"}], "duplicates": 0, "duplicate_of": None,
    }  # fmt: skip


def test_the_news_have_the_documented_shape(ask: Caller, database: SqliteDatabase) -> None:
    insert_story(
        database, "voted", TICK, TICK, votes='{"positive":3}', publisher="Daily", language="en",
        published_is_estimated=1,
    )  # fmt: skip
    for path in (PATH, f"{PATH}symbol=BTC"):
        data = msgspec.json.decode(body(ask(path)), type=dict[str, msgspec.Raw])["data"]
        assert msgspec.json.decode(data, type=list[Story], strict=True)


def test_a_repeated_story_is_told_once_with_how_often(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_story(database, "first", TICK, TICK)
    for number, tick in enumerate((TICK, TICK + 86_400)):
        insert_story(
            database, f"again{number}", tick, tick, duplicate_of="first", source="coingecko"
        )
    (story,) = [one for one in ask.data(PATH) if "a" in one["id"][:1] or one["id"] == "first"]
    assert (story["id"], story["duplicates"]) == ("first", 2)
    own = ask.data(f"{PATH}source=coingecko&limit=1")
    assert (own[0]["id"], own[0]["duplicate_of"]) == ("again1", "first")


def test_a_span_of_time_is_about_the_stamps(ask: Caller) -> None:
    found = ask.data(f"{PATH}since={TICK - 1000}&until={iso(TICK - 200)}")
    assert found
    assert all(iso(TICK - 1000) <= one["published_at"] <= iso(TICK - 200) for one in found)
    both = {one["id"] for one in ask.data(f"{PATH}symbol=BTC&since={TICK - 1000}")}
    assert both == {
        one["id"]
        for one in ask.data(f"{PATH}since={TICK - 1000}&limit=100")
        if {"type": "asset", "name": "bitcoin"} in one["mentions"]
    }
    assert ids(ask, f"until={TICK - 80_000}") == ["late"]


def test_a_bound_of_the_tone_leaves_out_what_has_none(ask: Caller) -> None:
    assert "late" in ids(ask, "limit=100")
    assert "late" not in ids(ask, "min_sentiment=-1&limit=100")
    assert all(one["sentiment"] <= -0.5 for one in ask.data(f"{PATH}max_sentiment=-0.5"))


@pytest.mark.parametrize("flag", ["redistributable", "shared"])
def test_what_may_not_be_handed_on_is_neither_told_nor_counted(
    ask: Caller, database: SqliteDatabase, flag: str
) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", attribution="Theirs",
        attribution_url="https://b.example", **{flag: 0},
    )  # fmt: skip
    insert_story(database, "secret", TICK, TICK, ("asset", "bitcoin"), source="theirs")
    insert_story(database, "same", TICK, TICK, source="theirs", duplicate_of="n1")
    for query in ("limit=100", "symbol=BTC&limit=100", "source=theirs"):
        told = ask.data(PATH + query)
        assert {"secret", "same"} & {one["id"] for one in told} == set()
        assert all(one["duplicates"] == 0 for one in told)


def test_wrong_questions_are_answered_with_what_to_change(ask: Caller) -> None:
    assert kind(ask(f"{PATH}symbol=NOPE"), 404)[0] == "unknown-symbol"
    assert "since: give" in kind(ask(f"{PATH}since=x"), 400)[1]
    cursor = msgspec.json.decode(body(ask(f"{PATH}limit=1")))["meta"]["next"]
    for other in ("symbol=BTC", "source=coindesk", "min_sentiment=0"):
        assert kind(ask(f"{PATH}{other}&cursor={cursor}"), 400)[0] == "invalid-cursor"
    assert ids(ask, "entity=Nobody") == []
