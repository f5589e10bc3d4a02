"""States and series in SQLite: watermarks, shards, broken rows, versions, older ticks."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from signals import store
from signals.detectors import DETECTORS, price_anomaly, sentiment_shift, volume_spike
from signals.engine import Series, States
from signals.store import HISTORY_SECONDS, Loaded
from tests.signals.seeding import (
    START,
    STEP,
    add_asset,
    add_prices,
    add_stories,
    quiet,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

MARKET = (price_anomaly.DETECTOR, volume_spike.DETECTOR)
PRICE, VOLUME = price_anomaly.State, volume_spike.State


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def load(database: SqliteDatabase) -> Loaded:
    return asyncio.run(store.load_states(database, DETECTORS))


def series_of(
    database: SqliteDatabase,
    tick: int,
    marks: dict[str, int] | None = None,
    loaded: Loaded | None = None,
) -> list[Series]:
    known = loaded or Loaded({}, {}, [])
    return asyncio.run(store.load_series(database, tick, marks or {}, known))


def save(database: SqliteDatabase, tick: int, numbers: Sequence[int], changed: States) -> None:
    series = [Series(number, f"asset-{number}", "", [], []) for number in numbers]
    known = load(database).states
    full = {d.name: changed.get(d.name, {}) for d in DETECTORS}
    statements = store.save(tick, DETECTORS, series, known, full, [])
    asyncio.run(database.batch(statements))


def state_rows(database: SqliteDatabase, detector: str) -> dict[str, list[str]]:
    rows = database.rows(
        "SELECT series, state FROM detector_state WHERE detector = ? ORDER BY series", detector
    )
    return {series: sorted(msgspec.json.decode(text)) for series, text in rows}


def test_an_asset_is_read_on_from_the_oldest_state_of_its_market_detectors() -> None:
    states: States = {
        "price_anomaly": {"a": PRICE(time=900), "b": PRICE(time=900)},
        "volume_spike": {"a": VOLUME(time=600), "b": VOLUME(time=1800)},
        "sentiment_shift": {"a": sentiment_shift.State(time=5)},
    }
    assert store.watermarks(Loaded(states, {}, []), DETECTORS) == {"a": 600, "b": 900}


def test_an_asset_that_one_market_detector_does_not_know_is_read_from_its_history() -> None:
    states: States = {
        "price_anomaly": {"a": PRICE(time=900)},
        "volume_spike": {},
        "sentiment_shift": {"a": sentiment_shift.State(time=5)},
    }
    assert store.watermarks(Loaded(states, {}, []), DETECTORS) == {}


def test_without_a_market_detector_there_are_no_watermarks() -> None:
    only_news = (sentiment_shift.DETECTOR,)
    loaded = Loaded({"sentiment_shift": {"a": sentiment_shift.State(time=5)}}, {0: 5}, [])
    assert store.watermarks(loaded, only_news) == {}


def test_new_points_begin_with_the_last_one_seen_and_end_at_the_tick(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(10))
    add_asset(database, 2, quiet(10))
    tick = START + 7 * STEP
    one, two = series_of(database, tick, {"asset-1": START + 5 * STEP})
    assert [p.time for p in one.prices] == [START + n * STEP for n in (5, 6, 7)]
    assert [p.time for p in two.prices] == [START + n * STEP for n in range(8)]


def test_a_point_comes_with_everything_that_was_stored_of_it(database: SqliteDatabase) -> None:
    add_asset(database, 3, [101.25], volume=None)
    (one,) = series_of(database, START)
    assert (one.asset_no, one.asset_id, one.symbol) == (3, "asset-3", "ASSET-3")
    (point,) = one.prices
    assert (point.time, point.price, point.volume_24h) == (START, 101.25, None)
    assert (point.observed_at, point.source) == (START - 30, "coingecko")


def test_an_asset_without_a_state_learns_from_a_week(database: SqliteDatabase) -> None:
    count = HISTORY_SECONDS // STEP + 10
    add_asset(database, 1, quiet(count))
    tick = START + (count - 1) * STEP
    (one,) = series_of(database, tick)
    assert one.prices[0].time == tick - HISTORY_SECONDS


def test_an_asset_waits_until_its_history_is_loaded(database: SqliteDatabase) -> None:
    add_asset(database, 1, quiet(3))
    database.connection.execute("UPDATE assets SET history_from = NULL")
    assert series_of(database, START + 2 * STEP) == []


def test_stories_are_those_collected_since_in_the_order_of_publication(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(10))
    for index, tick in enumerate((START, START + 900, START + 1800, START + 2700)):
        add_stories(database, "asset-1", [0.1 * index], start=START - 60 * index, tick=tick)
    (one,) = series_of(database, START + 1800, loaded=Loaded({}, {0: START}, []))
    assert [(s.tick, s.time) for s in one.stories] == [
        (START + 1800, START - 120),
        (START + 900, START - 60),
    ]


def test_one_assets_unreadable_row_does_not_cost_the_others_their_points(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(3))
    add_asset(database, 2, quiet(3))
    database.connection.execute(
        "UPDATE market_data SET observed_at = 'soon' WHERE asset_id = 'asset-1' AND timestamp = ?",
        (START,),
    )
    loaded = load(database)
    found = series_of(database, START + 2 * STEP, loaded=loaded)
    assert [one.asset_id for one in found] == ["asset-2"]
    assert loaded.broken == ["series/asset-1"]


def test_sixty_four_assets_share_a_row(database: SqliteDatabase) -> None:
    numbers = [0, 63, 64, 200]
    save(database, START, numbers, {
        "price_anomaly": {f"asset-{n}": PRICE(time=START) for n in numbers},
    })  # fmt: skip
    assert state_rows(database, "price_anomaly") == {
        "0": ["asset-0", "asset-63"],
        "1": ["asset-64"],
        "3": ["asset-200"],
    }


def test_a_changed_state_takes_its_unchanged_neighbours_along(database: SqliteDatabase) -> None:
    save(database, START, [1, 2, 70], {
        "price_anomaly": {f"asset-{n}": PRICE(time=START, price=5.0) for n in (1, 2, 70)},
    })  # fmt: skip
    later = START + STEP
    save(database, later, [1, 2, 70], {"price_anomaly": {"asset-2": PRICE(time=later)}})
    states = load(database).states["price_anomaly"]
    assert states["asset-1"] == PRICE(time=START, price=5.0)
    assert states["asset-2"] == PRICE(time=later)
    ticks = database.rows(
        "SELECT series, tick FROM detector_state WHERE detector = 'price_anomaly' ORDER BY series"
    )
    assert ticks == [("0", later), ("1", START)], "an untouched shard is not written"


def test_states_come_back_as_they_were_stored(database: SqliteDatabase) -> None:
    kept = sentiment_shift.State(START, ((START - 60, -0.4215),), 0.1, 0.2, 7, -1)
    save(database, START, [1], {"sentiment_shift": {"asset-1": kept}})
    loaded = load(database)
    assert loaded.states["sentiment_shift"] == {"asset-1": kept}
    assert (loaded.stories_read, loaded.broken) == ({0: START}, [])


def test_an_older_tick_never_overwrites_a_newer_state(database: SqliteDatabase) -> None:
    save(database, START, [1], {"price_anomaly": {"asset-1": PRICE(time=START)}})
    save(database, START - STEP, [1], {"price_anomaly": {"asset-1": PRICE(time=START - STEP)}})
    assert load(database).states["price_anomaly"]["asset-1"].time == START
    assert database.rows("SELECT DISTINCT tick FROM detector_state") == [(START,)]


def test_a_corrupt_row_is_named_and_the_others_are_read(database: SqliteDatabase) -> None:
    numbers = [1, 70]
    save(database, START, numbers, {
        "price_anomaly": {f"asset-{n}": PRICE(time=START) for n in numbers},
    })  # fmt: skip
    for garbage in ("{", '{"asset-1": [1, 2, "x"]}', "[]", ""):
        database.connection.execute(
            "UPDATE detector_state SET state = ? WHERE series = '0' AND detector = 'price_anomaly'",
            (garbage,),
        )
        loaded = load(database)
        assert loaded.broken == ["price_anomaly/0"]
        assert list(loaded.states["price_anomaly"]) == ["asset-70"]


def test_the_state_of_another_version_is_no_state(database: SqliteDatabase) -> None:
    save(database, START, [1], {"price_anomaly": {"asset-1": PRICE(time=START)}})
    database.connection.execute("UPDATE detector_state SET version = version + 1")
    loaded = load(database)
    assert (loaded.states["price_anomaly"], loaded.broken) == ({}, [])


def test_the_row_of_another_version_is_replaced_even_by_an_older_tick(
    database: SqliteDatabase,
) -> None:
    save(database, START, [1], {"price_anomaly": {"asset-1": PRICE(time=START)}})
    database.connection.execute("UPDATE detector_state SET version = version + 1")
    save(database, START - STEP, [1], {"price_anomaly": {"asset-1": PRICE(time=START - STEP)}})
    assert load(database).states["price_anomaly"] == {"asset-1": PRICE(time=START - STEP)}


def test_the_state_of_a_detector_that_is_gone_is_left_alone(database: SqliteDatabase) -> None:
    database.connection.execute(
        "INSERT INTO detector_state VALUES ('gone', '0', 1, ?, '{\"a\": [1]}')", (START,)
    )
    loaded = load(database)
    assert set(loaded.states) == {detector.name for detector in DETECTORS}


def test_an_asset_whose_volume_nobody_reports_is_not_read_from_the_start_at_every_tick(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(100), volume=None)
    run_detection(database, START + 99 * STEP)
    add_prices(database, 1, "asset-1", [100.0], start=START + 100 * STEP, volume=None)
    marks = store.watermarks(load(database), DETECTORS)
    (one,) = series_of(database, START + 100 * STEP, marks)
    assert len(one.prices) == 2


def test_an_unreadable_news_shard_is_rebuilt_from_a_week_of_stories_and_no_other_is(
    database: SqliteDatabase,
) -> None:
    for number in (1, 70):
        add_asset(database, number, quiet(3))
        add_stories(database, f"asset-{number}", [0.5], start=START - 600, tick=START)
    loaded = Loaded({}, {1: START}, ["sentiment_shift/0"])
    one, other = series_of(database, START + STEP, loaded=loaded)
    assert [story.tick for story in one.stories] == [START]
    assert other.stories == []


def test_a_news_shard_without_a_new_story_has_still_read_up_to_the_tick(
    database: SqliteDatabase,
) -> None:
    save(database, START, [1, 70], {})
    assert load(database).stories_read == {0: START, 1: START}
