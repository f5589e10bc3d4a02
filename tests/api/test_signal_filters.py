"""How signals are asked for: by symbol or id, since when, and what is said of wrong questions."""

from typing import get_args
from urllib.parse import quote

import pytest

from common.signal_types import SignalType
from common.times import epoch, iso
from signals.detectors import DETECTORS
from tests.api.calling import TICK, Caller, body, insert_signal
from tests.support.sqlite import SqliteDatabase


def detail(ask: Caller, path: str, status: int) -> str:
    answer = ask(path)
    assert answer.status == status, answer.body
    return body(answer)


@pytest.mark.parametrize("name", ["BTC", "btc", "bitcoin", "Bitcoin"])
def test_an_asset_is_named_by_its_symbol_or_its_id_in_any_case(ask: Caller, name: str) -> None:
    found = ask.data(f"/api/v1/signals/all?symbol={name}&limit=250")
    assert found
    assert {signal["asset_id"] for signal in found} == {"bitcoin"}
    assert found == ask.data("/api/v1/signals/all?symbol=BTC&limit=250")


@pytest.mark.parametrize("asset_id", ["market", "protocol_tvl:aave"])
def test_the_signals_of_what_is_no_asset_can_be_asked_for(
    ask: Caller, database: SqliteDatabase, asset_id: str
) -> None:
    assert ask.data(f"/api/v1/signals/all?symbol={asset_id}&limit=1") == []
    wanted = insert_signal(database, 50, asset_id=asset_id, symbol="WHAT")
    (signal,) = ask.data(f"/api/v1/signals/all?symbol={asset_id}")
    assert (signal["id"], signal["name"]) == (wanted, "WHAT")


def test_an_asset_that_nobody_collects_is_a_404(ask: Caller) -> None:
    assert "'NOPE' is collected" in detail(ask, "/api/v1/signals/all?symbol=NOPE", 404)


def test_an_asset_without_a_signal_since_then_is_an_empty_page(ask: Caller) -> None:
    assert ask.data(f"/api/v1/signals/all?symbol=BTC&since={TICK + 86_400}") == []


def test_a_time_is_given_in_seconds_or_as_iso_8601(ask: Caller) -> None:
    every = ask.data("/api/v1/signals/all?limit=250")
    at = epoch(every[len(every) // 2]["created_at"])
    seconds = ask.data(f"/api/v1/signals/all?since={at}&limit=250")
    assert 0 < len(seconds) < len(every)
    assert ask.data(f"/api/v1/signals/all?since={iso(at)}&limit=250") == seconds


def test_the_span_of_time_includes_both_ends(ask: Caller) -> None:
    at = epoch(ask.data("/api/v1/signals/all?limit=1")[0]["created_at"])
    found = ask.data(f"/api/v1/signals/all?since={at}&until={iso(at)}")
    assert {epoch(one["created_at"]) for one in found} == {at}
    assert ask.data(f"/api/v1/signals/all?since={at + 1}&until={at + 900}") == []


def test_a_signal_without_a_confidence_is_not_one_of_at_least_anything(
    ask: Caller, database: SqliteDatabase
) -> None:
    assert {one["confidence_score"] for one in ask.data("/api/v1/signals/all")} == {None, 0.625}
    told = ask.data("/api/v1/signals/all?min_confidence=0")
    assert {one["confidence_score"] for one in told} == {0.625}
    assert ask.data("/api/v1/signals/all?min_confidence=0.63") == []
    assert ask("/api/v1/signals/all?min_confidence=1.1").status == 400


@pytest.mark.parametrize("since", ["soon", "-1", "1e9", "9999999999999", "2026-13-01"])
def test_another_time_is_refused_with_an_example(ask: Caller, since: str) -> None:
    body = detail(ask, f"/api/v1/signals/all?since={since}", 400)
    assert "since: give epoch seconds or an ISO 8601 time" in body


def test_another_end_is_refused_too(ask: Caller) -> None:
    body = detail(ask, "/api/v1/signals/all?until=never", 400)
    assert "until: give epoch seconds or an ISO 8601 time" in body


@pytest.mark.parametrize(
    "cursor", ["WyJhIiwiYiJd", "zzz", "%FF", "1", "1795350600", "' OR 1=1 --", "x" * 400]
)
def test_a_cursor_that_we_did_not_give_is_refused(ask: Caller, cursor: str) -> None:
    assert "cursor: " in detail(ask, f"/api/v1/signals/all?cursor={quote(cursor)}", 400)


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        ("/api/v1/signals/foo", ", ".join((*get_args(SignalType), "all"))),
        (
            "/api/v1/analytics/foo",
            "tvl, chains, dex_volume, pools, yields, stablecoins, trending, promoted, nft,"
            " network, fear_greed, exchange_rates",
        ),
    ],
)
def test_a_wrong_choice_is_answered_with_the_right_ones(
    ask: Caller, path: str, choices: str
) -> None:
    assert f"It may be {choices}" in detail(ask, path, 400)


def test_the_types_that_may_be_asked_for_are_the_detectors_names() -> None:
    assert sorted(get_args(SignalType)) == [one.name for one in DETECTORS]
