"""What the outflow detector makes of values that leave, fall with the market, or are absurd."""

import math

import pytest

from signals.claims import Step
from signals.detectors.base import Finding, ReadingPoint
from signals.detectors.tvl_outflow import DETECTOR, State, explain, find, learning, step
from signals.trigger import Status

HOUR = 3600
START = 1_760_011_200  # a checkpoint
MILLION = 1e6


def calm(level: float = 50 * MILLION, count: int = 48) -> list[float]:
    return [level * (1.002 if at % 2 else 1.0) for at in range(count)]


class Run:
    """Hourly values stepped over one by one; `common` is the move of all protocols."""

    def __init__(self, values: list[float]) -> None:
        self.time, self.state, self.status = START - HOUR, State(), Status()
        self.changes: list[str] = []
        for value in values:
            self.take(value)

    def take(self, value: float, common: float | None = 0.0, hours: int = 1) -> float:
        self.time += hours * HOUR
        self.before, self.point = self.state, ReadingPoint(self.time, value, common)
        self.state, score = step(self.before, self.point)
        self.status, change = DETECTOR.trigger.pull(self.status, self.time, score)
        self.changes += [change] if change else []
        return score

    def finding(self) -> Finding:
        return find(self.before, self.point)


def test_a_third_that_leaves_within_an_hour_fires_at_once() -> None:
    run = Run(calm())
    assert run.take(33 * MILLION) < -2
    finding = run.finding()
    assert finding.direction == "down"
    assert math.expm1(finding.measured.value) == pytest.approx(-0.34, abs=0.005)
    assert finding.window_seconds <= 4 * HOUR


def test_a_slow_leak_fires_when_it_has_reached_fifteen_percent_of_a_day() -> None:
    run = Run(calm())
    value, scores = 50 * MILLION, []
    for _ in range(24):
        value *= math.exp(-0.009)
        scores.append(run.take(value))
    first = next(at for at, score in enumerate(scores) if score <= -1)
    assert 17 <= first <= 20  # 0.1625 / 0.009 = 18 hours
    assert run.changes == ["fired"]


def test_a_leak_that_takes_days_is_ordinary() -> None:
    run = Run(calm())
    for at in range(240):
        run.take(50 * MILLION * math.exp(-0.005 * at))
    assert run.changes == []


def test_what_comes_in_is_no_event() -> None:
    run = Run(calm())
    assert run.take(100 * MILLION) == 0.0


def test_a_fall_with_all_protocols_is_no_outflow() -> None:
    run = Run(calm())
    assert run.take(35 * MILLION, common=math.log(0.7)) > -0.2
    assert Run(calm()).take(35 * MILLION, common=None) < -1


def test_a_protocol_that_moves_twice_as_much_as_the_others_learns_so() -> None:
    run, logs = Run(calm()), math.log(50 * MILLION)
    for at in range(240):
        common = 0.01 * math.sin(at)
        logs += 2 * common
        run.take(math.exp(logs), common)
    assert run.state.beta == pytest.approx(2.0, abs=0.2)
    assert run.take(math.exp(logs - 0.4), -0.2) > -0.5


def test_a_restless_protocol_needs_more() -> None:
    restless = Run([50 * MILLION * (1.08 if at % 2 else 1.0) for at in range(48)])
    assert abs(restless.take(40 * MILLION)) < 1 <= abs(Run(calm()).take(40 * MILLION))


def test_a_small_protocol_stays_below_a_signal() -> None:
    run = Run(calm(0.9 * MILLION))
    assert run.take(0.3 * MILLION) == -0.99
    assert Run(calm(1.1 * MILLION)).take(0.3 * MILLION) < -1


def test_an_absurd_value_is_forgotten() -> None:
    for absurd in (5e19, 5e-5):
        run = Run(calm())
        assert run.take(absurd) == 0.0
        assert run.take(50 * MILLION) > -0.1
        assert run.changes == []
        assert run.take(30 * MILLION) < -1


def test_an_absurd_value_that_stays_is_the_new_value_without_an_event() -> None:
    run = Run(calm())
    run.take(5e12)
    run.take(5e12)
    assert run.changes == []
    run.take(3e12)
    assert run.changes == ["fired"]


def test_a_drain_of_almost_everything_is_told_when_it_is_repeated() -> None:
    run = Run(calm())
    assert run.take(0.2 * MILLION) == 0.0
    assert run.take(0.2 * MILLION) < -10
    assert math.expm1(run.finding().measured.value) == pytest.approx(-0.996, abs=0.001)


@pytest.mark.parametrize("nothing", [0.0, -1.0, math.nan, math.inf])
def test_a_value_that_is_none_is_passed_over(nothing: float) -> None:
    run = Run(calm())
    state = run.state
    assert run.take(nothing) == 0.0
    assert run.state is state
    assert run.take(30 * MILLION) < -1


def test_an_event_ends_a_day_later_and_at_once_when_the_value_is_back() -> None:
    run = Run(calm())
    hours = 0
    for _ in range(30):
        run.take(30 * MILLION)
        hours += run.status.side != 0
    assert run.changes == ["fired", "ended"]
    assert 20 <= hours <= 24
    back = Run(calm())
    back.take(30 * MILLION)
    back.take(50 * MILLION)
    assert back.changes == ["fired", "ended"]


def test_what_left_while_it_was_learning_is_no_news_afterwards() -> None:
    run = Run([*calm(count=22), *[20 * MILLION] * 30])
    assert learning(State()) == 24
    assert learning(run.state) == 0
    assert run.changes == []


def test_a_gap_of_more_than_a_day_starts_the_comparison_anew() -> None:
    run = Run(calm())
    assert run.take(30 * MILLION, hours=25) == 0.0
    assert run.take(20 * MILLION) < -1
    short = Run(calm())
    assert short.take(30 * MILLION, hours=5) < -1


def test_the_sentence_gives_the_share_the_hours_and_the_sigmas() -> None:
    run = Run(calm())
    run.take(33 * MILLION)
    sigmas = abs(run.finding().statistic.value)
    assert explain("Aave V3", run.finding()) == (
        "Aave V3 -34.0 % of its locked value within 4 h,"
        f" {sigmas:.1f} σ of its own noise after removing 1.0 times what all protocols moved"
    )


def test_the_claim_holds_while_half_of_what_left_stays_away() -> None:
    run = Run([50 * MILLION] * 48)
    run.take(30 * MILLION)
    context = run.finding().context
    assert context["locked_before"] == pytest.approx(50 * MILLION, rel=1e-4)
    assert context["left_share"] == pytest.approx(0.4, abs=1e-4)
    before = Step(run.time, 30 * MILLION, None, 0.0)
    for value, market, holds in (
        (30, 0.0, True), (39, 0.0, True), (41, 0.0, False), (50, 0.0, False),
        (41, 0.1, True),  # the market lifted it
    ):  # fmt: skip
        after = Step(run.time + HOUR, value * MILLION, None, market)
        judged = DETECTOR.claim.measure(before, after, 0.01, HOUR, context)
        assert judged is not None
        assert (judged.value >= judged.threshold) == holds, value
