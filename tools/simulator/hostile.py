"""Bodies that a server sends to hurt whoever reads them: entity bombs, depth, size, drip.

Each is harmless while nobody expands, nests or buffers it. The entity bombs follow
https://cwe.mitre.org/data/definitions/776.html and 611.html.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from functools import cache

LARGE = 6 * 1024 * 1024
INFLATED = 50 * 1024 * 1024
DEPTH = 100_000
_DRIPS = 600
_PIECE = 64 * 1024


@cache
def huge_json() -> bytes:
    """A valid document of prices, 6 MB long."""
    row = {"ticker": "BTC", "last": "1.23", "ts": 1_793_527_200, "note": "x" * 960}
    rows = [row] * (LARGE // len(json.dumps(row)) + 1)
    return json.dumps({"result": {"items": rows}}).encode()


async def huge_in_pieces() -> AsyncIterator[bytes]:
    """The same without a length, so that only counting finds it too large."""
    body = huge_json()
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


async def drip() -> AsyncIterator[bytes]:
    """A valid document, one byte a second; it takes ten minutes."""
    for byte in b'{"result": {"items": ['.ljust(_DRIPS - 3) + b"]}}":
        yield bytes((byte,))
        await asyncio.sleep(1)


@cache
def gzip_bomb() -> bytes:
    """50 MB of zeros in some 50 kB."""
    return gzip.compress(bytes(INFLATED), mtime=0)


def deep_json() -> bytes:
    """100,000 arrays in each other, valid as JSON."""
    return b"[" * DEPTH + b"]" * DEPTH


def entity_bomb() -> str:
    """A feed whose one title would expand to a billion words."""
    doubled = "".join(
        f'<!ENTITY lol{level} "{f"&lol{level - 1};" * 10}">\n' for level in range(1, 10)
    )
    return _feed(f'<!ENTITY lol0 "lol">\n{doubled}', "&lol9;")


def external_entity() -> str:
    """A feed that asks its reader for a file of the reader's own."""
    return _feed('<!ENTITY file SYSTEM "file:///etc/passwd">\n', "&file;")


def utf16_bomb() -> bytes:
    """The entity bomb with two bytes a character: a search for `<!ENTITY` does not see it."""
    return entity_bomb().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def _feed(entities: str, title: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE rss [\n{entities}]>\n'
        '<rss version="2.0"><channel><title>News</title><link>https://evil.example/</link>'
        f"<description>News</description><item><title>{title}</title>"
        "<link>https://evil.example/1</link><guid>1</guid>"
        "<pubDate>Fri, 20 Nov 2026 10:00:00 +0000</pubDate></item></channel></rss>\n"
    )
