"""What is new since the last run: prices, stories, what every source said, readings."""

from collections.abc import Iterable, Sequence

import msgspec

from common.database import Database, Statement
from common.views import may_be_told
from signals.detectors.base import Detector, SourceQuote
from signals.market import Level
from signals.series import NEWS_FRESH, Asset, Observation, Told
from signals.store.states import SHARD_BITS, Loaded

HISTORY_SECONDS = 14 * 86400  # what a series without a state learns from
QUOTED_SECONDS = 2 * 86400  # of which what every source said is read too
FRESH_AT_ONCE = 20  # such series


def same(column: str) -> str:
    """Return SQL for a REAL that JSON tells alike whatever the SQLite: with 15 digits.

    Before 3.53 JSON has 15 digits of a REAL, since then 17. A replay on another one has
    to read what the run has read, to the last bit. NULL stays NULL.
    """
    return f"CAST(printf('%!.15g', {column}) AS REAL) + 0 * {column}"


# What may not be handed on is no evidence of a signal, for the evidence is told, and judges none.
# The volume of one venue is not that of the market, whose volume it would seem to end.
# `mark` is a table of its own: joined as json_each it would be read once per asset.
# Of assets without a mark, whose whole past is read, at most ?4 come at once, none of ?5, and
# what every source said only of the last days: else it would be more than a Worker can hold.
LOAD_PRICES = f"""
WITH mark (asset_id, time) AS MATERIALIZED (SELECT key, value FROM json_each(?1)
), fresh (asset_no) AS MATERIALIZED (
  SELECT asset_no FROM assets a WHERE history_from IS NOT NULL
    AND asset_id NOT IN (SELECT asset_id FROM mark)
    AND asset_id NOT IN (SELECT value FROM json_each(?5))
    AND EXISTS (SELECT 1 FROM market_data m
      WHERE m.id BETWEEN (a.asset_no << 31) | (((?2 - ?3) / 60) << 5)
        AND (a.asset_no << 31) | ((?2 / 60) << 5) | 31)
  ORDER BY asset_no LIMIT ?4)
SELECT a.asset_no, a.asset_id, a.symbol, json_group_array(json_array(m.timestamp, {same("m.price")},
  iif(m.source IN (SELECT source FROM sources WHERE coverage = 'venue'), NULL,
    {same("m.volume_24h")}), {same("m.market_cap")}, m.observed_at, m.source)) AS prices
FROM assets a LEFT JOIN mark ON mark.asset_id = a.asset_id
JOIN market_data m ON m.id
  BETWEEN (a.asset_no << 31) | ((coalesce(mark.time, ?2 - ?3) / 60) << 5)
  AND (a.asset_no << 31) | ((?2 / 60) << 5) | 31
WHERE a.history_from IS NOT NULL
  AND (mark.time IS NOT NULL OR a.asset_no IN (SELECT asset_no FROM fresh))
  AND {may_be_told("m")}
  AND (mark.time IS NOT NULL OR m.timestamp > ?2 - {QUOTED_SECONDS} OR m.source = 'consensus'
    OR NOT EXISTS (SELECT 1 FROM market_data c WHERE c.id = m.id | 31))
GROUP BY a.asset_no
"""  # noqa: S608 - constants of ours

# CROSS JOIN keeps the order: from the few new stories to their mentions.
LOAD_STORIES = f"""
SELECT m.entity_name AS asset_id, json_group_array(
  json_array(n.published_at, n.tick, {same("n.sentiment")}, n.source, n.news_id)) AS stories
FROM news_items n CROSS JOIN news_mentions m ON m.news_id = n.news_id
WHERE m.entity_type = 'asset' AND n.tick > ?1 AND n.tick <= ?2 AND n.sentiment IS NOT NULL
GROUP BY m.entity_name
"""  # noqa: S608 - constants of ours

# Sources whose rows were mostly refused because they were too old: a provider that
# serves yesterday's answer.
REFUSED = """
SELECT r.tick, json_group_array(r.source) AS sources
FROM sources s CROSS JOIN source_runs r
  ON r.source = s.source AND r.tick > ?1 AND r.tick <= ?2
WHERE s.source_no IS NOT NULL AND s.redistributable AND s.shared
  AND r.skipped ->> 'stale' * 2 >= r.parsed
GROUP BY r.tick
"""

LOAD_LEVELS = """
SELECT json_group_array(json_array(timestamp, level, dispersion, assets))
FROM (SELECT * FROM market_levels WHERE timestamp >= ?1 ORDER BY timestamp)
"""
LAST_LEVEL = """
SELECT json_array(timestamp, level, dispersion, assets) FROM market_levels
WHERE timestamp = (SELECT max(timestamp) FROM market_levels)
"""


