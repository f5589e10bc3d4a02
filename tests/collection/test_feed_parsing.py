import hashlib
import time
from html import escape
from typing import Any

import pytest

from collection.feed import MAX_ITEMS, clean_url, feed, parse, plain_text
from common.errors import Retryable, Skippable
from common.models import Story
from tests.collection.desk import TICK


def rss(*items: str, head: str = "") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{head}{body}'
        "</channel></rss>"
    ).encode()


def item(title: str = "A title", link: str = "https://news.example/a", **more: str) -> str:
    fields = {"title": title, "link": link, **more}
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())


def only_story(body: bytes) -> Story:
    parsed = parse(body, TICK)
    (story,) = parsed.rows
    assert isinstance(story, Story)
    assert not parsed.skipped
    return story


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


# --- texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("  many \n\t blanks\u00a0here ", "many blanks here"),
        ("<b>bold</b> and <i class='x'>italic</i>", "bold and italic"),
        ("&lt;b&gt;escaped&lt;/b&gt; tags", "escaped tags"),
        ("Q&amp;A", "Q&A"),
        ("Q&amp;amp;A", "Q&A"),
        ("it&#8217;s &ldquo;quoted&rdquo;", "it’s “quoted”"),
        ("<script>alert(1)</script>after", "alert(1) after"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_signs_of_comparison_are_no_markup() -> None:
    title = "BTC < 60k while ETH > 3k"
    assert only_story(rss(item(escape(title)))).title == title


def test_titles_and_summaries_are_cut_to_their_length() -> None:
    story = only_story(rss(item("t" * 900, description="s" * 900)))
    assert (len(story.title), len(story.summary)) == (300, 500)


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://news.example/a", "https://news.example/a"),
        (" https://news.example/a \n", "https://news.example/a"),
        ("http://news.example/a?utm_source=rss&utm_medium=x", "http://news.example/a"),
        ("https://news.example/a?p=1&utm_source=rss&q=2", "https://news.example/a?p=1&q=2"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/a?q=a%26b", "https://news.example/a?q=a%26b"),
        ("https://news.example/a?q=&p=1", "https://news.example/a?q=&p=1"),
    ],
)
def test_only_tracking_and_fragment_are_taken_from_an_address(url: str, clean: str) -> None:
    assert clean_url(url) == clean


def test_a_parameter_without_a_value_is_kept() -> None:
    assert clean_url("https://news.example/?4711").rstrip("=") == "https://news.example/?4711"


@pytest.mark.parametrize(
    "url",
    ["", "/relative", "//news.example/a", "javascript:alert(1)", "data:text/html,x", "https://",
     "https:///path", "ftp://news.example/a", "https://[::1", "mailto:a@news.example"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Skippable, match="bad_url"):
        clean_url(url)


def test_a_story_whose_link_is_no_web_address_is_skipped() -> None:
    parsed = parse(rss(item(link="javascript:alert(1)"), item()), TICK)
    assert (len(parsed.rows), parsed.skipped) == (1, {"bad_url": 1})


# --- identity --------------------------------------------------------------------------------


def test_the_guid_is_the_identity_when_there_is_one() -> None:
    first = only_story(rss(item(link="https://news.example/a", guid="id-1")))
    moved = only_story(rss(item(link="https://news.example/b", guid="id-1")))
    assert first.news_id == moved.news_id == digest("id-1")
    assert moved.url == "https://news.example/b"


def test_without_a_guid_the_cleaned_link_is_the_identity() -> None:
    first = only_story(rss(item(link="https://news.example/a?utm_source=x")))
    other = only_story(rss(item(link="https://news.example/a?utm_source=y#z")))
    assert first.news_id == other.news_id == digest("https://news.example/a")


def test_stories_told_apart_by_a_bare_number_are_two() -> None:
    links = [item(link=f"https://news.example/?{number}") for number in (4711, 4712)]
    assert len(parse(rss(*links), TICK).rows) == 2


def test_an_atom_id_is_the_identity() -> None:
    assert only_story(atom("<updated>2026-11-20T11:00:00Z</updated>")).news_id == digest("urn:1")


def test_the_same_guid_twice_is_one_story_and_one_duplicate() -> None:
    parsed = parse(rss(item("First", guid="x"), item("Second", guid="x")), TICK)
    assert [row.title for row in parsed.rows if isinstance(row, Story)] == ["First"]
    assert parsed.skipped == {"duplicate": 1}


# --- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stamp",
    ["Fri, 20 Nov 2026 11:30:00 +0000", "Fri, 20 Nov 2026 11:30:00 GMT",
     "Fri, 20 Nov 2026 06:30:00 -0500", "Fri, 20 Nov 2026 06:30:00 EST",
     "Fri, 20 Nov 2026 13:30:00 +0200", "20 Nov 2026 11:30:00 Z", "2026-11-20T12:30:00+01:00"],
)  # fmt: skip
def test_rss_times_with_any_offset_are_the_same_moment(stamp: str) -> None:
    story = only_story(rss(item(pubDate=stamp)))
    assert (story.published_at, story.published_is_estimated) == (TICK - 1800, False)


def atom(times: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:1</id>'
        f'<title>A</title><link href="https://news.example/a"/>{times}</entry></feed>'
    ).encode()


@pytest.mark.parametrize(
    "times",
    ["<published>2026-11-20T11:30:00Z</published>",
     "<published>2026-11-20T06:30:00-05:00</published><updated>2026-11-20T11:59:00Z</updated>",
     "<updated>2026-11-20T17:00:00.250+05:30</updated>"],
    ids=["published", "published wins over updated", "updated alone"],
)  # fmt: skip
def test_atom_times_with_any_offset_are_the_same_moment(times: str) -> None:
    story = only_story(atom(times))
    assert (story.published_at, story.published_is_estimated) == (TICK - 1800, False)


@pytest.mark.parametrize("stamp", [None, "yesterday", "", "Fri, 99 Nov 2026 11:30:00 GMT"])
def test_a_story_without_a_usable_time_gets_the_ticks_marked_as_estimated(
    stamp: str | None,
) -> None:
    story = only_story(rss(item(**({} if stamp is None else {"pubDate": stamp}))))
    assert (story.published_at, story.published_is_estimated) == (TICK, True)


@pytest.mark.parametrize(("stamp", "kept"), [("12:10:00", 1), ("12:10:01", 0)])
def test_ten_minutes_ahead_are_a_difference_of_clocks_and_more_is_the_future(
    stamp: str, kept: int
) -> None:
    parsed = parse(rss(item(pubDate=f"Fri, 20 Nov 2026 {stamp} GMT")), TICK)
    assert len(parsed.rows) == kept
    assert parsed.skipped == ({} if kept else {"future_timestamp": 1})


# --- documents -------------------------------------------------------------------------------


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


def test_an_entity_in_another_encoding_is_never_read_from_a_file() -> None:
    evil = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = rss(item(title="before &x; after")).decode().replace("<rss ", evil + "<rss ")
    body = text.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")
    try:
        rows: list[Any] = list(parse(body, TICK).rows)
    except Retryable:
        rows = []
    assert "root" not in repr(rows)


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
    (endpoint,) = source.endpoints
    assert (endpoint.name, endpoint.url, endpoint.cadence) == (
        "feed", "https://news.example/rss", 900,
    )  # fmt: skip
