"""The list of assets: filters, an order, and pages that begin behind a value and an id."""

from typing import Literal

import msgspec

from common.views import listed_assets

Sort = Literal["market_cap", "volume_24h", "change_24h", "change_1h", "price", "symbol"]
FILTERED = ("price", "market_cap", "volume_24h", "change_1h", "change_24h")  # ?7, ?8, ?9 and on

# ?1 names as [upper, lower, as given], or NULL for all assets. They resolve as that of
# /market-data/{symbol}: to one asset each, by id or else the largest of that symbol.
NAMED = """named AS (
  SELECT given.value ->> 2 AS name, coalesce(
    (SELECT a.asset_no FROM assets a WHERE a.asset_id = given.value ->> 1),
    (SELECT min(a.asset_no) FROM assets a WHERE a.symbol = given.value ->> 0)) AS asset_no
  FROM json_each(?1) given
)"""
IS_NAMED = "?1 IS NULL OR a.asset_no IN (SELECT asset_no FROM named)"
_FILTERS = " AND ".join(
    f"(?{7 + 2 * place} IS NULL OR {column} >= ?{7 + 2 * place})"
    f" AND (?{8 + 2 * place} IS NULL OR {column} <= ?{8 + 2 * place})"
    for place, column in enumerate(FILTERED)
)


def aged(now: str) -> str:
    """Return SQL of a row of `listed` with its age; `now` is the parameter that holds the time."""
    return f"json_insert(row, '$.age_seconds', CAST({now} AS INTEGER) - observed_at)"


# ?1 names, ?2 the column, ?3 and ?4 the key that the page
# begins behind, ?5 how many, ?6 now. Numbers are compared as text of 13 digits says them, for
# that is what a cursor can carry; an asset without the number comes last.
_LIST = f"""
WITH {NAMED}, {listed_assets(IS_NAMED)}, keyed AS (
  SELECT row, observed_at, asset_id, CASE ?2 WHEN 'symbol' THEN symbol
    ELSE printf('%.12e', coalesce(CASE ?2 WHEN 'price' THEN price WHEN 'change_1h' THEN change_1h
      WHEN 'change_24h' THEN change_24h WHEN 'volume_24h' THEN volume_24h ELSE size END, (none)))
    END AS told
  FROM listed WHERE {_FILTERS}
), ordered AS (
  SELECT row, observed_at, asset_id, told,
    CASE ?2 WHEN 'symbol' THEN told ELSE CAST(told AS REAL) END AS key FROM keyed
), page AS (
  SELECT * FROM ordered
  WHERE ?4 IS NULL
    OR (key, asset_id) > (CASE ?2 WHEN 'symbol' THEN ?3 ELSE CAST(?3 AS REAL) END, ?4)
  ORDER BY key ASC, asset_id ASC LIMIT ?5 + 1
)
SELECT json_object(
  'unknown', (SELECT json_group_array(name) FROM named WHERE asset_no IS NULL),
  'rows', (SELECT json_group_array(json_array(told, asset_id, row)) FROM (
    SELECT told, asset_id, {aged("?6")} || '' AS row
    FROM page ORDER BY key ASC, asset_id ASC)))
"""  # noqa: S608 - constants of ours
RISING = _LIST.replace("(none)", "1e308")
FALLING = (
    _LIST.replace("(none)", "-1e308")
    .replace("key ASC, asset_id ASC", "key DESC, asset_id DESC")
    .replace("(key, asset_id) >", "(key, asset_id) <")
)


class Found(msgspec.Struct):
    """What RISING and FALLING tell: (what the order goes by, asset id, row) each."""

    unknown: list[str]
    rows: list[tuple[str, str, str]]
