"""Poisoning what is kept, and having kept what is private."""

import asyncio
from typing import Any

import msgspec
import pytest

from api.routes import ROUTES
from tests.api.attacks.walking import Attacker
from tests.api.calling import KEY, PATHS, READER, Caller, FakeRequest, body

# None of these is part of what an answer is kept under, so none may change it.
UNKEYED = {
    "x-forwarded-host": "evil.example", "x-host": "evil.example", "forwarded": "host=evil.example",
    "x-forwarded-proto": "http", "x-forwarded-scheme": "nothttps", "x-forwarded-port": "1",
    "x-original-url": "/api/v1/me", "x-rewrite-url": "/api/v1/me", "x-http-method-override": "POST",
    "accept": "text/html", "accept-language": "xx", "accept-encoding": "x", "range": "bytes=0-3",
    "if-range": "x", "x-acting-user": '{"user_id":"evil","role":"admin","plan":"enterprise"}',
    "x-request-id": "evil", "cookie": "session=evil", "cache-control": "no-cache",
    "pragma": "no-cache",
    "user-agent": "<script>evil</script>", "referer": "https://evil.example/", "te": "trailers",
    "cf-connecting-ip": "203.0.113.66", "x-real-ip": "203.0.113.66", "content-type": "text/evil",
    "content-length": "5", "x-api-version": "evil", "upgrade": "h2c", "if-modified-since": "x",
}  # fmt: skip
OWN = ("x-request-id", "ratelimit-remaining", "ratelimit-reset")
PRIVATE = [
    r for r in ROUTES if r.method == "GET" and not r.cache.shared and r.permission != "public"
]


def seen(answer: Any) -> tuple[int, dict[str, str], Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    return answer.status, headers, answer.body


def said(answer: Any) -> Any:
    """Return what an answer says, but for its time and its number."""
    told = msgspec.json.decode(answer.body)
    return answer.status, told.get("data"), told.get("detail")


@pytest.mark.parametrize("path", PATHS)
def test_a_header_that_is_not_asked_for_changes_no_answer(ask: Caller, path: str) -> None:
    poisoned = seen(ask(path, headers=dict(UNKEYED)))
    clean = seen(ask(path))
    assert poisoned[:2] == clean[:2]
    assert poisoned[2] == clean[2]
    assert "evil" not in str(clean)
    assert all("evil" not in text for text in (*ask.parts.kv.values(), *ask.parts.edge.values()))


@pytest.mark.parametrize("path", [*PATHS[:3], "/docs", "/openapi.json", "/health",
                                  "/.well-known/oauth-authorization-server",
                                  "/api/v1/nothing"])  # fmt: skip
def test_an_answer_depends_on_no_host(ask: Caller, path: str) -> None:
    headers = {"authorization": f"Bearer {KEY}"}
    request = FakeRequest(f"https://evil.example:444{path}", headers=dict(headers))
    evil = seen(asyncio.run(ask.gateway.answer(request, ask.context())))
    before = ask.database.statements
    clean = seen(ask(path))
    assert "evil" not in str(evil)
    assert clean[0] == evil[0]
    if path in PATHS:
        assert clean == evil
        assert ask.database.statements == before, "it is kept under the host"


@pytest.mark.parametrize("rest", ["#x", "?", "?&", "?&&", "#?limit=1"])
def test_what_is_no_parameter_makes_no_other_answer(ask: Caller, rest: str) -> None:
    usual = seen(ask(PATHS[1]))
    assert seen(ask(PATHS[1] + rest)) == usual
    assert seen(ask(PATHS[1])) == usual


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/api/v1/signals/all?limit=5", "/api/v1/signals/all?limit=6"),
        ("/api/v1/signals/all?symbol=BTC", "/api/v1/signals/all?symbol=ETH"),
        ("/api/v1/market-data/BTC", "/api/v1/market-data/ETH"),
        ("/api/v1/signals/all?symbol=BTC&limit=5", "/api/v1/signals/all?symbol=BTC%26limit%3D5"),
        ("/api/v1/market-data/BTC?history=1h", "/api/v1/market-data/BTC%3Fhistory%3D1h"),
        ("/api/v1/entities/bitcoin?days=1", "/api/v1/entities/bitcoin%3Fdays%3D1"),
        ("/api/v1/entities/bitcoin", "/api/v1/entities/bitcoin%2F"),
    ],
)  # fmt: skip
def test_what_differs_only_in_how_it_is_escaped_is_kept_apart(
    ask: Caller, one: str, other: str
) -> None:
    first, second = said(ask(one)), said(ask(other))
    assert first != second
    assert (said(ask(other)), said(ask(one))) == (second, first)


