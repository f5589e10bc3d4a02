from typing import Any

import pytest

from tests.tools.simulator.running import Simulator

KEY = {"x-messari-api-key": "k"}


def messari(simulator: Simulator, path: str, **params: Any) -> Any:
    answer = simulator.http.get(f"/api.messari.io{path}", params=params, headers=KEY)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "path",
    ["/metrics/v2/assets", "/metrics/v2/assets/details", "/news/v1/news/feed", "/signal/v1/assets"],
)
def test_messari_wants_a_key_in_its_header(simulator: Simulator, path: str) -> None:
    for headers in ({}, {"x-messari-api-key": "bad-key"}):
        answer = simulator.http.get(f"/api.messari.io{path}?slugs=bitcoin", headers=headers)
        assert answer.status_code == 401
        assert answer.json().keys() == {"error"}
    allowed = simulator.http.get(f"/api.messari.io{path}?slugs=bitcoin", headers=KEY)
    assert allowed.status_code == 200


@pytest.mark.parametrize("path", ["/news/v1/news/feed", "/signal/v1/assets"])
def test_a_free_key_is_refused_what_enterprises_pay_for(simulator: Simulator, path: str) -> None:
    answer = simulator.http.get(f"/api.messari.io{path}", headers={"x-messari-api-key": "free-key"})
    assert answer.status_code == 403


def test_details_come_in_both_generations_of_market_data(simulator: Simulator) -> None:
    said = messari(simulator, "/metrics/v2/assets/details", slugs="bitcoin,ethereum,tether,none")
    assert said["error"] is None
    new, _, old = (row["marketData"] for row in said["data"])
    assert new["priceUsd"] == pytest.approx(simulator.row("bitcoin")["current_price"], rel=1e-4)
    assert new["marketcap"]["circulatingUsd"] > 1e12
    assert "price" not in new
    assert old["price"] == pytest.approx(1, abs=0.01)
    assert "priceUsd" not in old
    assert {"marketCap", "volume24h"} <= old.keys()
    bare_request = simulator.http.get("/api.messari.io/metrics/v2/assets/details", headers=KEY)
    assert bare_request.status_code == 400


def test_an_asset_can_be_asked_for_by_the_id_that_the_list_gives(simulator: Simulator) -> None:
    listed = messari(simulator, "/metrics/v2/assets", limit=3, search="coin")["data"]
    assert len(listed) == 3
    (row,) = messari(simulator, "/metrics/v2/assets/details", ids=listed[1]["id"])["data"]
    assert row["slug"] == listed[1]["slug"]


def test_news_is_stamped_in_milliseconds_and_can_be_cut_by_time(simulator: Simulator) -> None:
    said = messari(simulator, "/news/v1/news/feed", limit=5)
    stamps = [row["publishTimeMillis"] for row in said["data"]]
    assert stamps == sorted(stamps, reverse=True)
    assert said["metadata"] == {
        "page": 1, "limit": 5, "total": said["metadata"]["total"], "hasMore": True,
    }  # fmt: skip
    older = messari(simulator, "/news/v1/news/feed", publishedBefore=stamps[2], limit=3)["data"]
    assert [row["publishTimeMillis"] for row in older] == stamps[2:]
    newer = messari(simulator, "/news/v1/news/feed", publishedAfter=stamps[2], sort=1)["data"]
    assert [row["publishTimeMillis"] for row in newer] == stamps[2::-1]


def test_attention_is_shared_out_and_goes_to_whom_is_written_about(simulator: Simulator) -> None:
    rows = messari(simulator, "/signal/v1/assets", limit=1000)["data"]
    shares = [row["mindshare"]["24h"]["percentage"] for row in rows]
    assert sum(shares) == pytest.approx(100)
    assert shares == sorted(shares, reverse=True)
    order = {"kind": "sentiment_turn", "asset_id": "harmony"}
    assert simulator.http.post("/events", json=order).status_code == 201
    simulator.advance(3 * 3600)
    (now,) = messari(simulator, "/signal/v1/assets", assetIds="harmony")["data"]
    assert now["mindshare"]["24h"]["percentageChange"] > 1
