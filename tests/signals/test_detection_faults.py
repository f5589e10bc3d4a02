"""What bad data and dying Workers do to detection as a whole: each has an exact outcome.

Broken rows of states are in test_broken_states.py, two ticks at once in test_detect.py.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence

import pytest

from common.database import Statement
from signals.detectors import DETECTORS
from signals.store.judging import JUDGE
from tests.signals.seeding import (
    START,
    STEP,
    ListHub,
    add_asset,
    add_prices,
    add_readings,
    add_stories,
    contents,
    kinds_logged,
    noisy,
    run_detection,
)
from tests.support.sqlite import SqliteDatabase

HOUR = 3600
COUNT = 116  # ticks
FIRST = 66  # that is run; it learns from all before it
FAULT = 70  # the tick of the fault
RESULTS = ("signals", "events", "outcomes", "signal_log")
Prices = list[float | None]
Spoil = Callable[[Prices], Prices]


def at(index: int) -> int:
    return START + index * STEP


class DiesJudging(SqliteDatabase):
    """A database that is away whenever something is to be judged."""

    dying = True

    async def batch(self, statements: Sequence[Statement]) -> int:
        if self.dying and any(one.sql == JUDGE for one in statements):
            raise RuntimeError("away")
        return await super().batch(statements)


def store(
    prices: Sequence[float | None],
    *,
    volumes: dict[int, float] | None = None,
    cap: bool = False,
    database: SqliteDatabase | None = None,
) -> SqliteDatabase:
    """Twelve coins, of which the first has these prices, none where it has none."""
    database = database or SqliteDatabase()
    for number in range(2, 13):
        add_asset(database, number, noisy(len(prices), number))
    add_asset(database, 1, [])
    for index, price in enumerate(prices):
        if price is not None:
            volume = (volumes or {}).get(index, 5e6)
            add_prices(database, 1, "asset-1", [price], start=at(index), volume=volume)
    if cap:
        database.connection.execute("UPDATE market_data SET market_cap = 1e9")
    return database


def run(database: SqliteDatabase, first: int = FIRST, last: int = COUNT) -> SqliteDatabase:
    """Run every tick."""
    for index in range(first, last):
        run_detection(database, at(index))
    return database


def with_jump(spoil: Spoil, jump: int) -> Prices:
    """Noise with a fault, and a real jump of 12 % at a tick behind it."""
    prices: Prices = list(noisy(COUNT, 1))
    prices = spoil(prices)
    return [p * 1.12 if p and index >= jump else p for index, p in enumerate(prices)]


def told(database: SqliteDatabase) -> list[tuple[str, str, int]]:
    """Type, asset and tick of every signal."""
    rows = database.rows("SELECT type, asset_id, (created_at - ?) / 900 FROM signals", START)
    return sorted((str(kind), str(asset), int(tick)) for kind, asset, tick in rows)


def one_tick(factor: float) -> Spoil:
    return lambda prices: [
        p * factor if p and index == FAULT else p for index, p in enumerate(prices)
    ]


def from_then_on(factor: float) -> Spoil:
    return lambda prices: [
        p * factor if p and index >= FAULT else p for index, p in enumerate(prices)
    ]


def gap(ticks: int) -> Spoil:
    return lambda prices: [
        None if FAULT <= index < FAULT + ticks else p for index, p in enumerate(prices)
    ]


def unspoiled(prices: Prices) -> Prices:
    return prices


FAULTS = {
    "an outlier of 10^12": one_tick(1e12),
    "an outlier of 10^-12": one_tick(1e-12),
    "an outlier of 10^300": one_tick(1e300),
    "an outlier of 10^-300": one_tick(1e-300),
    "a decimal point": one_tick(10.0),
    "a redenomination 1:1000": from_then_on(1000.0),
    "a redenomination 1000:1": from_then_on(0.001),
    "a redenomination 1:100": from_then_on(100.0),
    "a gap of an hour": gap(4),
    "a gap of seven hours": gap(28),
}
every_fault = pytest.mark.parametrize("spoil", FAULTS.values(), ids=FAULTS)


@pytest.fixture(scope="module")
def calm() -> SqliteDatabase:
    """What comes of the same prices without a fault."""
    return run(store(list(noisy(COUNT, 1))))


@every_fault
def test_a_fault_in_one_price_is_no_event_of_that_asset_or_any_other(
    spoil: Spoil, calm: SqliteDatabase
) -> None:
    database = run(store(spoil(list(noisy(COUNT, 1)))))
    assert told(database) == []
    assert contents(database)["signal_log"] == []
    levels = "SELECT timestamp, level FROM market_levels ORDER BY 1"
    for here, there in zip(database.rows(levels), calm.rows(levels), strict=True):
        assert here[0] == there[0]
        assert here[1] == pytest.approx(there[1], abs=0.002), "nor does it move the market"


@every_fault
@pytest.mark.parametrize("later", [3, 12])
def test_after_a_fault_the_asset_heals_within_three_points(spoil: Spoil, later: int) -> None:
    """A real jump three points behind the fault is found as if the fault had not been."""
    last = FAULT + (28 if spoil is FAULTS["a gap of seven hours"] else
                    4 if spoil is FAULTS["a gap of an hour"] else 1)  # fmt: skip
    jump = last + later - 1
    database = run(store(with_jump(spoil, jump)), last=jump + 2)
    assert told(database) == [("price_anomaly", "asset-1", jump)]


def test_a_redenomination_that_is_told_with_its_market_cap_is_no_event_either() -> None:
    prices = from_then_on(1000.0)(list(noisy(COUNT, 1)))
    assert told(run(store(prices, cap=True))) == []


@pytest.mark.parametrize("volume", [5e18, 5e-6, 0.0])
def test_an_absurd_volume_is_no_event(volume: float) -> None:
    database = run(store(list(noisy(COUNT, 1)), volumes={FAULT: volume}))
    assert told(database) == []


def test_a_price_of_zero_cannot_be_stored() -> None:
    with pytest.raises(sqlite3.IntegrityError, match="price > 0"):
        store([100.0, 0.0])


def test_a_reading_of_zero_changes_nothing_and_what_follows_is_found() -> None:
    values = [1e8 * (1 + 0.002 * (index % 3)) for index in range(60)]
    database, calm = SqliteDatabase(), SqliteDatabase()
    for number in range(1, 13):
        lost = [v * (0.5 if number == 1 and index >= 55 else 1) for index, v in enumerate(values)]
        add_readings(calm, number, lost)
        add_readings(database, number, [
            0.0 if number == 1 and index == 50 else v for index, v in enumerate(lost)
        ])  # fmt: skip
    for index in range(60):
        for one in (database, calm):
            run_detection(one, START + index * HOUR)
    signals = "SELECT id, created_at FROM signals WHERE type = 'tvl_outflow'"
    assert database.rows(signals) == calm.rows(signals)
    assert len(database.rows(signals)) == 1


def test_a_duplicate_of_what_was_stored_changes_nothing() -> None:
    """The same rows again, and another source's row of a tick that is over."""
    database = run(store(with_jump(unspoiled, 90)))
    before = contents(database)
    rows = "SELECT * FROM market_data"
    count = len(database.rows(rows))
    database.connection.execute(f"INSERT OR IGNORE INTO market_data {rows}")
    assert len(database.rows(rows)) == count
    database.connection.execute(
        "UPDATE market_data SET price = 777 WHERE timestamp = ? AND asset_id = 'asset-1'", (at(80),)
    )
    for index in (COUNT - 2, COUNT - 1):
        run_detection(database, at(index))
    assert contents(database) == before


