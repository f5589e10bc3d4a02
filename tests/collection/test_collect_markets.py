"""Several market sources at once: one symbol space, a consensus, no time that runs back."""

import json

import msgspec
import pytest

from collection.source import Source
from tests.collection.desk import QUARTER, TICK, Desk, registered
from tests.support.simulator import Simulator

KEYS = {"CMC_API_KEY": "k"}
KRAKEN = "api.kraken.com"


NAMES = ("coingecko", "coinmarketcap", "kraken", "coinbase")


def markets(*names: str) -> list[Source]:
    """Return CoinGecko, CoinMarketCap, Kraken and Coinbase, or some, with only their prices."""
    wanted = {"markets", "listings", "ticker", "products"}
    return [
        msgspec.structs.replace(
            source, endpoints=tuple(one for one in source.endpoints if one.name in wanted)
        )
        for source in registered(*(names or NAMES))
    ]


def counts(desk: Desk, tick: int = TICK) -> dict[str, int]:
    rows = desk.database.rows(
        "SELECT source, count(*) FROM market_data WHERE timestamp = ? GROUP BY 1", tick
    )
    return dict(rows)


def consensus(desk: Desk, asset: str, tick: int = TICK) -> tuple[float, dict[str, dict[str, str]]]:
    ((price, inputs),) = desk.database.rows(
        "SELECT price, inputs FROM market_data WHERE source = 'consensus' AND asset_id = ?"
        " AND timestamp = ?", asset, tick,
    )  # fmt: skip
    return price, json.loads(inputs)


def test_every_source_keeps_its_own_row_beside_the_consensus(desk: Desk) -> None:
    desk.tick(sources=markets(), keys=KEYS)
    found = counts(desk)
    assert found["coingecko"] == 250
    assert min(found["kraken"], found["coinbase"], found["coinmarketcap"]) > 40
    assert max(found["kraken"], found["coinmarketcap"]) <= found["consensus"] <= 250
    price, inputs = consensus(desk, "bitcoin")
    used = inputs["used"]
    assert set(used) == {"coingecko", "coinmarketcap", "kraken", "coinbase"}
    assert min(used.values()) <= price <= max(used.values())  # type: ignore[operator]
    assert inputs["rejected"] == {}


def test_the_consensus_is_the_last_row_of_its_minute(desk: Desk) -> None:
    desk.tick(sources=markets(), keys=KEYS)
    last = "SELECT source FROM market_data WHERE asset_id = 'bitcoin' ORDER BY id DESC LIMIT 1"
    assert desk.database.rows(last) == [("consensus",)]


def test_an_asset_that_one_source_knows_needs_no_consensus(desk: Desk) -> None:
    desk.tick(sources=markets("coingecko"))
    assert counts(desk) == {"coingecko": 250}


def test_krakens_names_lead_to_the_same_assets(desk: Desk) -> None:
    desk.tick(sources=markets(), keys=KEYS)
    rows = desk.database.rows("SELECT asset_id FROM market_data WHERE source = 'kraken'")
    assets = {asset for (asset,) in rows}
    assert {"bitcoin", "dogecoin", "ethereum"} <= assets
    assert not {"wrapped-bitcoin", "weth", "bitcoin-cats"} & assets


def test_a_wrapped_token_is_not_its_original(desk: Desk) -> None:
    desk.tick(sources=registered("coingecko", "coinmarketcap"), keys=KEYS, pages=2)
    prices = dict(
        desk.database.rows(
            "SELECT asset_id, price FROM market_data WHERE source = 'coinmarketcap'"
            " AND asset_id IN ('bitcoin', 'wrapped-bitcoin', 'bitcoin-cats')"
        )
    )
    assert prices["bitcoin"] > 1000
    assert prices.get("bitcoin-cats", 0.0) < 1


def test_a_source_that_comes_later_joins_the_consensus_of_its_tick(
    desk: Desk, simulator: Simulator
) -> None:
    simulator.fault(KRAKEN, "500")
    desk.tick(sources=markets(), keys=KEYS)
    assert "kraken" not in consensus(desk, "bitcoin")[1]["used"]
    simulator.heal()
    desk.tick(sources=markets(), keys=KEYS)
    assert "kraken" in consensus(desk, "bitcoin")[1]["used"]
    assert desk.count("market_data", "source = 'consensus' AND asset_id = 'bitcoin'") == 1


def test_without_the_source_of_names_the_others_still_price_what_is_known(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=markets(), keys=KEYS)
    simulator.fault("api.coingecko.com", "down")
    simulator.set_clock(TICK + QUARTER)
    desk.tick(TICK + QUARTER, markets(), keys=KEYS)
    found = counts(desk, TICK + QUARTER)
    assert "coingecko" not in found
    assert found["consensus"] > 40


def test_a_price_older_than_the_one_before_it_is_not_stored(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=markets("coingecko"))
    simulator.set_clock(TICK - 3600)  # a cache that fell back an hour
    desk.tick(TICK + QUARTER, markets("coingecko"))
    skipped = desk.run("coingecko", TICK + QUARTER)["skipped"]
    assert skipped["time_went_back"] > 200
    assert len(desk.quotes(TICK + QUARTER)) + skipped["time_went_back"] == 250


@pytest.mark.parametrize("number", range(2))
def test_the_numbers_of_sources_do_not_depend_on_who_came_first(desk: Desk, number: int) -> None:
    sources = markets()
    desk.tick(sources=sources[number:], keys=KEYS)
    before = dict(desk.database.rows("SELECT source, source_no FROM sources"))
    desk.tick(TICK + QUARTER, sources, keys=KEYS)
    after = dict(desk.database.rows("SELECT source, source_no FROM sources"))
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == 4


# --- a provider that stays unwell --------------------------------------------------------------


def test_after_three_bad_ticks_one_request_tries_and_its_success_is_enough(
    desk: Desk, simulator: Simulator
) -> None:
    kraken = markets("kraken")
    simulator.fault(KRAKEN, "500")
    requests = []
    for number in range(5):
        desk.tick(TICK + number * QUARTER, kraken)
        requests.append(desk.run("kraken", TICK + number * QUARTER)["requests"])
    assert requests == [3, 3, 3, 1, 1]
    simulator.heal()
    desk.tick(TICK + 5 * QUARTER, kraken)
    assert desk.state("kraken") == ("ok", None)
    assert desk.database.rows("SELECT failures FROM sources") == [(0,)]


@pytest.mark.parametrize("fault", ["429_hour", "429_date"])
def test_an_hour_of_patience_is_kept_and_then_over(
    desk: Desk, simulator: Simulator, fault: str
) -> None:
    kraken = markets("kraken")
    simulator.fault(KRAKEN, fault)
    desk.tick(TICK, kraken)
    simulator.heal()
    asked = []
    for number in range(1, 6):
        simulator.forget_requests()
        desk.tick(TICK + number * QUARTER, kraken)
        asked.append(sum(simulator.requests(KRAKEN).values()))
    assert asked == [0, 0, 0, 1, 1]
    assert desk.state("kraken") == ("ok", None)
