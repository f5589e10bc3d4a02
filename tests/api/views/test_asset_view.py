"""The view of an asset: its candles, who mentions it, and what it moves with."""

import math
from typing import Any

import msgspec
import pytest

from api.shapes.views.asset import AssetView
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/dashboard/asset"
HOUR, DAY = 3600, 86_400


def told(ask: Caller, asset: str = "bitcoin", more: str = "") -> AssetView:
    """Decode the answer as strictly as it is documented."""
    answer = ask(f"{PATH}?asset_id={asset}{more}")
    assert answer.status == 200, answer.body
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=AssetView, strict=True)


def insert_asset(database: SqliteDatabase, number: int, prices: dict[int, float]) -> str:
    """Insert an asset with prices by the seconds before the newest tick; return its id."""
    asset = f"asset-{number}"
    insert(database, "assets", asset_no=number, asset_id=asset, symbol=f"A{number}", name=asset)
    for ago, price in prices.items():
        insert_price(database, number, asset, f"A{number}", price, TICK - ago)
    return asset


def insert_story(
    database: SqliteDatabase, number: int, ago: int, tone: float | None, source: str = "coindesk",
    **more: Any,
) -> None:  # fmt: skip
    insert(
        database, "news_items", news_id=f"s{number}", source=source, title=f"Story {number}",
        url=f"https://news.example/s{number}", published_at=TICK - ago, tick=TICK, sentiment=tone,
        sentiment_model="headlines-1", **more,
    )  # fmt: skip
    insert(
        database, "news_mentions", entity_type="asset", entity_name="ethereum",
        published_at=TICK - ago, news_id=f"s{number}", source=source,
    )  # fmt: skip


# --- candles --------------------------------------------------------------------------------


def test_a_candle_is_the_first_highest_lowest_and_last_price_of_its_interval(
    ask: Caller, database: SqliteDatabase
) -> None:
    begin = TICK // HOUR * HOUR - HOUR
    ago = TICK - begin
    asset = insert_asset(
        database, 5, {ago: 10.0, ago - 900: 14.0, ago - 1800: 7.0, ago - 2700: 11.0, 0: 12.0}
    )
    candles = told(ask, asset, "&interval=1h").candles
    assert candles is not None
    assert (candles.interval, candles.window_seconds) == ("1h", HOUR)
    assert candles.bars[0] == (begin, 10.0, 14.0, 7.0, 11.0, 11.0e6)
    assert candles.bars[-1][4] == 12.0
    assert (candles.source, candles.observed_at) == ("coingecko", iso(TICK - 20))
    assert candles.age_seconds == int(NOW) - TICK + 20


