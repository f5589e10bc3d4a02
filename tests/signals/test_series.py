"""Stored rows as points: what a point carries, what its evidence is, when it was known."""

import math

import pytest

from signals import market, series
from signals.detectors.base import MarketPoint, NewsPoint, ReadingPoint, SourceQuote, SourcesPoint
from signals.series import Asset, Observation, Read, Series, Told

QUARTER = market.QUARTER
TICK = 1_760_000_400 // QUARTER * QUARTER


def price(at: int, value: float, source: str = "consensus") -> Observation:
    return Observation(TICK + at * QUARTER, value, 5e6, 9e8, TICK + at * QUARTER - 30, source)


def story(published: int, tick: int, tone: float = 0.5, name: str = "n") -> Told:
    return Told(TICK + published, TICK + tick, tone, "coindesk", name)


def asset(number: int, *prices: Observation, **more: object) -> Asset:
    return Asset(number, f"coin-{number}", f"C{number}", list(prices), **more)  # type: ignore[arg-type]


def whole(*assets: Asset) -> market.Market:
    found = market.moves([(one.time, one.price) for one in each.prices] for each in assets)
    return market.Market(market.levels(found, None), found)


def test_a_price_carries_the_markets_move_over_its_own_step() -> None:
    ten = [asset(n, price(0, 10.0), price(1, 11.0)) for n in range(10)]
    alone = asset(99, price(0, 10.0), price(3, 5.0))
    made = series.market_series([*ten, alone], whole(*ten, alone))
    first, second = (item.point for item in made[3].items)
    assert first == MarketPoint(TICK, 10.0, 5e6, None, 9e8, None)
    assert second == MarketPoint(TICK + QUARTER, 11.0, 5e6, round(math.log(1.1), 12), 9e8, 0.0)
    assert [item.point.market_return for item in made[10].items] == [None, None]


def test_a_price_is_known_at_its_tick_and_is_its_own_evidence() -> None:
    (made,) = series.market_series([asset(7, price(0, 10.0))], whole())
    assert (made.number, made.key, made.asset_id, made.symbol) == (7, "coin-7", "coin-7", "C7")
    (item,) = made.items
    assert (item.tick, item.inputs, item.fresh) == (TICK, (price(0, 10.0),), True)


def test_the_market_is_a_series_of_its_own() -> None:
    level = market.Level(TICK, math.log(1.2), 0.01, 40)
    made = series.whole_market([level])
    assert (made.key, made.asset_id, made.symbol) == ("market", "market", "MARKET")
    (item,) = made.items
    assert item.point == MarketPoint(TICK, market.index(math.log(1.2)), None)
    assert item.point.price == pytest.approx(1200)
    assert (item.tick, item.inputs) == (TICK, (level,))


def test_a_story_is_known_when_it_was_collected_not_when_it_was_published() -> None:
    (made,) = series.news_series([asset(1, stories=[story(-600, 0, -0.25)])])
    (item,) = made.items
    assert item.point == NewsPoint(TICK - 600, -0.25, "coindesk")
    assert (item.tick, item.fresh) == (TICK, True)


@pytest.mark.parametrize(("age", "fresh"), [(4 * 3600 - 1, True), (4 * 3600, False)])
def test_a_story_of_four_hours_is_no_news(age: int, fresh: bool) -> None:
    (made,) = series.news_series([asset(1, stories=[story(-age, 0)])])
    assert made.items[0].fresh is fresh


def test_the_evidence_of_a_story_is_it_and_the_nine_before() -> None:
    stories = [story(n, 900, name=str(n)) for n in range(15)]
    (made,) = series.news_series([asset(1, stories=stories)])
    assert made.items[14].inputs == stories[5:15]
    assert made.items[2].inputs == stories[:3]


def test_an_asset_without_stories_or_quotes_is_no_series_of_them() -> None:
    bare = [asset(1, price(0, 10.0))]
    assert series.news_series(bare) == []
    assert series.source_series(bare) == []


