from typing import Any

import pytest

from tests.tools.simulator.running import Simulator
from tools.simulator.coins import known_coins

KRAKEN, COINBASE, EXCHANGE = (
    "api.kraken.com/0/public",
    "api.coinbase.com/api/v3/brokerage/market/products",
    "api.exchange.coinbase.com/products",
)


def read(simulator: Simulator, address: str, **params: Any) -> Any:
    answer = simulator.http.get(f"/{address}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kraken(simulator: Simulator, path: str, **params: Any) -> Any:
    body = read(simulator, f"{KRAKEN}/{path}", **params)
    assert body["error"] == []
    return body["result"]


def products(simulator: Simulator, **params: Any) -> dict[str, dict[str, Any]]:
    body = read(simulator, COINBASE, **params)
    assert body["num_products"] == len(body["products"])
    return {row["product_id"]: row for row in body["products"]}


def test_krakens_old_assets_carry_a_prefix_and_the_new_ones_do_not(simulator: Simulator) -> None:
    names = kraken(simulator, "Ticker").keys()
    expected = {
        "XXBTZUSD", "XETHZUSD", "XXBTZEUR", "XBTUSDT", "XDGUSD", "SOLUSD", "SOLEUR", "USDTZUSD",
        "XXRPZUSD", "XXMRZUSD", "ADAUSD", "SOL.SUSD",
    }  # fmt: skip
    assert expected <= names
    slashed = kraken(simulator, "Ticker", assetVersion=1).keys()
    assert {"BTC/USD", "DOGE/USD", "SOL/EUR", "SOL.S/USD"} <= slashed
    assert len(slashed) == len(names)


def test_a_kraken_tick_is_of_strings_but_for_the_counts(simulator: Simulator) -> None:
    tick = kraken(simulator, "Ticker", pair="XBTUSD")["XXBTZUSD"]
    assert {name: len(tick[name]) for name in "abcvptlh"} == {
        "a": 3, "b": 3, "c": 2, "v": 2, "p": 2, "t": 2, "l": 2, "h": 2,
    }  # fmt: skip
    assert all(type(value) is str for name in "abcvplh" for value in tick[name])
    assert type(tick["o"]) is str
    assert all(type(count) is int for count in tick["t"])
    assert float(tick["b"][0]) < float(tick["c"][0]) < float(tick["a"][0])
    assert float(tick["l"][1]) <= float(tick["p"][1]) <= float(tick["h"][1])
    assert float(tick["v"][0]) <= float(tick["v"][1])


def test_krakens_dollar_prices_agree_with_the_aggregator(simulator: Simulator) -> None:
    theirs = {row["id"]: row["current_price"] for row in simulator.markets()}
    ticks = kraken(simulator, "Ticker", assetVersion=1)
    symbols = {"BTC": "BTC", "DOGE": "DOGE", "LUNA": "LUNA2"}
    compared = 0
    for coin in known_coins():
        tick = ticks[f"{symbols.get(coin.symbol, coin.symbol)}/USD"]
        assert float(tick["c"][0]) == pytest.approx(theirs[coin.id], rel=0.01), coin.id
        compared += 1
    assert compared > 60
    euros = float(ticks["BTC/EUR"]["c"][0])
    assert 1.0 < float(ticks["BTC/USD"]["c"][0]) / euros < 1.2


def test_pairs_without_trades_have_prices_of_zero(simulator: Simulator) -> None:
    ticks = kraken(simulator, "Ticker")
    idle = [tick for tick in ticks.values() if tick["t"][1] == 0]
    assert len(idle) == 3
    assert all(float(tick["c"][0]) == float(tick["v"][1]) == 0 for tick in idle)


def test_an_unknown_pair_is_an_error_with_status_200(simulator: Simulator) -> None:
    for path in ("Ticker", "AssetPairs"):
        body = read(simulator, f"{KRAKEN}/{path}", pair="XBTUSD,NOPEUSD")
        assert body == {"error": ["EQuery:Unknown asset pair"]}


def test_pairs_and_assets_explain_the_names(simulator: Simulator) -> None:
    pairs = kraken(simulator, "AssetPairs")
    assert pairs.keys() == kraken(simulator, "Ticker").keys()
    bitcoin = pairs["XXBTZUSD"]
    assert (bitcoin["altname"], bitcoin["wsname"]) == ("XBTUSD", "XBT/USD")
    assert (bitcoin["base"], bitcoin["quote"]) == ("XXBT", "ZUSD")
    assets = kraken(simulator, "Assets")
    assert assets["XXBT"]["altname"] == "XBT"
    assert {pair["base"] for pair in pairs.values()} <= assets.keys()
    assert "DOT.S" in assets


def test_kraken_tells_its_state_and_time(simulator: Simulator) -> None:
    assert kraken(simulator, "SystemStatus") == {
        "status": "online",
        "timestamp": "2026-11-20T12:00:00Z",
    }
    assert kraken(simulator, "Time")["unixtime"] in (1_795_176_000, 1_795_176_001)


def test_a_jump_is_seen_at_both_exchanges(simulator: Simulator) -> None:
    def prices() -> tuple[float, float]:
        tick = kraken(simulator, "Ticker", pair="SOLUSD")["SOLUSD"]
        return float(tick["c"][0]), float(products(simulator)["SOL-USD"]["price"])

    before = prices()
    order = {"kind": "jump", "asset_id": "solana", "size": -0.3}
    assert simulator.http.post("/events", json=order).status_code == 201
    simulator.advance(900)
    for old, new in zip(before, prices(), strict=True):
        assert new / old == pytest.approx(0.741, abs=0.02)


def test_coinbase_numbers_are_strings_and_empty_without_trades(simulator: Simulator) -> None:
    rows = products(simulator)
    for row in rows.values():
        for name in ("price", "volume_24h", "price_percentage_change_24h", "base_min_size"):
            assert type(row[name]) is str
    idle = [row for row in rows.values() if row["price"] == ""]
    assert 0 < len(idle) < 8
    assert all(row["volume_24h"] == row["approximate_quote_24h_volume"] == "" for row in idle)
    bitcoin = rows["BTC-USD"]
    notional = float(bitcoin["volume_24h"]) * float(bitcoin["price"])
    assert float(bitcoin["approximate_quote_24h_volume"]) == pytest.approx(notional, rel=1e-6)


def test_coinbase_dollar_prices_agree_with_the_aggregator(simulator: Simulator) -> None:
    theirs = {row["symbol"].upper(): row["current_price"] for row in simulator.markets()}
    spot = products(simulator, product_type="SPOT").values()
    rows = [row for row in spot if row["quote_currency_id"] == "USD" and row["price"]]
    assert len(rows) > 50
    for row in rows:
        symbol = row["base_currency_id"]
        assert float(row["price"]) == pytest.approx(theirs[symbol], rel=0.01), symbol


def test_coinbase_tells_units_of_money_and_coins_for_a_dollar(simulator: Simulator) -> None:
    path = "/api.coinbase.com/v2/exchange-rates"
    told = simulator.http.get(path, params={"currency": "USD"}).json()["data"]
    assert (told["currency"], float(told["rates"]["USD"])) == ("USD", 1.0)
    assert float(told["rates"]["EUR"]) == pytest.approx(1 / 1.09)
    (bitcoin,) = [row for row in simulator.markets() if row["id"] == "bitcoin"]
    assert float(told["rates"]["BTC"]) == pytest.approx(1 / bitcoin["current_price"], rel=1e-3)
    assert simulator.http.get(path, params={"currency": "XYZ"}).status_code == 400


def test_some_products_are_disabled_halted_or_futures(simulator: Simulator) -> None:
    rows = products(simulator)
    assert rows["ONE-USD"]["is_disabled"] and rows["ONE-USD"]["status"] == "delisted"
    assert rows["EOS-USD"]["trading_disabled"] and not rows["EOS-USD"]["is_disabled"]
    futures = [row for row in rows.values() if row["product_type"] == "FUTURE"]
    assert [row["base_currency_id"] for row in futures] == ["", ""]
    assert products(simulator, product_type="FUTURE").keys() == {
        row["product_id"] for row in futures
    }
    assert simulator.http.get(f"/{COINBASE}", params={"product_type": "X"}).status_code == 400


def test_products_are_paged_by_limit_and_offset(simulator: Simulator) -> None:
    every = list(products(simulator))
    parts = [products(simulator, limit=30, offset=start) for start in range(0, 120, 30)]
    assert [name for part in parts for name in part] == every
    assert len(parts[0]) == 30


def test_the_exchange_has_products_tickers_and_stats(simulator: Simulator) -> None:
    rows = read(simulator, EXCHANGE)
    bitcoin = next(row for row in rows if row["id"] == "BTC-USD")
    assert (bitcoin["base_currency"], bitcoin["quote_currency"]) == ("BTC", "USD")
    ticker, stats = (read(simulator, f"{EXCHANGE}/BTC-USD/{path}") for path in ("ticker", "stats"))
    assert ticker["price"] == stats["last"] == products(simulator)["BTC-USD"]["price"]
    assert float(stats["low"]) <= float(stats["last"]) <= float(stats["high"])
    assert type(ticker["trade_id"]) is int
    missing = simulator.http.get(f"/{EXCHANGE}/NOPE-USD/ticker")
    assert (missing.status_code, missing.json()) == (404, {"message": "NotFound"})
