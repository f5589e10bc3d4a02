"""Feeds as tests write them."""

from collection.feed import parse
from common.models import Story

TICK = 1_795_176_000  # 2026-11-20T12:00Z


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


def atom(times: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:1</id>'
        f'<title>A</title><link href="https://news.example/a"/>{times}</entry></feed>'
    ).encode()
