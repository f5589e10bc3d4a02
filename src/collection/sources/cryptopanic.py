"""CryptoPanic: headlines of many publishers, with the votes of its readers.

A key is required and travels in the address; `next` and `previous` of a page
hold it too and are not read. The plan is part of the address ("developer"
here). Version 2 gives a post's `instruments`, `original_url` and `source`;
version 1 gives `currencies`; the developer plan may leave out all of them
and `url` and `votes`, so every field but the title may be missing. Stamps
are ISO 8601 with Z. `region` of a publisher is nearly, but not always, a
language. Texts belong to the publishers.
https://cryptopanic.com/developers/api/
"""

import hashlib
from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec

from collection.feed import SUMMARY_CHARACTERS, TITLE_CHARACTERS, clean_url, plain_text
from collection.payload import Rows, decode, parse_rows, stamp
from collection.source import Endpoint, Source
from common.errors import Skippable
from common.models import Parsed, Story

HOME = "https://cryptopanic.com"
OLDEST_SECONDS = 20 * 365 * 86_400  # an older stamp is a wrong one
LANGUAGES = {"cn": "zh", "jp": "ja", "kr": "ko"}
NAME_CHARACTERS = 100
MOST_VOTES = 10**9


class Publisher(msgspec.Struct):
    """Who wrote a post."""

    title: str | None = None
    domain: str | None = None
    region: str | None = None


class Post(msgspec.Struct):
    """A row of `results`, of either version."""

    title: str
    id: int | str | None = None
    description: str | None = None
    published_at: str | None = None
    created_at: str | None = None
    original_url: str | None = None
    url: str | None = None
    source: Publisher | None = None
    votes: dict[str, object] | None = None


class Page(msgspec.Struct):
    """/posts/."""

    results: msgspec.Raw


_page = msgspec.json.Decoder(Page)
_posts = Rows(Post)


def parse(body: bytes, tick: int) -> Parsed:
    """Parse a page of posts into Stories."""

    def story(post: Post) -> Story:
        title = plain_text(post.title)[:TITLE_CHARACTERS]
        if not title:
            raise Skippable("no_title")
        url = _address(post)
        published_at, is_estimated = _time((post.published_at, post.created_at), tick)
        source = post.source or Publisher()
        region = plain_text(source.region or "").lower()[:12]
        publisher = plain_text(source.title or source.domain or "")[:NAME_CHARACTERS]
        return Story(
            news_id=hashlib.sha256(_identity(post).encode("utf-8", "replace")).hexdigest()[:24],
            title=title,
            url=url,
            summary=plain_text(post.description or "")[:SUMMARY_CHARACTERS],
            published_at=published_at,
            published_is_estimated=is_estimated,
            language=LANGUAGES.get(region, region) or None,
            publisher=publisher or None,
            votes=_votes(post.votes),
        )

    return parse_rows(decode(body, _page).results, _posts, story, key=_identity)


def _identity(post: Post) -> str:
    """Return the id, or what else tells posts apart when the plan leaves it out."""
    return f"id:{post.id}" if post.id else f"{post.published_at} {post.title}"


def _address(post: Post) -> str:
    """Return the publisher's address of a post, or CryptoPanic's: by its id, else a search."""
    own = f"{HOME}/news/{post.id}/" if str(post.id or "").isalnum() else None
    for url in (post.original_url, post.url, own):
        try:
            return clean_url(url or "")
        except Skippable:
            continue
    return f"{HOME}/news?{urlencode({'search': post.title}, errors='replace')}"


def _time(stamps: Iterable[str | None], tick: int) -> tuple[int, bool]:
    """Return the first usable stamp, or the tick and that it is an estimate.

    Raises Skippable for one from the future.
    """
    for iso in stamps:
        try:
            return stamp(iso, tick, OLDEST_SECONDS), False
        except Skippable as skip:
            if skip.reason == "future_timestamp":
                raise
    return tick, True


def _votes(given: dict[str, object] | None) -> dict[str, int] | None:
    votes = {
        name: count
        for name, count in (given or {}).items()
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_VOTES
    }
    return votes or None


SOURCE = Source(
    name="cryptopanic",
    attribution="News by CryptoPanic",
    attribution_url=HOME,
    endpoints=(
        Endpoint(
            name="posts",
            url=f"{HOME}/api/developer/v2/posts/?auth_token={{key}}&public=true&kind=news",
            parse=parse,
            conditional=True,
        ),
    ),
    requests_per_minute=6,
    burst=1,
    key_name="CRYPTOPANIC_API_KEY",
    key_required=True,
)
