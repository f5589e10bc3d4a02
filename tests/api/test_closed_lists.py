"""A wrong value of a closed list is answered with the list, wherever it stands in a request."""

from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from api.permissions import GRANTED, Scope
from api.reading import MOST_CHOICES, read_body, read_request
from api.routes import ROUTES
from api.routing import Reads, Result, Route
from common.errors import Problem
from tests.api.identity.people import site
from tests.api.posting import kind, send

Colour = Literal["red", "green"]
Long = Literal[tuple(f"v{number}" for number in range(MOST_CHOICES + 1))]  # type: ignore[valid-type]


class Inner(msgspec.Struct):
    colour: Colour


class Wanted(msgspec.Struct):
    colour: Colour | None = None
    colours: Annotated[list[Colour], msgspec.Meta(max_length=3)] | None = None
    inner: Inner | None = None
    inners: list[Inner] = []
    named: dict[str, Colour] = {}
    long: Long | None = None  # type: ignore[valid-type]


async def nothing(request: Wanted, reads: Reads) -> Result:
    return Result("null")


ROUTE = Route(
    path="/x", summary="", request=Wanted, handler=nothing, permission="public", method="POST"
)


def refused(given: dict[str, Any]) -> str:
    with pytest.raises(Problem) as caught:
        read_body(ROUTE, {}, msgspec.json.encode(given))
    return caught.value.detail


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"colour": "blue"}, "colour"),
        ({"colours": ["red", "blue"]}, "colours[1]"),
        ({"inner": {"colour": "blue"}}, "inner.colour"),
        ({"inners": [{"colour": "red"}, {"colour": "blue"}]}, "inners[1].colour"),
        ({"named": {"a": "blue"}}, "named[...]"),
    ],
)
def test_the_place_is_named_and_the_list_told(given: dict[str, Any], place: str) -> None:
    assert refused(given) == f"{place}: Invalid enum value 'blue'. It may be red, green."


def test_a_list_that_is_too_long_to_help_is_not_told() -> None:
    assert refused({"long": "x"}) == "long: Invalid enum value 'x'."


def test_the_scopes_of_a_key_are_told() -> None:
    (route,) = [one for one in ROUTES if (one.method, one.path) == ("POST", "/api/v1/keys")]
    with pytest.raises(Problem) as caught:
        read_body(route, {}, b'{"name":"n","scopes":["market:raed"]}')
    assert caught.value.detail.endswith(f"It may be {', '.join(get_args(Scope))}.")


def test_a_scope_that_the_role_lacks_is_answered_with_those_it_has() -> None:
    said = kind(
        send(site(), "POST", "/api/v1/keys", {"name": "n", "scopes": ["revenue:read"]}), 422
    )[1]
    assert said.startswith("Your role, trader, has no permission revenue:read. It has account:")
    assert said.endswith(f"{', '.join(sorted(GRANTED['trader']))}.")


def test_metrics_that_are_routes_of_their_own_are_told_with_the_others() -> None:
    (route,) = [one for one in ROUTES if one.path == "/api/v1/analytics/{metric}"]
    with pytest.raises(Problem) as caught:
        read_request(route, {"metric": "weather"}, "")
    for metric in ("tvl", "market", "movers", "track_record", "source_quality"):
        assert metric in caught.value.detail


def parts(hint: Any) -> tuple[Any, ...]:
    """Return the types that a parameter may have."""
    return get_args(hint) if get_origin(hint) not in (Literal, list, dict, None) else (hint,)


def choices(hint: Any) -> tuple[Any, ...]:
    """Return the values of a parameter's closed list, or of its items'; none where it has none."""
    for one in parts(hint):
        if get_origin(one) is list:
            return choices(get_args(one)[0])
        if get_origin(one) is Literal:
            return get_args(one)
    return ()


CLOSED = [
    (route, name, choices(hint))
    for route in ROUTES
    for name, hint in get_type_hints(route.request).items()
    if choices(hint)
]


@pytest.mark.parametrize(
    ("route", "name", "values"), CLOSED, ids=lambda one: getattr(one, "path", "")
)
def test_every_closed_list_of_every_route_is_told(
    route: Route, name: str, values: tuple[Any, ...]
) -> None:
    in_path = {part[1:-1] for part in route.path.split("/") if part.startswith("{")}
    hint = get_type_hints(route.request)[name]
    listed = any(get_origin(one) is list for one in parts(hint))
    given = {**route.example, name: ["zzz"] if listed else "zzz"}
    path = {key: str(value) for key, value in given.items() if key in in_path}
    rest = {key: value for key, value in given.items() if key not in in_path}
    with pytest.raises(Problem) as caught:
        if route.has_body:
            read_body(route, path, msgspec.json.encode(rest))
        else:
            query = "&".join(f"{key}={value}" for key, value in rest.items())
            read_request(route, path, query)
    for value in values:
        assert str(value) in caught.value.detail
