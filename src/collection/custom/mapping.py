"""From a custom feed's body to rows: JSON by paths, CSV by columns, RSS and Atom as they are.

A body is hostile until proven otherwise: how deep, how wide and how many is
checked before anything is built from it. Whatever a body holds, its rows are
accounted for: len(rows) + skipped.total().
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from collection import feed
from collection.custom.columns import read_csv
from collection.custom.xml_shape import check_xml
from collection.feed import SUMMARY_CHARACTERS, TITLE_CHARACTERS, clean_url, plain_text
from collection.payload import about, check_age, decode, number
from collection.source import Parse
from common.errors import Retryable, Skippable
from common.feeds import FeedSpec, validate
from common.models import Parsable, Parsed, Reading, Story
from common.nesting import check_nesting
from common.times import epoch

__all__ = ["FeedSpec", "parse", "validate"]

MOST_ROWS = 500
MOST_EXAMINED = 20_000  # a series of a year by the half hour; the rest is not looked at
DEEPEST, MOST_VALUES = 32, 400_000
LONGEST_KEY = 120
STALE_SECONDS = 7 * 86_400  # a daily figure may be some days old before it says nothing
MILLISECONDS_FROM = 10**11  # epoch seconds reach it in the year 5138
_control = re.compile(r"[\x00-\x1f\x7f]+")
_any = msgspec.json.Decoder(Any)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_raw_object = msgspec.json.Decoder(dict[str, msgspec.Raw])

Pick = Callable[[Any, str], object]


def parse(spec: FeedSpec, salt: str = "") -> Parse:
    """Return the parser of a valid spec: Readings of the kind "custom", or Stories.

    The ids of stories are made from `salt` too, so that no feed can bring a
    story under the id that another one's will have.
    """

    def parse_body(body: bytes, tick: int) -> Parsed:
        if spec.format == "rss":
            check_xml(body)
            return _salted(feed.parse(body, tick), salt)
        rows: Iterator[object | None]
        pick: Pick
        if spec.format == "csv":
            rows, pick = read_csv(body, tuple(spec.fields.values())), _column
        else:
            rows, pick = _json_rows(body, spec.items), _follow
        if spec.kind == "reading":
            return _readings(rows, spec, pick, tick)
        return _salted(_stories(rows, spec, pick, tick), salt)

    return parse_body


def _json_rows(body: bytes, path: str) -> Iterator[object | None]:
    """Return the rows at `path`, each decoded by itself; None is a malformed one."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        check_nesting(body, DEEPEST, MOST_VALUES)
    except ValueError as error:
        raise Retryable(f"JSON refused: {error}") from None
    found: bytes | msgspec.Raw = body
    for part in path.split(".") if path else ():
        found = _step(found, part)
    start = bytes(found[:100] if isinstance(found, bytes) else memoryview(found)[:100]).lstrip()
    if start.startswith(b"{"):
        return _decoded([found])
    if not start.startswith(b"[") and path:
        raise Retryable(f"no list at {path!r:.80}")
    return _decoded(decode(found, _raw_list))


def _decoded(raw: list[Any]) -> Iterator[object | None]:
    for one in raw:
        try:
            yield _any.decode(one)
        except msgspec.DecodeError:
            yield None


def _step(found: bytes | msgspec.Raw, part: str) -> msgspec.Raw:
    """Return what a part of a path leads to, without decoding what lies beside it."""
    start = bytes(memoryview(found)[:100]).lstrip()
    inside: list[msgspec.Raw] | dict[str, msgspec.Raw]
    if start.startswith(b"["):
        inside = decode(found, _raw_list)
        if part.isascii() and part.isdecimal() and len(part) < 9 and int(part) < len(inside):
            return inside[int(part)]
        raise Retryable(f"a list of {len(inside)} has no {part!r:.60}")
    inside = decode(found, _raw_object)
    if part not in inside:
        there = ", ".join(list(inside)[:8])
        raise Retryable(f"no {part!r:.60} among {there:.120}" if there else f"no {part!r:.60}")
    return inside[part]


def _follow(row: object, path: str) -> object:
    for part in path.split("."):
        if isinstance(row, dict):
            row = row.get(part)
        elif isinstance(row, list) and part.isascii() and part.isdecimal() and len(part) < 9:
            row = row[int(part)] if int(part) < len(row) else None
        else:
            return None
    return row


