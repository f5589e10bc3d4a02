"""What a run found: signals, events, what is to be judged, what is to be announced, the log."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from common import data_version
from common.database import Database, Statement, bulk
from common.times import iso
from signals.engine import Ended, Fired
from signals.events import WINDOW, Event
from signals.ledger import Entry, Head
from signals.market import Level
from signals.signal import ConsensusInputs, Pending, Signal

ANNOUNCED_SECONDS = 3600  # older findings are history, not news

LAST_RUN = """
SELECT run_no, tick, seq, head FROM detection_runs
WHERE run_no = (SELECT max(run_no) FROM detection_runs)
"""
INSERT_RUN = """
INSERT INTO detection_runs (run_no, tick, seq, head, summary) VALUES (?1, ?2, ?3, ?4, ?5)
"""

# What the price of record of some assets was made of at some ticks, as far as it may be told:
# ?1 [[asset_id, tick], ...].
LOAD_AGREED = """
SELECT j.value ->> 0 AS asset_id, j.value ->> 1 AS tick, json_object(
  'used', (SELECT json_group_object(key, value) FROM json_each(m.inputs, '$.used')
    WHERE key IN (SELECT source FROM sources WHERE redistributable AND shared)),
  'rejected', (SELECT json_group_object(key, value) FROM json_each(m.inputs, '$.rejected')
    WHERE key IN (SELECT source FROM sources WHERE redistributable AND shared)),
  'spread', m.inputs -> 'spread') AS inputs
FROM json_each(?1) j CROSS JOIN assets a ON a.asset_id = j.value ->> 0
CROSS JOIN market_data m ON m.id = (a.asset_no << 31) | (((j.value ->> 1) / 60) << 5) | 31
WHERE m.inputs IS NOT NULL
"""

LOAD_EVENTS = """
SELECT event_id, asset_id, symbol, started_at, last_at, ended_at, reasons, explanation
FROM events WHERE last_at >= ?1
UNION SELECT event_id, asset_id, symbol, started_at, last_at, ended_at, reasons, explanation
FROM events WHERE ended_at IS NULL AND event_id > ''
"""

INSERT_SIGNALS = """
INSERT INTO signals (id, type, asset_id, symbol, confidence_score, explanation, metadata,
  created_at, score, known_at, event_id)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
FROM json_each(?1) WHERE true ON CONFLICT (id) DO NOTHING
"""

STORED = """
SELECT id, ended_at IS NULL AS open FROM signals WHERE id IN (SELECT value FROM json_each(?1))
"""
END_SIGNALS = """
UPDATE signals SET ended_at = j.value ->> 1
FROM json_each(?1) j WHERE signals.id = j.value ->> 0 AND signals.ended_at IS NULL
"""

UPSERT_EVENTS = """
INSERT INTO events (event_id, asset_id, symbol, started_at, last_at, ended_at, reasons,
  explanation)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value ->> 6, value ->> 7
FROM json_each(?1) WHERE true ON CONFLICT (event_id) DO UPDATE SET last_at = excluded.last_at,
  ended_at = excluded.ended_at, reasons = excluded.reasons, explanation = excluded.explanation
