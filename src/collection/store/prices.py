"""The SQL of collection: idempotent bulk upserts on natural keys.

The same tick twice writes nothing: prices, news and mentions that are there
stay as they are, a run record is replaced only by a better one.
"""

from collections.abc import Iterable

import msgspec

from collection.news.entities import Names
from collection.run import Run
from collection.source import Source
from common.database import Database, Statement, bulk
from common.models import GlobalMarket, HistoryPoint, Quote, Story

UPSERT_SOURCES = """
INSERT INTO sources (source, state, attribution, attribution_url)
SELECT value ->> 0, 'off', value ->> 1, value ->> 2 FROM json_each(?1) WHERE true
ON CONFLICT (source) DO UPDATE SET
  attribution = excluded.attribution, attribution_url = excluded.attribution_url
WHERE attribution <> excluded.attribution OR attribution_url <> excluded.attribution_url
"""

UPSERT_ASSETS = """
INSERT INTO assets (asset_id, symbol, name)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) WHERE true
ON CONFLICT (asset_id) DO UPDATE SET symbol = excluded.symbol, name = excluded.name
WHERE symbol <> excluded.symbol OR name <> excluded.name
"""

# See migrations/0001_initial.sql for the layout of market_data.id.
INSERT_QUOTES = """
INSERT INTO market_data
  (id, asset_id, symbol, price, volume_24h, market_cap, timestamp, source, observed_at)
SELECT (a.asset_no << 31) | ((?2 / 60) << 5) | s.source_no,
  a.asset_id, j.value ->> 1, j.value ->> 3, j.value ->> 4, j.value ->> 5,
  ?2, s.source, j.value ->> 6
FROM json_each(?1) j JOIN assets a ON a.asset_id = j.value ->> 0 JOIN sources s ON s.source = ?3
WHERE true ON CONFLICT (id) DO NOTHING
"""

INSERT_HISTORY = """
INSERT INTO market_data
  (id, asset_id, symbol, price, volume_24h, market_cap, timestamp, source, observed_at)
SELECT (a.asset_no << 31) | (((j.value ->> 1) / 60) << 5) | s.source_no,
  a.asset_id, a.symbol, j.value ->> 2,
  j.value ->> 3, j.value ->> 4, j.value ->> 1, s.source, j.value ->> 1
FROM json_each(?1) j JOIN assets a ON a.asset_id = j.value ->> 0 JOIN sources s ON s.source = ?2
WHERE true ON CONFLICT (id) DO NOTHING
"""

MARK_HISTORY = """
UPDATE assets SET history_from = j.value ->> 1
FROM json_each(?1) j WHERE assets.asset_id = j.value ->> 0 AND history_from IS NULL
"""

ASSETS_WITHOUT_HISTORY = """
SELECT json_group_array(asset_id) FROM (
  SELECT asset_id FROM assets WHERE history_from IS NULL ORDER BY asset_no LIMIT ?1)
"""

INSERT_GLOBAL = """
INSERT INTO market_global
  (timestamp, source, total_market_cap, total_volume, btc_dominance, market_cap_change_24h)
SELECT ?2, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)
WHERE true ON CONFLICT DO NOTHING
"""

INSERT_NEWS = """
INSERT INTO news_items (news_id, source, title, url, published_at, published_is_estimated,
  tick, language, sentiment, sentiment_model)
SELECT value ->> 0, ?3, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2, value ->> 5,
  value ->> 6, ?4
FROM json_each(?1) WHERE true ON CONFLICT (news_id) DO NOTHING
"""

# A mention carries the stored story's time: a feed that changes the date of
# a story it repeats must not make a second mention.
INSERT_MENTIONS = """
INSERT INTO news_mentions (entity_type, entity_name, published_at, news_id, source)
SELECT 'asset', j.value ->> 1, n.published_at, n.news_id, n.source
FROM json_each(?1) j JOIN news_items n ON n.news_id = j.value ->> 0
WHERE true ON CONFLICT DO NOTHING
"""

