"""What is judged when, on which prices, once; and what is learned from it, once a day."""

import asyncio
import math
from typing import Any

import msgspec
import pytest

from common.log import Logger
from signals import judging, ledger
from signals.claims import HORIZONS
from signals.detectors import DETECTORS
from signals.ledger import Head
from signals.pipeline import following
from signals.series import MARKET, SOURCES
from signals.store import judging as store
from signals.store import results
from signals.store.results import Run
from tests.signals.seeding import (
    DAY,
    START,
    STEP,
    Yielding,
    add_asset,
    add_consensus,
    add_prices,
    add_readings,
    insert_source,
    kinds_logged,
    log_of,
    noisy,
)
from tests.support.sqlite import SqliteDatabase

HOUR = 3600
FIRED = START + 200 * STEP
LOG = Logger("signal-detection", lambda: 0.0, lambda _: None)


@pytest.fixture
def database() -> SqliteDatabase:
    """A quiet coin with a day and more after the moment at which something fired."""
    seeded = SqliteDatabase()
    add_asset(seeded, 1, noisy(300, 1))
    return seeded


def claim(
    database: SqliteDatabase,
    subject: str = "asset-1",
    kind: str = "price_anomaly",
    fired_at: int = FIRED,
    horizon: int = HOUR,
    terms: dict[str, float] | None = None,
    asset: str = "asset-1",
) -> str:
    """Store a signal and one claim of it."""
    identifier = f"{fired_at}-{kind}-{subject}"
    database.connection.execute(
        "INSERT INTO signals (id, type, asset_id, symbol, explanation, metadata, created_at, score)"
        " VALUES (?, ?, ?, 'X', 'X', '{}', ?, 1.5) ON CONFLICT DO NOTHING",
        (identifier, kind, asset, fired_at),
    )
    database.connection.execute(
        "INSERT INTO outcomes (signal_id, horizon, type, subject, fired_at, score, terms, due_at)"
        " VALUES (?, ?, ?, ?, ?, 1.5, ?, ?)",
        (identifier, horizon, kind, subject, fired_at,
         msgspec.json.encode(terms or {}).decode(), fired_at + horizon),
    )  # fmt: skip
    return identifier


def judge(database: SqliteDatabase, tick: int) -> int:
    work = lambda run: judging.judge(tick, run, DETECTORS, database, LOG)  # noqa: E731
    return asyncio.run(following(database, work))


def calibrate(database: SqliteDatabase, tick: int) -> int:
    work = lambda run: judging.calibrate(tick, run, DETECTORS, database, LOG)  # noqa: E731
    return asyncio.run(following(database, work))


def outcomes(database: SqliteDatabase) -> list[tuple[Any, ...]]:
    return database.rows("SELECT * FROM outcomes ORDER BY 1, 2")


def price_at(database: SqliteDatabase, time: int, factor: float) -> None:
    database.connection.execute(
        "UPDATE market_data SET price = price * ? WHERE timestamp = ? AND asset_id = 'asset-1'",
        (factor, time),
    )


def test_nothing_is_judged_before_its_horizon_has_passed(database: SqliteDatabase) -> None:
    for horizon in HORIZONS:
        claim(database, horizon=horizon)
    before = outcomes(database)
    assert judge(database, FIRED + HOUR - STEP) == 0
    assert outcomes(database) == before
    assert database.rows("SELECT count(*) FROM detection_runs") == [(0,)]
    for at, judged in ((HOUR, 1), (2 * HOUR, 0), (4 * HOUR, 1), (DAY, 1), (2 * DAY, 0)):
        assert judge(database, FIRED + at) == judged
    when = "SELECT judged_at - fired_at FROM outcomes ORDER BY horizon"
    assert database.rows(when) == [(horizon,) for horizon in HORIZONS]


def test_the_same_tick_twice_judges_once_and_an_outcome_stays_what_it_is(
    database: SqliteDatabase,
) -> None:
    claim(database)
    price_at(database, FIRED + HOUR, 1.3)
    assert judge(database, FIRED + HOUR) == 1
    after, log = outcomes(database), log_of(database)
    price_at(database, FIRED + HOUR, 1 / 1.3)
    for tick in (FIRED + HOUR, FIRED + 5 * DAY):
        assert judge(database, tick) == 0
    assert (outcomes(database), log_of(database)) == (after, log)


def test_two_at_once_judge_once_and_the_log_has_one_order(database: SqliteDatabase) -> None:
    for horizon in HORIZONS:
        claim(database, horizon=horizon)
    slow = Yielding(database)

    async def both() -> list[int]:
        def work(run: Run) -> Any:
            return judging.judge(FIRED + DAY, run, DETECTORS, slow, LOG)

        return list(await asyncio.gather(*(following(slow, work) for _ in range(2))))

    assert sorted(asyncio.run(both())) == [0, 3]
    assert slow.conflicts == 1
    assert kinds_logged(database) == ["judged"] * 3


