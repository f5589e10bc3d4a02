"""The front doors attacked by how requests are sent: bodies that stop, framing that lies."""

import gzip
import re
import socket
import time
from collections.abc import Iterator

import pytest

from tests.api.attacks.doors import (
    CLOSE,
    EVIL,
    JSON,
    MARKED,
    Door,
    Headers,
    head,
    kind,
    read_all,
    replies,
    without_faults,
)
from tests.support.live import Live

pytestmark = pytest.mark.runtime

LISTS = "/api/v1/watchlists"
SLOWEST = 10.0  # seconds until a body is given up on


@pytest.fixture
def api(live: Live) -> Door:
    return Door(live, "api")


@pytest.fixture
def page(live: Live) -> Door:
    return Door(live, "dashboard")


@pytest.fixture
def quiet(live: Live) -> Iterator[None]:
    yield from without_faults(live)


@pytest.mark.parametrize("framing", [{"Content-Length": "100"}, {"Transfer-Encoding": "chunked"}])
def test_a_body_that_stops_is_given_up_on_and_holds_nobody_up(
    api: Door, quiet: None, framing: Headers
) -> None:
    part = b'{"name":' if "Content-Length" in framing else b'8\r\n{"name":\r\n'
    with api.open(head("POST", LISTS, CLOSE | JSON | api.key | framing) + part) as held:
        began = time.monotonic()
        assert api.ask("/api/v1/me", api.key).status == 200
        assert time.monotonic() - began < 3, "everybody waited"
        (reply,) = replies(read_all(held))
    assert (reply.status, kind(reply)) == (408, "body-too-slow")
    assert time.monotonic() - began < SLOWEST + 5


def test_a_body_that_trickles_is_given_up_on(api: Door, quiet: None) -> None:
    sent = head("POST", LISTS, CLOSE | JSON | api.key | {"Content-Length": "5000"})
    began = time.monotonic()
    with api.open(sent) as held:
        held.settimeout(0.5)
        told = b""
        while not told and time.monotonic() - began < SLOWEST + 5:
            held.sendall(b" ")
            try:
                told = held.recv(65_536)
            except TimeoutError:
                continue
    assert told.startswith(b"HTTP/1.1 408 ")


def test_whoever_hangs_up_within_a_body_leaves_no_fault_behind(api: Door, quiet: None) -> None:
    for _ in range(5):
        sent = head("POST", LISTS, CLOSE | JSON | api.key | {"Content-Length": "100"})
        with api.open(sent + b'{"name":') as held:
            time.sleep(0.2)
            held.shutdown(socket.SHUT_RDWR)
    assert api.ask("/api/v1/me", api.key).status == 200
    time.sleep(1)


def test_a_sign_in_that_stops_is_given_up_on(page: Door, quiet: None) -> None:
    with page.open(
        head("POST", "/session", CLOSE | MARKED | {"Content-Length": "100"}) + b"{"
    ) as held:
        began = time.monotonic()
        assert page.ask("/health").status == 200
        (reply,) = replies(read_all(held))
    assert (reply.status, kind(reply)) == (408, "body-too-slow")
    assert time.monotonic() - began < SLOWEST + 5


@pytest.mark.parametrize("declared", [str(70_000), "1000000000"])
def test_a_body_that_is_declared_too_large_is_not_waited_for(
    api: Door, quiet: None, declared: str
) -> None:
    began = time.monotonic()
    reply = api.ask(LISTS, JSON | api.key | {"Content-Length": declared}, "POST", b"{")
    assert (reply.status, kind(reply)) == (413, "body-too-large")
    assert time.monotonic() - began < SLOWEST / 2


