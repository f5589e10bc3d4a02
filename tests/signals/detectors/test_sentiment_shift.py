"""What the sentiment detector makes of few stories, of old, late, repeated and absurd ones."""

import math
import random

import msgspec
import pytest

from signals.claims import Step
from signals.detectors.base import Finding, NewsPoint
from signals.detectors.sentiment_shift import DETECTOR, PARAMS, State, explain, find, learning, step
from signals.trigger import Status

HOUR = 3600
START = 900_000
FEEDS = ("coindesk", "decrypt", "theblock", "cointelegraph", "messari", "cryptopanic")
CALM = [NewsPoint(START + (n - 40) * HOUR, 0.0, FEEDS[n % 4]) for n in range(9)]


def stories(*tones: float, at: float = 0.0, every: float = 0.1, feeds: int = 4) -> list[NewsPoint]:
    """Stories `every` so many hours from `at` on, of one feed after the other."""
    return [
        NewsPoint(START + round((at + n * every) * HOUR), tone, FEEDS[n % feeds])
        for n, tone in enumerate(tones)
    ]


def walk(points: list[NewsPoint], state: State | None = None) -> tuple[State, list[float]]:
    state, scores = state or State(), []
    for point in points:
        state, score = step(state, point)
        scores.append(score)
    return state, scores


def last_score(points: list[NewsPoint]) -> float:
    return walk([*CALM, *points])[1][-1]


def found(points: list[NewsPoint]) -> Finding:
    """The evidence at the last of the points, which came after a calm time."""
    return find(walk([*CALM, *points[:-1]])[0], points[-1])


def test_three_stories_of_one_tone_within_minutes_are_a_shift_and_two_are_not() -> None:
    assert last_score(stories(-0.8, -0.8, -0.8)) <= -1
    assert last_score(stories(0.8, 0.8, 0.8)) >= 1
    assert -1 < last_score(stories(-0.8, -0.8)) < 0


def test_stories_of_the_usual_tone_are_none() -> None:
    assert last_score(stories(0.0, 0.0, 0.0, 0.0)) == 0.0


def test_stories_half_a_day_apart_are_no_shift_however_many() -> None:
    assert max(map(abs, walk([*CALM, *stories(*[0.9] * 9, at=12, every=12)])[1])) < 1


def test_a_steady_large_tone_becomes_the_baseline_and_the_usual_tone_then_a_shift() -> None:
    used_to_it, scores = walk([*CALM, *stories(*[0.9] * 300, every=0.8)])
    assert max(scores) > 1
    assert max(scores[-50:]) < DETECTOR.trigger.rearm
    assert walk(stories(-0.1, -0.1, -0.1, at=245), used_to_it)[1][-1] <= -1


def test_a_change_that_is_too_small_is_no_shift_however_quiet_it_was_before() -> None:
    quiet, _ = walk(stories(*[0.0] * 200, at=-210, every=1))
    _, scores = walk(stories(*[PARAMS.smallest - 0.05] * 4, at=1, every=0.01), quiet)
    assert scores[-1] == 0.99
    assert walk(stories(*[PARAMS.smallest + 0.05] * 4, at=1, every=0.01), quiet)[1][-1] > 1


def test_a_tone_that_never_varied_makes_no_shift_infinite() -> None:
    still, _ = walk(stories(*[0.0] * 2000, at=-2010, every=1))
    finding = find(walk(stories(0.7, 0.7, at=1), still)[0], stories(0.7, at=1.2)[0])
    assert finding.context["sigma"] == PARAMS.floor
    assert 0 < finding.statistic.value < 0.7 / (PARAMS.floor / math.sqrt(3))


def test_the_evidence_is_the_weighted_mean_against_the_baseline() -> None:
    finding = found(stories(-0.9, -0.6, -0.3, every=1, feeds=2))
    weights = [0.25 / 2, 0.5, 1.0]  # an hour is a half-life; the first is its feed's second newest
    total = sum(weights)
    mean = (-0.9 * weights[0] - 0.6 * weights[1] - 0.3 * weights[2]) / total
    independent = total**2 / sum(weight**2 for weight in weights)
    sigma = finding.context["sigma"]
    assert finding.measured.value == pytest.approx(mean)
    assert finding.context["independent_stories"] == pytest.approx(independent)
    assert finding.statistic.value == pytest.approx(mean / (sigma / math.sqrt(independent)))
    assert (finding.context["stories"], finding.context["sources"]) == (3, 2)
    assert finding.context["baseline_stories"] == len(CALM)


