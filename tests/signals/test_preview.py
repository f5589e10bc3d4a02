"""A rule tried on the past: when it would have fired, what came of it, what may be asked."""

import math
import random

import msgspec
import pytest

from common.errors import Problem
from common.times import iso
from signals.claims import MOVE_SIGMAS
from signals.detectors import DETECTORS
from signals.history import History
from signals.preview import Preview, preview
from signals.rule import Rule
from signals.series import Asset, Observation, Read, Series
from signals.walk import walk
from tests.signals.past import SENSITIVE, seed_past, sensitive
from tests.support.sqlite import SqliteDatabase
from tools.backtest.stored import history_of

QUARTER, DAY = 900, 86400
START = 1_760_054_400
LEARN = 7 * 96
DAYS = 5
COUNT = LEARN + DAYS * 96
UNTIL = START + (COUNT - 1) * QUARTER
JUMPS = {LEARN + 60: 0.05, LEARN + 200: -0.05, LEARN + 330: 0.05}


def jumping(jumps: dict[int, float] = JUMPS) -> Asset:
    """Noise of 0.1 % a quarter-hour, and jumps (log) at some indices."""
    rng, logs, prices = random.Random(3), 0.0, []
    for index in range(COUNT):
        logs += rng.gauss(0, 0.001) + jumps.get(index, 0.0)
        time = START + index * QUARTER
        prices.append(Observation(time, 100 * math.exp(logs), 5e6, None, time, "x"))
    return Asset(1, "asset-1", "ONE", prices)


def tried(rule: Rule, asset: Asset | None = None) -> Preview:
    return preview(rule, DETECTORS, History([asset or jumping()]), [], UNTIL)


def step_rule(**changes: float) -> Rule:
    return Rule("price_anomaly", changes, days=DAYS)


def test_it_fires_at_the_jumps_and_says_so() -> None:
    told = tried(step_rule())
    times = [START + index * QUARTER for index in JUMPS]
    assert [one.at for one in told.fires] == [iso(time) for time in times]
    assert [one.direction for one in told.fires] == ["up", "down", "up"]
    assert (told.fired, told.per_day, told.points) == (3, 0.6, COUNT)
    assert all(one.says.startswith("ONE ") for one in told.fires)


def test_its_outcomes_are_those_counted_by_hand() -> None:
    """The first and the second jump are followed by more of the same, the third by nothing."""
    asset = jumping(JUMPS | {LEARN + 62: 0.03, LEARN + 202: -0.03})
    told = tried(step_rule(), asset)
    hour = told.records[0]
    assert (hour.horizon, hour.n, hour.hits) == (3600, 3, 2)
    assert hour.share == pytest.approx(2 / 3, abs=1e-6)
    outcomes = [one.outcomes[0] for one in told.fires]
    assert [one.hit for one in outcomes] == [True, True, False]
    for at, one in zip(JUMPS, outcomes, strict=True):
        moved = abs(math.log(asset.prices[at + 4].price / asset.prices[at].price))
        assert one.value == pytest.approx(moved, abs=1e-6)
        # Two sigmas of an hour, of noise that was seeded with 0.1 % a quarter-hour.
        assert one.threshold == pytest.approx(MOVE_SIGMAS * 0.001 * 2, rel=0.2)
    low, high = hour.interval or (0, 0)
    assert low < 2 / 3 < high
    assert hour.base_rate is not None
    assert hour.base_rate < 0.2


def test_what_is_not_over_yet_is_not_counted() -> None:
    told = tried(step_rule(), jumping({COUNT - 10: 0.05}))
    assert [one.hit for one in told.fires[0].outcomes][1:] == [None, None]
    assert told.fires[0].outcomes[2].reason == "not over yet"
    assert [one.n for one in told.records] == [1, 0, 0]


def test_only_the_asked_direction_and_days_count() -> None:
    down = msgspec.structs.replace(step_rule(), direction="down")
    assert [one.direction for one in tried(down).fires] == ["down"]
    assert tried(msgspec.structs.replace(step_rule(), days=2)).fired == 1


def test_a_lower_threshold_fires_more_often_and_a_higher_one_less() -> None:
    few, some = tried(step_rule(step_sigmas=59)), tried(step_rule())
    many = tried(step_rule(step_sigmas=2.5, smallest_step=0.002))
    assert few.fired < some.fired < many.fired
    assert many.params["step_sigmas"] == 2.5
    assert some.params["step_sigmas"] == 6.0


