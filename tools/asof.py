# ruff: noqa: S608 - every table and column is a constant of ours
"""`python -m tools.asof DATABASE`: run all of detection again and compare, byte for byte.

DATABASE is an SQLite file of the system's D1. Every tick of its detection_runs is
run again, in their order, over a copy that at each tick holds only what was known then:
prices up to it, the past of an asset from when it was loaded, stories by the tick at which
they were collected, readings by their time. Signals, events, outcomes, calibrations
and the log must come out the same. Exit status 1: they do not, 2: no such database.

Nothing tells when a row was stored later than its own tick (a tick that was replayed,
an outage that was filled): what was found before that is then called different.
Symbols and names of assets are those of today. A detector whose version changed since
finds other things.
"""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from common.log import Logger
from signals.detectors import DETECTORS
from signals.pipeline import detect
from tools.sqlite_database import MIGRATIONS, SqliteDatabase

# What is compared, and the key that a row is named by.
RESULTS = {
    "signal_log": ("seq",),
    "signals": ("id",),
    "events": ("event_id",),
    "outcomes": ("signal_id", "horizon"),
    "calibrations": ("type", "horizon", "version"),
}
NEEDED = {*RESULTS, "assets", "market_data", "detection_runs"}
FIXED = ("sources", "assets", "series")

# When each row could be known, by table; `old` is the database that is checked.
KNOWN_AT = {
    "market_data": """CASE WHEN new.observed_at = new.timestamp AND new.timestamp < (
        SELECT a.history_loaded_at FROM old.assets a WHERE a.asset_id = new.asset_id)
      THEN (SELECT a.history_loaded_at FROM old.assets a WHERE a.asset_id = new.asset_id)
      ELSE new.timestamp END""",
    "source_runs": "new.tick",
    "news_items": "new.tick",
    "news_mentions": "(SELECT n.tick FROM old.news_items n WHERE n.news_id = new.news_id)",
    "readings": "(new.id & 67108863) * 60",
}
TICKS = "SELECT tick, max(run_no) FROM old.detection_runs GROUP BY tick ORDER BY min(run_no)"
LAST_RUN = "SELECT max(run_no) FROM main.detection_runs"
HISTORY_LOADED = """
UPDATE main.assets SET history_from = (
  SELECT o.history_from FROM old.assets o WHERE o.asset_id = assets.asset_id)
WHERE history_from IS NULL AND asset_id IN (
  SELECT asset_id FROM old.assets WHERE coalesce(history_loaded_at, 0) <= ?1)
"""


class AsOfError(Exception):
    """There is nothing to run again; the text says why."""


class NoHub:
    """Nobody listens."""

    async def publish(self, _events: str) -> int:
        """Take events and send them nowhere."""
        return 0


def run_again(file: Path) -> tuple[SqliteDatabase, int]:
    """Return a database with what detection finds now, and the number of ticks it ran.

    The checked one stays attached to it as `old`, read only. Raises AsOfError.
    """
    connection = _attached(file)
    database = SqliteDatabase(connection)
    columns = {
        table: ", ".join(row["name"] for row in connection.execute(f"PRAGMA table_info({table})"))
        for table in (*FIXED, *KNOWN_AT)
    }
    for table in FIXED:
        names = columns[table]
        connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM old.{table}")
    connection.execute("UPDATE main.assets SET history_from = NULL")
    for table, known_at in KNOWN_AT.items():
        connection.execute(
            f"CREATE TEMP TABLE {table}_later AS"
            f" SELECT {known_at} AS known_at, new.* FROM old.{table} new"
        )
        connection.execute(f"CREATE INDEX temp.{table}_known ON {table}_later (known_at)")
    ticks = connection.execute(TICKS).fetchall()
    log = Logger("signal-detection", lambda: 0.0, lambda _: None)
    before = -1
    for tick, last_run in ticks:
        for table in KNOWN_AT:
            names = columns[table]
            connection.execute(
                f"INSERT INTO main.{table} ({names}) SELECT {names} FROM temp.{table}_later"
                " WHERE known_at > ?1 AND known_at <= ?2",
                (before, tick),
            )
        connection.execute(HISTORY_LOADED, (tick,))
        done = connection.execute(LAST_RUN).fetchone()[0] or 0
        while True:  # a tick that came several times has judged several times its share
            asyncio.run(detect(tick, tick, DETECTORS, database, NoHub(), log))
            runs = connection.execute(LAST_RUN).fetchone()[0] or 0
            if runs >= last_run or runs == done:
                break
            done = runs
        before = tick
    return database, len(ticks)


def _attached(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect("file::memory:", uri=True, isolation_level=None)
    for migration in sorted(MIGRATIONS.glob("*.sql")):
        connection.executescript(migration.read_text("utf-8"))
    try:
        connection.execute("ATTACH DATABASE ?1 AS old", (f"file:{quote(str(file))}?mode=ro",))
        there = {name for (name,) in connection.execute("SELECT name FROM old.sqlite_master")}
    except sqlite3.Error as error:
        raise AsOfError(f"{file} cannot be read as an SQLite database: {error}") from None
    if missing := NEEDED - there:
        raise AsOfError(f"{file} is no database of this system: it has no {min(missing)}")
    return connection


def differences(database: SqliteDatabase) -> Iterator[str]:
    """Yield what differs between the checked database and what was found now."""
    for table, key in RESULTS.items():
        rows = {
            of: {
                tuple(row[name] for name in key): row
                for row in database.connection.execute(f"SELECT * FROM {of}.{table}")
            }
            for of in ("old", "main")
        }
        for at in sorted({*rows["old"], *rows["main"]}):
            if difference := _difference(rows["old"].get(at), rows["main"].get(at)):
                yield f"{table} {' '.join(map(str, at))}: {difference}"


def _difference(old: sqlite3.Row | None, new: sqlite3.Row | None) -> str | None:
    if old is None:
        return "is found now and was not stored"
    if new is None:
        return "was stored and is not found now"
    for name in old.keys():  # noqa: SIM118 - a Row iterates over its values
        if old[name] != new[name] or type(old[name]) is not type(new[name]):
            return f"{name} was {_short(old[name], new[name])}, is {_short(new[name], old[name])}"
    return None


def _short(value: Any, other: Any) -> str:
    """Return a value for a message: of a long text what is around the first difference."""
    if not isinstance(value, str) or not isinstance(other, str) or len(value) < 100:
        return repr(value)
    same = next((i for i, (a, b) in enumerate(zip(value, other, strict=False)) if a != b), 0)
    return f"…{value[max(0, same - 30) : same + 50]!r}…"


def main(arguments: list[str] | None = None) -> int:
    """Run again and say whether the same came out."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.asof",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("database", type=Path, metavar="DATABASE")
    asked = parser.parse_args(arguments)
    try:
        database, ticks = run_again(asked.database)
    except AsOfError as error:
        print(error, file=sys.stderr)
        return 2
    found = list(differences(database))
    if found:
        print(f"different in {len(found)} rows, first:\n{found[0]}", file=sys.stderr)
        return 1
    [(signals, seq)] = database.rows(
        "SELECT (SELECT count(*) FROM signals), (SELECT count(*) FROM signal_log)"
    )
    head = database.rows("SELECT hash FROM signal_log ORDER BY seq DESC LIMIT 1")
    told = f"head {seq} {head[0][0]}" if head else "an empty log"
    print(f"the same: {signals} signals, {ticks} ticks, {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
