"""/feeds: addresses that the caller adds to what is collected. Only collection fetches them."""

import secrets
from typing import Annotated

import msgspec

from api.routing import PRIVATE, Reads, Result, Route
from api.shapes import feeds as shapes
from common import feed_registry
from common.addresses import RefusedAddress
from common.database import Statement
from common.errors import Problem
from common.feed_registry import MOST_FEEDS, Feed
from common.feeds import FeedSpec, validate

WEEK = 7 * 86_400

# The newest value of each series; see migrations/0002_every_source.sql for readings.id.
READINGS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('key', s.key, 'name', s.name, 'value', r.value, 'unit', s.about ->> 'unit',
    'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (r.id & 67108863) * 60, 'unixepoch'),
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.observed_at, 'unixepoch'),
    'age_seconds', CAST(?3 AS INTEGER) - r.observed_at) AS item
  FROM series s JOIN readings r ON r.id = (SELECT max(id) FROM readings
    WHERE id BETWEEN s.series_no << 26 AND (s.series_no << 26) | 67108863)
  WHERE s.source = ?1 AND s.kind = 'custom' ORDER BY r.id & 67108863 DESC, s.key LIMIT ?2)
"""

# One series, newest first.
SERIES = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('key', s.key, 'name', s.name, 'value', r.value, 'unit', s.about ->> 'unit',
    'tick', strftime('%Y-%m-%dT%H:%M:%SZ', (r.id & 67108863) * 60, 'unixepoch'),
    'observed_at', strftime('%Y-%m-%dT%H:%M:%SZ', r.observed_at, 'unixepoch'),
    'age_seconds', CAST(?3 AS INTEGER) - r.observed_at) AS item
  FROM series s JOIN readings r
    ON r.id BETWEEN s.series_no << 26 AND (s.series_no << 26) | 67108863
  WHERE s.source = ?1 AND s.kind = 'custom' AND s.key = ?4 ORDER BY r.id DESC LIMIT ?2)
"""

# By tick, because no index knows the source; so only as far back as is read quickly.
NEWS = """
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('title', title, 'url', url,
    'published_at', strftime('%Y-%m-%dT%H:%M:%SZ', published_at, 'unixepoch'),
    'published_is_estimated', json(iif(published_is_estimated, 'true', 'false')),
    'tick', strftime('%Y-%m-%dT%H:%M:%SZ', tick, 'unixepoch'),
    'sentiment', sentiment, 'sentiment_model', sentiment_model) AS item
  FROM news_items WHERE source = ?1 AND tick > ?3 ORDER BY tick DESC, news_id LIMIT ?2)
"""


FeedId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[0-9A-Za-z_-]+$")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]


class NothingRequest(msgspec.Struct):
    """No parameters."""


class FeedRequest(msgspec.Struct):
    """`feed_id`: as given when the feed was registered."""

    feed_id: FeedId


class ItemsRequest(msgspec.Struct):
    """`feed_id`, at most how many rows, and for readings `key`: the past of one series."""

    feed_id: FeedId
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100
    key: Key | None = None


async def listed(request: NothingRequest, reads: Reads) -> Result:  # noqa: ARG001
    """Return the caller's feeds, each with the state of its last run (null before the first)."""
    return Result(await feed_registry.list_of(reads.principal.user_id, reads.database))


async def register(request: FeedSpec, reads: Reads) -> Result:
    """Register a feed; an admin's counts for everybody.

    Raises Problem 422 for a spec that cannot be collected, 409 when the
    caller has a feed of that name, or as many as one may have.
    """
    _check(request)
    who = reads.principal
    feed = Feed(secrets.token_hex(8), who.user_id, request, who.role == "admin")
    done = await feed_registry.register(feed, int(reads.now), reads.database)
    if done == "name":
        raise Problem(
            409, "feed-exists", f"You have a feed named {request.name!r}; choose another name."
        )
    if done == "limit":
        raise Problem(
            409, "feed-limit", f"You have {MOST_FEEDS} feeds, as many as one may; remove one first."
        )
    told = {
        "feed_id": feed.feed_id,
        "source": feed_registry.source_name(feed.feed_id),
        "shared": feed.shared,
    }
    return Result(msgspec.json.encode(told).decode(), status=201)