def test_a_price_that_comes_out_of_order_changes_nothing() -> None:
    """What is older than the newest price of the asset is passed over, jump or not."""
    missing = with_jump(lambda prices: [None if i == 80 else p for i, p in enumerate(prices)], 105)
    database, never = store(missing), run(store(missing))
    run(database, last=90)
    add_prices(database, 1, "asset-1", [150.0], start=at(80))
    run(database, first=89)
    assert told(database) == [("price_anomaly", "asset-1", 105)]
    # Claims are judged on all prices that are stored by then.
    for table in ("signals", "events", "market_levels", "detector_state"):
        assert contents(database)[table] == contents(never)[table]
    assert kinds_logged(database) == kinds_logged(never)


def test_backfilled_prices_are_found_when_they_come_and_told_as_found_late() -> None:
    """Three ticks of one asset come together; in the second it had jumped."""
    prices = with_jump(unspoiled, 90)
    database, on_time = store(prices), run(store(prices))
    rows = (
        f"FROM market_data WHERE asset_id = 'asset-1' AND timestamp BETWEEN {at(89)} AND {at(91)}"
    )
    held = database.rows(f"SELECT * {rows}")
    database.connection.execute(f"DELETE {rows}")
    hub = ListHub()
    for index in range(FIRST, COUNT):
        if index == 92:
            marks = ",".join("?" * len(held[0]))
            database.connection.executemany(f"INSERT INTO market_data VALUES ({marks})", held)
        run_detection(database, at(index), hub)
    when = "SELECT id, (created_at - ?) / 900, (known_at - ?) / 900 FROM signals"
    identifier = f"{at(90)}-price_anomaly-asset-1"
    assert on_time.rows(when, START, START) == [(identifier, 90, 90)]
    assert database.rows(when, START, START) == [(identifier, 90, 92)]
    assert [key for key in hub.keys() if key[:6] == "signal"] == [f"signal:{identifier}"]  # noqa: SIM118
    same = "SELECT metadata ->> 'measured', metadata ->> 'inputs', event_id FROM signals"
    assert database.rows(same) == on_time.rows(same)
    due = "SELECT signal_id, horizon, fired_at, terms, due_at FROM outcomes"
    assert database.rows(due) == on_time.rows(due)
    assert kinds_logged(database) == kinds_logged(on_time)


