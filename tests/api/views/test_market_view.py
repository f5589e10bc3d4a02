"""The market view: every asset by columns, and what fired on it."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.common import Confidence
from api.shapes.views.market import MarketView
from common.views import may_be_told
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price, insert_signal
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/dashboard/market"
HOUR, DAY, WEEK = 3600, 86_400, 604_800


def told(ask: Caller) -> MarketView:
    """Decode the answer as strictly as it is documented."""
    data = msgspec.json.decode(body(ask(PATH)), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=MarketView, strict=True)


def rows(ask: Caller) -> dict[str, dict[str, Any]]:
    columns = msgspec.structs.asdict(told(ask).columns)
    named = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {row["asset_id"]: row for row in named}


def price_at(database: SqliteDatabase, price: float, time: int) -> None:
    """Give an asset of its own a price."""
    insert_price(database, 9, "week", "WEEK", price, time)


@pytest.fixture
def new(database: SqliteDatabase) -> SqliteDatabase:
    insert(database, "assets", asset_no=9, asset_id="week", symbol="WEEK", name="Week")
    return database


def test_a_row_says_what_the_list_of_assets_says_of_it(ask: Caller) -> None:
    for listed in ask.data("/api/v1/market-data?limit=250"):
        row = rows(ask)[listed["asset_id"]]
        assert {k: row[k] for k in listed if k in row and k != "source"} == {
            k: v for k, v in listed.items() if k not in ("source", "observed_at")
        }
        assert told(ask).source_names[row["source"]] == listed["source"]


def test_rows_come_in_the_order_of_the_market_the_largest_first(ask: Caller) -> None:
    listed = ask.data("/api/v1/market-data?limit=250")
    assert list(rows(ask)) == [one["asset_id"] for one in listed]


def test_every_row_has_a_source_an_age_and_units(ask: Caller) -> None:
    view = msgspec.json.decode(body(ask(PATH)))
    numbers = {name for name, values in view["data"]["columns"].items()
               if not isinstance(values[0], str)}  # fmt: skip
    assert numbers - view["meta"]["units"].keys() == {"source"}
    assert rows(ask)["bitcoin"]["age_seconds"] == int(NOW) - TICK + 20


def test_an_asset_of_several_sources_says_how_many_may_be_told(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(database, "sources", source_no=9, source="theirs", state="ok", last_tick=TICK,
           attribution="", attribution_url="", redistributable=0)  # fmt: skip
    insert_price(database, 1, "bitcoin", "BTC", 1031.0, TICK, source_no=31, source="consensus")
    database.connection.execute(
        'UPDATE market_data SET inputs = \'{"used":{"coingecko":1,"coindesk":1,"theirs":1}}\''
        " WHERE source = 'consensus'"
    )
    assert rows(ask)["bitcoin"]["sources"] == 2
    assert rows(ask)["ethereum"]["sources"] == 1
    assert "theirs" not in body(ask(PATH))


def test_the_change_of_a_week_compares_with_the_newest_price_that_is_a_week_old(
    ask: Caller, new: SqliteDatabase
) -> None:
    for price, time in ((50.0, TICK - WEEK - 900), (80.0, TICK - WEEK), (90.0, TICK - WEEK + 900)):
        price_at(new, price, time)
    price_at(new, 100.0, TICK)
    assert rows(ask)["week"]["change_7d"] == 25.0


def test_a_price_that_is_more_than_a_day_too_old_is_not_compared_with(
    ask: Caller, new: SqliteDatabase
) -> None:
    price_at(new, 50.0, TICK - WEEK - DAY - 900)
    price_at(new, 100.0, TICK)
    assert rows(ask)["week"]["change_7d"] is None


def test_a_trend_goes_from_the_lowest_to_the_highest_with_gaps_where_nothing_was(
    ask: Caller, new: SqliteDatabase
) -> None:
    for price, hours in ((10.0, 24), (20.0, 12), (15.0, 6), (12.0, 0)):
        price_at(new, price, TICK - hours * HOUR)
    trend = rows(ask)["week"]["trend"]
    assert len(trend) == 13
    heights = {place: ord(one) - 35 for place, one in enumerate(trend) if one != " "}
    assert heights == {0: 0, 6: 56, 9: 28, 12: 11}


def test_a_price_that_stands_still_has_a_trend_in_the_middle(
    ask: Caller, new: SqliteDatabase
) -> None:
    for hours in (2, 0):
        price_at(new, 7.0, TICK - hours * HOUR)
    assert set(rows(ask)["week"]["trend"]) == {" ", chr(35 + 28)}


def test_what_fired_within_a_day_is_told_with_how_far_to_believe_it(
    ask: Caller, database: SqliteDatabase
) -> None:
    calibration = (
        '{"direction":"down","claim":{"horizon":14400},"calibration":'
        '{"p":0.4,"n":80,"hits":32,"base_rate":0.2,"edge":true,"note":""}}'
    )
    newest = insert_signal(database, 0, id=f"{TICK}-pump-bitcoin", type="pump", created_at=TICK,
                           metadata=calibration, explanation="BTC fell.")  # fmt: skip
    insert_signal(database, 0, id=f"{TICK - DAY}-pump-ethereum", asset_id="gone",
                  created_at=TICK - DAY)  # fmt: skip
    signals = told(ask).signals
    assert "gone" not in signals, "a day ago is not within the day"
    fired = signals["bitcoin"]
    assert (fired.signal_id, fired.type, fired.direction) == (newest, "pump", "down")
    assert (fired.explanation, fired.horizon_seconds) == ("BTC fell.", 14_400)
    assert fired.calibration == Confidence(p=0.4, n=80, hits=32, base_rate=0.2, edge=True, note="")
    since = "SELECT count(*) FROM signals WHERE asset_id = 'bitcoin' AND created_at > ?"
    assert [(fired.signals_24h,)] == database.rows(since, TICK - DAY)


def test_a_signal_that_is_over_lasts_no_longer(ask: Caller, database: SqliteDatabase) -> None:
    before = told(ask).signals["bitcoin"].lasting
    insert_signal(database, 0, id=f"{TICK}-pump-bitcoin", created_at=TICK, ended_at=TICK)
    ask.fresh()
    fired = told(ask).signals["bitcoin"]
    assert (fired.lasting, fired.ended_at is not None) == (before, True)


@pytest.mark.parametrize("right", ["redistributable", "shared"])
def test_a_price_that_may_not_be_handed_on_is_in_no_column(
    ask: Caller, new: SqliteDatabase, right: str
) -> None:
    assert right in may_be_told("m")
    insert(new, "sources", source_no=9, source="theirs", state="ok", last_tick=TICK,
           attribution="", attribution_url="", **{right: 0})  # fmt: skip
    insert_price(new, 9, "week", "WEEK", 1.0, TICK - 4 * HOUR)
    for hours in (0, 2):
        insert_price(new, 9, "week", "WEEK", 777.0, TICK - hours * HOUR, source_no=9,
                     source="theirs")  # fmt: skip
    row = rows(ask)["week"]
    assert (row["price"], row["trend"].strip()) == (1.0, chr(35 + 28))


def test_the_market_is_one_statement(ask: Caller, database: SqliteDatabase) -> None:
    ask(PATH)  # the key is looked up once
    ask.fresh()
    before = database.round_trips
    assert ask(PATH).status == 200
    assert database.round_trips - before <= 2, "one, and the version of the data"


def test_the_market_of_an_empty_database_is_an_answer() -> None:
    empty = Caller(SqliteDatabase())
    assert msgspec.json.decode(body(empty(PATH, key=None, principal=GUEST)))["data"][
        "columns"
    ]["asset_id"] == []  # fmt: skip
