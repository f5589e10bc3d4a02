"""What an operator wants to know of collection, as one JSON text made by SQLite."""

from common.database import Database, Statement

STATUS = """
SELECT json_object(
  'last_tick', (SELECT max(last_tick) FROM sources),
  'history_missing', (SELECT count(*) FROM assets WHERE history_from IS NULL),
  'sources', (SELECT json_group_object(source, json_object(
    'state', state, 'reason', reason, 'last_tick', last_tick, 'last_success', last_success))
    FROM sources))
"""


async def status(database: Database) -> str:
    """Return {"last_tick", "history_missing", "sources": {name: {state, reason, …}}}."""
    return await database.text(Statement(STATUS)) or "{}"