def test_a_story_that_is_collected_twice_counts_once() -> None:
    database = SqliteDatabase()
    add_asset(database, 1, noisy(60, 1))
    tones = [0.1, 0.2, 0.1, -0.9, -0.9]
    add_stories(database, "asset-1", tones, start=at(30), tick=at(50))
    run(database, first=49, last=51)
    states = "SELECT state FROM detector_state WHERE detector = 'sentiment_shift'"
    before = database.rows(states)
    assert "asset-1" in before[0][0]
    add_stories(database, "asset-1", tones, start=at(30), tick=at(51))
    run_detection(database, at(51))
    assert database.rows(states) == before


def test_an_asset_that_is_delisted_ends_its_event_and_is_never_heard_of_again() -> None:
    """It jumps at tick 90 and has its last price at tick 94."""
    prices = [p if index <= 94 else None for index, p in enumerate(with_jump(unspoiled, 90))]
    prices += [None] * 60
    database = store(prices)
    run(database, last=200)
    (detector,) = (one for one in DETECTORS if one.name == "price_anomaly")
    over = 94 + detector.trigger.silence // STEP
    identifier = f"{at(90)}-price_anomaly-asset-1"
    assert database.rows("SELECT id, (ended_at - ?) / 900 FROM signals", START) == [
        (identifier, over)
    ]
    assert database.rows("SELECT (started_at - ?) / 900, (ended_at - ?) / 900 FROM events",
                         START, START) == [(90, over)]  # fmt: skip
    assert database.rows("SELECT horizon, hit, reason FROM outcomes ORDER BY horizon") == [
        (HOUR, 0, None),
        (4 * HOUR, None, "no price at the horizon"),
        (24 * HOUR, None, "no price at the horizon"),
    ]
    assert [one for one in kinds_logged(database) if one != "calibrated"] == [
        "fired", "judged", "judged", "ended", "judged",
    ]  # fmt: skip
    keys = database.rows("SELECT event_key FROM outbox WHERE event <> 'tick' ORDER BY id")
    assert keys == [(f"signal:{identifier}",), (f"ended:{identifier}:{at(over)}",)]


