"""A stored state that cannot be read is rebuilt from what was stored before it, and announced."""

import asyncio

import msgspec
import pytest

from signals.detectors import DETECTORS
from signals.series import MARKET, MARKET_NUMBER
from signals.store import states
from signals.store.readings import READINGS_NUMBER
from signals.store.states import SHARD_BITS, Loaded
from tests.signals.seeding import (
    START,
    STEP,
    add_asset,
    add_prices,
    add_readings,
    add_stories,
    contents,
    kinds_logged,
    noisy,
    quiet,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

OF_PRICES = [one.name for one in DETECTORS if one.input in ("market", "sources")]
OF_THE_MARKET = [one.name for one in DETECTORS if one.input == "market"]
RESULTS = ("signals", "events", "outcomes", "signal_log")


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def load(database: SqliteDatabase) -> Loaded:
    return asyncio.run(states.load_states(database, DETECTORS))


def damage(database: SqliteDatabase, detector: str, shard: int = 0, text: str = "{") -> None:
    database.connection.execute(
        "UPDATE detector_state SET state = ? WHERE detector = ? AND series = ?",
        (text, detector, str(shard)),
    )


def announced(lines: list[str]) -> list[object]:
    told = [msgspec.json.decode(line) for line in lines]
    return [one["metadata"]["row"] for one in told if one["level"] == "error"]


def with_events(database: SqliteDatabase) -> int:
    """Two shards of assets, one with an event that is over and one that is open; return a tick."""
    for number in range(1, 12):
        jump = [10.0 if (number == 1 and n >= 60) or (number == 2 and n >= 97) else 0.0
                for n in range(100)]  # fmt: skip
        add_asset(database, number, [a + b for a, b in zip(noisy(100, number), jump, strict=True)])
    add_asset(database, 70, noisy(100, 70))
    return START + 99 * STEP


@pytest.mark.parametrize("detector", OF_PRICES)
@pytest.mark.parametrize("text", ["{", "", "[]", '{"asset-1": [[0, 0], ["x"]]}'])
def test_a_broken_row_of_prices_is_rebuilt_from_history_and_finds_nothing_twice(
    database: SqliteDatabase, detector: str, text: str
) -> None:
    tick = with_events(database)
    assert run_detection(database, tick).signals >= 2
    before, known = contents(database), load(database).states
    damage(database, detector, text=text)
    lines: list[str] = []
    again = run_detection(database, tick, lines=lines)
    assert announced(lines) == [f"{detector}/0"]
    assert (again.signals, again.ended) == (0, 0)
    assert load(database).states == known
    assert contents(database) == before


@pytest.mark.parametrize("detector", OF_THE_MARKET)
def test_a_broken_row_of_the_market_itself_is_rebuilt_from_its_levels(
    database: SqliteDatabase, detector: str
) -> None:
    tick = with_events(database)
    run_detection(database, tick)
    before, known = contents(database), load(database).states
    assert known[detector]["market"].state.time == tick
    damage(database, detector, MARKET_NUMBER >> SHARD_BITS)
    lines: list[str] = []
    run_detection(database, tick, lines=lines)
    assert announced(lines) == [f"{detector}/{MARKET_NUMBER >> SHARD_BITS}"]
    assert load(database).states == known
    assert contents(database) == before


def test_a_row_broken_between_two_ticks_costs_no_event_and_makes_none(
    database: SqliteDatabase,
) -> None:
    whole = SqliteDatabase()
    for one in (database, whole):
        tick = with_events(one)
        run_detection(one, tick)
    for detector in OF_PRICES:
        damage(database, detector)
    for one in (database, whole):
        for number in range(1, 12):
            price = 150.0 if number == 5 else 100.0
            add_prices(one, number, f"asset-{number}", [price], start=tick + STEP)
        assert run_detection(one, tick + STEP).signals >= 1
    for table in (*RESULTS, "detector_state"):
        assert contents(database)[table] == contents(whole)[table]


def test_all_states_gone_at_once_are_rebuilt_and_nothing_is_said_twice(
    database: SqliteDatabase,
) -> None:
    tick = with_events(database)
    run_detection(database, tick)
    before = contents(database)
    database.connection.execute("DELETE FROM detector_state")
    run_detection(database, tick)
    assert contents(database) == before


def test_another_version_of_a_detector_learns_from_history_and_says_nothing_twice(
    database: SqliteDatabase,
) -> None:
    tick = with_events(database)
    run_detection(database, tick)
    before = contents(database)
    database.connection.execute("UPDATE detector_state SET version = version - 1")
    assert run_detection(database, tick).signals == 0
    assert contents(database, "outbox") == {k: v for k, v in before.items() if k != "outbox"}


def test_a_broken_news_row_is_rebuilt_and_the_other_rows_stay(database: SqliteDatabase) -> None:
    tick = START + 9 * STEP
    for number in (1, 70):
        add_asset(database, number, quiet(10))
        add_stories(database, f"asset-{number}", [0.1, -0.2, 0.3], start=START, tick=tick)
    run_detection(database, tick)
    before = load(database).states["sentiment_shift"]
    assert set(before) == {"asset-1", "asset-70"}
    damage(database, "sentiment_shift")
    lines: list[str] = []
    run_detection(database, tick, lines=lines)
    assert load(database).states["sentiment_shift"] == before
    assert announced(lines) == ["sentiment_shift/0"]


def test_news_that_came_in_any_order_rebuild_the_same_state(database: SqliteDatabase) -> None:
    add_asset(database, 1, quiet(20))
    for index, late in enumerate((0, 7000, 300, 12000, 40, 9000)):
        tick = START + (10 + index) * STEP
        tone = 0.3 - 0.2 * index
        add_stories(database, "asset-1", [tone], start=tick - late, tick=tick)
        run_detection(database, tick)
    before = load(database).states["sentiment_shift"]
    assert len(before["asset-1"].state.recent) == 3, "of one source"
    damage(database, "sentiment_shift")
    run_detection(database, tick)
    assert load(database).states["sentiment_shift"] == before


def test_a_broken_row_of_readings_is_rebuilt_from_history(database: SqliteDatabase) -> None:
    shard = (READINGS_NUMBER + 5) >> SHARD_BITS
    for number in (5, 6, 200):
        add_readings(database, number, [1e8 + 1e5 * (n % 3) for n in range(40)])
    for index in range(40):
        run_detection(database, START + index * 3600)
    before = load(database).states["tvl_outflow"]
    damage(database, "tvl_outflow", shard)
    add_readings_later(database, (5, 6, 200), 5e7)
    lines: list[str] = []
    summary = run_detection(database, START + 40 * 3600, lines=lines)
    assert announced(lines) == [f"tvl_outflow/{shard}"]
    assert summary.signals == 3, "it knows its noise: each lost half"
    assert kinds_logged(database) == ["fired"] * 3
    after = load(database).states["tvl_outflow"]
    assert {key: one.state.seen for key, one in after.items()} == {
        key: one.state.seen + 1 for key, one in before.items()
    }


def add_readings_later(database: SqliteDatabase, numbers: tuple[int, ...], value: float) -> None:
    for number in numbers:
        add_readings(database, number, [value], start=START + 40 * 3600)


def test_an_asset_whose_prices_cannot_be_read_keeps_its_state(database: SqliteDatabase) -> None:
    tick = with_events(database)
    run_detection(database, tick)
    known = load(database).states
    for number in range(1, 12):
        add_prices(database, number, f"asset-{number}", [100.0], start=tick + STEP)
    database.connection.execute(
        "UPDATE market_data SET observed_at = 'soon' WHERE asset_id = 'asset-1' AND timestamp = ?",
        (tick + STEP,),
    )
    lines: list[str] = []
    run_detection(database, tick + STEP, lines=lines)
    assert announced(lines) == ["series/asset-1"]
    after = load(database).states
    for name in OF_PRICES:
        assert after[name]["asset-1"] == known[name]["asset-1"]
        assert after[name]["asset-2"] != known[name]["asset-2"]


def test_a_series_of_readings_that_pauses_keeps_its_state(database: SqliteDatabase) -> None:
    add_readings(database, 5, [1e8] * 3)
    add_readings(database, 6, [1e8] * 5)
    for index in range(5):
        run_detection(database, START + index * 3600)
    after = load(database).states["tvl_outflow"]
    assert {key: (one.state.time - START) // 3600 for key, one in after.items()} == {
        "protocol_tvl:protocol-5": 2, "protocol_tvl:protocol-6": 4,
    }  # fmt: skip


@pytest.mark.parametrize("damage", ["blob", "a state of another length"])
def test_a_damaged_row_is_announced_and_rebuilt_and_costs_no_other(
    database: SqliteDatabase, damage: str
) -> None:
    tick = START + 99 * STEP
    for number in (1, 2):
        add_asset(database, number, quiet(100))
    run_detection(database, tick)
    where = "WHERE detector = 'price_anomaly' AND series = '0'"
    if damage == "blob":
        database.connection.execute(f"UPDATE detector_state SET state = x'00ff' {where}")
    else:
        hours = "'$.\"asset-1\"[1][7]'"
        database.connection.execute(
            f"UPDATE detector_state SET state = json_set(state, {hours}, json('[1]')) {where}"
        )
    for number in (1, 2):
        add_prices(database, number, f"asset-{number}", quiet(2), start=tick + STEP)
    lines: list[str] = []
    run_detection(database, tick + STEP, lines=lines)
    run_detection(database, tick + 2 * STEP, lines=lines)
    assert [one for one in map(msgspec.json.decode, lines) if one["level"] == "error"]
    kept = load(database).states["price_anomaly"]
    assert {key: one.state.time for key, one in kept.items() if key != MARKET} == {
        "asset-1": tick + 2 * STEP, "asset-2": tick + 2 * STEP,
    }  # fmt: skip
