"""Runs detectors over new points: pure, in the order of time, one pass.

What no single series can know, the move of the whole market, is worked out
here and travels in the points.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import msgspec

from signals.detectors.base import Detector, Finding, MarketPoint, NewsPoint

FEWEST_FOR_MARKET = 10  # assets without which "the market" means nothing


class Observation(msgspec.Struct, frozen=True, array_like=True):
    """A stored price: time in epoch seconds, US dollars."""

    time: int
    price: float
    volume_24h: float | None
    observed_at: int
    source: str


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A stored story about an asset: when published, when collected (its tick), its tone."""

    time: int
    tick: int
    tone: float
    source: str
    news_id: str


class Series(NamedTuple):
    """What is new about one asset; `prices` begins with the last one already seen."""

    asset_no: int
    asset_id: str
    symbol: str
    prices: list[Observation]
    stories: list[Told]


class Found(NamedTuple):
    """A finding with what it was made from; `tick` is when it could be known."""

    series: Series
    detector: Detector
    finding: Finding
    tick: int
    inputs: list[Observation] | list[Told]


States = dict[str, dict[str, Any]]  # detector -> asset -> state Struct


def run(
    detectors: Sequence[Detector], series: Sequence[Series], states: States
) -> tuple[list[Found], States]:
    """Step every detector over every new point; return findings and the changed states."""
    changed: States = {detector.name: {} for detector in detectors}
    found: list[Found] = []
    moves = market_moves(series)
    for detector in detectors:
        known, new = states.get(detector.name, {}), changed[detector.name]
        for one in series:
            state = known.get(one.asset_id, detector.state())
            if detector.input == "market":
                after = _step_prices(detector, one, state, moves, found)
            else:
                after = _step_stories(detector, one, state, found)
            if after is not state:
                new[one.asset_id] = after
    return found, changed


def _step_prices(
    detector: Detector, series: Series, state: Any, moves: Mapping[Any, float], found: list[Found]
) -> Any:
    previous: Observation | None = None
    for price in series.prices:
        if price.time > state.time:
            move = moves.get((previous.time, price.time)) if previous else None
            point = MarketPoint(price.time, price.price, price.volume_24h, move)
            state, finding = detector.step(state, point)
            if finding is not None:
                found.append(Found(series, detector, finding, price.time, [price]))
        previous = price
    return state


def _step_stories(detector: Detector, series: Series, state: Any, found: list[Found]) -> Any:
    for index, story in enumerate(series.stories):
        state, finding = detector.step(state, NewsPoint(story.time, story.tone, story.source))
        # A story that was old when it was collected teaches, but is no news.
        if finding is not None and story.time > story.tick - finding.window_seconds:
            inputs = series.stories[max(0, index - 9) : index + 1]
            found.append(Found(series, detector, finding, story.tick, inputs))
    return state


def market_moves(series: Iterable[Series]) -> dict[tuple[int, int], float]:
    """Return the median log return of all assets for each span (from, to) they stepped over."""
    returns: dict[tuple[int, int], list[float]] = {}
    for one in series:
        for before, after in zip(one.prices, one.prices[1:], strict=False):
            change = math.log(after.price / before.price)
            returns.setdefault((before.time, after.time), []).append(change)
    return {
        span: median(values) for span, values in returns.items() if len(values) >= FEWEST_FOR_MARKET
    }
