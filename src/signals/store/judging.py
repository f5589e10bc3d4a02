"""Outcomes that are due, the paths they are judged on, and the calibrations made of them."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from common.database import Database, Statement, bulk
from common.views import may_be_told
from signals.calibration import Calibration, Judged
from signals.claims import HORIZONS, Step, Terms
from signals.market import index
from signals.series import MARKET, SOURCES
from signals.signal import Calibrations
from signals.store.points import same

BEFORE_SECONDS = 7 * 86400  # the past that a signal's noise and base rate come from
MOST_OUTCOMES = 5_000  # judged ones that a calibration learns from, the newest

DUE = """
SELECT json_group_array(json_array(signal_id, horizon, type, subject, fired_at, json(terms))) FROM (
  SELECT * FROM outcomes WHERE judged_at IS NULL AND due_at <= ?1
  ORDER BY due_at, signal_id LIMIT ?2)
"""

# How much was judged at a tick already: it is among the newest runs or long ago.
JUDGED_AT = """
SELECT coalesce(sum(summary ->> 'judged'), 0) AS judged FROM detection_runs
WHERE run_no > (SELECT max(run_no) FROM detection_runs) - 40 AND tick = ?1
"""

# The price of record of an asset: of several rows of a minute the last, which is the consensus.
# [time, price, volume, market's level]; the market's own path and that of readings are like it.
ASSET_PATH = f"""
SELECT json_group_array(json_array(m.timestamp, {same("m.price")},
  iif(m.source IN (SELECT source FROM sources WHERE coverage = 'venue'), NULL,
    {same("m.volume_24h")}),
  coalesce((SELECT level FROM market_levels WHERE timestamp <= (m.timestamp + 450) / 900 * 900
    ORDER BY timestamp DESC LIMIT 1), 0)))
FROM assets a CROSS JOIN market_data m ON m.id
  BETWEEN (a.asset_no << 31) | ((?2 / 60) << 5) AND (a.asset_no << 31) | ((?3 / 60) << 5) | 31
WHERE a.asset_id = ?1 AND {may_be_told("m")}
  AND NOT EXISTS (SELECT 1 FROM market_data n WHERE n.id > m.id AND n.id <= m.id | 31
    AND {may_be_told("n")})
"""  # noqa: S608 - constants of ours
MARKET_PATH = """
SELECT json_group_array(json_array(timestamp, level, NULL, NULL))
FROM market_levels WHERE timestamp BETWEEN ?1 AND ?2
"""
READING_PATH = f"""
SELECT json_group_array(json_array((r.id & 67108863) * 60, {same("r.value")}, NULL, NULL))
FROM series s CROSS JOIN readings r
  ON r.id BETWEEN (s.series_no << 26) | (?3 / 60) AND (s.series_no << 26) | (?4 / 60)
WHERE s.kind = ?1 AND s.key = ?2
"""  # noqa: S608 - constants of ours

JUDGE = """
UPDATE outcomes SET judged_at = ?2, hit = j.value ->> 2, value = j.value ->> 3,
  threshold = j.value ->> 4, control_n = j.value ->> 5, control_hits = j.value ->> 6,
  reason = j.value ->> 7
FROM json_each(?1) j
WHERE outcomes.signal_id = j.value ->> 0 AND outcomes.horizon = j.value ->> 1
  AND outcomes.judged_at IS NULL
"""

JUDGED = """
SELECT json_group_array(json_object('at', fired_at, 'score', score, 'hit', json(iif(hit,
    'true', 'false')), 'control_n', control_n, 'control_hits', control_hits, 'value', value,
  'issued', issued))
FROM (SELECT * FROM outcomes WHERE type = ?1 AND horizon = ?2 AND hit IS NOT NULL
  ORDER BY fired_at DESC LIMIT ?3)
