"""What the volume detector makes of rolling volumes, of falling ones and of none."""

import pytest

from signals.detectors.base import Finding, MarketPoint
from signals.detectors.volume_spike import State, explain, step

LEARNED = State(time=900_000, volume=9.6e6, scale=0.5, seen=100)


def after(excess: float, seconds: int = 900) -> MarketPoint:
    """The point behind `excess` average flows more than a day before."""
    volume = LEARNED.volume * (1 + excess * seconds / 86400)
    return MarketPoint(LEARNED.time + seconds, 1.0, volume)


def found(point: MarketPoint, state: State = LEARNED) -> Finding | None:
    return step(state, point)[1]


@pytest.mark.parametrize("volume", [None, 0.0, -5.0])
def test_a_volume_that_is_none_starts_the_comparison_anew(volume: float | None) -> None:
    point = MarketPoint(LEARNED.time + 900, 1.0, volume)
    state, finding = step(LEARNED, point)
    assert finding is None
    assert (state.time, state.volume) == (point.time, 0.0)
    assert (state.scale, state.seen) == (LEARNED.scale, LEARNED.seen)


def test_the_excess_is_told_in_average_flows() -> None:
    finding = found(after(20.0))
    assert finding is not None
    assert finding.measured.value == pytest.approx(20)
    assert finding.statistic.value == pytest.approx(20 / (1.2533 * 0.5))
    assert finding.context["volume_24h"] == pytest.approx(LEARNED.volume * (1 + 20 / 96))


def test_a_spike_that_leaves_the_window_a_day_later_is_no_event() -> None:
    assert found(after(-20.0)) is None


def test_a_longer_step_needs_less_excess_for_the_same_statistic() -> None:
    short, long = found(after(20.0)), found(after(20.0, 3600))
    assert short is not None
    assert long is not None
    assert long.statistic.value == pytest.approx(2 * short.statistic.value)


def test_the_sentence_gives_the_excess_and_its_sigmas() -> None:
    finding = found(after(20.0))
    assert finding is not None
    assert explain("BTC", finding) == (
        "BTC volume: 20.0× its 15 min average more than at the same time yesterday,"
        " 31.9 σ of its usual difference between days"
    )
