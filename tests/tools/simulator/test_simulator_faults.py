import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import httpx
import pytest

from tests.tools.simulator.running import Simulator

GECKO = "api.coingecko.com"
DECRYPT = "decrypt.co"
FEED = "/decrypt.co/feed"
MARKETS = "/api.coingecko.com/api/v3/coins/markets?vs_currency=usd&per_page=250"


def markets_under(simulator: Simulator, fault: str) -> httpx.Response:
    simulator.fault(GECKO, fault)
    answer = simulator.http.get(MARKETS)
    assert answer.status_code == 200
    return answer


def feed_under(simulator: Simulator, fault: str) -> httpx.Response:
    simulator.fault(DECRYPT, fault)
    answer = simulator.http.get(FEED)
    assert answer.status_code == 200
    return answer


def published(entry: Any) -> datetime:
    return parsedate_to_datetime(entry.published)


def test_429_names_the_limit_and_sends_no_retry_after(simulator: Simulator) -> None:
    simulator.fault(GECKO, "429")
    answer = simulator.http.get(MARKETS)
    assert answer.status_code == 429
    assert answer.json()["status"]["error_code"] == 429
    assert "retry-after" not in answer.headers


def test_429_can_say_when_to_retry(simulator: Simulator) -> None:
    simulator.fault(GECKO, "429_retry_after")
    answer = simulator.http.get(MARKETS)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")


@pytest.mark.parametrize(
    ("fault", "status", "media_type"),
    [("500", 500, "text/plain"), ("html_error", 503, "text/html"), ("not_json", 200, "text/plain")],
)
def test_faults_that_replace_the_answer(
    simulator: Simulator, fault: str, status: int, media_type: str
) -> None:
    simulator.fault(GECKO, fault)
    answer = simulator.http.get(MARKETS)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(media_type)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_null_heavy_nulls_most_numbers_and_the_price_of_some_rows(simulator: Simulator) -> None:
    rows = markets_under(simulator, "null_heavy").json()
    volumes = [row["total_volume"] for row in rows]
    prices = [row["current_price"] for row in rows]
    assert sum(value is None for value in volumes) > 0.6 * len(rows)
    assert 0 < sum(value is None for value in prices) < 0.3 * len(rows)
    assert all(row["id"] and row["last_updated"] for row in rows)


def test_null_heavy_empties_the_texts_of_a_feed(simulator: Simulator) -> None:
    items = feedparser.parse(feed_under(simulator, "null_heavy").content).entries
    assert len(items) == 25
    assert all(item.title == "" for item in items)


def test_stale_serves_yesterday_with_yesterdays_stamps(
    simulator: Simulator, same_seed: Simulator
) -> None:
    same_seed.advance(-86_400)
    assert markets_under(simulator, "stale").json() == same_seed.markets()
    assert feed_under(simulator, "stale").content == same_seed.http.get(FEED).content


def test_oversize_is_ten_megabytes_and_still_valid(
    simulator: Simulator, same_seed: Simulator
) -> None:
    answer = markets_under(simulator, "oversize")
    assert len(answer.content) == 10_000_000
    assert answer.json() == same_seed.markets()
    feed = feed_under(simulator, "oversize")
    assert len(feed.content) == 10_000_000


def test_nan_puts_numbers_in_the_body_that_json_does_not_know(simulator: Simulator) -> None:
    text = markets_under(simulator, "nan").text
    assert "NaN" in text
    assert "Infinity" in text


def test_string_numbers_quotes_every_number(simulator: Simulator) -> None:
    rows = markets_under(simulator, "string_numbers").json()
    values = [value for row in rows for value in row.values()]
    assert not any(type(value) in (int, float) for value in values)
    assert float(rows[0]["current_price"]) > 1000


def test_duplicate_rows_repeats_twenty(simulator: Simulator) -> None:
    ids = [row["id"] for row in markets_under(simulator, "duplicate_rows").json()]
    assert (len(ids), len(set(ids))) == (270, 250)
    items = feedparser.parse(feed_under(simulator, "duplicate_rows").content).entries
    assert (len(items), len({item.id for item in items})) == (45, 25)


def test_future_stamps_the_same_rows_a_day_ahead(
    simulator: Simulator, same_seed: Simulator
) -> None:
    ahead, right = markets_under(simulator, "future").json(), same_seed.markets()
    for one, other in zip(ahead, right, strict=True):
        gap = datetime.fromisoformat(one["last_updated"]) - datetime.fromisoformat(
            other["last_updated"]
        )
        assert gap == timedelta(days=1)
        assert one["current_price"] == other["current_price"]
    items = feedparser.parse(feed_under(simulator, "future").content).entries
    before = feedparser.parse(same_seed.http.get(FEED).content).entries
    assert published(items[0]) - published(before[0]) == timedelta(days=1)


