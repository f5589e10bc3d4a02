"""What a feed's items become: texts, addresses, identities and times."""

import hashlib
from html import escape

import pytest

from collection.feed import clean_url, parse, plain_text
from common.errors import Skippable
from common.models import Story
from tests.collection.feed_bodies import TICK, atom, item, only_story, rss


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