def test_the_claim_is_told_in_the_log_with_what_came_of_it(database: SqliteDatabase) -> None:
    signal = claim(database)
    price_at(database, FIRED + HOUR, 1.3)
    judge(database, FIRED + HOUR + STEP)
    (entry,) = log_of(database)
    told = msgspec.json.decode(entry.body)
    [(hit, value, threshold, n, hits)] = database.rows(
        "SELECT hit, value, threshold, control_n, control_hits FROM outcomes"
    )
    assert told == {
        "kind": "judged", "id": signal, "horizon": HOUR, "judged_at": FIRED + HOUR + STEP,
        "hit": True, "value": value, "threshold": threshold, "reason": None,
        "control_n": n, "control_hits": hits,
    }  # fmt: skip
    assert hit == 1
    assert value == pytest.approx(math.log(1.3), abs=0.01)
    assert n > 20
    assert asyncio.run(results.last_run(database)) == Run(
        1, FIRED + HOUR + STEP, Head(1, entry.hash)
    )
    assert entry.hash == ledger.link("0" * 64, entry.body)


def test_only_the_price_of_record_counts(database: SqliteDatabase) -> None:
    """One source says +50 % at the horizon, the consensus does not."""
    claim(database)
    insert_source(database, 2, "kraken")
    at = FIRED + HOUR
    add_prices(database, 1, "asset-1", [150.0], start=at, source_no=2, source="kraken")
    add_consensus(database, 1, "asset-1", at, {"coingecko": 100.1, "a": 100.1, "b": 100.1})
    judge(database, at)
    [(value,)] = database.rows("SELECT value FROM outcomes")
    assert value < 0.02


def test_what_came_after_the_horizon_is_never_looked_at(database: SqliteDatabase) -> None:
    claim(database)
    price_at(database, FIRED + HOUR + STEP, 9.0)
    judge(database, FIRED + 2 * DAY)
    other = SqliteDatabase()
    add_asset(other, 1, noisy(300, 1))
    claim(other)
    judge(other, FIRED + 2 * DAY)
    assert outcomes(database) == outcomes(other)


def test_an_asset_without_a_price_at_the_horizon_is_not_judged_and_the_reason_told(
    database: SqliteDatabase,
) -> None:
    claim(database, horizon=DAY)
    database.connection.execute("DELETE FROM market_data WHERE timestamp > ?", (FIRED + 20 * HOUR,))
    assert judge(database, FIRED + DAY) == 1
    assert database.rows("SELECT hit, value, reason, judged_at FROM outcomes") == [
        (None, None, "no price at the horizon", FIRED + DAY)
    ]
    assert judge(database, FIRED + 2 * DAY) == 0


def test_a_type_whose_detector_is_gone_is_not_judged(database: SqliteDatabase) -> None:
    claim(database, kind="gone")
    judge(database, FIRED + HOUR)
    assert database.rows("SELECT hit, reason FROM outcomes") == [(None, "its detector is gone")]


def test_the_markets_own_move_is_taken_out(database: SqliteDatabase) -> None:
    """The coin and the market fall by a fifth together: no further move of its own."""
    for index in range(300):
        level = -0.2 if index >= 202 else 0.0
        database.connection.execute(
            "INSERT INTO market_levels VALUES (?, ?, 0.001, 50)", (START + index * STEP, level)
        )
    claim(database)
    for index in range(202, 300):
        price_at(database, START + index * STEP, math.exp(-0.2))
    judge(database, FIRED + HOUR)
    [(value, hit)] = database.rows("SELECT value, hit FROM outcomes")
    assert value < 0.02
    assert hit == 0


def test_between_two_stored_levels_the_market_stands_where_it_was(
    database: SqliteDatabase,
) -> None:
    for index in range(0, 300, 4):  # every hour
        database.connection.execute(
            "INSERT INTO market_levels VALUES (?, 5.0, 0.001, 50)", (START + index * STEP,)
        )
    claim(database, fired_at=FIRED + STEP)
    judge(database, FIRED + 2 * HOUR)
    path = asyncio.run(store.load_path(database, "asset-1", FIRED, FIRED + HOUR))
    assert [step.market for step in path] == [5.0] * 5
    [(value,)] = database.rows("SELECT value FROM outcomes")
    assert value < 0.02


def test_a_signal_of_the_market_is_judged_on_its_index(database: SqliteDatabase) -> None:
    for index in range(300):
        level = 0.001 * (index % 2) - (0.3 if index >= 203 else 0.0)
        database.connection.execute(
            "INSERT INTO market_levels VALUES (?, ?, 0.001, 50)", (START + index * STEP, level)
        )
    claim(database, subject=MARKET, asset=MARKET)
    judge(database, FIRED + HOUR)
    [(value, hit)] = database.rows("SELECT value, hit FROM outcomes")
    assert value == pytest.approx(0.3, abs=0.002)
    assert hit == 1