def test_a_protocol_that_fell_silent_with_all_of_its_kind_ends_its_event() -> None:
    database = SqliteDatabase()
    values = [1e8 * (1 + 0.002 * (index % 3)) for index in range(40)]
    for number in range(1, 13):
        lost = [v * (0.5 if number == 1 and i >= 38 else 1) for i, v in enumerate(values)]
        add_readings(database, number, lost)
    for index in range(4 * 46 + 1):
        run_detection(database, at(index))
    [(fired, ended)] = database.rows(
        "SELECT created_at, ended_at FROM signals WHERE type = 'tvl_outflow'"
    )
    assert fired == START + 38 * HOUR
    last = START + 39 * HOUR
    assert ended == last + 6 * HOUR


class Killed(BaseException):
    """The Worker is gone: nothing catches this."""


@pytest.mark.parametrize("end", [RuntimeError("away"), Killed(), asyncio.CancelledError()])
def test_a_worker_killed_between_detecting_and_storing_costs_nothing_but_time(
    end: BaseException,
) -> None:
    """Killed at the tick of the jump; the next tick finds it."""
    whole, broken = run(store(with_jump(unspoiled, 90))), store(with_jump(unspoiled, 90))
    run(broken, last=90)
    before, runs = contents(broken), broken.rows("SELECT * FROM detection_runs")
    broken.failures.append(end)  # type: ignore[arg-type]
    with pytest.raises(type(end)):
        run_detection(broken, at(90))
    assert contents(broken) == before, "all of a run or nothing of it"
    assert broken.rows("SELECT * FROM detection_runs") == runs
    run(broken, first=91)
    assert told(broken) == told(whole) == [("price_anomaly", "asset-1", 90)]
    known = "SELECT (known_at - created_at) / 900 FROM signals"
    assert (whole.rows(known), broken.rows(known)) == ([(0,)], [(1,)])
    same = "SELECT id, confidence_score, explanation, metadata, event_id, ended_at FROM signals"
    assert broken.rows(same) == whole.rows(same)
    for table in ("events", "outcomes", "market_levels", "detector_state"):
        assert contents(broken)[table] == contents(whole)[table]
    assert kinds_logged(broken) == kinds_logged(whole)


def test_a_worker_killed_between_storing_and_telling_tells_later_and_once() -> None:
    database, hub = store(with_jump(unspoiled, 90)), ListHub(failures=1)
    run(database, last=90)
    with pytest.raises(ConnectionError):
        run_detection(database, at(90), hub)
    assert told(database) == [("price_anomaly", "asset-1", 90)]
    run_detection(database, at(91), hub)
    keys = [key for key in ListHub.keys(hub) if key.startswith("signal")]
    assert keys == [f"signal:{at(90)}-price_anomaly-asset-1"]
    assert kinds_logged(database) == ["fired"]


def test_a_worker_killed_before_judging_judges_the_same_later() -> None:
    whole = run(store(with_jump(unspoiled, 90)))
    broken = DiesJudging()
    run(store(with_jump(unspoiled, 90), database=broken), last=94)
    for index in range(94, 100):
        with pytest.raises(RuntimeError):
            run_detection(broken, at(index))
    broken.dying = False
    run(broken, first=100)
    judged = "SELECT signal_id, horizon, hit, value, threshold, control_n, reason FROM outcomes"
    assert broken.rows(judged) == whole.rows(judged)
    when = "SELECT (judged_at - ?) / 900 FROM outcomes WHERE horizon = 3600"
    assert (whole.rows(when, START), broken.rows(when, START)) == ([(94,)], [(100,)])
    assert kinds_logged(broken).count("judged") == kinds_logged(whole).count("judged") == 2
    assert told(broken) == told(whole)
