"""A tick of detection over a seeded database: repeated, interrupted, concurrent, large."""

import asyncio
import math

import msgspec
import pytest

from common.errors import Conflict
from common.log import Logger
from signals.detectors import DETECTORS
from signals.pipeline import ATTEMPTS, MOST_ROUNDS, detect
from signals.store import points
from signals.store.results import ANNOUNCED_SECONDS
from tests.signals.seeding import (
    START,
    STEP,
    ListHub,
    Yielding,
    add_asset,
    add_prices,
    add_stories,
    contents,
    kinds_logged,
    noisy,
    quiet,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

COUNT = 100
TICK = START + (COUNT - 1) * STEP
SIGNAL = f"{TICK}-price_anomaly-asset-1"


def jumping(count: int = COUNT, ago: int = 0) -> list[float]:
    """Quiet prices whose last one, `ago` ticks before the end, is 10 dollars higher."""
    prices = quiet(count)
    return [p + (10 if i >= count - 1 - ago else 0) for i, p in enumerate(prices)]


@pytest.fixture
def database() -> SqliteDatabase:
    seeded = SqliteDatabase()
    add_asset(seeded, 1, jumping())
    add_asset(seeded, 2, quiet(COUNT))
    return seeded


def test_a_jump_becomes_one_stored_and_announced_signal(database: SqliteDatabase) -> None:
    hub = ListHub()
    summary = run_detection(database, TICK, hub)
    assert (summary.series, summary.signals, summary.ended, summary.published) == (3, 1, 0, 2)
    rows = database.rows("SELECT id, type, asset_id, symbol, created_at FROM signals")
    assert rows == [(SIGNAL, "price_anomaly", "asset-1", "ASSET-1", TICK)]
    assert hub.keys() == [f"signal:{SIGNAL}", f"tick:{TICK}"]


def test_the_stored_evidence_is_the_stored_price(database: SqliteDatabase) -> None:
    run_detection(database, TICK)
    metadata = msgspec.json.decode(database.rows("SELECT metadata FROM signals")[0][0])
    price = database.rows(
        "SELECT price, source FROM market_data WHERE asset_id = 'asset-1' AND timestamp = ?", TICK
    )
    assert [(i["price"], i["source"]) for i in metadata["inputs"]] == price
    assert metadata["inputs"][0]["age_seconds"] == 30
    expected = math.log(price[0][0] / quiet(COUNT)[-2])
    assert metadata["measured"]["value"] == pytest.approx(expected)


def test_the_same_tick_twice_gives_nothing_new(database: SqliteDatabase) -> None:
    hub = ListHub()
    run_detection(database, TICK, hub)
    before, events = contents(database), list(hub.events)
    runs = database.rows("SELECT * FROM detection_runs")
    again = run_detection(database, TICK, hub)
    assert (again.signals, again.ended, again.rows_written, again.published) == (0, 0, 0, 0)
    assert (contents(database), hub.events) == (before, events)
    assert database.rows("SELECT * FROM detection_runs") == runs


def test_an_earlier_tick_afterwards_changes_neither_signals_nor_states(
    database: SqliteDatabase,
) -> None:
    run_detection(database, TICK)
    before = contents(database)
    assert run_detection(database, TICK - STEP).signals == 0
    assert contents(database, "outbox") == {k: v for k, v in before.items() if k != "outbox"}


def test_tick_by_tick_finds_what_one_late_run_finds(database: SqliteDatabase) -> None:
    late = SqliteDatabase()
    for one in (database, late):
        add_asset(one, 3, jumping(ago=20))
        add_asset(one, 4, jumping(60))  # delisted while its event is open
        add_stories(one, "asset-3", [0.1] * 6 + [-0.9] * 6, start=TICK - 5 * 3600, tick=TICK)
    add_asset(late, 1, jumping())
    add_asset(late, 2, quiet(COUNT))
    for index in range(COUNT - 50, COUNT):
        run_detection(database, START + index * STEP)
    run_detection(late, TICK)
    for what in (  # but when it was known, and the track record at that time
        "SELECT id, score, explanation, json_remove(metadata, '$.calibration', '$.horizons'),"
        " created_at, event_id, ended_at FROM signals ORDER BY 1",
        "SELECT * FROM events ORDER BY 1",
        "SELECT signal_id, horizon, subject, score, terms, due_at FROM outcomes ORDER BY 1, 2",
        "SELECT detector, series, state FROM detector_state ORDER BY 1, 2",
    ):
        assert len(late.rows(what)) >= 2
        assert database.rows(what) == late.rows(what)
    ended = "SELECT asset_id, ended_at - created_at FROM signals WHERE ended_at IS NOT NULL"
    assert sorted(late.rows(ended)) == [("asset-3", 4500), ("asset-4", 6 * 3600)]


def test_a_story_that_comes_late_does_not_put_newer_ones_into_the_baseline(
    database: SqliteDatabase,
) -> None:
    """The late one leaves the window first, so it is the first that the baseline learns."""
    hour = 3600
    add_stories(database, "asset-1", [0.9], start=TICK - hour, tick=TICK - 2 * STEP)
    add_stories(database, "asset-1", [-0.8], start=TICK - 6 * hour - 600, tick=TICK - STEP)
    add_stories(database, "asset-1", [0.9], start=TICK - 300, tick=TICK)
    for tick in (TICK - 2 * STEP, TICK - STEP, TICK):
        run_detection(database, tick)
    state = database.rows("SELECT state FROM detector_state WHERE detector = 'sentiment_shift'")
    _, (_, recent, tone, *_) = msgspec.json.decode(state[0][0])["asset-1"]
    assert sorted(time for time, *_ in recent) == [TICK - hour, TICK - 300]
    assert tone <= 0, "a story that is still in the window was learned"


def test_a_hub_that_is_away_leaves_the_outbox_and_the_next_run_delivers_once(
    database: SqliteDatabase,
) -> None:
    hub = ListHub(failures=1)
    with pytest.raises(ConnectionError):
        run_detection(database, TICK, hub)
    assert database.rows("SELECT count(*) FROM signals") == [(1,)]
    undelivered = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL"
    assert database.rows(undelivered) == [(2,)]
    run_detection(database, TICK, hub)
    run_detection(database, TICK, hub)
    assert hub.keys() == [f"signal:{SIGNAL}", f"tick:{TICK}"]
    assert database.rows(undelivered) == [(0,)]


def test_a_failing_batch_stores_nothing_and_the_next_run_finds_it_again(
    database: SqliteDatabase,
) -> None:
    database.failures.append(RuntimeError("the database is away"))
    empty = contents(database)
    with pytest.raises(RuntimeError):
        run_detection(database, TICK)
    assert contents(database) == empty
    assert run_detection(database, TICK).signals == 1


@pytest.mark.parametrize("ticks", [(TICK, TICK), (TICK - STEP, TICK), (TICK, TICK - STEP)])
def test_two_ticks_at_once_store_what_one_after_the_other_does(
    database: SqliteDatabase, ticks: tuple[int, int]
) -> None:
    alone = SqliteDatabase()
    add_asset(alone, 1, jumping())
    add_asset(alone, 2, quiet(COUNT))
    for tick in sorted(ticks):
        run_detection(alone, tick)
    hub, slow = ListHub(), Yielding(database)
    log = Logger("signal-detection", lambda: float(TICK), lambda _: None)

    async def both() -> list[int]:
        runs = (detect(tick, tick, DETECTORS, slow, hub, log) for tick in ticks)
        return [summary.signals for summary in await asyncio.gather(*runs)]

    assert sorted(asyncio.run(both())) == [0, 1]
    assert slow.conflicts > 0, "the runs must overlap for this to mean anything"
    tables = ("signals", "events", "outcomes", "signal_log", "market_levels")
    told = contents(database)
    assert [told[one] for one in tables] == [contents(alone)[one] for one in tables]
    assert kinds_logged(database) == ["fired"]
    keys = database.rows("SELECT event_key FROM outbox")
    assert sorted(keys) == sorted([(f"signal:{SIGNAL}",), *{(f"tick:{tick}",) for tick in ticks}])
    assert set(hub.keys()) == {key for (key,) in keys}


def test_a_run_that_always_comes_second_gives_up_after_some_attempts(
    database: SqliteDatabase,
) -> None:
    database.failures += [Conflict("somebody else")] * ATTEMPTS
    with pytest.raises(Conflict):
        run_detection(database, TICK)
    assert database.failures == []
    assert database.rows("SELECT count(*) FROM detection_runs") == [(0,)]
    database.failures += [Conflict("somebody else")] * (ATTEMPTS - 1)
    assert run_detection(database, TICK).signals == 1


def test_findings_older_than_an_hour_are_stored_but_not_announced() -> None:
    database = SqliteDatabase()
    ticks = ANNOUNCED_SECONDS // STEP
    for number, ago in ((1, ticks), (2, ticks - 1), (3, 0)):
        add_asset(database, number, jumping(ago=ago))
    hub = ListHub()
    assert run_detection(database, TICK, hub).signals == 3
    assert database.rows("SELECT asset_id FROM signals ORDER BY asset_id") == [
        ("asset-1",), ("asset-2",), ("asset-3",),
    ]  # fmt: skip
    announced = [e["key"].rpartition("-")[2] for e in hub.events if e["key"][:6] == "signal"]
    assert sorted(announced) == ["2", "3"]


def test_what_was_found_is_logged_with_its_sentence(database: SqliteDatabase) -> None:
    lines: list[str] = []
    run_detection(database, TICK, lines=lines)
    told = [msgspec.json.decode(line) for line in lines]
    (signal,) = [one["metadata"] for one in told if one["message"] == "signal"]
    sentence = database.rows("SELECT explanation FROM signals")[0][0]
    assert signal == {"id": SIGNAL, "explanation": sentence}


def market_of(assets: int, jumps: int) -> SqliteDatabase:
    database = SqliteDatabase()
    for number in range(1, assets + 1):
        add_asset(database, number, noisy(30, number))
    while run_detection(database, START + 29 * STEP).rows_written:
        pass  # series that are new are read a few at a time
    for number in range(1, assets + 1):
        price = 130.0 if number <= jumps else 100.0
        add_prices(database, number, f"asset-{number}", [price], start=START + 30 * STEP)
    return database


def statements_of(database: SqliteDatabase) -> tuple[int, int]:
    before = database.statements
    summary = run_detection(database, START + 30 * STEP)
    return summary.signals, database.statements - before


def test_the_number_of_statements_does_not_grow_with_the_number_of_assets() -> None:
    few, many = statements_of(market_of(250, 1)), statements_of(market_of(1000, 1))
    assert (few[0], many[0]) == (1, 1)
    assert few[1] < 40
    assert many[1] <= few[1] + 3, "states are written in pieces of 480,000 characters"


def test_a_quiet_tick_writes_a_row_a_shard_and_detector_and_few_more() -> None:
    database = market_of(250, 0)
    shards = 4
    of_prices = sum(one.input in ("market", "sources", "news") for one in DETECTORS)
    written = run_detection(database, START + 30 * STEP).rows_written
    of_the_whole = sum(one.input in ("market", "sources") for one in DETECTORS)
    level_outbox_run_and_version = 4
    assert written == of_prices * shards + of_the_whole + level_outbox_run_and_version


def test_the_number_of_statements_does_not_grow_with_the_number_of_signals() -> None:
    few, many = statements_of(market_of(60, 2)), statements_of(market_of(60, 25))
    assert (few[0], many[0]) == (2, 25)
    assert many[1] == few[1]


def test_the_evidence_of_a_shift_holds_the_stories_of_the_ticks_before_too(
    database: SqliteDatabase,
) -> None:
    add_stories(database, "asset-2", [0.2] * 6, start=TICK - 9 * 3600, tick=TICK - 20 * STEP)
    for index in range(4, -1, -1):
        tick = TICK - index * STEP
        add_stories(database, "asset-2", [-0.9], start=tick - 300, tick=tick)
        database.connection.execute(
            "UPDATE news_items SET source = ? WHERE tick = ?", (f"feed-{index}", tick)
        )
    for index in range(21, -1, -1):
        run_detection(database, TICK - index * STEP)
    [(told,)] = database.rows("SELECT metadata FROM signals WHERE type = 'sentiment_shift'")
    shift = msgspec.json.decode(told)
    assert len(shift["inputs"]) == shift["context"]["stories"]


def test_many_new_series_are_read_a_few_at_a_run_and_all_of_them_come_in_time() -> None:
    database = SqliteDatabase()
    count = points.FRESH_AT_ONCE * MOST_ROUNDS + 5
    for number in range(1, count + 1):
        add_asset(database, number, noisy(30, number))
    first = run_detection(database, START + 29 * STEP)
    known = "SELECT count(*) FROM detector_state, json_each(state) WHERE detector = 'depeg'"
    assert database.rows(known) == [(count - 5 + 1,)], "and the market's own"
    assert first.rows_written > 0
    run_detection(database, START + 29 * STEP)
    assert database.rows(known) == [(count + 1,)]


def test_a_series_that_cannot_be_read_does_not_keep_others_from_being_read() -> None:
    database = SqliteDatabase()
    for number in range(1, 2 * points.FRESH_AT_ONCE + 1):
        add_asset(database, number, noisy(30, number))
    database.connection.execute(
        "UPDATE market_data SET observed_at = 'soon' WHERE id >> 31 <= ?", (points.FRESH_AT_ONCE,)
    )
    run_detection(database, START + 29 * STEP)
    known = "SELECT count(*) FROM detector_state, json_each(state) WHERE detector = 'depeg'"
    assert database.rows(known) == [(points.FRESH_AT_ONCE + 1,)]
