"""What a tick costs: the Workers' own milliseconds, and the rows that D1 bills."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from bench.report import Line, alone
from bench.stage import Stage, say
from collection.fetch import Ask
from collection.overrides import overridden
from collection.pipeline import MOST_LARGEST
from collection.plan import Largest, plan
from collection.sources import SOURCES
from collection.store import prices
from collection.store.runs import Memory
from common.guarded_fetch import upstream_address
from common.settings import Settings
from common.times import iso
from tools.system.running import UNLIMITED

TICKS = 7
COINS, ITEMS = 250, 60
LOG_SECONDS = 10.0
RUNS = """
SELECT source, parsed, stored, milliseconds, state, reason
FROM source_runs WHERE tick = ?1 ORDER BY source
"""
# What was observed, whatever was computed from it; readings are told by the minute in their id.
OBSERVATIONS = """
SELECT (SELECT count(*) FROM market_data WHERE timestamp = ?1 AND source <> 'consensus')
  + (SELECT count(*) FROM market_global WHERE timestamp = ?1)
  + (SELECT count(*) FROM readings WHERE id & 67108863 = ?1 / 60)
  + (SELECT count(*) FROM news_items WHERE tick = ?1)
"""


class Run(msgspec.Struct, frozen=True, array_like=True):
    """What the database says of a source's part in a tick."""

    source: str
    parsed: int
    stored: int
    milliseconds: int
    state: str
    reason: str | None


class Tick(msgspec.Struct, frozen=True):
    """One measured tick: what the Workers logged of it, and its runs."""

    at: int
    collection_ms: int
    detection_ms: int
    collection_rows: int
    detection_rows: int
    requests: int
    memory_bytes: int
    observations: int
    runs: list[Run]

    @property
    def total_ms(self) -> int:
        """Milliseconds of the whole chain."""
        return self.collection_ms + self.detection_ms

    @property
    def parsed(self) -> dict[str, int]:
        """How many rows each source gave."""
        return {run.source: run.parsed for run in self.runs}

    def __str__(self) -> str:
        sources = " ".join(f"{run.source}={run.milliseconds}" for run in self.runs)
        return (
            f"{iso(self.at)} collection {self.collection_ms} ms, detection {self.detection_ms} ms,"
            f" {self.requests} requests, {self.observations} observations,"
            f" {self.collection_rows} rows written, {self.memory_bytes / 1e6:.0f} MB;"
            f" ms by source: {sources}"
        )


def measure(stage: Stage) -> Iterator[Line]:
    """Yield the lines of the tick."""
    ticks = []
    for number in range(TICKS):
        ticks.append(fire(stage, stage.next_tick()))
        say(f"tick {number + 1} of {TICKS}: {ticks[-1]}")
        parsed = ticks[-1].parsed
        if parsed["coingecko"] < COINS or sum(parsed.values()) < COINS + ITEMS:
            raise RuntimeError(f"a smaller tick than is to be measured: {parsed}")
    scale = f"{COINS} coins, {min(sum(tick.parsed.values()) for tick in ticks)} rows parsed"
    yield alone(
        "tick_collection_ms", [t.collection_ms for t in ticks], "ms", f"target <= 1500; {scale}"
    )
    yield alone("tick_detection_ms", [t.detection_ms for t in ticks], "ms")
    yield alone("tick_total_ms", [t.total_ms for t in ticks], "ms")
    yield alone(
        "tick_rows_written_per_observation", [t.collection_rows / t.observations for t in ticks],
        "rows", "target <= 2",
    )  # fmt: skip
    yield alone(
        "tick_rows_written_whole_chain",
        [(t.collection_rows + t.detection_rows) / t.observations for t in ticks], "rows",
        "with detector states, signals and outbox",
    )  # fmt: skip


def fire(stage: Stage, at: int) -> Tick:
    """Run the tick `at`, every answer to it made beforehand: the provider's time is not ours."""
    for ask in _asks(stage, at):
        _ask_simulator(stage, ask)
    stage.system.tick(at)
    done = _logged(stage, "collection", "tick done", at)
    detected = _logged(stage, "signals", "detected", iso(at))
    return Tick(
        at=at,
        collection_ms=done["collection_ms"],
        detection_ms=done["detection_ms"],
        collection_rows=done["rows_written"],
        detection_rows=detected["rows_written"],
        requests=done["requests"],
        memory_bytes=done["memory_bytes"],
        observations=stage.rows(OBSERVATIONS, at)[0][0],
        runs=[msgspec.convert(row, Run) for row in stage.rows(RUNS, at)],
    )


def _asks(stage: Stage, tick: int) -> Iterator[Ask]:
    """Yield every request that the tick may make when all its sources are due."""
    (text,) = stage.rows(prices.LARGEST, MOST_LARGEST)[0]
    known = msgspec.json.decode(text, type=list[tuple[str, list[str]]])
    largest = Largest([asset for asset, _ in known], dict(known))
    pages = int(stage.system.sources.variables.get("MARKET_PAGES", 1))
    keys = {source.key_name: "simulated" for source in SOURCES if source.key_name}
    for source in overridden(SOURCES, UNLIMITED):
        due = plan(source, tick, Memory({}, []), largest, Settings(market_pages=pages), keys)
        for work in due.works if due else ():
            yield from (call.ask for call in work.calls)


def _ask_simulator(stage: Stage, ask: Ask) -> None:
    address = upstream_address(ask.url, stage.system.ports.address("simulator"))
    headers = {**ask.headers, "accept-encoding": "gzip"}
    request = urllib.request.Request(address, data=ask.post, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
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
