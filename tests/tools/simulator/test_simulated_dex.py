from datetime import datetime
from typing import Any

import pytest

from tests.tools.simulator.running import NOON, Simulator

DEX, GECKO = "api.dexscreener.com", "api.geckoterminal.com/api/v2"
INCLUDE = "base_token,quote_token,dex"


def read(simulator: Simulator, address: str, **params: Any) -> Any:
    answer = simulator.http.get(f"/{address}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def contracts(simulator: Simulator, platform: str) -> dict[str, str]:
    """Contract by coin on a platform of the aggregator's list."""
    rows = read(simulator, "api.coingecko.com/api/v3/coins/list", include_platform="true")
    return {row["id"]: row["platforms"][platform] for row in rows if platform in row["platforms"]}


def thirty(simulator: Simulator) -> list[str]:
    return list(contracts(simulator, "ethereum").values())[:30]


def test_thirty_addresses_give_some_ninety_pairs_as_a_bare_array(simulator: Simulator) -> None:
    addresses = thirty(simulator)
    pairs = read(simulator, f"{DEX}/tokens/v1/ethereum/{','.join(addresses)}")
    assert 60 <= len(pairs) <= 110
    assert {pair["baseToken"]["address"] for pair in pairs} == set(addresses)
    assert len({pair["pairAddress"] for pair in pairs}) == len(pairs)
    assert {pair["chainId"] for pair in pairs} == {"ethereum"}
    too_many = simulator.http.get(f"/{DEX}/tokens/v1/ethereum/{','.join([*addresses, '0x1'])}")
    assert too_many.status_code == 400


def test_a_pair_mixes_strings_and_numbers_as_the_provider_does(simulator: Simulator) -> None:
    pairs = read(simulator, f"{DEX}/tokens/v1/ethereum/{','.join(thirty(simulator))}")
    for pair in pairs:
        assert type(pair["priceNative"]) is str and "e" not in pair["priceNative"]
        assert pair["priceUsd"] is None or "e" not in pair["priceUsd"]
        assert all(type(value) in (int, float) for value in pair["volume"].values())
        assert type(pair["txns"]["h24"]["buys"]) is int
        assert pair["pairCreatedAt"] > 1_500_000_000_000  # milliseconds
    assert any(pair["priceUsd"] is None for pair in pairs)
    assert any(pair["fdv"] is None for pair in pairs)
    for name in ("labels", "liquidity", "info", "boosts"):
        assert 0 < sum(name not in pair for pair in pairs) < len(pairs), name


def test_a_pools_price_agrees_with_the_aggregator(simulator: Simulator) -> None:
    coins = {address: coin for coin, address in contracts(simulator, "ethereum").items()}
    theirs = {row["id"]: row["current_price"] for row in simulator.markets()}
    pairs = read(simulator, f"{DEX}/tokens/v1/ethereum/{','.join(thirty(simulator))}")
    compared = 0
    for pair in pairs:
        coin = coins[pair["baseToken"]["address"]]
        if pair["priceUsd"] is not None and coin in theirs:
            assert float(pair["priceUsd"]) == pytest.approx(theirs[coin], rel=0.01)
            compared += 1
    assert compared > 50


def test_a_pump_lifts_the_pools_price_too(simulator: Simulator) -> None:
    address = contracts(simulator, "ethereum")["pepe"]

    def price() -> float:
        pair = read(simulator, f"{DEX}/token-pairs/v1/ethereum/{address}")[0]
        return float(pair["priceUsd"])

    before = price()
    order = {"kind": "pump_dump", "asset_id": "pepe", "size": 0.4}
    assert simulator.http.post("/events", json=order).status_code == 201
    simulator.advance(1200)
    assert price() / before == pytest.approx(1.49, abs=0.05)


def test_search_finds_a_token_by_symbol_name_and_address(simulator: Simulator) -> None:
    address = contracts(simulator, "ethereum")["pepe"]
    for text in ("PEPE", "pepe", address):
        body = read(simulator, f"{DEX}/latest/dex/search", q=text)
        assert body["schemaVersion"] == "1.0.0"
        assert {pair["baseToken"]["symbol"] for pair in body["pairs"]} == {"PEPE"}
    assert len(read(simulator, f"{DEX}/latest/dex/search", q="chain")["pairs"]) <= 30
    assert read(simulator, f"{DEX}/latest/dex/search", q="no such token")["pairs"] == []


def test_pools_of_one_symbol_are_not_of_one_coin(simulator: Simulator) -> None:
    pairs = read(simulator, f"{DEX}/latest/dex/search", q="BTC")["pairs"]
    assert {pair["baseToken"]["name"] for pair in pairs} == {"Bitcoin Cats"}


def test_pairs_are_found_by_address_and_unknown_ones_are_null(simulator: Simulator) -> None:
    found = read(simulator, f"{DEX}/latest/dex/search", q="pepe")["pairs"][0]
    path = f"{DEX}/latest/dex/pairs/{found['chainId']}"
    again = read(simulator, f"{path}/{found['pairAddress']}")["pairs"]
    assert again == [found]
    assert read(simulator, f"{path}/0x0")["pairs"] is None
    assert read(simulator, f"{DEX}/latest/dex/pairs/no-chain/0x0")["pairs"] is None


@pytest.mark.parametrize("path", ["token-boosts/latest/v1", "token-boosts/top/v1"])
def test_boosts_are_an_array_of_paid_placement(simulator: Simulator, path: str) -> None:
    rows = read(simulator, f"{DEX}/{path}")
    assert len(rows) == 30
    assert all(row["totalAmount"] >= row["amount"] >= 10 for row in rows)
    assert any("links" not in row for row in rows)
    if "top" in path:
        assert rows == sorted(rows, key=lambda row: -row["totalAmount"])


def test_profiles_name_tokens_and_carry_no_amount(simulator: Simulator) -> None:
    rows = read(simulator, f"{DEX}/token-profiles/latest/v1")
    assert all({"url", "chainId", "tokenAddress"} <= row.keys() for row in rows)
    assert all("amount" not in row for row in rows)
    assert any(row["description"] is None for row in rows)


def test_networks_name_the_aggregators_platforms(simulator: Simulator) -> None:
    rows = read(simulator, f"{GECKO}/networks")["data"]
    platforms = {row["id"]: row["attributes"]["coingecko_asset_platform_id"] for row in rows}
    assert platforms["eth"] == "ethereum"
    assert platforms["polygon_pos"] == "polygon-pos"


@pytest.mark.parametrize(
    "path",
    ["networks/trending_pools", "networks/eth/trending_pools", "networks/eth/pools",
     "networks/solana/new_pools"],
)  # fmt: skip
def test_a_page_holds_twenty_pools_and_what_they_refer_to(simulator: Simulator, path: str) -> None:
    body = read(simulator, f"{GECKO}/{path}", include=INCLUDE)
    assert len(body["data"]) == 20
    known = {row["id"] for row in body["included"]}
    for row in body["data"]:
        assert row["id"].endswith(f"_{row['attributes']['address']}")
        named = {side: row["relationships"][side]["data"]["id"] for side in INCLUDE.split(",")}
        assert set(named.values()) <= known
        several = path == "networks/trending_pools"
        assert ("network" in row["relationships"]) == several
    first = {row["id"] for row in body["data"]}
    second = read(simulator, f"{GECKO}/{path}", page=2)
    assert "included" not in second
    assert first.isdisjoint(row["id"] for row in second["data"])


def test_a_pools_numbers_are_decimal_strings_and_its_counts_integers(simulator: Simulator) -> None:
    rows = read(simulator, f"{GECKO}/networks/eth/pools")["data"]
    for row in rows:
        numbers = row["attributes"]
        for name in ("base_token_price_usd", "quote_token_price_usd", "reserve_in_usd"):
            assert type(numbers[name]) is str and "e" not in numbers[name]
        assert all(type(value) is str for value in numbers["volume_usd"].values())
        assert all(type(value) is str for value in numbers["price_change_percentage"].values())
        assert all(type(count) is int for count in numbers["transactions"]["h24"].values())
    assert {type(row["attributes"]["market_cap_usd"]) for row in rows} == {str, type(None)}


def test_a_listed_pools_price_agrees_with_the_aggregator(simulator: Simulator) -> None:
    theirs = {row["id"]: row["current_price"] for row in simulator.markets()}
    body = read(simulator, f"{GECKO}/networks/eth/pools", include=INCLUDE)
    tokens = {row["id"]: row["attributes"].get("coingecko_coin_id") for row in body["included"]}
    compared = 0
    for row in body["data"]:
        coin = tokens[row["relationships"]["base_token"]["data"]["id"]]
        if coin in theirs:
            price = float(row["attributes"]["base_token_price_usd"])
            assert price == pytest.approx(theirs[coin], rel=0.01)
            compared += 1
    assert compared > 5


def test_new_pools_are_young_and_know_few_prices(simulator: Simulator) -> None:
    rows = read(simulator, f"{GECKO}/networks/eth/new_pools")["data"]
    created = [row["attributes"]["pool_created_at"] for row in rows]
    assert created == sorted(created, reverse=True)
    ages = [datetime.fromisoformat(NOON) - datetime.fromisoformat(stamp) for stamp in created]
    assert all(0 <= age.total_seconds() < 86_400 for age in ages)
    assert all(row["attributes"]["base_token_price_quote_token"] is None for row in rows)
    assert any(row["attributes"]["reserve_in_usd"] is None for row in rows)


def test_pools_are_searched_by_token_and_network(simulator: Simulator) -> None:
    rows = read(simulator, f"{GECKO}/search/pools", query="pepe", network="eth")["data"]
    assert rows and all(row["attributes"]["name"].startswith("PEPE / ") for row in rows)


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("networks/nope/pools", {}, 404),
        ("networks/nope/new_pools", {}, 404),
        ("networks/eth/pools", {"page": 11}, 400),
        ("networks/eth/pools", {"sort": "up"}, 400),
        ("networks/eth/pools", {"include": "owner"}, 400),
    ],
)
def test_errors_come_in_the_style_of_json_api(
    simulator: Simulator, path: str, params: dict[str, Any], status: int
) -> None:
    answer = simulator.http.get(f"/{GECKO}/{path}", params=params)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["status"] == str(status)
