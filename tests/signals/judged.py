"""Synthetic judged signals with a truth that is known."""

import math
import random
from collections.abc import Callable

from signals.calibration import Judged

HOUR = 3600
DAY = 86400
FIRST = 20_000 * DAY
NOW = FIRST + 1_000 * DAY

Truth = Callable[[float], float]  # the probability of a hit, by |score|


def steady(p: float) -> Truth:
    """A detector whose score says nothing."""
    return lambda _score: p


def judged(
    seed: int, days: int, truth: Truth, shared: float = 0.0, first: int = FIRST
) -> list[Judged]:
    """About four signals a day whose scores have a tail like |x|^-3.

    The base rate is 0.3; with truth 0.5 it is 0.5. `shared` is the spread of a
    day's common luck, in logits; around 0.5 it leaves the mean as it is.
    """
    rng = random.Random(seed)
    base = 0.5 if truth(1.0) == truth(9.0) == 0.5 else 0.3
    out = []
    for day in range(days):
        luck = rng.gauss(0, shared)
        for _ in range(min(int(rng.expovariate(1 / 4.5)), 30)):
            score = rng.paretovariate(3)
            p = truth(score)
            hit = rng.random() < 1 / (1 + math.exp(-math.log(p / (1 - p)) - luck))
            controls = sum(rng.random() < base for _ in range(40))
            at = first + day * DAY + rng.randrange(90) * 900
            out.append(Judged(at, rng.choice((-1, 1)) * score, hit, 40, controls, rng.gauss(0, 1)))
    return out
