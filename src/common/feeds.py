"""Custom feeds: what an owner says of an address that is to be collected like the others."""

import re
from typing import Literal

import msgspec

from common.addresses import RefusedAddress, check_address

LONGEST_SPEC = 16_000
LONGEST_UNIT = 20
LONGEST_PATH = 200
DEEPEST_PATH = 16
CADENCES = range(900, 86_401, 900)  # seconds
# Our fields by kind, and those of them that a feed must map.
FIELDS = {
    "reading": ("key", "name", "value", "observed_at"),
    "news": ("title", "url", "published_at", "summary"),
}
REQUIRED = {"reading": ("value",), "news": ("title", "url")}
_control = re.compile(r"[\x00-\x1f\x7f]")


class FeedSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address and how to read what it gives.

    `items` is the path to the rows in JSON ("result.items", "data.0.rows", ""
    for the top; one object counts as a row). `fields` says where in a row our
    field is: a path in JSON, a column's name in CSV. Readings have `value` (a
    number), `key` (which thing it is; without it the feed is one series, named
    like the feed), `name`, `observed_at` (ISO 8601 or epoch seconds or
    milliseconds; without it the tick), and all of them `unit`. News have
    `title`, `url`, `published_at` and `summary`. RSS and Atom need no fields.
    `cadence` is in seconds.
    """

    name: str
    url: str
    format: Literal["json", "csv", "rss"]
    kind: Literal["reading", "news"]
    unit: str = ""
    items: str = ""
    fields: dict[str, str] = {}
    cadence: int = 900


def validate(spec: FeedSpec) -> None:
    """Raise RefusedAddress for an address that is not asked, ValueError with all other problems."""
    problems = [*_general(spec), *(_of_rss(spec) if spec.format == "rss" else _of_rows(spec))]
    if problems:
        try:
            check_address(spec.url)
        except RefusedAddress as refused:
            problems.append(f"url: {refused}")
        raise ValueError(" ".join(problems))
    check_address(spec.url)


def _general(spec: FeedSpec) -> list[str]:
    problems = []
    if not 2 <= len(spec.name.strip()) <= 60 or _control.search(spec.name):
        problems.append("name: give 2 to 60 characters.")
    if spec.cadence not in CADENCES:
        problems.append("cadence: give seconds, a multiple of 900 from 900 to 86,400.")
    if spec.kind == "reading" and not 1 <= len(spec.unit.strip()) <= LONGEST_UNIT:
        problems.append(f"unit: readings need one, of at most {LONGEST_UNIT} characters.")
    if spec.kind == "news" and spec.unit:
        problems.append("unit: news have none.")
    if _control.search(spec.unit):
        problems.append("unit: leave control characters out.")
    return problems


def _of_rss(spec: FeedSpec) -> list[str]:
    problems = []
    if spec.kind != "news":
        problems.append("kind: RSS and Atom hold news.")
    if spec.items or spec.fields:
        problems.append("fields, items: RSS and Atom need none.")
    return problems


def _of_rows(spec: FeedSpec) -> list[str]:
    known = FIELDS[spec.kind]
    problems = [
        f"fields: {name!r:.60} is unknown; known are {', '.join(known)}."
        for name in spec.fields
        if name not in known
    ]
    problems += [
        f"fields: say where {name!r} is."
        for name in dict.fromkeys((*REQUIRED[spec.kind], *spec.fields))
        if not spec.fields.get(name)
    ]
    if spec.format == "csv" and spec.items:
        problems.append("items: CSV needs none.")
    paths = {"items": spec.items} if spec.format == "json" else {}
    for name, path in (*paths.items(), *spec.fields.items()):
        if len(path) > LONGEST_PATH or path.count(".") >= DEEPEST_PATH:
            problems.append(
                f"{name:.60}: at most {LONGEST_PATH} characters in {DEEPEST_PATH} parts."
            )
    return problems
