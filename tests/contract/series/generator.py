"""Seeded series for detectors, from the parameters in <detector>.json beside this module.

series           parameters of the generator
alarms           the indices at which exactly this detector fires over it
learning_points  points before which it never fires, whatever they hold
event            what it exists to find, as one more entry of `series.events`
recovery_points  how long after a disturbance an event is found again at the latest
event_points     how many points an event may take to be found
"""

import math
import random
from pathlib import Path

import msgspec
import pytest

from signals.detectors.base import Detector, MarketPoint, NewsPoint

FILES = Path(__file__).parent
START = 1_760_000_400  # on the grid of the ticks
Point = MarketPoint | NewsPoint
Points = list[Point]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From point `at` on, for `points`: a log return and flows a step, or a tone."""

    at: int = 0
    points: int = 1
    log_return: float = 0.0
    excess_flow: float = 0.0
    tone: float | None = None


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of a series; noises are standard deviations a step (flow: average flows)."""

    seed: int
    points: int
    seconds: int
    noise: float = 0.0
    market_noise: float = 0.0
    flow_noise: float = 0.0
    tone: float = 0.0
    tone_noise: float = 0.0
    events: tuple[Event, ...] = ()


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of this folder."""

    series: Series
    alarms: list[int]
    learning_points: int
    event: Event
    recovery_points: int
    event_points: int


def case_of(detector: Detector) -> Case:
    file = FILES / f"{detector.name}.json"
    if not file.is_file():
        pytest.fail(
            f"The detector {detector.name!r} has no seeded series:"
            f" write tests/contract/series/{file.name} (generator.py tells its form)."
        )
    return msgspec.json.decode(file.read_bytes(), type=Case)


def market_points(series: Series) -> Points:
    rng = random.Random(series.seed)
    price, volume, points = 100.0, 5e6, []
    for index in range(series.points):
        market = rng.gauss(0, series.market_noise)
        change = market + rng.gauss(0, series.noise)
        flow = rng.gauss(0, series.flow_noise)
        for event in series.events:
            if event.at <= index < event.at + event.points:
                change += event.log_return
                flow += event.excess_flow
        price *= math.exp(change)
        volume *= max(0.01, 1 + flow * series.seconds / 86400)
        points.append(MarketPoint(START + index * series.seconds, price, volume, market))
    return list(points)


def news_points(series: Series) -> Points:
    rng = random.Random(series.seed)
    points: Points = []
    for index in range(series.points):
        tone = rng.gauss(series.tone, series.tone_noise)
        for event in series.events:
            if event.tone is not None and event.at <= index < event.at + event.points:
                tone = event.tone
        # Four decimals in [-1, 1] are what a tone model gives.
        tone = round(min(1.0, max(-1.0, tone)), 4)
        points.append(NewsPoint(START + index * series.seconds, tone, f"feed-{index % 5}"))
    return points


def generate(detector: Detector, series: Series) -> Points:
    return {"market": market_points, "news": news_points}[detector.input](series)