@pytest.mark.parametrize(
    ("interval", "bars", "first"),
    [("15m", 121, TICK - 30 * HOUR), ("1h", 31, (TICK - 30 * HOUR) // HOUR * HOUR),
     ("1d", 2, (TICK - 30 * HOUR) // DAY * DAY)],
)  # fmt: skip
def test_every_interval_goes_back_as_far_as_there_are_prices(
    ask: Caller, interval: str, bars: int, first: int
) -> None:
    candles = told(ask, more=f"&interval={interval}").candles
    assert candles is not None
    assert (len(candles.bars), candles.bars[0][0]) == (bars, first)


def test_as_many_days_are_told_as_were_asked_for(ask: Caller) -> None:
    candles = told(ask, more="&interval=15m&days=1").candles
    assert candles is not None
    assert len(candles.bars) == 96


def test_an_asset_without_a_price_has_no_candles(ask: Caller, database: SqliteDatabase) -> None:
    asset = insert_asset(database, 5, {})
    answer = ask(f"{PATH}?asset_id={asset}")
    data = msgspec.json.decode(body(answer))["data"]
    assert data["candles"]["bars"] == []
    assert data["candles"]["observed_at"] is None


@pytest.mark.parametrize("wrong", ["interval=5m", "days=0", "days=366"])
def test_what_there_are_no_candles_of_is_refused(ask: Caller, wrong: str) -> None:
    assert kind(ask(f"{PATH}?asset_id=bitcoin&{wrong}"), 400)[0] == "invalid-parameter"


def test_an_asset_is_found_by_its_id_alone(ask: Caller) -> None:
    assert kind(ask(f"{PATH}?asset_id=BTC"), 404)[0] == "unknown-asset"


# --- mentions and relations -----------------------------------------------------------------


def test_mentions_are_counted_in_windows_with_their_mean_tone(
    ask: Caller, database: SqliteDatabase
) -> None:
    for number, (ago, tone) in enumerate(((60, 0.5), (120, -0.1), (DAY, 0.9))):
        insert_story(database, number, ago, tone)
    mentions = told(ask, "ethereum").mentions
    assert (mentions.n, mentions.window_seconds) == (3, 6 * HOUR)
    assert [(one.n, one.tone) for one in mentions.points] == [(1, 0.9), (2, 0.2)]
    assert mentions.sources == {"coindesk": 3}


@pytest.mark.parametrize("right", ["redistributable", "shared"])
def test_a_story_that_may_not_be_handed_on_is_not_told_nor_counted(
    ask: Caller, database: SqliteDatabase, right: str
) -> None:
    insert(
        database, "sources", source="not-ours", source_no=9, state="ok", last_tick=TICK,
        last_success=TICK, attribution="n", attribution_url="https://n.example", **{right: 0},
    )  # fmt: skip
    insert_story(database, 1, 60, 0.5, source="not-ours")
    view = told(ask, "ethereum")
    assert (view.mentions.n, view.news) == (0, [])


def test_a_repeated_story_is_a_mention_once(ask: Caller, database: SqliteDatabase) -> None:
    insert_story(database, 1, 60, 0.5)
    insert_story(database, 2, 30, 0.5, duplicate_of="s1")
    assert told(ask, "ethereum").mentions.n == 1


def test_an_asset_that_no_story_names_has_no_company(ask: Caller) -> None:
    assert told(ask, "ethereum").entity is None


def test_an_asset_is_told_with_whom_the_news_name_beside_it(ask: Caller) -> None:
    entity = told(ask).entity
    assert entity is not None
    assert [(one.kind, one.role, one.company.name, one.stories) for one in entity.relations] == [
        ("lists", "object", "Kraken", 1)
    ]
    assert entity.sources == ["coindesk"]


# --- correlation ----------------------------------------------------------------------------


def path(shape: Any, scale: float = 1.0) -> dict[int, float]:
    return {hours * HOUR: scale * math.exp(0.02 * shape(hours)) for hours in range(60)}


def test_an_asset_is_compared_with_the_largest_others_that_move(
    ask: Caller, database: SqliteDatabase
) -> None:
    database.connection.execute("DELETE FROM market_data")
    asset = insert_asset(database, 5, path(lambda h: math.sin(h)))
    insert_asset(database, 6, path(lambda h: math.sin(h), 900.0))
    insert_asset(database, 7, path(lambda h: -math.sin(h), 800.0))
    insert_asset(database, 8, path(lambda h: 0.001 * math.sin(h), 700.0))  # tied to a currency
    found = told(ask, asset).correlation
    assert [(one.asset_id, one.correlation) for one in found.companions] == [
        ("asset-6", 1.0), ("asset-7", -1.0),
    ]  # fmt: skip
    assert {one.n for one in found.companions} == {59}
    assert (found.source, found.window_seconds) == ("consensus", 7 * DAY)
    assert found.age_seconds == int(NOW) - TICK // HOUR * HOUR


def test_of_too_few_hours_no_correlation_is_told(ask: Caller, database: SqliteDatabase) -> None:
    asset = insert_asset(database, 5, {hours * HOUR: 1.0 + hours for hours in range(5)})
    found = told(ask, asset).correlation
    assert found.companions
    assert all(one.correlation is None and one.n < 24 for one in found.companions)


def test_the_view_is_one_round_trip_to_the_database(ask: Caller, database: SqliteDatabase) -> None:
    told(ask)
    before = database.round_trips
    told(ask, "ethereum")
    assert database.round_trips - before <= 2  # the other asks whether data changed
