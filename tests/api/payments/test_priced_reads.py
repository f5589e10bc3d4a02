"""What is sold by one route is not given away by another, nor by a page that reaches too far."""

from typing import Any

import msgspec
import pytest

from api.payments.discovery import bazaar
from api.reading import read_request
from api.routes import ROUTES
from api.routing import Route
from common.envelope import Answer
from common.times import epoch, iso
from signals.ledger import Entry, Head, body, chain, first_broken
from tests.api.calling import insert, insert_price
from tests.support.selling import FREE, Shop, data_of

FULL, LOG = "/api/v1/signals/all?detail=full", "/api/v1/signal-log"
DEAD = "/api/v1/market-data/DEAD?history="
DAY = 86_400
PRICED = [route for route in ROUTES if route.price is not None]


def free(shop: Shop, path: str) -> Answer:
    return shop(path, key=None, principal=FREE)


def meta_of(answer: Answer) -> Any:
    assert isinstance(answer.body, str)
    return msgspec.json.decode(answer.body)["meta"]


# --- signals --------------------------------------------------------------------------------


def test_the_evidence_of_a_page_is_one_payment_and_the_short_rows_are_free(shop: Shop) -> None:
    assert free(shop, FULL).status == 402
    (short, *_) = data_of(free(shop, "/api/v1/signals/all"))
    assert not {"metadata", "outcomes"} & short.keys()
    bought = shop.buy(FULL)
    assert bought.status == 200
    assert {"metadata", "outcomes"} <= data_of(bought)[0].keys()
    assert shop.states() == ["settled"]


@pytest.mark.parametrize("path", [FULL, LOG])
@pytest.mark.parametrize("plan", ["pro", "enterprise"])
def test_who_has_explanations_in_the_plan_has_all_of_them(shop: Shop, plan: str, path: str) -> None:
    assert shop(path, key=None, principal=FREE._replace(plan=plan)).status == 200


# --- the log --------------------------------------------------------------------------------


@pytest.fixture
def entries(shop: Shop) -> list[Entry]:
    """A log of an entry a day, the last of today."""
    shop.database.connection.execute("DELETE FROM signal_log")
    days = range(11, -1, -1)
    bodies = [body("ended", {"id": "a", "at": int(shop.now) - day * DAY}) for day in days]
    found = chain(Head(), bodies)
    for one in found:
        insert(shop.database, "signal_log", seq=one.seq, hash=one.hash, body=one.body)
    shop.fresh()
    return found


def test_the_log_up_to_now_is_priced(shop: Shop, entries: list[Entry]) -> None:
    assert free(shop, LOG).status == 402
    assert len(data_of(shop.buy(LOG))) == len(entries)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_anybody_can_check_the_log_up_to_seven_days_ago_and_keep_the_hash_of_today(
    shop: Shop, entries: list[Entry], limit: int
) -> None:
    found: list[Entry] = []
    after: int | None = 0
    while after is not None:
        page = free(shop, f"{LOG}?recent=false&after={after}&limit={limit}")
        found += [Entry(one["seq"], one["hash"], one["body"]) for one in data_of(page)]
        after, head = meta_of(page)["next"], meta_of(page)["head"]
    assert found == entries[:5]
    assert first_broken(Head(), found) is None
    assert head == {"seq": entries[-1].seq, "hash": entries[-1].hash}
    assert data_of(free(shop, f"{LOG}?recent=false&after={entries[-3].seq}")) == []


# --- history --------------------------------------------------------------------------------


@pytest.fixture
def dead(shop: Shop) -> Shop:
    """An asset whose prices end 500 days ago."""
    now = int(shop.now) // 900 * 900
    insert(
        shop.database, "assets", asset_no=9, asset_id="deadcoin", symbol="DEAD", name="Dead",
        history_from=now - 520 * DAY,
    )  # fmt: skip
    for day in range(500, 520):
        insert_price(shop.database, 9, "deadcoin", "DEAD", 1.0, now - day * DAY)
    shop.fresh()
    return shop


@pytest.mark.parametrize("query", ["1d&limit=364", "1h&limit=1000", "15m", "15m&currency=BTC"])
def test_a_hole_does_not_lead_a_free_page_past_the_year(dead: Shop, query: str) -> None:
    page = free(dead, DEAD + query)
    assert data_of(page) == []
    onward = f"{DEAD}{query}&cursor={meta_of(page)['next']}"
    assert free(dead, onward).status == 402
    times = [epoch(one["time"]) for one in data_of(dead.buy(onward))]
    if "BTC" not in query:  # whose own prices do not reach there
        assert times
    assert all(time < dead.now - 365 * DAY for time in times)


def test_bars_on_this_side_of_the_hole_are_free_and_the_next_page_is_not(dead: Shop) -> None:
    insert_price(dead.database, 9, "deadcoin", "DEAD", 2.0, int(dead.now) // 900 * 900 - 3 * DAY)
    dead.fresh()
    page = free(dead, f"{DEAD}1d")
    assert [one["close"] for one in data_of(page)] == [2.0]
    assert free(dead, f"{DEAD}1d&cursor={meta_of(page)['next']}").status == 402


def test_a_history_without_older_prices_ends_at_the_year(dead: Shop) -> None:
    assert meta_of(free(dead, "/api/v1/market-data/BTC?history=1d&limit=300"))["next"] is None
    since = iso(dead.now - 400 * DAY)
    page = free(dead, f"{DEAD}1d&from={since}")
    assert (data_of(page), meta_of(page)["next"]) == ([], None)


# --- what a catalogue is told ---------------------------------------------------------------


@pytest.mark.parametrize("route", PRICED, ids=lambda route: route.path)
def test_the_example_of_an_offer_is_a_request_that_is_priced(shop: Shop, route: Route) -> None:
    asked = bazaar(route)["bazaar"]["info"]["input"]
    query = "&".join(f"{name}={value}" for name, value in asked.get("queryParams", {}).items())
    wanted = read_request(route, asked.get("pathParams", {}), query)
    assert route.is_priced(wanted, shop.now)


@pytest.mark.parametrize("name", ["signals", "market-data"])
def test_an_export_is_offered_as_the_file_that_its_example_asks_for(name: str) -> None:
    (route,) = (one for one in PRICED if one.path == f"/api/v1/exports/{name}")
    told = bazaar(route)["bazaar"]["info"]
    assert told["output"] == {"type": "text", "format": "text/csv"}
    assert told["input"]["queryParams"].get("format", "csv") == "csv"
