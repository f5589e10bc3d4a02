"""The database refuses, the isolate dies: what was fetched is not lost and nothing is doubled."""

import threading
import time

import pytest

from tests.support.live import Live, eventually
from tools.pyworkers.errors import SetupError

pytestmark = pytest.mark.runtime

REFUSE = """
CREATE TRIGGER refuse_{table} BEFORE INSERT ON {table}
BEGIN SELECT RAISE(ABORT, 'D1 DB is overloaded'); END;
"""
STATES = "SELECT source, state FROM source_runs WHERE tick = ? AND state <> 'ok'"


def prices(live: Live, tick: int) -> list[tuple[str, int]]:
    return live.rows(
        "SELECT source, count(*) FROM market_data WHERE timestamp = ? GROUP BY 1 ORDER BY 1", tick
    )


def test_a_database_that_refuses_prices_mid_tick_gets_them_from_a_replay(live: Live) -> None:
    live.next_hour()
    live.write(REFUSE.format(table="market_data"))
    try:
        tick = live.next_tick()
    finally:
        live.write("DROP TRIGGER refuse_market_data")
    degraded = {source for source, _ in live.rows(STATES, tick)}
    assert degraded == {"coinbase", "coingecko", "coinmarketcap", "kraken"}
    assert prices(live, tick) == []
    assert live.rows(
        "SELECT count(*) > 100 FROM readings WHERE (id & 67108863) * 60 = ?", tick
    ) == [(1,)]
    reason = "SELECT DISTINCT reason FROM source_runs WHERE tick = ? AND state = 'degraded'"
    assert all("not stored: database" in text for (text,) in live.rows(reason, tick))
    live.system.ask("simulator", "/requests", method="DELETE")
    assert live.system.replay(tick)["rows_written"] > 500
    assert live.system.ask("simulator", "/requests") == {"requests": []}
    assert [name for name, _ in prices(live, tick)] == [
        "coinbase", "coingecko", "coinmarketcap", "consensus", "kraken",
    ]  # fmt: skip
    assert live.rows(STATES, tick) == []
    before = live.dump()
    live.system.replay(tick)
    live.system.tick(tick)
    assert live.dump() == before
    live.next_hour()


def test_a_database_that_refuses_the_records_does_not_stop_the_data(live: Live) -> None:
    live.write(REFUSE.format(table="source_runs"))
    try:
        tick = live.next_tick()
    finally:
        live.write("DROP TRIGGER refuse_source_runs")
    assert prices(live, tick)
    assert live.rows("SELECT count(*) FROM source_runs WHERE tick = ?", tick) == [(0,)]
    tick = live.next_tick()
    assert live.rows(STATES, tick) == []


def fire_in_vain(live: Live, tick: int) -> None:
    with pytest.raises((SetupError, OSError, ValueError)):
        live.system.tick(tick)


def test_an_isolate_that_is_killed_mid_tick_loses_nothing(live: Live) -> None:
    live.next_hour()
    live.fault("decrypt.co", "slow", seconds=30)
    live.time += 900
    live.set_clock(live.time)
    fired = threading.Thread(target=fire_in_vain, args=(live, live.time))
    fired.start()
    day_and_time = live.rows("SELECT strftime('%Y-%m-%d/%H%M/', ?, 'unixepoch')", live.time)[0][0]
    eventually(lambda: any(f"kraken/{day_and_time}" in key for key in live.objects()), 20)
    time.sleep(0.5)
    live.system.kill_worker("collection")
    fired.join(30)
    assert prices(live, live.time) == []
    live.heal()
    live.system.restart("collection")
    assert live.system.replay(live.time)["rows_written"] > 500
    assert [name for name, _ in prices(live, live.time)] == [
        "coinbase", "coingecko", "coinmarketcap", "consensus", "kraken",
    ]  # fmt: skip
    before = prices(live, live.time)
    live.system.tick(live.time)  # the feed that was slow comes now; nobody else is asked twice
    assert prices(live, live.time) == before
    assert live.rows(STATES, live.time) == []
    asked = live.rows(
        "SELECT count(*) FROM source_runs WHERE tick = ? AND source = 'decrypt'", live.time
    )
    assert asked == [(1,)]
