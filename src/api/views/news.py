"""News, and one entity with all that is told of it."""

from typing import Annotated

import msgspec

from api.reads import units
from api.reads.quality import MARKET_TONE
from api.routes.entities import ENTITY, Type
from api.routes.news import NewsRequest, Text, news
from api.routing import Reads, Result, Route
from api.shapes.views.news import EntityView, NewsView
from api.views.parts import ASSET_SIGNALS
from common.database import Statement
from common.errors import Problem

HOUR, DAY = 3600, 86_400
TONE_DAYS, MOST_DAYS = 7, 8

# Of the last day and the week before it, by whom stories mention; repetitions do not count.
MOST_TOLD = """
WITH clock AS (SELECT max(last_tick) AS tick FROM sources
), stories AS (
  SELECT n.news_id, n.sentiment, n.tick > (SELECT tick FROM clock) - 86400 AS fresh
  FROM news_items n JOIN sources o USING (source)
  WHERE n.tick > (SELECT tick FROM clock) - ?1 * 86400 AND n.duplicate_of IS NULL
    AND o.redistributable AND o.shared
), said AS (
  SELECT m.entity_type, m.entity_name, sum(s.fresh) AS fresh,
    sum(NOT s.fresh) / (?1 - 1.0) AS usual, avg(iif(s.fresh, s.sentiment, NULL)) AS tone
  FROM stories s CROSS JOIN news_mentions m ON m.news_id = s.news_id GROUP BY 1, 2
)
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('type', s.entity_type, 'name', s.entity_name,
    'label', coalesce(iif(s.entity_type = 'asset', a.name, NULL), s.entity_name),
    'stories', s.fresh, 'usual', round(s.usual, 2), 'tone', round(s.tone, 3)) AS item
  FROM said s LEFT JOIN assets a ON s.entity_type = 'asset' AND a.asset_id = s.entity_name
  WHERE s.fresh > 0 ORDER BY s.fresh DESC, s.entity_type, s.entity_name LIMIT 20)
"""

# ?1 type, ?2 name, ?3 the first second.
DAYS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object(
    'day', strftime('%Y-%m-%dT%H:%M:%SZ', m.published_at / 86400 * 86400, 'unixepoch'),
    'stories', count(*), 'tone', round(avg(n.sentiment), 3)) AS item
  FROM news_mentions m JOIN news_items n USING (news_id) JOIN sources o ON o.source = n.source
  WHERE m.entity_type = ?1 AND m.entity_name = ?2 AND m.published_at >= ?3
    AND n.duplicate_of IS NULL AND o.redistributable AND o.shared
  GROUP BY m.published_at / 86400 ORDER BY m.published_at / 86400)
"""
LABEL = """
SELECT coalesce((SELECT name FROM assets WHERE ?1 = 'asset' AND asset_id = ?2), ?2)
"""


class EntityViewRequest(msgspec.Struct):
    """`type` and `name` of the entity; an asset's name is its id. `days` back."""

    type: Type
    name: Text
    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30


async def news_view(request: NewsRequest, reads: Reads) -> Result:
    """Return a page of stories, with the tone and who is told of most beside the first."""
    page = await news(request, reads)
    tone: str | None = None
    most: str | None = None
    if request.cursor is None:
        now = int(reads.now)
        since = (now - TONE_DAYS * DAY) // (6 * HOUR) * 6 * HOUR
        tone, most = await reads.database.texts(
            [Statement(MARKET_TONE, (since, 6 * HOUR, now)), Statement(MOST_TOLD, (MOST_DAYS,))]
        )
    told = (
        f'{{"origin":{_text(reads.origin)},"stories":{page.data},'
        f'"sentiment":{tone or "null"},"most_told":{most or "null"}}}'
    )
    more = {"stories": "stories", "usual": "stories a day"}
    told_in = units.STORIES | units.TONES | more
    return Result(told, {"next": page.meta["next"], "units": told_in})


async def entity_view(request: EntityViewRequest, reads: Reads) -> Result:
    """Return all that is told of an entity. Raises Problem 404 for one nobody mentions."""
    now = int(reads.now)
    since = now // DAY - request.days
    types = msgspec.json.encode([request.type]).decode()
    named = (request.type, request.name)
    entity, days, label, signals = await reads.database.texts(
        [
            Statement(ENTITY, (request.name, since, types, now)),
            Statement(DAYS, (*named, since * DAY)),
            Statement(LABEL, named),
            Statement(ASSET_SIGNALS, (request.name if request.type == "asset" else "",)),
        ]
    )
    if entity is None:
        raise Problem(
            404,
            "unknown-entity",
            f"No collected story mentions the {request.type} {request.name!r}. Assets are named"
            " by their id (bitcoin), others as they are written (Binance, SEC).",
        )
    stories = await news(NewsRequest(entity=request.name, limit=25), reads)
    told = (
        f'{{"origin":{_text(reads.origin)},"type":{_text(request.type)},"label":{_text(label)},'
        f'"entity":{entity},"days":{days},"stories":{stories.data},"signals":{signals}}}'
    )
    return Result(told, {"units": units.ENTITIES | units.STORIES | units.SIGNALS})


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


ROUTES = (
    Route(
        path="/api/v1/dashboard/news",
        summary="The view of news: stories, tone over time, who is told of most",
        request=NewsRequest,
        handler=news_view,
        permission="dashboard:read",
        answers=NewsView,
        example={"limit": 20},
        problems=(
            "unknown-symbol", "invalid-parameter", "contradictory-parameters", "invalid-cursor",
        ),
        cost="view",
    ),
    Route(
        path="/api/v1/dashboard/entity",
        summary="The view of one entity: mentions, relations, stories, signals",
        request=EntityViewRequest,
        handler=entity_view,
        permission="dashboard:read",
        answers=EntityView,
        example={"type": "asset", "name": "bitcoin"},
        problems=("unknown-entity",),
        cost="view",
    ),
)  # fmt: skip
