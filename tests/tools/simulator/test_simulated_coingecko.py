from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.tools.simulator.running import NOON, Simulator

NULLABLE_NUMBERS = {
    "current_price", "market_cap", "fully_diluted_valuation", "total_volume", "high_24h",
    "low_24h", "price_change_24h", "price_change_percentage_24h", "market_cap_change_24h",
    "market_cap_change_percentage_24h", "circulating_supply", "total_supply", "max_supply",
    "ath", "ath_change_percentage", "atl", "atl_change_percentage",
}  # fmt: skip
OTHERS = {
    "id", "symbol", "name", "image", "market_cap_rank", "ath_date", "atl_date", "roi",
    "last_updated",
}  # fmt: skip


def test_the_same_seed_and_instant_give_the_same_bytes(
    simulator: Simulator, same_seed: Simulator
) -> None:
    query = {"vs_currency": "usd", "per_page": 250, "sparkline": "true"}
    first = simulator.gecko("/coins/markets", **query)
    assert first.content == same_seed.gecko("/coins/markets", **query).content


def test_an_answer_does_not_depend_on_what_was_asked_before(
    simulator: Simulator, same_seed: Simulator
) -> None:
    simulator.set_clock("2026-11-21T12:00:00Z")
    simulator.markets()
    simulator.set_clock("2026-11-20T12:00:00Z")
    assert simulator.markets() == same_seed.markets()


def test_another_seed_is_another_market_of_the_same_coins(
    simulator: Simulator, other_seed: Simulator
) -> None:
    ours = {row["id"]: row["current_price"] for row in simulator.markets()}
    theirs = {row["id"]: row["current_price"] for row in other_seed.markets()}
    assert ours.keys() == theirs.keys()
    assert sum(ours[coin] != theirs[coin] for coin in ours) > 240


def test_a_market_row_has_exactly_the_fields_of_the_provider(simulator: Simulator) -> None:
    for row in simulator.markets():
        assert row.keys() == NULLABLE_NUMBERS | OTHERS
        for name in NULLABLE_NUMBERS:
            assert row[name] is None or type(row[name]) in (int, float), name
        assert row["symbol"] == row["symbol"].lower()
        assert row["roi"] is None or row["roi"].keys() == {"times", "currency", "percentage"}
        assert row["last_updated"].endswith("Z") and "." in row["last_updated"]


def test_numbers_keep_the_providers_traps(simulator: Simulator) -> None:
    rows = simulator.markets()
    assert {type(row["current_price"]) for row in rows} == {int, float}
    for name in ("max_supply", "fully_diluted_valuation", "roi", "total_supply"):
        nulls = sum(row[name] is None for row in rows)
        assert 0 < nulls < len(rows), name


def test_figures_of_a_row_agree_with_each_other(simulator: Simulator) -> None:
    for row in simulator.markets():
        assert row["low_24h"] <= row["current_price"] <= row["high_24h"] <= row["ath"]
        assert row["atl"] <= row["low_24h"]
        cap = row["current_price"] * row["circulating_supply"]
        assert row["market_cap"] == pytest.approx(cap, rel=1e-4)


def test_last_updated_is_recent_and_never_ahead_of_the_clock(simulator: Simulator) -> None:
    ages = [
        (datetime.fromisoformat(NOON) - datetime.fromisoformat(row["last_updated"])).total_seconds()
        for row in simulator.markets()
    ]
    assert min(ages) >= 0
    assert sum(age < 60 for age in ages) >= 249  # one coin may be stale


def test_two_coins_share_a_symbol_but_no_id_repeats(simulator: Simulator) -> None:
    rows = simulator.gecko("/coins/list").json()
    assert len(rows) == 255 == len({row["id"] for row in rows})
    assert len({row["symbol"] for row in rows}) == 253
    assert all(row.keys() == {"id", "symbol", "name"} for row in rows)


