"""Faults on one provider of each kind: what a client sees, whatever the provider's shape."""

import json
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import httpx
import pytest

from tests.tools.simulator.running import Simulator
from tools.simulator.tamper import tamper

GECKO = "/api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=50"
FNG = "/api.alternative.me/fng/?limit=10"
FEES = "/mempool.space/api/v1/fees/recommended"
TIP = "/mempool.space/api/blocks/tip/height"
GAS = "/api.etherscan.io/v2/api?chainid=1&module=gastracker&action=gasoracle&apikey=k"
SUPPLY = "/api.etherscan.io/v2/api?chainid=1&module=stats&action=ethsupply&apikey=k"
POSTS = "/cryptopanic.com/api/developer/v2/posts/?auth_token=t"
DETAILS = "/api.messari.io/metrics/v2/assets/details?slugs=bitcoin,ethereum,tether"
CUSTOM = "/feeds.example/prices.json"
BLOCK = "/www.theblock.co/rss.xml"
NODE = "/eth.llamarpc.com/"
KEY = {"x-messari-api-key": "k"}
DAY = 86_400


def under(simulator: Simulator, fault: str, path: str) -> httpx.Response:
    simulator.fault(path.split("/")[1], fault)
    answer = simulator.http.get(path, headers=KEY)
    simulator.http.delete("/faults")
    return answer


def rpc_under(simulator: Simulator, fault: str, order: Any) -> Any:
    simulator.fault(NODE.strip("/"), fault)
    answer = simulator.http.post(NODE, json=order)
    assert answer.status_code == 200
    return answer.json()


def right(simulator: Simulator, path: str) -> Any:
    return simulator.http.get(path, headers=KEY).json()


def test_a_long_wait_is_asked_for_in_seconds_or_as_a_date_of_the_real_clock(
    simulator: Simulator,
) -> None:
    hour = under(simulator, "429_hour", FEES)
    assert (hour.status_code, hour.headers["retry-after"]) == (429, "3600")
    date = under(simulator, "429_date", FEES)
    assert date.status_code == 429
    wait = parsedate_to_datetime(date.headers["retry-after"]).timestamp() - time.time()
    assert 3590 < wait <= 3600


@pytest.mark.parametrize("path", [GECKO, FEES, TIP, POSTS, DETAILS, CUSTOM, BLOCK])
def test_an_error_with_status_200_is_an_object_that_says_error(
    simulator: Simulator, path: str
) -> None:
    answer = under(simulator, "error_in_200", path)
    assert answer.status_code == 200
    assert answer.json().keys() == {"error"}


def test_an_error_with_status_200_has_the_providers_own_form(simulator: Simulator) -> None:
    for path in (GAS, SUPPLY):
        said = under(simulator, "error_in_200", path).json()
        assert (said["status"], said["message"]) == ("0", "NOTOK")
        assert type(said["result"]) is str
    index = under(simulator, "error_in_200", FNG).json()
    assert index["data"] == []
    assert index["metadata"]["error"]


def test_a_node_errs_for_each_request_under_its_id(simulator: Simulator) -> None:
    orders = [{"jsonrpc": "2.0", "id": n, "method": "eth_blockNumber"} for n in (4, 9)]
    said = rpc_under(simulator, "error_in_200", orders)
    assert [one["id"] for one in said] == [4, 9]
    assert all(one["error"]["code"] == -32005 and "result" not in one for one in said)
    assert rpc_under(simulator, "error_in_200", orders[0])["error"]["code"] == -32005


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"status": {"error_code": 0, "credit_count": 1}, "data": [{"id": 1}]},
            {"status": {"error_code": 1008, "credit_count": 1}},
        ),
        ({"error": [], "result": {"XXBTZUSD": {}}}, {"error": ["EAPI:Rate limit exceeded"]}),
        ({"schemaVersion": "1.0.0", "pairs": [{}]}, {"schemaVersion": "1.0.0", "pairs": None}),
    ],
)
def test_forms_of_market_providers_are_known_too(body: Any, expected: Any) -> None:
    said = json.loads(tamper("error_in_200", json.dumps(body).encode(), is_json=True))
    if "status" in said:
        assert said["status"].pop("error_message")
    assert said == expected


@pytest.mark.parametrize(
    ("path", "rows", "name"),
    [
        (GECKO, lambda said: said, "current_price"),
        (FNG, lambda said: said["data"], "value"),
        (FEES, lambda said: [said], "fastestFee"),
        (GAS, lambda said: [said["result"]], "ProposeGasPrice"),
        (SUPPLY, lambda said: [said], "result"),
        (POSTS, lambda said: said["results"], "title"),
        (CUSTOM, lambda said: said["result"]["items"], "last"),
        (DETAILS, lambda said: [row["marketData"] for row in said["data"][:2]], "priceUsd"),
    ],
)
def test_type_change_wraps_what_a_row_is_asked_for(
    simulator: Simulator, path: str, rows: Any, name: str
) -> None:
    changed, before = (
        rows(under(simulator, "type_change", path).json()),
        rows(right(simulator, path)),
    )
    for place, (row, whole) in enumerate(zip(changed, before, strict=True)):
        wrapped = [whole[name]] if place % 2 else {"value": whole[name]}
        assert row == {**whole, name: wrapped}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (GECKO, []),
        (FNG, {"name": "Fear and Greed Index", "data": [], "metadata": {"error": None}}),
        (FEES, {}),
        (GAS, {"status": "1", "message": "OK", "result": {}}),
        (DETAILS, {"error": None, "data": []}),
        (CUSTOM, {"result": {"items": []}}),
    ],
)
def test_empty_keeps_the_form_and_has_no_rows(
    simulator: Simulator, path: str, expected: Any
) -> None:
    assert under(simulator, "empty", path).json() == expected


