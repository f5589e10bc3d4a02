from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.tools.simulator.running import Simulator

FROM, TO = "2026-11-17T00:00:00Z", "2026-11-19T00:00:00Z"
PER_DAY = {
    "jump": 6, "drift": 3, "volume_spike": 6, "pump_dump": 3, "news_move": 3,
    "sentiment_turn": 3, "stale": 1,
}  # fmt: skip


def stamp(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def series(simulator: Simulator, coin: str, end: str, name: str = "prices") -> dict[int, float]:
    """Five-minute points of the day that ends some time after an event: second to value."""
    simulator.set_clock((datetime.fromisoformat(end) + timedelta(hours=8)).isoformat())
    chart = simulator.gecko(f"/coins/{coin}/market_chart", vs_currency="usd", days=1).json()
    return {moment // 1000: value for moment, value in chart[name]}


def of_kind(simulator: Simulator, kind: str) -> list[dict[str, Any]]:
    labels = [label for label in simulator.labels(FROM, TO) if label["kind"] == kind]
    assert labels
    return labels


def log_move(points: dict[int, float], start: int, end: int) -> float:
    return float(np.log(points[end] / points[start]))


def test_every_day_has_its_share_of_each_kind(simulator: Simulator) -> None:
    starts = [label for label in simulator.labels(FROM, TO) if label["start"] >= FROM]
    assert Counter(label["kind"] for label in starts) == {
        kind: 2 * count for kind, count in PER_DAY.items()
    }


def test_labels_come_sorted_with_all_their_fields(simulator: Simulator) -> None:
    labels = simulator.labels(FROM, TO)
    assert labels == sorted(labels, key=lambda label: (label["start"], label["id"]))
    for label in labels:
        assert label.keys() == {
            "id", "kind", "asset_id", "symbol", "start", "end", "size", "detail",
        }  # fmt: skip
        assert label["start"].endswith("Z") and label["start"] < label["end"]
        assert label["start"] < TO and label["end"] > FROM


def test_events_never_overlap_on_a_coin(simulator: Simulator) -> None:
    by_coin: dict[str, list[dict[str, Any]]] = {}
    for label in simulator.labels("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z"):
        by_coin.setdefault(label["asset_id"], []).append(label)
    for labels in by_coin.values():
        assert all(a["end"] < b["start"] for a, b in pairwise(labels))


def test_starts_of_one_kind_are_at_least_90_minutes_apart(simulator: Simulator) -> None:
    by_kind: dict[str, list[int]] = {}
    for label in simulator.labels("2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z"):
        by_kind.setdefault(label["kind"], []).append(stamp(label["start"]))
    for kind, starts in by_kind.items():
        assert min(b - a for a, b in pairwise(starts)) >= 90 * 60, kind


def test_a_labelled_jump_is_in_the_chart_within_one_step_and_holds(simulator: Simulator) -> None:
    for label in of_kind(simulator, "jump"):
        points = series(simulator, label["asset_id"], label["end"])
        start = stamp(label["start"])
        assert 0.055 < abs(label["size"]) < 0.145
        assert log_move(points, start, start + 300) == pytest.approx(label["size"], abs=0.02)
        assert log_move(points, start, start + 7200) == pytest.approx(label["size"], abs=0.055)


def test_a_labelled_drift_takes_its_five_hours(simulator: Simulator) -> None:
    for label in of_kind(simulator, "drift"):
        points = series(simulator, label["asset_id"], label["end"])
        start, end = stamp(label["start"]), stamp(label["end"])
        assert end - start == 5 * 3600
        half = (start + end) // 2
        assert log_move(points, start, end) == pytest.approx(label["size"], abs=0.09)
        assert log_move(points, start, half) == pytest.approx(label["size"] / 2, abs=0.07)


def test_a_labelled_pump_rises_in_20_minutes_and_is_gone_after_90(simulator: Simulator) -> None:
    for label in of_kind(simulator, "pump_dump"):
        points = series(simulator, label["asset_id"], label["end"])
        start, end = stamp(label["start"]), stamp(label["end"])
        assert 0.22 <= label["size"] <= 0.47
        assert log_move(points, start, start + 1200) == pytest.approx(label["size"], abs=0.05)
        assert log_move(points, start, end) == pytest.approx(0, abs=0.07)
        volumes = series(simulator, label["asset_id"], label["end"], "total_volumes")
        assert volumes[start + 1200] / volumes[start] > 1.2


def test_a_labelled_spike_lifts_the_volume_and_not_the_price(simulator: Simulator) -> None:
    for label in of_kind(simulator, "volume_spike"):
        start, end = stamp(label["start"]), stamp(label["end"])
        assert 15 <= label["size"] <= 40
        assert 20 * 60 <= end - start <= 40 * 60
        volumes = series(simulator, label["asset_id"], label["end"], "total_volumes")
        assert volumes[end] / volumes[start] > 1.1
        assert volumes[start] / volumes[start - 1800] < 1.05
        points = series(simulator, label["asset_id"], label["end"])
        assert abs(log_move(points, start, end)) < 0.055


def test_a_news_move_follows_its_stories(simulator: Simulator) -> None:
    for label in of_kind(simulator, "news_move"):
        points = series(simulator, label["asset_id"], label["end"])
        start, told, end = stamp(label["start"]), stamp(label["start"]) + 1200, stamp(label["end"])
        assert end == told + 900
        assert abs(log_move(points, start, told)) < 0.03
        assert log_move(points, told, end) == pytest.approx(label["size"], abs=0.03)


def test_a_stale_coin_stands_still_and_says_since_when(simulator: Simulator) -> None:
    for label in of_kind(simulator, "stale"):
        start = datetime.fromisoformat(label["start"])
        rows = []
        for minutes in (0, 15, 105, 135):
            simulator.set_clock((start + timedelta(minutes=minutes)).isoformat())
            rows.append(simulator.row(label["asset_id"]))
        still = [(row["current_price"], row["last_updated"]) for row in rows]
        assert still[0] == still[1] == still[2] != still[3]
        points = series(simulator, label["asset_id"], label["end"])
        first = stamp(label["start"])
        assert points[first] == points[first + 3600] == points[first + 7200 - 300]


def test_a_planted_jump_is_labelled_and_seen_at_the_next_collection(simulator: Simulator) -> None:
    before = simulator.row("bitcoin")["current_price"]
    answer = simulator.http.post(
        "/events", json={"kind": "jump", "asset_id": "bitcoin", "size": -0.2}
    )
    assert answer.status_code == 201
    simulator.advance(900)
    assert np.log(simulator.row("bitcoin")["current_price"] / before) == pytest.approx(
        -0.2, abs=0.02
    )
    found = simulator.labels("2026-11-20T11:59:00Z", "2026-11-20T12:15:00Z")
    assert answer.json() in found


@pytest.mark.parametrize("kind", PER_DAY)
def test_every_kind_can_be_planted_at_an_instant(simulator: Simulator, kind: str) -> None:
    answer = simulator.http.post(
        "/events", json={"kind": kind, "asset_id": "litecoin", "at": "2026-11-20T13:02:00Z"}
    )
    assert answer.status_code == 201
    assert answer.json()["start"] == "2026-11-20T13:05:00Z"  # the next step of the grid
    assert answer.json()["kind"] == kind


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"kind": "nope", "asset_id": "bitcoin"}, "volume_spike"),
        ({"kind": "jump", "asset_id": "nope"}, "asset_id"),
        ({"kind": "jump"}, "asset_id"),
        ({"asset_id": "bitcoin"}, "kind"),
        ({"kind": "jump", "asset_id": "bitcoin", "size": 0}, "size"),
        ({"kind": "jump", "asset_id": "bitcoin", "size": "big"}, "size"),
        ({"kind": "volume_spike", "asset_id": "bitcoin", "size": 0.5}, "multiplier"),
        ({"kind": "pump_dump", "asset_id": "bitcoin", "size": -0.3}, "size"),
        ({"kind": "jump", "asset_id": "bitcoin", "at": "soon"}, "ISO 8601"),
        ({"kind": "jump", "asset_id": "bitcoin", "at": 5}, "ISO 8601"),
        ({"kind": "jump", "asset_id": "bitcoin", "colour": 5}, "colour"),
        ([], "object"),
    ],
)
def test_an_order_that_cannot_be_planted_says_what_to_change(
    simulator: Simulator, order: Any, word: str
) -> None:
    answer = simulator.http.post("/events", json=order)
    assert answer.status_code == 422
    assert word in answer.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"from": TO, "to": FROM},
        {"from": "2020-01-01T00:00:00Z", "to": FROM},
    ],
)
def test_labels_refuse_a_range_that_is_none_or_too_long(
    simulator: Simulator, query: dict[str, str]
) -> None:
    assert simulator.http.get("/labels", params=query).status_code == 422


def test_labels_default_to_the_last_24_hours_of_the_clock(simulator: Simulator) -> None:
    labels = simulator.http.get("/labels").json()["labels"]
    assert labels == simulator.labels("2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z")
