"""The overview: what the map and the movers are made of, why things moved, and the mood."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.views.overview import Overview
from api.views.overview import LARGEST, LEAST_VOLUME, MOVERS
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_signal
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/dashboard/overview"
HOUR, DAY = 3600, 86_400


def told(ask: Caller) -> Overview:
    """Decode the answer as strictly as it is documented."""
    data = msgspec.json.decode(body(ask(PATH)), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=Overview, strict=True)


def insert_asset(
    database: SqliteDatabase, number: int, *, cap: float, volume: float | None = 2e6,
    change: float = 0.0, since: int = DAY,
) -> str:  # fmt: skip
    """Insert an asset that moved by `change` percent within `since` seconds; return its id."""
    asset = f"asset-{number}"
    insert(database, "assets", asset_no=number, asset_id=asset, symbol=f"A{number}", name=asset)
    for time, price in ((TICK - since, 100.0), (TICK, 100.0 + change)):
        insert(
            database, "market_data", id=number << 31 | time // 60 << 5 | 1, asset_id=asset,
            symbol=f"A{number}", price=price, volume_24h=volume, market_cap=cap, timestamp=time,
            source="coingecko", observed_at=time - 20,
        )  # fmt: skip
    return asset


@pytest.fixture
def many(database: SqliteDatabase) -> SqliteDatabase:
    """Give the market more assets than the map shows, that stand still."""
    for number in range(10, 10 + LARGEST + 20):
        insert_asset(database, number, cap=1e9 - number * 1e6)
    return database


def ids(ask: Caller) -> set[str]:
    return {one.asset_id for one in told(ask).assets}


def test_only_the_largest_assets_are_told_and_all_are_counted(
    ask: Caller, many: SqliteDatabase
) -> None:
    view = told(ask)
    assert len(view.assets) == LARGEST
    assert view.breadth.assets == LARGEST + 22
    caps = [one.market_cap or 0 for one in view.assets]
    assert caps == sorted(caps, reverse=True)
    assert (view.breadth.up, view.breadth.down) == (1, 1), "bitcoin rose and ethereum fell"


@pytest.mark.parametrize("since", [HOUR, DAY, 7 * DAY])
@pytest.mark.parametrize("change", [40.0, -40.0])
def test_a_small_asset_that_moved_most_in_a_window_is_told_with_its_prices(
    ask: Caller, many: SqliteDatabase, since: int, change: float
) -> None:
    asset = insert_asset(many, 900, cap=1e5, change=change, since=since)
    view = told(ask)
    assert asset in {one.asset_id for one in view.assets}
    assert view.sparklines[asset][-1] == 100.0 + change
    assert len(view.sparklines) <= 3, "of those that stand still nothing is drawn"


@pytest.mark.parametrize("volume", [LEAST_VOLUME - 1.0, None])
def test_an_asset_that_hardly_anybody_trades_is_no_mover(
    ask: Caller, many: SqliteDatabase, volume: float | None
) -> None:
    insert_asset(many, 900, cap=1e5, volume=volume, change=300.0)
    assert "asset-900" not in ids(ask)
    assert told(ask).least_volume == LEAST_VOLUME


def test_no_more_movers_are_told_than_are_shown(ask: Caller, many: SqliteDatabase) -> None:
    moved = [insert_asset(many, 900 + step, cap=1e4, change=10.0 + step) for step in range(9)]
    assert ids(ask) & {*moved} == {*moved[-MOVERS:]}


def test_what_fired_on_a_shown_asset_is_its_reason(ask: Caller, many: SqliteDatabase) -> None:
    asset = insert_asset(many, 900, cap=1e5, change=40.0)
    insert_signal(many, 0, id=f"{TICK}-pump-{asset}", asset_id=asset, type="pump",
                  created_at=TICK, explanation="It rose 40 %.")  # fmt: skip
    insert_signal(many, 0, id=f"{TICK}-pump-asset-129", asset_id="asset-129", created_at=TICK)
    reasons = told(ask).reasons
    assert (reasons[asset].type, reasons[asset].explanation) == ("pump", "It rose 40 %.")
    assert "asset-129" not in reasons, "it is not shown"


def test_signals_of_a_day_are_counted_with_their_assets(ask: Caller, many: SqliteDatabase) -> None:
    view = told(ask)
    counted = many.rows(
        "SELECT count(*), count(DISTINCT asset_id) FROM signals WHERE created_at > ?", TICK - DAY
    )
    assert [(view.signals_24h, view.signalled_24h)] == counted


# --- the mood -------------------------------------------------------------------------------


def insert_story(database: SqliteDatabase, name: str, tone: float, ago: int, **more: Any) -> None:
    values: dict[str, Any] = {
        "news_id": name, "source": "coindesk", "title": name, "url": f"https://n.example/{name}",
        "published_at": TICK - ago, "tick": TICK - ago // 900 * 900, "sentiment": tone,
        "sentiment_model": "headlines-1",
    }  # fmt: skip
    insert(database, "news_items", **values | more)


def test_the_mood_is_the_mean_tone_of_a_days_stories_beside_the_day_before(
    ask: Caller, database: SqliteDatabase
) -> None:
    database.connection.execute("UPDATE news_items SET sentiment = NULL")
    insert_story(database, "good", 0.5, 600)
    insert_story(database, "bad", -0.1, 5 * HOUR)
    insert_story(database, "older", -0.4, DAY + HOUR)
    insert_story(database, "oldest", 1.0, 2 * DAY + HOUR)
    mood = told(ask).sentiment
    assert (mood.tone, mood.n, mood.sources) == (0.2, 2, {"coindesk": 2})
    assert (mood.before.tone, mood.before.n) == (-0.4, 1)
    assert mood.age_seconds == int(NOW) - TICK + 600
    assert [(point.tone, point.n) for point in mood.points] == [(-0.1, 1), (0.5, 1)]


@pytest.mark.parametrize("right", ["redistributable", "shared"])
def test_a_story_that_may_not_be_handed_on_and_one_that_repeats_another_set_no_mood(
    ask: Caller, database: SqliteDatabase, right: str
) -> None:
    database.connection.execute("UPDATE news_items SET sentiment = NULL")
    insert(database, "sources", source_no=9, source="theirs", state="ok", last_tick=TICK,
           attribution="", attribution_url="", **{right: 0})  # fmt: skip
    insert_story(database, "one", 0.5, 600)
    insert_story(database, "again", -1.0, 300, duplicate_of="one")
    insert_story(database, "theirs", -1.0, 300, source="theirs")
    mood = told(ask).sentiment
    assert (mood.tone, mood.n) == (0.5, 1)


def test_a_day_without_stories_has_no_mood(ask: Caller, database: SqliteDatabase) -> None:
    database.connection.execute("UPDATE news_items SET sentiment = NULL")
    mood = told(ask).sentiment
    assert (mood.tone, mood.n, mood.points, mood.age_seconds) == (None, 0, [], None)


def test_the_overview_of_an_empty_database_is_an_answer() -> None:
    empty = Caller(SqliteDatabase())
    data = msgspec.json.decode(body(empty(PATH, key=None, principal=GUEST)))["data"]
    assert (data["assets"], data["breadth"]) == ([], {"assets": 0, "up": 0, "down": 0})
