"""The table of custom feeds: whose they are, and how many one owner may have."""

from typing import Literal, NamedTuple

import msgspec

from common.database import Database, Statement
from common.feeds import FeedSpec

MOST_FEEDS = 20  # of one owner

# Counted in the statement that inserts: two requests at once cannot exceed it.
INSERT = """
INSERT INTO custom_feeds (feed_id, owner, name, spec, shared, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6
WHERE (SELECT count(*) FROM custom_feeds WHERE owner = ?2) < ?7
ON CONFLICT DO NOTHING
"""
FIND_BY_NAME = "SELECT feed_id FROM custom_feeds WHERE owner = ?1 AND name = ?2"
DELETE = "DELETE FROM custom_feeds WHERE feed_id = ?1 AND owner = ?2"
# What is gone is not unwell; what was collected of it is seen by nobody without its source.
FORGET_SOURCE = """DELETE FROM sources WHERE source = 'feed:' || ?1
  AND NOT EXISTS (SELECT 1 FROM custom_feeds WHERE feed_id = ?1)"""
FORGET_ENDPOINTS = """DELETE FROM endpoint_states WHERE source = 'feed:' || ?1
  AND NOT EXISTS (SELECT 1 FROM custom_feeds WHERE feed_id = ?1)"""
GET = "SELECT spec, shared FROM custom_feeds WHERE feed_id = ?1 AND owner = ?2"
LOAD_ALL = "SELECT feed_id, owner, spec, shared FROM custom_feeds ORDER BY feed_id"
LIST = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('feed_id', f.feed_id, 'source', 'feed:' || f.feed_id, 'spec', json(f.spec),
    'shared', json(iif(f.shared, 'true', 'false')),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', f.created_at, 'unixepoch'),
    'state', s.state, 'reason', s.reason,
    'last_tick', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_tick, 'unixepoch'),
    'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', s.last_success, 'unixepoch')) AS item
  FROM custom_feeds f LEFT JOIN sources s ON s.source = 'feed:' || f.feed_id
  WHERE f.owner = ?1 ORDER BY f.name)
"""


class Feed(NamedTuple):
    """A registered feed."""

    feed_id: str
    owner: str
    spec: FeedSpec
    shared: bool


def source_name(feed_id: str) -> str:
    """Return the name under which a feed's rows are stored."""
    return f"feed:{feed_id}"


async def register(feed: Feed, now: int, database: Database) -> Literal["done", "name", "limit"]:
    """Store a feed; its random id comes from outside.

    Returns "name" when the owner has another feed of that name, "limit" when
    the owner has MOST_FEEDS already.
    """
    spec = msgspec.json.encode(feed.spec).decode()
    name = feed.spec.name.strip()
    await database.batch(
        [Statement(INSERT, (feed.feed_id, feed.owner, name, spec, feed.shared, now, MOST_FEEDS))]
    )
    # Asked, not counted: a write that was sent twice wrote nothing the second time.
    found = await database.text(Statement(FIND_BY_NAME, (feed.owner, name)))
    if found is None:
        return "limit"
    return "done" if found == feed.feed_id else "name"


async def list_of(owner: str, database: Database) -> str:
    """Return an owner's feeds with the state of their last run, as a JSON array."""
    return await database.text(Statement(LIST, (owner,))) or "[]"


async def get(feed_id: str, owner: str, database: Database) -> Feed | None:
    """Return an owner's feed; None when there is none, or it is somebody else's."""
    rows = await database.all(Statement(GET, (feed_id, owner)))
    if not rows:
        return None
    spec = msgspec.json.decode(rows[0]["spec"], type=FeedSpec)
    return Feed(feed_id, owner, spec, bool(rows[0]["shared"]))


async def remove(feed_id: str, owner: str, database: Database) -> None:
    """Remove an owner's feed, and that it was a source; nobody else's."""
    await database.batch(
        [
            Statement(DELETE, (feed_id, owner)),
            Statement(FORGET_SOURCE, (feed_id,)),
            Statement(FORGET_ENDPOINTS, (feed_id,)),
        ]
    )
