"""The rules by which an address becomes suspicious."""

from typing import Any

import pytest

from api.limits.suspicion import (
    HALF_LIFE_SECONDS,
    KEY_SECONDS,
    KEYS_FREE,
    MOST_KEYS,
    PASS_SECONDS,
    THRESHOLD,
    Sights,
    Suspicion,
    odd_path,
)
from tests.api.limits.isolates import START


def seen(now: float = START, suspicion: Suspicion | None = None, **sights: Any) -> Suspicion:
    suspicion = suspicion or Suspicion()
    suspicion.add(Sights(**sights), now)
    return suspicion


@pytest.mark.parametrize(
    "sights",
    [
        {"statuses": {401: 25}},
        {"statuses": {403: 50}},
        {"statuses": {404: 50}},
        {"statuses": {405: 17}},
        {"statuses": {401: 10, 404: 30}},
        {"odd_paths": 5},
        {"keys": [f"k{number}" for number in range(20)]},
    ],
)
def test_a_burst_is_challenged(sights: dict[str, Any]) -> None:
    assert seen(**sights).challenged_for(START) > 0


@pytest.mark.parametrize(
    "sights",
    [
        {},
        {"statuses": {401: 24}},
        {"statuses": {404: 49}},
        {"statuses": {200: 10_000, 429: 500, 500: 500}},
        {"odd_paths": 4},
        {"keys": [f"k{number}" for number in range(KEYS_FREE)]},
        {"keys": ["the same"] * 1000},
    ],
)
def test_ordinary_mistakes_are_not(sights: dict[str, Any]) -> None:
    assert seen(**sights).challenged_for(START) == 0


def test_a_score_halves_in_its_half_life() -> None:
    suspicion = seen(odd_paths=8)
    assert suspicion.now_at(START + HALF_LIFE_SECONDS) == pytest.approx(40.0)
    assert suspicion.now_at(START - 100) == pytest.approx(80.0)


def test_a_challenge_ends_when_the_score_has_fallen_and_says_when() -> None:
    suspicion = seen(odd_paths=10)
    seconds = suspicion.challenged_for(START)
    assert seconds == pytest.approx(1 + HALF_LIFE_SECONDS)
    assert suspicion.challenged_for(START + seconds - 2) > 0
    assert suspicion.challenged_for(START + seconds) == 0


def test_no_score_is_remembered_for_longer_than_minutes() -> None:
    assert seen(odd_paths=1_000_000).challenged_for(START) <= 1 + 4 * HALF_LIFE_SECONDS


def test_a_program_that_tries_an_expired_key_every_ten_seconds_is_never_challenged() -> None:
    suspicion = Suspicion()
    for second in range(0, 7200, 10):
        seen(START + second, suspicion, statuses={401: 1}, keys=["old"])
        assert suspicion.challenged_for(START + second) == 0


def test_a_burst_counts_the_same_in_one_report_and_in_many() -> None:
    suspicion = Suspicion()
    for _ in range(50):
        seen(START, suspicion, statuses={404: 1})
    assert suspicion.now_at(START) == seen(statuses={404: 50}).now_at(START) == THRESHOLD


def test_keys_are_forgotten_and_never_grow_without_bound() -> None:
    suspicion = seen(keys=[f"a{number}" for number in range(KEYS_FREE)])
    seen(START + KEY_SECONDS, suspicion, keys=["b"])
    assert (suspicion.score, list(suspicion.keys)) == (0.0, ["b"])
    many = seen(keys=[f"k{number}" for number in range(10_000)])
    assert len(many.keys) == MOST_KEYS


def test_who_passed_is_not_challenged_for_a_day_whatever_is_seen() -> None:
    suspicion = seen(odd_paths=50)
    suspicion.passed(START)
    assert suspicion.challenged_for(START) == 0
    later = START + PASS_SECONDS - 1
    seen(later, suspicion, odd_paths=50)
    assert suspicion.challenged_for(later) == 0
    assert suspicion.challenged_for(later + 1) > 0


@pytest.mark.parametrize(
    "path",
    ["/.env", "/api/.git/config", "/wp-admin/", "/wp-login.php", "/index.php", "/a/../../etc",
     "/..%2f..%2fetc/passwd", "/%2e%2e/x", "/cgi-bin/test", "/phpMyAdmin/", "/x.aspx", "/b.sql",
     "/actuator/env", "/.aws/credentials", "/api/v1/market-data/%00", "/<script>", "/a\\..\\b"],
)  # fmt: skip
def test_paths_of_scanners_are_odd(path: str) -> None:
    assert odd_path(path)


@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1/market-data/BTC", "/api/v1/entities/node.js", "/.well-known/jwks.json",
     "/api/v1/entities/binance%20u.s.", "/openapi.json", "/docs", "/api/v1/entities/phpcoin",
     "/api/v1/signals/all", "/health", "/favicon.ico", "/oauth/token", "/api/v1/entities/a..b"],
)  # fmt: skip
def test_paths_of_ours_and_of_ordinary_mistakes_are_not(path: str) -> None:
    assert not odd_path(path)
