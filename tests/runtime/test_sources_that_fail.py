"""Faults of a provider, seen from outside: one bad source, the others stored, health honest."""

from collections.abc import Iterator

import pytest

from tests.support.live import Live

pytestmark = pytest.mark.runtime

COINGECKO, COINDESK = "api.coingecko.com", "www.coindesk.com"


@pytest.fixture(autouse=True)
def healed(live: Live) -> Iterator[None]:
    yield
    live.heal()
    live.next_tick()
    states = live.rows("SELECT DISTINCT state FROM sources")
    assert states == [("ok",)], "the next good tick heals every source"


def reason(live: Live, source: str, tick: int) -> str:
    [(state, text)] = live.rows(
        "SELECT state, reason FROM source_runs WHERE source = ? AND tick = ?", source, tick
    )
    assert state == "degraded"
    return str(text)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", "markets: HTTP 429"),
        ("500", "markets: HTTP 500"),
        ("html_error", "markets: HTTP 503"),
        ("not_json", "markets: not JSON"),
        ("cut", "markets: "),
        ("down", "markets: connection failed"),
        ("oversize", "markets: body over 8,000,000 bytes"),
        ("stale", "markets: no usable row, most were stale"),
    ],
)
def test_a_market_source_that_fails_is_degraded_and_the_news_are_stored(
    live: Live, fault: str, expected: str
) -> None:
    live.fault(COINGECKO, fault)
    tick = live.next_tick()
    assert reason(live, "coingecko", tick).startswith(expected)
    assert live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick) == [(0,)]
    others = live.rows("SELECT count(*) FROM source_runs WHERE tick = ? AND state = 'ok'", tick)
    assert others == [(4,)]
    health = live.get("api", "/health").json()
    assert health["status"] == "degraded"
    assert health["services"]["external_apis"] == "degraded"


def test_a_slow_source_is_given_up_at_its_deadline_and_the_tick_goes_on(live: Live) -> None:
    live.fault(COINDESK, "slow", seconds=60)
    tick = live.next_tick()
    assert "deadline" in reason(live, "coindesk", tick)
    assert live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick) == [(250,)]


def test_rows_without_a_price_are_skipped_and_counted_and_the_rest_is_stored(live: Live) -> None:
    import json

    live.fault(COINGECKO, "null_heavy", path="/coins/markets")
    tick = live.next_tick()
    [(stored,)] = live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick)
    [(skipped,)] = live.rows(
        "SELECT skipped FROM source_runs WHERE source = 'coingecko' AND tick = ?", tick
    )
    counts = json.loads(skipped)
    assert counts["no_price"] > 0
    assert stored + sum(counts.values()) == 250


def test_a_source_that_recovers_within_the_tick_is_not_degraded(live: Live) -> None:
    live.fault(COINGECKO, "500", times=1)
    tick = live.next_tick()
    assert live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick) == [(250,)]


def test_the_same_tick_again_fills_the_hole_of_a_failed_source(live: Live) -> None:
    live.fault(COINGECKO, "500")
    tick = live.next_tick()
    assert live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick) == [(0,)]
    live.heal()
    live.system.tick(tick)
    assert live.rows("SELECT count(*) FROM market_data WHERE timestamp = ?", tick) == [(250,)]
    states = live.rows("SELECT DISTINCT state FROM source_runs WHERE tick = ?", tick)
    assert states == [("ok",)]


def test_every_source_down_at_once_loses_no_tick(live: Live) -> None:
    for host in (COINGECKO, COINDESK, "cointelegraph.com", "decrypt.co", "bitcoinmagazine.com"):
        live.fault(host, "down")
    tick = live.next_tick()
    states = live.rows("SELECT state, count(*) FROM source_runs WHERE tick = ? GROUP BY 1", tick)
    assert states == [("degraded", 5)]
    assert live.get("api", "/health").json()["services"]["external_apis"] == "unhealthy"
