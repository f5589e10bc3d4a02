"""What every detector promises over its seeded series (tests/contract/series)."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from signals.claims import HORIZONS, Step
from signals.detectors import DETECTORS, price_anomaly
from signals.detectors.base import Detector, Finding, MarketPoint, ReadingPoint
from signals.trigger import Change, Status
from tests.contract.series.disturbances import Spoil, gap, outlier, repeated, unusable, volume
from tests.contract.series.generator import Case, Point, Points, case_of, generate


class Walk(NamedTuple):
    """What came of points: the last state and status, every score, changes and findings by index.

    There is a finding wherever the score is worth a signal, whether the trigger fires or not.
    """

    state: Any
    status: Status
    scores: list[float]
    changes: dict[int, Change]
    found: dict[int, Finding]

    @property
    def alarms(self) -> list[int]:
        return [index for index, change in self.changes.items() if change != "ended"]


def walk(detector: Detector, points: Sequence[Point], resume: Walk | None = None) -> Walk:
    """Step over the points as the engine does."""
    state, status = (resume.state, resume.status) if resume else (detector.state(), Status())
    done = Walk(state, status, [], {}, {})
    for index, point in enumerate(points):
        before = state
        state, score = detector.step(before, point)
        if abs(score) >= 1:
            done.found[index] = detector.find(before, point)
        status, change = detector.trigger.pull(status, point.time, score)
        done.scores.append(score)
        if change is not None:
            done.changes[index] = change
    return done._replace(state=state, status=status)


def stored(detector: Detector, state: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(state), type=detector.state)


every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)


WALKED: dict[str, Walk] = {}


def own_walk(detector: Detector) -> Walk:
    """Return the detector's walk over its own series, done once."""
    if detector.name not in WALKED:
        WALKED[detector.name] = walk(detector, generate(detector, case_of(detector).series))
    return WALKED[detector.name]


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


def with_event(detector: Detector, case: Case, at: int, points: int) -> Points:
    """The first points of the detector's series with nothing in them but its event."""
    event = msgspec.structs.replace(case.event, at=at)
    return generate(detector, msgspec.structs.replace(case.series, events=(event,), points=points))


def assert_event_is_found(detector: Detector, at: int, spoil: Spoil) -> None:
    case = case_of(detector)
    end = at + case.event_points
    done = walk(detector, spoil(with_event(detector, case, at, end)))
    assert any(at <= index < end for index in done.alarms), (at, done.changes)
    assert stored(detector, done.state) == done.state


@every_detector
def test_a_seeded_series_raises_exactly_its_alarms(detector: Detector) -> None:
    assert own_walk(detector).alarms == case_of(detector).alarms


@every_detector
def test_every_event_of_a_seeded_series_ends_once_when_it_has_calmed_down(
    detector: Detector,
) -> None:
    done = own_walk(detector)
    changes = list(done.changes.values())
    assert changes.count("ended") == changes.count("fired")
    assert changes[-1] == "ended"
    assert done.status.side == 0
    assert abs(done.scores[max(done.changes)]) < detector.trigger.rearm


@every_detector
def test_a_series_file_holds_enough_to_judge_by(detector: Detector) -> None:
    case = case_of(detector)
    assert len(case.alarms) >= 3
    assert len(case.alarms) < len(case.series.events), "one event must be no alarm"
    assert case.series.points > WEEK + 100


@every_detector
def test_a_state_stored_after_every_point_changes_nothing(detector: Detector) -> None:
    expected = own_walk(detector)
    done = Walk(detector.state(), Status(), [], {}, {})
    for index, point in enumerate(generate(detector, case_of(detector).series)):
        one = walk(detector, [point], done)
        assert stored(detector, one.state) == one.state
        done.scores.extend(one.scores)
        if one.changes:
            done.changes[index] = one.changes[0]
        if one.found:
            done.found[index] = one.found[0]
        done = done._replace(state=stored(detector, one.state), status=one.status)
    assert done == expected


