"""Paths that are written oddly, and methods that are smuggled."""

import pytest

from api.routing import Router
from common.errors import Problem
from tests.api.attacks.walking import Attacker
from tests.api.calling import KEY, Caller, seeded

# As the runtime hands them on: dot segments are resolved by then, escapes are not.
NOWHERE = (
    "/api%2fv1%2fme", "/api/v1%2fme", "/api%5cv1%5cme", "/api/v1/me%00", "/api/v1/me%0a",
    "/api/v1/me%20",
    "/api/v1/me;x=1", "/api/v1/keys;.css", "/api/v1/me/x.css", "/api/v1/me%2fx.css",
    "/api/v1/me.json",
    "/api/v1/me%2f..%2fdocs", "/api/v1/me%252f..%252fdocs", "/api/v1/%256de", "/api/v1/m%25%36%35",
    "/API/v1/me", "/api/V1/me", "/api/v1/Me", "/api//v1/me", "/api/v1//me", "/api/v1/me%3Fx=1",
    "/api/v1/me%23", "/api/v1/..%2f..%2fhealth", "/api/v1/ｍe", "/api/v1/me%ff", "/api/v1/me%c0%af",
    "/api/v1/me\\", "/.git/config", "/.env", "/api/v1/me/..;/keys", "/%2e%2e/api/v1/me", "/live",
)  # fmt: skip
# Another way to write the same path: answered alike, and as private.
THE_SAME = (
    "//api/v1/me",
    "/api/v1/me/",
    "///api/v1/me//",
    "/api/v1/%6d%65",
    "/%61pi/v1/me",
    "/api/v1/me?",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_a_path_that_only_resembles_a_route_is_none(attacker: Attacker, path: str) -> None:
    answer = attacker.ask(path)
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"
    assert "u@example.com" not in str(answer.body)


@pytest.mark.parametrize("path", THE_SAME)
def test_a_private_answer_is_private_however_its_path_is_written(
    attacker: Attacker, path: str
) -> None:
    answer = attacker.ask(path)
    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert attacker.ask(path, key=None).status == 401


@pytest.mark.parametrize("part", ["..", ".", "%2e%2e", "%2E.", ".%2e", "%2e"])
@pytest.mark.parametrize(
    "path", ["/api/v1/market-data/{}", "/api/v1/entities/{}", "/api/v1/keys/{}/rotate"]
)
def test_a_dot_segment_is_the_value_of_no_parameter(part: str, path: str) -> None:
    """A cache outside would resolve it, and take one answer for that of another path."""
    with pytest.raises(Problem, match="no-such-route"):
        Router(Caller(seeded()).gateway._router.routes).find(path.format(part), "POST")


def test_two_dots_within_a_name_are_a_name(attacker: Attacker) -> None:
    assert "'a..b'" in str(attacker.ask("/api/v1/market-data/a..b").body)


@pytest.mark.parametrize("count", [1, 2, 200])
def test_a_long_run_of_slashes_is_no_way_around(attacker: Attacker, count: int) -> None:
    assert attacker.ask("/" * count + "api/v1/me", key=None).status == 401


@pytest.mark.parametrize(
    "header",
    ["x-http-method-override", "x-http-method", "x-method-override", "_method"],
)
def test_no_header_makes_another_method_of_a_request(attacker: Attacker, header: str) -> None:
    before = attacker.rows("SELECT * FROM watchlists")
    path = f"/api/v1/watchlists/{attacker.ids['watchlist_id']}"
    for method in ("GET", "HEAD"):
        answer = attacker.ask(path, method, headers={header: "DELETE"})
        assert answer.status == 200
    assert attacker.ask(path, "POST", headers={header: "DELETE"}).status == 405
    assert attacker.rows("SELECT * FROM watchlists") == before


@pytest.mark.parametrize("query", ["_method=DELETE", "method=DELETE", "_METHOD=delete"])
def test_no_parameter_makes_another_method_of_a_request(attacker: Attacker, query: str) -> None:
    before = attacker.rows("SELECT * FROM watchlists")
    path = f"/api/v1/watchlists/{attacker.ids['watchlist_id']}"
    assert attacker.ask(f"{path}?{query}").status == 400
    assert attacker.rows("SELECT * FROM watchlists") == before


@pytest.mark.parametrize(
    "method", ["TRACE", "CONNECT", "TRACK", "DEBUG", "get", "GET ", "A" * 5000, "<b>"]
)
def test_an_odd_method_is_refused_without_being_told_back(attacker: Attacker, method: str) -> None:
    answer = attacker.ask("/api/v1/me", method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, DELETE"
    assert len(str(answer.body)) < 400
    assert KEY not in str(answer.body)


@pytest.mark.parametrize(
    "header",
    ["x-original-url", "x-rewrite-url", "x-forwarded-path", "x-forwarded-prefix", "x-original-uri"],
)
def test_no_header_makes_another_path_of_a_request(attacker: Attacker, header: str) -> None:
    answer = attacker.ask("/docs.css", key=None, headers={header: "/api/v1/me"})
    assert answer.headers["content-type"].startswith("text/css")
    assert attacker.ask("/api/v1/me", key=None, headers={header: "/docs.css"}).status == 401
