"""The view of the system's health: every part, the ticks of a day, queues, storage, versions.

It tells nothing of anybody, so visitors may read it. What nobody measures is said to be unknown.
"""

from typing import get_args

import msgspec

from api.health import FACTS, LATE_SECONDS, Facts, health
from api.identity.texts import as_json
from api.objects.fields import NothingRequest
from api.routing import PRIVATE, Reads, Result, Route
from api.shapes.views.administration import SystemView
from common.database import Statement
from common.errors import Retryable
from common.signal_types import SignalType

# ?1 now, ?2 the names of the detectors. Days are counted back from the newest tick, whose clock
# may be another than the wall's.
SYSTEM = """
WITH clock AS (SELECT max(last_tick) AS tick FROM sources
), day AS (
  SELECT r.* FROM clock CROSS JOIN sources s CROSS JOIN source_runs r
    ON r.source = s.source AND r.tick > clock.tick - 86400
  WHERE s.shared
), ticks AS (
  SELECT tick, sum(state = 'ok') AS ok, sum(state = 'degraded') AS degraded,
    sum(state = 'off') AS off, sum(stored) AS stored, max(milliseconds) AS slowest
  FROM day GROUP BY tick
), ranked AS (
  SELECT slowest, row_number() OVER (ORDER BY slowest) AS place, count(*) OVER () AS n FROM ticks
)
SELECT json_object(
  'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT tick FROM clock), 'unixepoch'),
  'detected', strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT tick FROM detection_runs
    WHERE run_no = (SELECT max(run_no) FROM detection_runs)), 'unixepoch'),
  'ticks', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('tick', strftime('%Y-%m-%dT%H:%M:%SZ', tick, 'unixepoch'), 'ok', ok,
      'degraded', degraded, 'off', off, 'stored', stored, 'slowest_ms', slowest) AS item
    FROM ticks ORDER BY tick)),
  'slowest_p50_ms', (SELECT slowest FROM ranked WHERE place = (n + 1) / 2),
  'slowest_p99_ms', (SELECT min(slowest) FROM ranked WHERE place >= n * 0.99),
  'sources', (SELECT json_group_array(json(item)) FROM (
    SELECT json_object('source', s.source, 'state', s.state, 'reason', s.reason,
      'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch'),
      'age_seconds', CAST(?1 AS INTEGER) - s.last_success,
      'runs_24h', (SELECT count(*) FROM day d WHERE d.source = s.source),
      'ok_24h', (SELECT coalesce(sum(d.state = 'ok'), 0) FROM day d WHERE d.source = s.source),
      'attribution', s.attribution, 'attribution_url', s.attribution_url) AS item
    FROM sources s WHERE s.shared ORDER BY s.source)),
  'queues', json_array(
    (SELECT json_object('name', 'events', 'waiting', count(*),
      'since', strftime('%Y-%m-%dT%H:%M:%SZ', min(created_at), 'unixepoch'))
      FROM outbox WHERE delivered_at IS NULL),
    (SELECT json_object('name', 'deliveries', 'waiting', count(*),
      'since', strftime('%Y-%m-%dT%H:%M:%SZ', min(nullif(next_at, 0)), 'unixepoch'))
      FROM webhook_deliveries WHERE state = 'pending' AND next_at <= ?1),
    (SELECT json_object('name', 'outcomes', 'waiting', count(*),
      'since', strftime('%Y-%m-%dT%H:%M:%SZ', min(due_at), 'unixepoch'))
      FROM outcomes WHERE judged_at IS NULL AND due_at <= (SELECT tick FROM clock))),
  'error_rate_24h', (SELECT 1.0 * sum(errors) / nullif(sum(requests), 0) FROM user_analytics
    WHERE timestamp > ?1 - 86400),
  'storage', json_array(
    (SELECT json_object('table', 'assets', 'rows', count(*)) FROM assets),
    (SELECT json_object('table', 'series', 'rows', count(*)) FROM series),
    (SELECT json_object('table', 'signal_log', 'rows', coalesce(max(seq), 0)) FROM signal_log),
    (SELECT json_object('table', 'detection_runs', 'rows', coalesce(max(run_no), 0))
      FROM detection_runs),
    (SELECT json_object('table', 'outbox', 'rows', coalesce(max(id), 0)) FROM outbox)),
  'stored_24h', (SELECT coalesce(sum(stored), 0) FROM ticks),
  'detectors', (SELECT json_group_array(json_object('detector', j.value, 'version',
    (SELECT version FROM detector_state d WHERE d.detector = j.value LIMIT 1)))
    FROM json_each(?2) j))
"""
# Wrangler's own table; where others brought the schema, it is not there.
_MIGRATION = "SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1"
UNITS = {
    "age_seconds": "s", "slowest_ms": "ms", "slowest_p50_ms": "ms", "slowest_p99_ms": "ms",
    "load_ms": "ms", "response_time_ms": "ms", "rows": "rows", "stored": "rows",
    "stored_24h": "rows", "error_rate_24h": "share",
}  # fmt: skip
DETECTORS = as_json(get_args(SignalType))


async def system(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return how every part is."""
    now = int(reads.now)
    told = await reads.database.texts([
        Statement(FACTS, (now,)),
        Statement(SYSTEM, (now, DETECTORS)),
    ])  # fmt: skip
    facts = msgspec.json.decode(told[0] or "", type=Facts)
    cache, connections = await _cache(reads), await _connections(reads)
    load, live = reads.outside.load(), reads.origin != "recorded"
    _, state = health(facts, cache, connections is not None, load, reads.now, live)
    late = facts.last_tick is None or (live and reads.now - facts.last_tick > LATE_SECONDS)
    services = msgspec.json.decode(state)["services"]
    more = {
        "health": msgspec.Raw(state),
        "parts": [
            _part("API", "healthy", "It answered this."),
            _part("Database", services["database"], "Read for this answer."),
            _part("Cache", services["cache"], "It answers." if cache else "It does not answer."),
            _part("Collection", "degraded" if late else "healthy",
                  "No tick came when one was due." if late else "Ticks come when they are due."),
            _part("Live hub", "healthy" if connections is not None else "unhealthy",
                  "It answers." if connections is not None else "It does not answer."),
            _part("Providers", services["external_apis"].partition(":")[0],
                  f"{facts.sources - len(facts.degraded)} of {facts.sources} sources answer."),
        ],
        "connections": connections,
        "load_ms": round(load.milliseconds),
        "release": reads.setting("RELEASE", "") or None,
        "migration": await _migration(reads),
    }  # fmt: skip
    return Result(f"{(told[1] or '{}')[:-1]},{as_json(more)[1:]}", {"units": UNITS})


def _part(name: str, state: str, says: str) -> dict[str, str]:
    return {"name": name, "state": state, "says": says}


async def _cache(reads: Reads) -> bool:
    try:
        await reads.outside.kv_get("config:health")
    except Retryable:
        return False
    return True


async def _connections(reads: Reads) -> int | None:
    try:
        return await reads.outside.connections()
    except Retryable:
        return None


async def _migration(reads: Reads) -> str | None:
    """Return the newest migration, None where nobody recorded it."""
    try:
        return await reads.database.text(Statement(_MIGRATION))
    except Exception:  # noqa: BLE001 - whatever the reason, it is not known
        return None


ROUTES = (
    Route(
        path="/api/v1/dashboard/system",
        summary="The system's health: parts, ticks of a day, freshness, queues, storage, versions",
        request=NothingRequest,
        handler=system,
        permission="dashboard:read",
        answers=SystemView,
        cost="view",
        cache=PRIVATE,  # kept until the data changes, it would say nothing of data that does not
    ),
)
