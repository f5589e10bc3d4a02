"""The report as text: for people, and as JSON lines for programs."""

import json
from collections.abc import Iterator

import msgspec

from signals.detectors.base import duration
from tools.backtest.measures import Frequency
from tools.backtest.report import BacktestReport, DetectorReport, HorizonReport

HEAD = ("within", "judged", "held", "share", "95 % interval", "base rate", "lift", "Brier", "skill",
        "return after it: 5 / 25 / 50 / 75 / 95 %")  # fmt: skip
WIDTHS = (8, 7, 6, 7, 15, 10, 6, 7, 7, 0)


def json_lines(report: BacktestReport) -> Iterator[str]:
    """Yield one JSON object a line: the history, then every detector and horizon."""
    whole = msgspec.to_builtins(report)
    detectors = whole.pop("detectors")
    yield json.dumps({"about": "history", **whole})
    for one in detectors:
        horizons = one.pop("horizons")
        yield json.dumps({"about": "detector", **one})
        for horizon in horizons:
            yield json.dumps({"about": "horizon", "name": one["name"], **horizon})


def text_lines(report: BacktestReport) -> Iterator[str]:
    """Yield the lines that a person reads."""
    yield f"{report.made_of}, {report.first} to {report.last}, {report.ticks:,} ticks"
    yield from (f"  {note}" for note in report.notes)
    yield f"events: {_frequency(report.events)}"
    yield f"quiet days: the {report.quiet_days} on which the whole market moved least"
    for one in report.detectors:
        yield ""
        yield from _detector(one)


def _detector(one: DetectorReport) -> Iterator[str]:
    cost = f", {one.microseconds_a_point:.1f} µs each" if one.microseconds_a_point else ""
    yield f"{one.name} (version {one.version}): {one.signals:,} signals"
    yield f"  looked at     {one.points:,} points of {one.series} series{cost}"
    yield f"  events        {_frequency(one.events)}"
    if one.latency:
        late, onset = one.latency, duration(round(one.latency.since_onset_median))
        yield (f"  told          {late.median:.0f} s after its newest evidence (95 %:"
               f" {late.p95:.0f} s), {onset} after the move began")  # fmt: skip
    if not one.signals:
        return
    yield f"  claimed       {one.claim}"
    yield "  " + _row(HEAD)
    for horizon in one.horizons:
        yield "  " + _row(_cells(horizon))
    if any(h.record.basis == "fitted" and h.record.n for h in one.horizons):
        yield "  *too few signals had a probability: the score of the fit itself, which flatters"
    for horizon in one.horizons:
        left_out = ", ".join(f"{n} {why}" for why, n in horizon.unjudged.items())
        judged = f"; not judged: {left_out}" if left_out else ""
        yield f"  {_hours(horizon.horizon):<8}{horizon.edge}{judged}"


def _cells(one: HorizonReport) -> tuple[str, ...]:
    told = one.record
    if told.share is None or told.interval is None:
        return (_hours(one.horizon), "0", *["-"] * 7, "-")
    low, high = told.interval
    brier = "-" if told.brier is None else f"{told.brier:.3f}"
    base = lift = skill = "-"
    if one.controls and told.lift is not None and told.skill is not None:
        base, lift = f"{100 * told.base_rate:.0f} %", f"{told.lift:.1f}"
        skill = f"{told.skill:+.2f}{'' if told.basis == 'issued' else '*'}"
    returns = " / ".join(f"{100 * value:+.1f}" for value in one.returns.values()) or "-"
    return (
        _hours(one.horizon), f"{told.n:,}", f"{told.hits:,}", f"{100 * told.share:.0f} %",
        f"{100 * low:.0f} to {100 * high:.0f} %", base, lift, brier, skill, returns,
    )  # fmt: skip


def _row(cells: tuple[str, ...]) -> str:
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h"


def _frequency(one: Frequency | None) -> str:
    if one is None:
        return "none"
    return (
        f"{one.total:,}; per asset and day: median {one.median:.2g}, most {one.most:.2g}"
        f" ({one.busiest}), on quiet days median {one.quiet_median:.2g}, most {one.quiet_most:.2g}"
    )
