"""How good the probabilities of one type and horizon were: what the product publishes of itself.

Scored are the probabilities that signals were published with, on the outcomes
that came later. Until FEWEST_ISSUED signals had one, the calibration's own
fit stands in, `basis` says so, and it flatters.

    Brier  mean (p - hit)^2            skill  1 - Brier / Brier of the constant base rate

Skill 0 is no better than knowing the base rate, below 0 is worse.
"""

from collections.abc import Sequence
from math import fsum
from typing import Literal

import msgspec

from signals.calibration import Calibration, Judged, predict
from signals.calibration_fit import BANDS, band_of, worth
from signals.calibration_stats import DAY, Interval, brier, interval, quantile

FEWEST_ISSUED = 30
BINS = 10  # of the reliability curve, from 0 to 1
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Share(msgspec.Struct, frozen=True):
    """Hits of a band of scores from `low` up; interval by the effective number of signals."""

    low: float
    n: int
    hits: int
    share: float
    interval: Interval


class Bin(msgspec.Struct, frozen=True):
    """A point of the reliability curve: mean probability given, share that came true."""

    p: float
    share: float
    n: int
    interval: Interval


class Report(msgspec.Struct, frozen=True):
    """Everything that is told of one type and horizon; None where nothing can be said.

    `lift` is the type's share over the base rate, `values` the quantiles of what
    came out, in the claim's own unit, by their share.
    """

    version: int
    n: int
    n_effective: float
    days: int
    hits: int
    share: float | None
    interval: Interval | None
    base_rate: float
    lift: float | None
    basis: Literal["issued", "fitted"]
    n_scored: int
    brier: float | None
    brier_base: float | None
    skill: float | None
    reliability: tuple[Bin, ...]
    bands: tuple[Share, ...]
    values: dict[str, float]


def report(outcomes: Sequence[Judged], calibration: Calibration) -> Report:
    """Return the report of all judged signals of the calibration's type and horizon."""
    seen = sorted(outcomes, key=lambda one: one.at)
    issued = [one for one in seen if one.issued is not None]
    enough = len(issued) >= FEWEST_ISSUED
    scored = issued if enough else seen
    given = [
        one.issued if enough and one.issued is not None else predict(calibration, one.score)
        for one in scored
    ]
    hits = [one.hit for one in scored]
    base = calibration.base_rate
    got = brier(given, hits) if scored else None
    constant = brier([base] * len(hits), hits) if scored else None
    whole = _share(seen, 0.0, calibration.rho) if seen else None
    bands = [[one for one in seen if band_of(one.score) == i] for i in range(len(BANDS))]
    values = sorted(one.value for one in seen)
    return Report(
        version=calibration.version,
        n=len(seen),
        n_effective=round(worth(seen, calibration.rho), 6),
        days=len({one.at // DAY for one in seen}),
        hits=sum(one.hit for one in seen),
        share=whole.share if whole else None,
        interval=whole.interval if whole else None,
        base_rate=base,
        lift=round(whole.share / base, 6) if whole else None,
        basis="issued" if enough else "fitted",
        n_scored=len(scored),
        brier=None if got is None else round(got, 6),
        brier_base=None if constant is None else round(constant, 6),
        skill=round(1 - got / constant, 6) if got is not None and constant else None,
        reliability=reliability(given, scored, calibration.rho),
        bands=tuple(
            _share(band, low, calibration.rho)
            for low, band in zip(BANDS, bands, strict=True)
            if band
        ),
        values={f"{q:g}": round(quantile(values, q), 6) for q in QUANTILES} if values else {},
    )


def reliability(
    probabilities: Sequence[float], outcomes: Sequence[Judged], rho: float
) -> tuple[Bin, ...]:
    """Return the curve of bins that hold anything: on the diagonal, p is what it says."""
    bins: dict[int, list[int]] = {}
    for i, p in enumerate(probabilities):
        bins.setdefault(min(int(p * BINS), BINS - 1), []).append(i)
    curve = []
    for number in sorted(bins):
        share = _share([outcomes[i] for i in bins[number]], 0.0, rho)
        mean = fsum(probabilities[i] for i in bins[number]) / share.n
        curve.append(Bin(round(mean, 6), share.share, share.n, share.interval))
    return tuple(curve)


def _share(outcomes: Sequence[Judged], low: float, rho: float) -> Share:
    n, hits = len(outcomes), sum(one.hit for one in outcomes)
    return Share(low, n, hits, round(hits / n, 6), interval(hits / n, worth(outcomes, rho)))
