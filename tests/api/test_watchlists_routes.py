"""Watchlists: names to assets, their market in one call, and nobody else's."""

from typing import Any

import pytest

from api.objects.watchlists import MOST_LISTS
from common.errors import Problem
from tests.api.owning import Desk
from tests.signals.delivery.world import TICK

PATH = "/api/v1/watchlists"
BODY = {"name": "Majors", "symbols": ["eth", "Bitcoin"]}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def made(desk: Desk, name: str = "Majors", user: str = "u1") -> str:
    return str(desk.ask("POST", PATH, BODY | {"name": name}, user=user)["watchlist_id"])


def test_a_list_keeps_ids_of_assets_in_the_order_given_each_once(desk: Desk) -> None:
    body = {"name": "Majors", "symbols": ["ETH", "btc", "ethereum", "bitcoin-cash"]}
    told = desk.ask("POST", PATH, body)
    assert told["assets"] == ["ethereum", "bitcoin", "bitcoin-cash"]
    assert told["created_at"] == "2025-10-09T09:15:00Z"
    assert desk.ask("GET", PATH) == [told]


def test_a_list_is_shown_with_its_market_in_its_order_by_one_call(desk: Desk) -> None:
    desk.price(1, "bitcoin", "BTC", 100.0, TICK - 3600)
    desk.price(1, "bitcoin", "BTC", 110.0)
    desk.price(2, "ethereum", "ETH", 5.0)
    name = made(desk)
    desk.world.database.statements = 0
    told = desk.ask("GET", f"{PATH}/{name}")
    assert desk.world.database.statements == 1
    assert [(row["asset_id"], row["price"], row["change_1h"]) for row in told["rows"]] == [
        ("ethereum", 5.0, None), ("bitcoin", 110.0, 10.0),
    ]  # fmt: skip


def test_an_asset_without_a_price_stays_in_the_list_and_out_of_the_rows(desk: Desk) -> None:
    told = desk.ask("GET", f"{PATH}/{made(desk)}")
    assert (told["assets"], told["rows"]) == (["ethereum", "bitcoin"], [])


def test_put_replaces_everything(desk: Desk) -> None:
    name = made(desk)
    desk.world.now += 60
    told = desk.ask("PUT", f"{PATH}/{name}", {"name": "Other", "symbols": []})
    assert (told["name"], told["assets"]) == ("Other", [])
    assert (told["created_at"], told["updated_at"]) == (
        "2025-10-09T09:15:00Z", "2025-10-09T09:16:00Z",
    )  # fmt: skip


def test_what_is_not_collected_is_named(desk: Desk) -> None:
    assert desk.refused("POST", PATH, BODY | {"symbols": ["BTC", "NOPE"]}) == (
        422, "unknown-symbols",
    )  # fmt: skip
    name = made(desk)
    changed = {"name": "x", "symbols": ["NOPE"]}
    assert desk.refused("PUT", f"{PATH}/{name}", changed) == (422, "unknown-symbols")


def test_a_name_is_given_once_by_each_user(desk: Desk) -> None:
    made(desk)
    assert desk.refused("POST", PATH, BODY) == (409, "watchlist-exists")
    made(desk, user="u2")
    other = made(desk, "Others")
    assert desk.refused("PUT", f"{PATH}/{other}", BODY) == (409, "watchlist-exists")


def test_nobody_has_more_lists_than_one_may(desk: Desk) -> None:
    for number in range(MOST_LISTS):
        made(desk, f"List {number}")
    assert desk.refused("POST", PATH, BODY) == (409, "watchlist-limit")
    made(desk, user="u2")


def test_a_removed_list_is_gone(desk: Desk) -> None:
    name = made(desk)
    assert desk.ask("DELETE", f"{PATH}/{name}") == {"watchlist_id": name}
    assert desk.ask("GET", PATH) == []
    assert desk.refused("DELETE", f"{PATH}/{name}") == (404, "no-such-watchlist")


def test_a_list_that_a_rule_needs_is_not_removed(desk: Desk) -> None:
    name = made(desk)
    rule = desk.ask("POST", "/api/v1/alert-rules", {"name": "r", "watchlist_id": name})
    assert desk.refused("DELETE", f"{PATH}/{name}") == (409, "watchlist-in-use")
    desk.ask("DELETE", f"/api/v1/alert-rules/{rule['rule_id']}")
    desk.ask("DELETE", f"{PATH}/{name}")


@pytest.mark.parametrize(
    ("method", "body"), [("GET", None), ("PUT", BODY | {"name": "Stolen"}), ("DELETE", None)]
)
def test_somebody_elses_list_does_not_exist(desk: Desk, method: str, body: Any) -> None:
    name = made(desk)
    before = desk.ask("GET", f"{PATH}/{name}")
    for role in ("trader", "admin"):
        assert desk.refused(method, f"{PATH}/{name}", body, user="u2", role=role) == (
            404, "no-such-watchlist",
        )  # fmt: skip
    assert desk.ask("GET", PATH, user="u2") == []
    assert desk.ask("GET", f"{PATH}/{name}") == before


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "symbols": []}, {"name": " x", "symbols": []},
        {"name": "a\x00", "symbols": []},
        {"name": "x" * 81, "symbols": []}, {"name": "x", "symbols": [""]},
        {"name": "x", "symbols": ["B\x00"]}, {"name": "x", "symbols": ["x"] * 251},
        {"name": "x"}, {"name": "x", "symbols": "BTC"}, {"name": "x", "symbols": [], "more": 1},
    ],
)  # fmt: skip
def test_a_request_out_of_its_bounds_is_refused(desk: Desk, body: Any) -> None:
    with pytest.raises(Problem) as told:
        desk.ask("POST", PATH, body)
    assert told.value.status == 400
