"""The views of news and of one entity."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.views.news import EntityView, NewsView
from tests.api.calling import TICK, Caller, body, insert
from tests.support.sqlite import SqliteDatabase

DAY = 86_400
NEWS = "/api/v1/dashboard/news"
KRAKEN = "/api/v1/dashboard/entity?type=exchange&name=Kraken"
BITCOIN = "/api/v1/dashboard/entity?type=asset&name=bitcoin"


def shaped(ask: Caller, path: str, shape: Any) -> Any:
    answer = ask(path, key=None, principal=GUEST)
    assert answer.status == 200, body(answer)
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=shape, strict=True)


def insert_story(
    database: SqliteDatabase, number: int, age: int, *mentions: tuple[str, str], **values: Any
) -> None:
    time = TICK - age
    row = {
        "news_id": f"s{number}", "source": "coindesk", "title": f"Story {number}",
        "url": f"https://news.example/s{number}", "published_at": time, "tick": time,
        "sentiment": 0.5, "sentiment_model": "headlines-1",
    } | values  # fmt: skip
    insert(database, "news_items", **row)
    for kind, name in mentions:
        insert(
            database, "news_mentions", entity_type=kind, entity_name=name, published_at=time,
            news_id=f"s{number}", source=row["source"],
        )  # fmt: skip


def test_a_visitor_reads_stories_tone_and_who_is_told_of_most(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_story(database, 1, 60, ("exchange", "Kraken"), ("asset", "bitcoin"))
    insert_story(database, 2, 3 * DAY, ("exchange", "Kraken"))
    told = shaped(ask, NEWS, NewsView)
    assert [story.title for story in told.stories] == ["Bitcoin holds", "Story 1", "Story 2"]
    assert told.sentiment.n == 3
    most = {(one.type, one.name): one for one in told.most_told}
    assert most["asset", "bitcoin"].stories == 2
    assert most["asset", "bitcoin"].label == "Bitcoin"
    kraken = most["exchange", "Kraken"]
    assert (kraken.stories, kraken.usual) == (1, round(1 / 7, 2))


def test_a_page_further_down_holds_stories_alone(ask: Caller, database: SqliteDatabase) -> None:
    for number in range(3):
        insert_story(database, number, 60 * number)
    first = shaped(ask, f"{NEWS}?limit=2", NewsView)
    following = msgspec.json.decode(body(ask(f"{NEWS}?limit=2")))["meta"]["next"]
    second = shaped(ask, f"{NEWS}?limit=2&cursor={following}", NewsView)
    titles = [story.title for story in (*first.stories, *second.stories)]
    assert titles == ["Story 0", "Bitcoin holds", "Story 1", "Story 2"]
    assert second.sentiment is None
    assert second.most_told is None


def test_repetitions_and_what_may_not_be_handed_on_count_for_nobody(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(
        database, "sources", source_no=9, source="closed", state="ok", last_tick=TICK,
        last_success=TICK, attribution="Closed", attribution_url="https://closed.example",
        redistributable=0,
    )  # fmt: skip
    insert_story(database, 1, 60, ("person", "Ann"), duplicate_of="n1")
    insert_story(database, 2, 60, ("person", "Ben"), source="closed")
    told = shaped(ask, NEWS, NewsView)
    assert {one.name for one in told.most_told} == {"bitcoin"}
    assert [story.title for story in told.stories] == ["Bitcoin holds"]


def test_an_entity_is_told_with_relations_days_stories_and_signals(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_story(database, 1, 2 * DAY, ("asset", "bitcoin"), sentiment=-0.5)
    told = shaped(ask, BITCOIN, EntityView)
    assert told.label == "Bitcoin"
    assert [(day.stories, day.tone) for day in told.days] == [(1, -0.5), (1, 0.422)]
    assert [one.company.name for one in told.entity.relations] == ["Kraken"]
    assert [story.title for story in told.stories] == ["Bitcoin holds", "Story 1"]
    assert {signal.asset_id for signal in told.signals} == {"bitcoin"}


def test_who_is_no_asset_has_no_signals(ask: Caller, database: SqliteDatabase) -> None:
    insert_story(database, 1, 60, ("exchange", "Kraken"))
    told = shaped(ask, KRAKEN, EntityView)
    assert told.label == "Kraken"
    assert told.signals == []
    assert told.entity.relations[0].company.name == "bitcoin"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/dashboard/entity?type=person&name=Nobody", 404),
        ("/api/v1/dashboard/entity?type=ghost&name=Ann", 400),
        ("/api/v1/dashboard/entity?name=Ann", 400),
        (f"{NEWS}?cursor=made-up", 400),
    ],
)
def test_what_does_not_exist_is_refused(ask: Caller, path: str, status: int) -> None:
    assert ask(path, key=None, principal=GUEST).status == status
