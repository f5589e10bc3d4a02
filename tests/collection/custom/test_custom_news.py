"""From JSON, CSV, RSS and Atom to stories whose ids no other feed can take."""

import time
from typing import Any

import msgspec
import pytest

from collection import feed
from collection.custom.mapping import FeedSpec, parse
from common.errors import Retryable
from common.models import Story
from tests.collection.custom.specs import NEWS, RSS, TICK, accounted, changed

ITEM = {"title": "A <b>bold</b> &amp; b", "link": "https://n.example/1?utm_source=x", "at": TICK,
        "text": "<p>More</p>"}  # fmt: skip


def of(rows: list[Any], spec: FeedSpec = NEWS, salt: str = "feed:1") -> Any:
    return parse(spec, salt)(msgspec.json.encode(rows), TICK)


def test_a_row_becomes_a_story_without_markup_and_tracking() -> None:
    (story,) = of([ITEM]).rows
    assert msgspec.structs.replace(story, news_id="") == Story(
        news_id="", title="A bold & b", url="https://n.example/1", summary="More",
        published_at=TICK, published_is_estimated=False, language=None,
    )  # fmt: skip


def test_csv_rows_become_stories_too() -> None:
    spec = changed(NEWS, format="csv", fields={"title": "t", "url": "u"})
    (story,) = accounted(parse(spec)(b"t;u\nHello;https://n.example/1\n", TICK), 1).rows
    assert (story.title, story.published_at, story.published_is_estimated) == ("Hello", TICK, True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": ""}, "no_title"), ({"title": None}, "no_title"), ({"title": "<br>"}, "no_title"),
        ({"title": {"a": 1}}, "no_title"), ({"link": None}, "bad_url"), ({"link": "/1"}, "bad_url"),
        ({"link": "javascript:alert(1)"}, "bad_url"), ({"link": "data:text/html,x"}, "bad_url"),
        ({"at": TICK + 601}, "future_timestamp"), ({"at": "soon"}, "bad_timestamp"),
        ({}, "duplicate"),
    ],
)  # fmt: skip
def test_a_story_that_cannot_be_used_is_skipped_for_a_reason(
    change: dict[str, Any], reason: str
) -> None:
    parsed = accounted(of([ITEM, {**ITEM, **change}]), 2)
    assert parsed.skipped == {reason: 1}


def test_a_story_without_a_time_is_the_ticks_and_says_so() -> None:
    (story,) = of([{**ITEM, "at": None}]).rows
    assert (story.published_at, story.published_is_estimated) == (TICK, True)


def test_500_stories_are_kept_and_the_rest_is_counted() -> None:
    rows = [{**ITEM, "link": f"https://n.example/{n}"} for n in range(510)]
    assert accounted(of(rows), 510).skipped == {"over_limit": 10}


def atom(*entries: str) -> bytes:
    joined = "".join(entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{joined}</feed>'.encode()


def rss(items: str = "<item><title>T</title><link>https://n.example/1</link></item>") -> bytes:
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    "body",
    [rss(), atom('<entry><title>T</title><link href="https://n.example/1"/></entry>'),
     rss().decode().encode("utf-16"), b"\xef\xbb\xbf" + rss()],
    ids=["rss", "atom", "utf-16", "bom"],
)  # fmt: skip
def test_rss_and_atom_are_read_without_a_mapping(body: bytes) -> None:
    (story,) = accounted(parse(RSS)(body, TICK), 1).rows
    assert (story.title, story.url) == ("T", "https://n.example/1")


def test_the_same_story_has_another_id_in_every_feed() -> None:
    """Or whoever brings it first, under whatever title, would take it from the others."""
    rows = msgspec.json.encode([{**ITEM, "link": "https://n.example/1"}])

    def id_in(spec: FeedSpec, body: bytes, salt: str) -> str:
        return parse(spec, salt)(body, TICK).rows[0].news_id  # type: ignore[union-attr]

    official = feed.parse(rss(), TICK).rows[0].news_id  # type: ignore[union-attr]
    for spec, body in ((RSS, rss()), (NEWS, rows)):
        ids = [id_in(spec, body, salt) for salt in ("feed:1", "feed:2", "feed:1")]
        assert ids[0] == ids[2]
        assert len({*ids, official}) == 3


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    '<rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOMB.encode(), "a document with a DTD"),
        (BOMB.replace("1.0", '1.0" encoding="utf-16').encode("utf-16"), "a document with a DTD"),
        (BOMB.encode("utf-16-be"), "a document with a DTD"),
        (BOMB.replace("1.0", '1.0" encoding="utf-7').encode(), "not well-formed"),
        (b"<!--" + b"x" * 2_000 + b"-->" + BOMB[21:].encode(), "a document with a DTD"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "a document with a DTD"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"<!doctype HTML><html></html>", "not well-formed"),
        (b"<html><body></body></html>", "not a feed"),
        (rss()[:-9], "not well-formed"),
        (rss("<item><title>a & b</title></item>"), "not well-formed"),
        (rss("<item><title>&nbsp;</title></item>"), "not well-formed"),
        (b"", "not well-formed"),
        (b"<a>" * 65 + b"</a>" * 65, "over 64 levels"),
        (b"<a>" * 100_000, "over 64 levels"),
        (rss("<item/>" * 50_001), "50,000 elements"),
        (rss("<item " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>"), "64 attributes"),
        (rss(" " * 2_000_000), "feed over 2,000,000 bytes"),
    ],
)
def test_xml_that_is_no_harmless_feed_is_refused_quickly(body: bytes, words: str) -> None:
    began = time.monotonic()
    with pytest.raises(Retryable, match=words):
        parse(RSS)(body, TICK)
    assert time.monotonic() - began < 1
