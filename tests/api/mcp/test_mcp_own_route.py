"""A tool reaches its own route only: it is told, allowed and priced as that one."""

from typing import get_args, get_type_hints

import pytest

from api.mcp.server import tools
from api.routes import ROUTES
from api.routes.analytics import ReadingsRequest
from tests.api.calling import Caller
from tests.api.mcp.talking import call
from tests.api.mcp.test_mcp_tools import GOOD

METRICS = get_args(get_type_hints(ReadingsRequest)["metric"])


def fixed_beside_a_parameter() -> list[tuple[str, str, str]]:
    """Return each tool, its parameter, and each word there that makes another route's path."""
    found = []
    for tool in tools().values():
        start, _, rest = tool.route.path.partition("{")
        for other in ROUTES:
            word = other.path.removeprefix(start)
            if rest.endswith("}") and other.path.startswith(start) and word.isidentifier():
                found.append((tool.name, tool.in_path[0], word))
    return found


BESIDE = fixed_beside_a_parameter()


@pytest.mark.parametrize(("name", "argument", "word"), BESIDE)
def test_no_argument_leads_to_another_route(
    ask: Caller, name: str, argument: str, word: str
) -> None:
    answer = call(ask, name, {**GOOD.get(name, {}), argument: word})
    assert answer["isError"] is True
    assert f"{argument!r} cannot be {word!r}" in answer["content"][0]["text"]
    assert "structuredContent" not in answer


def test_routes_of_figures_are_no_metrics_and_those_there_are_are_listed(ask: Caller) -> None:
    assert {("get_metric", "metric", "volatility"), ("get_metric", "metric", "usage")} <= {*BESIDE}
    text = call(ask, "get_metric", {"metric": "usage"})["content"][0]["text"]
    assert text.startswith("'metric' cannot be 'usage'; it is one of ")
    assert set(text.rstrip(".").partition("one of ")[2].split(", ")) == set(METRICS)


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_still_answered(ask: Caller, metric: str) -> None:
    assert call(ask, "get_metric", {"metric": metric})["isError"] is False
