"""What is known already is not sent again, and what was not stored is."""

from tests.collection.desk import FEEDS, QUARTER, TICK, Desk, only
from tests.support.simulator import Simulator

DECRYPT = FEEDS["decrypt"]
FEED = only("decrypt")


def test_a_feed_with_nothing_new_is_answered_without_a_body(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=FEED)
    simulator.set_clock(TICK + 60)  # no new story within a minute
    desk.tick(TICK + QUARTER, FEED)
    first, second = (desk.run("decrypt", tick) for tick in (TICK, TICK + QUARTER))
    assert first["bytes"] > 10_000
    assert (second["state"], second["requests"], second["bytes"]) == ("ok", 1, 0)
    counts = "SELECT fetched, not_modified, stored FROM source_runs ORDER BY tick"
    assert desk.database.rows(counts) == [(1, 0, 25), (0, 1, 0)]


def test_a_feed_with_something_new_is_sent_whole(desk: Desk, simulator: Simulator) -> None:
    desk.tick(sources=FEED)
    simulator.set_clock(TICK + 8 * 3600)
    desk.tick(TICK + 8 * 3600, FEED)
    assert desk.run("decrypt", TICK + 8 * 3600)["bytes"] > 10_000
    assert desk.count("news_items") > 25


def test_what_could_not_be_stored_is_sent_again(desk: Desk, simulator: Simulator) -> None:
    desk.refuse_batch(2)
    desk.tick(sources=FEED)
    assert desk.count("news_items") == 0
    simulator.set_clock(TICK + 60)
    desk.tick(TICK + QUARTER, FEED)
    assert desk.count("news_items") == 25


def test_what_could_not_be_read_is_sent_again(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(DECRYPT, "null_heavy")
    desk.tick(sources=FEED)
    assert desk.state("decrypt")[0] == "degraded"
    simulator.heal()
    simulator.set_clock(TICK + 60)
    desk.tick(TICK + QUARTER, FEED)
    assert desk.count("news_items") == 25


def test_prices_are_always_sent(desk: Desk, simulator: Simulator) -> None:
    gecko = only("coingecko")
    desk.tick(sources=gecko)
    desk.tick(TICK + QUARTER, gecko)  # the simulator's minute has not changed: same bytes, same tag
    assert desk.run("coingecko", TICK + QUARTER)["parsed"] == 251
    assert len(desk.quotes(TICK + QUARTER)) == 250
