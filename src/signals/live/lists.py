"""Whose watchlists hold which assets: asked at every event, so that a change holds at once."""

from collections.abc import Iterable

import msgspec

from common.database import Database, Statement
from signals.live.audience import Lists

# ?1 a JSON array of [owner, watchlist]. A list of somebody else is not found.
FIND = """
SELECT json_group_array(json_array(w.owner, w.watchlist_id, json(w.assets)))
FROM json_each(?1) j JOIN watchlists w
  ON w.watchlist_id = j.value ->> 1 AND w.owner = j.value ->> 0
"""


async def find(names: Iterable[tuple[str, str]], database: Database) -> Lists:
    """Return the assets of the watchlists that there are, by owner and id."""
    asked = sorted(names)
    if not asked:
        return {}
    text = await database.text(Statement(FIND, (msgspec.json.encode(asked).decode(),)))
    rows = msgspec.json.decode(text or "[]", type=list[tuple[str, str, list[str]]])
    return {(owner, name): frozenset(assets) for owner, name, assets in rows}
