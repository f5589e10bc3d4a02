"""What a guarded fetch follows, how much it reads, and when it gives up."""

import gzip
import itertools
import zlib
from collections.abc import Iterator

import pytest

from collection.custom.fetching import MOST_BYTES
from collection.fetch import Ask, NotThere
from common.addresses import RefusedAddress
from common.errors import Fatal, Retryable
from tests.collection.custom.stand_in import StandIn, raw, to

URL = "https://a.example/feed"


def test_a_body_comes_with_its_validators_and_final_address() -> None:
    web = StandIn({"/a.example/feed": raw(b"body", ETag='"x"', Last_Modified="yesterday")})
    assert web.fetch(URL) == (200, b"body", '"x"', "yesterday", URL)
    assert (web.usage.bytes, web.usage.requests) == (4, 1)


def test_a_name_is_resolved_in_both_families_before_it_is_asked() -> None:
    web = StandIn({"/a.example/feed": raw(b"body")})
    web.fetch(URL)
    assert web.asked == [
        "/cloudflare-dns.com/dns-query?name=a.example&type=A",
        "/cloudflare-dns.com/dns-query?name=a.example&type=AAAA",
        "/a.example/feed",
    ]
    assert web.headers[0]["accept"] == "application/dns-json"


def test_an_address_of_numbers_needs_no_name() -> None:
    web = StandIn({"/8.8.8.8/feed": raw(b"body")})
    assert web.fetch("https://134744072/feed").body == b"body"
    assert web.asked == ["/8.8.8.8/feed"]


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.5"], ["93.184.216.34", "127.0.0.1"], ["fd00::1"], ["::ffff:10.0.0.1"], []],
)
def test_a_host_whose_name_leads_astray_is_never_asked(addresses: list[str]) -> None:
    web = StandIn({"/a.example/feed": raw(b"secret")}, {"a.example": addresses})
    with pytest.raises(RefusedAddress):
        web.fetch(URL)
    assert web.hosts == []


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"<html>"), raw(b'{"Status":2}'), raw(b"", "503 Unwell"), to("https://b.example/"),
        raw(b"{}"), raw(b'{"Status":0,"Answer":[{"type":1}]}'), raw(b" " * 200_000),
    ],
)  # fmt: skip
def test_without_an_answer_of_the_resolver_nobody_is_asked(answer: bytes) -> None:
    web = StandIn({"/a.example/feed": raw(b"secret")}, resolver=answer)
    with pytest.raises((Retryable, Fatal)):
        web.fetch(URL)
    assert web.hosts == []


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_is_followed_and_its_host_resolved(status: str) -> None:
    web = StandIn(
        {"/a.example/feed": to("//b.example/x?y=1", status), "/b.example/x?y=1": raw(b"body")}
    )
    assert web.fetch(URL)[1:] == (b"body", None, None, "https://b.example/x?y=1")
    assert sum("name=b.example" in path for path in web.asked) == 2


def test_three_redirects_are_followed_and_four_are_not() -> None:
    hops = {f"/a.example/{n}": to(f"/{n + 1}") for n in range(5)} | {"/a.example/3": raw(b"end")}
    assert StandIn(dict(hops)).fetch("https://a.example/0").body == b"end"
    web = StandIn(hops | {"/a.example/3": to("/4"), "/a.example/4": raw(b"end")})
    with pytest.raises(RefusedAddress, match="More than 3 redirects"):
        web.fetch("https://a.example/0")
    assert web.hosts == [f"/a.example/{n}" for n in range(4)]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.1/", "the machine itself"),
        ("https://2130706433/", "the machine itself"),
        ("http://169.254.169.254/latest/meta-data/", "metadata"),
        ("//[::1]/", "the machine itself"),
        ("file:///etc/passwd", "Only http and https"),
        ("https://localhost:8080/", "private network"),
        ("https://b.example:22/", "Port 22"),
        ("https://b.example\\@127.0.0.1/", "Percent-encode"),
        ("/\\127.0.0.1/", "Percent-encode"),
        ("http://b.example/", "from https to http"),
        ("/feed", "in a circle"),
        ("https://A.example:443/feed#x", "in a circle"),
        ("https://inner.example/", "leads to 10.0.0.5"),
    ],
)
def test_a_redirect_that_leads_astray_ends_there(location: str, words: str) -> None:
    web = StandIn({"/a.example/feed": to(location)}, {"inner.example": ["10.0.0.5"]})
    with pytest.raises(RefusedAddress) as caught:
        web.fetch(URL)
    assert words in str(caught.value)
    assert web.hosts == ["/a.example/feed"]


def test_a_redirect_from_http_to_https_is_followed() -> None:
    web = StandIn({"/a.example/x": to("https://b.example/"), "/b.example/": raw(b"body")})
    assert web.fetch("http://a.example/x").body == b"body"


def test_a_redirect_to_nowhere_is_an_error() -> None:
    with pytest.raises(Fatal, match="HTTP 302 without"):
        StandIn({"/a.example/feed": raw(b"", "302 Found")}).fetch(URL)


