"""Questions whose parameters do not go together are refused, with both of their names."""

import pytest

from api.routes import ROUTES
from api.routing import Router
from tests.api.calling import Caller
from tests.api.posting import kind

LATER, EARLIER = "2026-11-22T12:15:00Z", "2026-11-22T12:14:59Z"
UPSIDE_DOWN = [
    ("/api/v1/market-data/BTC?history=1h", "from", "to"),
    ("/api/v1/signals/all?", "since", "until"),
    ("/api/v1/signals/pump?symbol=BTC", "since", "until"),
    ("/api/v1/news?", "since", "until"),
    ("/api/v1/exports/signals?", "since", "until"),
    ("/api/v1/exports/market-data?symbol=BTC", "since", "until"),
]
BOUNDS = [
    *(("/api/v1/market-data", name) for name in
      ("price", "market_cap", "volume_24h", "change_1h", "change_24h")),
    ("/api/v1/news", "sentiment"),
]  # fmt: skip
IDLE = [
    ("/api/v1/market-data/BTC?limit=100", "limit", "history"),
    ("/api/v1/market-data/BTC?cursor=x", "cursor", "history"),
    ("/api/v1/analytics/volatility?symbols=BTC&limit=50", "limit", "symbols"),
    ("/api/v1/news?symbol=BTC&entity=SEC", "symbol", "entity"),
]


def refused(ask: Caller, path: str, first: str, second: str) -> str:
    """Check that a question is refused for two of its parameters; return what to do."""
    told, detail = kind(ask(path), 400)
    assert told == "contradictory-parameters"
    names, _, change = detail.partition(": ")
    assert names == f"{first} and {second}"
    route, _ = Router(ROUTES).find(path.partition("?")[0])
    assert told in route.problems
    return change


@pytest.mark.parametrize(("path", "first", "last"), UPSIDE_DOWN)
def test_a_span_that_ends_before_it_begins_is_refused(
    ask: Caller, path: str, first: str, last: str
) -> None:
    asked = f"{path}&{first}={LATER}&{last}={EARLIER}"
    assert "swap them" in refused(ask, asked, first, last)
    assert ask(f"{path}&{first}={LATER}&{last}={LATER}").status == 200


@pytest.mark.parametrize(("path", "name"), BOUNDS)
def test_bounds_that_nothing_is_between_are_refused(ask: Caller, path: str, name: str) -> None:
    asked = f"{path}?min_{name}=0.5&max_{name}=0.25"
    assert "swap them" in refused(ask, asked, f"min_{name}", f"max_{name}")
    assert ask(f"{path}?min_{name}=0.5&max_{name}=0.5").status == 200


@pytest.mark.parametrize(("path", "first", "second"), IDLE)
def test_a_parameter_that_changes_nothing_is_refused(
    ask: Caller, path: str, first: str, second: str
) -> None:
    assert "leave" in refused(ask, path, first, second)


@pytest.mark.parametrize("symbols", ["BTC", "BTC,BTC", "BTC,bitcoin"])
def test_one_asset_alone_has_no_correlation(ask: Caller, symbols: str) -> None:
    told = kind(ask(f"/api/v1/analytics/correlation?symbols={symbols}"), 400)
    assert told[0] == "invalid-parameter"
    assert told[1].startswith("symbols: one asset has no correlation")