def test_empty_leaves_the_head_of_a_feed_and_of_a_table(simulator: Simulator) -> None:
    parsed = feedparser.parse(under(simulator, "empty", BLOCK).content)
    assert (parsed.feed.title, parsed.entries) == ("The Block", [])
    table = under(simulator, "empty", "/feeds.example/series.csv").text
    assert table == "timestamp,price,volume\n"
    assert under(simulator, "empty", TIP).content == b""


def test_future_moves_stamps_in_every_form(simulator: Simulator) -> None:
    for path, rows, name in (
        (FNG, lambda said: said["data"], "timestamp"),
        (CUSTOM, lambda said: said["result"]["items"], "ts"),
        ("/mempool.space/api/v1/prices", lambda said: [said], "time"),
    ):
        ahead, before = rows(under(simulator, "future", path).json()), rows(right(simulator, path))
        for one, other in zip(ahead, before, strict=True):
            assert type(one[name]) is type(other[name])
            assert int(one[name]) - int(other[name]) == DAY
    news = "/api.messari.io/news/v1/news/feed"
    ahead = under(simulator, "future", news).json()["data"][0]["publishTimeMillis"]
    assert ahead - right(simulator, news)["data"][0]["publishTimeMillis"] == DAY * 1000
    post = under(simulator, "future", POSTS).json()["results"][0]
    gap = datetime.fromisoformat(post["published_at"]) - datetime.fromisoformat(
        right(simulator, POSTS)["results"][0]["published_at"]
    )
    assert gap.total_seconds() == DAY


@pytest.mark.parametrize(
    ("path", "word"), [(FNG, '"timestamp"'), (CUSTOM, '"ts"'), (POSTS, '"published_at"')]
)
def test_no_timestamp_leaves_the_stamps_out_of_nested_rows(
    simulator: Simulator, path: str, word: str
) -> None:
    assert word in simulator.http.get(path).text
    assert word not in under(simulator, "no_timestamp", path).text


def test_stale_is_yesterdays_chain_and_index(simulator: Simulator, same_seed: Simulator) -> None:
    same_seed.advance(-DAY)
    for path in (FEES, TIP, GAS, FNG, CUSTOM):
        assert under(simulator, "stale", path).content == same_seed.http.get(path).content


def test_numbers_change_sides(simulator: Simulator) -> None:
    fees = under(simulator, "string_numbers", FEES).json()
    assert all(type(value) is str and int(value) for value in fees.values())
    index = under(simulator, "string_numbers", FNG).json()["data"]
    assert all(type(row["value"]) is int and type(row["timestamp"]) is int for row in index)
    assert under(simulator, "string_numbers", SUPPLY).json()["result"] > 10**26


def test_nan_is_bare_among_numbers_and_a_string_among_strings(simulator: Simulator) -> None:
    assert '"fastestFee":NaN,' in under(simulator, "nan", FEES).text
    assert under(simulator, "nan", CUSTOM).json()["result"]["items"][0]["last"] == "NaN"
    data = under(simulator, "nan", DETAILS).text
    assert '"priceUsd":NaN' in data


def test_nulls_reach_nested_numbers_and_titles(simulator: Simulator) -> None:
    data = under(simulator, "null_heavy", DETAILS).json()["data"]
    assert data[0]["marketData"]["priceUsd"] is None
    assert data[1]["marketData"]["priceUsd"] is not None
    assert any(number is None for number in data[1]["marketData"]["marketcap"].values())
    titles = [post["title"] for post in under(simulator, "null_heavy", POSTS).json()["results"]]
    assert titles.count(None) == 4
    assert under(simulator, "null_heavy", SUPPLY).json()["result"] is None


@pytest.mark.parametrize(
    ("path", "rows"),
    [(FNG, lambda said: said["data"]), (CUSTOM, lambda said: said["result"]["items"])],
)
def test_duplicate_rows_repeats_nested_rows(simulator: Simulator, path: str, rows: Any) -> None:
    before = rows(right(simulator, path))
    assert rows(under(simulator, "duplicate_rows", path).json()) == before + before[:20]


def test_a_body_made_to_be_unreadable_stays_as_it_is(simulator: Simulator) -> None:
    for path in ("/evil.example/deep.json", "/evil.example/utf16-bomb.xml"):
        assert under(simulator, "future", path).content == simulator.http.get(path).content
