"""What an operator wants to know of collection, as one JSON text made by SQLite."""

from common.database import Database, Statement

STATUS = """
SELECT json_object(
  'last_tick', (SELECT max(last_tick) FROM sources),
  'history_missing', (SELECT count(*) FROM assets WHERE history_from IS NULL),
  'sources', (SELECT json_group_object(source, json_object(
    'state', state, 'reason', reason, 'last_tick', last_tick, 'last_success', last_success))
    FROM sources),
  'runs', (SELECT json_group_object(source, json_object('state', state, 'reason', reason))
    FROM source_runs WHERE tick = ?1 AND source IN (SELECT source FROM sources)))
"""


LAST_TICK = "SELECT max(last_tick) FROM sources"


async def last_tick(database: Database) -> int:
    """Return the newest tick that was collected, 0 before the first."""
    return int(await database.text(Statement(LAST_TICK)) or 0)


async def status(database: Database, tick: int = 0) -> str:
    """Return {"last_tick", "history_missing", "sources", "runs"}; runs are those of `tick`."""
    return await database.text(Statement(STATUS, (tick,))) or "{}"