def test_a_least_score_asks_for_more_than_the_threshold() -> None:
    uneven = jumping({LEARN + 60: 0.03, LEARN + 200: -0.08})
    small, large = tried(step_rule(), uneven).fires
    assert 1 < abs(small.score) < 6 < abs(large.score)
    (only,) = tried(msgspec.structs.replace(step_rule(), least_score=6.0), uneven).fires
    assert only == large


def test_a_preview_fires_where_a_walk_with_the_same_numbers_does() -> None:
    database = SqliteDatabase()
    ticks = seed_past(database)
    past = history_of(database, DETECTORS)
    walked = walk(sensitive(), past, ticks[-1])
    for name, params in SENSITIVE.items():
        told = preview(Rule(name, params, days=90), DETECTORS, past, walked.levels, ticks[-1])
        mine = {(one.at, one.asset_id, one.says) for one in told.fires}
        assert mine == {
            (iso(one.created_at), one.asset_id, f"{one.clause}.")
            for one in walked.signals
            if one.type == name and one.asset_id != "market"
        }
        hits = [
            (one.due.horizon, one.outcome.hit)
            for one in walked.verdicts
            if (one.due.type, one.due.subject == "market") == (name, False)
        ]
        for record in told.records:
            assert record.hits == hits.count((record.horizon, True)) > 0
            assert record.n - record.hits == hits.count((record.horizon, False)) > 0


def test_a_rule_on_stories_and_one_on_readings_can_be_tried() -> None:
    database = SqliteDatabase()
    ticks = seed_past(database)
    past = history_of(database, DETECTORS)
    for name in ("sentiment_shift", "tvl_outflow", "source_trouble", "depeg"):
        assert preview(Rule(name, days=90), DETECTORS, past, [], ticks[-1]).fired >= 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("volume"), "There is no detector 'volume'; there are"),
        (Rule("price_anomaly", {"sigmas": 2}), "has no parameter 'sigmas'; it has step_sigmas"),
        (Rule("price_anomaly", {"scale": 2}), "has no parameter 'scale'"),
        (Rule("price_anomaly", {"step_sigmas": 0.1}), "between 0.6 and 60 (usually 6), not 0.1"),
        (Rule("price_anomaly", {"step_sigmas": math.nan}), "between 0.6 and 60"),
        (Rule("price_anomaly", {"step_sigmas": -math.inf}), "between 0.6 and 60"),
        (Rule("price_anomaly", {"learn": 30.5}), "learn must be a whole number, not 30.5"),
        (Rule("price_anomaly", days=0), "days must be between 1 and 90, not 0"),
        (Rule("price_anomaly", least_score=0.5), "To be told of less, lower a threshold"),
    ],
)
def test_a_rule_that_cannot_be_tried_says_what_to_change(rule: Rule, said: str) -> None:
    with pytest.raises(Problem) as caught:
        tried(rule)
    assert (caught.value.status, caught.value.kind) == (400, "invalid-rule")
    assert said in caught.value.detail


def test_a_rule_of_unknown_fields_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"type":"pump","sigmas":3}', type=Rule)


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
@pytest.mark.parametrize("factor", [0.1, 1.0, 4.0, 10.0])
def test_any_parameter_within_its_bounds_gives_an_answer_or_a_reason(
    detector: object, factor: float
) -> None:
    name = detector.name  # type: ignore[attr-defined]
    usual = tried(Rule(name)).params
    for parameter, value in usual.items():
        asked = value * factor
        asked = round(asked) if isinstance(value, int) else asked
        if value / 10 <= asked <= value * 10:
            try:
                tried(Rule(name, {parameter: asked}, days=1), jumping())
            except Problem as problem:
                assert "nearer the usual" in problem.detail


def test_an_asset_without_a_past_fires_nothing() -> None:
    told = preview(Rule("pump"), DETECTORS, History([Asset(1, "a", "A", [])]), [], UNTIL)
    assert (told.fired, told.points, told.fires) == (0, 0, [])
    assert all(one.n == 0 and one.share is None for one in told.records)


def test_a_reading_that_stands_still_is_no_event() -> None:
    rows = [Read(START + index * 3600, 1e9, "defillama") for index in range(200)]
    series = Series(1, "protocol_tvl:aave", "protocol_tvl:aave", "Aave", [])
    past = History([], {"protocol_tvl": [(series, rows)]})
    assert preview(Rule("tvl_outflow"), DETECTORS, past, [], UNTIL).fired == 0