INSERT_RUNS = """
INSERT INTO source_runs
  (source, tick, state, reason, requests, bytes, parsed, skipped, milliseconds)
SELECT value ->> 0, ?2, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
  value -> 6, value ->> 7
FROM json_each(?1) WHERE true
ON CONFLICT (source, tick) DO UPDATE SET state = excluded.state, reason = excluded.reason,
  requests = excluded.requests, bytes = excluded.bytes, parsed = excluded.parsed,
  skipped = excluded.skipped, milliseconds = excluded.milliseconds
WHERE source_runs.state <> 'ok' AND excluded.state = 'ok'
"""

UPDATE_SOURCES = """
UPDATE sources SET state = j.value ->> 1, reason = j.value ->> 2, last_tick = ?2,
  last_success = CASE WHEN j.value ->> 1 = 'ok' THEN ?2 ELSE last_success END
FROM json_each(?1) j
WHERE sources.source = j.value ->> 0
  AND (last_tick IS NULL OR last_tick < ?2 OR (last_tick = ?2 AND state <> 'ok'))
"""

KNOWN_ASSETS = """
SELECT json_group_array(json_array(asset_id, symbol, name)) FROM (
  SELECT asset_id, symbol, name FROM assets ORDER BY asset_no)
"""


def register_sources(sources: Iterable[Source]) -> list[Statement]:
    """Statements that make the sources known, with their terms."""
    return bulk(UPSERT_SOURCES, ((s.name, s.attribution, s.attribution_url) for s in sources))


def store_quotes(quotes: list[Quote], tick: int, source: str) -> list[Statement]:
    """Statements that store one source's prices of a tick."""
    assets = bulk(UPSERT_ASSETS, ((q.asset_id, q.symbol, q.name) for q in quotes))
    rows = (msgspec.structs.astuple(quote) for quote in quotes)
    return assets + bulk(INSERT_QUOTES, rows, (tick, source))


def store_history(points: list[HistoryPoint], source: str) -> list[Statement]:
    """Statements that store past prices."""
    return bulk(INSERT_HISTORY, map(msgspec.structs.astuple, points), (source,))


def mark_history(first_seen: dict[str, int]) -> list[Statement]:
    """Statements that note from when on each asset's history is loaded."""
    return bulk(MARK_HISTORY, first_seen.items())


def store_global(figures: list[GlobalMarket], tick: int, source: str) -> list[Statement]:
    """Statements that store the whole-market figures of a tick."""
    return bulk(INSERT_GLOBAL, map(msgspec.structs.astuple, figures), (tick, source))


def store_news(
    stories: list[Story],
    tones: list[float],
    mentions: list[list[str]],
    tick: int,
    source: str,
    model: str,
) -> list[Statement]:
    """Statements that store one feed's stories with their tones and mentioned assets."""
    rows = (
        (s.news_id, s.title, s.url, s.published_at, s.published_is_estimated, s.language, tone)
        for s, tone in zip(stories, tones, strict=True)
    )
    pairs = (
        (story.news_id, asset_id)
        for story, assets in zip(stories, mentions, strict=True)
        for asset_id in assets
    )
    return bulk(INSERT_NEWS, rows, (tick, source, model)) + bulk(INSERT_MENTIONS, pairs)


def store_runs(runs: Iterable[Run], tick: int) -> list[Statement]:
    """Statements that record what a tick got from each source."""
    rows = [
        (r.source, r.state, r.reason, r.usage.requests, r.usage.bytes, r.parsed, dict(r.skipped),
         r.milliseconds)
        for r in runs
    ]  # fmt: skip
    return bulk(INSERT_RUNS, rows, (tick,)) + bulk(UPDATE_SOURCES, rows, (tick,))  # type: ignore[arg-type]


async def known_assets(database: Database) -> list[Names]:
    """Return every asset of the symbol space, the first collected first."""
    text = await database.text(Statement(KNOWN_ASSETS)) or "[]"
    return msgspec.json.decode(text, type=list[Names])


async def assets_without_history(database: Database, limit: int) -> list[str]:
    """Return the ids of at most `limit` assets whose history is still to be fetched."""
    text = await database.text(Statement(ASSETS_WITHOUT_HISTORY, (limit,))) or "[]"
    return msgspec.json.decode(text, type=list[str])
