"""What a walk says of every detector: how often it fires, what came of it, how soon it was.

Shares, base rates, Brier scores and the reliability curve are those of
signals.calibration_report, over all that was judged: the probabilities are the ones that
signals were issued with at their time, by calibrations that knew only the time before.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from common.times import iso
from signals.calibration import Calibration, enough
from signals.calibration_fit import fit
from signals.calibration_report import QUANTILES, Report, report
from signals.calibration_stats import quantile
from signals.claims import HORIZONS
from signals.detectors.base import Detector
from signals.walk import Walked
from tools.backtest.loaded import Loaded
from tools.backtest.measures import (
    Frequency,
    Latency,
    Prices,
    cost,
    frequency,
    latency,
    looked_at,
    quiet_days,
    spans_of,
)


class HorizonReport(msgspec.Struct, frozen=True):
    """What came of the signals of a type after `horizon` seconds.

    `edge` says in words whether the claim held more often than without a signal, `record`
    counts what was judged; without any `controls` its base rate says nothing. `returns` are
    the forward log returns in the direction of the signals, by quantile.
    """

    horizon: int
    edge: str
    record: Report
    controls: int
    unjudged: dict[str, int]
    returns: dict[str, float]


class DetectorReport(msgspec.Struct, frozen=True):
    """Everything of one detector; `events` are those it is a reason of, None: never."""

    name: str
    version: int
    claim: str
    series: int
    points: int
    signals: int
    events: Frequency | None
    latency: Latency | None
    microseconds_a_point: float | None
    horizons: list[HorizonReport]


class BacktestReport(msgspec.Struct, frozen=True):
    """A whole walk; times in ISO 8601, `quiet_days` when the market moved less than usual."""

    made_of: str
    notes: list[str]
    first: str
    last: str
    ticks: int
    assets: int
    quiet_days: int
    events: Frequency | None
    detectors: list[DetectorReport]


def make(walked: Walked, loaded: Loaded, detectors: Sequence[Detector]) -> BacktestReport:
    """Return the report of a walk over a history."""
    history = loaded.history
    first, last = walked.ticks[0], walked.ticks[-1]
    quiet = quiet_days(walked)
    happened = [(one.asset_id, one.started_at, {r.type for r in one.reasons})
                for one in walked.events.values()]  # fmt: skip
    prices = Prices(history)
    told = []
    for one in detectors:
        count, points = looked_at(one, walked, history)
        if not points:
            continue
        mine = [(asset, at) for asset, at, types in happened if one.name in types]
        told.append(
            DetectorReport(
                name=one.name,
                version=one.version,
                claim=one.claim.says,
                series=count,
                points=points,
                signals=sum(signal.type == one.name for signal in walked.signals),
                events=frequency(mine, spans_of(one, walked, history), quiet),
                latency=latency(one.name, walked),
                microseconds_a_point=cost(one, history, walked),
                horizons=[_horizon(one, h, walked, prices, last) for h in HORIZONS],
            )
        )
    all_events = [(asset, at) for asset, at, _ in happened]
    return BacktestReport(
        loaded.made_of, loaded.notes, iso(first), iso(last), len(walked.ticks), len(history.assets),
        len(quiet), frequency(all_events, spans_of(None, walked, history), quiet), told,
    )  # fmt: skip


def _horizon(
    detector: Detector, horizon: int, walked: Walked, prices: Prices, now: int
) -> HorizonReport:
    judged = walked.judged.get((detector.name, horizon), [])
    fitted = fit(judged, horizon, now, 0)
    verdicts = [v for v in walked.verdicts
                if v.due.type == detector.name and v.due.horizon == horizon]  # fmt: skip
    reasons = Counter(v.outcome.reason or "" for v in verdicts if v.outcome.hit is None)
    forward = prices.returns(detector.name, horizon, walked)
    return HorizonReport(
        horizon=horizon,
        edge=edge(fitted),
        record=report(judged, fitted),
        controls=fitted.control_n,
        unjudged=dict(reasons),
        returns={f"{q:g}": round(quantile(forward, q), 6) for q in QUANTILES} if forward else {},
    )


def edge(fitted: Calibration) -> str:
    """Say whether signals were followed by their claim more often than moments without any."""
    if not enough(fitted):
        return f"too few to tell: {fitted.n} judged on {fitted.days} days"
    if fitted.interval[0] > fitted.base_rate:
        return "edge"
    return "less often than without" if fitted.interval[1] < fitted.base_rate else "no edge"
