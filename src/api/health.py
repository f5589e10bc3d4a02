"""/health, in the shape that the design fixes.

`external_apis` begins with its state and names the sources that are unwell.
"""

from typing import Literal

import msgspec

from api.principal import Load
from common.database import Database, Statement
from common.times import iso

State = Literal["healthy", "degraded", "unhealthy"]
PATIENCE_SECONDS = 120  # what a tick may take
MOST_NAMED = 10
LATE_SECONDS = 2 * 900 + PATIENCE_SECONDS

# Ticks of the last day against the quarter hours since the first of them.
FACTS = """
SELECT json_object(
  'sources', (SELECT count(*) FROM sources WHERE state <> 'off' AND shared),
  'degraded', (SELECT json_group_array(json_array(source, last_success)) FROM sources
    WHERE state = 'degraded' AND shared),
  'last_tick', (SELECT max(last_tick) FROM sources),
  'ticks', (SELECT count(DISTINCT r.tick / 900) FROM sources s CROSS JOIN source_runs r
    ON r.source = s.source AND r.tick > ?1 - 86400 AND r.state = 'ok'),
  'first_tick', (SELECT min(r.tick) FROM sources s CROSS JOIN source_runs r
    ON r.source = s.source AND r.tick > ?1 - 86400))
"""


class Facts(msgspec.Struct):
    """What the database says; `degraded` sources with the tick of their last success."""

    sources: int
    degraded: list[tuple[str, int | None]]
    last_tick: int | None
    ticks: int
    first_tick: int | None


async def read_facts(database: Database, now: float) -> Facts | None:
    """Return what the database says, None when it does not answer."""
    try:
        text = await database.text(Statement(FACTS, (int(now),)))
        return msgspec.json.decode(text or "", type=Facts)
    except Exception:  # noqa: BLE001 - whatever the reason, the answer is "unhealthy"
        return None


def health(
    facts: Facts | None, cache: bool, hub: bool, load: Load, now: float, live: bool
) -> tuple[int, bytes]:
    """Return (HTTP status, JSON). `live` is false for data whose clock is not the wall's."""
    database: State = "healthy" if facts else "unhealthy"
    apis: State = "unhealthy"
    late = True
    if facts and facts.last_tick is not None:
        late = live and now - facts.last_tick > LATE_SECONDS
        apis = "degraded" if facts.degraded else "healthy"
        if facts.sources and len(facts.degraded) == facts.sources:
            apis = "unhealthy"
    workers: State = "healthy" if hub and not late else "degraded" if hub else "unhealthy"
    services: dict[str, State] = {
        "database": database,
        "cache": "healthy" if cache else "degraded",
        "external_apis": apis,
        "workers": workers,
    }
    status: State = "healthy"
    if "unhealthy" in (database, workers):
        status = "unhealthy"
    elif any(state != "healthy" for state in services.values()):
        status = "degraded"
    unwell = _unwell(facts.degraded) if facts else ""
    body = {
        "status": status,
        "timestamp": iso(now),
        "services": services | {"external_apis": f"{apis}{unwell}"},
        "metrics": {
            "uptime": f"{_uptime(facts, now, live):.2f}%",
            "response_time_ms": round(load.milliseconds),
            "error_rate": f"{100 * load.errors / max(1, load.requests):.2f}%",
        },
    }
    return (503 if status == "unhealthy" else 200), msgspec.json.encode(body)


def _unwell(degraded: list[tuple[str, int | None]]) -> str:
    """Return ": kraken (last success 2026-11-20T12:00:00Z), …" for the sources that are unwell."""
    told = [
        f"{source} (last success {iso(at) if at is not None else 'never'})"
        for source, at in degraded[:MOST_NAMED]
    ]
    if len(degraded) > MOST_NAMED:
        told.append(f"{len(degraded) - MOST_NAMED} more")
    return f": {', '.join(told)}" if told else ""


def _uptime(facts: Facts | None, now: float, live: bool) -> float:
    """Percentage of the quarter hours since the first tick of the last day that have a tick."""
    if not facts or facts.first_tick is None or facts.last_tick is None:
        return 0.0
    end = max(facts.last_tick, int(now) - PATIENCE_SECONDS) if live else facts.last_tick
    expected = end // 900 - facts.first_tick // 900 + 1
    return min(100.0, 100 * facts.ticks / expected)
