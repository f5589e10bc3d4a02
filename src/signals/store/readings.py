"""New readings of the kinds that detectors watch, and the past of those whose state was lost."""

from collections.abc import Sequence

import msgspec

from common.database import Database, Statement, parts
from signals.detectors.base import Detector
from signals.series import Read, Series
from signals.store.points import HISTORY_SECONDS, same
from signals.store.states import SHARD_BITS, Loaded

READINGS_NUMBER = 1 << 24  # their shards are behind those of all assets

# New readings of a kind, with the last one before them; no row where nothing is new.
# A series' row: number, key, name, symbol and asset where they are known, [time, value, source].
LOAD_READINGS = f"""
SELECT json_group_array(json_array(s.series_no, s.key, s.name, s.about ->> 'symbol',
  s.about ->> 'asset_id', (
    SELECT json_group_array(json_array((r.id & 67108863) * 60, {same("r.value")}, s.source))
    FROM readings r WHERE r.id >= coalesce((
        SELECT max(p.id) FROM readings p
        WHERE p.id BETWEEN s.series_no << 26 AND (s.series_no << 26) | (?2 / 60)),
      s.series_no << 26) AND r.id <= (s.series_no << 26) | (?3 / 60)))) AS part
FROM series s WHERE s.kind = ?1
  AND s.source IN (SELECT source FROM sources WHERE redistributable AND shared)
  AND (?4 IS NULL OR s.series_no >> 6 IN (SELECT value FROM json_each(?4))) AND EXISTS (
  SELECT 1 FROM readings r
  WHERE r.id BETWEEN (s.series_no << 26) | (?2 / 60 + 1) AND (s.series_no << 26) | (?3 / 60))
GROUP BY s.series_no >> 6
"""  # noqa: S608 - constants of ours


Readings = dict[str, list[tuple[Series, list[Read]]]]  # by kind


class ReadingRow(msgspec.Struct, array_like=True):
    """A row of LOAD_READINGS."""

    number: int
    key: str
    name: str
    symbol: str | None
    asset_id: str | None
    read: list[Read]


async def load_readings(
    database: Database, kind: str, since: int, tick: int, shards: str | None = None
) -> list[tuple[Series, list[Read]]]:
    """Return the series of a kind that have readings after `since`, each with those readings.

    `shards`, a JSON array of numbers without READINGS_NUMBER's, leaves out the others.
    """
    values = (kind, since, tick, shards)
    rows = await parts(database, Statement(LOAD_READINGS, values), ReadingRow)
    return [
        (
            Series(
                READINGS_NUMBER + row.number,
                f"{kind}:{row.key}",
                row.asset_id or f"{kind}:{row.key}",
                (row.symbol or row.name).upper() if row.asset_id else row.name,
                [],
                "" if kind == "protocol_tvl" else row.name,
            ),
            row.read,
        )
        for row in rows
    ]


async def add_history(
    database: Database,
    readings: Readings,
    tick: int,
    detectors: Sequence[Detector],
    loaded: Loaded,
) -> None:
    """Put a week of readings in the place of the new ones where a detector's state is unreadable.

    A series that is new, or watched for the first time, has no past to read.
    """
    for one in detectors:
        if one.input != "readings":
            continue
        mine = [row.rpartition("/") for row in loaded.broken]
        lost = [int(shard) for name, _, shard in mine if name == one.name]
        if not lost:
            continue
        encoded = msgspec.json.encode([shard - (READINGS_NUMBER >> SHARD_BITS) for shard in lost])
        for kind in one.kinds:
            since = tick - HISTORY_SECONDS
            past = await load_readings(database, kind, since, tick, encoded.decode())
            replaced = {series.key for series, _ in past}
            readings[kind] = [row for row in readings[kind] if row[0].key not in replaced] + past
