"""Price anomaly: a move that is large for this asset, the market's move removed.

    r = ln(p_t / p_0)      the asset's return over dt seconds
    e = r - b m            m: median return of all assets; b: own beta, drawn to 1
    s = own noise of e per 15 minutes x factor of the hour of day x market's restlessness
    step:  z = e / (s sqrt(dt / 900))
    drift: z = sum of clipped e over the last 1 to 6 h / (its own noise sqrt(span / 900))

The score is the larger of the two over their thresholds, and the move must be
worth telling. Symmetric in direction and indifferent to the unit of the price.
So a crash of everything is one event, that of the market, instead of 250.

A step to a quarter or to four times the price needs the next point to confirm
it: until then it may be a bad tick or a redenomination (signals.redenomination).

Wrong when volatility itself jumps (news hours) and when an asset trades so
thinly that its price stands still for hours. "learning" until `learn` steps
were seen. About 6 µs a point. The noise is a mean absolute deviation with a
clipped update (Huber, Robust Statistics, 1981); beta is least squares drawn to
the market's own (Vasicek, Journal of Finance, 1973).
"""

import math
from typing import NamedTuple

import msgspec

from signals import drift
from signals.claims import MOVES_ON
from signals.detectors.base import (
    CLIP,
    NORMAL,
    Detector,
    Finding,
    MarketPoint,
    Measured,
    Scale,
    Statistic,
    duration,
    percent,
)  # fmt: skip
from signals.redenomination import SAME, SUSPECT, redenominated
from signals.trigger import Trigger

CAPPED = 0.99  # the score of what is out of the ordinary and still too small to tell
HOUR = 3600
DIGITS = 7  # of logs in a state: a hundred-thousandth of a percent


class Params(msgspec.Struct, frozen=True):
    """Thresholds in sigmas, the smallest log returns worth a signal, times in seconds."""

    step_sigmas: float = 6.0
    drift_sigmas: float = 4.0
    smallest_step: float = 0.02
    smallest_drift: float = 0.08
    learn: int = 24
    scale: Scale = Scale(floor=0.0003, ceiling=0.05, memory=288)
    longest_gap: int = 6 * HOUR
    hour_gain: float = 1 / 64
    beta_prior: float = 30.0  # points of the market's own beta
    restless_gain: float = 1 / 96


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last believed point, the noise of e, and what is needed to know e."""

    time: int = 0  # of the last point, believed or not
    at: int = 0  # of the last believed point
    price: float = 0.0
    cap: float | None = None
    scale: float = 0.0  # mean |e| per 15 minutes
    slow: float = 0.0  # the same of moves over hours
    seen: int = 0
    hours: tuple[int, ...] = (1000,) * 24  # 1/1000: noise of an hour of the day over that of all
    xy: float = 0.0  # decaying sums of m r and m m
    xx: float = 0.0
    restless: float = 0.0  # the market's usual dispersion per 15 minutes
    level: float = 0.0  # sum of clipped e
    market: float = 0.0  # sum of b m
    anchors: tuple[drift.Anchor, ...] = ()
    suspect: float = 0.0


PARAMS = Params()


class Seen(NamedTuple):
    """What a believed point amounts to."""

    gap: int
    total: float
    own: float
    market: float
    beta: float
    sigma: float  # of own, over the gap
    z: float
    clipped: float
    drift: drift.Drift


def step(state: State, point: MarketPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order, or without a price, changes nothing."""
    if point.time <= state.time or not 0 < point.price < math.inf:
        return state, 0.0
    if state.price <= 0 or point.time - state.at > params.longest_gap:
        return _restarted(state, point), 0.0
    change = math.log(point.price / state.price)
    if abs(change) > SUSPECT:
        confirmed = state.suspect > 0 and abs(math.log(point.price / state.suspect)) < SAME
        if redenominated(change, (state.cap, point.market_cap), confirmed):
            return _restarted(state, point), 0.0
        if not confirmed:
            return msgspec.structs.replace(state, time=point.time, suspect=point.price), 0.0
    seen = _measure(state, point, params)
    score = max(_scores(seen, params), key=abs) if state.seen >= params.learn else 0.0
    return _learned(state, point, seen, params), score


def _restarted(state: State, point: MarketPoint) -> State:
    return msgspec.structs.replace(
        state, time=point.time, at=point.time, price=point.price, cap=point.market_cap,
        level=0.0, market=0.0, anchors=(), suspect=0.0,
    )  # fmt: skip