"""

# The newest of each [type, horizon] of ?1: looked up, not searched for.
CALIBRATIONS = """
SELECT c.type, c.horizon, c.version, c.made_at, c.calibration
FROM json_each(?1) j CROSS JOIN calibrations c
  ON c.type = j.value ->> 0 AND c.horizon = j.value ->> 1 AND c.version = (
    SELECT max(version) FROM calibrations n
    WHERE n.type = j.value ->> 0 AND n.horizon = j.value ->> 1)
"""
IS_JUDGED = "SELECT 1 FROM outcomes WHERE hit IS NOT NULL AND type > '' LIMIT 1"
INSERT_CALIBRATIONS = """
INSERT INTO calibrations (type, horizon, version, made_at, accepted, calibration, decision, report)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value ->> 6, value ->> 7
FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING
"""


class Due(msgspec.Struct, frozen=True, array_like=True):
    """A claim whose horizon has passed."""

    signal_id: str
    horizon: int
    type: str
    subject: str
    fired_at: int
    terms: Terms


async def load_due(database: Database, tick: int, most: int) -> list[Due]:
    """Return what is to be judged at `tick`, the oldest first, at most so much a tick."""
    most -= (await database.all(Statement(JUDGED_AT, (tick,))))[0]["judged"]
    if most <= 0:
        return []
    text = await database.text(Statement(DUE, (tick, most))) or "[]"
    return msgspec.json.decode(text, type=list[Due])


async def load_path(database: Database, subject: str, since: int, until: int) -> list[Step]:
    """Return the stored steps of an asset, of the market or of a series of readings.

    What the sources say of all assets is judged by the market.
    """
    kind, _, key = subject.partition(":")
    whole = subject in (MARKET, SOURCES)
    if whole:
        statement = Statement(MARKET_PATH, (since, until))
    elif key:
        statement = Statement(READING_PATH, (kind, key, since, until))
    else:
        statement = Statement(ASSET_PATH, (subject, since, until))
    text = await database.text(statement) or "[]"
    steps = msgspec.json.decode(text, type=list[Step])
    if whole:
        steps = [msgspec.structs.replace(one, value=index(one.value)) for one in steps]
    return sorted(steps, key=lambda one: one.time)


def save_judged(tick: int, judged: Iterable[Sequence[Any]]) -> list[Statement]:
    """Return the statements that store [signal_id, horizon, hit, value, threshold, control_n,
    control_hits, reason] of what was judged at `tick`."""
    return bulk(JUDGE, judged, (tick,))


async def load_judged(database: Database, type_: str, horizon: int) -> list[Judged]:
    """Return the newest judged signals of a type and horizon."""
    statement = Statement(JUDGED, (type_, horizon, MOST_OUTCOMES))
    return msgspec.json.decode(await database.text(statement) or "[]", type=list[Judged])


class InUse(NamedTuple):
    """The calibrations in use by type and horizon, their newest version, when that was made."""

    calibrations: Calibrations
    version: int
    made_at: int


async def load_calibrations(database: Database, types: Iterable[str]) -> InUse:
    """Return the calibrations in use of some types of signals; version 0 before the first."""
    wanted = msgspec.json.encode([(one, horizon) for one in types for horizon in HORIZONS])
    rows = await database.all(Statement(CALIBRATIONS, (wanted.decode(),)))
    return InUse(
        {
            (row["type"], row["horizon"]): msgspec.json.decode(row["calibration"], type=Calibration)
            for row in rows
        },
        max((row["version"] for row in rows), default=0),
        max((row["made_at"] for row in rows), default=0),
    )


async def is_judged(database: Database) -> bool:
    """Tell whether any claim was judged yet."""
    return await database.text(Statement(IS_JUDGED)) is not None


class Made(NamedTuple):
    """A row of `calibrations`; the last three as JSON."""

    type: str
    horizon: int
    version: int
    made_at: int
    accepted: int
    calibration: str
    decision: str
    report: str


def save_calibrations(made: Iterable[Made]) -> list[Statement]:
    """Return the statements that store what was tried."""
    return bulk(INSERT_CALIBRATIONS, made)
