"""Trying a custom feed: fetched and read as a tick would, nothing stored."""

import time
from typing import Literal

import httpx
import msgspec

from collection.custom.fetching import GuardedFetch
from collection.custom.mapping import FeedSpec, validate
from collection.custom.registry import source_of
from collection.fetch import Usage
from common.addresses import RefusedAddress
from common.errors import Fatal, Retryable
from common.models import Parsable, Reading, Story
from common.ports import Clock
from common.times import iso

SHOWN = 10


class Preview(msgspec.Struct):
    """What a feed gives: the first rows, how many there are and how many were skipped, why.

    `state` is "refused" for an address that may not be asked or a spec that
    is not valid and "failed" when it gave nothing readable; `message` says
    why. `address` is the one at the end of the redirects, `bytes` the size of
    the body.
    """

    state: Literal["ok", "refused", "failed"]
    message: str | None = None
    rows: list[dict[str, object]] = []
    parsed: int = 0
    skipped: dict[str, int] = {}
    bytes: int = 0
    requests: int = 0
    address: str | None = None


async def try_feed(
    spec: FeedSpec,
    client: httpx.AsyncClient,
    upstream: str,
    tick: int,
    clock: Clock = time.monotonic,
) -> Preview:
    """Fetch a feed and return what a tick at `tick` would make of it."""
    usage = Usage()
    address = None
    try:
        validate(spec)
        source = source_of("preview", "", spec, shared=False)
        (endpoint,) = source.endpoints
        guarded = GuardedFetch(client, upstream, clock)
        final = await guarded.fetch(spec.url, source.headers, usage, endpoint.max_bytes)
        address = final.address
        parsed = endpoint.parse(final.body, tick)
    except (Fatal, Retryable, ValueError) as error:
        refused = isinstance(error, RefusedAddress | ValueError)
        return Preview(
            "refused" if refused else "failed", str(error)[:1_000],
            bytes=usage.bytes, requests=usage.requests, address=address,
        )  # fmt: skip
    state: Literal["ok", "failed"] = "ok"
    message = None
    if not parsed.rows and parsed.skipped:
        worst, _ = parsed.skipped.most_common(1)[0]
        state, message = "failed", f"no usable row, most were {worst}"
    return Preview(
        state, message, [_shown(row) for row in parsed.rows[:SHOWN]], len(parsed.rows),
        dict(parsed.skipped), usage.bytes, usage.requests, address,
    )  # fmt: skip


async def preview(spec: str, client: httpx.AsyncClient, upstream: str, tick: int) -> str:
    """Try the FeedSpec in `spec`; return the Preview. Both are JSON, for the Worker's RPC."""
    try:
        decoded = msgspec.json.decode(spec, type=FeedSpec)
    except msgspec.DecodeError as error:
        return msgspec.json.encode(Preview("refused", str(error)[:1_000])).decode()
    return msgspec.json.encode(await try_feed(decoded, client, upstream, tick)).decode()


def _shown(row: Parsable) -> dict[str, object]:
    if isinstance(row, Reading):
        return {
            "key": row.key, "name": row.name, "value": row.value, **row.about,
            "observed_at": iso(row.observed_at),
        }  # fmt: skip
    if isinstance(row, Story):
        return {
            "title": row.title, "url": row.url, "summary": row.summary,
            "published_at": iso(row.published_at), "estimated": row.published_is_estimated,
        }  # fmt: skip
    raise TypeError(type(row).__name__)
