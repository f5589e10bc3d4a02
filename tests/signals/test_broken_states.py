"""A stored state that cannot be read is rebuilt from what was stored before it."""

import asyncio

import msgspec
import pytest

from signals import store
from signals.detectors import DETECTORS
from signals.store import Loaded
from tests.signals.seeding import START, STEP, add_asset, add_stories, quiet, run_detection
from tests.support.sqlite import SqliteDatabase


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def load(database: SqliteDatabase) -> Loaded:
    return asyncio.run(store.load_states(database, DETECTORS))


def test_a_broken_market_row_is_rebuilt_from_history(database: SqliteDatabase) -> None:
    tick = START + 99 * STEP
    for number in (1, 70):
        add_asset(database, number, quiet(100))
    run_detection(database, tick)
    before = load(database).states
    database.connection.execute(
        "UPDATE detector_state SET state = '{' WHERE detector = 'price_anomaly' AND series = '0'"
    )
    lines: list[str] = []
    run_detection(database, tick, lines=lines)
    assert load(database).states == before
    told = [msgspec.json.decode(line) for line in lines]
    assert [one["metadata"] for one in told if one["level"] == "error"] == [
        {"row": "price_anomaly/0"}
    ]


def test_a_broken_news_row_is_rebuilt_and_the_other_rows_stay(database: SqliteDatabase) -> None:
    tick = START + 9 * STEP
    for number in (1, 70):
        add_asset(database, number, quiet(10))
        add_stories(database, f"asset-{number}", [0.1, -0.2, 0.3], start=START, tick=tick)
    run_detection(database, tick)
    before = load(database).states["sentiment_shift"]
    assert set(before) == {"asset-1", "asset-70"}
    database.connection.execute(
        "UPDATE detector_state SET state = '{' WHERE detector = 'sentiment_shift' AND series = '0'"
    )
    run_detection(database, tick)
    assert load(database).states["sentiment_shift"] == before