async def preview(request: FeedSpec, reads: Reads) -> Result:
    """Return what collection would read of a feed now; nothing is stored.

    Raises Problem 422 as register, Retryable when collection does not answer.
    """
    _check(request)
    return Result(await reads.outside.preview(msgspec.json.encode(request).decode()))


async def remove(request: FeedRequest, reads: Reads) -> Result:
    """Remove a feed of the caller's. Raises Problem 404."""
    feed = await _own(request.feed_id, reads)
    await feed_registry.remove(feed.feed_id, feed.owner, reads.database)
    return Result(msgspec.json.encode({"feed_id": feed.feed_id}).decode())


async def items(request: ItemsRequest, reads: Reads) -> Result:
    """Return the newest stored rows of a feed of the caller's. Raises Problem 404."""
    feed = await _own(request.feed_id, reads)
    source = feed_registry.source_name(feed.feed_id)
    now = int(reads.now)
    if feed.spec.kind == "news":
        statement = Statement(NEWS, (source, request.limit, now - WEEK))
    elif request.key is None:
        statement = Statement(READINGS, (source, request.limit, now))
    else:
        statement = Statement(SERIES, (source, request.limit, now, request.key))
    data = await reads.database.text(statement) or "[]"
    return Result(data, {"source": source, "kind": feed.spec.kind})


def _check(spec: FeedSpec) -> None:
    try:
        validate(spec)
    except RefusedAddress as refused:
        raise Problem(422, "feed-refused-address", str(refused)) from None
    except ValueError as problems:
        raise Problem(422, "feed-invalid", str(problems)) from None


async def _own(feed_id: str, reads: Reads) -> Feed:
    feed = await feed_registry.get(feed_id, reads.principal.user_id, reads.database)
    if feed is None:
        raise Problem(
            404, "no-such-feed", "You have no feed with this id. /api/v1/feeds lists yours."
        )  # fmt: skip
    return feed


EXAMPLE = {
    "name": "Prices", "url": "https://feeds.example/prices.json", "format": "json",
    "kind": "reading", "unit": "USD", "items": "result.items",
    "fields": {"key": "ticker", "value": "last"}, "cadence": 900,
}  # fmt: skip
ROUTES = (
    Route(
        path="/api/v1/feeds",
        summary="Your custom feeds, each with the state of its last run",
        request=NothingRequest,
        handler=listed,
        permission="feeds:read",
        answers=list[shapes.Feed],
        cache=PRIVATE,
    ),
    Route(
        path="/api/v1/feeds",
        summary="Register a custom feed: an address and how to read it",
        request=FeedSpec,
        handler=register,
        permission="feeds:write",
        method="POST",
        status=201,
        answers=shapes.Registered,
        example=EXAMPLE,
        cost="write",
        problems=("feed-invalid", "feed-refused-address", "feed-exists", "feed-limit"),
    ),
    Route(
        path="/api/v1/feeds/preview",
        summary="Try a custom feed without storing anything",
        request=FeedSpec,
        handler=preview,
        permission="feeds:write",
        method="POST",
        answers=shapes.Tried,
        example=EXAMPLE,
        cost="heavy",
        problems=("feed-invalid", "feed-refused-address"),
    ),
    Route(
        path="/api/v1/feeds/{feed_id}",
        summary="Remove a custom feed of yours",
        request=FeedRequest,
        handler=remove,
        permission="feeds:write",
        method="DELETE",
        answers=shapes.Removed,
        example={"feed_id": "5f0c2a9be1d34c77"},
        cost="write",
        problems=("no-such-feed",),
    ),
    Route(
        path="/api/v1/feeds/{feed_id}/items",
        summary="What was collected from a custom feed of yours, newest first",
        request=ItemsRequest,
        handler=items,
        permission="feeds:read",
        answers=list[shapes.Item],
        example={"feed_id": "5f0c2a9be1d34c77", "limit": 20},
        cache=PRIVATE,
        problems=("no-such-feed",),
    ),
)