@every_detector
def test_a_run_continued_from_a_stored_state_finds_what_one_run_finds(detector: Detector) -> None:
    case, whole = case_of(detector), own_walk(detector)
    points = generate(detector, case.series)
    for cut in [*range(0, len(points), 83), *case.alarms, *(at + 1 for at in case.alarms)]:
        first = walk(detector, points[:cut])
        kept = first._replace(state=stored(detector, first.state))
        second = walk(detector, points[cut:], kept)
        assert first.scores + second.scores == whole.scores
        assert first.changes | {cut + at: one for at, one in second.changes.items()} == (
            whole.changes
        )


@every_detector
@pytest.mark.parametrize("count", [1, 50, 250, 600])
def test_the_scores_of_a_prefix_are_the_prefix_of_the_scores(
    detector: Detector, count: int
) -> None:
    points = generate(detector, case_of(detector).series)
    assert walk(detector, points[:count]).scores == own_walk(detector).scores[:count]


@every_detector
def test_the_time_of_a_state_is_that_of_its_last_point(detector: Detector) -> None:
    points = generate(detector, case_of(detector).series)
    assert detector.state().time == 0
    assert own_walk(detector).state.time == points[-1].time


def assert_changes_nothing(detector: Detector, state: Any, point: Point) -> None:
    after, score = detector.step(state, point)
    assert after is state, point
    assert score == 0.0


@every_detector
def test_a_step_leaves_the_state_it_was_given_as_it_was(detector: Detector) -> None:
    """The engine asks `find` with the state before, and takes the same state for no change."""
    state = detector.state()
    for point in generate(detector, case_of(detector).series):
        before = msgspec.json.encode(state)
        after, _ = detector.step(state, point)
        assert msgspec.json.encode(state) == before
        assert after is not state
        state = after


@every_detector
def test_a_point_that_comes_again_or_too_late_changes_nothing(detector: Detector) -> None:
    points = generate(detector, case_of(detector).series)
    state = detector.state()
    for index, point in enumerate(points):
        state, _ = detector.step(state, point)
        assert_changes_nothing(detector, state, point)
        if index % 20 == 0 and detector.input != "news":  # a late story takes its place in time
            for earlier in points[max(0, index - 3) : index]:
                assert_changes_nothing(detector, state, earlier)


@every_detector
def test_a_point_without_a_usable_value_changes_nothing(detector: Detector) -> None:
    points = generate(detector, case_of(detector).series)
    state = detector.state()
    for index, point in enumerate(points):
        if index in (0, 1, 30, 300):
            for wrong in unusable(point, case_of(detector).signed):
                assert_changes_nothing(detector, state, wrong)
        state, _ = detector.step(state, point)


