"""/news: stories with their tone and whom they mention, duplicates folded, newest first."""

from typing import Annotated

import msgspec

from api.reads import units
from api.reads.asking import (
    LAST_MOMENT,
    Cursor,
    Name,
    When,
    contradictory,
    period,
    require_bounds,
    seal,
    unseal,
)
from api.routes.entities import TYPES
from api.routes.signals import require_known
from api.routing import NEWS, Reads, Result, Route
from api.shapes.news import Story
from common.database import Statement, keyset_page

# What may not be handed on is left out, and what repeats another story is counted there instead:
# stories are compared over two days. Who asks for one source is told its repetitions too.
_STORY = """json_insert(json_object('id', n.news_id, 'title', n.title, 'url', n.url,
    'source', n.source,
    'publisher', n.publisher, 'attribution', o.attribution, 'attribution_url', o.attribution_url,
    'published_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.published_at, 'unixepoch'),
    'published_is_estimated', json(iif(n.published_is_estimated, 'true', 'false')),
    'found_at', strftime('%Y-%m-%dT%H:%M:%SZ', n.tick, 'unixepoch'),
    'age_seconds', CAST(?10 AS INTEGER) - n.published_at, 'language', n.language,
    'sentiment', n.sentiment, 'sentiment_model', n.sentiment_model), '$.votes', json(n.votes),
    '$.mentions', (SELECT json_group_array(json_object('type', m.entity_type,
        'name', m.entity_name)) FROM news_mentions m WHERE m.news_id = n.news_id),
    '$.duplicates', (SELECT count(*) FROM news_items d JOIN sources p USING (source)
      WHERE d.tick BETWEEN n.tick AND n.tick + 172800 AND d.duplicate_of = n.news_id
        AND p.redistributable AND p.shared),
    '$.duplicate_of', n.duplicate_of)"""
# ?1 how many; ?2, ?3, ?4 tick, stamp and id that the page begins behind; ?5, ?6 first and last
# stamp; ?7, ?8 least and greatest tone; ?9 source; ?10 now; ?11 the entity's names as
# [type, name], ?12 a symbol. The whole list goes by the ticks that found the stories, for a
# reader who comes back must not miss what was published before and found after; one entity's by
# their own stamps. A story is stamped an hour after its tick at the very most.
_FILTERS = """o.redistributable AND o.shared
    AND (?7 IS NULL OR n.sentiment >= ?7) AND (?8 IS NULL OR n.sentiment <= ?8)
    AND (?9 IS NULL OR n.source = ?9) AND (?9 IS NOT NULL OR n.duplicate_of IS NULL)"""
NEWEST = f"""
SELECT json_group_array(json_array('' || json_array('' || tick, '' || published_at, news_id),
  item)) FROM (
  SELECT n.tick, n.published_at, n.news_id, {_STORY} AS item
  FROM news_items n JOIN sources o USING (source)
  WHERE n.tick BETWEEN ?5 - 3600 AND ?2 AND n.published_at BETWEEN ?5 AND ?6
    AND (n.tick, n.published_at, n.news_id) < (?2, ?3, ?4) AND {_FILTERS}
  ORDER BY n.tick DESC, n.published_at DESC, n.news_id DESC LIMIT ?1 + 1)
"""  # noqa: S608 - constants of ours
BY_ENTITY = f"""
WITH named AS (
  SELECT value ->> 0 AS type, value ->> 1 AS name FROM json_each(?11)
  UNION SELECT 'asset', asset_id FROM assets WHERE symbol = ?12
), found AS (
  SELECT DISTINCT m.published_at, m.news_id FROM named x CROSS JOIN news_mentions m
    ON m.entity_type = x.type AND m.entity_name = x.name
      AND m.published_at BETWEEN ?5 AND min(?3, ?6)
)
SELECT json_group_array(json_array('' || json_array('', '' || published_at, news_id), item)) FROM (
  SELECT n.published_at, n.news_id, {_STORY} AS item
  FROM found f CROSS JOIN news_items n ON n.news_id = f.news_id JOIN sources o USING (source)
  WHERE (f.published_at, f.news_id) < (?3, ?4) AND {_FILTERS}
  ORDER BY n.published_at DESC, n.news_id DESC LIMIT ?1 + 1)
"""  # noqa: S608

BEHIND_ALL = (str(LAST_MOMENT), str(LAST_MOMENT), "\U0010ffff")
Tone = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Text = Annotated[
    str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")
]  # fmt: skip


class NewsRequest(msgspec.Struct):
    """Filters: a symbol (BTC, bitcoin) or an entity (Binance, SEC), a source, the least and the
    greatest sentiment, the span of time that the stories are stamped in; limit and cursor."""

    symbol: Name | None = None
    entity: Text | None = None
    source: Text | None = None
    min_sentiment: Tone | None = None
    max_sentiment: Tone | None = None
    since: When | None = None
    until: When | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    cursor: Cursor | None = None


async def news(request: NewsRequest, reads: Reads) -> Result:
    """Return a page of stories; meta.next is the cursor of the next one, null at the end.

    Raises Problem 404 for an asset that is not collected, 400 for both a
    symbol and an entity, for bounds that nothing is between, a wrong time or cursor.
    """
    if request.symbol and request.entity:
        raise contradictory("symbol", "entity", "a list is of one of them; leave the other out")
    first, last = period(request)
    require_bounds(request, "sentiment")
    tick, stamp, news_id = unseal(request, request.cursor, 3) if request.cursor else BEHIND_ALL
    values = (
        request.limit, _number(tick), _number(stamp), news_id, first, last,
        request.min_sentiment, request.max_sentiment, request.source, int(reads.now),
    )  # fmt: skip
    if request.symbol or request.entity:
        names = (
            [("asset", request.symbol.lower())]
            if request.symbol
            else [(kind, request.entity) for kind in TYPES]
        )
        symbol = request.symbol.upper() if request.symbol else None
        named = (msgspec.json.encode(names).decode(), symbol)
        statement = Statement(BY_ENTITY, (*values, *named))
    else:
        statement = Statement(NEWEST, values)
    found = await keyset_page(reads.database, statement, request.limit)
    if request.symbol and not found.items:
        await require_known(request.symbol, reads)
    following = None
    if found.next is not None:
        following = seal(request, *msgspec.json.decode(found.next, type=list[str]))
    return Result(f"[{','.join(found.items)}]", {"next": following, "units": units.STORIES})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 12 else 0


ROUTES = (
    Route(
        path="/api/v1/news",
        summary="Stories newest first, with tone and whom they mention; repetitions folded",
        description="Without symbol and entity in the order in which they were found, else in"
        " that of their own stamps.",
        request=NewsRequest,
        handler=news,
        permission="news:read",
        answers=list[Story],
        example={"symbol": "BTC", "limit": 10},
        problems=(
            "unknown-symbol",
            "invalid-parameter",
            "contradictory-parameters",
            "invalid-cursor",
        ),
        cache=NEWS,
    ),
)
