"""What /dashboard, /events, /signal-log and /feeds answer has the shapes that are documented."""

from typing import Any

import msgspec

from api.shapes import events, feeds
from api.shapes.views.asset import AssetView
from api.shapes.views.overview import Overview
from collection.custom.preview import Preview
from tests.api.calling import TICK, Caller, body, insert
from tests.api.posting import FEEDS, NEWS, registered
from tests.api.test_feed_items import insert_reading
from tests.support.sqlite import SqliteDatabase


def shaped(ask: Caller, path: str, shape: Any) -> Any:
    """Return `data` of an answer, decoded as `shape`, which forbids what it does not name."""
    answer = ask(path)
    assert answer.status == 200, answer.body
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=shape, strict=True)


def test_the_overview(ask: Caller) -> None:
    told = shaped(ask, "/api/v1/dashboard/overview", Overview)
    assert told.assets
    assert told.signals
    assert told.sparklines["bitcoin"]


def test_an_asset(ask: Caller, database: SqliteDatabase) -> None:
    insert(
        database, "market_data", id=1 << 31 | TICK // 60 << 5 | 31, asset_id="bitcoin",
        symbol="BTC", price=1030.5, timestamp=TICK, source="consensus", observed_at=TICK,
        inputs='{"used":{"coingecko":1030.5},"rejected":{"coindesk":"late"},"spread":0.001}',
    )  # fmt: skip
    told = shaped(ask, "/api/v1/dashboard/asset?asset_id=bitcoin&days=7", AssetView)
    assert told.candles.bars
    assert told.prices.sources
    assert told.prices.consensus.rejected == {"coindesk": "late"}
    assert [story.title for story in told.news] == ["Bitcoin holds"]


def test_events_and_the_log(ask: Caller) -> None:
    found = shaped(ask, "/api/v1/events", list[events.Event])
    assert found[0].reasons
    assert shaped(ask, "/api/v1/signal-log", list[events.LogEntry])


def test_feeds_and_their_items(ask: Caller, database: SqliteDatabase) -> None:
    readings, news = registered(ask), registered(ask, NEWS)
    insert_reading(database, 1, f"feed:{readings}", "a", TICK, 1.5)
    insert(
        database, "news_items", news_id="f1", source=f"feed:{news}", title="A story",
        url="https://feeds.example/1", published_at=TICK, tick=TICK,
    )  # fmt: skip
    assert len(shaped(ask, FEEDS, list[feeds.Feed])) == 2
    (value,) = shaped(ask, f"{FEEDS}/{readings}/items", list[feeds.Item])
    assert (value.value, value.title) == (1.5, msgspec.UNSET)
    (story,) = shaped(ask, f"{FEEDS}/{news}/items", list[feeds.Item])
    assert (story.title, story.value) == ("A story", msgspec.UNSET)


def test_a_tried_feed_is_what_collection_says() -> None:
    told = msgspec.json.encode(Preview("ok", rows=[{"key": "BTC", "value": 1.5}], parsed=1))
    assert msgspec.json.decode(told, type=feeds.Tried).rows == [{"key": "BTC", "value": 1.5}]
    assert feeds.Tried.__struct_fields__ == Preview.__struct_fields__
