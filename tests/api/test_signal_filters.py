"""How signals are asked for: by symbol or id, since when, and what is said of wrong questions."""

from urllib.parse import quote

import pytest

from common.times import epoch, iso
from tests.api.calling import TICK, Caller


def detail(ask: Caller, path: str, status: int) -> str:
    answer = ask(path)
    assert answer.status == status, answer.body
    return answer.body


@pytest.mark.parametrize("name", ["BTC", "btc", "bitcoin", "Bitcoin"])
def test_an_asset_is_named_by_its_symbol_or_its_id_in_any_case(ask: Caller, name: str) -> None:
    found = ask.data(f"/api/v1/signals/all?symbol={name}&limit=250")
    assert found
    assert {signal["asset_id"] for signal in found} == {"bitcoin"}
    assert found == ask.data("/api/v1/signals/all?symbol=BTC&limit=250")


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


@pytest.mark.parametrize("since", ["soon", "-1", "1e9", "9999999999999", "2026-13-01"])
def test_another_time_is_refused_with_an_example(ask: Caller, since: str) -> None:
    body = detail(ask, f"/api/v1/signals/all?since={since}", 400)
    assert "since: give epoch seconds or an ISO 8601 time" in body


@pytest.mark.parametrize("cursor", ["zzz", "%FF", "1", "1795350600", "' OR 1=1 --", "x" * 400])
def test_a_cursor_that_we_did_not_give_is_refused(ask: Caller, cursor: str) -> None:
    assert "cursor: " in detail(ask, f"/api/v1/signals/all?cursor={quote(cursor)}", 400)


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        ("/api/v1/signals/foo", "all, price_anomaly, volume_spike, sentiment_shift"),
        (
            "/api/v1/analytics/foo",
            "market, movers, sources, tvl, chains, dex_volume, pools, yields, stablecoins,"
            " trending, promoted, nft, network, fear_greed",
        ),
        ("/api/v1/dashboard/foo", "overview, asset"),
    ],
)
def test_a_wrong_choice_is_answered_with_the_right_ones(
    ask: Caller, path: str, choices: str
) -> None:
    assert f"It may be {choices}." in detail(ask, path, 400)
