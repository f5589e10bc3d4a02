"""The consensus price: what is used, what is rejected, and what is said of it."""

import random

import pytest

from collection.consensus import Consensus, Coverage, Price, agree

TICK = 1_795_176_000
COVERAGE: dict[str, Coverage] = {
    "gecko": "aggregate", "cap": "aggregate", "kraken": "venue", "coinbase": "venue",
}  # fmt: skip


def said(source: str, price: float, volume: float | None = 1e9, age: int = 60) -> Price:
    return Price(source, price, volume, None, TICK - age)


def agreed(*prices: Price) -> Consensus:
    found = agree(prices, COVERAGE, TICK)
    assert found is not None
    return found


def test_sources_of_equal_weight_meet_in_the_middle() -> None:
    assert agreed(said("gecko", 100.0), said("cap", 101.0)).price == 100.5


def test_the_price_at_which_half_of_the_volume_is_cheaper_is_taken() -> None:
    prices = (said("gecko", 100, 5e9), said("kraken", 101, 1e9), said("coinbase", 101.5, 2e9))
    assert agreed(*prices).price == 100
    lighter = (said("gecko", 100, 1e9), said("kraken", 101, 2e9), said("coinbase", 101.5, 2e9))
    assert agreed(*lighter).price == 101


def test_who_does_not_say_its_volume_weighs_as_little_as_the_least() -> None:
    prices = (said("gecko", 100, None), said("kraken", 101, 2e9), said("coinbase", 101.5, 1e9))
    assert agreed(*prices).price == 101


def test_without_any_volume_every_source_weighs_the_same() -> None:
    prices = (said("gecko", 100, None), said("kraken", 101, None), said("coinbase", 102, 0.0))
    assert agreed(*prices).price == 101


def test_one_wrong_decimal_point_does_not_move_the_price_and_is_named() -> None:
    right = agreed(said("gecko", 100), said("cap", 100.2))
    wrong = agreed(said("gecko", 100), said("cap", 100.2), said("kraken", 1000, 1e12))
    assert wrong.price == right.price
    assert wrong.inputs.rejected == {"kraken": "898 % above the median"}
    assert wrong.inputs.used == {"cap": 100.2, "gecko": 100}


def test_a_thin_market_may_be_wide() -> None:
    found = agreed(said("gecko", 100), said("cap", 103), said("kraken", 106))
    assert found.inputs.rejected == {}
    assert found.inputs.spread == pytest.approx(0.06)


def test_a_spread_of_two_percent_is_never_an_outlier() -> None:
    found = agreed(said("gecko", 100), said("cap", 100), said("kraken", 101.9))
    assert found.inputs.rejected == {}


def test_of_two_that_disagree_the_one_that_sees_more_of_the_market_counts() -> None:
    found = agreed(said("gecko", 100, 1e6), said("kraken", 110, 9e9))
    assert found.price == 100
    assert found.inputs.rejected == {"kraken": "10 % above gecko"}


def test_of_two_venues_that_disagree_the_larger_counts() -> None:
    found = agreed(said("kraken", 90, 1e6), said("coinbase", 100, 2e6))
    assert (found.price, found.inputs.rejected) == (100, {"kraken": "10 % below coinbase"})


def test_what_was_observed_half_an_hour_before_is_not_of_this_tick() -> None:
    found = agreed(said("gecko", 100, age=1801), said("cap", 105, age=1800))
    assert found.price == 105
    assert found.inputs.rejected == {"gecko": "observed 30 minutes before"}


def test_without_a_fresh_source_there_is_no_consensus() -> None:
    assert agree([said("gecko", 100, age=4000), said("cap", 100, age=9000)], COVERAGE, TICK) is None


def test_volume_is_the_median_of_those_that_count_everything() -> None:
    found = agreed(said("gecko", 100, 10.0), said("cap", 100, 14.0), said("kraken", 100, 3.0))
    assert found.volume_24h == 12.0


def test_where_only_venues_are_collected_their_volumes_add_up() -> None:
    prices = (said("kraken", 100, 3.0), said("coinbase", 100, 4.0))
    found = agree(prices, {"kraken": "venue", "coinbase": "venue"}, TICK)
    assert found is not None
    assert found.volume_24h == 7.0


def test_a_few_venues_do_not_stand_in_for_the_market() -> None:
    assert agreed(said("kraken", 100, 3.0), said("coinbase", 100, 4.0)).volume_24h is None


def test_a_rejected_source_gives_no_volume_either() -> None:
    found = agreed(said("gecko", 100, 10.0), said("cap", 500, 90.0), said("kraken", 100, 1.0))
    assert found.volume_24h == 10.0


def test_market_capitalisation_is_the_median_of_those_that_know_it() -> None:
    one = Price("gecko", 100, 1.0, 5e9, TICK)
    two = Price("cap", 100, 1.0, 7e9, TICK - 60)
    found = agreed(one, two, said("kraken", 100))
    assert (found.market_cap, found.observed_at) == (6e9, TICK)


def test_the_order_of_the_sources_does_not_matter() -> None:
    rng = random.Random(7)
    for _ in range(200):
        names = rng.sample(sorted(COVERAGE), rng.randint(2, 4))
        prices = [said(name, rng.uniform(90, 110), rng.choice([None, 1e6, 5e6])) for name in names]
        shuffled = rng.sample(prices, len(prices))
        assert agree(prices, COVERAGE, TICK) == agree(shuffled, COVERAGE, TICK)


def test_the_price_lies_between_those_used_and_scales_with_them() -> None:
    rng = random.Random(8)
    for _ in range(200):
        prices = [said(name, rng.uniform(99, 101), rng.uniform(1, 9)) for name in sorted(COVERAGE)]
        found = agreed(*prices)
        assert min(found.inputs.used.values()) <= found.price <= max(found.inputs.used.values())
        larger = agreed(*(one._replace(price=one.price * 1024) for one in prices))
        assert larger.price == pytest.approx(found.price * 1024)
        assert larger.inputs.rejected.keys() == found.inputs.rejected.keys()