def test_a_signal_of_a_reading_is_judged_on_its_own_series(database: SqliteDatabase) -> None:
    quiet = [1e8 * (1 + 0.001 * (index % 3)) for index in range(100)]
    half = [value * (0.5 if index >= 50 else 1) for index, value in enumerate(quiet)]
    key = add_readings(database, 5, half)
    add_readings(database, 6, quiet)
    at = START + 50 * HOUR
    terms = {"locked_before": 1e8, "left_share": 0.5}
    claim(database, subject=key, kind="tvl_outflow", fired_at=at, terms=terms, asset=key)
    judge(database, at + HOUR)
    [(value, threshold, hit)] = database.rows("SELECT value, threshold, hit FROM outcomes")
    assert (value, threshold, hit) == (pytest.approx(0.5, abs=0.01), 0.25, 1)


def test_a_signal_of_the_sources_as_a_whole_can_be_judged(database: SqliteDatabase) -> None:
    for index in range(300):
        database.connection.execute(
            "INSERT INTO market_levels VALUES (?, ?, 0.001, 50)",
            (START + index * STEP, 0.001 * (index % 2)),
        )
    claim(database, subject=SOURCES, kind="source_trouble", asset=MARKET)
    judge(database, FIRED + HOUR)
    assert database.rows("SELECT reason FROM outcomes") == [(None,)]


def test_one_tick_judges_no_more_than_its_share_the_oldest_first(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(5):
        claim(database, fired_at=FIRED + index * STEP)
    monkeypatch.setattr(judging, "MOST_A_TICK", 2)
    judged = [judge(database, FIRED + DAY + tick * STEP) for tick in range(4)]
    assert judged == [2, 2, 1, 0]
    order = database.rows("SELECT (fired_at - ?) / 900 FROM outcomes ORDER BY judged_at, 1", FIRED)
    assert order == [(0,), (1,), (2,), (3,), (4,)]


def many_judged(database: SqliteDatabase, days: int = 40) -> int:
    """Three signals a day whose claims held in two of three cases; return the day after."""
    for day in range(days):
        for hour in range(3):
            at = START + day * DAY + hour * 5 * HOUR
            claim(database, fired_at=at)
            database.connection.execute(
                "UPDATE outcomes SET judged_at = due_at, hit = ?, value = 0.01, threshold = 0.005,"
                " control_n = 20, control_hits = 4 WHERE fired_at = ?",
                (hour != day % 3, at),
            )
    return START + days * DAY


def test_calibrations_are_made_once_a_day_and_told_in_the_log(database: SqliteDatabase) -> None:
    tick = many_judged(database)
    assert calibrate(database, tick) == 1
    assert [calibrate(database, tick + n * STEP) for n in range(4)] == [0] * 4
    made = "SELECT type, horizon, version, made_at, accepted FROM calibrations"
    assert database.rows(made) == [("price_anomaly", HOUR, 1, tick, 1)]
    assert kinds_logged(database) == ["calibrated"]
    told = msgspec.json.decode(log_of(database)[0].body)
    [(calibration, decision)] = database.rows("SELECT calibration, decision FROM calibrations")
    assert told["calibration"] == msgspec.json.decode(calibration)
    assert told["decision"] == msgspec.json.decode(decision)
    known = asyncio.run(store.load_calibrations(database, ["price_anomaly"])).calibrations
    assert (known["price_anomaly", HOUR].n, known["price_anomaly", HOUR].hits) == (120, 80)


def test_the_next_day_tries_anew_and_keeps_the_one_in_use_when_it_is_no_better(
    database: SqliteDatabase,
) -> None:
    tick = many_judged(database)
    calibrate(database, tick)
    first = asyncio.run(store.load_calibrations(database, ["price_anomaly"]))
    assert calibrate(database, tick + DAY) == 0
    assert database.rows("SELECT version, accepted FROM calibrations ORDER BY version") == [
        (1, 1), (2, 0),
    ]  # fmt: skip
    now = asyncio.run(store.load_calibrations(database, ["price_anomaly"]))
    assert now.calibrations == first.calibrations
    assert (now.version, now.made_at) == (2, tick + DAY)
    assert kinds_logged(database) == ["calibrated"] * 2


def test_before_anything_was_judged_nothing_is_made_and_little_is_read(
    database: SqliteDatabase,
) -> None:
    claim(database)
    before = database.statements
    assert calibrate(database, FIRED) == 0
    assert database.statements - before == 3
    assert log_of(database) == []


def test_two_at_once_calibrate_once(database: SqliteDatabase) -> None:
    tick = many_judged(database)
    slow = Yielding(database)

    async def both() -> list[int]:
        def work(run: Run) -> Any:
            return judging.calibrate(tick, run, DETECTORS, slow, LOG)

        return list(await asyncio.gather(*(following(slow, work) for _ in range(2))))

    assert sorted(asyncio.run(both())) == [0, 1]
    assert slow.conflicts == 1
    assert kinds_logged(database) == ["calibrated"]


def test_a_tick_that_comes_again_judges_no_more_than_its_share(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(5):
        claim(database, fired_at=FIRED + index * STEP)
    monkeypatch.setattr(judging, "MOST_A_TICK", 2)
    assert [judge(database, FIRED + DAY) for _ in range(3)] == [2, 0, 0]
    assert judge(database, FIRED + DAY + STEP) == 2
