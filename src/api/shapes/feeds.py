"""Shapes of /feeds."""

from typing import Literal

import msgspec

from api.shapes.common import Age, Count, Moment, Tone
from common.feeds import FeedSpec


class Feed(msgspec.Struct, forbid_unknown_fields=True):
    """A custom feed with the state of its last run; `state` is null before the first."""

    feed_id: str
    source: str
    spec: FeedSpec
    shared: bool
    created_at: Moment
    state: Literal["ok", "degraded", "off"] | None
    reason: str | None
    last_tick: Moment | None
    last_success: Moment | None


class Registered(msgspec.Struct, forbid_unknown_fields=True):
    """A new feed; `source` is what its rows name as their source."""

    feed_id: str
    source: str
    shared: bool


class Removed(msgspec.Struct, forbid_unknown_fields=True):
    """The feed that is no longer there."""

    feed_id: str


class Tried(msgspec.Struct, forbid_unknown_fields=True):
    """What a feed gives now: its first rows, how many it has, and how many were skipped, why.

    `state` is "refused" for an address that may not be asked and "failed" when
    nothing could be read; `message` says why. `address` is the one at the end of
    the redirects.
    """

    state: Literal["ok", "refused", "failed"]
    message: str | None
    rows: list[dict[str, str | int | float | None]]
    parsed: Count
    skipped: dict[str, int]
    bytes: Count
    requests: Count
    address: str | None


class Item(msgspec.Struct, forbid_unknown_fields=True):
    """What was collected: of a feed of readings a value, of one of news a story.

    A value has `key`, `name`, `value`, `unit`, `observed_at` and `age_seconds`,
    a story the others; both have `tick`, when they were collected.
    """

    tick: Moment
    key: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    value: float | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType | None = msgspec.UNSET
    observed_at: Moment | msgspec.UnsetType = msgspec.UNSET
    age_seconds: Age | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType = msgspec.UNSET
    url: str | msgspec.UnsetType = msgspec.UNSET
    published_at: Moment | msgspec.UnsetType = msgspec.UNSET
    published_is_estimated: bool | msgspec.UnsetType = msgspec.UNSET
    sentiment: Tone | msgspec.UnsetType | None = msgspec.UNSET
    sentiment_model: str | msgspec.UnsetType | None = msgspec.UNSET
