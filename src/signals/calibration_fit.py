"""From judged signals to a calibration of one type and horizon.

    base   mean of the signals' own control rates     (how often it comes true anyway)
    type   hits of the type, shrunk to base           (n share + K base) / (n + K)
    band   hits of a band of scores, shrunk to type   (n share + K type) / (n + K)
    p      bands made isotonic: a larger score never makes it less probable

n is an effective number: signals of one UTC day overlap (thirty coins in one
crash, windows of 24 h), so they are a cluster and count for less, by the
correlation that was seen within days (calibration_stats). The intervals are
Wilson's with that n, around p.

K = 20: before anything is known a type is expected to lift its claim by a tenth
or so, and p (1 - p) / 0.1^2 is about 20. BANDS: scores have a tail like |x|^-3
(returns: Gopikrishnan et al., Phys. Rev. E 60, 1999), which puts about a half, a
third and a fifth of them into the bands.

Wrong when a larger score makes the claim less probable (moves that revert): the
bands are then pooled into one. Banded calibration: Zadrozny and Elkan,
Transforming Classifier Scores into Accurate Multiclass Probability Estimates (2002).
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import fsum

from signals.calibration import Band, Calibration, Judged
from signals.calibration_stats import by_day, correlation, effective, interval, isotonic

BANDS = (1.0, 1.25, 1.75)  # lower edges of |score|
K = 20.0  # signals that the assumption made beforehand weighs
CONTROL_WORTH = 10.0  # independent windows that one signal's controls are worth


def known(outcomes: Sequence[Judged], horizon: int, now: int) -> list[Judged]:
    """Return what was known at `now`, the oldest first."""
    return sorted((one for one in outcomes if one.at + horizon <= now), key=lambda one: one.at)


def band_of(score: float) -> int:
    """Return the number of the band that a score is in."""
    return max(bisect_right(BANDS, abs(score)) - 1, 0)


def base_rate(outcomes: Sequence[Judged]) -> float:
    """Return how often the claim holds without a signal; every signal weighs the same.

    The rule of succession on CONTROL_WORTH windows a signal: 1/2 when there are none.
    """
    rates = [one.control_hits / one.control_n for one in outcomes if one.control_n]
    return (CONTROL_WORTH * fsum(rates) + 1) / (CONTROL_WORTH * len(rates) + 2)


def fit(outcomes: Sequence[Judged], horizon: int, now: int, version: int) -> Calibration:
    """Learn from the outcomes that were known at `now`. The gate decides whether it is used."""
    seen = known(outcomes, horizon, now)
    base = base_rate(seen)
    days = by_day([one.at for one in seen], [float(one.hit) for one in seen])
    n, hits = len(seen), sum(one.hit for one in seen)
    rho = correlation(days, hits / n if n else base)
    n_effective = effective([len(day) for day in days], rho)
    rate = _shrunk(hits, n, n_effective, base)
    numbers = range(len(BANDS))
    members = [[one for one in seen if band_of(one.score) == number] for number in numbers]
    sizes = [worth(band, rho) for band in members]
    rates = [
        _shrunk(sum(one.hit for one in band), len(band), size, rate)
        for band, size in zip(members, sizes, strict=True)
    ]
    pooled = isotonic(rates, [size + K for size in sizes])
    bands: list[Band] = []
    for p in sorted(set(pooled)):
        pool = [number for number in numbers if pooled[number] == p]
        inside = [one for number in pool for one in members[number]]
        size = worth(inside, rho)
        bands.append(
            Band(
                low=BANDS[pool[0]],
                p=round(p, 6),
                n=len(inside),
                hits=sum(one.hit for one in inside),
                n_effective=round(size, 6),
                interval=interval(p, size),
            )
        )
    return Calibration(
        version=version,
        horizon=horizon,
        fitted_at=now,
        newest=seen[-1].at if seen else 0,
        n=n,
        hits=hits,
        days=len(days),
        n_effective=round(n_effective, 6),
        rho=round(rho, 6),
        base_rate=round(base, 6),
        control_n=sum(one.control_n for one in seen),
        rate=round(rate, 6),
        interval=interval(rate, n_effective),
        bands=tuple(bands),
    )


def worth(members: Sequence[Judged], rho: float) -> float:
    """Return how many independent signals these are worth."""
    days = by_day([one.at for one in members], [1.0 for _ in members])
    return effective([len(day) for day in days], rho)


def _shrunk(hits: int, n: int, size: float, prior: float) -> float:
    return (size * hits / n + K * prior) / (size + K) if n else prior
