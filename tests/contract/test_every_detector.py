"""What every detector promises over its seeded series (tests/contract/series)."""

import math
import re
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from signals.detectors import DETECTORS, price_anomaly
from signals.detectors.base import Detector, Finding, MarketPoint
from tests.contract.series.disturbances import Spoil, gap, outlier, repeated, volume
from tests.contract.series.generator import Point, case_of, generate


def walk(
    detector: Detector, points: Sequence[Point], state: Any = None
) -> tuple[Any, dict[int, Finding]]:
    """Return the last state and the findings by index."""
    state = detector.state() if state is None else state
    found: dict[int, Finding] = {}
    for index, point in enumerate(points):
        state, finding = detector.step(state, point)
        if finding is not None:
            found[index] = finding
    return state, found


def stored(detector: Detector, state: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(state), type=detector.state)


every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)


DISTURBED = 200  # the first point after a disturbance that came when all was learned
DISTURBANCES = {
    "an_outlier_of_1e12": outlier(DISTURBED - 1),
    "an_outlier_of_1e-12": outlier(DISTURBED - 1, -1),
    "a_volume_of_zero": volume(DISTURBED - 1, 0.0),
    "a_negative_volume": volume(DISTURBED - 1, -5e6),
    "a_missing_volume": volume(DISTURBED - 1, None),
    "a_gap_of_five_hours": gap(DISTURBED, 5 * 3600),
    "a_gap_of_a_month": gap(DISTURBED, 30 * 86400),
    "a_day_of_repeated_values": repeated(DISTURBED - 96, DISTURBED),
    "repeated_values_from_the_start": repeated(0, DISTURBED),
}
WEEK = 672  # points of the history that a series without a state learns from
EARLY = {
    "a_first_point_of_1e12": outlier(0),
    "a_third_point_of_1e12": outlier(2),
    "a_point_of_1e12_while_learning": outlier(12),
    "a_point_of_1e12_out_of_repeated_values": lambda p: outlier(40)(repeated(0, 40)(p)),
}


def assert_event_is_found(detector: Detector, at: int, spoil: Spoil) -> None:
    case = case_of(detector)
    event = msgspec.structs.replace(case.event, at=at)
    quiet = msgspec.structs.replace(case.series, events=(event,))
    state, found = walk(detector, spoil(generate(detector, quiet)))
    assert any(at <= index < at + case.event_points for index in found), (at, sorted(found))
    assert stored(detector, state) == state


@every_detector
def test_a_seeded_series_raises_exactly_its_alarms(detector: Detector) -> None:
    case = case_of(detector)
    _, found = walk(detector, generate(detector, case.series))
    assert sorted(found) == case.alarms


@every_detector
def test_a_series_file_holds_enough_to_judge_by(detector: Detector) -> None:
    case = case_of(detector)
    assert len(case.alarms) >= 3
    assert len(case.alarms) < len(case.series.events), "one event must be no alarm"
    assert case.series.points > WEEK + 100


@every_detector
def test_a_state_stored_after_every_point_changes_no_finding(detector: Detector) -> None:
    points = generate(detector, case_of(detector).series)
    expected_state, expected = walk(detector, points)
    state, found = detector.state(), {}
    for index, point in enumerate(points):
        state, finding = detector.step(state, point)
        assert stored(detector, state) == state
        state = stored(detector, state)
        if finding is not None:
            found[index] = finding
    assert (state, found) == (expected_state, expected)


@every_detector
def test_a_run_continued_from_a_stored_state_finds_what_one_run_finds(detector: Detector) -> None:
    case = case_of(detector)
    points = generate(detector, case.series)
    _, whole = walk(detector, points)
    for cut in [*range(0, len(points), 83), *case.alarms, *(at + 1 for at in case.alarms)]:
        state, before = walk(detector, points[:cut])
        _, after = walk(detector, points[cut:], stored(detector, state))
        assert before | {cut + index: finding for index, finding in after.items()} == whole


@every_detector
def test_the_time_of_a_state_is_that_of_its_last_point(detector: Detector) -> None:
    points = generate(detector, case_of(detector).series)
    assert detector.state().time == 0
    assert walk(detector, points)[0].time == points[-1].time


@every_detector
def test_nothing_fires_while_learning_and_the_next_point_may(detector: Detector) -> None:
    case = case_of(detector)
    alarms: set[int] = set()
    for at in range(case.learning_points + 1):
        event = msgspec.structs.replace(case.event, at=at)
        series = msgspec.structs.replace(case.series, events=(event,))
        alarms |= set(walk(detector, generate(detector, series)[:100])[1])
    assert min(alarms) == case.learning_points


