"""How a path finds its route, and what is read of a query."""

from typing import Annotated

import msgspec
import pytest

from api.reading import read_request
from api.routes import ROUTES
from api.routing import LONGEST_PATH, Reads, Result, Route, Router
from common.errors import Problem


class Wanted(msgspec.Struct):
    name: str
    count: Annotated[int, msgspec.Meta(ge=1)] = 1
    flag: str | None = None


async def nothing(request: Wanted, reads: Reads) -> Result:
    return Result("null")


def route(path: str) -> Route:
    return Route(path=path, summary=path, request=Wanted, handler=nothing, permission="public")


ROUTER = Router((route("/a/b"), route("/a/{name}"), route("/{name}/b"), route("/a/b/{name}")))


def found(path: str) -> tuple[str, dict[str, str]]:
    one, parameters = ROUTER.find(path)
    return one.path, parameters


def test_the_first_declared_route_that_matches_is_taken() -> None:
    assert found("/a/b") == ("/a/b", {})
    assert found("/a/c") == ("/a/{name}", {"name": "c"})
    assert found("/c/b") == ("/{name}/b", {"name": "c"})


def test_a_fixed_part_comes_before_a_parameter_whatever_was_declared_first() -> None:
    router = Router((route("/a/{name}"), route("/a/b")))
    assert router.find("/a/b")[0].path == "/a/b"
    assert router.find("/a/c")[0].path == "/a/{name}"


def test_methods_are_those_of_the_path_and_not_of_one_that_is_like_it() -> None:
    made = Route(path="/a/b", summary="", request=Wanted, handler=nothing, permission="public",
                 method="POST")  # fmt: skip
    with pytest.raises(Problem) as caught:
        Router((route("/a/{name}"), made)).find("/a/b")
    assert (caught.value.status, caught.value.headers) == (405, {"allow": "POST"})


def test_slashes_at_the_ends_make_no_difference() -> None:
    assert found("/a/c/") == found("/a/c") == found("a/c") == found("//a/c//")


def test_an_empty_segment_inside_a_path_counts() -> None:
    with pytest.raises(Problem, match="no-such-route"):
        ROUTER.find("/a//b/c")


def test_paths_are_compared_with_their_case() -> None:
    with pytest.raises(Problem) as caught:
        ROUTER.find("/A/c")
    assert caught.value.status == 404


def test_percent_escapes_are_read_inside_their_segment() -> None:
    assert found("/a/%62x") == ("/a/{name}", {"name": "bx"})
    assert found("/a/x%2Fy") == ("/a/{name}", {"name": "x/y"})
    assert found("/a/caf%C3%A9") == ("/a/{name}", {"name": "café"})


@pytest.mark.parametrize("path", ["", "/", "/a", "/a/b/c/d", "/x/y"])
def test_a_path_without_a_route_is_a_404(path: str) -> None:
    with pytest.raises(Problem) as caught:
        ROUTER.find(path)
    assert (caught.value.status, caught.value.kind) == (404, "no-such-route")


def test_a_path_without_a_route_is_told_the_nearest_and_where_all_are() -> None:
    router = Router(ROUTES)
    for path, nearest in (
        ("/api/v1/market/BTC", "/api/v1/market-data/{symbol}"),
        ("/market-data/BTC", "/api/v1/market-data/{symbol}"),
        ("/api/v1/watchlist", "/api/v1/watchlists"),
        ("/openapi.yaml", "/openapi.json"),
        ("/oauth2/token", "/oauth/token"),
    ):
        with pytest.raises(Problem) as caught:
            router.find(path)
        assert nearest in caught.value.detail
        assert caught.value.detail.count("/api/v1/") <= 3
        assert caught.value.detail.endswith("/docs lists all routes.")
    for path in ("/cgi-bin/setup.cgi", "/" + "x/y" * 500):
        with pytest.raises(Problem) as caught:
            router.find(path)
        assert caught.value.detail == "There is nothing at this path. /docs lists all routes."


def test_the_longest_path_is_read_and_one_character_more_is_not() -> None:
    longest = "/a/" + "x" * (LONGEST_PATH - 3)
    assert found(longest)[0] == "/a/{name}"
    with pytest.raises(Problem) as caught:
        ROUTER.find(longest + "x")
    assert (caught.value.status, caught.value.kind) == (414, "path-too-long")


def wanted(query: str) -> msgspec.Struct:
    return read_request(route("/a/{name}"), {"name": "n"}, query)


def test_a_query_is_decoded_and_converted() -> None:
    assert wanted("count=3&flag=a%20b+c%26") == Wanted("n", 3, "a b c&")
    assert wanted("") == wanted("&&") == Wanted("n")


def test_an_empty_value_is_a_value() -> None:
    assert wanted("flag=") == Wanted("n", 1, "")
    with pytest.raises(Problem, match="invalid-parameter"):
        wanted("count=")


@pytest.mark.parametrize("text", ["null", "true", "1"])
def test_a_text_parameter_stays_text(text: str) -> None:
    assert wanted(f"flag={text}") == Wanted("n", 1, text)


def test_the_known_parameters_are_told_without_those_of_the_path() -> None:
    with pytest.raises(Problem, match=r"'name'. Known here: count, flag\."):
        wanted("name=x")


def test_a_route_without_query_parameters_says_so() -> None:
    class Bare(msgspec.Struct):
        name: str

    bare = Route(path="/a/{name}", summary="", request=Bare, handler=nothing, permission="public")
    with pytest.raises(Problem, match=r"Known here: none\."):
        read_request(bare, {"name": "n"}, "x=1")