def test_pages_cut_the_list_without_gap_or_repeat_and_end_in_an_empty_one(
    simulator: Simulator,
) -> None:
    pages = [simulator.markets(per_page=100, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [100, 100, 55, 0]
    together = [row["id"] for page in pages for row in page]
    whole = [*simulator.markets(), *simulator.markets(page=2)]  # pages of 250
    assert together == [row["id"] for row in whole]


def test_the_default_page_holds_100_coins_by_market_capitalisation(simulator: Simulator) -> None:
    rows = simulator.gecko("/coins/markets", vs_currency="usd").json()
    assert [row["market_cap_rank"] for row in rows] == list(range(1, 101))
    assert all(a["market_cap"] >= b["market_cap"] for a, b in pairwise(rows))


@pytest.mark.parametrize(
    ("order", "key", "reverse"),
    [("volume_desc", "total_volume", True), ("id_asc", "id", False), ("id_desc", "id", True)],
)
def test_rows_come_in_the_order_asked_for(
    simulator: Simulator, order: Any, key: str, reverse: bool
) -> None:
    values = [row[key] for row in simulator.markets(order=order)]
    assert values == sorted(values, reverse=reverse)


def test_ids_select_coins_and_unknown_ones_are_left_out(simulator: Simulator) -> None:
    rows = simulator.markets(ids="harmony,the-sandbox,no-such-coin")
    assert {row["symbol"] for row in rows} == {"one", "sand"}


def test_sparkline_and_changes_are_there_only_when_asked_for(simulator: Simulator) -> None:
    (row,) = simulator.markets(ids="bitcoin", sparkline="true", price_change_percentage="1h,24h,7d")
    spark = row["sparkline_in_7d"]["price"]
    assert len(spark) == 168
    assert row["price_change_percentage_24h_in_currency"] == pytest.approx(
        row["price_change_percentage_24h"], abs=1e-4
    )
    assert {"price_change_percentage_1h_in_currency", "price_change_percentage_7d_in_currency"} <= (
        row.keys()
    )


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({}, "vs_currency"),
        ({"vs_currency": "usd", "per_page": "251"}, "per_page"),
        ({"vs_currency": "usd", "per_page": "x"}, "per_page"),
        ({"vs_currency": "usd", "page": "0"}, "page"),
        ({"vs_currency": "usd", "order": "up"}, "order"),
        ({"vs_currency": "usd", "price_change_percentage": "2h"}, "price_change_percentage"),
        ({"vs_currency": "zzz"}, "vs_currency"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    simulator: Simulator, params: dict[str, Any], word: str
) -> None:
    answer = simulator.gecko("/coins/markets", **params)
    assert answer.status_code == 422
    assert word in answer.json()["error"]


@pytest.mark.parametrize(
    ("days", "step", "points"), [(1, 300, 289), (2, 3600, 49), (90, 3600, 2161), (120, 86400, 121)]
)
def test_a_chart_is_finer_the_shorter_it_is(
    simulator: Simulator, days: int, step: int, points: int
) -> None:
    simulator.set_clock("2026-11-20T12:01:07Z")
    chart = simulator.gecko("/coins/bitcoin/market_chart", vs_currency="usd", days=days).json()
    stamps = [stamp for stamp, _ in chart["prices"]]
    assert len(stamps) == points
    assert all(stamp % (step * 1000) == 0 for stamp in stamps[:-1])
    assert {b - a for a, b in pairwise(stamps[:-1])} == {step * 1000}


def test_a_chart_ends_with_the_present_moment_off_the_grid(simulator: Simulator) -> None:
    simulator.set_clock("2026-11-20T12:01:07Z")
    chart = simulator.gecko("/coins/bitcoin/market_chart", vs_currency="usd", days=3).json()
    moment = int(datetime.fromisoformat("2026-11-20T12:01:07Z").timestamp() * 1000)
    for series in ("prices", "market_caps", "total_volumes"):
        assert chart[series][-1][0] == moment
    row = simulator.row("bitcoin")
    assert chart["prices"][-1][1] == pytest.approx(row["current_price"], rel=1e-5)
    assert chart["total_volumes"][-1][1] == pytest.approx(row["total_volume"], rel=1e-5)


def test_hourly_points_can_be_asked_for_on_a_short_chart(simulator: Simulator) -> None:
    chart = simulator.gecko(
        "/coins/bitcoin/market_chart", vs_currency="usd", days=1, interval="hourly"
    ).json()
    assert len(chart["prices"]) == 25


def test_an_unknown_coin_is_a_404_in_the_providers_words(simulator: Simulator) -> None:
    answer = simulator.gecko("/coins/nope/market_chart", vs_currency="usd", days=1)
    assert (answer.status_code, answer.json()) == (404, {"error": "coin not found"})


@pytest.mark.parametrize("days", ["0", "366", "max", ""])
def test_a_chart_of_impossible_length_is_refused(simulator: Simulator, days: int) -> None:
    answer = simulator.gecko("/coins/bitcoin/market_chart", vs_currency="usd", days=days)
    assert answer.status_code == 422


def test_global_totals_are_the_sums_of_the_market(simulator: Simulator) -> None:
    data = simulator.gecko("/global").json()["data"]
    rows = simulator.markets()
    assert data["total_market_cap"]["usd"] == pytest.approx(
        sum(row["market_cap"] for row in rows), rel=1e-6
    )
    assert data["total_volume"]["usd"] == pytest.approx(
        sum(row["total_volume"] for row in rows), rel=1e-6
    )
    assert data["updated_at"] == int(datetime.fromisoformat(NOON).timestamp())
    assert data["market_cap_percentage"]["btc"] > 40


def test_ping_answers(simulator: Simulator) -> None:
    assert "gecko_says" in simulator.gecko("/ping").json()


def test_an_unknown_path_of_a_provider_is_a_404(simulator: Simulator) -> None:
    assert simulator.gecko("/no/such/path").status_code == 404


def test_an_unknown_host_is_told_which_hosts_there_are(simulator: Simulator) -> None:
    answer = simulator.http.get("/api.example.com/v1/x")
    assert answer.status_code == 404
    assert "api.coingecko.com" in answer.text
