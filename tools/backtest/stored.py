"""Histories as the product stored them: an export of its database, or its raw archive.

An export is an SQLite file (D1's local state is one) or an SQL dump (`wrangler d1
export`); what is read is a copy in memory. A raw archive is a folder of R2's objects,
raw/<source>/<day>/<HHMM>/<started>.zip: every tick is replayed from its bodies into
an empty database, as the collection Worker replays one.

A price counts from its own time on, also where it was stored later (the past of an
asset that was new); a story from when it was collected.
"""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from collection.budget import LocalMeter
from collection.fetch import Ask, Reply, Slots, Usage
from collection.pipeline import Ports, replay
from collection.sources import SOURCES
from collection.store.prices import assets_without_history, mark_history
from common.log import Logger
from common.settings import Settings
from common.times import epoch
from signals.detectors.base import Detector
from signals.engine import Fired
from signals.history import Agreed, History
from signals.store import points, results
from signals.store.readings import load_readings
from signals.store.states import SHARD_BITS
from signals.store.states import Loaded as States
from tools.backtest.loaded import BadInputError, Loaded
from tools.sqlite_database import MIGRATIONS, SqliteDatabase

TABLES = {"assets", "market_data", "news_items", "news_mentions", "sources"}
END = 1 << 31  # epoch seconds: behind everything that is stored
MOST_ASSETS = 1_000_000
ARCHIVE = re.compile(r"([^/]+)/(\d{4}-\d\d-\d\d)/(\d\d)(\d\d)/\d+\.zip")


def load_export(path: Path, detectors: Sequence[Detector]) -> Loaded:
    """Return the history of an exported database. Raises BadInputError when it is none of ours."""
    history = history_of(_open(path), detectors)
    return Loaded(history, f"the database export {path.name}", [])


def load_archive(folder: Path, detectors: Sequence[Detector]) -> Loaded:
    """Return the history that the raw bodies of a folder make.

    Raises BadInputError when there are none.
    """
    root = folder if (folder / "raw").is_dir() else folder.parent
    bucket = _Folder(root)
    found = [match for key in bucket.names if (match := ARCHIVE.fullmatch(key[4:]))]
    ticks = sorted({epoch(f"{day}T{hour}:{minute}Z") for _, day, hour, minute in
                    (match.groups() for match in found)})  # fmt: skip
    if not ticks:
        raise BadInputError(f"{folder}: no raw/<source>/<day>/<HHMM>/<started>.zip below it")
    database, degraded = SqliteDatabase(), Counter[str]()
    asyncio.run(_replay(ticks, bucket, database, degraded))
    notes = [f"{name}: {count} ticks are not whole" for name, count in sorted(degraded.items())]
    unknown = {match[1] for match in found} - {source.name for source in SOURCES}
    notes += [f"{name}: no source of this product" for name in sorted(unknown)]
    return Loaded(history_of(database, detectors), f"{len(ticks)} ticks of a raw archive", notes)


def is_archive(folder: Path) -> bool:
    """Tell whether a folder is, or holds, R2's folder of raw bodies."""
    return folder.name == "raw" or (folder / "raw").is_dir()


def is_ours(path: Path) -> bool:
    """Tell whether an SQLite file has prices in it: D1's local state keeps other files too."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            return bool(file.execute("SELECT 1 FROM sqlite_master WHERE name = 'market_data'")
                        .fetchone())  # fmt: skip
    except sqlite3.Error:
        return False


def _open(path: Path) -> SqliteDatabase:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        if path.suffix == ".sql":
            copy.executescript(path.read_text("utf-8"))
        else:
            uri = f"{path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as original:
                original.backup(copy)
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        if missing := TABLES - there:
            raise BadInputError(
                f"{path}: no export of this product: it has no {', '.join(sorted(missing))}"
            )
        if "d1_migrations" in there:  # one of an older version is brought up to date
            done = {name for (name,) in copy.execute("SELECT name FROM d1_migrations")}
            for migration in sorted(MIGRATIONS.glob("*.sql")):
                if migration.name not in done:
                    copy.executescript(migration.read_text("utf-8"))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise BadInputError(f"{path}: not readable as a database export: {error}") from None
    return SqliteDatabase(copy)


def history_of(database: SqliteDatabase, detectors: Sequence[Detector]) -> History:
    """Return everything that a database holds. Raises BadInputError when it has no prices."""

    async def load() -> History:
        numbers = dict(database.connection.execute("SELECT asset_id, asset_no FROM assets"))
        shards = {number >> SHARD_BITS: 0 for number in numbers.values()}
        states = States({}, {"sentiment_shift": shards}, [])
        assets = await points.load_assets(database, END, dict.fromkeys(numbers, 0), states)
        kinds = sorted({kind for one in detectors for kind in one.kinds})
        readings = {kind: await load_readings(database, kind, 0, END) for kind in kinds}
        refused = await points.load_refused(database, 0, END)
        return History(assets, readings, refused, agreed)

    def agreed(fired: Sequence[Fired]) -> Agreed:
        return asyncio.run(results.load_agreed(database, fired))

    try:
        history = asyncio.run(load())
    except sqlite3.Error as error:
        raise BadInputError(f"the export is of another version of this product: {error}") from None
    if not history.assets:
        raise BadInputError("the database holds no prices of watched assets")
    return history


async def _replay(
    ticks: Sequence[int], bucket: "_Folder", database: SqliteDatabase, degraded: Counter[str]
) -> None:
    for tick in ticks:

        def clock(now: int = tick) -> float:
            return float(now)

        ports = Ports(
            database=database,
            raw=bucket,
            fetch=_Nobody(),
            guarded=_Nobody(),
            meter=LocalMeter(clock),
            clock=clock,
            sleep=_never,
            log=Logger("data-collection", clock, lambda _: None),
            settings=Settings(),
            keys={},
        )
        summary = await replay(tick, SOURCES, ports)
        degraded.update(run.source for run in summary.runs if run.state == "degraded")
    new = await assets_without_history(database, MOST_ASSETS)
    await database.batch(mark_history(dict.fromkeys(new, ticks[0]), ticks[0]))


class _Folder:
    """A bucket that is a folder, to be read from."""

    def __init__(self, root: Path) -> None:
        files = (root / "raw").rglob("*.zip")
        self.names = sorted(file.relative_to(root).as_posix() for file in files)
        self._root = root
        self._by_prefix: dict[str, list[str]] = {}
        for key in self.names:
            self._by_prefix.setdefault(key.rpartition("/")[0] + "/", []).append(key)

    async def put(self, key: str, body: bytes) -> None:
        """Refuse: a replay keeps nothing."""
        raise AssertionError(f"a replay keeps nothing, here {key} of {len(body)} bytes")

    async def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`."""
        return (self._root / key).read_bytes()

    async def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with `prefix`, the folder of a tick."""
        return self._by_prefix.get(prefix, [])


class _Nobody:
    """A replay asks no provider."""

    async def get(self, ask: Ask, usage: Usage, slots: Slots) -> Reply:  # noqa: ARG002
        """Refuse."""
        raise AssertionError(f"a replay asks nobody, here {ask.url}")


async def _never(seconds: float) -> None:
    raise AssertionError(f"a replay waits for nobody, here {seconds} s")
