"""RSS and Atom: one parser for every news feed.

feedparser reads both and forgives much. Stamps are RFC 822 or RFC 3339 with
any offset; titles may hold markup; links carry tracking parameters; the same
guid may come twice. RSS 2.0: https://www.rssboard.org/rss-specification,
Atom: RFC 4287.
"""

import calendar
import hashlib
import html
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from collection.payload import FUTURE_SECONDS
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Parsable, Parsed, Story

MAX_ITEMS = 200
TITLE_CHARACTERS, SUMMARY_CHARACTERS = 300, 500
_markup = re.compile(r"</?[A-Za-z!][^>]*>")
_blanks = re.compile(r"\s+")
_document_end = re.compile(rb"</(rss|feed|rdf:RDF)\s*>\s*(<!--(?:(?!-->).)*-->\s*)*$", re.S)


def feed(name: str, title: str, home: str, url: str) -> Source:
    """Declare a news feed: its short `name`, its publisher's `title` and `home`, its address."""
    return Source(
        name=name,
        attribution=title,
        attribution_url=home,
        endpoints=(Endpoint(name="feed", url=url, parse=parse),),
        requests_per_minute=1,
    )


def parse(body: bytes, tick: int) -> Parsed:
    """Parse a feed into Stories, as its document orders them, at most MAX_ITEMS.

    Raises Retryable when the body is no feed, is cut off, or brings a
    document type definition (which feeds do not need and attacks do).
    """
    if b"<!ENTITY" in body or b"<!DOCTYPE" in body[:1000]:
        kind = "an HTML page" if b"<html" in body[:2000].lower() else "a document with a DTD"
        raise Retryable(f"{kind} instead of a feed")
    try:
        document = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 - feedparser raises what its parts do
        raise Retryable(f"not a feed: {type(error).__name__}") from None
    if not document.get("version"):
        raise Retryable("not a feed")
    if document.bozo and not _document_end.search(body):
        raise Retryable(f"feed cut off after {len(body)} bytes")
    rows: list[Parsable] = []
    skipped: Counter[str] = Counter()
    seen: set[str] = set()
    language = document.feed.get("language")
    for entry in document.entries[:MAX_ITEMS]:
        try:
            story = _story(entry, tick, language)
        except Skippable as skip:
            skipped[skip.reason] += 1
            continue
        if story.news_id in seen:
            skipped["duplicate"] += 1
        else:
            seen.add(story.news_id)
            rows.append(story)
    if len(document.entries) > MAX_ITEMS:
        skipped["over_limit"] = len(document.entries) - MAX_ITEMS
    return Parsed(rows, skipped)


def _story(entry: Any, tick: int, language: str | None) -> Story:
    title = plain_text(entry.get("title") or "")[:TITLE_CHARACTERS]
    if not title:
        raise Skippable("no_title")
    url = clean_url(entry.get("link") or "")
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    published_at = calendar.timegm(stamp) if stamp else tick
    if published_at > tick + FUTURE_SECONDS:
        raise Skippable("future_timestamp")
    return Story(
        news_id=hashlib.sha256((entry.get("id") or url).encode("utf-8", "replace")).hexdigest()[
            :24
        ],
        title=title,
        url=url,
        summary=plain_text(entry.get("summary") or "")[:SUMMARY_CHARACTERS],
        published_at=published_at,
        published_is_estimated=stamp is None,
        language=language[:12].lower() if language else None,
    )


def plain_text(markup: str) -> str:
    """Return text without tags, entities and runs of blanks."""
    text = html.unescape(_markup.sub(" ", html.unescape(markup)))
    return _blanks.sub(" ", text.encode("utf-8", "replace").decode()).strip()


def clean_url(url: str) -> str:
    """Return an http(s) address without tracking parameters and fragment.

    Raises Skippable for anything else: a link is shown to users as a link.
    """
    try:
        parts = urlsplit(url.strip().encode().decode())
    except ValueError:
        raise Skippable("bad_url") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Skippable("bad_url")
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not key.startswith("utm_")
    ]
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
