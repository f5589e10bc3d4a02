"""Feeds such as users bring themselves: feeds.example is honest, evil.example is not.

No publisher's shape: nested JSON with prices as strings, CSV, RSS and Atom; and, on the other
host, redirects to where no fetch may go and bodies made to exhaust their reader.
"""

import math
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

import numpy as np

from tools.simulator import hostile
from tools.simulator.instants import DAY, iso
from tools.simulator.news import FEEDS, Story
from tools.simulator.posts import reword
from tools.simulator.provider import JSON, Answer, Handler, Provider, Request, json_answer
from tools.simulator.story_links import slug

_HONEST, _EVIL = "feeds.example", "evil.example"
_RSS, _ATOM = "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8"
_COINS = 10
_QUARTER = 900


def prices(request: Request, _: re.Match[str]) -> Answer:
    """`/prices.json`: ten coins, prices as text, Unix seconds."""
    market = request.world.market
    seen = market.snapshot(request.now)
    items = [
        {"ticker": coin.symbol, "last": f"{price:.8g}", "ts": int(updated)}
        for coin, price, updated in zip(
            market.coins[:_COINS], seen.price.tolist(), seen.updated.tolist(), strict=False
        )
        if not math.isnan(price)
    ]
    return json_answer({"result": {"items": items}}, request.now)


def series(request: Request, _: re.Match[str]) -> Answer:
    """`/series.csv`: the first coin, every quarter of an hour of the last day."""
    market = request.world.market
    newest = request.now // _QUARTER * _QUARTER
    instants = np.arange(newest - DAY + _QUARTER, newest + 1, _QUARTER, dtype=np.int64)
    lines = ["timestamp,price,volume"]
    if market.coins:
        known = zip(instants.tolist(), *market.history(0, instants), strict=True)
        lines += [f"{iso(at)},{p:.8g},{v:.8g}" for at, p, v in known if not math.isnan(p)]
    body = "\n".join(lines) + "\n"
    return Answer(body.encode(), newest, "text/csv; charset=utf-8")


def blog_rss(request: Request, _: re.Match[str]) -> Answer:
    """`/blog.rss`: a blog that repeats what a newsroom told, in words of its own."""
    stories = _stories(request)
    items = "".join(
        f"<item><title>{escape(reword(story.title))}</title><link>{_post_address(story)}</link>"
        f'<guid isPermaLink="false">{story.digest}</guid>'
        f"<pubDate>{format_datetime(_when(story))}</pubDate>"
        f"<description>{escape(story.summary)}</description></item>\n"
        for story in stories
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>Notes</title><link>https://{_HONEST}/</link><description>Notes</description>\n"
        f"{items}</channel></rss>\n"
    )
    return Answer(body.encode(), _modified(stories), _RSS)


def blog_atom(request: Request, _: re.Match[str]) -> Answer:
    """`/blog.atom`: the same blog."""
    stories = _stories(request)
    entries = "".join(
        f"<entry><id>urn:uuid:{story.digest}</id><title>{escape(reword(story.title))}</title>"
        f'<link rel="alternate" href="{_post_address(story)}"/>'
        f"<updated>{_when(story).isoformat()}</updated>"
        f"<summary>{escape(story.summary)}</summary></entry>\n"
        for story in stories
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Notes</title><id>https://{_HONEST}/</id>"
        f"<updated>{iso(_modified(stories))}</updated>\n{entries}</feed>\n"
    )
    return Answer(body.encode(), _modified(stories), _ATOM)


def _stories(request: Request) -> list[Story]:
    return request.world.news.newest(FEEDS[0], int(request.instant), request.items)


def _modified(stories: list[Story]) -> int:
    return stories[0].published if stories else 0


def _when(story: Story) -> datetime:
    return datetime.fromtimestamp(story.published, UTC)


def _post_address(story: Story) -> str:
    return f"https://{_HONEST}/posts/{slug(story)}"


def _redirect(target: str) -> Handler:
    def answer(request: Request, _: re.Match[str]) -> Answer:
        return Answer(b"", request.now, "text/plain", 302, headers={"Location": target})

    return answer


def _body(make: Callable[[], bytes | str], media_type: str, encoding: str = "") -> Handler:
    def answer(request: Request, _: re.Match[str]) -> Answer:
        made = make()
        body = made.encode() if isinstance(made, str) else made
        headers = {"Content-Encoding": encoding} if encoding else {}
        return Answer(body, request.now, media_type, headers=headers)

    return answer


def _pieces(make: Callable[[], AsyncIterator[bytes]]) -> Handler:
    def answer(request: Request, _: re.Match[str]) -> Answer:
        return Answer(b"", request.now, pieces=make)

    return answer


def _page() -> str:
    return "<!DOCTYPE html><html><head><title>News</title></head><body>News</body></html>\n"


PROVIDERS = (
    Provider(
        _HONEST,
        (
            ("/prices.json", prices),
            ("/series.csv", series),
            ("/blog.rss", blog_rss),
            ("/blog.atom", blog_atom),
        ),
    ),
    Provider(
        _EVIL,
        (
            ("/redirect-private", _redirect("http://127.0.0.1/prices.json")),
            ("/redirect-metadata", _redirect("http://169.254.169.254/latest/meta-data/")),
            ("/redirect-loop", _redirect(f"https://{_EVIL}/redirect-loop")),
            ("/redirect-ok", _redirect(f"https://{_HONEST}/prices.json")),
            ("/redirect-scheme", _redirect("file:///etc/passwd")),
            ("/huge.json", _body(hostile.huge_json, JSON)),
            ("/huge-chunked", _pieces(hostile.huge_in_pieces)),
            ("/bomb.xml", _body(hostile.entity_bomb, _RSS)),
            ("/external-entity.xml", _body(hostile.external_entity, _RSS)),
            ("/utf16-bomb.xml", _body(hostile.utf16_bomb, "application/xml")),
            ("/deep.json", _body(hostile.deep_json, JSON)),
            ("/slowdrip", _pieces(hostile.drip)),
            ("/html", _body(_page, "text/html; charset=utf-8")),
            ("/gzip-bomb", _body(hostile.gzip_bomb, JSON, encoding="gzip")),
        ),
    ),
)
