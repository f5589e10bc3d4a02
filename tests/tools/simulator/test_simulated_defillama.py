from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.tools.simulator.running import NOON, Simulator, in_process
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock

API, COINS = "api.llama.fi", "coins.llama.fi"
YIELDS, STABLE = "yields.llama.fi", "stablecoins.llama.fi"


def read(simulator: Simulator, address: str, **params: Any) -> Any:
    answer = simulator.http.get(f"/{address}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def plant(simulator: Simulator, kind: str, asset: str, size: float | None = None) -> httpx.Response:
    order = {"kind": kind, "asset_id": asset} | ({} if size is None else {"size": size})
    return simulator.http.post("/events", json=order)


@pytest.fixture(scope="module")
def full() -> Iterator[httpx.Client]:
    clock = Clock()
    clock.drive({"now": NOON})
    with in_process(simulated_world(7, clock, scale="full")) as client:
        yield client


def test_protocols_are_a_bare_array_by_value_locked(simulator: Simulator) -> None:
    rows = read(simulator, f"{API}/protocols")
    assert len(rows) == 300
    values = [row["tvl"] or 0 for row in rows]
    assert values == sorted(values, reverse=True)
    assert len({row["slug"] for row in rows}) == len({row["id"] for row in rows}) == 300


def test_protocols_keep_the_providers_traps(simulator: Simulator) -> None:
    rows = read(simulator, f"{API}/protocols")
    for name in ("tvl", "address", "gecko_id", "cmcId", "mcap", "change_1h", "twitter"):
        nulls = sum(row[name] is None for row in rows)
        assert 0 < nulls < len(rows), name
    assert {type(row["cmcId"]) for row in rows} == {str, type(None)}
    assert {type(row["methodology"]) for row in rows} == {str, dict}
    assert any(row["symbol"] == "-" for row in rows)
    assert any(row["chain"] == "Multi-Chain" for row in rows)
    children = [row for row in rows if "parentProtocol" in row]
    assert 0 < len(children) < len(rows)
    assert all(row["parentProtocol"].startswith("parent#") for row in children)


def test_sections_beside_the_chains_are_not_part_of_the_value(simulator: Simulator) -> None:
    rows = [row for row in read(simulator, f"{API}/protocols") if row["tvl"]]
    sections: set[str] = set()
    for row in rows:
        chains = {name: part for name, part in row["chainTvls"].items() if name in row["chains"]}
        assert sum(chains.values()) == pytest.approx(row["tvl"])
        sections |= {name.rsplit("-", 1)[-1] for name in row["chainTvls"].keys() - chains.keys()}
    assert sections == {"staking", "pool2", "borrowed"}


def test_the_value_of_one_protocol_is_a_bare_number(simulator: Simulator) -> None:
    rows = {row["slug"]: row["tvl"] for row in read(simulator, f"{API}/protocols")}
    assert read(simulator, f"{API}/tvl/aave-v3") == rows["aave-v3"]
    missing = simulator.http.get(f"/{API}/tvl/no-such-protocol")
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("text/plain")


def test_an_outflow_takes_its_share_of_one_protocol_within_the_hour(simulator: Simulator) -> None:
    slugs = ("aave-v3", "lido")
    before = [read(simulator, f"{API}/tvl/{slug}") for slug in slugs]
    label = plant(simulator, "tvl_outflow", "aave", 0.5)
    assert label.status_code == 201
    simulator.advance(3900)
    after = [read(simulator, f"{API}/tvl/{slug}") for slug in slugs]
    assert after[0] / before[0] == pytest.approx(0.5, abs=0.02)
    assert after[1] / before[1] == pytest.approx(1, abs=0.02)
    (row,) = [row for row in read(simulator, f"{API}/protocols") if row["slug"] == "aave-v3"]
    assert row["change_1d"] == pytest.approx(-50, abs=6)
    labels = simulator.labels("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z")
    assert label.json() in labels


@pytest.mark.parametrize(
    ("kind", "asset", "size", "word"),
    [
        ("tvl_outflow", "bitcoin", 0.5, "uniswap"),
        ("tvl_outflow", "aave", 1.5, "share"),
        ("depeg", "bitcoin", 0.1, "tether"),
        ("depeg", "dai", -0.1, "size"),
    ],
)
def test_an_event_of_another_kind_of_coin_is_refused(
    simulator: Simulator, kind: str, asset: str, size: float, word: str
) -> None:
    answer = plant(simulator, kind, asset, size)
    assert answer.status_code == 422
    assert word in answer.json()["error"]


def test_chains_sum_up_the_protocols(simulator: Simulator) -> None:
    rows = read(simulator, f"{API}/v2/chains")
    keys = {"gecko_id", "tvl", "tokenSymbol", "cmcId", "name", "chainId"}
    assert all(row.keys() == keys for row in rows)
    locked: dict[str, float] = {}
    for protocol in read(simulator, f"{API}/protocols"):
        if protocol["tvl"] and protocol["category"] != "CEX":
            for name in protocol["chains"]:
                locked[name] = locked.get(name, 0) + protocol["chainTvls"][name]
    chains = {row["name"]: row for row in rows}
    assert chains["Ethereum"]["tvl"] == pytest.approx(locked["Ethereum"])
    assert {type(row["chainId"]) for row in rows} == {int, str, type(None)}


@pytest.mark.parametrize("what", ["dexs", "fees"])
def test_an_overview_leaves_out_the_charts_it_is_told_to(simulator: Simulator, what: str) -> None:
    small = read(
        simulator,
        f"{API}/overview/{what}",
        excludeTotalDataChart="true",
        excludeTotalDataChartBreakdown="true",
    )
    assert small["totalDataChart"] == small["totalDataChartBreakdown"] == []
    large = read(simulator, f"{API}/overview/{what}", excludeTotalDataChart="true")
    assert large["totalDataChart"] == []
    assert len(large["totalDataChartBreakdown"]) == 90
    rows = small["protocols"]
    assert small["total24h"] >= sum(row["total24h"] or 0 for row in rows)
    assert any(row["total24h"] is None for row in rows)
    assert any("change_1m" not in row for row in rows)
    if what == "dexs":
        assert {row["category"] for row in rows} == {"Dexs"}


def test_prices_come_under_the_keys_sent_and_unknown_ones_are_missing(simulator: Simulator) -> None:
    lists = simulator.gecko("/coins/list", include_platform="true").json()
    pepe = next(row for row in lists if row["id"] == "pepe")["platforms"]["ethereum"]
    keys = ["coingecko:bitcoin", f"ethereum:{pepe}", "coingecko:nope", "ethereum:0xnope", "junk"]
    coins = read(simulator, f"{COINS}/prices/current/{','.join(keys)}")["coins"]
    assert list(coins) == keys[:2]
    assert "decimals" not in coins[keys[0]]
    assert coins[keys[1]]["decimals"] == 18
    assert coins[keys[1]]["symbol"] == "PEPE"


def test_prices_agree_with_the_aggregator_and_say_how_sure_they_are(simulator: Simulator) -> None:
    theirs = {row["id"]: row["current_price"] for row in simulator.markets()}
    keys = [f"coingecko:{coin}" for coin in theirs]
    coins: dict[str, Any] = {}
    for start in range(0, len(keys), 100):
        part = ",".join(keys[start : start + 100])
        coins |= read(simulator, f"{COINS}/prices/current/{part}")["coins"]
    assert len(coins) == 250
    for coin, price in theirs.items():
        assert coins[f"coingecko:{coin}"]["price"] == pytest.approx(price, rel=0.01)
    sure = [row["confidence"] for row in coins.values()]
    assert 0 < sum(confidence < 0.9 for confidence in sure) < 25


def test_yields_come_in_an_envelope_with_nulls(simulator: Simulator) -> None:
    body = read(simulator, f"{YIELDS}/pools")
    assert body["status"] == "success"
    rows = body["data"]
    assert len(rows) == len({row["pool"] for row in rows}) == 400
    for name in ("apyBase", "apyReward", "apyPct1D", "rewardTokens", "poolMeta", "ilRisk"):
        nulls = sum(row[name] is None for row in rows)
        assert 0 < nulls < len(rows), name
    for row in rows:
        parts = [row[name] for name in ("apyBase", "apyReward") if row[name] is not None]
        assert row["apy"] == (pytest.approx(sum(parts)) if parts else None)
    slugs = {row["slug"] for row in read(simulator, f"{API}/protocols")}
    assert {row["project"] for row in rows} <= slugs
    assert any(row["outlier"] for row in rows)


def test_stablecoins_circulate_in_dollars_whatever_their_peg(simulator: Simulator) -> None:
    rows = read(simulator, f"{STABLE}/stablecoins", includePrices="true")["peggedAssets"]
    tether = rows[0]
    assert tether["circulating"]["peggedUSD"] == pytest.approx(185e9, rel=0.01)
    franc = next(row for row in rows if row["pegType"] == "peggedCHF")
    assert franc["price"] is None and franc["gecko_id"] is None
    assert franc["circulating"]["peggedCHF"] > 0
    assert any(row["circulating"] == {} for row in rows)
    without = read(simulator, f"{STABLE}/stablecoins")["peggedAssets"]
    assert all("price" not in row for row in without)
    for row in read(simulator, f"{STABLE}/stablecoinchains"):
        assert row.keys() == {"gecko_id", "totalCirculatingUSD", "tokenSymbol", "name"}


def test_a_depeg_is_seen_by_every_source_and_heals(simulator: Simulator) -> None:
    assert plant(simulator, "depeg", "dai", 0.1).status_code == 201
    simulator.advance(1800)
    rows = read(simulator, f"{STABLE}/stablecoins", includePrices="true")["peggedAssets"]
    dai = next(row for row in rows if row["gecko_id"] == "dai")
    assert dai["price"] == pytest.approx(0.905, abs=0.01)
    assert simulator.row("dai")["current_price"] == pytest.approx(0.905, abs=0.01)
    assert simulator.row("tether")["current_price"] == pytest.approx(1, abs=0.01)
    simulator.advance(10 * 3600)
    assert simulator.row("dai")["current_price"] == pytest.approx(1, abs=0.01)


def test_at_full_scale_the_lists_are_as_long_as_the_providers(full: httpx.Client) -> None:
    protocols = full.get(f"/{API}/protocols")
    assert len(protocols.json()) == 5000
    assert len(protocols.content) > 4_000_000
    assert len({row["slug"] for row in protocols.json()}) == 5000
    assert len(full.get(f"/{YIELDS}/pools").json()["data"]) == 3000
