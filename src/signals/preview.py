"""Trying a rule on the past: when it would have fired, and what came of it.

A rule is a detector with other thresholds. It runs over the past by the same engine
and is judged by the same claim as signals are, so what is told here is what a
backtest tells. It starts without knowledge at the beginning of the past; what it
finds before the asked days only teaches it.

The market's move is taken from the stored levels. Nothing is kept. About 15 µs a
point and 1 ms a judged claim: 30 days of one asset in well below 100 ms.
"""

from collections.abc import Sequence

import msgspec

from common.times import iso
from signals import engine, market, series
from signals.calibration import Judged
from signals.calibration_fit import fit
from signals.calibration_report import report
from signals.calibration_stats import Interval
from signals.claims import HORIZONS, Step
from signals.detectors.base import Detector, Direction, Input
from signals.engine import Fired
from signals.history import History, between, on_market
from signals.judging import due_of, outcome_of
from signals.rule import Rule, detector_of, wrong
from signals.series import Inputs
from signals.signal import build, pending
from signals.store.judging import BEFORE_SECONDS

DAY = 86400
MOST_FIRES = 500


class Came(msgspec.Struct, frozen=True):
    """What came of one fire after `horizon` seconds; `hit` None: not known, and why."""

    horizon: int
    hit: bool | None
    value: float | None
    threshold: float | None
    reason: str | None


class Fire(msgspec.Struct, frozen=True):
    """A time at which the rule would have fired, the sentence it would have said, what came."""

    at: str
    asset_id: str
    direction: Direction
    score: float
    says: str
    outcomes: list[Came]


class Record(msgspec.Struct, frozen=True):
    """The hits of a horizon; the interval counts signals of one day for less (calibration_fit)."""

    horizon: int
    n: int
    hits: int
    share: float | None
    interval: Interval | None
    base_rate: float | None
    lift: float | None


class Preview(msgspec.Struct, frozen=True):
    """What a rule would have done: `fired` times in `days`, the last ones in `fires`.

    `days` are those asked for, or fewer where there is no longer past.

    `params` are all in force, `points` those that were looked at, learning included.
    """

    type: str
    claim: str
    params: dict[str, float]
    days: float
    points: int
    fired: int
    per_day: float
    fires: list[Fire]
    records: list[Record]


def preview(
    rule: Rule,
    detectors: Sequence[Detector],
    past: History,
    levels: Sequence[market.Level],
    until: int,
) -> Preview:
    """Try a rule on a past of an asset or more, in the order of time, up to `until`.

    Raises Problem, which says what to change.
    """
    detector, params = detector_of(rule, detectors)
    inputs = _inputs(detector.input, past, levels)
    result = engine.run([detector], inputs, {}, until)
    if result.broken:
        raise wrong("These params cannot be computed with; leave them nearer to the usual.")
    since = until - rule.days * DAY
    fired = [
        one
        for one in result.fired
        if since < one.tick <= until and rule.direction in (None, one.finding.direction)
    ]
    paths = _paths(past, levels)
    judged: dict[int, list[Judged]] = {horizon: [] for horizon in HORIZONS}
    fires = [_judged(one, rule, paths.get(one.series.key, []), until, judged) for one in fired]
    times = [item.tick for one in inputs[detector.input] for item in one.items]
    covered = min(float(rule.days), (until - min(times, default=until)) / DAY)
    return Preview(
        type=rule.type,
        claim=detector.claim.says,
        params=params,
        days=round(covered, 2),
        points=sum(len(one.items) for one in inputs[detector.input]),
        fired=len(fires),
        per_day=round(len(fires) / max(covered, 1.0), 4),
        fires=fires[-MOST_FIRES:],
        records=[_record(some, horizon, until) for horizon, some in judged.items()],
    )


def _inputs(which: Input, past: History, levels: Sequence[market.Level]) -> Inputs:
    match which:
        case "market":
            found = series.market_series(past.assets, market.Market(levels, {}))
        case "news":
            found = series.news_series(past.assets)
        case "sources":
            found = series.source_series(past.assets, past.refused)
        case "readings":
            found = [one for some in past.readings.values() for one in series.reading_series(some)]
    return {which: found}


def _paths(past: History, levels: Sequence[market.Level]) -> dict[str, list[Step]]:
    at = {one.time: one.level for one in levels}
    paths = {
        one.asset_id: [
            on_market(Step(price.time, price.price, price.volume_24h), at) for price in one.prices
        ]
        for one in past.assets
    }
    for about, readings in (one for some in past.readings.values() for one in some):
        paths[about.key] = [Step(one.time, one.value) for one in readings]
    return paths


def _judged(
    fired: Fired, rule: Rule, path: Sequence[Step], until: int, judged: dict[int, list[Judged]]
) -> Fire:
    """Return a fire with what came of it, and add that to `judged`."""
    signal = build(fired, None, {}, until)
    outcomes = []
    for claim in pending(fired, signal):
        if claim.due_at > until:
            outcomes.append(Came(claim.horizon, None, None, None, "not over yet"))
            continue
        steps = between(path, claim.fired_at - BEFORE_SECONDS, claim.due_at)
        one = outcome_of(due_of(claim), fired.detector.claim, steps)
        outcomes.append(Came(claim.horizon, one.hit, one.value, one.threshold, one.reason))
        if one.hit is not None:
            judged[claim.horizon].append(
                Judged(
                    signal.created_at, signal.score, one.hit, one.control_n, one.control_hits,
                    one.value or 0.0,
                )
            )  # fmt: skip
    return Fire(
        iso(signal.created_at), signal.asset_id, fired.finding.direction,
        round(signal.score * rule.least_score, 4), f"{signal.clause}.", outcomes,
    )  # fmt: skip


def _record(judged: Sequence[Judged], horizon: int, until: int) -> Record:
    if not judged:
        return Record(horizon, 0, 0, None, None, None, None)
    told = report(judged, fit(judged, horizon, until, 0))
    return Record(horizon, told.n, told.hits, told.share, told.interval, told.base_rate, told.lift)
