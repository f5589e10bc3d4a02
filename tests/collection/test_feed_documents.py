"""What a feed is as a whole, and which bodies are none."""

import time

import pytest

from collection.feed import MAX_ITEMS, feed, parse
from common.errors import Retryable
from common.models import Story
from tests.collection.feed_bodies import TICK, item, only_story, rss


def test_a_story_without_a_title_is_skipped() -> None:
    assert parse(rss(item(title="<![CDATA[ <b></b> ]]>")), TICK).skipped == {"no_title": 1}


def test_a_feed_without_stories_is_empty_and_nothing_worse() -> None:
    assert parse(rss(), TICK).rows == []


def test_the_language_of_the_feed_goes_with_its_stories() -> None:
    assert only_story(rss(item(), head="<language>en-US</language>")).language == "en-us"
    assert only_story(rss(item())).language is None


def test_at_most_two_hundred_stories_are_taken_and_the_rest_counted() -> None:
    parsed = parse(rss(*(item(guid=str(n)) for n in range(MAX_ITEMS + 3))), TICK)
    assert len(parsed.rows) == MAX_ITEMS
    assert parsed.skipped == {"over_limit": 3}


ENTITY = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "prolog",
    [ENTITY, '<!DOCTYPE rss SYSTEM "file:///etc/hostname">',
     '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
     "<!--" + "x" * 2000 + "-->" + ENTITY],
    ids=["entities", "external dtd", "external entity", "far from the start"],
)  # fmt: skip
def test_a_document_type_definition_is_refused(prolog: str) -> None:
    body = rss(item(title="&b;&x;")).replace(b"<rss ", prolog.encode() + b"<rss ")
    with pytest.raises(Retryable, match="a document with a DTD"):
        parse(body, TICK)


def test_an_html_page_is_named_as_such() -> None:
    with pytest.raises(Retryable, match="an HTML page instead of a feed"):
        parse(b"<!DOCTYPE html><html><body>Checking your browser</body></html>", TICK)


@pytest.mark.parametrize("missing", [1, 6, 7, 17, 40, 90])
def test_a_feed_that_ends_early_is_cut_off(missing: int) -> None:
    body = rss(item(), item(link="https://news.example/b"))
    with pytest.raises(Retryable, match=f"cut off after {len(body) - missing} bytes"):
        parse(body[:-missing], TICK)


def test_a_slip_inside_a_complete_feed_is_forgiven() -> None:
    body = rss(item("Bits & pieces"), item(link="https://news.example/b"))
    assert len(parse(body, TICK).rows) == 2
    assert len(parse(body + b"\n<!-- cached 12:00 -->\n", TICK).rows) == 2


def test_comments_behind_a_feed_do_not_cost_exponential_time() -> None:
    began = time.process_time()
    with pytest.raises(Retryable):
        parse(rss(item()) + b"<!--a-->" * 23 + b"x", TICK)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#99999999;", "&#0;", "&nosuch;", "&amp;#xD800;"]
)
@pytest.mark.parametrize("place", ["title", "link", "guid", "description"])
def test_a_reference_to_no_character_costs_its_feed_at_most(place: str, reference: str) -> None:
    values = {"title": "T", "link": "https://news.example/a?q=", "guid": "g", "description": "d"}
    values[place] += reference
    good = item(link="https://news.example/good", guid="good")
    try:
        parsed = parse(rss(item(**values), good), TICK)
    except Retryable:
        return
    assert len(parsed.rows) + parsed.skipped.total() == 2
    assert "https://news.example/good" in {getattr(row, "url", None) for row in parsed.rows}
    for row in parsed.rows:
        assert isinstance(row, Story)
        (row.title + row.url + row.summary).encode()


def test_a_feed_is_declared_with_its_name_publisher_and_address() -> None:
    source = feed("sample", "Sample News", "https://news.example", "https://news.example/rss")
    assert (source.name, source.attribution) == ("sample", "Sample News")
    assert source.attribution_url == "https://news.example"
    assert (source.requests_per_minute, source.burst, source.coverage) == (1, 2, None)
    (endpoint,) = source.endpoints
    assert (endpoint.name, endpoint.url, endpoint.cadence) == (
        "feed", "https://news.example/rss", 900,
    )  # fmt: skip
