"""What a tick costs: the Workers' own milliseconds, and the rows that D1 bills."""

import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from bench.report import Line, alone
from bench.stage import LOCAL, Stage, say
from collection.sources import SOURCES
from common.times import iso

TICKS = 7
COINS, ITEMS = 250, 60
LOG_SECONDS = 10.0

OBSERVATIONS = """
SELECT (SELECT count(*) FROM market_data WHERE timestamp = ?1)
  + (SELECT count(*) FROM market_global WHERE timestamp = ?1)
  + (SELECT count(*) FROM news_items WHERE tick = ?1)
"""


class Tick(msgspec.Struct, frozen=True):
    """One measured tick: milliseconds, rows written, and rows stored as observations."""

    collection_ms: int
    detection_ms: int
    collection_rows: int
    detection_rows: int
    observations: int
    parsed: int


def measure(stage: Stage) -> Iterator[Line]:
    """Yield the lines of the tick."""
    ticks = []
    for number in range(TICKS):
        ticks.append(_tick(stage))
        say(f"tick {number + 1} of {TICKS}: {ticks[-1]}")
    scale = f"{COINS} coins, {min(tick.parsed for tick in ticks)} rows parsed"
    yield alone(
        "tick_collection_ms", [t.collection_ms for t in ticks], "ms", f"target <= 1500; {scale}"
    )
    yield alone("tick_detection_ms", [t.detection_ms for t in ticks], "ms")
    yield alone("tick_total_ms", [t.collection_ms + t.detection_ms for t in ticks], "ms")
    yield alone(
        "tick_rows_written_per_observation",
        [t.collection_rows / t.observations for t in ticks], "rows", "target <= 2",
    )  # fmt: skip
    yield alone(
        "tick_rows_written_whole_chain",
        [(t.collection_rows + t.detection_rows) / t.observations for t in ticks], "rows",
        "with detector states, signals and outbox",
    )  # fmt: skip


def _tick(stage: Stage) -> Tick:
    at = stage.next_tick()
    _warm_simulator(stage)
    stage.system.tick(at)
    done = _logged(stage, "collection", "tick done", at)
    detected = _logged(stage, "signals", "detected", iso(at))
    collected = {
        source.name: _logged(stage, "collection", f"collected {source.name}", iso(at))["parsed"]
        for source in SOURCES
    }
    if collected["coingecko"] < COINS or sum(collected.values()) < COINS + ITEMS:
        raise RuntimeError(f"a smaller tick than is to be measured: {collected}")
    return Tick(
        collection_ms=done["collection_ms"],
        detection_ms=done["detection_ms"],
        collection_rows=done["rows_written"],
        detection_rows=detected["rows_written"],
        observations=_observations(at),
        parsed=sum(collected.values()),
    )


def _warm_simulator(stage: Stage) -> None:
    """Have every answer of the coming tick made: the provider's time is not ours."""
    for source in SOURCES:
        for endpoint in source.endpoints:
            path = endpoint.url.format(page=1).removeprefix("https://")
            address = f"{stage.system.ports.address('simulator')}/{path}"
            with urllib.request.urlopen(address, timeout=30) as answer:
                answer.read()


def last_metadata(log: str, message: str) -> dict[str, Any]:
    """Return the metadata of the last log line with that message. Raises LookupError."""
    for line in reversed(log.splitlines()):
        if line.startswith("{") and f'"message":"{message}"' in line:
            metadata: dict[str, Any] = msgspec.json.decode(line)["metadata"]
            return metadata
    raise LookupError(f"no log line {message!r}")


def _logged(stage: Stage, name: str, message: str, tick: object) -> dict[str, Any]:
    """Return the metadata of a Worker's line about `tick`; wrangler prints lines a little late."""
    deadline = time.monotonic() + LOG_SECONDS
    while time.monotonic() < deadline:
        with suppress(LookupError):
            metadata = last_metadata(stage.system.log(name), message)
            if metadata["tick"] == tick:
                return metadata
        time.sleep(0.05)
    raise RuntimeError(f"the log of {name} has no line {message!r} of tick {tick}")


def _observations(tick: int) -> int:
    with closing(sqlite3.connect(f"file:{_database()}?mode=ro", uri=True)) as database:
        return int(database.execute(OBSERVATIONS, (tick,)).fetchone()[0])


def _database() -> Path:
    files = (LOCAL / "state" / "v3" / "d1").rglob("*.sqlite")
    return next(file for file in files if file.name != "metadata.sqlite")
