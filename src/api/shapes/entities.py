"""Shapes of /entities."""

from typing import Literal

import msgspec

from api.shapes.common import Age, Count, Moment


class Mentions(msgspec.Struct, forbid_unknown_fields=True):
    """How many stories of a source mention the entity."""

    type: str
    source: str
    count: Count
    last_seen: Moment
    age_seconds: Age


class Company(msgspec.Struct, forbid_unknown_fields=True):
    """Another entity."""

    type: str
    name: str


class Relation(msgspec.Struct, forbid_unknown_fields=True, rename={"company": "with"}):
    """What stories say of the entity and another one.

    `role` is what the asked one is in it, null where both are the same
    ("mentioned_with").
    """

    type: str
    role: Literal["subject", "object"] | None
    kind: str
    company: Company
    stories: Count
    last_seen: Moment
    age_seconds: Age


class Entity(msgspec.Struct, forbid_unknown_fields=True):
    """Who mentions an entity, and together with whom; most stories first.

    `sources` told the stories that all of it is from.
    """

    name: str
    sources: list[str]
    mentions: list[Mentions]
    relations: list[Relation]
