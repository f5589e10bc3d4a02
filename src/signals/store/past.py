"""The past of one asset, for a rule that is tried on it."""

import msgspec

from common.database import Database, Statement
from common.views import may_be_told
from signals.history import History
from signals.series import Asset, Observation, Read, Series, Told
from signals.store.points import (
    last_of_each_time,
    load_refused,
    said_at_each_time,
    same,
)

FIND = """
SELECT asset_no, asset_id, symbol FROM assets WHERE symbol = ?1 OR asset_id = ?2
ORDER BY asset_no LIMIT 1
"""
NEWEST_TICK = "SELECT max(last_tick) AS tick FROM sources"

# Prices of an asset as points.LOAD_PRICES has them; of a tick only the last, which is that of
# record, unless ?4 asks for what every source said.
PRICES = f"""
SELECT json_group_array(json_array(m.timestamp, {same("m.price")},
  iif(m.source IN (SELECT source FROM sources WHERE coverage = 'venue'), NULL,
    {same("m.volume_24h")}), {same("m.market_cap")}, m.observed_at, m.source))
FROM market_data m
WHERE m.id BETWEEN (?1 << 31) | ((?2 / 60) << 5) AND (?1 << 31) | ((?3 / 60) << 5) | 31
  AND {may_be_told("m")}
  AND (?4 OR NOT EXISTS (SELECT 1 FROM market_data n WHERE n.id > m.id AND n.id <= m.id | 31
    AND {may_be_told("n")}))
"""  # noqa: S608 - constants of ours
STORIES = f"""
SELECT json_group_array(json_array(n.published_at, n.tick, {same("n.sentiment")}, n.source,
  n.news_id))
FROM news_mentions m CROSS JOIN news_items n ON n.news_id = m.news_id
WHERE m.entity_type = 'asset' AND m.entity_name = ?1 AND m.published_at > ?2
  AND n.tick <= ?3 AND n.sentiment IS NOT NULL
"""  # noqa: S608 - constants of ours
READINGS = f"""
SELECT json_group_array(json_array(s.kind, s.series_no, s.key, s.name, (
    SELECT json_group_array(json_array((r.id & 67108863) * 60, {same("r.value")}, s.source))
    FROM readings r
    WHERE r.id BETWEEN (s.series_no << 26) | (?3 / 60) AND (s.series_no << 26) | (?4 / 60))))
FROM series s
WHERE s.kind IN (SELECT value FROM json_each(?1)) AND s.about ->> 'asset_id' = ?2
  AND s.source IN (SELECT source FROM sources WHERE redistributable AND shared)
"""  # noqa: S608 - constants of ours


class Subject(msgspec.Struct, frozen=True):
    """The asset that a rule is tried on."""

    asset_no: int
    asset_id: str
    symbol: str


async def find(database: Database, symbol: str) -> Subject | None:
    """Return the largest asset with that symbol, or that id; None when there is none."""
    statement = Statement(FIND, (symbol.upper(), symbol.lower()))
    for row in await database.all(statement):
        return msgspec.convert(row, Subject)
    return None


async def newest_tick(database: Database) -> int:
    """Return the tick that was collected last; 0 before the first."""
    return (await database.all(Statement(NEWEST_TICK)))[0]["tick"] or 0


async def load_past(
    database: Database, subject: Subject, kinds: tuple[str, ...], since: int, until: int,
    every_source: bool,
) -> History:  # fmt: skip
    """Return prices and stories of an asset, and its readings of some kinds."""
    values = (subject.asset_no, since, until, int(every_source))
    text = await database.text(Statement(PRICES, values)) or "[]"
    prices = msgspec.json.decode(text, type=list[Observation])
    text = await database.text(Statement(STORIES, (subject.asset_id, since, until))) or "[]"
    stories = sorted(msgspec.json.decode(text, type=list[Told]), key=lambda one: one.time)
    asset = Asset(
        subject.asset_no, subject.asset_id, subject.symbol, last_of_each_time([*prices]),
        said_at_each_time(sorted(prices, key=lambda one: one.time)), stories,
    )  # fmt: skip
    wanted = msgspec.json.encode(kinds).decode()
    statement = Statement(READINGS, (wanted, subject.asset_id, since, until))
    text = await database.text(statement) or "[]"
    readings: dict[str, list[tuple[Series, list[Read]]]] = {}
    for kind, number, key, name, read in msgspec.json.decode(
        text, type=list[tuple[str, int, str, str, list[Read]]]
    ):
        told = Series(number, f"{kind}:{key}", subject.asset_id, subject.symbol, [], name)
        readings.setdefault(kind, []).append((told, read))
    refused = await load_refused(database, since, until) if every_source else {}
    return History([asset], readings, refused)
