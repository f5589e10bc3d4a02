"""Scores of labels, of probabilities and of spans, as the shared scorer computes them."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tools.quality.logistic import Array

Span = Sequence[int]
SLOPES = [round(0.4 + 0.05 * step, 2) for step in range(53)]
BINS = 10


def macro_f1(labels: Sequence[int], chosen: Sequence[int]) -> float:
    """Return the mean F1 over the labels that occur in `labels`."""
    found = []
    for label in sorted(set(labels)):
        pairs = list(zip(labels, chosen, strict=True))
        hits = sum(y == label == p for y, p in pairs)
        wrong = sum((y == label) != (p == label) for y, p in pairs)
        found.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(found) / len(found)


def overlaps(one: Span, two: Span) -> bool:
    """Whether two spans [start, end) share a character."""
    return one[0] < two[1] and two[0] < one[1]


def reliability(
    chances: Callable[[Array], Array],
    scores: Array,
    labels: npt.NDArray[np.int64],
    weights: Array,
) -> tuple[float, float]:
    """Return the slope of `scores` with the least log-loss, and the calibration error with it.

    `weights` say how much each text counts. The error is the mean distance between
    what a bin of probabilities claims and what came true (Guo et al., ICML 2017).
    """
    weight = weights / weights.sum()
    target = np.eye(3)[labels + 1]

    def loss(slope: float) -> float:
        share = (chances(scores * np.float32(slope)) * target).sum(axis=1)
        return float(-(weight * np.log(share + 1e-9)).sum())

    best = min(SLOPES, key=loss)
    found = chances(scores * np.float32(best))
    error = 0.0
    for column in range(3):
        bins = np.minimum((found[:, column] * BINS).astype(int), BINS - 1)
        for number in range(BINS):
            here = bins == number
            gap = (weight[here] * (found[here, column] - target[here, column])).sum()
            error += abs(float(gap)) / 3
    return best, error
