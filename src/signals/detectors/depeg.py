"""Depeg: a coin that is worth one dollar no longer is.

    d = ln(p)                       distance from one dollar
    s = robust sigma of d while it is inside the band of 0.5 %
    score = d / max(1 %, 6 s)       for a pegged coin, else 0

Nobody says which coins are pegged. A coin becomes one when its time inside the
band exceeds the time outside by three days and s is tiny: a volatile price that
passes one dollar leaves the band within hours (27 h net at most in 52 real
histories, each scaled to pass it at eleven levels), and a calm one that passes
it slowly is spread over the whole band. It stops being one when that time is
used up outside, after seven days at most, which also ends the event of a peg
that broke for good.

What it catches: sudden and slow depegs alike, in both directions, since it
measures a level and no move; 1 % over a day fires when 1 % is reached. The
event ends when the coin is back within 0.4 %. A wick of one point fires and
ends with the next point after the cooldown; only a point further than 20 % off
right after one inside the band waits for the next to confirm it, so one wrong
decimal place is no depeg.

Wrong for coins pegged to anything but the dollar, for those that pay their
interest into the price (they leave the band and are forgotten), and for a
dead coin whose price stands at one dollar. "learning" for three days of points.
About 2 µs a point. Moody's Analytics counts a depeg from 3 % within a day on
(Digital Asset Monitor, 2023); 1 % tells of it earlier. Robust sigma after
Huber, Robust Statistics (1981).
"""

import math
from typing import NamedTuple

import msgspec

from signals.claims import Claim, Measure, Step, Terms
from signals.detectors.base import (
    Detector,
    Finding,
    MarketPoint,
    Measured,
    Scale,
    Statistic,
    percent,
)
from signals.trigger import Trigger

DAY = 86_400
CAPPED = 0.99


class Params(msgspec.Struct, frozen=True):
    """Log distances from one dollar, sigmas, times in seconds."""

    band: float = 0.005
    smallest: float = 0.01
    sigmas: float = 6.0
    tiny: float = 0.003  # the largest s of a peg
    wick: float = 0.2
    learn: int = 3 * DAY
    memory: int = 7 * DAY
    longest_gap: int = 6 * 3600
    scale: Scale = Scale(floor=0.0001, ceiling=0.005, memory=672)


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last point, the time inside the band less that outside, and whether it is pegged.

    `watched` is for how long it was looked at, up to what learning takes.
    """

    time: int = 0
    distance: float = 0.0
    inside: int = 0
    watched: int = 0
    pegged: bool = False
    scale: float = 0.0
    seen: int = 0


PARAMS = Params()


class Seen(NamedTuple):
    """What a point amounts to."""

    distance: float
    sigma: float
    limit: float
    score: float


def step(state: State, point: MarketPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order, or without a price, changes nothing."""
    if point.time <= state.time or not 0 < point.price < math.inf:
        return state, 0.0
    seen = _measure(state, point, params)
    span = min(point.time - state.time, params.longest_gap) if state.time else 0
    within = abs(seen.distance) <= params.band
    inside = min(max(state.inside + (span if within else -span), 0), params.memory)
    scale = params.scale.update(state.scale, seen.distance, state.seen) if within else state.scale
    pegged = state.pegged and inside > 0
    if inside >= params.learn:
        pegged = pegged or params.scale.sigma(scale) <= params.tiny
    return State(
        time=point.time,
        distance=seen.distance,
        inside=inside,
        watched=min(state.watched + span, params.learn),
        pegged=pegged,
        scale=scale,
        seen=min(state.seen + within, params.scale.memory),
    ), seen.score


def _measure(state: State, point: MarketPoint, params: Params) -> Seen:
    distance = math.log(point.price)
    sigma = params.scale.sigma(state.scale)
    limit = max(params.smallest, params.sigmas * sigma)
    score = distance / limit if state.pegged else 0.0
    if abs(distance) > params.wick and abs(state.distance) <= params.band:
        score = math.copysign(min(abs(score), CAPPED), distance)
    return Seen(distance, sigma, limit, score)


def find(state: State, point: MarketPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    seen = _measure(state, point, params)
    return Finding(
        direction="up" if seen.distance > 0 else "down",
        measured=Measured("off_peg", math.expm1(seen.distance), "1"),
        window_seconds=point.time - state.time,
        statistic=Statistic(
            "distance in sigmas", seen.distance / seen.sigma, seen.limit / seen.sigma
        ),
        context={
            "off_peg": math.expm1(seen.distance),
            "usual": math.expm1(seen.sigma),
            "before": math.expm1(state.distance),
        },
    )


def learning(state: State) -> int:
    """Return how many quarter-hourly points are still needed to tell whether it is pegged."""
    return -((state.watched - PARAMS.learn) // 900)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a depeg."""
    return (
        f"{symbol} is {percent(finding.measured.value)} off its peg of one dollar,"
        f" {abs(finding.statistic.value):.0f} times its usual"
        f" {finding.context['usual'] * 100:.2f} %; {percent(finding.context['before'])} before"
    )


def _still_off(
    _before: Step, after: Step, _sigma: float, _horizon: int, terms: Terms
) -> Measure | None:
    return Measure(abs(after.value - 1), 0.5 * abs(terms["off_peg"]))


DETECTOR = Detector(
    name="depeg",
    version=1,
    input="market",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(),
    claim=Claim(
        name="still_off_peg",
        says="still off the peg by at least half as much",
        measure=_still_off,
        terms=("off_peg",),
    ),
)
