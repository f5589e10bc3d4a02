"""What is particular to CoinGecko's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.coingecko import parse_global, parse_history, parse_markets
from common.models import GlobalMarket, HistoryPoint, Quote
from common.times import iso
from tests.collection.desk import TICK

DAY = 86_400


def quote(**values: Any) -> tuple[list[Quote], dict[str, int]]:
    row = {
        "id": "samplecoin", "symbol": "smp", "name": "Samplecoin", "current_price": 2.5,
        "market_cap": 1000, "total_volume": 10, "last_updated": iso(TICK), **values,
    }  # fmt: skip
    parsed = parse_markets(json.dumps([row]).encode(), TICK)
    return [row for row in parsed.rows if isinstance(row, Quote)], dict(parsed.skipped)


def history(*prices: Any, **more: Any) -> tuple[list[HistoryPoint], dict[str, int]]:
    chart = {"prices": prices, "market_caps": [], "total_volumes": [], **more}
    parsed = parse_history(json.dumps(chart).encode(), TICK, "samplecoin")
    return [row for row in parsed.rows if isinstance(row, HistoryPoint)], dict(parsed.skipped)


def test_a_market_cap_on_next_to_no_volume_is_an_entry_error() -> None:
    assert quote(market_cap=3.3e12, total_volume=5.4) == ([], {"implausible_market_cap": 1})
    assert len(quote(market_cap=3.3e12, total_volume=1e6)[0]) == 1
    assert len(quote(market_cap=1e9, total_volume=0)[0]) == 1


def test_an_unknown_volume_is_no_sign_of_an_entry_error() -> None:
    (row,), skipped = quote(market_cap=1.6e12, total_volume=None)
    assert (row.volume_24h, row.market_cap, skipped) == (None, 1.6e12, {})


def test_an_endless_volume_is_unknown() -> None:
    (row,), _ = quote(total_volume="inf")
    assert row.volume_24h is None


def test_a_change_that_is_no_number_is_unknown() -> None:
    data = {"total_market_cap": {"usd": 1}, "total_volume": {"usd": 1}, "market_cap_percentage": {}}
    body = json.dumps({"data": {**data, "market_cap_change_percentage_24h_usd": "nan"}}).encode()
    (row,) = parse_global(body, TICK).rows
    assert isinstance(row, GlobalMarket)
    assert row.market_cap_change_24h is None


def test_history_takes_the_first_point_of_every_quarter_hour() -> None:
    start = (TICK - DAY) * 1000
    points, skipped = history(*([start + n * 300_000 + 17, 10.0 + n] for n in range(7)))
    assert [(p.timestamp - (TICK - DAY), p.price) for p in points] == [
        (0, 10.0), (900, 13.0), (1800, 16.0),
    ]  # fmt: skip
    assert skipped == {"off_grid": 4}


def test_history_ends_before_the_tick() -> None:
    points, skipped = history([(TICK - 1) * 1000, 1.0], [TICK * 1000, 2.0])
    assert [point.timestamp for point in points] == [TICK - 900]
    assert skipped == {"not_past": 1}


def test_history_joins_volume_and_market_cap_by_their_time() -> None:
    at = (TICK - DAY) * 1000
    (point,), _ = history([at, 1.0], total_volumes=[[at, 5.0]], market_caps=[[at + 1000, 7.0]])
    assert (point.volume_24h, point.market_cap) == (5.0, None)


@pytest.mark.parametrize("volume", [-4, "inf", "nan"])
def test_history_holds_no_volume_that_cannot_be(volume: Any) -> None:
    at = (TICK - DAY) * 1000
    (point,), _ = history([at, 1.0], total_volumes=[[at, volume]])
    assert point.volume_24h is None


@pytest.mark.parametrize("stamp", [0, -5_000])
def test_history_from_before_there_were_coins_is_not_history(stamp: int) -> None:
    points, skipped = history([stamp, 1.0], [(TICK - DAY) * 1000, 2.0])
    assert [point.timestamp for point in points] == [TICK - DAY]
    assert sum(skipped.values()) == 1


def test_a_time_that_is_no_number_costs_its_point() -> None:
    points, skipped = history(["nan", 1.0], ["inf", 1.0], [(TICK - DAY) * 1000, 2.0])
    assert (len(points), sum(skipped.values())) == (1, 2)
