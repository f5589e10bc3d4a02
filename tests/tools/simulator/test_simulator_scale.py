import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.tools.simulator.running import NOON, Simulator, in_process, running
from tools.simulator.app import simulated_world
from tools.simulator.clock import Clock
from tools.simulator.coins import all_coins
from tools.simulator.instants import DAY, parse_iso
from tools.simulator.provider import World
from tools.simulator.replay import replayed_world

UNRANKED = {
    "wrapped-bitcoin", "weth", "staked-ether", "bridged-usdc-polygon-pos-bridge", "bitcoin-cats",
}  # fmt: skip


def world(coins: int) -> World:
    clock = Clock()
    clock.drive({"now": NOON})
    return simulated_world(7, clock, coins)


def test_a_larger_market_leaves_the_first_250_coins_and_the_events_alone() -> None:
    small, large = world(250), world(1000)
    assert len(large.market.coins) == 1005
    assert large.market.coins[:255] == small.market.coins
    now = parse_iso(NOON)
    for instant in (now, now - 40 * DAY):
        ours, theirs = small.market.snapshot(instant), large.market.snapshot(instant)
        assert np.array_equal(ours.price, theirs.price[:255])
        assert np.array_equal(ours.volume, theirs.volume[:255])
    assert small.schedule is not None and large.schedule is not None
    assert small.schedule.between(now - 30 * DAY, now) == large.schedule.between(
        now - 30 * DAY, now
    )


@pytest.mark.parametrize("count", [249, 10_001])
def test_a_market_of_an_impossible_size_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=r"250\.\.10000"):
        all_coins(count)


def test_ten_thousand_coins_have_ids_of_their_own_and_come_in_pages() -> None:
    large = Simulator(in_process(world(10_000)))
    rows = large.gecko("/coins/list").json()
    assert len(rows) == len({row["id"] for row in rows}) == 10_005
    assert len({row["symbol"] for row in rows}) < 5_000
    ranks = [row["market_cap_rank"] for page in (1, 2, 40) for row in large.markets(page=page)]
    assert ranks == [*range(1, 501), *range(9751, 10_001)]
    assert {row["id"] for row in large.markets(page=41)} == UNRANKED


def test_a_page_of_ten_thousand_coins_is_served_at_once_in_a_new_minute() -> None:
    large = Simulator(in_process(world(10_000)))
    large.markets(page=1)
    times = []
    for page in range(2, 8):
        large.advance(60)
        began = time.perf_counter()
        large.markets(page=page)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.5  # a tenth of it on a machine that does nothing else


def test_the_command_takes_a_size_and_a_scale() -> None:
    with running("--coins", "300", "--scale", "full") as (_, address):
        rows = httpx.get(f"{address}/api.coingecko.com/api/v3/coins/list").json()
        assert len(rows) == 305
        about = httpx.get(f"{address}/").json()
    assert {"api.kraken.com", "yields.llama.fi", "pro-api.coinmarketcap.com"} <= set(
        about["providers"]
    )
    assert {"depeg", "tvl_outflow"} <= about["POST /events"]["kinds"].keys()


def test_a_replay_invents_nothing_beside_its_real_prices(tmp_path: Path) -> None:
    lines = [f"{parse_iso(NOON) + 60 * n},{50_000 + n},3\n" for n in range(10)]
    (tmp_path / "bitcoin.csv").write_text("timestamp,price,volume\n" + "".join(lines))
    replay = in_process(replayed_world(tmp_path))
    headers = {"X-CMC_PRO_API_KEY": "k", "x-cg-pro-api-key": "k"}
    key = "api.coingecko.com/api/v3"
    for path in (f"{key}/nfts/markets", "api.llama.fi/protocols", "api.llama.fi/v2/chains"):
        assert replay.get(f"/{path}", headers=headers).json() == []
    ticker = replay.get("/api.kraken.com/0/public/Ticker").json()["result"]
    assert float(ticker["XXBTZUSD"]["c"][0]) == pytest.approx(50_009, rel=0.001)
    listing = replay.get(
        "/pro-api.coinmarketcap.com/v3/cryptocurrency/listings/latest", headers=headers
    ).json()["data"]
    assert [row["slug"] for row in listing] == ["bitcoin"]
    assert listing[0]["quote"][0]["market_cap"] == 0
    for path in (
        f"{key}/search/trending", f"{key}/coins/categories", f"{key}/exchange_rates",
        f"{key}/global/decentralized_finance_defi", "api.llama.fi/overview/dexs",
        "yields.llama.fi/pools", "stablecoins.llama.fi/stablecoins",
        "coins.llama.fi/prices/current/coingecko:bitcoin",
        "api.dexscreener.com/token-boosts/top/v1",
        "api.geckoterminal.com/api/v2/networks/trending_pools",
        "api.coinbase.com/api/v3/brokerage/market/products",
        "pro-api.coinmarketcap.com/v1/global-metrics/quotes/latest",
        "pro-api.coinmarketcap.com/v3/fear-and-greed/latest",
    ):  # fmt: skip
        answer = replay.get(f"/{path}", headers=headers)
        assert answer.status_code == 200, path
        assert b"NaN" not in answer.content
