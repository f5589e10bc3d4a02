"""What the volume detector makes of rolling volumes: cycles, spikes, echoes, bad providers."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import pytest

from signals import flow
from signals.claims import Step
from signals.detectors.base import Finding, MarketPoint, Measured, Statistic
from signals.detectors.volume_spike import DETECTOR, PARAMS, State, explain, find, learning, step
from signals.trigger import Status

START = 1_760_054_400  # Friday 00:00 UTC
QUARTER = 900
DAY = 86400
SPIKE_AT = 8 * 96 + 50  # the quarter-hour from Saturday 12:30 on
replace = msgspec.structs.replace
Points = list[MarketPoint]


class Market(NamedTuple):
    """True flows of each quarter-hour, US dollars, and what a provider says of them."""

    flows: list[float]
    points: Points


def cycle(index: int, daily: float, weekly: float) -> float:
    time = START + index * QUARTER
    weekend = (time // DAY) % 7 in (2, 3)
    return math.exp(daily * math.sin(2 * math.pi * time / DAY) - weekly * weekend)


def market(
    days: int,
    factors: Callable[[int], float] = lambda index: 1.0,
    daily: float = 0.5,
    weekly: float = 0.0,
    noise: float = 0.3,
) -> Market:
    """A million dollars a quarter-hour times its cycles, noise and `factors`; the price wanders."""
    rng = random.Random(11)
    flows: list[float] = []
    points: Points = []
    price = 20.0
    for index in range(-96, days * 96):
        usual = 1e6 * cycle(index, daily, weekly) * math.exp(rng.gauss(0, noise))
        price *= math.exp(rng.gauss(0, 0.003))
        flows.append(usual * (factors(index) if index >= 0 else 1.0))
        if index >= 0:
            time = START + (index + 1) * QUARTER
            points.append(MarketPoint(time, price, math.fsum(flows[-96:])))
    return Market(flows[96:], points)


def spike(at: int = SPIKE_AT, factor: float = 20.0, quarters: int = 2) -> Callable[[int], float]:
    return lambda index: factor if at <= index < at + quarters else 1.0


class Walk(NamedTuple):
    """The state before each point and after the last, scores, and where events began."""

    states: list[State]
    scores: list[float]
    fired: list[int]
    ended: list[int]

    @property
    def state(self) -> State:
        return self.states[-1]


def walk(points: Sequence[MarketPoint], state: State | None = None) -> Walk:
    done = Walk([state or State()], [], [], [])
    status = Status()
    for index, point in enumerate(points):
        after, score = step(done.state, point)
        status, change = DETECTOR.trigger.pull(status, point.time, score)
        done.states.append(after)
        done.scores.append(score)
        if change:
            {"fired": done.fired, "ended": done.ended}[change].append(index)
    return done


def changed(points: Points, volume: Callable[[int, float], float | None]) -> Points:
    """The points with other volumes."""
    return [
        replace(point, volume_24h=volume(index, point.volume_24h or 0.0))
        for index, point in enumerate(points)
    ]


def finding_at(points: Points, at: int) -> Finding:
    return find(walk(points[:at]).state, points[at])


@pytest.fixture(scope="module")
def spiking() -> Market:
    return market(12, spike())


@pytest.fixture(scope="module")
def month() -> Market:
    return market(35, weekly=0.6)


def log_errors(one: Market, since: int) -> Iterator[tuple[int, float]]:
    state = State()
    for index, point in enumerate(one.points):
        if index > since:
            known = flow.flows(state.day, point.time, point.volume_24h or 0.0)
            yield index, math.log(known.flow / one.flows[index])
        state, _ = step(state, point)


def test_the_flow_of_each_quarter_hour_is_found_from_rolling_volumes(month: Market) -> None:
    errors = [error for _, error in log_errors(month, 14 * 96)]
    assert abs(sum(errors) / len(errors)) < 0.05
    assert sum(map(abs, errors)) / len(errors) < 0.2


def test_an_unknown_start_is_forgotten_within_nine_days() -> None:
    """At first every hour of the day before is taken for an equal one."""
    by_day: dict[int, list[float]] = {}
    for index, error in log_errors(market(12, daily=1.0, noise=0.1), 0):
        by_day.setdefault(index // 96, []).append(abs(error))
    assert sum(by_day[1]) / 96 > 0.5
    assert sum(by_day[9]) / 96 < 0.15


def test_the_daily_cycle_is_learned_from_how_much_hours_change(month: Market) -> None:
    day = walk(month.points).state.day
    for slot in range(0, 96, 8):
        true = math.exp(0.5 * math.sin(2 * math.pi * (slot - 0.5) / 96)) / 1.0635
        assert flow.shape(day.rhythm, slot) == pytest.approx(true, rel=0.2)


def test_busy_hours_of_every_day_are_no_events() -> None:
    assert walk(market(28, daily=1.0, noise=0.2).points).fired == []


def test_the_same_flow_is_more_unusual_in_a_quiet_hour() -> None:
    quiet, busy = 14 * 96 + 72, 14 * 96 + 24
    multiples = []
    for at in (quiet, busy):
        extra = 15.0 / cycle(at, 0.8, 0.0)
        points = market(15, spike(at, extra, 1), daily=0.8, noise=0.1).points
        multiples.append(finding_at(points, at).measured.value)
    assert multiples[0] / multiples[1] == pytest.approx(math.exp(1.6), rel=0.25)


def test_weekends_are_expected_from_two_weeks_on(month: Market) -> None:
    walked = walk(month.points)
    assert walked.fired == []
    learned = walked.state
    weekdays = [learned.week[day] for day in (0, 1, 4, 5, 6)]
    weekends = [learned.week[day] for day in (2, 3)]
    assert sum(weekdays) / 5 - sum(weekends) / 2 == pytest.approx(0.6, abs=0.15)
    point = MarketPoint(learned.time + QUARTER, 20.0, (learned.day.volume or 1.0) * 1.01)
    early = replace(learned, taught=14 * DAY - 1)
    without = replace(learned, week=(0.0,) * 7)
    multiples = [find(one, point).measured.value for one in (learned, early, without)]
    assert multiples[1] == multiples[2]
    assert multiples[0] != multiples[2]


def test_a_spike_fires_on_its_first_tick_and_ends_when_it_is_over(spiking: Market) -> None:
    walked = walk(spiking.points)
    assert walked.fired == [SPIKE_AT]
    assert walked.ended == [SPIKE_AT + 8]
    assert all(score == 0.0 for score in walked.scores[:25])


def test_a_spike_that_leaves_the_window_a_day_later_is_no_event(spiking: Market) -> None:
    scores = walk(spiking.points).scores
    assert max(scores[SPIKE_AT + 90 : SPIKE_AT + 110]) < 0.4


def test_right_behind_a_spike_that_leaves_a_smaller_one_is_found() -> None:
    def factors(index: int) -> float:
        return spike(factor=40.0)(index) * spike(SPIKE_AT + 99, 8.0)(index)

    assert walk(market(12, factors).points).fired == [SPIKE_AT, SPIKE_AT + 99]


def test_a_spike_that_leaves_the_window_late_is_no_event(spiking: Market) -> None:
    """A provider whose window ends a quarter-hour late: what should have left is still there."""
    flows = [1e6] * 96 + spiking.flows
    late = [
        replace(point, volume_24h=math.fsum(flows[index : index + 97]))
        for index, point in enumerate(spiking.points)
    ]
    assert walk(late).fired == [SPIKE_AT]


def test_a_collapse_of_volume_is_no_event() -> None:
    walked = walk(market(11, lambda i: 0.02 if i >= SPIKE_AT else 1.0).points)
    assert walked.fired == []
    assert max(walked.scores) < 1


def test_a_regime_that_lasts_is_one_event_and_then_usual() -> None:
    walked = walk(market(16, lambda i: 6.0 if i >= SPIKE_AT else 1.0).points)
    assert walked.fired == [SPIKE_AT]
    assert walked.ended[0] < SPIKE_AT + 5 * 96


def test_a_spike_does_not_teach_the_cycle(spiking: Market) -> None:
    calm = market(12)
    with_spike, without = walk(spiking.points).state, walk(calm.points).state
    for slot in range(96):
        assert flow.shape(with_spike.day.rhythm, slot) == pytest.approx(
            flow.shape(without.day.rhythm, slot), rel=0.05
        )
    assert with_spike.level == pytest.approx(without.level, abs=0.1)
    assert with_spike.scale == pytest.approx(without.scale, rel=0.15)


def test_a_point_teaches_at_most_four_sigmas(spiking: Market) -> None:
    state = walk(spiking.points[:SPIKE_AT]).state
    after, _ = step(state, at_price(state, 0.0, 900.0))
    sigma = PARAMS.scale.sigma(state.scale)
    assert after.level - state.level == pytest.approx(4 * sigma * QUARTER / PARAMS.level_memory)


def test_a_spike_that_goes_on_in_the_same_quarter_hour_is_measured_as_a_whole(
    spiking: Market,
) -> None:
    """A minute of it says little: what is to come of the quarter-hour is taken as usual."""
    state = walk(spiking.points[:SPIKE_AT]).state
    scores = []
    for seconds in (60, 120, 300, 440):
        point = at_price(state, 0.0, 20 * seconds / QUARTER)
        after, score = step(state, replace(point, time=state.time + seconds))
        assert after == replace(state, time=state.time + seconds)
        scores.append(score)
    assert scores == sorted(scores)
    assert scores[0] < 0.7 < 1 < scores[-1]


def test_a_finding_tells_the_multiple_and_for_when_it_is_unusual(spiking: Market) -> None:
    finding = finding_at(spiking.points, SPIKE_AT)
    assert finding.labels["usual_for"] == "Saturday 12:00 UTC"
    true = spiking.flows[SPIKE_AT] / cycle(SPIKE_AT, 0.5, 0.0) / 1e6
    assert finding.measured.value == pytest.approx(true, rel=0.1)
    assert finding.context["multiple"] == finding.measured.value
    assert finding.context["flow"] == pytest.approx(spiking.flows[SPIKE_AT], rel=0.1)
    assert finding.context["volume_24h"] == spiking.points[SPIKE_AT].volume_24h
    assert finding.context["volume_before"] == spiking.points[SPIKE_AT - 1].volume_24h
    assert finding.context["steps_learned"] == SPIKE_AT - 1
    assert finding.statistic.value >= finding.statistic.threshold == PARAMS.sigmas
    assert finding.window_seconds == QUARTER


def at_price(state: State, move: float, factor: float = 20.0) -> MarketPoint:
    volume = state.day.volume * (1 + factor / 96)
    return MarketPoint(state.time + QUARTER, state.price * math.exp(move), volume, None, 1e10)


def test_volume_without_a_move_of_the_price_is_wash_like(spiking: Market) -> None:
    state = walk(spiking.points[:SPIKE_AT]).state
    finding = find(state, at_price(state, 0.001))
    assert finding.labels["pattern"] == "wash-like"
    assert finding.context["usual_move"] > 0.001 / 0.3
    assert "pattern" not in find(state, at_price(state, 0.02)).labels
    assert "pattern" not in find(state, at_price(state, -0.02)).labels


def test_nothing_is_said_of_a_price_that_hardly_ever_moves(spiking: Market) -> None:
    pegged = [replace(point, price=1.0) for point in spiking.points]
    assert walk(pegged).fired == [SPIKE_AT]
    assert "pattern" not in finding_at(pegged, SPIKE_AT).labels


def test_more_than_three_market_capitalisations_a_day_are_wash_like(spiking: Market) -> None:
    state = walk(spiking.points[:SPIKE_AT]).state
    point = at_price(state, 0.05)
    volume = point.volume_24h or 0.0
    finding = find(state, replace(point, market_cap=volume / 4))
    assert finding.labels["pattern"] == "wash-like"
    assert finding.context["turnover"] == pytest.approx(4)
    assert "pattern" not in find(state, replace(point, market_cap=volume / 2)).labels
    for unknown in (None, 0.0, math.inf):
        assert "turnover" not in find(state, replace(point, market_cap=unknown)).context


def a_finding(labels: dict[str, str], context: dict[str, float]) -> Finding:
    measured, statistic = Measured("flow_multiple", 8.44, "1"), Statistic("z", 5.25, 3.0)
    when = {"usual_for": "Tuesday 14:00 UTC"}
    return Finding("up", measured, 900, statistic, context, when | labels)


@pytest.mark.parametrize(
    ("labels", "context", "end"),
    [
        ({}, {"price_move": 0.02, "turnover": 9.0}, ""),
        (
            {"pattern": "wash-like"},
            {"price_move": 0.00141},
            "; the price did not move with it (+0.1 %), as in wash trading",
        ),
        (
            {"pattern": "wash-like"},
            {"price_move": 0.02, "turnover": 4.04},
            "; a day's volume is 4.0× its market cap, as in wash trading",
        ),
    ],
)
def test_the_sentence_says_how_much_for_when_and_what_is_wash_like(
    labels: dict[str, str], context: dict[str, float], end: str
) -> None:
    assert explain("BTC", a_finding(labels, context)) == (
        "BTC volume: 8.4× its usual for a Tuesday 14:00 UTC, 5.2 σ of its own noise,"
        " over 15 min" + end
    )


@pytest.mark.parametrize(
    ("hours", "after", "value", "threshold"),
    [
        (1, 110.0, 2.4, 0.5),
        (4, 110.0, 0.6, 0.25),
        (24, 110.0, 0.1, 0.5 / 24**0.5),
        (1, 90.0, -2.4, 0.5),
    ],
)
def test_the_claim_measures_more_trading_in_average_flows(
    hours: int, after: float, value: float, threshold: float
) -> None:
    before, then = Step(0, 1.0, 100.0), Step(hours * 3600, 1.0, after)
    measured = DETECTOR.claim.measure(before, then, 0.0, hours * 3600, {"volume_before": 100.0})
    assert measured is not None
    assert measured.value == pytest.approx(value)
    assert measured.threshold == pytest.approx(threshold)


def test_the_claim_cannot_be_judged_without_both_volumes() -> None:
    known, unknown = Step(0, 1.0, 100.0), Step(3600, 1.0, None)
    for before, after in ((known, unknown), (unknown, known)):
        assert DETECTOR.claim.measure(before, after, 0.0, 3600, {"volume_before": 100.0}) is None


@pytest.mark.parametrize("volume", [None, 0.0, -5e6, math.inf, math.nan, 1e300, 1e-300])
def test_a_volume_that_is_none_moves_only_the_time(spiking: Market, volume: float | None) -> None:
    state = walk(spiking.points[:SPIKE_AT]).state
    point = replace(spiking.points[SPIKE_AT], volume_24h=volume)
    assert step(state, point) == (replace(state, time=point.time), 0.0)
    after, _ = step(state, replace(point, time=state.time + 1))
    assert walk(spiking.points[SPIKE_AT:], after).fired == [0]


def test_points_that_come_again_or_out_of_order_change_nothing(spiking: Market) -> None:
    state = walk(spiking.points[:SPIKE_AT]).state
    for late in (1, 2, 50):
        point = replace(spiking.points[SPIKE_AT - late], volume_24h=9e9)
        assert step(state, point) == (state, 0.0)


@pytest.mark.parametrize("factor", [1e12, 1e-12, 21.0, 1 / 21])
def test_a_bad_tick_is_as_if_it_had_told_no_volume(spiking: Market, factor: float) -> None:
    at = SPIKE_AT - 5
    bad = changed(spiking.points, lambda i, volume: volume * factor if i == at else volume)
    none = changed(spiking.points, lambda i, volume: None if i == at else volume)
    assert walk(bad).states[at + 2 :] == walk(none).states[at + 2 :]
    assert walk(bad).fired == [SPIKE_AT]


def test_a_first_volume_of_1e12_is_forgotten_two_points_later(spiking: Market) -> None:
    walked = walk(changed(spiking.points, lambda i, volume: 1e12 if i == 0 else volume))
    second = spiking.points[2].volume_24h or 0.0
    assert walked.states[3].level == math.log(second / 96)
    assert walked.fired == [SPIKE_AT]


def test_a_volume_that_stays_a_million_times_as_large_is_one_event_and_starts_anew() -> None:
    points = market(14, spike(10 * 96)).points
    grown = changed(points, lambda i, volume: volume * 1e6 if i >= SPIKE_AT else volume)
    assert walk(grown).fired == [SPIKE_AT + 1, 10 * 96]


def test_two_bad_ticks_of_1e12_heal_within_a_day() -> None:
    points = changed(
        market(14, spike(SPIKE_AT + 96)).points,
        lambda i, volume: 1e14 if i == SPIKE_AT else 1.1e14 if i == SPIKE_AT + 1 else volume,
    )
    assert walk(points).fired == [SPIKE_AT + 1, SPIKE_AT + 96]


def test_a_spike_of_twenty_volumes_fires_when_the_next_point_confirms_it() -> None:
    walked = walk(market(10, spike(factor=2500.0)).points)
    assert walked.fired == [SPIKE_AT + 1]
    assert walked.states[SPIKE_AT + 1].doubt > 0
    assert walked.states[SPIKE_AT + 2].doubt == 0


@pytest.mark.parametrize(("hours", "seen"), [(5, 1), (7, 0), (23, 0), (30 * 24, 0)])
def test_after_a_gap_a_spike_is_found_at_once(spiking: Market, hours: int, seen: int) -> None:
    """A gap of more than 6 h teaches nothing; the first point behind it may not fire."""
    gap = hours * 4
    one = market(45 if gap > 96 else 12, spike(SPIKE_AT + gap + 1))
    points = [*one.points[:SPIKE_AT], *one.points[SPIKE_AT + gap :]]
    walked = walk(points)
    assert walked.fired == [SPIKE_AT + 1]
    assert walked.states[SPIKE_AT + 1].seen == walked.states[SPIKE_AT].seen + seen
    assert learning(walked.states[SPIKE_AT + 1]) == 0


def test_what_was_traded_in_a_gap_of_seven_hours_is_no_event() -> None:
    points = market(12, lambda i: 10.0 if SPIKE_AT <= i < SPIKE_AT + 26 else 1.0).points
    walked = walk([*points[:SPIKE_AT], *points[SPIKE_AT + 28 :]])
    assert (walked.scores[SPIKE_AT], walked.fired) == (0.0, [])


def test_a_gap_of_a_month_starts_the_level_anew_and_keeps_what_was_learned(
    spiking: Market,
) -> None:
    state = walk(spiking.points).state
    after, score = step(state, MarketPoint(state.time + 30 * DAY, 3.0, 9.6e9))
    assert score == 0.0
    assert after.level == math.log(9.6e9 / 96)
    kept = (state.seen, state.scale, state.week, state.day.rhythm)
    assert (after.seen, after.scale, after.week, after.day.rhythm) == kept


def test_an_exchange_that_is_added_is_one_event_and_then_usual() -> None:
    points = market(24, spike(20 * 96)).points
    walked = walk(changed(points, lambda i, volume: volume * 1.5 if i >= SPIKE_AT else volume))
    assert walked.fired == [SPIKE_AT, 20 * 96]
    day = walked.states[SPIKE_AT + 2 * 96].day
    largest = max(math.exp(one / flow.CODE) for one in day.ring)
    assert largest < 5 * day.volume / 96, "what never left was forgotten after a day"


def test_an_exchange_that_comes_and_goes_is_no_event_each_time() -> None:
    """Half of the volume is missing for three ticks every few hours."""
    points = market(12, spike(SPIKE_AT + 30)).points
    flapping = changed(points, lambda i, v: v / 2 if i > SPIKE_AT and i % 20 < 3 else v)
    assert walk(flapping).fired == [SPIKE_AT + 30]


@pytest.mark.parametrize(("digits", "fired"), [(2, []), (3, [SPIKE_AT])])
def test_volumes_of_three_digits_show_a_spike_and_those_of_two_raise_nothing(
    spiking: Market, digits: int, fired: list[int]
) -> None:
    """Of two digits, a step from 1.0e8 to 1.1e8 is as much as ten usual flows."""
    rounded = changed(spiking.points, lambda _, volume: float(f"{volume:.{digits - 1}e}"))
    assert walk(rounded).fired == fired


def test_a_provider_that_stands_still_raises_nothing_when_it_goes_on() -> None:
    """Five hours of twice the usual trading arrive at once and are spread over the five."""
    one = market(12, lambda i: 2.0 if SPIKE_AT <= i < SPIKE_AT + 20 else 1.0)
    frozen = one.points[SPIKE_AT - 1].volume_24h
    points = changed(one.points, lambda i, v: frozen if SPIKE_AT <= i < SPIKE_AT + 20 else v)
    walked = walk(points)
    assert walked.fired == []
    assert set(walked.scores[SPIKE_AT : SPIKE_AT + 20]) == {0.0}
    assert walked.states[SPIKE_AT + 20] == replace(
        walked.states[SPIKE_AT], time=points[SPIKE_AT + 19].time
    )


def test_a_volume_that_never_changes_teaches_nothing() -> None:
    points = changed(market(9).points, lambda _, volume: 5e7)
    state = walk(points).state
    assert (state.seen, learning(state), state.time) == (0, 24, points[-1].time)


def test_a_delisted_asset_is_no_event_and_may_be_listed_again() -> None:
    one = market(45, lambda i: 0.0 if SPIKE_AT <= i < SPIKE_AT + 30 * 96 else 1.0)
    walked = walk(one.points)
    assert max(walked.scores[SPIKE_AT : SPIKE_AT + 30 * 96]) < 1
    assert [at for at in walked.fired if at > SPIKE_AT + 33 * 96] == []


@pytest.mark.parametrize("every", [300, 900, 3600])
def test_a_spike_is_found_whatever_the_step(every: int) -> None:
    """Volumes between quarter-hours are drawn as straight lines."""
    one = market(12, spike(SPIKE_AT + 2, 30.0, 4))
    points = []
    for before, after in pairwise(one.points):
        for time in range(before.time, after.time, 300):
            if time % every == 0:
                share = (time - before.time) / QUARTER
                old, new = before.volume_24h or 0.0, after.volume_24h or 0.0
                points.append(replace(before, time=time, volume_24h=old + (new - old) * share))
    begin = START + (SPIKE_AT + 2) * QUARTER
    times = [points[at].time for at in walk(points).fired]
    assert times[0] <= begin + max(every, QUARTER)
    assert all(begin < time <= begin + 4 * 3600 for time in times)


def test_hourly_history_and_quarter_hours_after_it_are_one_series(spiking: Market) -> None:
    history = spiking.points[3 : 7 * 96 : 4]
    walked = walk([*history, *spiking.points[7 * 96 :]])
    assert [at - len(history) + 7 * 96 for at in walked.fired] == [SPIKE_AT]


def test_ticks_that_come_late_or_early_find_the_same(spiking: Market) -> None:
    rng = random.Random(3)
    points = [replace(p, time=p.time + rng.randint(0, 240)) for p in spiking.points]
    assert walk(points).fired == [SPIKE_AT]


def test_a_state_is_at_most_a_thousand_bytes(month: Market) -> None:
    sizes = [len(msgspec.json.encode(state)) for state in walk(month.points).states[::10]]
    assert max(sizes) <= 1000


@pytest.mark.parametrize("factor", [1e-3, 1e5])
def test_alarms_do_not_depend_on_the_size_of_the_market(spiking: Market, factor: float) -> None:
    expected = walk(spiking.points)
    walked = walk(changed(spiking.points, lambda _, volume: volume * factor))
    assert walked.fired == expected.fired
    assert walked.scores[SPIKE_AT] == pytest.approx(expected.scores[SPIKE_AT], rel=0.02)


def test_any_numbers_give_finite_scores_findings_and_states() -> None:
    rng = random.Random(5)
    state, time = State(), START
    for _ in range(3000):
        time += rng.choice([1, 60, 900, 900, 900, 3600, 20_000, 90_000, 40 * DAY])
        price, volume = 10 ** rng.uniform(-300, 300), 10 ** rng.choice([rng.uniform(-9, 18), 7, 8])
        point = MarketPoint(time, price, volume, rng.choice([None, 0.1]), rng.choice([None, 1e9]))
        after, score = step(state, point)
        assert 0 <= score < math.inf
        if score >= 1:
            assert all(map(math.isfinite, find(state, point).context.values()))
        assert msgspec.json.decode(msgspec.json.encode(after), type=State) == after
        state = after
