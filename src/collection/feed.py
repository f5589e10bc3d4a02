"""RSS and Atom: one parser for every news feed.

feedparser reads both and forgives much. Stamps are RFC 822 or RFC 3339 with
any offset; titles may hold markup; links carry tracking parameters; the same
guid may come twice. RSS 2.0: https://www.rssboard.org/rss-specification,
Atom: RFC 4287.
"""

import calendar
import codecs
import hashlib
import html
import io
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from collection.payload import FUTURE_SECONDS
from collection.source import Endpoint, Source
from common.errors import Retryable, Skippable
from common.models import Parsable, Parsed, Story

ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
MAX_ITEMS = 200
TITLE_CHARACTERS, SUMMARY_CHARACTERS = 300, 500
_markup = re.compile(r"</?[A-Za-z!][^<>]*>")  # without "<" inside: else quadratic
_blanks = re.compile(r"\s+")
# XML 1.0, appendix F: what a document in UTF-16 or UTF-32 starts with, longer marks first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NULS = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
_declaration = re.compile(r"\s*<\?xml\s[^>]*\?>")
_declared = re.compile(r"encoding\s*=\s*[\"']([^\"']*)")
# The encodings that a feed may declare: those in which ASCII is ASCII.
_plain = re.compile(r"utf-?8|(us-)?ascii|iso-?8859-\d+|latin-?1|(windows-|cp)125\d", re.I)
_item = re.compile(rb"<(?:item|entry)[\s>]")
_document_end = re.compile(rb"</(rss|feed|rdf:RDF)\s*>\s*(<!--(?:(?!-->).)*-->\s*)*$", re.S)


def feed(name: str, title: str, home: str, url: str) -> Source:
    """Declare a news feed: its short `name`, its publisher's `title` and `home`, its address."""
    return Source(
        name=name,
        attribution=title,
        attribution_url=home,
        endpoints=(Endpoint(name="feed", url=url, parse=parse, conditional=True),),
        requests_per_minute=1,
        burst=2,
        headers={"Accept": ACCEPT},
    )


def parse(body: bytes, tick: int) -> Parsed:
    """Parse a feed into Stories, as its document orders them, at most MAX_ITEMS.

    Raises Retryable when the body is no feed, is cut off, or brings a
    document type definition (which feeds do not need and attacks do), in
    whichever encoding.
    """
    size, (body, left_out) = len(body), _shortened(_as_utf8(body))
    if b"<!ENTITY" in body or b"<!DOCTYPE" in body[:1000]:
        kind = "an HTML page" if b"<html" in body[:2000].lower() else "a document with a DTD"
        raise Retryable(f"{kind} instead of a feed")
    try:
        # Given bare bytes, feedparser opens the file of that name if there is one.
        document = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - feedparser raises what its parts do
        raise Retryable(f"not a feed: {type(error).__name__}") from None
    if not document.get("version"):
        raise Retryable("not a feed")
    if document.bozo and not _document_end.search(body):
        raise Retryable(f"feed cut off after {size} bytes")
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
    if left_out := left_out + max(0, len(document.entries) - MAX_ITEMS):
        skipped["over_limit"] = left_out
    return Parsed(rows, skipped)


def _shortened(body: bytes) -> tuple[bytes, int]:
    """Return the document with its first MAX_ITEMS items, and how many were left out.

    feedparser takes most of a millisecond an item, whether it is wanted or not.
    """
    starts = [match.start() for match in _item.finditer(body)]
    end = _document_end.search(body)
    if len(starts) <= MAX_ITEMS or end is None:
        return body, 0
    inside = body.rfind(b"</channel", starts[-1], end.start())
    tail = body[inside if inside >= 0 else end.start() :]
    return body[: starts[MAX_ITEMS]] + tail, len(starts) - MAX_ITEMS


def _as_utf8(body: bytes) -> bytes:
    """Return a document in UTF-8 without its XML declaration, which may claim anything.

    Raises Retryable when it is not in the encoding that it begins with, or
    declares one in which markup does not look like ASCII.
    """
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    name = marked or _NULS.get("".join("x" if byte else "0" for byte in body[:4]))
    try:
        text = body.decode(name) if name else _decoded(body.removeprefix(codecs.BOM_UTF8))
    except UnicodeError:
        raise Retryable(f"no {name}, or cut off after {len(body)} bytes") from None
    if "\0" in text:
        raise Retryable("NUL in a feed")
    prolog = _declaration.match(text)
    # feedparser would believe what a document that begins with "<?" declares.
    return b"\n" + text[prolog.end() if prolog else 0 :].encode()


def _decoded(body: bytes) -> str:
    prolog = _declaration.match(body[:1000].decode("latin-1"))
    declared = _declared.search(prolog[0]) if prolog else None
    name = declared[1] if declared else "utf-8"
    if not _plain.fullmatch(name):
        raise Retryable("a feed in an encoding that may hide markup")
    for candidate in (name, "utf-8"):
        try:
            return body.decode(candidate)
        except (UnicodeError, LookupError):
            continue
    return body.decode("windows-1252", "replace")  # what a wrong declaration mostly means


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