def test_the_score_is_the_statistic_in_thresholds() -> None:
    points = stories(-0.8, -0.7, -0.9, -0.8)
    statistic = found(points).statistic
    assert last_score(points) == pytest.approx(statistic.value / statistic.threshold)


def test_the_score_falls_smoothly_when_the_tone_returns() -> None:
    _, scores = walk([*CALM, *stories(*[-0.8] * 6, *[0.1] * 6, every=0.3)])
    after = scores[len(CALM) + 6 :]
    assert after == sorted(after)
    assert after[0] < -0.4 < after[-1]


@pytest.mark.parametrize("count", [3, 100])
def test_a_flood_of_one_source_is_no_shift(count: int) -> None:
    _, scores = walk([*CALM, *stories(*[-0.9] * count, every=0.02, feeds=1)])
    assert min(scores) == -0.99


def test_a_flood_of_one_source_is_none_of_two_because_another_reports() -> None:
    flood = stories(*[-0.9] * 100, every=0.02, feeds=1)
    assert -1 < last_score([*flood, NewsPoint(flood[-1].time, 0.0, "decrypt")]) < 0


def test_a_flood_hardly_moves_the_baseline_and_does_not_push_out_what_others_say() -> None:
    calm, _ = walk(CALM)
    others = stories(0.1, 0.1, 0.1)
    flood = [NewsPoint(START + 2000 + n, -0.9, "flood") for n in range(100)]
    state, _ = walk([*others, *flood], calm)
    assert len(state.recent) == len(others) + PARAMS.per_source
    later, _ = walk(stories(0.0, at=24), state)
    assert later.seen == state.seen + len(state.recent)
    assert later.tone > -0.2


def test_a_source_that_always_says_the_same_is_what_the_others_are_measured_from() -> None:
    shill = [NewsPoint(START + n * HOUR, 0.95, "shill") for n in range(300)]
    state, _ = walk(shill)
    assert state.tone > 0.8
    assert learning(state) == 0


def test_without_a_baseline_there_is_nothing_to_turn_from() -> None:
    state = State()
    assert learning(state) == PARAMS.learn
    state, scores = walk([*CALM[: PARAMS.learn - 1], *stories(-0.8, -0.8, -0.8, -0.8)])
    assert set(scores) == {0.0}
    assert learning(state) == 1


def test_a_story_is_learned_when_it_leaves_the_window_and_not_before() -> None:
    inside, _ = walk(stories(0.7, 0.1, every=3.9))
    left, _ = walk(stories(0.7, 0.1, every=4.1))
    assert (inside.tone, inside.seen, len(inside.recent)) == (0.0, 0, 2)
    assert (left.tone, left.seen, len(left.recent)) == (0.7 / (PARAMS.prior + 1), 1, 1)


def test_late_stories_take_their_place_in_time() -> None:
    points = stories(-0.8, 0.3, -0.7, -0.9, 0.2)
    expected, scores = walk([*CALM, *points])
    mixed = [*CALM, *(points[index] for index in (4, 0, 3, 1, 2))]
    assert walk(mixed)[0] == expected
    assert walk(mixed)[1][-1] == scores[-1]
    assert [walk(mixed[: -n or None])[0].time for n in range(5)] == [points[-1].time] * 5


def test_a_story_older_than_the_window_changes_nothing() -> None:
    state, _ = walk([*CALM, *stories(0.1, 0.1)])
    old = NewsPoint(state.time - PARAMS.window, -0.9, "theblock")
    assert step(state, old)[0] is state
    assert step(state, old)[1] == 0.0