def test_cookies_of_one_hop_are_not_sent_to_the_next() -> None:
    first = raw(b"", "302 Found", Location="/next", Set_Cookie="tracking=1; Path=/")
    web = StandIn({"/a.example/feed": first, "/a.example/next": raw(b"body")})
    web.fetch(URL)
    assert [one for one in web.headers if "cookie" in one] == []


def test_a_body_may_have_five_megabytes_and_no_byte_more() -> None:
    web = StandIn({"/a.example/feed": raw(b"x" * MOST_BYTES)})
    assert len(web.fetch(URL).body) == MOST_BYTES
    for length in (-1, None):
        web = StandIn({"/a.example/feed": raw(b"x" * (MOST_BYTES + 1), length=length)})
        with pytest.raises(Fatal, match="body over 5,000,000 bytes"):
            web.fetch(URL)


def test_a_length_that_is_too_large_is_refused_before_reading() -> None:
    web = StandIn({"/a.example/feed": raw(b"x", length=MOST_BYTES + 1)})
    with pytest.raises(Fatal, match="body over"):
        web.fetch(URL)
    assert web.usage.bytes == 0


def test_a_body_of_gzip_is_read_and_measured_as_what_it_holds() -> None:
    body = gzip.compress(b"body" * 1_000, mtime=0)
    web = StandIn({"/a.example/feed": raw(body, Content_Encoding="GZIP")})
    assert web.fetch(URL).body == b"body" * 1_000
    assert web.usage.bytes == 4_000
    assert web.headers[-1]["accept-encoding"] == "gzip"


def test_gzip_that_expands_beyond_the_limit_is_ended_at_the_limit() -> None:
    bomb = gzip.compress(bytes(60_000_000), 9)
    web = StandIn({"/a.example/feed": raw(bomb, Content_Encoding="gzip")})
    with pytest.raises(Fatal, match="body over 5,000,000 bytes"):
        web.fetch(URL)
    assert web.usage.bytes <= 2 * MOST_BYTES


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(b"x" * 1_000, mtime=0)[:-12], "gzip", "cut off inside its gzip"),
        (b"plain", "gzip", "not the gzip"),
        (zlib.compress(b"x"), "deflate", "encoding 'deflate'"),
        (b"x", "br", "encoding 'br'"),
        (b"x", "gzip, gzip", "encoding 'gzip, gzip'"),
    ],
)
def test_a_body_in_a_broken_or_unasked_encoding_is_refused(
    body: bytes, encoding: str, words: str
) -> None:
    web = StandIn({"/a.example/feed": raw(body, Content_Encoding=encoding)})
    with pytest.raises((Fatal, Retryable), match=words):
        web.fetch(URL)


def test_the_deadline_is_for_everything_and_looked_at_between_chunks() -> None:
    """The clock gains four seconds at every look: names take two, the body the rest."""
    ticks: Iterator[int] = itertools.count(step=4)
    web = StandIn({"/a.example/feed": raw(b"body")})
    with pytest.raises(Retryable, match="within 10 seconds"):
        web.fetch(URL, lambda: float(next(ticks)))
    assert web.hosts == []


def test_a_body_that_ends_early_is_an_error() -> None:
    web = StandIn({"/a.example/feed": raw(b"half", length=8)})
    with pytest.raises(Retryable, match="connection failed: RemoteProtocolError"):
        web.fetch(URL)


@pytest.mark.parametrize(
    ("status", "error"),
    [("429 Slow", Retryable), ("503 Unwell", Retryable), ("404 Gone", NotThere), ("401 No", Fatal),
     ("206 Part", Fatal), ("204 Empty", Fatal)],
)  # fmt: skip
def test_a_status_is_an_error_named_by_what_to_do_next(status: str, error: type[Exception]) -> None:
    web = StandIn({"/a.example/feed": raw(b"", status, Retry_After="3600")})
    with pytest.raises(error) as caught:
        web.fetch(URL)
    assert str(caught.value) == f"HTTP {status[:3]}"
    if isinstance(caught.value, Retryable):
        assert caught.value.retry_after == 3600


def test_what_did_not_change_costs_no_body() -> None:
    web = StandIn({"/a.example/feed": raw(b"", "304 Not Modified")})
    known = ('"x"', "yesterday")
    assert web.get(Ask(URL, {"accept": "text/csv"}, known=known)) == (None, known)
    sent = web.headers[-1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == known
    assert sent["accept"] == "text/csv"


def test_the_pipeline_gets_body_and_validators_within_its_own_limit() -> None:
    web = StandIn({"/a.example/feed": raw(b"body", ETag='"y"')})
    assert web.get(Ask(URL)) == (b"body", ('"y"', None))
    with pytest.raises(Fatal, match="body over 3 bytes"):
        web.get(Ask(URL, max_bytes=3))


def test_a_validator_of_absurd_length_is_not_kept() -> None:
    web = StandIn({"/a.example/feed": raw(b"body", ETag='"' + "x" * 5_000 + '"')})
    assert web.get(Ask(URL)).validators == (None, None)
