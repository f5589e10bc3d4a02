"""What is particular to CoinGecko's rows, beside the golden payloads."""

import json
from typing import Any

import pytest

from collection.sources.coingecko import parse_global, parse_history, parse_markets
from common.models import GlobalMarket, HistoryPoint, Quote
from common.times import iso
from tests.contract.offers import TICK

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


def page(*rows: dict[str, Any]) -> tuple[list[Any], dict[str, int]]:
    parsed = parse_markets(json.dumps(rows).encode(), TICK)
    return parsed.rows, dict(parsed.skipped)


ODD: dict[str, Any] = {
    "id": "odd", "symbol": "odd", "name": "Odd", "current_price": 1, "last_updated": "yesterday",
}  # fmt: skip
VALUES: dict[str, tuple[Any, ...]] = {
    "id": ("samplecoin", "", "twin"),
    "symbol": ("smp", " Mü ", " "),
    "name": ("Samplecoin", " "),
    "current_price": (2.5, "1e-9", None, 0, -1, "inf", "nan", 1e308),
    "market_cap": (1000, None, 0, -5, 1.6e12, 5e-324, "inf", 1e308),
    "total_volume": (10, None, 0, -5, 1e12, "inf", "nan", 1e308),
    "last_updated": (
        iso(TICK), iso(TICK - 21_600), iso(TICK - 21_601), iso(TICK + 600), iso(TICK + 601), None,
        iso(TICK + 600)[:-1] + ".999Z", iso(TICK - 21_600)[:-1] + ".5Z", iso(TICK + 86_400),
        "2026-11-20T13:59:00.5+02:00", iso(TICK - 86_400),
    ),
}  # fmt: skip


def test_a_page_with_an_odd_row_gives_the_same_other_rows() -> None:
    plain = {
        "id": "samplecoin", "symbol": "smp", "name": "Samplecoin", "current_price": 2.5,
        "market_cap": 1000, "total_volume": 10, "last_updated": iso(TICK),
    }  # fmt: skip
    rows = [{**plain, "id": "first"}]
    for name, values in VALUES.items():
        rows += [{**plain, "id": f"{name}-{n}", name: value} for n, value in enumerate(values)]
    swift, skipped = page(*rows)
    slow, skipped_too = page(*rows, ODD)
    assert slow == swift
    assert skipped_too == {**skipped, "bad_timestamp": 1}
    assert len(swift) + sum(skipped.values()) == len(rows)


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [("2026-11-20T11:59:21.999Z", -39), ("2026-11-20T12:09:59.999Z", 599),
     ("2026-11-20T13:59:00+02:00", -60), ("2026-11-20T06:00:00.000Z", -21_600)],
)  # fmt: skip
def test_a_stamp_is_the_second_it_falls_in(stamp: str, seconds: int) -> None:
    (row,), _ = quote(last_updated=stamp)
    assert row.observed_at == TICK + seconds


def test_a_stamp_without_an_offset_is_utc() -> None:
    (row,), _ = quote(last_updated="2026-11-20T11:59:00")
    assert row.observed_at == TICK - 60


def test_of_two_rows_of_one_coin_the_first_that_is_usable_stays() -> None:
    broken, good, again = ({"id": "a", "symbol": "a", "name": "A", "current_price": price,
                            "last_updated": iso(TICK)} for price in (None, 1.0, 2.0))  # fmt: skip
    (row,), skipped = page(broken, good, again)
    assert (row.price, skipped) == (1.0, {"no_price": 1, "duplicate": 1})


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
