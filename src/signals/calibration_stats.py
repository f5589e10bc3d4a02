"""The statistics under calibration: intervals, signals that count as one, isotonic rates, scores.

Pure arithmetic on counts and shares; nothing here knows of signals.
"""

import math
from collections.abc import Iterable, Sequence

Z95 = 1.959964  # of the normal distribution, two-sided
Interval = tuple[float, float]

DAY = 86400  # seconds; signals of one UTC day are a cluster
RHO = 0.5  # correlation within a day that is assumed before any was seen
RHO_DAYS = 5.0  # days that this assumption weighs


def wilson(share: float, n: float) -> Interval:
    """Return the 95 % interval of a share of `n` (Wilson, JASA 22, 1927); it holds the share.

    Unlike the textbook's share +- 1.96 standard errors it stays inside [0, 1] and
    does not collapse at 0 or 1. `n` may be an effective number.
    """
    if n <= 0:
        return 0.0, 1.0
    square = Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def interval(share: float, n: float) -> Interval:
    """Return Wilson's interval as it is stored: six digits."""
    low, high = wilson(share, n)
    return round(low, 6), round(high, 6)


def by_day(times: Iterable[int], values: Iterable[float]) -> list[list[float]]:
    """Return the values of each UTC day, in the order of days."""
    days: dict[int, list[float]] = {}
    for time, value in zip(times, values, strict=True):
        days.setdefault(time // DAY, []).append(value)
    return [days[day] for day in sorted(days)]


def correlation(days: Sequence[Sequence[float]], share: float) -> float:
    """Return how much the hits of one day go together, from 0 (not at all) to 1 (they are one).

    The mean product of two different signals' deviations of one day over the
    variance, shrunk towards RHO as if that had been seen on RHO_DAYS days:
    thirty coins in one crash tell nothing of how crashes differ.
    """
    variance = share * (1 - share)
    several = [[value - share for value in day] for day in days if len(day) > 1]
    pairs = sum(len(day) * (len(day) - 1) for day in several)
    if not variance or not pairs:
        return RHO
    products = math.fsum(
        math.fsum(day) ** 2 - math.fsum(value * value for value in day) for day in several
    )
    seen = min(max(products / pairs / variance, 0.0), 1.0)
    return (len(several) * seen + RHO_DAYS * RHO) / (len(several) + RHO_DAYS)


def effective(sizes: Sequence[int], rho: float) -> float:
    """Return how many independent signals the clusters of these sizes are worth.

    n over the design effect 1 + (m - 1) rho, m: the size of the cluster that a
    signal is in on average (Kish, Survey Sampling, 1965).
    """
    n = sum(sizes)
    return n / (1 + (sum(size * size for size in sizes) / n - 1) * rho) if n else 0.0


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the nearest rates (weighted squares) that never fall: pool adjacent violators.

    Barlow et al., Statistical Inference under Order Restrictions (1972).
    """
    pools: list[tuple[float, float, int]] = []  # rate, weight, how many values
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            rate, heavy, count = pools.pop()
            total = heavy + pool[1]
            mean = (rate * heavy + pool[0] * pool[1]) / total
            pool = (mean, total, count + pool[2])
        pools.append(pool)
    return [rate for rate, _, count in pools for _ in range(count)]


def brier(probabilities: Sequence[float], hits: Sequence[bool]) -> float:
    """Return the mean squared distance of probabilities from what came (Brier, 1950); 0 is best."""
    pairs = zip(probabilities, hits, strict=True)
    return math.fsum((p - hit) ** 2 for p, hit in pairs) / len(hits)


def quantile(ascending: Sequence[float], share: float) -> float:
    """Return the value below which this share lies, linear between the two nearest."""
    place = share * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])