@pytest.mark.parametrize("feeds", [4, 6])
def test_the_same_story_again_changes_nothing_though_others_came_between(feeds: int) -> None:
    points = [*CALM, *stories(*[-0.8, 0.4, 0.2] * 6, every=0.2, feeds=feeds)]
    state, _ = walk(points)
    assert len(state.recent) == PARAMS.most
    for point in points:
        assert step(state, point) == (state, 0.0)


@pytest.mark.parametrize("tone", [math.nan, math.inf, -math.inf, 1.01, -1.01])
def test_what_is_no_tone_changes_nothing(tone: float) -> None:
    state, _ = walk([*CALM, *stories(-0.8, -0.8)])
    after, score = step(state, NewsPoint(state.time + 60, tone, "cointelegraph"))
    assert after is state
    assert score == 0.0


@pytest.mark.parametrize("years", [1 / 12, 10])
def test_after_a_long_silence_a_shift_is_measured_from_the_old_baseline(years: float) -> None:
    state, _ = walk([*CALM, *stories(0.8, 0.7)])
    later = round(years * 365 * 24)
    first = stories(0.8, at=later)
    assert abs(walk(first, state)[1][0]) < 1
    after, scores = walk(stories(-0.8, -0.8, -0.8, at=later), state)
    assert scores[-1] <= -1
    assert len(after.recent) == 3


def test_stories_of_one_second_count_like_those_of_some_minutes() -> None:
    at_once = stories(-0.8, -0.8, -0.8, -0.8, every=0.0)
    slowly = stories(-0.8, -0.8, -0.8, -0.8, every=0.01)
    assert last_score(at_once) <= -1
    assert last_score(at_once) == pytest.approx(last_score(slowly), rel=0.01)


def test_a_state_stays_small_and_its_numbers_in_bounds_whatever_comes() -> None:
    rng = random.Random(3)
    state = State()
    for _ in range(2000):
        time = state.time + rng.choice((-9000, -1, 0, 1, 60, 7200, 10**6))
        point = NewsPoint(max(time, 0), rng.uniform(-1, 1), f"feed-{rng.randrange(40)}")
        state, score = step(state, point)
        assert math.isfinite(score)
        assert abs(state.tone) <= 1
        assert 0 < state.variance <= 4
        assert len(msgspec.json.encode(state)) <= 500


def test_a_shift_fires_once_turns_and_ends() -> None:
    points = [
        *CALM,
        *stories(*[-0.8] * 8, every=0.3),
        *stories(*[0.9] * 8, at=3, every=0.3),
        *stories(*[0.0] * 4, at=12, every=0.3),
    ]
    state, status, changes = State(), Status(), []
    for point in points:
        state, score = step(state, point)
        status, change = DETECTOR.trigger.pull(status, point.time, score)
        changes.append(change)
    assert [change for change in changes if change] == ["fired", "turned", "ended"]


def test_a_shift_of_a_coin_that_nobody_writes_about_any_more_ends_with_the_window() -> None:
    open_, last = Status(-1, START), START + HOUR
    assert DETECTOR.trigger.silent(open_, last, last + PARAMS.window - 1)[1] is None
    assert DETECTOR.trigger.silent(open_, last, last + PARAMS.window)[1] == "ended"


@pytest.mark.parametrize(("tone", "value"), [(-0.8, 0.02), (0.8, -0.02)])
def test_the_claim_is_a_move_in_the_direction_of_the_tone_without_the_market(
    tone: float, value: float
) -> None:
    terms = {name: found(stories(tone, tone, tone)).context[name] for name in DETECTOR.claim.terms}
    before = Step(START, 100.0, market=1.0)
    after = Step(START + HOUR, 100.0 * math.exp(-0.05), market=1.0 - 0.03)
    judged = DETECTOR.claim.measure(before, after, 0.005, HOUR, terms)
    assert judged == pytest.approx((value, 0), abs=1e-6)


def test_the_sentence_gives_the_tone_the_stories_the_sources_and_the_baseline() -> None:
    finding = found(stories(-0.8, -0.7, -0.9, -0.8, feeds=3))
    assert explain("BTC", finding) == (
        "BTC news tone -0.80 over 4 stories of 3 sources (3.7 independent) in 4 h,"
        " 4.9 σ below its baseline of +0.00"
    )
