"""A feed of one's own: tried, registered, collected like the others, read, removed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.live import Live, Reply

pytestmark = pytest.mark.runtime

PRICES = {
    "name": "Tickers", "url": "https://feeds.example/prices.json", "format": "json",
    "kind": "reading", "unit": "USD", "items": "result.items",
    "fields": {"key": "ticker", "value": "last", "observed_at": "ts"},
}  # fmt: skip
BLOG = {
    "name": "Blog", "url": "https://feeds.example/blog.rss", "format": "rss", "kind": "news",
}  # fmt: skip


def send(live: Live, path: str, body: Any = None, method: str = "POST") -> Reply:
    headers = {
        "authorization": f"Bearer {live.system.account.api_key}",
        "content-type": "application/json",
    }
    text = None if body is None else json.dumps(body)
    return live.get("api", path, headers, method=method, body=text)


@pytest.fixture
def registered(live: Live) -> Iterator[dict[str, str]]:
    """The ids of two registered feeds, by name."""
    ids = {}
    for spec in (PRICES, BLOG):
        reply = send(live, "/api/v1/feeds", spec)
        assert reply.status == 201, reply.body
        ids[str(spec["name"])] = reply.json()["data"]["feed_id"]
    yield ids
    for feed_id in ids.values():
        assert send(live, f"/api/v1/feeds/{feed_id}", method="DELETE").status == 200
    assert live.api("/api/v1/feeds").json()["data"] == []


def test_a_preview_fetches_once_and_shows_what_would_be_stored(live: Live) -> None:
    live.next_tick()
    reply = send(live, "/api/v1/feeds/preview", PRICES)
    assert reply.status == 200, reply.body
    told = reply.json()["data"]
    assert told["rows"], told
    assert {"key", "value", "observed_at"} <= set(told["rows"][0])
    assert live.rows("SELECT count(*) FROM custom_feeds") == [(0,)]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://evil.example/redirect-private", "127.0.0.1"),
        ("https://evil.example/redirect-metadata", "169.254.169.254"),
        ("https://evil.example/redirect-loop", "redirect"),
        ("https://evil.example/redirect-scheme", "http"),
        ("https://evil.example/huge.json", "5,000,000"),
        ("https://evil.example/huge-chunked", "5,000,000"),
        ("https://evil.example/gzip-bomb", "5,000,000"),
        ("https://evil.example/deep.json", "nested"),
        ("https://internal.example/x.json", "10.0.0.5"),
        ("https://rebind.example/x.json", "127.0.0.1"),
        ("https://metadata.example/x.json", "169.254.169.254"),
        ("https://six.example/x.json", "fd00::1"),
        ("https://mapped.example/x.json", "10.0.0.1"),
        ("http://127.0.0.1/x.json", "127.0.0.1"),
        ("http://2130706433/x.json", "127.0.0.1"),
        ("http://[::1]/x.json", "::1"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("file:///etc/passwd", "http"),
    ],
)
def test_what_must_not_be_fetched_is_refused_with_its_reason(
    live: Live, url: str, why: str
) -> None:
    reply = send(live, "/api/v1/feeds/preview", PRICES | {"url": url})
    assert reply.status in (200, 400, 422), reply.body
    assert why in reply.body
    assert '"secret"' not in reply.body
    assert not (reply.status == 200 and reply.json()["data"].get("rows")), reply.body


@pytest.mark.parametrize(
    "path", ["bomb.xml", "external-entity.xml", "utf16-bomb.xml", "html", "deep.json"]
)
def test_documents_that_attack_are_not_read(live: Live, path: str) -> None:
    reply = send(live, "/api/v1/feeds/preview", BLOG | {"url": f"https://evil.example/{path}"})
    assert not (reply.status == 200 and reply.json()["data"].get("rows")), reply.body
    assert "root:" not in reply.body


def test_feeds_are_collected_like_the_others_and_read_by_their_owner(
    live: Live, registered: dict[str, str]
) -> None:
    tick = live.next_tick()
    of_feeds = "SELECT source, state FROM source_runs WHERE tick = ? AND source LIKE 'feed:%'"
    runs = dict(live.rows(of_feeds, tick))
    assert runs == {f"feed:{feed_id}": "ok" for feed_id in registered.values()}
    items = live.api(f"/api/v1/feeds/{registered['Tickers']}/items").json()["data"]
    assert items
    assert all(item["value"] > 0 and item["unit"] == "USD" for item in items)
    stories = live.api(f"/api/v1/feeds/{registered['Blog']}/items").json()["data"]
    assert all(story["url"].startswith("https://") for story in stories)
    listed = live.api("/api/v1/feeds").json()["data"]
    assert {feed["spec"]["name"] for feed in listed} == {"Tickers", "Blog"}


def test_the_same_name_twice_and_a_feed_of_nobody_are_refused(
    live: Live, registered: dict[str, str]
) -> None:
    assert send(live, "/api/v1/feeds", PRICES).status == 409
    assert send(live, "/api/v1/feeds/nobody", method="DELETE").status == 404
    assert live.api("/api/v1/feeds/nobody/items").status == 404
