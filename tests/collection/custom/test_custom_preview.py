"""Trying a feed against hosts that are honest and hosts that are not, the simulator's."""

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pytest

from collection.custom import fetching
from collection.custom.mapping import FeedSpec
from collection.custom.preview import Preview, preview, try_feed
from tests.collection.custom.specs import CSV, JSON, RSS, TICK, changed
from tests.support.simulator import Simulator


def tried(spec: FeedSpec, simulator: Simulator) -> Preview:
    async def run() -> Preview:
        async with httpx.AsyncClient() as client:
            trying = try_feed(spec, client, simulator.address, TICK)
            return await asyncio.wait_for(trying, 20)

    return asyncio.run(run())


def test_prices_in_json_are_shown_as_a_tick_would_read_them(simulator: Simulator) -> None:
    found = tried(JSON, simulator)
    assert (found.state, found.message, found.parsed, found.skipped) == ("ok", None, 10, {})
    assert len(found.rows) == 10
    first = found.rows[0]
    assert (first["key"], first["name"], first["unit"]) == ("BTC", "BTC", "USD")
    assert isinstance(first["value"], float)
    assert first["observed_at"] == "2026-11-20T12:00:00Z"
    assert (found.address, found.requests) == (JSON.url, 1)
    assert found.bytes > 100


def test_a_series_in_csv_gives_its_newest_row(simulator: Simulator) -> None:
    found = tried(CSV, simulator)
    assert (found.parsed, found.skipped) == (1, {"older": 95})
    assert found.rows[0]["key"] == "Series"
    assert found.rows[0]["observed_at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("name", ["blog.rss", "blog.atom"])
def test_a_blog_shows_its_first_ten_stories(simulator: Simulator, name: str) -> None:
    found = tried(changed(RSS, url=f"https://feeds.example/{name}"), simulator)
    assert (found.state, len(found.rows)) == ("ok", 10)
    assert found.parsed + sum(found.skipped.values()) == 25
    assert set(found.rows[0]) == {"title", "url", "summary", "published_at", "estimated"}


def test_a_redirect_to_an_honest_host_says_where_it_ended(simulator: Simulator) -> None:
    found = tried(changed(JSON, url="https://evil.example/redirect-ok"), simulator)
    assert (found.state, found.parsed) == ("ok", 10)
    assert (found.address, found.requests) == (JSON.url, 2)


HOSTILE = {
    "redirect-private": ("json", "refused", "the machine itself"),
    "redirect-metadata": ("json", "refused", "clouds keep their metadata"),
    "redirect-loop": ("json", "refused", "in a circle"),
    "redirect-scheme": ("json", "refused", "Only http and https"),
    "huge.json": ("json", "failed", "body over 5,000,000 bytes"),
    "huge-chunked": ("json", "failed", "body over 5,000,000 bytes"),
    "gzip-bomb": ("json", "failed", "body over 5,000,000 bytes"),
    "deep.json": ("json", "failed", "nested deeper than 32 levels"),
    "html": ("json", "failed", "an HTML page"),
    "bomb.xml": ("rss", "failed", "a document with a DTD"),
    "external-entity.xml": ("rss", "failed", "a document with a DTD"),
    "utf16-bomb.xml": ("rss", "failed", "a document with a DTD"),
    "nothing-there": ("json", "failed", "HTTP 404"),
}


@pytest.mark.parametrize("path", HOSTILE)
def test_what_a_hostile_host_gives_is_named_and_nothing_of_it_is_read(
    simulator: Simulator, path: str
) -> None:
    kind, state, words = HOSTILE[path]
    spec = changed(RSS if kind == "rss" else JSON, url=f"https://evil.example/{path}")
    began = time.monotonic()
    found = tried(spec, simulator)
    assert (found.state, found.rows, found.parsed) == (state, [], 0)
    assert words in str(found.message)
    assert time.monotonic() - began < 5
    assert simulator.requests("evil.example") == {f"/{path}": 1}


def test_a_host_that_drips_is_given_up_at_the_deadline(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 2.0)
    began = time.monotonic()
    found = tried(changed(JSON, url="https://evil.example/slowdrip"), simulator)
    assert (found.state, found.message) == ("failed", "no complete answer within 2 seconds")
    assert 1.5 < time.monotonic() - began < 4.5
    assert 0 < found.bytes < 10


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("internal.example", "leads to 10.0.0.5"),
        ("rebind.example", "leads to 127.0.0.1"),
        ("metadata.example", "leads to 169.254.169.254"),
        ("six.example", "leads to fd00::1"),
        ("mapped.example", "in disguise"),
        ("nobody.example", "has no address"),
    ],
)
def test_a_name_that_leads_inside_is_refused_and_its_host_never_asked(
    simulator: Simulator, host: str, words: str
) -> None:
    found = tried(changed(JSON, url=f"https://{host}/prices.json"), simulator)
    assert found.state == "refused"
    assert words in str(found.message)
    assert simulator.requests(host) == {}


def test_a_spec_that_is_not_valid_asks_nobody(simulator: Simulator) -> None:
    found = tried(changed(JSON, unit="", url="http://10.0.0.1/"), simulator)
    assert (found.state, found.requests) == ("refused", 0)
    assert "unit:" in str(found.message)
    assert "url: 10.0.0.1 (a private network)" in str(found.message)


def test_the_form_for_other_workers_is_json_both_ways(simulator: Simulator) -> None:
    async def run(text: str) -> Any:
        async with httpx.AsyncClient() as client:
            return msgspec.json.decode(
                await preview(text, client, simulator.address, TICK), type=Preview
            )

    assert asyncio.run(run(msgspec.json.encode(JSON).decode())).parsed == 10
    assert asyncio.run(run('{"name":1}')).state == "refused"
    assert asyncio.run(run("nonsense")).state == "refused"
