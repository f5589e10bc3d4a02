"""The past of new assets: a few each tick, never twice, never lost."""

import httpx
import pytest

from tests.collection.desk import QUARTER, TICK, Desk, only
from tests.support.simulator import GECKO, Simulator

GECKO_ONLY = only("coingecko")
DAY = 86_400


def with_history(desk: Desk) -> list[str]:
    rows = desk.database.rows(
        "SELECT asset_id FROM assets WHERE history_from IS NOT NULL ORDER BY asset_no"
    )
    return [asset for (asset,) in rows]


def in_order(desk: Desk) -> list[str]:
    rows = desk.database.rows("SELECT asset_id FROM assets ORDER BY asset_no")
    return [asset for (asset,) in rows]


def chart(asset: str) -> str:
    return f"/api/v3/coins/{asset}/market_chart"


def test_the_largest_assets_come_first_and_no_more_than_the_limit(
    desk: Desk, simulator: Simulator
) -> None:
    summary = desk.tick(sources=GECKO_ONLY, history=7)
    assert with_history(desk) == in_order(desk)[:7]
    assert summary.history_missing == 1  # at least one more: counted up to the limit and one
    asked = {path: n for path, n in simulator.requests(GECKO).items() if "chart" in path}
    assert asked == {chart(asset): 2 for asset in in_order(desk)[:7]}


def test_every_tick_goes_on_where_the_last_one_stopped(desk: Desk, simulator: Simulator) -> None:
    for number in range(3):
        desk.tick(TICK + number * QUARTER, GECKO_ONLY, history=2)
        simulator.set_clock(TICK + (number + 1) * QUARTER)
    assert with_history(desk) == in_order(desk)[:6]


def test_a_limit_of_nothing_fetches_nothing(desk: Desk, simulator: Simulator) -> None:
    desk.tick(sources=GECKO_ONLY, history=0)
    assert not [path for path in simulator.requests(GECKO) if "chart" in path]


def test_history_is_two_weeks_hourly_and_one_day_by_quarter_hours(desk: Desk) -> None:
    desk.tick(sources=GECKO_ONLY, history=1)
    ((asset,), *_) = desk.database.rows("SELECT asset_id FROM assets ORDER BY asset_no")
    times = [time for (time,) in desk.database.rows(
        "SELECT timestamp FROM market_data WHERE asset_id = ? ORDER BY timestamp", asset
    )]  # fmt: skip
    assert times[0] == TICK - 14 * DAY
    assert times[-1] == TICK
    assert set(range(TICK - DAY, TICK + 1, QUARTER)) <= set(times)
    assert set(range(TICK - 14 * DAY, TICK, 3600)) <= set(times)
    assert len(times) == len(set(times)) == 13 * 24 + 24 * 4 + 1
    assert desk.count("assets", f"asset_id = '{asset}' AND history_from = {times[0]}") == 1
    assert desk.count("assets", f"asset_id = '{asset}' AND history_loaded_at = {TICK}") == 1


def test_history_does_not_touch_the_price_of_the_tick(desk: Desk, other_desk: Desk) -> None:
    desk.tick(sources=GECKO_ONLY, history=3)
    other_desk.tick(sources=GECKO_ONLY)
    assert desk.quotes() == other_desk.quotes()


def test_a_provider_that_fails_midway_loses_only_the_assets_it_failed(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=GECKO_ONLY)
    order = in_order(desk)
    simulator.fault(GECKO, "500", path=chart(order[2]))
    desk.tick(sources=GECKO_ONLY, history=10)
    assert with_history(desk) == [*order[:2], *order[3:10]]
    simulator.heal()
    simulator.set_clock(TICK + QUARTER)
    desk.tick(TICK + QUARTER, GECKO_ONLY, history=10)
    assert with_history(desk) == order[:19]


def test_half_a_history_is_not_taken_for_the_whole(desk: Desk, simulator: Simulator) -> None:
    desk.tick(sources=GECKO_ONLY)
    (first, *_) = in_order(desk)

    class SecondChartFails(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "days=14" in str(request.url):
                raise httpx.ConnectError("gone")
            return await super().handle_async_request(request)

    desk.transport = SecondChartFails(verify=False)
    desk.tick(sources=GECKO_ONLY, history=1)
    assert with_history(desk) == []
    assert desk.count("market_data") == 250
    desk.transport = None
    desk.tick(sources=GECKO_ONLY, history=1)
    assert with_history(desk) == [first]


@pytest.mark.parametrize("fault", ["429", "not_json", "cut", "down"])
def test_no_asset_is_marked_while_the_provider_is_unwell(
    desk: Desk, simulator: Simulator, fault: str
) -> None:
    simulator.fault(GECKO, fault, path="market_chart")
    summary = desk.tick(sources=GECKO_ONLY, history=3)
    assert with_history(desk) == []
    assert summary.history_missing == 4
    assert len(desk.quotes()) == 250


def test_an_asset_the_provider_does_not_know_is_marked_and_not_asked_for_again(
    desk: Desk, simulator: Simulator
) -> None:
    desk.database.connection.execute(
        "INSERT INTO assets (asset_id, symbol, name) VALUES ('nobody-knows', 'NBK', 'Nobody')"
    )
    desk.tick(sources=GECKO_ONLY, history=1)
    assert desk.count("assets", f"asset_id = 'nobody-knows' AND history_from = {TICK}") == 1
    simulator.forget_requests()
    desk.tick(sources=GECKO_ONLY, history=1)
    assert chart("nobody-knows") not in simulator.requests(GECKO)
    assert with_history(desk) == in_order(desk)[:2]


@pytest.mark.parametrize("status", [401, 403])
def test_a_provider_that_refuses_us_has_not_said_that_there_is_no_history(
    desk: Desk, status: int
) -> None:
    class Refusing(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if "market_chart" in str(request.url):
                return httpx.Response(status)
            return await super().handle_async_request(request)

    desk.transport = Refusing(verify=False)
    desk.tick(sources=GECKO_ONLY, history=2)
    assert with_history(desk) == []


def test_the_requests_of_history_are_counted_for_their_source(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=GECKO_ONLY, history=3)
    assert sum(simulator.requests(GECKO).values()) == 8
    assert desk.run("coingecko")["requests"] == 8


def test_without_a_source_of_history_nothing_is_marked(desk: Desk) -> None:
    desk.tick(sources=GECKO_ONLY)
    summary = desk.tick(TICK + QUARTER, only("decrypt"), history=3)
    assert with_history(desk) == []
    assert summary.history_missing == 4


def test_a_chart_that_runs_ahead_of_time_is_refused_and_asked_for_again(
    desk: Desk, simulator: Simulator
) -> None:
    desk.tick(sources=GECKO_ONLY)
    simulator.fault(GECKO, "future", path="market_chart")
    desk.tick(sources=GECKO_ONLY, history=5)
    assert with_history(desk) == []
    assert desk.count("market_data", f"timestamp < {TICK}") == 0
    simulator.heal()
    desk.tick(sources=GECKO_ONLY, history=5)
    assert len(with_history(desk)) == 5