def _column(row: Any, name: str) -> object:
    return row[name]


def _readings(rows: Iterator[Any], spec: FeedSpec, pick: Pick, tick: int) -> Parsed:
    """Make readings; of several of one key the newest stays, for what is listed may be a series."""
    newest: dict[str, Reading] = {}

    def keep(row: object) -> None:
        reading = _reading(row, spec, pick, tick)
        there = newest.get(reading.key)
        if there is None and len(newest) >= MOST_ROWS:
            raise Skippable("over_limit")
        if there is None or reading.observed_at > there.observed_at:
            newest[reading.key] = reading
        if there is not None:
            raise Skippable("older" if reading.observed_at != there.observed_at else "duplicate")

    skipped = _each(rows, keep)
    return Parsed(list(newest.values()), skipped)


def _reading(row: object, spec: FeedSpec, pick: Pick, tick: int) -> Reading:
    fields = spec.fields
    key = _text(pick(row, fields["key"])) if "key" in fields else spec.name.strip()
    if not key:
        raise Skippable("no_key")
    given = pick(row, fields["value"])
    if given is None or given == "":
        raise Skippable("no_value")
    if (value := number(given)) is None:
        raise Skippable("bad_value")
    observed_at = tick
    if "observed_at" in fields:
        observed_at = _moment(pick(row, fields["observed_at"]))
        check_age(observed_at, tick, STALE_SECONDS)
    name = _text(pick(row, fields["name"])) if "name" in fields else ""
    described = about(unit=spec.unit.strip())
    return Reading("custom", key, name or key, value, observed_at, {}, described)


def _stories(rows: Iterator[Any], spec: FeedSpec, pick: Pick, tick: int) -> Parsed:
    stories: dict[str, Parsable] = {}

    def keep(row: object) -> None:
        story = _story(row, spec, pick, tick)
        if story.news_id in stories:
            raise Skippable("duplicate")
        if len(stories) >= MOST_ROWS:
            raise Skippable("over_limit")
        stories[story.news_id] = story

    skipped = _each(rows, keep)
    return Parsed(list(stories.values()), skipped)


def _story(row: object, spec: FeedSpec, pick: Pick, tick: int) -> Story:
    fields = spec.fields
    title = plain_text(_text(pick(row, fields["title"]), 1_000))[:TITLE_CHARACTERS]
    if not title:
        raise Skippable("no_title")
    url = clean_url(_text(pick(row, fields["url"]), 2_000))
    summary = _text(pick(row, fields["summary"]), 2_000) if "summary" in fields else ""
    given = pick(row, fields["published_at"]) if "published_at" in fields else None
    published_at = tick if given in (None, "") else _moment(given)
    check_age(published_at, tick, tick)  # as old as it likes, but not from the future
    return Story(
        news_id=_digest(url), title=title, url=url,
        summary=plain_text(summary)[:SUMMARY_CHARACTERS], published_at=published_at,
        published_is_estimated=given in (None, ""), language=None,
    )  # fmt: skip


def _each(rows: Iterator[object], keep: Callable[[object], None]) -> Counter[str]:
    skipped: Counter[str] = Counter()
    for place, row in enumerate(rows):
        if row is None:
            skipped["malformed"] += 1
            continue
        try:
            if place >= MOST_EXAMINED:
                raise Skippable("over_limit")
            keep(row)
        except Skippable as skip:
            skipped[skip.reason] += 1
    return skipped


def _text(value: object, longest: int = LONGEST_KEY) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _control.sub(" ", str(value)).strip()[:longest]


def _moment(value: object) -> int:
    """Return epoch seconds of ISO 8601, epoch seconds or milliseconds. Raises Skippable."""
    if value is None or value == "":
        raise Skippable("no_timestamp")
    if (seconds := number(value)) is not None:
        return int(seconds / 1000 if abs(seconds) >= MILLISECONDS_FROM else seconds)
    try:
        return epoch(str(value)[:40])
    except (ValueError, OverflowError):
        raise Skippable("bad_timestamp") from None


def _salted(parsed: Parsed, salt: str) -> Parsed:
    rows: list[Parsable] = [
        msgspec.structs.replace(row, news_id=_digest(f"{salt}\n{row.news_id}"))
        for row in parsed.rows
        if isinstance(row, Story)
    ]
    return Parsed(rows, parsed.skipped)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
