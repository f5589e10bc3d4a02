"""The table of watchlists, and what users mean by the names of assets."""

from collections.abc import Sequence

import msgspec

from api.reads.listing import aged
from common.database import Database, Statement
from common.errors import Problem
from common.views import listed_assets

MOST_LISTS, MOST_ASSETS = 20, 250

_LIST = """json_object('watchlist_id', w.watchlist_id, 'name', w.name, 'assets', json(w.assets),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.created_at, 'unixepoch'),
    'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', w.updated_at, 'unixepoch'))"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {_LIST} AS item FROM watchlists w WHERE w.owner = ?1 ORDER BY w.name)
"""  # noqa: S608 - a constant of ours
BY_NAME = f"""
SELECT json_array(w.watchlist_id, {_LIST}) FROM watchlists w WHERE w.owner = ?1 AND w.name = ?2
"""  # noqa: S608 - a constant of ours
# ?3 now.
WITH_ROWS = f"""
WITH mine AS (
  SELECT j.key AS place, j.value AS asset_id FROM watchlists w CROSS JOIN json_each(w.assets) j
  WHERE w.watchlist_id = ?1 AND w.owner = ?2
), {listed_assets("a.asset_id IN (SELECT asset_id FROM mine)")}
SELECT json_insert({_LIST}, '$.rows', json((
  SELECT json_group_array(json(row)) FROM (
    SELECT {aged("?3")} AS row FROM mine CROSS JOIN listed USING (asset_id) ORDER BY place))))
FROM watchlists w WHERE w.watchlist_id = ?1 AND w.owner = ?2
"""  # noqa: S608 - constants of ours
# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO watchlists (watchlist_id, owner, name, assets, created_at, updated_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?5 WHERE (SELECT count(*) FROM watchlists WHERE owner = ?2) < ?6
ON CONFLICT DO NOTHING
"""
UPDATE = """
UPDATE watchlists SET name = ?3, assets = ?4, updated_at = ?5
WHERE watchlist_id = ?1 AND owner = ?2
"""
DELETE = """
DELETE FROM watchlists WHERE watchlist_id = ?1 AND owner = ?2
  AND NOT EXISTS (SELECT 1 FROM alert_rules r WHERE r.owner = ?2 AND r.watchlist_id = ?1)
"""
# The rules that need a list, as a JSON array of names; no row when there is no such list.
USED_BY = """
SELECT (SELECT json_group_array(r.name) FROM alert_rules r
  WHERE r.owner = w.owner AND r.watchlist_id = w.watchlist_id)
FROM watchlists w WHERE w.watchlist_id = ?1 AND w.owner = ?2
"""
# What each name means: an asset's id, or the largest asset of that symbol.
RESOLVE = """
SELECT json_group_array(json_array(j.value, coalesce(
  (SELECT asset_id FROM assets WHERE asset_id = lower(j.value)),
  (SELECT asset_id FROM assets WHERE symbol = upper(j.value) ORDER BY asset_no LIMIT 1))))
FROM json_each(?1) j
"""


async def resolve_symbols(symbols: Sequence[str], database: Database) -> list[str]:
    """Return the ids of assets, each once, in their order. Raises Problem 422 for the unknown."""
    told = await database.text(Statement(RESOLVE, (encode(symbols),)))
    found = msgspec.json.decode(told or "[]", type=list[tuple[str, str | None]])
    unknown = [given for given, asset in found if asset is None]
    if unknown:
        listed = ", ".join(unknown[:10]) + (", …" if len(unknown) > 10 else "")
        raise Problem(
            422, "unknown-symbols", f"No asset with these symbols or ids is collected: {listed}."
        )
    return list(dict.fromkeys(asset for _, asset in found if asset is not None))


def no_such_watchlist() -> Problem:
    """Return what is told of a list that is not the caller's."""
    return Problem(
        404, "no-such-watchlist",
        "You have no watchlist with this id. /api/v1/watchlists lists yours.",
    )  # fmt: skip


def encode(value: object) -> str:
    """Return a value as JSON text."""
    return msgspec.json.encode(value).decode()
