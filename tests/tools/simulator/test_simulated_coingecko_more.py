import re
from typing import Any

import pytest

from tests.tools.simulator.running import Simulator

UNRANKED = {
    "wrapped-bitcoin", "weth", "staked-ether", "bridged-usdc-polygon-pos-bridge", "bitcoin-cats",
}  # fmt: skip


def read(simulator: Simulator, path: str, **params: Any) -> Any:
    answer = simulator.gecko(path, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_first_page_is_of_ranked_coins_and_the_others_follow(simulator: Simulator) -> None:
    assert {row["id"] for row in simulator.markets()}.isdisjoint(UNRANKED)
    rows = simulator.markets(page=2)
    assert {row["id"] for row in rows} == UNRANKED
    assert all(row["market_cap_rank"] is None for row in rows)


def test_a_worthless_coin_has_the_symbol_of_the_largest(simulator: Simulator) -> None:
    rows = [row for row in read(simulator, "/coins/list") if row["symbol"] == "btc"]
    assert [row["id"] for row in rows] == ["bitcoin", "bitcoin-cats"]
    assert simulator.row("bitcoin-cats")["current_price"] < 1e-6


@pytest.mark.parametrize(
    ("coin", "follows"),
    [("wrapped-bitcoin", "bitcoin"), ("weth", "ethereum"), ("staked-ether", "ethereum"),
     ("bridged-usdc-polygon-pos-bridge", "usd-coin")],
)  # fmt: skip
def test_a_wrapped_coin_follows_its_original_through_a_jump(
    simulator: Simulator, coin: str, follows: str
) -> None:
    order = {"kind": "jump", "asset_id": follows, "size": 0.2}
    assert simulator.http.post("/events", json=order).status_code == 201
    for seconds in (0, 900, 86_400):
        simulator.advance(seconds)
        price, original = (simulator.row(one)["current_price"] for one in (coin, follows))
        assert price == pytest.approx(original, rel=0.006)
        assert price != original


def test_contracts_are_listed_by_platform_in_the_form_of_the_chain(simulator: Simulator) -> None:
    rows = read(simulator, "/coins/list", include_platform="true")
    platforms = {row["id"]: row["platforms"] for row in rows}
    assert platforms["bitcoin"] == platforms["solana"] == {}
    assert platforms["bridged-usdc-polygon-pos-bridge"].keys() == {"polygon-pos"}
    seen: list[str] = []
    for homes in platforms.values():
        for platform, contract in homes.items():
            if contract is not None:
                form = "[1-9A-HJ-NP-Za-km-z]{43,44}" if platform == "solana" else "0x[0-9a-f]{40}"
                assert re.fullmatch(form, contract), (platform, contract)
                seen.append(contract)
    assert len(seen) == len(set(seen)) > 150
    assert any(None in homes.values() for homes in platforms.values())


def test_simple_prices_are_keyed_by_what_was_asked_and_leave_out_the_unknown(
    simulator: Simulator,
) -> None:
    flags = {"include_market_cap": "true", "include_last_updated_at": "true"}
    body = read(
        simulator,
        "/simple/price",
        ids="bitcoin,bitcoin-cats,nope",
        vs_currencies="usd,btc",
        **flags,
    )
    assert body.keys() == {"bitcoin", "bitcoin-cats"}
    names = {"usd", "usd_market_cap", "btc", "btc_market_cap", "last_updated_at"}
    assert body["bitcoin"].keys() == names
    price = simulator.row("bitcoin")["current_price"]
    assert body["bitcoin"]["usd"] == pytest.approx(price, rel=1e-5)
    assert body["bitcoin"]["btc"] == pytest.approx(1)
    assert body["bitcoin-cats"]["usd_market_cap"] is None
    assert read(simulator, "/simple/price", symbols="btc", vs_currencies="usd")["btc"]["usd"] > 1
    assert simulator.gecko("/simple/price", ids="bitcoin").status_code == 422
    assert simulator.gecko("/simple/price", vs_currencies="usd").status_code == 422


def test_trending_coins_mix_numbers_and_display_strings(simulator: Simulator) -> None:
    body = read(simulator, "/search/trending")
    assert (len(body["coins"]), len(body["nfts"]), len(body["categories"])) == (15, 7, 6)
    for place, row in enumerate(body["coins"]):
        item = row["item"]
        data = item["data"]
        assert item["score"] == place
        assert type(item["price_btc"]) is float and type(data["price_btc"]) is str
        assert re.fullmatch(r"\$[\d,]+", data["market_cap"])
        market = simulator.row(item["id"])
        assert data["price"] == pytest.approx(market["current_price"], rel=1e-4)
        move = market["price_change_percentage_24h"]
        assert data["price_change_percentage_24h"]["usd"] == pytest.approx(move, abs=1e-4)
    nft, group = body["nfts"][0], body["categories"][0]
    assert nft["data"]["floor_price"].endswith(" ETH")
    assert type(nft["floor_price_in_native_currency"]) is float
    assert type(group["coins_count"]) is str and type(group["data"]["market_cap"]) is float


def test_exchange_rates_are_units_for_one_bitcoin(simulator: Simulator) -> None:
    rates = read(simulator, "/exchange_rates")["rates"]
    bitcoin, ether = (simulator.row(coin)["current_price"] for coin in ("bitcoin", "ethereum"))
    assert rates["usd"]["value"] == pytest.approx(bitcoin, rel=1e-4)
    assert rates["eth"]["value"] == pytest.approx(bitcoin / ether, rel=1e-3)
    assert {row["type"] for row in rates.values()} == {"crypto", "fiat", "commodity"}


def test_categories_sum_up_the_market(simulator: Simulator) -> None:
    rows = read(simulator, "/coins/categories")
    total = sum(row["market_cap"] for row in rows)
    expected = read(simulator, "/global")["data"]["total_market_cap"]["usd"]
    assert total == pytest.approx(expected, rel=1e-6)
    assert rows[0]["top_3_coins_id"][0] == "bitcoin"
    assert any(row["content"] is None for row in rows)
    assert all(not key.startswith("_") for row in rows for key in row)


def test_defi_totals_are_long_decimals_in_strings(simulator: Simulator) -> None:
    data = read(simulator, "/global/decentralized_finance_defi")["data"]
    strings = {name for name, value in data.items() if type(value) is str}
    assert strings == {
        "defi_market_cap", "eth_market_cap", "defi_to_eth_ratio", "trading_volume_24h",
        "defi_dominance", "top_coin_name",
    }  # fmt: skip
    assert len(data["defi_market_cap"]) > 20
    assert 0 < float(data["defi_dominance"]) < 100


def test_collections_are_listed_without_prices_and_told_one_by_one(simulator: Simulator) -> None:
    rows = read(simulator, "/nfts/list", per_page=10)
    assert len(rows) == 10
    keys = {"id", "contract_address", "name", "asset_platform_id", "symbol"}
    assert all(row.keys() == keys for row in rows)
    one = read(simulator, "/nfts/azuki")
    ether = simulator.row("ethereum")["current_price"]
    floor = one["floor_price"]
    assert floor["usd"] == pytest.approx(floor["native_currency"] * ether, rel=1e-4)
    assert "market_cap_rank" in one and "floor_price_7d_percentage_change" in one
    assert simulator.gecko("/nfts/nope").status_code == 404
    assert simulator.gecko("/nfts/list", order="up").status_code == 422


def test_the_markets_of_collections_want_a_paid_key(simulator: Simulator) -> None:
    path = "/api.coingecko.com/api/v3/nfts/markets"
    refused = simulator.http.get(path)
    assert refused.status_code == 401
    assert refused.json()["status"]["error_code"] == 10005
    answer = simulator.http.get(path, headers={"x-cg-pro-api-key": "any-key"})
    rows = answer.json()
    caps = [row["market_cap"]["usd"] for row in rows]
    assert caps == sorted(caps, reverse=True)
    assert any(row["one_day_sales"] is None for row in rows)
    assert all("market_cap_rank" not in row for row in rows)
    assert simulator.http.get(path).status_code == 401
