"""Custom feeds as Sources: declared by their owners instead of by a file."""

from urllib.parse import urlsplit

import msgspec

from collection.custom import fetching, xml_shape
from collection.custom.mapping import FeedSpec, parse, validate
from collection.source import Endpoint, Source
from common.addresses import RefusedAddress, check_address
from common.database import Database, Statement
from common.feed_registry import LOAD_ALL, source_name
from common.log import Logger

ACCEPT = {
    "json": "application/json",
    "csv": "text/csv, text/plain;q=0.9",
    "rss": "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8",
}


def source_of(feed_id: str, owner: str, spec: FeedSpec, shared: bool) -> Source:  # noqa: ARG001
    """Return a valid feed as a Source; its rows are for `owner` alone unless it is `shared`."""
    name, target = source_name(feed_id), check_address(spec.url)
    limit = xml_shape.MOST_BYTES if spec.format == "rss" else fetching.MOST_BYTES
    return Source(
        name=name,
        attribution=target.host,
        attribution_url=f"https://{urlsplit(target.url).netloc}",
        endpoints=(
            Endpoint(
                "feed",
                spec.url,
                parse(spec, name),
                cadence=spec.cadence,
                max_bytes=limit,
                conditional=spec.kind == "news",
            ),
        ),
        requests_per_minute=1,
        burst=3,
        headers={"accept": ACCEPT[spec.format]},
        shared=shared,
        guarded=True,
    )


async def custom_sources(database: Database, log: Logger) -> list[Source]:
    """Return every registered feed; one that is not valid (any more) is left out and logged."""
    sources = []
    for row in await database.all(Statement(LOAD_ALL)):
        try:
            spec = msgspec.json.decode(row["spec"], type=FeedSpec)
            validate(spec)
        except (msgspec.DecodeError, ValueError, RefusedAddress) as error:
            log("warning", "custom feed left out", feed=row["feed_id"], error=str(error)[:300])
            continue
        sources.append(source_of(row["feed_id"], row["owner"], spec, bool(row["shared"])))
    return sources
