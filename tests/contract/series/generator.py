"""Seeded series for detectors, from the parameters in <detector>.json beside this module.

series           parameters of the generator; it ends calmly, so that every event is over
alarms           the indices at which exactly the trigger says "fired" or "turned" over it
learning_points  points before which it never scores, whatever they hold
event            what it exists to find, as one more entry of `series.events`
recovery_points  how long after a disturbance an event is found again at the latest
event_points     how many points an event may take to be found
signed           whether values of zero and below are values like any other
signed           whether values of zero and below are values like any other
"""

import itertools
import math
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from signals.detectors.base import (
    Detector,
    MarketPoint,
    NewsPoint,
    ReadingPoint,
    SourceQuote,
    SourcesPoint,
)

FILES = Path(__file__).parent
START = 1_760_000_400  # on the grid of the ticks
DAY = 86_400
Point = MarketPoint | NewsPoint | ReadingPoint | SourcesPoint
Points = list[Point]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From point `at` on, for `points`: a log return a step, flows, a tone, or wrong sources.

    `log_return` moves prices and readings, `apart` is how far (log) the first
    source is from the others, `still` repeats what every source said before.
    """

    at: int = 0
    points: int = 1
    log_return: float = 0.0
    excess_flow: float = 0.0
    tone: float | None = None
    apart: float = 0.0
    still: bool = False


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of a series; noises are standard deviations a step (flow: average flows).

    `level` is where prices and readings begin; a `pegged` one returns to it,
    as if each step's noise were alone. `daily` is the height of the daily
    cycle of the flow, in average flows; volumes are rolling sums of 24 h.
    """

    seed: int
    points: int
    seconds: int
    level: float = 100.0
    pegged: bool = False
    noise: float = 0.0
    market_noise: float = 0.0
    flow_noise: float = 0.0
    daily: float = 0.0
    tone: float = 0.0
    tone_noise: float = 0.0
    sources: int = 3
    events: tuple[Event, ...] = ()

    def under_way(self, index: int) -> Iterator[Event]:
        """The events that a point belongs to."""
        return (one for one in self.events if one.at <= index < one.at + one.points)

    def moves(self, rng: random.Random) -> Iterator[tuple[float, float]]:
        """The log distance from `level` and the common move of each point, for ever."""
        logs = 0.0
        for index in itertools.count():
            market, own = rng.gauss(0, self.market_noise), rng.gauss(0, self.noise)
            logs += market + sum(event.log_return for event in self.under_way(index))
            logs += 0.0 if self.pegged else own
            yield logs + (own if self.pegged else 0.0), market


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of this folder."""

    series: Series
    alarms: list[int]
    learning_points: int
    event: Event
    recovery_points: int
    event_points: int
    signed: bool = False


def case_of(detector: Detector) -> Case:
    file = FILES / f"{detector.name}.json"
    if not file.is_file():
        pytest.fail(
            f"The detector {detector.name!r} has no seeded series:"
            f" write tests/contract/series/{file.name} (generator.py tells its form)."
        )
    return msgspec.json.decode(file.read_bytes(), type=Case)


def market_points(series: Series) -> Iterator[Point]:
    flow = random.Random(f"flow {series.seed}")
    window = max(1, DAY // series.seconds)
    flows = [1.0] * window
    moves = series.moves(random.Random(series.seed))
    for index, (logs, market) in enumerate(moves):
        time = START + index * series.seconds
        traded = 1 + series.daily * math.sin(2 * math.pi * time / DAY)
        traded += flow.gauss(0, series.flow_noise)
        traded += sum(event.excess_flow for event in series.under_way(index))
        flows = [*flows[1:], max(0.01, traded)]
        price = series.level * math.exp(logs)
        yield MarketPoint(time, price, 5e6 * math.fsum(flows) / window, market)


def news_points(series: Series) -> Iterator[Point]:
    rng = random.Random(series.seed)
    for index in itertools.count():
        tone = rng.gauss(series.tone, series.tone_noise)
        for event in series.under_way(index):
            tone = tone if event.tone is None else event.tone
        # Four decimals in [-1, 1] are what a tone model gives.
        tone = round(min(1.0, max(-1.0, tone)), 4)
        yield NewsPoint(START + index * series.seconds, tone, f"feed-{index % 5}")


def sources_points(series: Series) -> Iterator[Point]:
    """Each source has its own noise; the first one has no stamps, like a venue."""
    rng = random.Random(f"sources {series.seed}")
    quotes: tuple[SourceQuote, ...] = ()
    moves = series.moves(random.Random(series.seed))
    for index, (logs, _) in enumerate(moves):
        time = START + index * series.seconds
        events = list(series.under_way(index))
        if not any(event.still for event in events) or not quotes:
            apart = sum(event.apart for event in events)
            quotes = tuple(
                SourceQuote(
                    f"source-{number}",
                    series.level * math.exp(logs + rng.gauss(0, 0.0003) + apart * (number == 0)),
                    time - 20 * number,
                )
                for number in range(series.sources)
            )
        yield SourcesPoint(time, quotes)


def reading_points(series: Series) -> Iterator[Point]:
    moves = series.moves(random.Random(series.seed))
    for index, (logs, market) in enumerate(moves):
        time = START + index * series.seconds
        yield ReadingPoint(time, series.level * math.exp(logs), market)


def generate(detector: Detector, series: Series) -> Points:
    kinds = {
        "market": market_points,
        "news": news_points,
        "sources": sources_points,
        "readings": reading_points,
    }
    return list(itertools.islice(kinds[detector.input](series), series.points))