def test_future_moves_the_points_of_a_chart_too(simulator: Simulator, same_seed: Simulator) -> None:
    simulator.fault(GECKO, "future")
    query = {"vs_currency": "usd", "days": 1}
    ahead = simulator.gecko("/coins/bitcoin/market_chart", **query).json()
    right = same_seed.gecko("/coins/bitcoin/market_chart", **query).json()
    assert ahead["prices"][0][0] - right["prices"][0][0] == 86_400_000


def test_no_timestamp_leaves_the_stamps_out(simulator: Simulator) -> None:
    rows = markets_under(simulator, "no_timestamp").json()
    assert not any("last_updated" in row for row in rows)
    items = feedparser.parse(feed_under(simulator, "no_timestamp").content).entries
    assert len(items) == 25
    assert not any("published" in item for item in items)


def test_many_items_is_a_feed_of_five_thousand_different_ones(simulator: Simulator) -> None:
    text = feed_under(simulator, "many_items").text
    assert text.count("<item>") == 5000
    guids = {part.split("</guid>")[0] for part in text.split('<guid isPermaLink="false">')[1:]}
    assert len(guids) == 5000


def test_a_fault_holds_for_as_many_requests_as_ordered(simulator: Simulator) -> None:
    simulator.fault(GECKO, "500", times=2)
    assert [simulator.http.get(MARKETS).status_code for _ in range(3)] == [500, 500, 200]
    assert simulator.http.get("/faults").json() == {"faults": []}


def test_a_fault_is_for_its_host_and_path_alone(simulator: Simulator) -> None:
    simulator.fault(GECKO, "500", path="market_chart")
    assert simulator.http.get(MARKETS).status_code == 200
    assert simulator.http.get(FEED).status_code == 200
    chart = simulator.gecko("/coins/bitcoin/market_chart", vs_currency="usd", days=1)
    assert chart.status_code == 500


def test_a_new_fault_replaces_the_one_for_the_same_place(simulator: Simulator) -> None:
    simulator.fault(GECKO, "500")
    simulator.fault(GECKO, "429")
    assert simulator.http.get(MARKETS).status_code == 429
    assert len(simulator.http.get("/faults").json()["faults"]) == 1


def test_faults_are_lifted_by_host_or_all_together(simulator: Simulator) -> None:
    simulator.fault(GECKO, "500")
    simulator.fault(DECRYPT, "500")
    left = simulator.http.delete("/faults", params={"host": GECKO}).json()["faults"]
    assert [fault["host"] for fault in left] == [DECRYPT]
    simulator.http.delete("/faults")
    assert simulator.http.get(FEED).status_code == 200


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"host": "example.com", "fault": "500"}, "host"),
        ({"host": GECKO, "fault": "tired"}, "fault"),
        ({"host": GECKO}, "fault"),
        ({"host": GECKO, "fault": ["500"]}, "fault"),
        ({"host": GECKO, "fault": "500", "times": 0}, "times"),
        ({"host": GECKO, "fault": "500", "times": "2"}, "times"),
        ({"host": GECKO, "fault": "500", "path": 5}, "path"),
        ({"host": GECKO, "fault": "slow", "seconds": -1}, "seconds"),
        ({"host": GECKO, "fault": "500", "often": 5}, "often"),
    ],
)
def test_an_order_that_makes_no_sense_says_what_to_change(
    simulator: Simulator, order: Any, word: str
) -> None:
    answer = simulator.http.post("/faults", json=order)
    assert answer.status_code == 422
    assert word in answer.json()["error"]


def test_requests_are_counted_by_host_and_path_with_the_last_status(simulator: Simulator) -> None:
    simulator.http.get(MARKETS)
    simulator.fault(GECKO, "500")
    simulator.http.get(MARKETS)
    simulator.http.get(FEED)
    counted = simulator.http.get("/requests", params={"host": GECKO}).json()["requests"]
    path = "/api/v3/coins/markets"
    row = {"host": GECKO, "path": path, "count": 2, "last_status": 500}
    assert counted == [row | {"not_modified": 0, "gzip": 2}]
    assert len(simulator.http.get("/requests").json()["requests"]) == 2
    assert simulator.http.delete("/requests").json() == {"requests": []}
