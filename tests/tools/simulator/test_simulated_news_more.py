from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import httpx
import pytest

from tests.tools.simulator.running import NOON, Simulator, in_process
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.news import NEWSROOMS
from tools.simulator.posts import reword
from tools.simulator.provider import World
from tools.simulator.replay import NoNews

BLOCK = "/www.theblock.co/rss.xml"
FEEDS = (
    "/www.coindesk.com/arc/outboundfeeds/rss/", "/cointelegraph.com/rss", "/decrypt.co/feed",
    "/bitcoinmagazine.com/feed", BLOCK,
)  # fmt: skip
V1 = "/cryptopanic.com/api/v1/posts/"
TOKEN = "a-token"


def v2(plan: str = "growth") -> str:
    return f"/cryptopanic.com/api/{plan}/v2/posts/"


def posts(simulator: Simulator, path: str, **params: Any) -> Any:
    answer = simulator.http.get(path, params={"auth_token": TOKEN, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def entries(simulator: Simulator, path: str) -> list[Any]:
    parsed = feedparser.parse(simulator.http.get(path).content)
    assert not parsed.bozo
    found: list[Any] = parsed.entries
    return found


def bare(link: str) -> str:
    return link.partition("?")[0]


def test_the_block_writes_new_york_time_tracking_and_html(simulator: Simulator) -> None:
    text = simulator.http.get(BLOCK).text
    assert text.count("-0400</pubDate>") == 25
    assert text.count("?utm_source=rss&amp;utm_medium=rss</link>") == 25
    assert "<description><![CDATA[<p>" in text
    assert 0 < text.count("<media:content") < 25
    assert 0 < text.count('type="image/jpeg"') < text.count("<media:content")
    items = entries(simulator, BLOCK)
    assert len({item.id for item in items}) == 25
    assert all(len(item.tags) == 2 for item in items)


def test_the_block_retells_stories_of_the_others_later_under_another_title(
    simulator: Simulator,
) -> None:
    told = {
        item.summary.removesuffix("."): item
        for path in FEEDS[:2]
        for item in entries(simulator, path)
    }
    retold = [item for item in entries(simulator, BLOCK) if item.title in told]
    assert retold
    for item in retold:
        first = told[item.title]
        assert item.title != first.title
        assert item.published_parsed > first.published_parsed


def test_posts_need_a_token(simulator: Simulator) -> None:
    for path in (v2(), V1):
        assert simulator.http.get(path).status_code == 401
        assert simulator.http.get(path, params={"auth_token": "bad-key"}).status_code == 401


def test_a_page_holds_twenty_posts_and_next_holds_the_token(simulator: Simulator) -> None:
    first = posts(simulator, v2(), currencies="BTC,ETH")
    assert first["previous"] is None
    assert TOKEN in first["next"]
    address = httpx.URL(first["next"])
    second = simulator.http.get(f"/{address.host}{address.path}", params=address.params).json()
    assert "page=1" in second["previous"]
    ids = [post["id"] for page in (first, second) for post in page["results"]]
    assert len(set(ids)) == 40
    assert "currencies=BTC%2CETH" in second["previous"]


def test_pages_end_and_v1_counts_to_two_hundred(simulator: Simulator) -> None:
    last = posts(simulator, V1, page=10)
    assert (last["count"], last["next"], len(last["results"])) == (200, None, 20)
    assert posts(simulator, V1, page=11)["results"] == []
    assert "count" not in posts(simulator, v2())


def test_a_v2_post_has_instruments_and_a_v1_post_currencies(simulator: Simulator) -> None:
    new = posts(simulator, v2(), currencies="BTC")["results"]
    old = posts(simulator, V1, currencies="BTC")["results"]
    assert [post["id"] for post in new] == [post["id"] for post in old]
    for post, older in zip(new, old, strict=True):
        (instrument,), (currency,) = post["instruments"], older["currencies"]
        assert instrument["code"] == currency["code"] == "BTC"
        assert instrument["price_in_usd"] == pytest.approx(
            simulator.row("bitcoin")["current_price"], rel=1e-4
        )
        assert "currencies" not in post and "instruments" not in older
        assert older["source"]["path"] is None
        assert post["published_at"] <= post["created_at"] <= NOON
        assert set(post["votes"]) == {
            "negative", "positive", "important", "liked", "disliked", "lol", "toxic", "saved",
            "comments",
        }  # fmt: skip


def test_an_author_is_a_text_an_object_or_nothing(simulator: Simulator) -> None:
    found = posts(simulator, v2())["results"]
    assert {type(post["author"]) for post in found} == {str, dict, type(None)}


def test_the_developer_plan_gives_five_fields(simulator: Simulator) -> None:
    for post in posts(simulator, v2("developer"))["results"]:
        assert post.keys() == {"title", "description", "published_at", "created_at", "kind"}


def test_what_the_plan_lacks_is_403_and_a_plan_that_is_none_404(simulator: Simulator) -> None:
    params = {"auth_token": TOKEN, "with_content": "true"}
    assert simulator.http.get(v2("growth"), params=params).status_code == 403
    rich = simulator.http.get(v2("enterprise"), params=params).json()["results"]
    assert all(post["content"]["clean"] for post in rich)
    assert simulator.http.get(v2("golden"), params=params).status_code == 404


@pytest.mark.parametrize(
    ("params", "more", "less"),
    [
        ({"filter": "bullish"}, "positive", "negative"),
        ({"filter": "bearish"}, "negative", "positive"),
    ],
)
def test_a_filter_selects_by_votes(
    simulator: Simulator, params: dict[str, str], more: str, less: str
) -> None:
    found = posts(simulator, V1, **params)["results"]
    assert found
    assert all(post["votes"][more] > post["votes"][less] for post in found)


def test_votes_grow_with_age(simulator: Simulator) -> None:
    def total(instant: str) -> dict[int, int]:
        simulator.set_clock(instant)
        return {post["id"]: sum(post["votes"].values()) for post in posts(simulator, V1)["results"]}

    before, after = total(NOON), total("2026-11-20T13:00:00Z")
    shared = before.keys() & after.keys()
    assert len(shared) > 5
    assert all(before[post] <= after[post] for post in shared)
    assert sum(after[post] for post in shared) > sum(before[post] for post in shared)


def test_kinds_can_be_told_apart_and_wrong_words_are_refused(simulator: Simulator) -> None:
    media = posts(simulator, V1, kind="media")["results"]
    assert media
    assert {post["kind"] for post in media} == {"media"}
    assert {post["kind"] for post in posts(simulator, V1, kind="news")["results"]} == {"news"}
    for wrong in ({"kind": "song"}, {"filter": "loud"}):
        answer = simulator.http.get(V1, params={"auth_token": TOKEN, **wrong})
        assert answer.status_code == 400


def test_posts_repeat_the_feeds_by_link_or_by_reworded_title(simulator: Simulator) -> None:
    items = [item for path in FEEDS for item in entries(simulator, path)]
    links, titles = {bare(item.link) for item in items}, {item.title for item in items}
    found = posts(simulator, v2())["results"]
    same = [post for post in found if bare(post["original_url"]) in links]
    copies = [post for post in found if any(post["title"] == reword(title) for title in titles)]
    assert len(same) > 8
    assert all("utm_source=cryptopanic" in post["original_url"] for post in same)
    assert copies
    assert not any(bare(post["original_url"]) in links for post in copies)


def test_a_direct_post_is_published_when_its_story_was(simulator: Simulator) -> None:
    when = {
        bare(item.link): parsedate_to_datetime(item.published)
        for item in entries(simulator, FEEDS[0])
    }
    found = [
        post
        for page in (1, 2, 3)
        for post in posts(simulator, v2(), page=page)["results"]
        if bare(post["original_url"]) in when
    ]
    assert found
    for post in found:
        assert datetime.fromisoformat(post["published_at"]) == when[bare(post["original_url"])]


def test_a_replay_without_news_has_no_posts() -> None:
    whole = simulated_world(7, Clock(1_795_176_000))
    http = in_process(World(whole.clock, whole.market, NoNews(), None))
    assert http.get(v2(), params={"auth_token": TOKEN}).json()["results"] == []


def test_all_newsrooms_have_posts(simulator: Simulator) -> None:
    domains = {
        post["domain"]
        for page in range(1, 6)
        for post in posts(simulator, V1, page=page)["results"]
    }
    assert {room.removeprefix("www.") for room in NEWSROOMS} < domains
