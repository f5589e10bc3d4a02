from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.tools.simulator.running import Simulator

HOST = "pro-api.coinmarketcap.com"


def ask(simulator: Simulator, path: str, key: str | None = "any-key", **params: Any) -> Any:
    headers = {} if key is None else {"X-CMC_PRO_API_KEY": key}
    return simulator.http.get(f"/{HOST}{path}", params=params, headers=headers)


def listings(simulator: Simulator, version: int = 3, **params: Any) -> list[dict[str, Any]]:
    answer = ask(simulator, f"/v{version}/cryptocurrency/listings/latest", **params)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows


def by_slug(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["slug"]: row for row in rows}


def test_every_answer_carries_the_status_envelope(simulator: Simulator) -> None:
    body = ask(simulator, "/v3/cryptocurrency/listings/latest", limit=250).json()
    status = body["status"]
    assert (status["error_code"], status["error_message"]) == (0, None)
    assert status["timestamp"] == "2026-11-20T12:00:00.000Z"
    assert status["credit_count"] == 2  # one for each 200 rows


@pytest.mark.parametrize(("key", "code"), [(None, 1002), ("", 1002), ("bad-key", 1001)])
def test_without_a_right_key_the_envelope_says_which_error(
    simulator: Simulator, key: str | None, code: int
) -> None:
    assert listings(simulator)  # what was kept for a right key must not answer a wrong one
    answer = ask(simulator, "/v3/cryptocurrency/listings/latest", key)
    assert answer.status_code == 401
    assert answer.json()["status"]["error_code"] == code
    assert answer.json()["status"]["credit_count"] == 0
    assert "data" not in answer.json()


def test_the_public_paths_need_no_key(simulator: Simulator) -> None:
    for path in ("/v3/cryptocurrency/listings/latest", "/v3/fear-and-greed/latest"):
        assert ask(simulator, f"/public-api{path}", key=None).status_code == 200
    assert ask(simulator, "/v1/key/info", key=None).status_code == 401


def test_version_3_has_an_array_of_quotes_and_version_1_a_map(simulator: Simulator) -> None:
    (new,), (old,) = listings(simulator, 3, limit=1), listings(simulator, 1, limit=1)
    assert [quote["symbol"] for quote in new["quote"]] == ["USD"]
    assert old["quote"].keys() == {"USD"}
    assert new["quote"][0]["price"] == old["quote"]["USD"]["price"]


def test_known_coins_have_the_ids_and_slugs_of_the_provider(simulator: Simulator) -> None:
    rows = by_slug(listings(simulator, limit=5000))
    expected = {
        "bitcoin": (1, "BTC"), "bnb": (1839, "BNB"), "xrp": (52, "XRP"),
        "avalanche": (5805, "AVAX"), "toncoin": (11419, "TON"), "polygon": (3890, "MATIC"),
        "near-protocol": (6535, "NEAR"),
    }  # fmt: skip
    assert {slug: (rows[slug]["id"], rows[slug]["symbol"]) for slug in expected} == expected
    assert len({row["id"] for row in rows.values()}) == len(rows) == 255


def test_prices_agree_with_the_other_aggregator_but_are_not_its_own(simulator: Simulator) -> None:
    theirs = {row["symbol"].upper(): row["current_price"] for row in simulator.markets()}
    ours = {row["symbol"]: row["quote"][0]["price"] for row in listings(simulator, limit=250)}
    apart = [abs(ours[symbol] / theirs[symbol] - 1) for symbol in list(theirs)[:200]]
    assert max(apart) < 0.01
    assert sum(distance > 1e-6 for distance in apart) > 150


def test_a_planted_jump_is_seen_here_too(simulator: Simulator) -> None:
    before = by_slug(listings(simulator))["bitcoin"]["quote"][0]["price"]
    order = {"kind": "jump", "asset_id": "bitcoin", "size": 0.2}
    assert simulator.http.post("/events", json=order).status_code == 201
    simulator.advance(900)
    after = by_slug(listings(simulator))["bitcoin"]["quote"][0]["price"]
    assert after / before == pytest.approx(1.221, abs=0.02)


def test_a_token_is_told_with_the_contract_that_the_other_aggregator_lists(
    simulator: Simulator,
) -> None:
    lists = simulator.gecko("/coins/list", include_platform="true").json()
    contracts = {row["id"]: row["platforms"] for row in lists}
    rows = by_slug(listings(simulator, limit=5000))
    assert rows["bitcoin"]["platform"] is None
    pepe = rows["pepe"]["platform"]
    assert pepe.keys() == {"id", "name", "symbol", "slug", "token_address"}
    assert (pepe["slug"], pepe["token_address"]) == ("ethereum", contracts["pepe"]["ethereum"])
    addresses = {value for platforms in contracts.values() for value in platforms.values()}
    tokens = [row["platform"] for row in rows.values() if row["platform"]]
    assert len(tokens) > 80
    assert all(token["token_address"] in addresses for token in tokens)


