"""What is particular to CryptoPanic's posts, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.cryptopanic import SOURCE, parse
from common.errors import Retryable
from common.models import Story
from common.times import iso

TICK = 1_795_176_000  # 2026-11-20T12:00Z
SITE = "https://cryptopanic.com/news"


def post(**values: Any) -> dict[str, Any]:
    plain = {"id": 7, "title": "A title", "published_at": iso(TICK - 600), "kind": "news"}
    return {name: value for name, value in {**plain, **values}.items() if value is not ...}


def read(*posts: Any) -> tuple[list[Story], dict[str, int]]:
    page = {"next": "https://cryptopanic.com/?auth_token=SECRET", "results": posts}
    parsed = parse(json.dumps(page).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Story)], dict(parsed.skipped)


def story(**values: Any) -> Story:
    (row,), skipped = read(post(**values))
    assert not skipped
    return row


def test_the_publishers_address_is_better_than_cryptopanics() -> None:
    url = f"{SITE}/7/A-title"
    assert story(original_url="https://news.example/a?utm_source=cp", url=url).url == (
        "https://news.example/a"
    )
    assert story(original_url=None, url=url).url == url
    assert story(original_url="javascript:alert(1)", url=url).url == url


def test_a_post_without_an_address_has_one_by_its_id() -> None:
    assert story().url == f"{SITE}/7/"
    assert story(url="", original_url="ftp://news.example/a").url == f"{SITE}/7/"


@pytest.mark.parametrize("its_id", [..., None, 0, "", "../x", "7?a=b"])
def test_a_post_without_an_address_and_a_usable_id_leads_to_a_search_for_it(its_id: Any) -> None:
    ([row], skipped) = read(post(id=its_id, title="Ether & co"))
    assert isinstance(row, Story)
    assert (row.url, skipped) == ("https://cryptopanic.com/news?search=Ether+%26+co", {})


def test_a_post_is_known_by_its_id() -> None:
    first, moved = story(), story(title="Another title", published_at=iso(TICK - 30))
    assert first.news_id == moved.news_id != story(id=8).news_id


def test_without_ids_posts_are_told_apart_by_time_and_title() -> None:
    there = {"id": ..., "url": "https://news.example/a"}
    rows, skipped = read(
        post(**there), post(**there), post(**there, title="B"),
        post(**there, published_at=iso(TICK - 900)),
    )  # fmt: skip
    assert (len({row.news_id for row in rows}), skipped) == (3, {"duplicate": 1})


def test_the_publisher_is_told_by_title_or_domain_or_not_at_all() -> None:
    assert story(source={"title": " Sample <b>News</b> "}).publisher == "Sample News"
    assert story(source={"title": None, "domain": "news.example"}).publisher == "news.example"
    assert story(source={"title": "", "path": None}).publisher is None
    assert story(source=None).publisher is None


@pytest.mark.parametrize(
    ("region", "language"),
    [("en", "en"), ("DE", "de"), ("cn", "zh"), ("jp", "ja"), ("", None), (None, None)],
)
def test_a_region_is_read_as_a_language(region: Any, language: str | None) -> None:
    assert story(source={"title": "Sample", "region": region}).language == language


def test_votes_are_the_whole_numbers_that_are_there() -> None:
    given = {"positive": 3, "negative": 0, "liked": None, "lol": "2", "toxic": -1, "saved": True}
    assert story(votes=given).votes == {"positive": 3, "negative": 0}
    assert story(votes=None).votes is story(votes={}).votes is story().votes is None


def test_without_a_time_of_publication_that_of_the_entry_counts_and_then_the_ticks() -> None:
    entered = iso(TICK - 300)
    for missing in (None, ..., "", "yesterday", "0001-01-01T00:00:00Z"):
        row = story(published_at=missing, created_at=entered)
        assert (row.published_at, row.published_is_estimated) == (TICK - 300, False)
    row = story(published_at=None, created_at=None)
    assert (row.published_at, row.published_is_estimated) == (TICK, True)


def test_a_post_from_the_future_is_left_out() -> None:
    late = post(published_at=iso(TICK + 601), created_at=iso(TICK))
    assert read(late) == ([], {"future_timestamp": 1})


def test_both_versions_and_the_least_that_a_plan_gives_are_read() -> None:
    first = post(currencies=[{"code": "SMP"}], domain="news.example", source={"path": None})
    second = post(id=8, instruments=[{"code": "SMP"}], panic_score=40, author={"name": "A"})
    least = post(id=9, description="D", created_at=iso(TICK - 500))
    rows, skipped = read(first, second, least)
    assert ([row.title for row in rows], skipped) == (["A title"] * 3, {})


def test_markup_in_titles_and_texts_is_taken_off() -> None:
    row = story(title="A &amp; <i>B</i>", description="<p>Text</p>" * 200)
    assert (row.title, row.summary[:9], len(row.summary)) == ("A & B", "Text Text", 500)


@pytest.mark.parametrize(
    "body",
    [b'{"status":"api_error","info":"Token not found"}', b'{"detail":"Invalid token."}',
     b'{"results":null}', b'{"results":"none"}', b"[]"],
)  # fmt: skip
def test_an_answer_without_posts_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Retryable):
        parse(body, TICK)


def test_the_token_of_the_next_page_goes_no_further() -> None:
    assert "SECRET" not in repr(read(post()))
    assert SOURCE.endpoints[0].url.count("{key}") == 1
