"""Shapes of /news."""

import msgspec

from api.shapes.common import Age, Count, Moment, Tone


class Mention(msgspec.Struct, forbid_unknown_fields=True):
    """Whom a story mentions; an asset's name is its id."""

    type: str
    name: str


class Story(msgspec.Struct, forbid_unknown_fields=True):
    """A story: title and link as the feed gave them, tone as the model named says.

    `published_at` is the feed's own stamp, or `found_at` where it had none
    (`published_is_estimated`). `found_at` is the tick that brought the story;
    `duplicates` says how many others repeat it, `duplicate_of` which it repeats.
    """

    id: str
    title: str
    url: str
    source: str
    publisher: str | None
    attribution: str
    attribution_url: str
    published_at: Moment
    published_is_estimated: bool
    found_at: Moment
    age_seconds: Age
    language: str | None
    sentiment: Tone | None
    sentiment_model: str | None
    votes: dict[str, int] | None
    mentions: list[Mention]
    duplicates: Count
    duplicate_of: str | None
