"""Valid specs that tests change one thing of."""

from typing import Any

import msgspec

from common.feeds import FeedSpec
from common.models import Parsed

TICK = 1_795_176_000  # 2026-11-20T12:00Z

JSON = FeedSpec(
    name="Prices", url="https://feeds.example/prices.json", format="json", kind="reading",
    unit="USD", items="result.items",
    fields={"key": "ticker", "value": "last", "observed_at": "ts"},
)  # fmt: skip
CSV = FeedSpec(
    name="Series", url="https://feeds.example/series.csv", format="csv", kind="reading",
    unit="USD", fields={"value": "price", "observed_at": "timestamp"},
)  # fmt: skip
NEWS = FeedSpec(
    name="Notes", url="https://feeds.example/notes.json", format="json", kind="news",
    fields={"title": "title", "url": "link", "published_at": "at", "summary": "text"},
)  # fmt: skip
RSS = FeedSpec(
    name="Blog", url="https://feeds.example/blog.rss", format="rss", kind="news"
)  # fmt: skip


def changed(spec: FeedSpec, **values: Any) -> FeedSpec:
    return msgspec.structs.replace(spec, **values)


def with_fields(spec: FeedSpec, **fields: str) -> FeedSpec:
    return changed(spec, fields={**spec.fields, **fields})


def accounted(parsed: Parsed, rows: int) -> Any:
    """Check that every row of a body became a row or was skipped; return it untyped."""
    assert len(parsed.rows) + parsed.skipped.total() == rows
    return parsed
