"""The front doors attacked by what requests say: who asks, from where, for which path."""

import json
import re

import pytest

from tests.api.attacks.doors import CLOSE, EVIL, JSON, MARKED, Door, head, kind
from tests.support.live import Live

pytestmark = pytest.mark.runtime

ACTING = {"X-Acting-User": '{"user_id":"demo","role":"admin","plan":"enterprise"}'}


@pytest.fixture
def api(live: Live) -> Door:
    return Door(live, "api")


@pytest.fixture
def page(live: Live) -> Door:
    return Door(live, "dashboard")


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/keys", "/api/v1/me/export"])
def test_nobody_says_at_a_public_door_who_he_is(api: Door, page: Door, path: str) -> None:
    assert kind(api.ask(path, ACTING)) == "key-missing"
    assert kind(page.ask(path, ACTING)) == "views-only"
    assert kind(page.ask(path, ACTING | page.key)) == "views-only"


def test_a_visitor_of_the_dashboard_stays_one_whatever_he_sends(page: Door, live: Live) -> None:
    for forged in (ACTING, page.key, ACTING | {"x-acting-user": "x"}, {"Cookie": "session=x"}):
        reply = page.ask("/api/v1/dashboard/overview", forged)
        assert reply.status == 200
        assert reply.headers["ratelimit-limit"] == "240", "somebody else's limit"


def test_whoever_is_signed_in_stays_who_he_is(page: Door, live: Live) -> None:
    account = live.system.account
    body = json.dumps({"email": account.user, "password": account.password}).encode()
    signed = page.ask("/session", MARKED, "POST", body)
    cookie = {"Cookie": signed.headers["set-cookie"].split(";")[0]}
    told = page.ask("/api/v1/me", cookie | ACTING).json()["data"]
    assert told["credential"] == {"kind": "session", "id": None}
    assert "revenue:read" not in told["permissions"]


def test_the_live_stream_is_not_reached_past_the_dashboard(api: Door, page: Door) -> None:
    socket_headers = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    assert api.ask("/live", socket_headers | {"Connection": "Upgrade, close"}).status == 404
    evil = page.raw(head("GET", "/live", CLOSE | socket_headers | {
        "Origin": f"https://{EVIL}", "Connection": "Upgrade, close",
    }))  # fmt: skip
    assert evil.startswith("HTTP/1.1 403 ")


@pytest.mark.parametrize("path", ["/docs", "/openapi.json",
                                  "/.well-known/oauth-authorization-server",
                                  "/api/v1/nothing", "/problems/x"])  # fmt: skip
def test_no_answer_repeats_the_host_that_it_was_asked_by(api: Door, path: str) -> None:
    forged = {
        "Host": EVIL,
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "http",
        "Forwarded": f"host={EVIL}",
    }
    reply = api.ask(path, forged)
    assert EVIL not in reply.body
    assert EVIL not in str(reply.headers)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/./v1/me", 200), ("/api/x/../v1/me", 200), ("/api/%2e%2e/api/v1/me", 200),
        (f"http://{EVIL}/api/v1/me", 200), ("/api\\v1\\me", 200), ("//api/v1/me", 200),
        ("/api%2fv1%2fme", 404), ("/api%5cv1%5cme", 404), ("/api/v1/me%00", 404),
        ("/api/v1/me;x", 404),
        ("/api/v1/%256de", 404), ("/API/v1/me", 404), ("/api/v1/me%ff", 404),
        ("/api/v1/me/x.css", 404),
        ("/api/v1/me%2f..%2fdocs", 404), ("/api/v1/entities/%2e%2e", 404), ("/" + "a" * 20_000,
        414),
    ],
)  # fmt: skip
def test_a_path_is_read_in_one_way_and_its_answer_is_as_private_as_ever(
    api: Door, path: str, status: int
) -> None:
    reply = api.ask(path, api.key)
    assert reply.status == status, reply.body
    assert reply.headers["cache-control"] == ("private, no-cache" if status == 200 else "no-store")
    assert api.ask(path).status == (401 if status == 200 else status)


def test_a_path_with_octets_that_are_no_address_is_refused(api: Door) -> None:
    told = api.raw(b"GET /api/v1/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert told.startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "method", ["TRACE", "PROPFIND", "TRACK", "get", "A" * 300, "G\x01T", "CONNECT"]
)
def test_an_odd_method_does_nothing_and_is_not_told_back(api: Door, method: str) -> None:
    told = api.raw(head(method, "/api/v1/me", CLOSE | api.key))
    assert re.match(r"HTTP/1\.1 (400|405|500|501) ", told)  # 500 is the local proxy's, at CONNECT
    assert api.key["Authorization"] not in told
    assert "demo@" not in told


@pytest.mark.parametrize("path", ["/health", "/session", "/api/v1/me", "/api/v1/dashboard/overview",
                                  "/api/v1/dashboard/nothing", "/api/%3Cscript%3E"])  # fmt: skip
def test_nothing_at_either_door_is_guessed_to_be_a_page(api: Door, page: Door, path: str) -> None:
    for reply in (page.ask(path), api.ask(path), api.ask(path, api.key)):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "html" not in reply.headers["content-type"]


def test_a_range_is_not_taken_of_an_answer(page: Door) -> None:
    whole = page.ask("/api/v1/dashboard/overview")
    part = page.ask("/api/v1/dashboard/overview", {"Range": "bytes=0-3"})
    assert (part.status, len(part.body)) == (200, len(whole.body))


def test_an_origin_that_no_key_names_reads_nothing(api: Door) -> None:
    for origin in ("null", f"https://{EVIL}", "http://localhost"):
        reply = api.ask("/api/v1/me", api.key | {"Origin": origin})
        assert reply.status == 200
        assert "access-control-allow-origin" not in reply.headers


def test_a_batch_of_the_longest_answers_ends_nobodys_isolate(api: Door) -> None:
    body = json.dumps({"reads": ["/api/v1/dashboard/overview"] * 50}).encode()
    reply = api.ask("/api/v1/batch", JSON | api.key, "POST", body)
    assert reply.status == 200
    assert len(reply.body) < 10_000_000
    assert len(reply.json()["data"]) == 50
