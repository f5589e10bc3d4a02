"""What is counted and timed of a walk: events per series and day, delays, returns, cost."""

import math
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

import msgspec

from signals import market, series
from signals.calibration_stats import quantile
from signals.detectors.base import Detector
from signals.history import History
from signals.outcomes import tolerance
from signals.series import Item
from signals.walk import Walked

DAY = 86400
MOST_TIMED = 20_000  # points
Spans = dict[str, tuple[int, int]]  # epoch seconds, by asset


class Frequency(msgspec.Struct, frozen=True):
    """Events per series and day: over series, and on days when the market hardly moved.

    `total` counts them all, `busiest` is the series with most.
    """

    total: int
    median: float
    mean: float
    most: float
    busiest: str
    quiet_median: float
    quiet_most: float


class Latency(msgspec.Struct, frozen=True):
    """Seconds at the tick of a signal since its newest evidence, and since its move began."""

    median: float
    p95: float
    since_onset_median: float


def quiet_days(walked: Walked) -> set[int]:
    """Return the days on which the market's level stayed within less than its median day's range.

    All days where there is no market to speak of.
    """
    by_day: dict[int, list[float]] = {}
    for one in walked.levels:
        by_day.setdefault(one.time // DAY, []).append(one.level)
    ranges = {day: max(levels) - min(levels) for day, levels in by_day.items()}
    if not ranges:
        return {tick // DAY for tick in walked.ticks}
    middle = median(ranges.values())
    return {day for day, size in ranges.items() if size <= middle}


def looked_at(detector: Detector, walked: Walked, history: History) -> tuple[int, int]:
    """Return how many series and points a detector had to look at."""
    if detector.input != "readings":
        return len(walked.series.get(detector.input, ())), walked.points.get(detector.input, 0)
    rows = [found for kind in detector.kinds for _, found in history.readings.get(kind, ())]
    return len(rows), sum(map(len, rows))


def spans_of(detector: Detector | None, walked: Walked, history: History) -> Spans:
    """Return from when to when there was what a detector watches; of None, the assets."""
    if detector and detector.input == "readings":
        rows = (one for kind in detector.kinds for one in history.readings.get(kind, ()))
        return {about.asset_id: (read[0].time, read[-1].time) for about, read in rows if read}
    spans = {a.asset_id: (a.prices[0].time, a.prices[-1].time) for a in history.assets if a.prices}
    return {**spans, series.MARKET: (walked.ticks[0], walked.ticks[-1])}


def frequency(events: Sequence[tuple[str, int]], spans: Spans, quiet: set[int]) -> Frequency | None:
    """Return how often events (series, time) were; None where there were none."""
    if not events:
        return None
    rates, quiet_rates = {}, []
    count = Counter(key for key, _ in events)
    calm = Counter(key for key, at in events if at // DAY in quiet)
    for key, (first, last) in spans.items():
        rates[key] = count[key] / max((last - first) / DAY, 1.0)
        days = sum(first // DAY <= day <= last // DAY for day in quiet)
        if days:
            quiet_rates.append(calm[key] / days)
    busiest = max(rates, key=lambda key: (rates[key], key))
    return Frequency(
        total=len(events),
        median=round(median(rates.values()), 4),
        mean=round(sum(rates.values()) / len(rates), 4),
        most=round(rates[busiest], 4),
        busiest=busiest,
        quiet_median=round(median(quiet_rates), 4) if quiet_rates else 0.0,
        quiet_most=round(max(quiet_rates, default=0.0), 4),
    )


def latency(name: str, walked: Walked) -> Latency | None:
    """Return how late the signals of a type were; None where there were none."""
    mine = [one for one in walked.fired if one.detector.name == name]
    if not mine:
        return None
    ages = [float(one.tick - _newest(one.item)) for one in mine]
    since = [age + one.finding.window_seconds for age, one in zip(ages, mine, strict=True)]
    ages, since = sorted(ages), sorted(since)
    return Latency(quantile(ages, 0.5), quantile(ages, 0.95), quantile(since, 0.5))


def _newest(item: Item) -> int:
    """Return when the newest evidence was observed; what has no stamp is as old as its tick."""
    stamps = (one.observed_at if hasattr(one, "observed_at") else one.time for one in item.inputs)
    return max(stamps) or item.tick


class Prices:
    """The prices of every asset, to say what they did after a signal."""

    def __init__(self, history: History) -> None:
        self._times = {a.asset_id: [p.time for p in a.prices] for a in history.assets}
        self._values = {a.asset_id: [p.price for p in a.prices] for a in history.assets}

    def returns(self, name: str, horizon: int, walked: Walked) -> list[float]:
        """Return the ascending log returns after signals of a type, in their direction."""
        found = []
        for one in walked.fired:
            if one.detector.name != name or one.series.key not in self._times:
                continue
            times, values = self._times[one.series.key], self._values[one.series.key]
            now = bisect_right(times, one.tick) - 1
            then = bisect_right(times, one.tick + horizon) - 1
            if then > now >= 0 and times[then] > one.tick + horizon - tolerance(horizon):
                side = 1 if one.finding.direction == "up" else -1
                found.append(side * math.log(values[then] / values[now]))
        return sorted(found)


def cost(detector: Detector, history: History, walked: Walked) -> float | None:
    """Return the microseconds a step takes, on the longest series there are."""
    whole = market.Market(walked.levels, {})
    some: dict[str, Any] = {
        "market": lambda: series.market_series(history.assets[:4], whole),
        "news": lambda: series.news_series(history.assets),
        "sources": lambda: series.source_series(history.assets[:4]),
        "readings": lambda: series.reading_series(
            [one for kind in detector.kinds for one in history.readings.get(kind, ())][:200]
        ),
    }
    spent, count = 0.0, 0
    for one in some[detector.input]():
        points = [item.point for item in one.items][: MOST_TIMED - count]
        state, step = detector.state(), detector.step
        began = time.process_time()
        for point in points:
            state, _ = step(state, point)
        spent += time.process_time() - began
        count += len(points)
    return round(1e6 * spent / count, 2) if count else None
