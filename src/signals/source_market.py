"""The sources as a whole: what is wrong with one for most assets at once.

A source that repeats itself for at least half of its assets, or is further
than APART from the median of the others for half of them, has one trouble and
not one per asset. It is named in `troubled` of every point of the tick, and
told once by the series of all assets: one quote a source, whose price is its
usual distance from the others (1.0: none) and whose time is the tick, or none
while half of its assets have no news.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from signals.detectors.base import SourceQuote, SourcesPoint

FEWEST = 10  # assets of a source without which "most" means nothing
APART = 0.01
Quotes = Sequence[tuple[int, Sequence[SourceQuote]]]  # tick, what each source said


class Whole(NamedTuple):
    """The points of the series of all assets, and who is troubled at which tick."""

    points: list[SourcesPoint]
    troubled: dict[int, tuple[str, ...]]


def whole(assets: Iterable[Quotes], refused: Mapping[int, Iterable[str]]) -> Whole:
    """Return the sources as a whole at every tick of `assets` that has one before it.

    `refused` are the sources whose rows were mostly refused as too old, by tick.
    """
    # By tick and source: whether each asset stood still, how far each was from the others.
    still: dict[int, dict[str, list[bool]]] = {}
    apart: dict[int, dict[str, list[float]]] = {}
    for quotes in assets:
        for (_, earlier), (tick, now) in pairwise(quotes):
            known = {one.source: one for one in earlier}
            logs = [math.log(one.price) for one in now]
            same_as_before, distances = still.setdefault(tick, {}), apart.setdefault(tick, {})
            for place, one in enumerate(now):
                if last := known.get(one.source):
                    same = one.price == last.price and (one.observed_at in (tick, last.observed_at))
                    same_as_before.setdefault(one.source, []).append(same)
                others = logs[:place] + logs[place + 1 :]
                if others:
                    distances.setdefault(one.source, []).append(logs[place] - median(others))
    points: list[SourcesPoint] = []
    troubled: dict[int, tuple[str, ...]] = {}
    for tick in sorted(still):
        said: list[SourceQuote] = []
        bad: list[str] = []
        for source, repeats in sorted(still[tick].items()):
            if len(repeats) < FEWEST:
                continue
            stands = 2 * sum(repeats) >= len(repeats)
            away = apart[tick].get(source, [0.0])
            gap = math.copysign(median(map(abs, away)), median(away))
            if stands or abs(gap) > APART:
                bad.append(source)
            price = 1.0 if stands else round(math.exp(gap), 3)
            # A second before the tick: sources have stamps here. 0 is the same at every tick.
            said.append(SourceQuote(source, price, 0 if stands else tick - 1))
        for source in refused.get(tick, ()):
            bad.append(source)
            said.append(SourceQuote(source, 1.0, 0))
        points.append(SourcesPoint(tick, tuple(said)))
        if bad:
            troubled[tick] = tuple(bad)
    return Whole(points, troubled)