def test_a_body_that_grows_too_large_is_cut_off(api: Door, quiet: None) -> None:
    body = (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 40 + b"0\r\n\r\n"
    reply = api.ask(LISTS, JSON | api.key | {"Transfer-Encoding": "chunked"}, "POST", body)
    assert (reply.status, kind(reply)) == (413, "body-too-large")


def test_a_sign_in_of_megabytes_is_not_read(page: Door, quiet: None) -> None:
    began = time.monotonic()
    reply = page.ask("/session", MARKED | {"Content-Length": "500000000"}, "POST", b"{")
    assert (reply.status, kind(reply)) == (413, "body-too-large")
    assert time.monotonic() - began < SLOWEST / 2


def test_a_compressed_body_is_not_unpacked(api: Door, quiet: None) -> None:
    body = gzip.compress(b'{"name":"zip","symbols":["BTC"]}' + b" " * 5_000_000)
    reply = api.ask(LISTS, JSON | api.key | {"Content-Encoding": "gzip"}, "POST", body)
    assert (reply.status, kind(reply)) == (400, "invalid-body")


@pytest.mark.parametrize("depth", [100, 2_000, 15_000])
def test_a_deeply_nested_body_is_refused_at_both_doors(
    api: Door, page: Door, quiet: None, depth: int
) -> None:
    body = b'{"name":' + b"[" * depth + b"]" * depth + b"}"
    assert kind(api.ask(LISTS, JSON | api.key, "POST", body)) == "invalid-body"
    assert page.ask("/session", MARKED, "POST", body).status in (400, 413)


def test_answers_stay_in_step_with_requests(api: Door, quiet: None) -> None:
    """A body that looks like a request is a body; the next request is the next one."""
    inner = head("GET", "/smuggled", {"Host": EVIL})
    keep = {"Host": "localhost"} | api.key
    # From an address of its own: other tests have made this machine's a suspicious one.
    stranger = {"Host": "x", "CF-Connecting-IP": "10.250.0.9"} | JSON
    sent = (
        head("GET", "/api/v1/me", keep | {"Content-Length": str(len(inner))}) + inner
        + head("POST", "/api/v1/nothing", keep | JSON | {"Content-Length": str(len(inner))}) + inner
        + head("POST", LISTS, keep | JSON | {"Content-Length": "70000"}) + b"x" * 70_000
        + head("POST", LISTS, stranger | {"Content-Length": "70000"}) + b"x" * 70_000
        + head("GET", "/api/v1/signals/zzz", CLOSE | api.key)
    )  # fmt: skip
    told = replies(api.raw(sent))
    assert [reply.status for reply in told] == [200, 404, 413, 401, 400]
    assert "demo" in told[0].body
    assert "zzz" in told[-1].body or "type" in told[-1].body


@pytest.mark.parametrize(
    "framing",
    [
        {"Content-Length": "+2"}, {"Content-Length": "-2"}, {"Content-Length": "0x2"},
        {"Content-Length": "2, 4"}, {"Content-Length": "99999999999999999999"},
        {"Transfer-Encoding": "xchunked"}, {"Transfer-Encoding": "chunked, identity"},
        {"Transfer-Encoding": "\x0bchunked"}, {"Transfer-Encoding ": "chunked"},
        {"Content-Length": "2", "content-length": "4"}, {"X-A": "b\r\n folded"}, {"X A": "b"},
    ],
)  # fmt: skip
def test_framing_that_can_be_read_in_two_ways_is_refused(api: Door, framing: Headers) -> None:
    sent = head("POST", LISTS, CLOSE | JSON | api.key | framing)
    told = api.raw(sent + b"0\r\n\r\n" + head("GET", "/smuggled", CLOSE))
    assert re.findall(r"HTTP/1\.1 (\d+)", told) in (["400"], ["501"])


def test_of_two_framings_one_decides_for_everybody(api: Door) -> None:
    framing = {"Transfer-Encoding": "chunked", "Content-Length": "4"}
    told = api.raw(head("POST", LISTS, CLOSE | JSON | api.key | framing) + b"0\r\n\r\n"
                   + head("GET", "/smuggled", CLOSE))  # fmt: skip
    assert re.findall(r"HTTP/1\.1 (\d+)", told) == ["400"]
