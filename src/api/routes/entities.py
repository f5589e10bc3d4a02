"""/entities: who is in the news, how often, and together with whom."""

from typing import Annotated, Literal

import msgspec

from api.reads import units
from api.routing import NEWS, Reads, Result, Route
from api.shapes.entities import Entity
from common.database import Statement
from common.errors import Problem

DAY = 86_400

# ?1 name, ?2 first day, ?3 types as a JSON array, ?4 now. Names of assets are their ids.
ENTITY = """
WITH said AS (
  SELECT entity_type, mention_count, last_seen, source FROM entity_mentions
  WHERE entity_type IN (SELECT value FROM json_each(?3)) AND entity_name = ?1
    AND source IN (SELECT source FROM sources WHERE redistributable AND shared)
), together AS (
  SELECT kind, 'subject' AS role, subject_type AS own_type, object_type AS other_type,
    object_name AS other_name, story_count, last_seen
  FROM entity_relations
  WHERE subject_type IN (SELECT value FROM json_each(?3)) AND subject_name = ?1 AND day >= ?2
  UNION ALL
  SELECT kind, 'object', object_type, subject_type, subject_name, story_count, last_seen
  FROM entity_relations
  WHERE object_type IN (SELECT value FROM json_each(?3)) AND object_name = ?1 AND day >= ?2
)
SELECT json_object('name', ?1,
  'sources', (SELECT json_group_array(source) FROM (
    SELECT DISTINCT source FROM said ORDER BY source)),
  'mentions', (SELECT json_group_array(json_object(
    'type', entity_type, 'source', source, 'count', mention_count,
    'last_seen', strftime('%Y-%m-%dT%H:%M:%SZ', last_seen, 'unixepoch'),
    'age_seconds', CAST(?4 AS INTEGER) - last_seen)) FROM said),
  'relations', (SELECT json_group_array(json_object(
    'type', own_type, 'role', iif(kind = 'mentioned_with', NULL, role), 'kind', kind,
    'with', json_object('type', other_type, 'name', other_name), 'stories', stories,
    'last_seen', strftime('%Y-%m-%dT%H:%M:%SZ', seen, 'unixepoch'),
    'age_seconds', CAST(?4 AS INTEGER) - seen)) FROM (
      SELECT own_type, role, kind, other_type, other_name, sum(story_count) AS stories,
        max(last_seen) AS seen
      FROM together
      GROUP BY own_type, iif(kind = 'mentioned_with', '', role), kind, other_type, other_name
      ORDER BY stories DESC, seen DESC, other_name LIMIT 100)))
WHERE EXISTS (SELECT 1 FROM said)
"""

TYPES = ("asset", "exchange", "protocol", "person", "chain", "regulator")
Type = Literal["asset", "exchange", "protocol", "person", "chain", "regulator"]


class EntityRequest(msgspec.Struct):
    """`name`: an asset id (bitcoin) or a name (Binance); `type` of it; `days` of relations."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
    type: Type | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30


async def entity(request: EntityRequest, reads: Reads) -> Result:
    """Return mentions and relations. Raises Problem 404 for a name that no story mentions."""
    types = [request.type] if request.type else TYPES
    now = int(reads.now)
    parameters = (
        request.name, now // DAY - request.days, msgspec.json.encode(types).decode(), now,
    )  # fmt: skip
    data = await reads.database.text(Statement(ENTITY, parameters))
    if data is None:
        raise Problem(
            404,
            "unknown-entity",
            f"No collected story mentions {request.name!r}. Assets are named by their id"
            " (bitcoin), others as they are written (Binance, SEC).",
        )
    return Result(data, {"units": units.ENTITIES})


ROUTES = (
    Route(
        path="/api/v1/entities/{name}",
        summary="Who is in the news, how often, and together with whom",
        request=EntityRequest,
        handler=entity,
        permission="news:read",
        answers=Entity,
        example={"name": "bitcoin"},
        problems=("unknown-entity",),
        cache=NEWS,
    ),
)
