"""Shapes of the views of news and of one entity."""

import msgspec

from api.shapes.analytics import Sentiment
from api.shapes.common import Count, Moment, Signal, Tone
from api.shapes.entities import Entity
from api.shapes.news import Story


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """Who is in the news: stories of the last day, and a day's mean of the week before."""

    type: str
    name: str
    label: str
    stories: Count
    usual: float
    tone: Tone | None


class NewsView(msgspec.Struct, forbid_unknown_fields=True):
    """A page of stories; on the first page also the tone over time, and who is told of most."""

    origin: str
    stories: list[Story]
    sentiment: Sentiment | None
    most_told: list[Told] | None


class DayOfMentions(msgspec.Struct, forbid_unknown_fields=True):
    """The stories of one UTC day that mention an entity, and their mean tone."""

    day: Moment
    stories: Count
    tone: Tone | None


class EntityView(msgspec.Struct, forbid_unknown_fields=True):
    """One entity: who mentions it, with whom, how often a day, what was told, what fired."""

    origin: str
    type: str
    label: str
    entity: Entity
    days: list[DayOfMentions]
    stories: list[Story]
    signals: list[Signal]