def test_what_sources_said_at_a_tick_is_one_point() -> None:
    said = [SourceQuote("kraken", 10.0, TICK - 5), SourceQuote("coinbase", 10.1, TICK - 9)]
    (made,) = series.source_series([asset(1, quotes=[(TICK, said)])])
    assert [(i.point, i.tick, i.inputs) for i in made.items] == [
        (SourcesPoint(TICK, tuple(said)), TICK, said)
    ]


def test_a_source_that_is_wrong_for_most_assets_is_told_once_and_not_for_each() -> None:
    def said(tick: int, at: int) -> list[SourceQuote]:
        still = SourceQuote("kraken", 10.0, TICK)  # the same price and stamp again
        price = 10 + at / 1000
        return [still, SourceQuote("coinbase", price, tick), SourceQuote("coingecko", price, tick)]

    quotes = [(TICK + at * QUARTER, said(TICK + at * QUARTER, at)) for at in (0, 1)]
    *each, everything = series.source_series([asset(n, quotes=quotes) for n in range(10)])
    assert {one.items[1].point.troubled for one in each} == {("kraken",)}
    (item,) = everything.items
    assert (everything.key, everything.asset_id, item.tick) == ("sources", "market", TICK + QUARTER)
    few = series.source_series([asset(n, quotes=quotes) for n in range(9)])
    assert {one.items[1].point.troubled for one in few} == {()}, "most of few means nothing"


def rows(*paths: list[float]) -> list[tuple[Series, list[Read]]]:
    return [
        (
            Series(n, f"protocol_tvl:{n}", f"protocol_tvl:{n}", f"P{n}", []),
            [Read(TICK + at * QUARTER, value, "defillama") for at, value in enumerate(path)],
        )
        for n, path in enumerate(paths)
    ]


def test_a_reading_carries_the_common_move_of_its_kind() -> None:
    made = series.reading_series(rows(*[[100.0, 90.0]] * 10, [5.0, 1.0]))
    assert [item.point for item in made[10].items] == [
        ReadingPoint(TICK, 5.0, None),
        ReadingPoint(TICK + QUARTER, 1.0, math.log(90) - math.log(100)),
    ]
    assert made[10].items[1].inputs == (Read(TICK + QUARTER, 1.0, "defillama"),)


def test_a_reading_of_zero_is_a_point_but_no_part_of_the_common_move() -> None:
    made = series.reading_series(rows(*[[100.0, 90.0]] * 10, [5.0, 0.0], [0.0, 5.0]))
    assert [one.items[1].point.value for one in made[10:]] == [0.0, 5.0]
    assert made[0].items[1].point.common_return == pytest.approx(math.log(0.9))


def test_few_readings_have_no_common_move() -> None:
    made = series.reading_series(rows(*[[100.0, 90.0]] * 9))
    assert [one.items[1].point.common_return for one in made] == [None] * 9


def test_a_source_that_drops_out_or_comes_back_is_no_trading() -> None:
    one = asset(1, price(0, 10.0), price(1, 10.0), price(2, 10.0))._replace(
        volumes={
            TICK: {"coingecko": 100.0, "coinmarketcap": 108.0},
            TICK + QUARTER: {"coinmarketcap": 109.0},
            TICK + 2 * QUARTER: {"coingecko": 102.0, "coinmarketcap": 110.0},
        }
    )
    (made,) = series.market_series([one], market.Market([], {}))
    told = [(item.point.volume_24h, item.point.volume_before) for item in made.items[1:]]
    assert told == [(109.0, 108.0), (110.0, 109.0)]


def test_a_volume_that_no_source_told_before_is_not_known() -> None:
    one = asset(1, price(0, 10.0), price(1, 10.0))._replace(
        volumes={TICK: {"coingecko": 100.0}, TICK + QUARTER: {"coinmarketcap": 109.0}}
    )
    (made,) = series.market_series([one], market.Market([], {}))
    assert (made.items[1].point.volume_24h, made.items[1].point.volume_before) == (None, None)