def test_start_and_limit_cut_the_list_without_gap_or_repeat(simulator: Simulator) -> None:
    parts = [listings(simulator, start=start, limit=100) for start in (1, 101, 201, 301)]
    assert [len(part) for part in parts] == [100, 100, 55, 0]
    together = [row["slug"] for part in parts for row in part]
    assert together == [row["slug"] for row in listings(simulator, limit=5000)]


def test_listings_come_by_capitalisation_with_unverified_supplies_last(
    simulator: Simulator,
) -> None:
    rows = listings(simulator, limit=5000)
    caps = [row["quote"][0]["market_cap"] for row in rows]
    assert all(a >= b for a, b in pairwise(caps))
    cats = by_slug(rows)["bitcoin-cats"]
    assert (cats["symbol"], cats["circulating_supply"]) == ("BTC", 0)
    assert cats["quote"][0]["market_cap"] == 0
    assert cats["self_reported_market_cap"] > 0


@pytest.mark.parametrize(
    "params", [{"start": 0}, {"limit": 5001}, {"limit": "x"}, {"sort": "up"}, {"convert": "ZZZ"}]
)
def test_a_wrong_parameter_is_error_400_in_the_envelope(
    simulator: Simulator, params: dict[str, Any]
) -> None:
    answer = ask(simulator, "/v3/cryptocurrency/listings/latest", **params)
    assert answer.status_code == 400
    assert answer.json()["status"]["error_code"] == 400


def test_quotes_of_version_2_are_keyed_by_id_and_by_symbol_ambiguous(simulator: Simulator) -> None:
    path = "/v2/cryptocurrency/quotes/latest"
    by_id = ask(simulator, path, id="1,1027").json()["data"]
    assert {key: row["slug"] for key, row in by_id.items()} == {"1": "bitcoin", "1027": "ethereum"}
    by_name = ask(simulator, path, slug="bnb").json()["data"]
    assert list(by_name) == ["1839"]
    by_symbol = ask(simulator, path, symbol="BTC,ETH").json()["data"]
    assert [row["slug"] for row in by_symbol["BTC"]] == ["bitcoin", "bitcoin-cats"]
    assert [row["slug"] for row in by_symbol["ETH"]] == ["ethereum"]


def test_quotes_of_version_3_are_a_list_with_tags_as_objects(simulator: Simulator) -> None:
    path = "/v3/cryptocurrency/quotes/latest"
    data = ask(simulator, path, slug="bitcoin,no-such-coin").json()["data"]
    assert [row["slug"] for row in data] == ["bitcoin"]
    assert data[0]["tags"][0].keys() == {"slug", "name", "category"}
    strict = ask(simulator, path, slug="bitcoin,no-such-coin", skip_invalid="false")
    assert strict.status_code == 400
    assert ask(simulator, path).status_code == 400


def test_global_metrics_are_the_sums_of_the_market(simulator: Simulator) -> None:
    data = ask(simulator, "/v1/global-metrics/quotes/latest").json()["data"]
    other = simulator.gecko("/global").json()["data"]
    total = data["quote"]["USD"]["total_market_cap"]
    assert total == pytest.approx(other["total_market_cap"]["usd"], rel=1e-6)
    share = other["market_cap_percentage"]["btc"]
    assert data["btc_dominance"] == pytest.approx(share, rel=1e-6)
    assert 0 < data["stablecoin_market_cap"] < total


def test_fear_and_greed_changes_every_quarter_of_an_hour(simulator: Simulator) -> None:
    def read() -> dict[str, Any]:
        found: dict[str, Any] = ask(simulator, "/v3/fear-and-greed/latest").json()["data"]
        return found

    simulator.set_clock("2026-11-20T12:14:00Z")
    data = read()
    assert data.keys() == {"value", "value_classification", "update_time"}
    assert type(data["value"]) is int and 0 <= data["value"] <= 100
    assert data["update_time"] == "2026-11-20T12:00:00.000Z"
    simulator.advance(60)
    assert read()["update_time"] == "2026-11-20T12:15:00.000Z"


def test_the_key_tells_what_it_may_do(simulator: Simulator) -> None:
    answer: httpx.Response = ask(simulator, "/v1/key/info")
    data = answer.json()["data"]
    assert data["plan"]["rate_limit_minute"] == 30
    assert data["plan"]["credit_limit_monthly_reset_timestamp"] == "2026-12-01T00:00:00.000Z"
    assert answer.json()["status"]["credit_count"] == 0
