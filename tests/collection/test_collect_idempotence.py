"""Nothing counts twice: repeated, overlapping and concurrent ticks."""

import msgspec
import pytest

from collection.source import Endpoint, Source
from collection.sources.coingecko import BASE, SOURCE, parse_markets
from tests.collection.desk import FEEDS, QUARTER, TICK, Desk, only
from tests.support.simulator import GECKO, Simulator


def market_source(*endpoints: Endpoint) -> Source:
    home = "https://market.example"
    return Source("market", "Market", home, endpoints, 600, burst=60, coverage="aggregate")


def assert_counts_are_exact(desk: Desk) -> None:
    """The counters equal what a count of the mentions themselves gives."""
    counted = desk.database.rows(
        "SELECT entity_type, entity_name, source, count(*), max(published_at) FROM news_mentions"
        " GROUP BY entity_type, entity_name, source ORDER BY 1, 2, 3"
    )
    kept = desk.database.rows(
        "SELECT entity_type, entity_name, source, mention_count, last_seen FROM entity_mentions"
        " ORDER BY entity_type, entity_name, source"
    )
    assert kept == counted
    assert kept


def test_the_same_tick_twice_changes_nothing(desk: Desk) -> None:
    first = desk.tick()
    before = desk.dump()
    second = desk.tick()
    assert desk.dump() == before
    assert first.rows_written > 0
    assert second.rows_written == 0


def test_the_same_history_twice_changes_nothing(desk: Desk) -> None:
    url = f"{BASE}/coins/markets?vs_currency=usd&per_page=3&page=1"
    few = msgspec.structs.replace(SOURCE, endpoints=(Endpoint("markets", url, parse_markets),))
    desk.tick(sources=[few], history=3)
    before = desk.dump("market_data", "assets")
    assert desk.count("assets", "history_from IS NOT NULL") == 3
    desk.database.connection.execute("UPDATE assets SET history_from = NULL")
    desk.tick(sources=[few], history=3)
    assert desk.dump("market_data", "assets") == before


def test_a_newer_price_does_not_replace_the_one_of_the_tick(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick()
    before = desk.quotes()
    simulator.set_clock(TICK + 300)
    desk.tick()
    assert desk.quotes() == before
    assert desk.count("market_data") == len(before)


def test_the_newer_price_would_have_been_another_one(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    desk.tick()
    simulator.set_clock(TICK + 300)
    other_desk.tick()
    assert desk.quotes()["bitcoin"] != other_desk.quotes()["bitcoin"]


@pytest.mark.parametrize(("source", "host"), [("coingecko", GECKO), ("decrypt", FEEDS["decrypt"])])
def test_a_repeated_tick_fills_the_hole_a_failed_source_left(
    desk: Desk, other_desk: Desk, simulator: Simulator, source: str, host: str
) -> None:
    simulator.fault(host, "500")
    desk.tick()
    assert desk.run(source)["state"] == "degraded"
    simulator.heal()
    desk.tick()
    assert desk.run(source)["state"] == "ok"
    assert desk.state(source) == ("ok", None)
    other_desk.tick()
    assert desk.dump("market_global") == other_desk.dump("market_global")
    assert desk.quotes() == other_desk.quotes()
    told = "SELECT news_id, title, url, published_at, sentiment FROM news_items ORDER BY 1"
    assert desk.database.rows(told) == other_desk.database.rows(told)


def test_a_tick_that_went_well_is_not_degraded_by_a_worse_repetition(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick()
    before = desk.dump()
    for host in (GECKO, *FEEDS.values()):
        simulator.fault(host, "500")
    desk.tick()
    assert desk.dump() == before


def test_an_older_tick_that_is_repeated_leaves_the_newer_state_of_the_sources(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(TICK + QUARTER)
    before = desk.dump("sources")
    simulator.fault(GECKO, "500")
    desk.tick(TICK)
    assert desk.dump("sources") == before
    assert desk.run("coingecko", TICK)["state"] == "degraded"


def test_mentions_are_counted_once_however_often_feeds_repeat_their_stories(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick()
    desk.tick()
    assert_counts_are_exact(desk)
    first = desk.dump("entity_mentions")
    simulator.set_clock(TICK + QUARTER)
    desk.tick(TICK + QUARTER)  # nearly the same 25 stories a feed
    desk.tick(TICK + QUARTER)
    assert_counts_are_exact(desk)
    assert len(desk.dump("entity_mentions")["entity_mentions"]) >= len(first["entity_mentions"])


def test_items_a_feed_carries_twice_are_mentioned_once(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    other_desk.tick()
    for host in FEEDS.values():
        simulator.fault(host, "duplicate_rows")
    desk.tick()
    assert_counts_are_exact(desk)
    tables = ("news_mentions", "entity_mentions")
    assert desk.dump(*tables) == other_desk.dump(*tables)


def test_pages_that_overlap_store_each_asset_once(desk: Desk) -> None:
    # per_page is 100 and then 200, so the second page repeats the first hundred.
    url = f"{BASE}/coins/markets?vs_currency=usd&per_page={{page}}00&page=1"
    overlapping = market_source(Endpoint("markets", url, parse_markets))
    desk.tick(sources=[overlapping], pages=2)
    assert desk.run("market")["parsed"] == 300
    assert desk.count("market_data") == 200
    assert desk.count("assets") == 200


def test_pages_are_asked_for_until_one_is_empty(desk: Desk, simulator: Simulator) -> None:
    url = f"{BASE}/coins/markets?vs_currency=usd&per_page=100&page={{page}}"
    paged = market_source(Endpoint("markets", url, parse_markets))
    desk.tick(sources=[paged], pages=9)
    assert desk.count("market_data") == 255
    assert simulator.requests(GECKO) == {"/api/v3/coins/markets": 4}
    assert desk.state("market") == ("ok", None)


def test_two_ticks_at_once_double_nothing(desk: Desk, other_desk: Desk) -> None:
    other_desk.tick()
    desk.tick(at_once=2)
    assert desk.dump() == other_desk.dump()


def test_two_ticks_at_once_with_history_double_nothing(desk: Desk, other_desk: Desk) -> None:
    gecko = only("coingecko")
    for each, at_once in ((desk, 2), (other_desk, 1)):
        each.tick(sources=gecko)
        each.tick(sources=gecko, history=3, at_once=at_once)
    tables = ("assets", "market_data")
    assert desk.dump(*tables) == other_desk.dump(*tables)
    assert desk.count("assets", "history_from IS NOT NULL") == 3
