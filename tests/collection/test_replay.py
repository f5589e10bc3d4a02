"""A tick is replayed from its raw bodies: holes are filled, nothing is doubled, nobody is asked."""

import msgspec

from collection.source import Endpoint
from tests.collection.desk import CORE, QUARTER, TICK, Desk, only, registered
from tests.support.simulator import GECKO, Simulator

TABLES = ("assets", "market_data", "market_global", "news_items", "news_mentions",
          "entity_mentions", "news_relations", "entity_relations")  # fmt: skip


def breaks(body: bytes, tick: int) -> object:
    raise ValueError("a case nobody thought of")


def test_prices_that_the_database_refused_come_back_from_their_raw_bodies(
    desk: Desk, other_desk: Desk, simulator: Simulator
) -> None:
    desk.refuse_batch(2)  # the first one registers the sources, the second has the prices
    desk.tick()
    assert desk.state("coingecko") == ("degraded", "not stored: database is busy")
    assert desk.count("market_data") == 0
    simulator.forget_requests()
    desk.tick(again=True)
    assert simulator.requests(GECKO) == {}
    assert desk.state("coingecko") == ("ok", None)
    other_desk.tick()
    assert desk.quotes() == other_desk.quotes()


def test_a_replay_into_an_empty_database_knows_the_assets_before_their_prices(
    desk: Desk, other_desk: Desk
) -> None:
    wanted = ("coinbase", "coingecko", "kraken")
    other_desk.tick(sources=registered(*wanted))
    desk.raw.objects = other_desk.raw.objects
    desk.tick(sources=registered(*wanted), again=True)
    prices = "SELECT asset_id, source, price, inputs FROM market_data ORDER BY 1, 2"
    assert desk.database.rows(prices) == other_desk.database.rows(prices)
    assert desk.count("market_data", "source = 'kraken'") > 40


def test_a_replay_stores_exactly_what_the_tick_would_have(desk: Desk, other_desk: Desk) -> None:
    other_desk.tick()
    desk.raw.objects = other_desk.raw.objects
    desk.tick(again=True)
    assert desk.dump(*TABLES) == other_desk.dump(*TABLES)


def test_a_body_that_a_parser_could_not_read_is_read_when_it_can(desk: Desk) -> None:
    (gecko,) = only("coingecko")
    broken = tuple(msgspec.structs.replace(one, parse=breaks) for one in gecko.endpoints)
    desk.tick(sources=[msgspec.structs.replace(gecko, endpoints=broken)])
    assert desk.count("market_data") == 0
    desk.tick(sources=[gecko], again=True)
    assert desk.count("market_data") == 250
    assert desk.state("coingecko") == ("ok", None)


def test_a_tick_that_went_well_is_not_changed_by_its_replay(desk: Desk) -> None:
    desk.tick()
    before = desk.dump()
    only_that_something_was_stored = 1
    assert desk.tick(again=True).rows_written <= only_that_something_was_stored
    assert desk.dump() == before


def test_a_replay_twice_doubles_nothing(desk: Desk) -> None:
    desk.refuse_batch(2)
    desk.tick()
    desk.tick(again=True)
    before = desk.dump()
    desk.tick(again=True)
    assert desk.dump() == before


def test_a_source_that_gave_nothing_has_nothing_to_replay(desk: Desk, simulator: Simulator) -> None:
    simulator.fault(GECKO, "down")
    desk.tick()
    desk.tick(again=True)
    assert desk.count("market_data") == 0
    assert desk.state("coingecko")[0] == "degraded"


def test_an_older_tick_is_replayed_at_its_own_time(desk: Desk, simulator: Simulator) -> None:
    desk.refuse_batch(2)
    desk.tick()
    simulator.set_clock(TICK + QUARTER)
    desk.tick(TICK + QUARTER)
    assert desk.quotes(TICK) == {}
    desk.tick(TICK, again=True)
    assert len(desk.quotes(TICK)) == 250
    assert desk.count("sources", f"last_tick = {TICK + QUARTER}") == len(CORE)


def test_an_endpoint_that_is_no_longer_declared_is_left_out(desk: Desk) -> None:
    desk.tick()
    (gecko,) = only("coingecko")
    fewer: tuple[Endpoint, ...] = gecko.endpoints[:1]
    for table in ("market_data", "market_global"):
        desk.database.connection.execute(f"DELETE FROM {table}")
    desk.tick(sources=[msgspec.structs.replace(gecko, endpoints=fewer)], again=True)
    assert (desk.count("market_data"), desk.count("market_global")) == (250, 0)


def test_a_bucket_that_does_not_answer_degrades_the_replay_and_not_the_past(desk: Desk) -> None:
    desk.tick()
    before = desk.dump()
    desk.raw.broken = True
    desk.tick(again=True)
    assert desk.dump() == before
