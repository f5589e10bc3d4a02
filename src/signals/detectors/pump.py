"""Pump: price and flow rise together, far beyond what this market usually does.

    P = ln(1 + r / (0.01 + s))   r: log rise over the last minute or step, the market's removed
                                 s: own noise of r over the same span, a robust sigma
    F = z - 2.5, within 0..4     z: surge of trades, else of volume, in sigmas of its log
    score = P F w / 2.5          w: 1.25 on the thinnest markets, 0.5 on the largest

The product asks for agreement: a jump without flow and flow without a rise
score 0, and so does every fall. The percent in P is what a move must be worth
on a market that never moves; the bound of F keeps an absurd volume from making
a pump of an ordinary price. Points may be of any span; what is known of their
flow is signals.flow_features'. Buy share and rush orders were measured to add
nothing once trades are known, so they do not count.

The stage is a word for two numbers: the share of the rise that was given back
when it fired, and whether the flow was still growing.

Wrong on honest news about a thin coin (it moves the same way), blind to a pump
spread over hours, and much weaker on bars that count no trades. One absurd
price costs two points, itself and its return. "learning" until 24 points were
seen. About 5 µs a point. After Xu and Livshits, The Anatomy of a Cryptocurrency
Pump-and-Dump Scheme (USENIX Security 2019), and La Morgia et al., Pump and
Dumps in the Bitcoin Era (ICCCN 2020).
"""

import math
from typing import NamedTuple

import msgspec

from signals.claims import Claim, Measure, Step, Terms, own_return
from signals.detectors.base import (
    Detector,
    Finding,
    MarketPoint,
    Measured,
    Scale,
    Statistic,
    duration,
    percent,
)
from signals.flow_features import Flow, Point, Usual, buy_share, day_volume, flow_of, thinness
from signals.trigger import Trigger


class Params(msgspec.Struct, frozen=True):
    """Log returns, sigmas of ln x, times in seconds."""

    threshold: float = 2.5
    smallest: float = 0.01
    ordinary: float = 2.5
    most: float = 4.0
    scale: Scale = Scale(floor=0.0, ceiling=0.5, memory=1000)
    window: float = 60.0
    learn: int = 24
    longest_gap: int = 6 * 3600
    broken: float = 2.0  # a log return beyond it is a fault or a redenomination
    course: float = 3600.0  # how long the start and the top of a rise are remembered


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last minute's price level, the noise, the usual flow, and the rise; prices as logs."""

    time: int = 0
    level: float = 0.0
    noise: float = 0.0  # mean |r| per 15 minutes
    seen: int = 0
    usual: Usual = Usual()
    volume_24h: float = 0.0
    low: float = 0.0
    high: float = 0.0
    surge: float = 0.0


PARAMS = Params()


class Seen(NamedTuple):
    """What a point amounts to."""

    gap: int
    log: float
    rise: float
    noise: float
    flow: Flow | None
    surge: float
    strength: float


def step(state: State, point: Point, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order, or without a price, changes nothing."""
    if point.time <= state.time or not 0 < point.price < math.inf:
        return state, 0.0
    if not state.time or point.time - state.time > params.longest_gap:
        return _restarted(state, point), 0.0
    seen = _measure(state, point, params)
    if abs(seen.rise) > params.broken:
        return _restarted(state, point), 0.0
    score = seen.strength / params.threshold if state.seen >= params.learn else 0.0
    return _learned(state, point, seen, params), score


def _restarted(state: State, point: Point) -> State:
    log = math.log(point.price)
    return State(
        point.time, log, state.noise, state.seen, state.usual, day_volume(point), log, log, 0.0
    )


def _measure(state: State, point: Point, params: Params) -> Seen:
    gap, log = point.time - state.time, math.log(point.price)
    market = (point.market_return or 0.0) if isinstance(point, MarketPoint) else 0.0
    rise = log - state.level - market
    noise = params.scale.sigma(state.noise) * math.sqrt(gap / 900)
    flow = flow_of(point, state.volume_24h, gap)
    surge = state.usual.surge(flow, params.learn // 2)
    beyond = min(max(surge - params.ordinary, 0.0), params.most)
    strength = math.log1p(max(rise, 0.0) / (params.smallest + noise)) * beyond
    return Seen(gap, log, rise, noise, flow, surge, strength * thinness(state.volume_24h))


def _learned(state: State, point: Point, seen: Seen, params: Params) -> State:
    per_step = seen.rise / math.sqrt(seen.gap / 900)
    # Over 15 minutes the last minute's level is the last price; on bars it lags behind.
    behind = seen.rise * math.exp(-seen.gap / params.window)
    kept = math.exp(-seen.gap / params.course)
    return State(
        time=point.time,
        level=seen.log - behind,
        noise=params.scale.update(state.noise, per_step, state.seen),
        seen=state.seen + 1,
        usual=state.usual.after(seen.flow),
        volume_24h=day_volume(point),
        low=min(seen.log, seen.log + kept * (state.low - seen.log)),
        high=max(seen.log, seen.log + kept * (state.high - seen.log)),
        surge=seen.surge,
    )


def stage(given_back: float, growing: bool) -> str:
    """Return where in its course a rise is, from the share of it that was given back.

    "building" at its top while the flow still grows, "fading" when a third and
    more is gone, "peak" between the two.
    """
    if given_back >= 1 / 3:
        return "fading"
    return "building" if given_back < 0.1 and growing else "peak"


def find(state: State, point: Point, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    seen = _measure(state, point, params)
    low, high = min(state.low, seen.log), max(state.high, seen.log)
    given_back = (high - seen.log) / (high - low) if high > low else 0.0
    over = seen.flow.log - state.usual.log if seen.flow else 0.0
    context = {
        "own_log_return": seen.rise,
        "own_sigma": seen.noise,
        "flow_over_usual": math.exp(min(over, 50.0)),
        "rise": seen.log - low,
        "given_back": given_back,
        "thinness": thinness(state.volume_24h),
        "steps_learned": float(state.seen),
    }
    share = buy_share(point)
    return Finding(
        direction="up",
        measured=Measured("log_return", seen.log - state.level, "1"),
        window_seconds=max(seen.gap, round(params.window)),
        statistic=Statistic("price times flow", seen.strength, params.threshold),
        context=context if share is None else {**context, "buy_share": share},
        labels={"stage": stage(given_back, seen.surge >= state.surge)},
    )


def learning(state: State) -> int:
    """Return how many points are still needed before a pump can be told from noise."""
    return max(0, PARAMS.learn - state.seen)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a pump."""
    told = finding.context
    return (
        f"{symbol} {percent(math.expm1(finding.measured.value))} in"
        f" {duration(finding.window_seconds)} at {told['flow_over_usual']:.0f}× its usual flow,"
        f" {percent(math.expm1(told['rise']))} since its start ({finding.labels['stage']}):"
        f" pump score {finding.statistic.value:.1f}, told from {finding.statistic.threshold} on"
    )


def _gives_back(before: Step, after: Step, _sigma: float, _horizon: int, terms: Terms) -> Measure:
    return Measure(-own_return(before, after), terms["rise"] / 2)


GIVES_BACK = Claim("gives_back", "half of the rise given back", _gives_back, ("rise",))

DETECTOR = Detector(
    name="pump",
    version=1,
    input="market",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(cooldown=1800),
    claim=GIVES_BACK,
)