def _measure(state: State, point: MarketPoint, params: Params) -> Seen:
    gap = point.time - state.at
    root = math.sqrt(gap / 900)
    total = math.log(point.price / state.price)
    prior = params.beta_prior * state.xx / params.scale.memory
    beta = (state.xy + prior) / (state.xx + prior) if state.xx > 0 else 1.0
    market = beta * (point.market_return or 0.0)
    own = total - market
    unrest = 1.0
    if point.dispersion is not None and state.restless > 0:
        unrest = min(max(point.dispersion / state.restless, 1.0), 5.0)
    hour = max(state.hours[point.time % 86400 // HOUR] / 1000, 0.5)
    sigma = params.scale.sigma(state.scale) * hour * unrest * root
    clipped = min(max(own, -CLIP * sigma), CLIP * sigma)
    noise = max(params.scale.sigma(state.slow), 0.7 * params.scale.sigma(state.scale)) * unrest
    moved = drift.largest(state.anchors, point.time, state.level + clipped, noise)
    return Seen(gap, total, own, market, beta, sigma, own / sigma, clipped, moved)


def _scores(seen: Seen, params: Params) -> tuple[float, float]:
    """Return the scores of the step and of the drift; what is too small stays below 1."""
    by_step, by_drift = seen.z / params.step_sigmas, seen.drift.z / params.drift_sigmas
    if abs(seen.own) < params.smallest_step:
        by_step = min(max(by_step, -CAPPED), CAPPED)
    if abs(seen.drift.moved) < params.smallest_drift:
        by_drift = min(max(by_drift, -CAPPED), CAPPED)
    return by_step, by_drift


def _learned(state: State, point: MarketPoint, seen: Seen, params: Params) -> State:
    root = math.sqrt(seen.gap / 900)
    scale, hours, xy, xx, restless = state.scale, state.hours, state.xy, state.xx, state.restless
    level = round(state.level + seen.clipped, DIGITS)
    market = round(state.market + seen.market, DIGITS)
    if seen.total != 0:  # a price that stands still teaches nothing about how it moves
        share = min(abs(seen.own) / root * NORMAL / params.scale.sigma(scale), CLIP) * 1000
        hour = point.time % 86400 // HOUR
        learnt = hours[hour] + round((share - hours[hour]) * params.hour_gain)
        hours = (*hours[:hour], learnt, *hours[hour + 1 :])
        scale = params.scale.update(scale, seen.own / root, state.seen)
    if point.market_return is not None:
        keep = 1 - 1 / params.scale.memory
        xy = keep * xy + point.market_return * (seen.market + seen.clipped)
        xx = keep * xx + point.market_return**2
    if point.dispersion is not None:
        now, gain = point.dispersion, params.restless_gain if restless else 1.0
        restless += (min(now, CLIP * (restless or now)) - restless) * gain
    anchor = drift.Anchor(point.time, point.price, level, market)
    anchors, slow = drift.learned(state.anchors, anchor, params.scale, state.slow, state.seen // 4)
    return State(
        point.time, point.time, point.price, point.market_cap or state.cap,
        round(scale, DIGITS + 2), round(slow, DIGITS + 2), state.seen + (seen.total != 0), hours,
        round(xy, DIGITS + 4), round(xx, DIGITS + 4), round(restless, DIGITS + 2), level, market,
        anchors,
    )  # fmt: skip


def find(state: State, point: MarketPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    seen = _measure(state, point, params)
    by_step, by_drift = _scores(seen, params)
    shape, total, own, market = "step", seen.total, seen.own, seen.market
    z, limit, window = seen.z, params.step_sigmas, seen.gap
    since = seen.drift.since
    if abs(by_drift) > abs(by_step) and since is not None:
        shape, total, own = "drift", math.log(point.price / since.price), seen.drift.moved
        z, limit, window = seen.drift.z, params.drift_sigmas, point.time - since.time
        market = state.market + seen.market - since.market
    return Finding(
        direction="up" if z > 0 else "down",
        measured=Measured("log_return", total, "1"),
        window_seconds=window,
        statistic=Statistic("robust z-score", z, limit),
        context={
            "market_log_return": market,
            "own_log_return": own,
            "beta": seen.beta,
            "own_sigma": own / z,
            "steps_learned": float(state.seen),
        },
        labels={"shape": shape},
    )


def learning(state: State) -> int:
    """Return how many steps are still needed before an event can be told from noise."""
    return max(0, PARAMS.learn - state.seen)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a price anomaly."""
    move = math.expm1(finding.measured.value)
    market = math.expm1(finding.context["market_log_return"])
    return (
        f"{symbol} {percent(move)} in {duration(finding.window_seconds)},"
        f" {abs(finding.statistic.value):.1f} σ of its own noise"
        f" after removing the market's {percent(market)}"
    )


DETECTOR = Detector(
    name="price_anomaly",
    version=2,
    input="market",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(),
    claim=MOVES_ON,
)