def watermarks(loaded: Loaded, detectors: Sequence[Detector], tick: int) -> dict[str, int]:
    """Return, for every asset that all market detectors know, the time to read on from."""
    known = [loaded.states[one.name] for one in detectors if one.input == "market"]
    if not known:
        return {}
    read = [loaded.read.get(one.name, {}) for one in detectors if one.input == "sources"]
    oldest = tick - HISTORY_SECONDS
    return {
        asset: max(oldest, min(states[asset].state.time for states in known))
        for asset in set(known[0]).intersection(*known[1:])
        if all(loaded.shards.get(asset) in shards for shards in read)
    }


async def load_assets(
    database: Database,
    tick: int,
    marks: dict[str, int],
    loaded: Loaded,
    tried: frozenset[str] = frozenset(),
) -> list[Asset]:
    """Return what is new up to `tick` of every watched asset, in the order of time.

    Of those without a mark only some come, and none that was `tried` before. One that cannot
    be read is left out and named in `loaded.broken`.
    """
    values = (_json(marks), tick, HISTORY_SECONDS, FRESH_AT_ONCE, _json(sorted(tried)))
    rows = await database.all(Statement(LOAD_PRICES, values))
    loaded.fresh = frozenset(row["asset_id"] for row in rows) - marks.keys()
    stories, read = await _load_stories(database, tick, {r["asset_no"] for r in rows}, loaded)
    assets: list[Asset] = []
    for row in rows:
        name = row["asset_id"]
        try:
            prices = msgspec.json.decode(row["prices"], type=list[Observation])
            told = msgspec.json.decode(stories.get(name, "[]"), type=list[Told])
        except msgspec.ValidationError:
            loaded.broken.append(f"series/{name}")
            continue
        new = [story for story in told if story.tick > read[row["asset_no"] >> SHARD_BITS]]
        new.sort(key=lambda one: (one.tick, one.time, one.news_id))
        quotes = said_at_each_time(prices)
        volumes = volumes_at_each_time(prices)
        record = last_of_each_time(prices)
        assets.append(Asset(row["asset_no"], name, row["symbol"], record, quotes, new, volumes))
    return assets


async def _load_stories(
    database: Database, tick: int, asset_numbers: Iterable[int], loaded: Loaded
) -> tuple[dict[str, str], dict[int, int]]:
    shards = {number >> SHARD_BITS for number in asset_numbers}
    seen = loaded.read.get("sentiment_shift", {})
    # Those of the last hours again: a detector knows them, and they are evidence.
    read = {s: seen[s] - NEWS_FRESH if s in seen else tick - HISTORY_SECONDS for s in shards}
    since = min(read.values(), default=tick)
    rows = await database.all(Statement(LOAD_STORIES, (since, tick)))
    return {row["asset_id"]: row["stories"] for row in rows}, read


def last_of_each_time(prices: list[Observation]) -> list[Observation]:
    """Return one price a tick, in the order of time: the consensus where there is one."""
    prices.sort(key=lambda one: (one.time, one.source == "consensus"))
    return list({one.time: one for one in prices}.values())


def said_at_each_time(prices: Sequence[Observation]) -> list[tuple[int, list[SourceQuote]]]:
    """Return what each source said at each tick, in the order of time."""
    said: dict[int, list[SourceQuote]] = {}
    for one in prices:
        if one.source != "consensus":
            quote = SourceQuote(one.source, one.price, one.observed_at)
            said.setdefault(one.time, []).append(quote)
    return sorted(said.items())


def volumes_at_each_time(prices: Sequence[Observation]) -> dict[int, dict[str, float]]:
    """Return the 24 h volume that each source told at each tick."""
    told: dict[int, dict[str, float]] = {}
    for one in prices:
        if one.volume_24h and one.source != "consensus":
            told.setdefault(one.time, {})[one.source] = one.volume_24h
    return told


async def load_refused(database: Database, since: int, tick: int) -> dict[int, list[str]]:
    """Return the sources whose answers were too old, by tick behind `since`."""
    rows = await database.all(Statement(REFUSED, (since, tick)))
    return {row["tick"]: msgspec.json.decode(row["sources"]) for row in rows}


async def load_levels(database: Database, since: int) -> tuple[list[Level], Level | None]:
    """Return the market's levels from `since` on, and the last one of all."""
    text = await database.text(Statement(LOAD_LEVELS, (since,))) or "[]"
    last = await database.text(Statement(LAST_LEVEL))
    return (
        msgspec.json.decode(text, type=list[Level]),
        msgspec.json.decode(last, type=Level) if last else None,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
