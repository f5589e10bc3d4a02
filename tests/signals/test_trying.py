"""A rule tried on what is stored of an asset: the same path as the API's preview takes."""

import asyncio
from typing import Any

import msgspec
import pytest

from common.times import iso
from signals.detectors import DETECTORS
from signals.trying import try_rule
from tests.signals.seeding import START, STEP, add_asset, noisy
from tests.support.sqlite import SqliteDatabase

DAYS = 10
COUNT = DAYS * 96


@pytest.fixture
def database() -> SqliteDatabase:
    seeded = SqliteDatabase()
    for number in range(1, 15):
        add_asset(seeded, number, noisy(COUNT, number))
    jumps = [p * (1.08 if n >= 900 else 1.0) for n, p in enumerate(noisy(COUNT, 99))]
    add_asset(seeded, 20, jumps, name="jumper")
    return seeded


def tried(database: SqliteDatabase, **asked: Any) -> Any:
    text = msgspec.json.encode({"type": "price_anomaly", "symbol": "jumper", **asked}).decode()
    return msgspec.json.decode(asyncio.run(try_rule(text, DETECTORS, database)))


def test_a_jump_in_the_stored_past_is_what_the_rule_would_have_found(
    database: SqliteDatabase,
) -> None:
    told = tried(database, days=3)
    assert told["fired"] == 1
    (fire,) = told["fires"]
    assert fire["direction"] == "up"
    assert (fire["at"], fire["asset_id"]) == (iso(START + 900 * STEP), "jumper")
    due = {one["horizon"]: one for one in fire["outcomes"]}
    assert due[3600]["hit"] is False, "the price stood still afterwards"
    assert due[86400]["reason"] == "not over yet"


def test_what_lies_before_the_asked_days_only_teaches(database: SqliteDatabase) -> None:
    assert tried(database, symbol="asset-1", days=1)["fired"] == 0
    assert tried(database, symbol="asset-1", days=1)["points"] > 96


def test_other_thresholds_find_more_or_less(database: SqliteDatabase) -> None:
    assert tried(database, days=3, params={"step_sigmas": 30.0})["fired"] == 0
    assert tried(database, days=3, direction="down")["fired"] == 0
    loose = {"step_sigmas": 2.0, "smallest_step": 0.004}
    assert tried(database, days=3, params=loose)["fired"] > 1


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"symbol": "nobody"}, "No asset"),
        ({"params": {"sigma": 3.0}}, "step_sigmas"),
        ({"params": {"step_sigmas": 0.1}}, "between"),
        ({"type": "astrology"}, "price_anomaly"),
    ],
)
def test_a_rule_that_cannot_be_tried_says_what_to_change(
    database: SqliteDatabase, asked: dict[str, Any], says: str
) -> None:
    assert says in tried(database, **asked)["error"]


@pytest.mark.parametrize("type_", [one.name for one in DETECTORS])
def test_every_type_can_be_tried(database: SqliteDatabase, type_: str) -> None:
    told = tried(database, type=type_, days=3)
    assert told["type"] == type_
    assert told["fired"] >= 0


def test_nothing_is_stored(database: SqliteDatabase) -> None:
    before = database.connection.total_changes
    tried(database, days=3)
    assert database.connection.total_changes == before
