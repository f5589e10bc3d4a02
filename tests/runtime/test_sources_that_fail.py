"""Faults of the providers, seen from outside: every fault at every provider.

Each round switches one fault on at a third of the providers, on the hour, when
all of them are asked. What the others gave must be stored, the failed ones
must be named in /health with their last success, and the next good tick
must heal them.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from collection.sources import SOURCES
from common.times import iso
from tests.support.live import Live

pytestmark = pytest.mark.runtime

COINGECKO = "api.coingecko.com"
HOSTS = {
    source.name: sorted({urlsplit(endpoint.url).netloc for endpoint in source.endpoints})
    for source in SOURCES
}
NAMES = sorted(HOSTS)
FEEDS = {"bitcoin_magazine", "coindesk", "cointelegraph", "decrypt", "theblock"}
# Whose bodies say when they were made, so that yesterday's are known for it.
STAMPED = {"coingecko", "coinmarketcap"}
FAULTS = ("down", "slow", "429_hour", "cut", "stale", "type_change", "error_in_200")


def must_notice(source: str, fault: str) -> bool:
    """Whether a fault makes a source's answer unusable; else its rows are as good as others'."""
    if fault == "stale":
        return source in STAMPED
    return not (fault == "type_change" and source in FEEDS)


@pytest.fixture(autouse=True)
def healed(live: Live) -> Iterator[None]:
    yield
    live.heal()
    live.next_hour()  # whoever asked for an hour's patience has had it
    states = live.rows("SELECT source, state, reason FROM sources WHERE state <> 'ok'")
    assert states == [], "the next good tick heals every source"


@pytest.mark.parametrize("third", [0, 1, 2])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_third_of_the_providers_fails_and_the_rest_is_stored(
    live: Live, fault: str, third: int
) -> None:
    failing = NAMES[third::3]
    for source in failing:
        for host in HOSTS[source]:
            live.fault(host, fault, seconds=60)
    before = dict(live.rows("SELECT source, last_success FROM sources"))
    tick = live.next_hour()
    runs = {
        source: (state, stored, fetched)
        for source, state, stored, fetched in live.rows(
            "SELECT source, state, stored, fetched + (not_modified = 0) FROM source_runs"
            " WHERE tick = ?", tick,
        )
    }  # fmt: skip
    for source in NAMES:
        if source not in failing:
            assert runs[source][0] == "ok", source
    # Of a feed that has nothing new there is no body to cut or to change.
    noticed = {source for source in failing if must_notice(source, fault) and runs[source][2]}
    degraded = {source for source, (state, *_) in runs.items() if state == "degraded"}
    assert noticed <= degraded
    apis = live.get("api", "/health").json()["services"]["external_apis"]
    assert apis.startswith("degraded: " if degraded else "healthy")
    told = dict(re.findall(r"(\w+) \(last success ([^)]+)\)", apis))
    assert told == {source: iso(before[source]) for source in degraded}
    for source in degraded & noticed:
        stored = runs[source][1]
        assert stored == 0 or fault in ("type_change", "stale"), source
    dump = live.dump()
    if fault != "slow":
        live.heal()
        live.system.tick(tick)  # the same tick again: what failed comes, nothing is doubled
        after = live.dump()
        for table in ("market_data", "readings", "news_items", "news_mentions"):
            stored = {row for row in dump[table] if "consensus" not in row}
            assert stored <= set(after[table]), table


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", "markets: HTTP 429"),
        ("500", "markets: HTTP 500"),
        ("html_error", "markets: HTTP 503"),
        ("not_json", "markets: not JSON"),
        ("oversize", "markets: body over 8,000,000 bytes"),
        ("stale", "markets: no usable row, most were stale"),
    ],
)
def test_the_reason_of_a_failure_is_said(live: Live, fault: str, expected: str) -> None:
    live.fault(COINGECKO, fault)
    tick = live.next_tick()
    [(state, reason)] = live.rows(
        "SELECT state, reason FROM source_runs WHERE source = 'coingecko' AND tick = ?", tick
    )
    assert (state, reason) == ("degraded", expected)


def test_prices_go_on_without_the_source_that_names_the_assets(live: Live) -> None:
    live.fault(COINGECKO, "down")
    tick = live.next_tick()
    sources = live.rows(
        "SELECT source, count(*) FROM market_data WHERE timestamp = ? GROUP BY 1 ORDER BY 1", tick
    )
    assert [name for name, _ in sources] == ["coinbase", "coinmarketcap", "consensus", "kraken"]
    told = live.api("/api/v1/market-data/BTC").json()["data"]
    assert set(told["consensus"]["used"]) == {"coinbase", "coinmarketcap", "kraken"}


def test_a_source_that_is_far_off_is_named_and_does_not_move_the_price(live: Live) -> None:
    live.fault("api.kraken.com", "stale")
    live.plant("jump", "bitcoin", live.time + 300, 0.12)
    tick = live.next_tick()
    [(price, inputs)] = live.rows(
        "SELECT price, inputs FROM market_data WHERE asset_id = 'bitcoin' AND timestamp = ?"
        " AND source = 'consensus'", tick,
    )  # fmt: skip
    found = json.loads(inputs)
    assert "below the median" in found["rejected"]["kraken"]
    assert min(found["used"].values()) <= price <= max(found["used"].values())


def test_rows_without_a_price_are_skipped_and_counted_and_the_rest_is_stored(live: Live) -> None:
    live.fault(COINGECKO, "null_heavy", path="/coins/markets")
    tick = live.next_tick()
    [(stored,)] = live.rows(
        "SELECT count(*) FROM market_data WHERE timestamp = ? AND source = 'coingecko'", tick
    )
    [(skipped,)] = live.rows(
        "SELECT skipped FROM source_runs WHERE source = 'coingecko' AND tick = ?", tick
    )
    assert json.loads(skipped)["no_price"] > 0
    assert stored + json.loads(skipped)["no_price"] == 250


def test_a_source_that_recovers_within_the_tick_is_not_degraded(live: Live) -> None:
    live.fault(COINGECKO, "500", times=1)
    tick = live.next_tick()
    states = live.rows("SELECT DISTINCT state FROM source_runs WHERE tick = ?", tick)
    assert states == [("ok",)]


def test_a_provider_that_asks_for_an_hour_is_not_called_during_it(live: Live) -> None:
    live.fault("api.kraken.com", "429_hour")
    tick = live.next_tick()
    live.system.ask("simulator", "/requests", method="DELETE")
    live.heal()
    for _ in range(3):
        live.next_tick()
    assert live.system.ask("simulator", "/requests?host=api.kraken.com") == {"requests": []}
    [(reason,)] = live.rows("SELECT reason FROM sources WHERE source = 'kraken'")
    assert reason == f"asked not to be called before {iso(tick + 3600)}"
    live.next_tick()
    assert live.rows("SELECT state FROM sources WHERE source = 'kraken'") == [("ok",)]


def test_a_provider_that_stays_down_is_only_probed_and_heals_at_once(live: Live) -> None:
    live.fault("api.kraken.com", "500")
    for _ in range(3):
        live.next_tick()
    live.system.ask("simulator", "/requests", method="DELETE")
    live.next_tick()
    [asked] = live.system.ask("simulator", "/requests?host=api.kraken.com")["requests"]
    assert asked["count"] == 1
    live.heal()
    live.next_tick()
    assert live.rows("SELECT state FROM sources WHERE source = 'kraken'") == [("ok",)]


def test_every_source_down_at_once_loses_no_tick(live: Live) -> None:
    for hosts in HOSTS.values():
        for host in hosts:
            live.fault(host, "down")
    tick = live.next_hour()
    states = live.rows("SELECT state, count(*) FROM source_runs WHERE tick = ? GROUP BY 1", tick)
    assert states == [("degraded", len(SOURCES))]
    health = live.get("api", "/health").json()
    assert health["services"]["external_apis"].startswith("unhealthy: ")
