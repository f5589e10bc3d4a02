"""Sources, what each tick got from them, and what is known of their endpoints."""

from collections.abc import Iterable, Sequence

import msgspec

from collection.run import Run
from collection.source import Source
from common import data_version
from common.database import Database, Statement, bulk

# Numbers are for those that price assets, and stay theirs for ever.
UPSERT_SOURCES = """
INSERT INTO sources
  (source, source_no, state, attribution, attribution_url, redistributable, shared, coverage)
SELECT name, iif(number < 31, number, NULL), 'off', text, url, redistributable, shared, coverage
FROM (
  SELECT value ->> 0 AS name, value ->> 1 AS text, value ->> 2 AS url,
    value ->> 3 AS redistributable, value ->> 4 AS shared, value ->> 5 AS coverage,
    CASE WHEN value ->> 5 IS NOT NULL THEN (SELECT coalesce(max(source_no), 0) FROM sources)
      + sum(value ->> 5 IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM sources WHERE source = value ->> 0 AND source_no IS NOT NULL))
        OVER (ORDER BY value ->> 0) END AS number
  FROM json_each(?1))
WHERE true ON CONFLICT (source) DO UPDATE SET attribution = excluded.attribution,
  attribution_url = excluded.attribution_url, redistributable = excluded.redistributable,
  shared = excluded.shared, coverage = excluded.coverage,
  source_no = coalesce(source_no, excluded.source_no)
WHERE attribution <> excluded.attribution OR attribution_url <> excluded.attribution_url
  OR redistributable <> excluded.redistributable OR shared <> excluded.shared
  OR coverage IS NOT excluded.coverage
"""

# What is no longer declared is no longer unwell.
RETIRE_SOURCES = """
UPDATE sources SET state = 'off', reason = 'no longer collected', failures = 0
WHERE state <> 'off' AND source NOT IN (SELECT value ->> 0 FROM json_each(?1))
"""

INSERT_RUNS = """
INSERT INTO source_runs (source, tick, state, reason, requests, bytes, parsed, skipped,
  milliseconds, started_at, fetched, not_modified, stored)
SELECT value ->> 0, ?2, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value -> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11
FROM json_each(?1) WHERE true
ON CONFLICT (source, tick) DO UPDATE SET state = excluded.state, reason = excluded.reason,
  requests = excluded.requests, bytes = excluded.bytes, parsed = excluded.parsed,
  skipped = excluded.skipped, milliseconds = excluded.milliseconds,
  started_at = excluded.started_at, fetched = excluded.fetched,
  not_modified = excluded.not_modified, stored = excluded.stored
WHERE source_runs.state <> 'ok' AND excluded.state = 'ok'
"""

UPDATE_SOURCES = """
UPDATE sources SET state = j.value ->> 1, reason = j.value ->> 2, last_tick = ?2,
  last_success = CASE WHEN j.value ->> 1 = 'ok' THEN ?2 ELSE last_success END,
  failures = CASE WHEN j.value ->> 1 <> 'degraded' THEN 0
    ELSE failures + (last_tick IS NULL OR last_tick < ?2) END,
  not_before = j.value ->> 12
FROM json_each(?1) j
WHERE sources.source = j.value ->> 0
  AND (last_tick IS NULL OR last_tick < ?2 OR (last_tick = ?2 AND state <> 'ok'))
"""

UPSERT_ENDPOINTS = """
INSERT INTO endpoint_states (source, endpoint, last_success, validators)
SELECT ?3, value ->> 0, ?2, value ->> 1 FROM json_each(?1) WHERE true
ON CONFLICT (source, endpoint) DO UPDATE SET
  last_success = excluded.last_success, validators = excluded.validators
WHERE excluded.last_success > last_success
"""

MEMORY = """
SELECT json_object(
  'sources', (SELECT json_group_object(source, json_array(failures, not_before)) FROM sources),
  'endpoints', (SELECT json_group_array(
    json_array(source, endpoint, last_success, json(validators))) FROM endpoint_states))
"""

LACKED = """
SELECT json_group_object(r.source, r.reason) FROM sources s CROSS JOIN source_runs r
  ON r.source = s.source AND r.tick = ?1 WHERE r.state = 'degraded'
"""

# Address (digest) -> (ETag, Last-Modified), each as it came.
Validators = dict[str, tuple[str | None, str | None]]


class Memory(msgspec.Struct):
    """What ticks before this one left behind.

    `sources` -> (failures in a row, tick before which it is not asked);
    `endpoints` are [source, endpoint, tick of its last success, validators].
    """

    sources: dict[str, tuple[int, int]]
    endpoints: list[tuple[str, str, int, Validators]]

    def of(self, source: str) -> dict[str, tuple[int, Validators]]:
        """Return endpoint -> (last success, validators) of one source."""
        return {name: (at, known) for owner, name, at, known in self.endpoints if owner == source}

    def newest(self, source: str) -> int:
        """Return the tick of the newest success of any endpoint of a source, 0 before the first."""
        return max((at for owner, _, at, _ in self.endpoints if owner == source), default=0)


def register_sources(sources: Iterable[Source]) -> list[Statement]:
    """Statements that make the sources known, off until they have run."""
    rows = [
        (s.name, s.attribution, s.attribution_url, int(s.redistributable), int(s.shared),
         s.coverage)
        for s in sorted(sources, key=lambda source: source.name)
    ]  # fmt: skip
    return bulk(UPSERT_SOURCES, rows)


def retire_sources(sources: Iterable[Source]) -> list[Statement]:
    """Statements that turn off what is not among the sources any more."""
    return bulk(RETIRE_SOURCES, ((source.name,) for source in sources))


def store_runs(runs: Sequence[Run], tick: int) -> list[Statement]:
    """Statements that record what a tick got from each source."""
    rows = [
        (r.source, r.state, r.reason, r.usage.requests, r.usage.bytes, r.parsed,
         dict(r.skipped), r.milliseconds, r.started_at, r.fetched, r.not_modified, r.stored,
         r.not_before)
        for r in runs
    ]  # fmt: skip
    statements = bulk(INSERT_RUNS, rows, (tick,)) + bulk(UPDATE_SOURCES, rows, (tick,))  # type: ignore[arg-type]
    return [*statements, data_version.RAISE] if statements else []


def store_endpoints(
    succeeded: Iterable[tuple[str, Validators]], tick: int, source: str
) -> list[Statement]:
    """Statements that remember which endpoints of a source are done for `tick`."""
    rows = ((name, msgspec.json.encode(known).decode()) for name, known in succeeded)
    return bulk(UPSERT_ENDPOINTS, rows, (tick, source))


async def lacked(database: Database, tick: int) -> dict[str, str]:
    """Return the reasons of the sources that were degraded at `tick`."""
    text = await database.text(Statement(LACKED, (tick,))) or "{}"
    return msgspec.json.decode(text, type=dict[str, str])


async def memory(database: Database) -> Memory:
    """Return what is remembered of all sources and endpoints."""
    return msgspec.json.decode(await database.text(Statement(MEMORY)) or "{}", type=Memory)
