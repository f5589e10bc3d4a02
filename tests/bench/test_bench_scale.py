import asyncio

import httpx
import msgspec
import pytest

from bench.growth import COINBASE, UPSTREAM, Market, Providers, every_coin, exponent
from bench.newsroom import ITEMS, fresh_world
from bench.scale import FULL, LEAST, check, lines
from bench.ticks import Run, Tick
from collection.sources.coinbase import parse_products
from tests.collection.desk import TICK
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.news import NEWSROOMS

QUARTER = 900


def test_the_exponent_is_one_for_what_grows_in_proportion_and_two_for_its_square() -> None:
    assert exponent({250: 5.0, 1000: 20.0, 4000: 80.0}) == pytest.approx(1)
    assert exponent({250: 1.0, 1000: 16.0, 4000: 256.0}) == pytest.approx(2)


def test_every_feed_of_the_long_newsroom_holds_its_items_and_none_of_the_quarter_before() -> None:
    news = fresh_world(7, Clock(TICK), 250, "normal").news
    for feed in NEWSROOMS:
        now = news.newest(feed, TICK, 25)
        later = news.newest(feed, TICK + QUARTER, 25)
        assert len(now) == len(later) == ITEMS
        assert {one.digest for one in now}.isdisjoint(one.digest for one in later)
        assert news.newest(feed, TICK + QUARTER - 1, 25)[0].key.split("/")[0] in now[0].key


def test_the_widened_exchange_lists_every_coin_that_has_a_price() -> None:
    world = simulated_world(7, Clock(TICK), 300)
    priced = int((world.market.snapshot(TICK).price > 0).sum())
    parsed = parse_products(every_coin(world), TICK)
    assert priced > 290
    assert (len(parsed.rows), parsed.skipped.total()) == (priced, 0)


def test_providers_answer_each_request_once_and_with_the_given_body_where_there_is_one() -> None:
    world = simulated_world(7, Clock(TICK), 250)
    transport = Providers(world, {COINBASE: b"{}"})

    async def ask(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get(f"{UPSTREAM}/{path}")

    first = asyncio.run(ask("api.coingecko.com/api/v3/global"))
    assert first.content == asyncio.run(ask("api.coingecko.com/api/v3/global")).content
    assert b"total_market_cap" in first.content
    products = asyncio.run(ask(f"{COINBASE}/api/v3/brokerage/market/products"))
    assert products.content == b"{}"


def test_a_market_of_the_growth_bench_has_every_price_three_times_and_agrees_on_it() -> None:
    market = Market(250)
    market.tick()
    at = market.at
    (stored,) = market.desk.database.rows(
        "SELECT count(*), count(DISTINCT source) FROM market_data WHERE timestamp = ?", at
    )
    assert stored[1] == 4  # three sources and their consensus
    assert stored[0] >= 3.9 * 250
    market.agree()


def test_a_tick_that_stored_less_than_is_promised_is_not_reported() -> None:
    check(LEAST)
    for name in LEAST.__struct_fields__:
        with pytest.raises(RuntimeError, match="smaller tick"):
            check(msgspec.structs.replace(LEAST, **{name: getattr(LEAST, name) - 1}))


def test_the_full_tick_is_told_in_milliseconds_megabytes_requests_and_rows() -> None:
    tick = Tick(
        at=TICK, collection_ms=2000, detection_ms=300, collection_rows=1500, detection_rows=10,
        requests=55, memory_bytes=65_000_000, observations=1000,
        runs=[Run("kraken", 60, 59, 12, "ok", None)],
    )  # fmt: skip
    told = {line.name: (line.value, line.unit) for line in lines([tick], "size")}
    assert told == {
        "full_tick_ms": (2300, "ms"),
        "full_tick_collection_ms": (2000, "ms"),
        "full_tick_detection_ms": (300, "ms"),
        "full_tick_cron_to_signal_ms": (2300, "ms"),
        "full_tick_memory_mb": (65, "MB"),
        "full_tick_requests": (55, "requests"),
        "full_tick_rows_written_per_observation": (1.5, "rows"),
    }
    assert "kraken=12" in str(tick)


def test_the_full_tick_asks_for_as_many_pages_as_its_market_has_assets() -> None:
    assets = int(FULL.options[FULL.options.index("--coins") + 1])
    assert int(FULL.variables["MARKET_PAGES"]) * 250 == assets