"""

INSERT_PENDING = """
INSERT INTO outcomes (signal_id, horizon, type, subject, fired_at, score, terms, issued, due_at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value ->> 6, value ->> 7, value ->> 8
FROM json_each(?1) WHERE true ON CONFLICT (signal_id, horizon) DO NOTHING
"""

INSERT_LEVELS = """
INSERT INTO market_levels (timestamp, level, dispersion, assets)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
FROM json_each(?1) WHERE true ON CONFLICT (timestamp) DO NOTHING
"""

INSERT_OUTBOX = """
INSERT INTO outbox (event_key, event, payload, created_at)
SELECT value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?1)
WHERE true ON CONFLICT (event_key) DO NOTHING
"""

# The end of what was never announced is not announced either.
INSERT_ENDED = """
INSERT INTO outbox (event_key, event, payload, created_at)
SELECT value ->> 0, 'ended', value ->> 1, ?2 FROM json_each(?1)
WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.event_key = 'signal:' || (value ->> 1))
ON CONFLICT (event_key) DO NOTHING
"""

INSERT_LOG = """
INSERT INTO signal_log (seq, hash, body)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)
"""


class Run(NamedTuple):
    """The last run: its number, its tick, the head of the log after it."""

    number: int = 0
    tick: int = 0
    head: Head = Head()


async def last_run(database: Database) -> Run:
    """Return the last run; number 0 before the first."""
    for row in await database.all(Statement(LAST_RUN)):
        return Run(row["run_no"], row["tick"], Head(row["seq"], row["head"]))
    return Run()


def save_run(last: Run, tick: int, entries: Sequence[Entry], summary: Any) -> list[Statement]:
    """Return the statements that make a batch the run behind `last`: they fail when it is not."""
    head = Head(entries[-1].seq, entries[-1].hash) if entries else last.head
    told = msgspec.json.encode(summary).decode()
    values = (last.number + 1, max(tick, last.tick), head.seq, head.hash, told)
    return [Statement(INSERT_RUN, values), *bulk(INSERT_LOG, entries), data_version.RAISE]


async def load_agreed(
    database: Database, fired: Iterable[Fired]
) -> dict[tuple[str, int], ConsensusInputs]:
    """Return what the price of record was made of where something fired, by asset and tick."""
    wanted = sorted({(one.series.asset_id, one.tick) for one in fired})
    found: dict[tuple[str, int], ConsensusInputs] = {}
    for statement in bulk(LOAD_AGREED, wanted):
        for row in await database.all(statement):
            key = (row["asset_id"], row["tick"])
            inputs = msgspec.json.decode(row["inputs"], type=ConsensusInputs)
            # JSON made by another SQLite has other last digits: see points.same.
            used = {source: float(f"{price:.12g}") for source, price in inputs.used.items()}
            found[key] = msgspec.structs.replace(inputs, used=used)
    return found


async def load_stored(database: Database, ids: Sequence[str]) -> dict[str, bool]:
    """Return which of these signals are stored, and whether they are open."""
    if not ids:
        return {}
    encoded = msgspec.json.encode(ids).decode()
    return {
        row["id"]: bool(row["open"]) for row in await database.all(Statement(STORED, (encoded,)))
    }


async def load_events(database: Database, since: int) -> list[Event]:
    """Return the events that a signal at or after `since` may join, and all that are not over."""
    rows = await database.all(Statement(LOAD_EVENTS, (since - WINDOW,)))
    return [msgspec.convert(row | {"reasons": _decode(row["reasons"])}, Event) for row in rows]


def _decode(text: str) -> Any:
    return msgspec.json.decode(text)


def save_results(
    tick: int,
    levels: Sequence[Level],
    signals: Sequence[Signal],
    ended: Sequence[Ended],
    events: Sequence[Event],
    pending: Sequence[Pending],
) -> list[Statement]:
    """Return the statements that store what was found, and what is to be announced of it."""
    kept = [
        (s.id, s.type, s.asset_id, s.symbol, s.confidence_score, s.explanation, s.metadata,
         s.created_at, s.score, s.known_at, s.event_id)
        for s in signals
    ]  # fmt: skip
    told = [
        (*msgspec.structs.astuple(e)[:6], msgspec.json.encode(e.reasons).decode(), e.explanation)
        for e in events
    ]
    recent = tick - ANNOUNCED_SECONDS
    announced = [(f"signal:{s.id}", "signal", s.id) for s in signals if s.created_at > recent]
    over = [
        (f"ended:{one.signal_id}:{one.tick}", one.signal_id) for one in ended if one.tick > recent
    ]
    announced.append((f"tick:{tick}", "tick", iso(tick)))
    return [
        *bulk(INSERT_LEVELS, map(msgspec.structs.astuple, levels)),
        *bulk(INSERT_SIGNALS, kept),
        *bulk(END_SIGNALS, [(one.signal_id, one.tick) for one in ended]),
        *bulk(UPSERT_EVENTS, told),
        *bulk(INSERT_PENDING, map(msgspec.structs.astuple, pending)),
        *bulk(INSERT_OUTBOX, announced, (tick,)),
        *bulk(INSERT_ENDED, over, (tick,)),
    ]