@pytest.mark.parametrize("route", PRIVATE, ids=lambda r: r.path)
@pytest.mark.parametrize(
    "suffix", ["/x.css", ";x.css", "%2fx.css", ".css", "%00.css", "%23.js", "%3f.png"]
)
def test_no_name_of_a_file_makes_a_private_answer_look_public(
    attacker: Attacker, route: Any, suffix: str
) -> None:
    path = route.path
    for name, value in attacker.ids.items():
        path = path.replace(f"{{{name}}}", value)
    answer = attacker.send("GET", path + suffix)
    assert answer.status in (400, 404, 405), answer.body
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("route", PRIVATE, ids=lambda r: r.path)
def test_a_private_answer_is_put_into_no_cache_outside(attacker: Attacker, route: Any) -> None:
    path = route.path
    for name, value in attacker.ids.items():
        path = path.replace(f"{{{name}}}", value)
    attacker.ask.parts.calls.clear()
    answer = attacker.send("GET", path)
    attacker.whole(answer)
    assert answer.headers["cache-control"] in ("private, no-cache", "no-store")
    assert not {"edge_put", "kv_put", "edge_get"} & set(attacker.ask.parts.calls)
    answer = attacker.send("GET", path + "?x=1")
    assert answer.headers["cache-control"] == "no-store"


def test_limits_and_numbers_of_one_caller_are_not_given_to_the_next(ask: Caller) -> None:
    first = ask(PATHS[0])
    second = ask(PATHS[0], key=None, principal=READER)
    for name in OWN[:2]:
        assert name in first.headers
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    third = ask(PATHS[0])
    assert (
        int(third.headers["ratelimit-remaining"]) == int(first.headers["ratelimit-remaining"]) - 1
    )


def test_a_giant_list_of_tags_is_read_and_nothing_more(ask: Caller) -> None:
    etag = ask(PATHS[0]).headers["etag"]
    other = ", ".join(f'"{number:024x}"' for number in range(20_000))
    assert ask(PATHS[0], headers={"if-none-match": other}).status == 200
    assert ask(PATHS[0], headers={"if-none-match": f"{other}, W/{etag}"}).status == 304


@pytest.mark.parametrize("tag", ['"', "W/", "*x", '"*"', ",,,", "\x00", '"a"b"', "etag"])
def test_what_is_no_tag_matches_nothing(ask: Caller, tag: str) -> None:
    assert ask(PATHS[0], headers={"if-none-match": tag}).status == 200


def test_a_tag_opens_nothing(ask: Caller) -> None:
    etag = ask(PATHS[0]).headers["etag"]
    assert ask(PATHS[0], key=None, headers={"if-none-match": etag}).status == 401
    assert ask("/api/v1/keys/none", "DELETE", headers={"if-none-match": "*"}).status == 404


def test_a_failure_is_kept_for_nobody(ask: Caller) -> None:
    for path in ("/api/v1/market-data/NOPE", "/api/v1/signals/all?limit=0", "/api/v1/nothing"):
        answer = ask(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
        assert body(answer) not in (*ask.parts.kv.values(), *ask.parts.edge.values())
    assert not ask.gateway._answers._kept
