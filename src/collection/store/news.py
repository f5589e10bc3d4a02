"""Stories, whom they mention and how those belong together."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from collection.news.duplicates import Known
from collection.news.entities import Entity
from collection.news.relations import Relation
from common.database import Database, Statement, bulk
from common.models import Story

RECENT_SECONDS = 48 * 3600  # how long a story may be repeated by others

INSERT_NEWS = """
INSERT INTO news_items (news_id, source, title, url, published_at, published_is_estimated,
  tick, language, sentiment, sentiment_model, duplicate_of, publisher, votes)
SELECT value ->> 0, ?3, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2, value ->> 5,
  value ->> 6, ?4, value ->> 7, value ->> 8, value ->> 9
FROM json_each(?1) WHERE true ON CONFLICT (news_id) DO NOTHING
"""

UPDATE_VOTES = """
UPDATE news_items SET votes = j.value ->> 1
FROM json_each(?1) j WHERE news_id = j.value ->> 0 AND votes IS NOT j.value ->> 1
"""

STORED_IDS = """
SELECT json_group_array(news_id) FROM json_each(?1) j CROSS JOIN news_items n
  ON n.news_id = j.value
"""

# A mention carries the stored story's time: a feed that changes the date of
# a story it repeats must not make a second mention.
INSERT_MENTIONS = """
INSERT INTO news_mentions (entity_type, entity_name, published_at, news_id, source)
SELECT j.value ->> 1, j.value ->> 2, n.published_at, n.news_id, n.source
FROM json_each(?1) j JOIN news_items n ON n.news_id = j.value ->> 0
WHERE n.duplicate_of IS NULL ON CONFLICT DO NOTHING
"""

INSERT_RELATIONS = """
INSERT INTO news_relations (news_id, subject_type, subject_name, object_type, object_name, kind,
  published_at)
SELECT n.news_id, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
  n.published_at
FROM json_each(?1) j JOIN news_items n ON n.news_id = j.value ->> 0
WHERE n.duplicate_of IS NULL ON CONFLICT DO NOTHING
"""

RECENT_STORIES = """
SELECT json_group_array(json_array(news_id, title, url, published_at, (
  SELECT json_group_array(m.entity_name) FROM news_mentions m
  WHERE m.news_id = n.news_id AND m.entity_type = 'asset'))) FROM (
    SELECT news_id, title, url, published_at FROM news_items
    WHERE tick > ?1 - ?2 AND tick <= ?1 AND duplicate_of IS NULL
      AND source IN (SELECT source FROM sources WHERE shared AND redistributable)
    ORDER BY tick, news_id) n
"""


class Told(NamedTuple):
    """A story as it is stored."""

    story: Story
    tone: float
    duplicate_of: str | None
    mentioned: Sequence[Entity]
    relations: Sequence[Relation]


def store_news(told: Iterable[Told], tick: int, source: str, model: str) -> list[Statement]:
    """Statements that store one source's stories, mentions and relations."""
    told = list(told)
    rows = (
        (s.news_id, s.title, s.url, s.published_at, s.published_is_estimated, s.language, tone,
         duplicate_of, s.publisher, msgspec.json.encode(s.votes).decode() if s.votes else None)
        for s, tone, duplicate_of, _, _ in told
    )  # fmt: skip
    mentions = ((one.story.news_id, kind, name) for one in told for kind, name in one.mentioned)
    relations = (
        (one.story.news_id, *subject, *object_, kind)
        for one in told
        for subject, object_, kind in one.relations
    )
    return [
        *bulk(INSERT_NEWS, rows, (tick, source, model)),
        *bulk(INSERT_MENTIONS, mentions),
        *bulk(INSERT_RELATIONS, relations),
    ]


def update_votes(stories: Iterable[Story]) -> list[Statement]:
    """Statements that bring the votes on stored stories up to date."""
    return bulk(UPDATE_VOTES, ((s.news_id, msgspec.json.encode(s.votes).decode()) for s in stories))


async def stored_ids(database: Database, news_ids: Sequence[str]) -> set[str]:
    """Return which of the stories are stored already."""
    statement = Statement(STORED_IDS, (msgspec.json.encode(news_ids).decode(),))
    return msgspec.json.decode(await database.text(statement) or "[]", type=set[str])


async def recent_stories(database: Database, tick: int) -> list[Known]:
    """Return the stories that a new one may repeat."""
    text = await database.text(Statement(RECENT_STORIES, (tick, RECENT_SECONDS))) or "[]"
    return msgspec.json.decode(text, type=list[Known])
