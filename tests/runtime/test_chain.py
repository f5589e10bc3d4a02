"""The whole chain on workerd: cron → fetch → D1 → RPC → detect → hub → socket."""

import json
from typing import Any

import pytest
from websockets.sync.client import connect

from collection.sources import SOURCES
from tests.support.live import START, Live, eventually

pytestmark = pytest.mark.runtime

PRICES = "SELECT count(*) FROM market_data WHERE timestamp = ? AND source = 'coingecko'"


def socket_address(live: Live, path: str = "/live") -> str:
    return live.system.ports.address("dashboard").replace("http", "ws") + path


def test_a_tick_stores_one_price_for_every_asset_at_the_scheduled_time(live: Live) -> None:
    tick = live.next_tick()
    stored = live.rows(
        "SELECT source, count(*), min(price) > 0 FROM market_data WHERE timestamp = ?"
        " GROUP BY source ORDER BY source", tick,
    )  # fmt: skip
    assert stored == [
        ("coinbase", 54, 1), ("coingecko", 250, 1), ("coinmarketcap", 250, 1),
        ("consensus", 250, 1), ("kraken", 62, 1),
    ]  # fmt: skip
    assert live.rows(PRICES, tick) == [(250,)]
    assert live.rows("SELECT count(*) FROM market_global WHERE timestamp = ?", tick) == [(1,)]


def test_every_source_runs_well_on_the_hour_and_what_it_gave_is_stored(live: Live) -> None:
    tick = live.next_hour()
    runs = live.rows(
        "SELECT source, state, reason, parsed, stored, fetched + not_modified, started_at"
        " FROM source_runs WHERE tick = ? ORDER BY 1", tick,
    )  # fmt: skip
    assert [name for name, *_ in runs] == sorted(source.name for source in SOURCES)
    for name, state, reason, parsed, stored, answers, started_at in runs:
        assert (state, reason) == ("ok", None), name
        assert 0 <= stored <= parsed, name
        assert answers > 0, name
        assert started_at > START
    kinds = live.rows(
        "SELECT DISTINCT s.kind FROM series s JOIN readings r ON r.id >> 26 = s.series_no"
        " WHERE (r.id & 67108863) * 60 = ?", tick,
    )  # fmt: skip
    assert {kind for (kind,) in kinds} >= {
        "protocol_tvl", "chain_tvl", "dex_volume", "pool", "yield", "stablecoin", "trending",
        "bitcoin_fee", "gas_price", "block_height", "fear_greed",
    }  # fmt: skip


def test_a_consensus_says_what_it_was_made_of(live: Live) -> None:
    tick = live.next_tick()
    [(price, inputs)] = live.rows(
        "SELECT price, inputs FROM market_data WHERE asset_id = 'bitcoin' AND timestamp = ?"
        " AND source = 'consensus'", tick,
    )  # fmt: skip
    used = json.loads(inputs)["used"]
    assert set(used) == {"coinbase", "coingecko", "coinmarketcap", "kraken"}
    assert min(used.values()) <= price <= max(used.values())
    told = live.api("/api/v1/market-data/BTC").json()["data"]
    assert (told["price"], told["consensus"]) == (price, json.loads(inputs))


def test_a_tick_stays_within_what_a_worker_may_ask_for(live: Live) -> None:
    live.next_hour()
    done = live.messages("collection", "tick done")[-1]
    assert done["requests"] <= 60
    assert done["memory_bytes"] < 90 * 2**20


def test_the_stored_price_is_what_the_provider_said(live: Live) -> None:
    tick = live.next_tick()
    path = "/api.coingecko.com/api/v3/coins/markets?vs_currency=usd&ids=bitcoin"
    said = live.system.ask("simulator", path)[0]
    [(price, volume)] = live.rows(
        "SELECT price, volume_24h FROM market_data WHERE asset_id = 'bitcoin' AND timestamp = ?"
        " AND source = 'coingecko'",
        tick,
    )
    assert (price, volume) == (said["current_price"], said["total_volume"])


def test_the_same_tick_twice_changes_nothing(live: Live) -> None:
    tick = live.next_tick()
    before = live.dump()
    live.system.tick(tick)
    assert live.dump() == before


def test_two_ticks_at_once_double_nothing(live: Live) -> None:
    from concurrent.futures import ThreadPoolExecutor

    live.time += 900
    live.set_clock(live.time)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(live.system.tick, [live.time, live.time]))
    assert live.rows(PRICES, live.time) == [(250,)]
    twice = "SELECT id FROM signals GROUP BY asset_id, type, created_at HAVING count(*) > 1"
    assert live.rows(twice) == []