@every_detector
@pytest.mark.parametrize("name", DISTURBANCES)
def test_an_event_is_found_soon_after(detector: Detector, name: str) -> None:
    first = DISTURBED + case_of(detector).recovery_points
    for later in (0, 1, 2, 5, 10, 20, 50, 100, 300):
        assert_event_is_found(detector, first + later, DISTURBANCES[name])


@every_detector
@pytest.mark.parametrize("name", EARLY)
def test_an_event_is_found_within_a_week_of(detector: Detector, name: str) -> None:
    for later in (0, 1, 20, 50, 100):
        assert_event_is_found(detector, WEEK + later, EARLY[name])


def forms_of(value: float) -> tuple[float, ...]:
    """The forms a sentence may give a number: itself, a percentage, a log return's percentage."""
    return value, value * 100, math.expm1(min(value, 100.0)) * 100


def numbers(finding: Finding) -> list[float]:
    """Every number of a finding, as itself and in the forms a sentence may give it."""
    plain = [finding.measured.value, finding.statistic.value, finding.statistic.threshold]
    plain += finding.context.values()
    forms = [form for value in plain for form in forms_of(value)]
    spans = [finding.window_seconds / unit for unit in (60, 3600)]
    return [sign * form for form in (*forms, *spans) for sign in (1, -1)]


def says(text: str, value: float) -> bool:
    decimals = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 0.1**decimals + 1e-9 * abs(value)


@every_detector
def test_an_explanation_names_the_symbol_and_tells_the_numbers_of_the_finding(
    detector: Detector,
) -> None:
    _, found = walk(detector, generate(detector, case_of(detector).series))
    for finding in found.values():
        sentence = detector.explain("WXYZ", finding)
        told = re.findall(r"[+-]?\d+(?:\.\d+)?", sentence)
        assert sentence.startswith("WXYZ ")
        assert len(told) >= 3
        for text in told:
            assert any(says(text, value) for value in numbers(finding)), (text, sentence)
        measured = forms_of(finding.measured.value)
        assert any(says(text, form) for text in told for form in measured), sentence
        statistic = abs(finding.statistic.value)
        assert any(says(text.lstrip("+-"), statistic) for text in told), sentence


@every_detector
def test_a_finding_says_what_was_compared_with_what(detector: Detector) -> None:
    _, found = walk(detector, generate(detector, case_of(detector).series))
    for finding in found.values():
        assert abs(finding.statistic.value) >= finding.statistic.threshold > 0
        assert finding.window_seconds > 0
        assert all(math.isfinite(value) for value in finding.context.values())


@every_detector
def test_a_state_is_small_at_the_busiest_time(detector: Detector) -> None:
    case = case_of(detector)
    for seconds in (case.series.seconds, 60):
        series = msgspec.structs.replace(case.series, seconds=seconds)
        points = generate(detector, series)
        state = detector.state()
        largest = 0
        for point in points:
            state, _ = detector.step(state, point)
            largest = max(largest, len(msgspec.json.encode(state)))
        assert largest < 400


def price_series() -> list[MarketPoint]:
    points = generate(price_anomaly.DETECTOR, case_of(price_anomaly.DETECTOR).series)
    return [point for point in points if isinstance(point, MarketPoint)]


@pytest.mark.parametrize("factor", [1000, 1e-6])
def test_price_alarms_do_not_depend_on_the_unit_of_the_price(factor: float) -> None:
    points = price_series()
    scaled = [msgspec.structs.replace(point, price=point.price * factor) for point in points]
    _, expected = walk(price_anomaly.DETECTOR, points)
    _, found = walk(price_anomaly.DETECTOR, scaled)
    assert {at: one.direction for at, one in found.items()} == {
        at: one.direction for at, one in expected.items()
    }
    for at, one in found.items():
        assert one.statistic.value == pytest.approx(expected[at].statistic.value, rel=1e-6)


def test_price_alarms_of_the_mirror_image_are_the_same_in_the_other_direction() -> None:
    points = price_series()
    mirrored = [
        msgspec.structs.replace(
            point, price=1 / point.price, market_return=-(point.market_return or 0)
        )
        for point in points
    ]
    _, expected = walk(price_anomaly.DETECTOR, points)
    _, found = walk(price_anomaly.DETECTOR, mirrored)
    other = {"up": "down", "down": "up"}
    assert {one.direction for one in expected.values()} == {"up", "down"}
    assert {at: one.direction for at, one in found.items()} == {
        at: other[one.direction] for at, one in expected.items()
    }