@every_detector
def test_learning_counts_down_to_zero_and_nothing_scores_before(detector: Detector) -> None:
    case = case_of(detector)
    left = detector.learning(detector.state())
    for at in (0, case.learning_points // 2, case.learning_points):
        state, ready = detector.state(), None
        before = left
        for index, point in enumerate(with_event(detector, case, at, case.learning_points + 50)):
            now = detector.learning(state)
            assert 0 <= now <= before
            before = now
            if now == 0 and ready is None:
                ready = index
            state, score = detector.step(state, point)
            assert now == 0 or score == 0.0
        assert ready is not None
        assert ready == case.learning_points or at < case.learning_points
    assert left > 0


@every_detector
def test_nothing_fires_while_learning_and_the_next_point_may(detector: Detector) -> None:
    case = case_of(detector)
    alarms: set[int] = set()
    for at in range(case.learning_points + 1):
        alarms.update(walk(detector, with_event(detector, case, at, at + 30)).alarms)
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
    for index in own_walk(detector).alarms:
        finding = own_walk(detector).found[index]
        sentence = detector.explain("WXYZ", finding)
        assert sentence.startswith("WXYZ ")
        assert not sentence.endswith((".", " "))
        for label in sorted(finding.labels.values(), key=len, reverse=True):
            sentence = sentence.replace(label, "")  # words, though a name may hold digits
        told = re.findall(r"[+-]?\d+(?:\.\d+)?", sentence)
        assert len(told) >= 3
        for text in told:
            assert any(says(text, value) for value in numbers(finding)), (text, sentence)
        measured = forms_of(finding.measured.value)
        assert any(says(text.lstrip("+-"), abs(form)) for text in told for form in measured), (
            sentence
        )
        statistic = abs(finding.statistic.value)
        assert any(says(text.lstrip("+-"), statistic) for text in told), sentence


@every_detector
def test_a_finding_agrees_with_the_score_of_its_point(detector: Detector) -> None:
    done = own_walk(detector)
    assert set(done.alarms) <= set(done.found)
    for index, finding in done.found.items():
        assert abs(finding.statistic.value) >= finding.statistic.threshold > 0
        assert finding.direction == ("up" if done.scores[index] > 0 else "down")
        assert finding.window_seconds > 0
        assert math.isfinite(finding.measured.value)
        assert all(math.isfinite(value) for value in finding.context.values())
    assert all(math.isfinite(score) for score in done.scores)


@every_detector
@pytest.mark.parametrize("horizon", HORIZONS)
def test_a_claim_can_be_judged_from_the_terms_of_every_finding(
    detector: Detector, horizon: int
) -> None:
    points = generate(detector, case_of(detector).series)
    assert detector.claim.says
    for index, finding in own_walk(detector).found.items():
        terms = {name: finding.context[name] for name in detector.claim.terms}
        point, level = points[index], 100.0
        if isinstance(point, MarketPoint):
            level = point.price
        elif isinstance(point, ReadingPoint):
            level = point.value
        before = Step(point.time, level, 5e6)
        for change in (0.5, 1.0, 2.0):
            after = Step(point.time + horizon, level * change, 5e6 * change)
            judged = detector.claim.measure(before, after, 0.005, horizon, terms)
            assert judged is not None
            assert math.isfinite(judged.value)
            assert math.isfinite(judged.threshold)


@every_detector
def test_a_state_is_small_at_the_busiest_time(detector: Detector) -> None:
    case = case_of(detector)
    for seconds in (case.series.seconds, 60):
        series = msgspec.structs.replace(case.series, seconds=seconds)
        state = detector.state()
        largest = 0
        for point in generate(detector, series):
            state, _ = detector.step(state, point)
            largest = max(largest, len(msgspec.json.encode(state)))
        assert largest <= 2000


def price_series() -> list[MarketPoint]:
    points = generate(price_anomaly.DETECTOR, case_of(price_anomaly.DETECTOR).series)
    return [point for point in points if isinstance(point, MarketPoint)]


@pytest.mark.parametrize("factor", [1000, 1e-6])
def test_price_alarms_do_not_depend_on_the_unit_of_the_price(factor: float) -> None:
    points = price_series()
    scaled = [msgspec.structs.replace(point, price=point.price * factor) for point in points]
    expected, done = walk(price_anomaly.DETECTOR, points), walk(price_anomaly.DETECTOR, scaled)
    assert done.changes == expected.changes
    assert done.scores == pytest.approx(expected.scores, rel=1e-6, abs=1e-6)


def test_price_alarms_of_the_mirror_image_are_the_same_in_the_other_direction() -> None:
    points = price_series()
    mirrored = [
        msgspec.structs.replace(
            point, price=1 / point.price, market_return=-(point.market_return or 0)
        )
        for point in points
    ]
    expected, done = walk(price_anomaly.DETECTOR, points), walk(price_anomaly.DETECTOR, mirrored)
    assert {one.direction for one in expected.found.values()} == {"up", "down"}
    assert done.changes == expected.changes
    assert done.scores == pytest.approx([-score for score in expected.scores], abs=1e-6)