def test_a_planted_jump_becomes_a_signal_that_says_why(live: Live) -> None:
    live.next_tick()
    live.plant("jump", "chainlink", live.time + 300, 0.15)
    tick = live.next_tick()
    [(explanation, metadata)] = live.rows(
        "SELECT explanation, metadata FROM signals"
        " WHERE type = 'price_anomaly' AND asset_id = 'chainlink' AND created_at = ?",
        tick,
    )
    assert explanation.startswith("LINK +")
    evidence = json.loads(metadata)
    assert evidence["direction"] == "up"
    assert evidence["statistic"]["value"] >= evidence["statistic"]["threshold"]
    assert evidence["inputs"][0]["source"] == "consensus"


def test_an_open_socket_gets_the_new_price_and_the_new_signal(live: Live) -> None:
    live.next_tick()
    with connect(socket_address(live)) as socket:
        hello = json.loads(socket.recv(timeout=10))
        live.plant("jump", "litecoin", live.time + 300, -0.15)
        tick = live.next_tick()
        events: dict[str, dict[str, Any]] = {}
        while set(events) != {"tick", "signal"}:
            event = json.loads(socket.recv(timeout=20))
            assert event["seq"] > hello["seq"]
            if event["event"] == "tick" or event["signal"]["asset_id"] == "litecoin":
                events[event["event"]] = event
    at = events["tick"]["columns"].index("price")
    prices = {row[0]: row[at] for row in events["tick"]["rows"]}
    stored = live.rows(
        "SELECT price FROM market_data WHERE asset_id = 'litecoin' AND timestamp = ?"
        " ORDER BY id DESC LIMIT 1",
        tick,
    )
    assert prices["litecoin"] == stored[0][0]
    assert events["signal"]["signal"]["metadata"]["direction"] == "down"


def test_a_socket_that_comes_back_gets_what_it_missed_and_only_that(live: Live) -> None:
    live.next_tick()
    with connect(socket_address(live)) as socket:
        seen = json.loads(socket.recv(timeout=10))["seq"]
    live.next_tick()
    with connect(socket_address(live, f"/live?after={seen}")) as socket:
        last = json.loads(socket.recv(timeout=10))["seq"]
        missed = [json.loads(socket.recv(timeout=10))["seq"] for _ in range(last - seen)]
    assert missed == list(range(seen + 1, last + 1))


def test_a_ping_is_answered(live: Live) -> None:
    with connect(socket_address(live)) as socket:
        seq = json.loads(socket.recv(timeout=10))["seq"]
        socket.send("ping")
        assert json.loads(socket.recv(timeout=10)) == {"event": "pong", "seq": seq}


def test_a_socket_from_another_site_is_refused(live: Live) -> None:
    reply = live.get(
        "dashboard",
        "/live",
        {"upgrade": "websocket", "connection": "Upgrade", "origin": "https://evil.example"},
    )
    assert reply.status == 403
    assert reply.json()["type"].endswith("/cross-site")


def test_raw_bodies_are_kept_by_source_day_and_time(live: Live) -> None:
    tick = live.next_tick()
    day_and_time = live.rows("SELECT strftime('%Y-%m-%d/%H%M', ?, 'unixepoch')", tick)[0][0]
    kept = [key for key in live.objects() if f"/{day_and_time}/" in key]
    assert {key.split("/")[1] for key in kept} >= {"coingecko", "kraken", "mempool", "dexscreener"}


def test_a_worker_that_is_restarted_goes_on_where_it_was(live: Live) -> None:
    live.next_tick()
    for worker in ("signals", "collection"):
        live.system.restart(worker)
    # Not "healthy": the pinned clock is behind the wall's, so its ticks are late for /health.
    eventually(lambda: live.system.ask("api", "/health")["services"]["workers"] != "unhealthy", 60)
    tick = live.next_tick()
    assert live.rows(PRICES, tick) == [(250,)]
    assert live.rows("SELECT count(*) FROM outbox WHERE delivered_at IS NULL") == [(0,)]


def test_detection_that_failed_is_made_up_for_at_the_next_tick(live: Live) -> None:
    live.next_tick()
    live.plant("jump", "polkadot", live.time + 300, 0.15)
    live.system.stop_worker("signals")
    live.time += 900
    live.set_clock(live.time)
    with pytest.raises(Exception, match="tick"):
        live.system.tick(live.time)
    assert live.rows(PRICES, live.time) == [(250,)]
    live.system.restart("signals")
    missed = live.time
    live.next_tick()
    found = live.rows(
        "SELECT count(*) FROM signals WHERE asset_id = 'polkadot' AND created_at = ?", missed
    )
    assert found == [(1,)]
