"""Whether a body is XML that a feed parser may be given.

Judged by expat on the events themselves, whatever the encoding: a search for
"<!DOCTYPE" in the bytes does not see UTF-16. What is not well-formed is
refused too, because a forgiving parser would guess, and can be led to.
"""

from xml.parsers import expat

from common.errors import Retryable

MOST_BYTES = 2_000_000
DEEPEST, MOST_ELEMENTS = 64, 50_000
MOST_ATTRIBUTES = 64  # of an element: feedparser takes minutes over a hundred thousand


def check_xml(body: bytes) -> None:
    """Raise Retryable unless `body` is well-formed, shallow and without a document type."""
    if len(body) > MOST_BYTES:
        raise Retryable(f"feed over {MOST_BYTES:,} bytes")
    parser = expat.ParserCreate()
    depth = elements = 0

    def doctype(name: str, *_: object) -> None:
        what = "an HTML page" if name.lower() == "html" else "a document with a DTD"
        raise Retryable(f"{what} instead of a feed")

    def start(_: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if len(attributes) > MOST_ATTRIBUTES:
            raise Retryable(f"feed with over {MOST_ATTRIBUTES} attributes of one element")
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            raise Retryable(f"feed with over {DEEPEST} levels or {MOST_ELEMENTS:,} elements")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Retryable(f"not well-formed XML: {error}") from None
