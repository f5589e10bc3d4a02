"""`python -m tools.asof` as a person runs it: the same, different, or no such database."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.signals.seeding import START, STEP, add_asset, noisy, run_detection
from tests.support.sqlite import SqliteDatabase
from tools.system.layout import PROJECT

TICKS = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of two coins, of which one jumped, as the system left it."""
    database = SqliteDatabase()
    jump = [12.0 if index >= 40 else 0.0 for index in range(TICKS)]
    add_asset(database, 1, [a + b for a, b in zip(noisy(TICKS, 1), jump, strict=True)])
    add_asset(database, 2, noisy(TICKS, 2))
    for index in range(30, TICKS):
        run_detection(database, START + index * STEP)
    path = tmp_path / "a #1 file.sqlite"
    path.write_bytes(database.connection.serialize())
    return path


def change(file: Path, sql: str) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(sql)
    connection.close()


def run(file: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.asof", str(file)], cwd=PROJECT, capture_output=True,
        text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_same_is_said_with_counts_and_the_head_of_the_log(file: Path) -> None:
    before = file.read_bytes()
    status, said = run(file)
    connection = sqlite3.connect(file)
    [(seq, head)] = connection.execute("SELECT seq, hash FROM signal_log ORDER BY seq DESC LIMIT 1")
    connection.close()
    assert (status, said) == (0, f"the same: 1 signals, 30 ticks, head {seq} {head}\n")
    assert file.read_bytes() == before, "a database that is checked is only read"
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_an_altered_price_is_told_with_the_first_row_that_differs(file: Path) -> None:
    jump = START + 40 * STEP
    change(
        file,
        "UPDATE market_data SET price = price * 1.01"
        f" WHERE asset_id = 'asset-1' AND timestamp = {jump}",
    )
    status, said = run(file)
    assert status == 1
    assert "different in " in said
    assert "\nsignal_log 1: hash was '" in said


def test_an_altered_signal_is_told_with_both_values(file: Path) -> None:
    change(file, "UPDATE signals SET confidence_score = 0.75")
    status, said = run(file)
    assert status == 1
    assert said == (
        "different in 1 rows, first:\n"
        f"signals {START + 40 * STEP}-price_anomaly-asset-1: confidence_score was 0.75, is None\n"
    )


def test_a_signal_that_was_added_and_one_that_was_removed_are_told(file: Path) -> None:
    change(file, "PRAGMA foreign_keys = OFF; UPDATE signals SET id = '9'")
    _, said = run(file)
    assert "different in 2 rows" in said
    assert "price_anomaly-asset-1: is found now and was not stored" in said
    change(file, "DELETE FROM signals")
    _, said = run(file)
    assert "different in 1 rows" in said


def test_a_database_without_any_run_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.write_bytes(SqliteDatabase().connection.serialize())
    assert run(path) == (0, "the same: 0 signals, 0 ticks, an empty log\n")


@pytest.mark.parametrize("content", [None, b"no database at all, but long enough " * 99, b""])
def test_what_is_no_database_of_ours_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.sqlite"
    if content is not None:
        path.write_bytes(content)
    status, said = run(path)
    assert (status, "other.sqlite" in said, "Traceback" in said) == (2, True, False)
    assert path.exists() is (content is not None), "nor is one made"
