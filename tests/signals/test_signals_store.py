"""States and new points in SQLite: watermarks, shards, broken rows, versions, older ticks."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from signals.detectors import DETECTORS, price_anomaly, sentiment_shift, volume_spike
from signals.engine import Kept, States
from signals.series import MARKET_NUMBER, NEWS_FRESH, Asset
from signals.store import judging, points, readings, states
from signals.store.points import HISTORY_SECONDS
from signals.store.readings import READINGS_NUMBER
from signals.store.states import Loaded
from signals.trigger import Status
from tests.signals.seeding import (
    START,
    STEP,
    add_asset,
    add_prices,
    add_readings,
    add_stories,
    insert_source,
    quiet,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

MARKET = [one.name for one in DETECTORS if one.input == "market"]
PRICE, VOLUME = price_anomaly.State, volume_spike.State


def kept(**states: Any) -> dict[str, Kept[Any]]:
    """States of series, with triggers that are at rest."""
    return {key.replace("_", "-"): Kept(Status(), state) for key, state in states.items()}


def alike(times: Mapping[str, int], detector: str) -> dict[str, Kept[Any]]:
    (one,) = (one for one in DETECTORS if one.name == detector)
    return {key: Kept(Status(), one.state(time=time)) for key, time in times.items()}


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def load(database: SqliteDatabase) -> Loaded:
    return asyncio.run(states.load_states(database, DETECTORS))


def assets_of(
    database: SqliteDatabase,
    tick: int,
    marks: dict[str, int] | None = None,
    loaded: Loaded | None = None,
) -> list[Asset]:
    known = loaded or Loaded({}, {}, [])
    return asyncio.run(points.load_assets(database, tick, marks or {}, known))


def save(database: SqliteDatabase, tick: int, numbers: Sequence[int], changed: States) -> None:
    by_key = {f"asset-{number}": number for number in numbers}
    full = {one.name: changed.get(one.name, {}) for one in DETECTORS}
    statements = states.save_states(tick, DETECTORS, by_key, load(database), full)
    asyncio.run(database.batch(statements))


def news_read(shards: dict[int, int]) -> Loaded:
    return Loaded({}, {"sentiment_shift": shards}, [])


def state_rows(database: SqliteDatabase, detector: str) -> dict[str, list[str]]:
    rows = database.rows(
        "SELECT series, state FROM detector_state WHERE detector = ? ORDER BY series", detector
    )
    return {series: sorted(msgspec.json.decode(text)) for series, text in rows}


def marks(loaded: Loaded, tick: int = START) -> dict[str, int]:
    return points.watermarks(loaded, DETECTORS, tick)


def test_an_asset_is_read_on_from_the_oldest_state_of_its_market_detectors() -> None:
    at = {"a": START - 300, "b": START - 600}
    of: States = {name: alike(at, name) for name in MARKET}
    of["depeg"] = alike({"a": START - 1800, "b": START - 600}, "depeg")
    of["sentiment_shift"] = alike({"a": 5}, "sentiment_shift")
    loaded = Loaded(of, {"source_trouble": {0: START}}, [], {"a": 0, "b": 0})
    assert marks(loaded) == {"a": START - 1800, "b": START - 600}


def test_an_asset_that_one_market_detector_does_not_know_is_read_from_its_history() -> None:
    of: States = {name: alike({"a": START - 300}, name) for name in MARKET} | {"depeg": {}}
    assert marks(Loaded(of, {"source_trouble": {0: START}}, [], {"a": 0})) == {}


def test_an_asset_whose_sources_row_is_gone_is_read_from_its_history() -> None:
    of: States = {name: alike({"a": START - 300, "b": START - 300}, name) for name in MARKET}
    loaded = Loaded(of, {"source_trouble": {1: START}}, [], {"a": 0, "b": 1})
    assert marks(loaded) == {"b": START - 300}


def test_an_asset_that_was_silent_for_long_is_read_from_a_week_ago() -> None:
    of: States = {name: alike({"a": START - 9 * HISTORY_SECONDS}, name) for name in MARKET}
    loaded = Loaded(of, {"source_trouble": {0: START}}, [], {"a": 0})
    assert marks(loaded) == {"a": START - HISTORY_SECONDS}


def test_without_a_market_detector_there_are_no_watermarks() -> None:
    loaded = Loaded({"sentiment_shift": alike({"a": 5}, "sentiment_shift")}, {}, [])
    assert points.watermarks(loaded, (sentiment_shift.DETECTOR,), START) == {}


def test_new_points_begin_with_the_last_one_seen_and_end_at_the_tick(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(10))
    add_asset(database, 2, quiet(10))
    tick = START + 7 * STEP
    one, two = assets_of(database, tick, {"asset-1": START + 5 * STEP})
    assert [p.time for p in one.prices] == [START + n * STEP for n in (5, 6, 7)]
    assert [p.time for p in two.prices] == [START + n * STEP for n in range(8)]


def test_a_point_comes_with_everything_that_was_stored_of_it(database: SqliteDatabase) -> None:
    add_asset(database, 3, [101.25], volume=None)
    (one,) = assets_of(database, START)
    assert (one.number, one.asset_id, one.symbol) == (3, "asset-3", "ASSET-3")
    (point,) = one.prices
    assert (point.time, point.price, point.volume_24h) == (START, 101.25, None)
    assert (point.observed_at, point.source) == (START - 30, "coingecko")


def test_an_asset_without_a_state_learns_from_a_week(database: SqliteDatabase) -> None:
    count = HISTORY_SECONDS // STEP + 10
    add_asset(database, 1, quiet(count))
    tick = START + (count - 1) * STEP
    (one,) = assets_of(database, tick)
    assert one.prices[0].time == tick - HISTORY_SECONDS


def test_an_asset_waits_until_its_history_is_loaded(database: SqliteDatabase) -> None:
    add_asset(database, 1, quiet(3))
    database.connection.execute("UPDATE assets SET history_from = NULL")
    assert assets_of(database, START + 2 * STEP) == []


def test_stories_are_those_collected_since_in_the_order_of_collecting(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, quiet(10))
    for index, tick in enumerate((START, START + 900, START + 1800, START + 2700)):
        add_stories(database, "asset-1", [0.1 * index], start=START - 60 * index, tick=tick)
    later = START + NEWS_FRESH  # those of the last hours come again, as evidence
    (one,) = assets_of(database, START + 1800, loaded=news_read({0: later}))
    assert [(s.tick, s.time) for s in one.stories] == [
        (START + 900, START - 60),
        (START + 1800, START - 120),
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
    found = assets_of(database, START + 2 * STEP, loaded=loaded)
    assert [one.asset_id for one in found] == ["asset-2"]
    assert loaded.broken == ["series/asset-1"]


def test_sixty_four_assets_share_a_row(database: SqliteDatabase) -> None:
    numbers = [0, 63, 64, 200]
    save(database, START, numbers, {
        "price_anomaly": alike({f"asset-{n}": START for n in numbers}, "price_anomaly"),
    })  # fmt: skip
    assert state_rows(database, "price_anomaly") == {
        "0": ["asset-0", "asset-63"],
        "1": ["asset-64"],
        "3": ["asset-200"],
    }


@pytest.mark.parametrize("numbers", [[1, 2, 70], [2]])
def test_a_changed_state_takes_its_unchanged_neighbours_along(
    database: SqliteDatabase, numbers: list[int]
) -> None:
    """Those too of which nothing is new, or nothing can be read, at this tick."""
    first = alike({f"asset-{n}": START for n in (1, 2, 70)}, "price_anomaly")
    save(database, START, [1, 2, 70], {"price_anomaly": first})
    later = START + STEP
    save(database, later, numbers, {"price_anomaly": kept(asset_2=PRICE(time=later))})
    now = load(database).states["price_anomaly"]
    assert now["asset-1"] == first["asset-1"]
    assert now["asset-2"] == Kept(Status(), PRICE(time=later))
    ticks = database.rows(
        "SELECT series, tick FROM detector_state WHERE detector = 'price_anomaly' ORDER BY series"
    )
    assert ticks == [("0", later), ("1", START)], "an untouched shard is not written"


def test_states_come_back_as_they_were_stored(database: SqliteDatabase) -> None:
    state = sentiment_shift.State(START, ((START - 60, -0.4215, 77),), 0.1, 0.2, 7)
    mine = {"asset-1": Kept(Status(-1, START - 60), state)}
    save(database, START, [1], {"sentiment_shift": mine})
    loaded = load(database)
    assert loaded.states["sentiment_shift"] == mine
    assert (loaded.read["sentiment_shift"], loaded.broken) == ({0: START}, [])
    assert (loaded.shards, loaded.lost) == ({"asset-1": 0}, set())


def test_a_series_was_watched_when_any_detector_has_a_state_of_it(
    database: SqliteDatabase,
) -> None:
    save(database, START, [1], {"price_anomaly": kept(asset_1=PRICE(time=START))})
    loaded = load(database)
    assert loaded.was_watched("asset-1", 1)
    assert not loaded.was_watched("asset-2", 2)


@pytest.mark.parametrize("damage", ["state = '{'", "version = version + 1"])
def test_nobody_knows_which_series_a_lost_row_held(database: SqliteDatabase, damage: str) -> None:
    save(database, START, [1], {"price_anomaly": kept(asset_1=PRICE(time=START))})
    database.connection.execute(f"UPDATE detector_state SET {damage}")
    loaded = load(database)
    assert loaded.was_watched("asset-2", 2)
    assert not loaded.was_watched("asset-70", 70)


def test_an_older_tick_never_overwrites_a_newer_state(database: SqliteDatabase) -> None:
    save(database, START, [1], {"price_anomaly": kept(asset_1=PRICE(time=START))})
    save(database, START - STEP, [1], {"price_anomaly": kept(asset_1=PRICE(time=START - STEP))})
    assert load(database).states["price_anomaly"]["asset-1"].state.time == START
    assert database.rows("SELECT DISTINCT tick FROM detector_state") == [(START,)]


def test_a_corrupt_row_is_named_and_the_others_are_read(database: SqliteDatabase) -> None:
    numbers = [1, 70]
    at = {f"asset-{n}": START for n in numbers}
    save(database, START, numbers, {"price_anomaly": alike(at, "price_anomaly")})
    for garbage in ("{", '{"asset-1": [1, 2, "x"]}', "[]", ""):
        database.connection.execute(
            "UPDATE detector_state SET state = ? WHERE series = '0' AND detector = 'price_anomaly'",
            (garbage,),
        )
        loaded = load(database)
        assert loaded.broken == ["price_anomaly/0"]
        assert list(loaded.states["price_anomaly"]) == ["asset-70"]


def test_the_state_of_another_version_is_no_state(database: SqliteDatabase) -> None:
    save(database, START, [1], {"price_anomaly": kept(asset_1=PRICE(time=START))})
    database.connection.execute("UPDATE detector_state SET version = version + 1")
    loaded = load(database)
    assert (loaded.states["price_anomaly"], loaded.broken) == ({}, [])


def test_the_row_of_another_version_is_replaced_even_by_an_older_tick(
    database: SqliteDatabase,
) -> None:
    save(database, START, [1], {"price_anomaly": kept(asset_1=PRICE(time=START))})
    database.connection.execute("UPDATE detector_state SET version = version + 1")
    older = kept(asset_1=PRICE(time=START - STEP))
    save(database, START - STEP, [1], {"price_anomaly": older})
    assert load(database).states["price_anomaly"] == older


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
    known = marks(load(database), START + 100 * STEP)
    (one,) = assets_of(database, START + 100 * STEP, known)
    assert len(one.prices) == 2


def test_an_unreadable_news_shard_is_rebuilt_from_a_week_of_stories_and_no_other_is(
    database: SqliteDatabase,
) -> None:
    for number in (1, 70):
        add_asset(database, number, quiet(3))
        add_stories(database, f"asset-{number}", [0.5], start=START - 600, tick=START)
    read = news_read({1: START + NEWS_FRESH})
    one, other = assets_of(database, START + STEP, loaded=read)
    assert [story.tick for story in one.stories] == [START]
    assert other.stories == []


def test_a_news_shard_without_a_new_story_has_still_read_up_to_the_tick(
    database: SqliteDatabase,
) -> None:
    save(database, START, [1, 70], {})
    assert load(database).read["sentiment_shift"] == {0: START, 1: START}


def test_readings_and_the_market_have_no_news_to_read(database: SqliteDatabase) -> None:
    add_asset(database, 1, quiet(3))
    add_readings(database, 5, [1e7, 1e7], start=START, step=STEP)
    run_detection(database, START + STEP)
    assert set(state_rows(database, "sentiment_shift")) == {"0"}
    assert set(state_rows(database, "price_anomaly")) == {"0", str(MARKET_NUMBER >> 6)}
    assert set(state_rows(database, "tvl_outflow")) == {str((READINGS_NUMBER + 5) >> 6)}


def test_new_readings_come_with_the_last_one_before_them(database: SqliteDatabase) -> None:
    add_readings(database, 5, [1.0, 2.0, 3.0, 4.0])
    add_readings(database, 6, [9.0])
    add_readings(database, 7, [8.0] * 4, kind="yield")
    last, now = START + 3600, START + 2 * 3600
    [(one, read)] = asyncio.run(readings.load_readings(database, "protocol_tvl", last, now))
    assert (one.number, one.key) == (READINGS_NUMBER + 5, "protocol_tvl:protocol-5")
    assert (one.asset_id, one.symbol) == ("protocol_tvl:protocol-5", "Protocol-5")
    assert [(r.time - START, r.value, r.source) for r in read] == [
        (3600, 2.0, "defillama"), (7200, 3.0, "defillama"),
    ]  # fmt: skip


def test_the_readings_of_some_shards_leave_out_the_others(database: SqliteDatabase) -> None:
    for number in (5, 63, 64, 200):
        add_readings(database, number, [1.0, 2.0])
    rows = readings.load_readings(database, "protocol_tvl", START - 60, START + 3600, "[0, 3]")
    assert [one.number - READINGS_NUMBER for one, _ in asyncio.run(rows)] == [5, 63, 200]


def test_what_may_not_be_handed_on_is_no_evidence(database: SqliteDatabase) -> None:
    add_asset(database, 1, [100.0])
    insert_source(database, 2, "secretive")
    add_prices(database, 1, "asset-1", [101.0], start=START, source_no=2, source="secretive")
    database.connection.execute("UPDATE sources SET redistributable = 0 WHERE source_no = 2")
    (one,) = assets_of(database, START)
    assert [price.source for price in one.prices] == ["coingecko"]
    assert [quote.source for _, said in one.quotes for quote in said] == ["coingecko"]


def test_the_price_of_record_is_the_consensus_and_every_source_is_heard(
    database: SqliteDatabase,
) -> None:
    add_asset(database, 1, [100.0])
    insert_source(database, 2, "kraken")
    add_prices(database, 1, "asset-1", [102.0], start=START, source_no=2, source="kraken")
    add_prices(database, 1, "asset-1", [101.0], start=START, source_no=31, source="consensus")
    (one,) = assets_of(database, START)
    assert [(price.source, price.price) for price in one.prices] == [("consensus", 101.0)]
    [(time, said)] = one.quotes
    assert (time, [quote.source for quote in said]) == (START, ["coingecko", "kraken"])


def test_what_is_read_has_fifteen_digits_whatever_sqlite_makes_of_them_in_json(
    database: SqliteDatabase,
) -> None:
    """JSON has 15 digits of a REAL before SQLite 3.53, and 17 since."""
    long, short = 0.1 + 0.2, 0.3
    assert (float(f"{long:.15g}"), long) == (short, 0.30000000000000004)
    add_asset(database, 1, [long], volume=long)
    database.connection.execute("UPDATE market_data SET market_cap = ?", (97123.45678901234,))
    (one,) = assets_of(database, START)
    assert (one.prices[0].price, one.prices[0].volume_24h) == (short, short)
    assert one.prices[0].market_cap == 97123.456789012296
    key = add_readings(database, 5, [long])
    [(_, read)] = asyncio.run(readings.load_readings(database, "protocol_tvl", START - 60, START))
    assert read[0].value == short
    for subject in ("asset-1", key):
        (step,) = asyncio.run(judging.load_path(database, subject, START - 60, START))
        assert step.value == short
    sql = f"SELECT {points.same('?1')}"
    told = [database.rows(sql, value)[0][0] for value in (long, 1e300, 1e-300, 5e12, 0.0, None)]
    assert told == [short, 1e300, 1e-300, 5e12, 0.0, None]
