"""Token buckets and the circuit breaker."""

import asyncio

import pytest

from collection.budget import (
    PATIENCE_SECONDS,
    LocalMeter,
    Rate,
    Wish,
    admission,
    release,
    reserve,
)

NOW = 1_795_176_000.0


def test_a_full_bucket_gives_its_burst_at_once_and_then_keeps_the_pace() -> None:
    _, delays = reserve(0.0, 5, Rate(per_minute=60, burst=3), NOW)
    assert delays == [0.0, 0.0, 0.0, 1.0, 2.0]


def test_what_would_wait_too_long_is_not_granted() -> None:
    _, delays = reserve(0.0, 100, Rate(per_minute=6, burst=1), NOW)
    assert delays == [0.0, 10.0, 20.0]
    assert delays[-1] <= PATIENCE_SECONDS


def test_two_isolates_share_one_bucket() -> None:
    rate = Rate(per_minute=60, burst=2)
    full_at, first = reserve(0.0, 2, rate, NOW)
    _, second = reserve(full_at, 2, rate, NOW)
    assert (first, second) == ([0.0, 0.0], [1.0, 2.0])


def test_a_bucket_fills_again_with_time_and_never_above_its_burst() -> None:
    rate = Rate(per_minute=60, burst=2)
    full_at, _ = reserve(0.0, 4, rate, NOW)
    assert reserve(full_at, 1, rate, NOW + 1)[1] == [2.0]
    assert reserve(full_at, 3, rate, NOW + 3600)[1] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("unused", [0, 1, 3])
def test_requests_that_were_not_sent_are_there_for_the_next(unused: int) -> None:
    rate = Rate(per_minute=60, burst=3)
    full_at, granted = reserve(0.0, 3, rate, NOW)
    _, later = reserve(release(full_at, unused, rate), 3, rate, NOW)
    assert granted == [0.0, 0.0, 0.0]
    assert later.count(0.0) == unused


@pytest.mark.parametrize("per_minute", [6, 25, 60, 250, 1e6])
def test_over_an_hour_no_more_is_granted_than_the_budget_and_one_burst(per_minute: float) -> None:
    rate, full_at, granted = Rate(per_minute, burst=4), 0.0, 0
    for second in range(0, 3600, 7):
        full_at, delays = reserve(full_at, 3, rate, NOW + second)
        granted += len(delays)
    assert granted <= per_minute * (3600 + PATIENCE_SECONDS) / 60 + rate.burst


def test_a_local_meter_counts_each_source_by_itself() -> None:
    meter = LocalMeter(lambda: NOW)
    wish = Wish(2, 60, 1)

    async def twice() -> list[dict[str, list[float]]]:
        return [await meter.reserve({"a": wish}), await meter.reserve({"a": wish, "b": wish})]

    assert asyncio.run(twice()) == [{"a": [0.0, 1.0]}, {"a": [2.0, 3.0], "b": [0.0, 1.0]}]


@pytest.mark.parametrize(
    ("failures", "not_before", "admitted"),
    [(0, 0, "all"), (2, 0, "all"), (3, 0, "probe"), (50, 0, "probe"),
     (0, int(NOW) + 900, "none"), (5, int(NOW) + 900, "none"), (5, int(NOW), "probe")],
)  # fmt: skip
def test_the_breaker_opens_after_three_bad_ticks_and_lets_one_request_try(
    failures: int, not_before: int, admitted: str
) -> None:
    assert admission(failures, not_before, int(NOW)) == admitted
