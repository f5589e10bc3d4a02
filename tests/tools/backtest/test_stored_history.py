"""What the product stored is walked over as it was: exports of its database, raw bodies."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from signals.detectors import DETECTORS
from signals.walk import walk
from tests.collection.desk import QUARTER, TICK, Desk, registered
from tests.signals.past import ASSETS, seed_past
from tests.support.simulator import running_simulator
from tests.support.sqlite import MIGRATIONS, SqliteDatabase
from tools.backtest.__main__ import load
from tools.backtest.loaded import BadInputError
from tools.backtest.stored import END, history_of

HOURS = 190
TICKS = 5


@pytest.fixture(scope="module")
def database() -> SqliteDatabase:
    seeded = SqliteDatabase()
    seed_past(seeded, hours=HOURS)
    return seeded


def dumped(database: SqliteDatabase, path: Path) -> Path:
    """An export as `wrangler d1 export` writes one."""
    lines = ["PRAGMA defer_foreign_keys=TRUE;", *database.connection.iterdump()]
    path.write_text("\n".join(lines), "utf-8")
    return path


def copied(database: SqliteDatabase, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as file:
        database.connection.backup(file)
    return path


def test_an_export_holds_prices_quotes_stories_and_readings(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    history = load(copied(database, tmp_path / "state.sqlite")).history
    assert len(history.assets) == ASSETS
    first = history.assets[0]
    assert len(first.prices) == len(first.quotes) == HOURS
    assert {one.source for one in first.prices} == {"consensus"}
    assert {quote.source for _, said in first.quotes for quote in said} == {"coingecko", "kraken"}
    assert sum(len(one.stories) for one in history.assets) > 10
    assert len(history.readings["protocol_tvl"]) == 12
    assert {"kraken"} == {name for names in history.refused.values() for name in names}


def test_a_file_a_dump_and_a_folder_of_either_give_the_same_history(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    wanted = history_of(database, DETECTORS)
    file = copied(database, tmp_path / "state.sqlite")
    dump = dumped(database, tmp_path / "dump.sql")
    assert load(dump).history[:3] == wanted[:3]
    assert load(file).history[:3] == wanted[:3]
    dump.unlink()
    assert load(tmp_path).history[:3] == wanted[:3]


def test_an_export_is_left_as_it_was(database: SqliteDatabase, tmp_path: Path) -> None:
    file = copied(database, tmp_path / "state.sqlite")
    before = file.read_bytes()
    load(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["state.sqlite"]


def test_an_export_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    first, second, *_ = sorted(MIGRATIONS.glob("*.sql"))
    with closing(sqlite3.connect(old)) as file:
        for migration in (first, second):
            file.executescript(migration.read_text("utf-8"))
        file.execute("CREATE TABLE d1_migrations (id INTEGER, name TEXT, applied_at TEXT)")
        file.executemany(
            "INSERT INTO d1_migrations VALUES (?, ?, '')", [(1, first.name), (2, second.name)]
        )
        file.execute("INSERT INTO assets VALUES (1, 'bitcoin', 'BTC', 'Bitcoin', 0)")
        file.execute(
            "INSERT INTO sources (source, source_no, coverage, state, attribution,"
            " attribution_url) VALUES ('coingecko', 1, 'aggregate', 'ok', 'a', 'b')"
        )
        file.execute(
            "INSERT INTO market_data VALUES (?, 'bitcoin', 'BTC', 1, 1, 1, ?, ?, 1, NULL)",
            (1 << 31 | (TICK // 60) << 5 | 1, TICK, "coingecko"),
        )
        file.commit()
    (asset,) = load(old).history.assets
    assert [one.time for one in asset.prices] == [TICK]


def test_sources_that_agreed_are_told_of_signals_of_an_export(tmp_path: Path) -> None:
    database = SqliteDatabase()
    seed_past(database)
    history = load(copied(database, tmp_path / "state.db")).history
    walked = walk(DETECTORS, history, END)
    said = [one.explanation for one in walked.signals if one.asset_id != "market"]
    assert any("2 sources agree on the price within" in text for text in said)


@pytest.mark.parametrize("name", ["state.sqlite", "state.db", "dump.sql"])
def test_a_file_that_is_no_database_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"hello there, this is no database at all")
    with pytest.raises(BadInputError, match="not readable as a database export"):
        load(tmp_path / name)


def test_a_database_of_something_else_says_what_it_lacks(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as file:
        file.execute("CREATE TABLE market_data (id INTEGER)")
    with pytest.raises(BadInputError, match="no export of this product: it has no assets, news"):
        load(tmp_path / "other.sqlite")


def test_an_export_without_prices_says_so(tmp_path: Path) -> None:
    file = copied(SqliteDatabase(), tmp_path / "empty.sqlite")
    with pytest.raises(BadInputError, match="no prices of watched assets"):
        load(file)


def test_a_folder_with_several_exports_asks_for_one(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    for name in ("a.sqlite", "b.sqlite"):
        copied(database, tmp_path / name)
    with pytest.raises(BadInputError, match="several exports, name one"):
        load(tmp_path)


class Bucket(NamedTuple):
    """What R2 kept of five ticks of two sources, and the database that collection filled."""

    folder: Path
    database: SqliteDatabase


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    folder = tmp_path_factory.mktemp("bucket")
    with running_simulator() as simulator:
        desk = Desk(simulator.address)
        for number in range(TICKS):
            simulator.set_clock(TICK + number * QUARTER)
            desk.tick(TICK + number * QUARTER, registered("coingecko", "kraken"))
    for key, body in desk.raw.objects.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(body)
    desk.database.connection.execute(f"UPDATE assets SET history_from = {TICK}")
    return Bucket(folder, desk.database)


def test_a_raw_archive_makes_the_history_that_collection_stored(bucket: Bucket) -> None:
    wanted = history_of(bucket.database, DETECTORS)
    found = load(bucket.folder)
    assert len(found.history.assets) == 250
    assert found.history[:3] == wanted[:3]
    assert all(len(one.prices) == TICKS for one in found.history.assets[:50])
    assert (found.made_of, found.notes) == (f"{TICKS} ticks of a raw archive", [])


def test_the_folder_raw_itself_may_be_named(bucket: Bucket) -> None:
    assert load(bucket.folder / "raw").history.assets == load(bucket.folder).history.assets


def test_a_raw_body_that_cannot_be_read_costs_its_source_that_tick(
    bucket: Bucket, tmp_path: Path
) -> None:
    shutil.copytree(bucket.folder, tmp_path, dirs_exist_ok=True)
    broken = sorted((tmp_path / "raw" / "kraken").rglob("*.zip"))[0]
    broken.write_bytes(b"no zip")
    found = load(tmp_path)
    assert found.notes == ["kraken: 1 ticks are not whole"]
    assert len(found.history.assets) == 250


def test_an_archive_of_an_unknown_source_is_named(bucket: Bucket, tmp_path: Path) -> None:
    shutil.copytree(bucket.folder, tmp_path, dirs_exist_ok=True)
    shutil.copytree(tmp_path / "raw" / "kraken", tmp_path / "raw" / "mtgox")
    assert load(tmp_path).notes == ["mtgox: no source of this product"]


def test_an_archive_without_anything_says_how_it_should_look(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(BadInputError, match=r"no raw/<source>/<day>/<HHMM>/<started>.zip"):
        load(tmp_path)
