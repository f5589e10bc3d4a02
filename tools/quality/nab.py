"""Score the product's surprise on series whose anomalous windows are known.

The rules are those of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015): the
first min(15 %, 750) points of a series are free; in a window the best point at or
above the threshold counts, the earlier the more (a scaled sigmoid, 1 at the
window's start); every other point at or above it costs, the less the closer it
follows a window; a window without a point costs. 0 is a detector that never
alarms, 100 a perfect one. Three profiles weigh false points and missed windows
differently.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from signals import surprise

Row = dict[str, Any]
Figures = dict[str, Any]

KEYS = ("name", "ts", "v", "windows")
FREE_SHARE, FREE_POINTS = 0.15, 750  # of a series, at its beginning
NOTHING = 1.1  # a threshold that no score reaches


class Weights(NamedTuple):
    """What the best point of a window earns, a false point and a missed window cost at most."""

    hit: float
    false: float
    missed: float


PROFILES = {
    "standard": Weights(1.0, 0.11, 1.0),
    "low_FP": Weights(1.0, 0.22, 1.0),
    "low_FN": Weights(1.0, 0.11, 2.0),
}


class Point(NamedTuple):
    """A point that counts: its score, its worth from -1 to 1, its window or None."""

    score: float
    worth: float
    window: tuple[int, int] | None


class Tally(NamedTuple):
    """The profit of alarming at a threshold, over never alarming."""

    threshold: float
    profit: float
    hits: int
    false: int


def predict(rows: Sequence[Row]) -> list[Row]:
    """Return {"scores": [one in [0, 1] a point]} a row, point by point as a Worker would."""
    found = []
    for row in rows:
        state, scores = surprise.State(), []
        for time, value in zip(row["ts"], row["v"], strict=True):
            state, score = surprise.step(state, time, value)
            scores.append(round(score, 6))
        found.append({"scores": scores})
    return found


def score(
    rows: Sequence[Row], predicted: Sequence[Row], threshold: float = surprise.THRESHOLD
) -> Iterator[Figures]:
    """Yield each profile's score at `threshold`, and at the threshold that suits it best here."""
    points = [
        point
        for number, (row, answer) in enumerate(zip(rows, predicted, strict=True))
        for point in _points(number, row, answer["scores"])
    ]
    points.sort(key=lambda point: -point.score)
    windows = sum(len(row["windows"]) for row in rows)
    reachable = len({point.window for point in points if point.window})
    for profile, weights in PROFILES.items():
        frozen = fitted = Tally(NOTHING, 0.0, 0, 0)
        for tally in _tallies(points, weights):
            if tally.threshold >= threshold:
                frozen = tally
            if tally.profit > fitted.profit:
                fitted = tally
        perfect = windows * weights.hit + reachable * weights.missed
        for fit, tally in ((False, frozen._replace(threshold=threshold)), (True, fitted)):
            yield {
                "set": "nab",
                "profile": profile,
                "fitted": fit,
                "score": round(100 * tally.profit / perfect, 2) if perfect else 0.0,
                "threshold": tally.threshold,
                "windows_hit": tally.hits,
                "windows": windows,
                "false_points": tally.false,
            }


def _points(number: int, row: Row, scores: Sequence[float]) -> Iterator[Point]:
    """Yield the points of a series after its free beginning."""
    first: dict[int, int] = {}
    for index, time in enumerate(row["ts"]):
        first.setdefault(time, index)
    windows = sorted((first[start], first[end]) for start, end in row["windows"])
    free = min(math.floor(FREE_SHARE * len(scores)), FREE_POINTS)
    at = 0
    for index, value in enumerate(scores):
        while at < len(windows) and windows[at][1] < index:
            at += 1
        if index < free:
            continue
        if at < len(windows) and windows[at][0] <= index:
            left, right = windows[at]
            place = (right - index + 1) / (right - left + 1)
            yield Point(value, _sigmoid(-place) / _sigmoid(-1.0), (number, at))
        elif at:
            left, right = windows[at - 1]
            after = (index - right) / (right - left) if right > left else math.inf
            yield Point(value, _sigmoid(after), None)
        else:
            yield Point(value, -1.0, None)


def _sigmoid(place: float) -> float:
    """Return NAB's weight, 1 to -1, of a place from a window's end in widths, negative inside."""
    return -1.0 if place > 3 else 2 / (1 + math.exp(5 * place)) - 1


def _tallies(points: Sequence[Point], weights: Weights) -> Iterator[Tally]:
    """Yield what is earned at every threshold, from the highest score down."""
    best: dict[tuple[int, int], float] = {}
    profit, false = 0.0, 0
    for number, (value, worth, window) in enumerate(points, 1):
        if window is None:
            profit += worth * weights.false
            false += 1
        elif window not in best:
            best[window] = worth * weights.hit
            profit += best[window] + weights.missed
        elif worth * weights.hit > best[window]:
            profit += worth * weights.hit - best[window]
            best[window] = worth * weights.hit
        if number == len(points) or points[number].score != value:
            yield Tally(value, profit, len(best), false)
