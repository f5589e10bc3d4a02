"""TVL outflow: a share of the value locked in a protocol leaves within a day.

    r = ln(v_t / v_{t-1})                    over dt seconds
    e = r - b m                              m: median r of all protocols; b: own beta
    o = sum of e since a checkpoint          one every 4 h, the last six are kept
    score = -max over checkpoints of o / max(0.1625, 5 s sqrt(h))

s is the robust sigma of e per hour, h the hours since the checkpoint; 0.1625 is
a share of 15 %. So it fires on what leaves within an hour as well as on what
leaves over 4 to 24 h. Value in US dollars falls when coins fall: beta (least
squares, drawn to 1, the common move's own) takes out the protocol's part of it.
Downwards only; the event ends when the checkpoints have passed what left, or
when it is back. Below a million dollars before, the score stays below 1.

A step up by more than a factor of 3, or down by more than one of 20, is not
believed until the next point repeats it: an absurd reading is forgotten, a
real drain of that size is told one point late. What came by such a step was
no flow, and starts the checkpoints anew.

Wrong when a provider stops to count a chain for some hours (it ends as soon as
that is back), when a token that only this protocol holds falls, and in the
first hours of a crash that hits it otherwise than before. "learning" for 24
steps. About 4 µs a point, 100 bytes of state. Sigma after Huber, Robust
Statistics (1981), beta after Vasicek, Journal of Finance (1973); 15 % within
an hour is what defirisk.co (factor RD-F-098) calls red.
"""

import math
from typing import NamedTuple

import msgspec

from signals.claims import Claim, Measure, Step, Terms, own_return
from signals.detectors.base import (
    CLIP,
    Detector,
    Finding,
    Measured,
    ReadingPoint,
    Scale,
    Statistic,
    duration,
    percent,
)
from signals.trigger import Trigger

HOUR = 3600
SLOT = 4 * HOUR
UNIT = 1e-5  # of the sums that are stored
LITTLE = -1000  # units: losses below 1 % count as none
CAPPED = 0.99
UP, DOWN = math.log(3), -math.log(20)  # steps that the next point has to repeat
SAME = 0.2


class Params(msgspec.Struct, frozen=True):
    """Log changes, sigmas, US dollars, times in seconds."""

    smallest: float = -math.log(1 - 0.15)
    sigmas: float = 5.0
    least: float = 1e6
    learn: int = 24
    slots: int = 6
    longest_gap: int = 24 * HOUR
    scale: Scale = Scale(floor=0.0005, ceiling=0.05, memory=240)
    beta_prior: float = 0.0005  # variance an hour that stands for the common beta
    largest_beta: float = 3.0


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last believed value as a logarithm, the noise of e, and e since each checkpoint."""

    time: int = 0  # of the last point, believed or not
    behind: int = 0  # seconds from the last believed point to it
    value: float = 0.0
    scale: float = 0.0
    seen: int = 0
    since: tuple[int, ...] = ()  # in UNITs, the oldest first
    suspect: float = 0.0
    beta: float = 1.0
    known: float = 0.0  # decaying sum of m squared, on which beta rests


PARAMS = Params()


class Seen(NamedTuple):
    """What a believed point amounts to; `own`, `seconds` and `limit` are of the worst window."""

    gap: int
    step: float
    since: tuple[int, ...]
    own: float
    seconds: int
    sigma: float
    limit: float
    score: float


def step(state: State, point: ReadingPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order, or without a value above 0, changes nothing."""
    if point.time <= state.time or not 0 < point.value < math.inf:
        return state, 0.0
    value = _stored(point.value)
    gap = point.time - state.time + state.behind
    if not state.time or gap > params.longest_gap:
        return _restarted(state, point.time, value), 0.0
    if not DOWN < value - state.value < UP:
        if not state.suspect or abs(value - state.suspect) > SAME:
            return msgspec.structs.replace(state, time=point.time, behind=gap, suspect=value), 0.0
        if value > state.value:
            return _restarted(state, point.time, value), 0.0
    seen = _measure(state, point, value, params)
    return _learned(state, point, value, seen, params), seen.score


def _stored(value: float) -> float:
    return round(math.log(value), 6)


def _restarted(state: State, time: int, value: float) -> State:
    return State(
        time, 0, value, state.scale, state.seen, (0,), 0.0, state.beta, state.known
    )  # fmt: skip


def _measure(state: State, point: ReadingPoint, value: float, params: Params) -> Seen:
    at = state.time - state.behind
    gap = point.time - at
    moved = value - state.value - state.beta * (point.common_return or 0.0)
    units = round(moved / UNIT)
    sigma = params.scale.sigma(state.scale)
    since = tuple([before + units for before in state.since])
    begin = at - at % SLOT
    own, seconds, limit, worst = 0.0, gap, params.smallest, 0.0
    for change in reversed(since):
        if change < LITTLE:
            span = point.time - begin
            least = max(params.smallest, params.sigmas * sigma * math.sqrt(span / HOUR))
            if -change * UNIT / least > worst:
                own, seconds, limit = change * UNIT, span, least
                worst = -own / least
        begin -= SLOT
    if worst > CAPPED and value - own < math.log(params.least):
        worst = CAPPED
    score = -worst if state.seen >= params.learn and worst else 0.0
    return Seen(gap, moved, since, own, seconds, sigma, limit, score)


def _learned(state: State, point: ReadingPoint, value: float, seen: Seen, params: Params) -> State:
    root = math.sqrt(seen.gap / HOUR)
    scale = params.scale.update(state.scale, seen.step / root, state.seen)
    beta, known = state.beta, state.known
    if common := point.common_return:
        believed = CLIP * seen.sigma * root
        known = known * (1 - 1 / params.scale.memory) + common * common
        error = min(max(seen.step, -believed), believed)
        beta += error * common / (known + params.beta_prior)
        beta = min(max(beta, 0.0), params.largest_beta)
    since = seen.since
    if slots := point.time // SLOT - (point.time - seen.gap) // SLOT:
        since = (*since, *(0,) * slots)[-params.slots :]
    if state.seen < params.learn:
        since = (0,)  # what left before it knew its noise is no news when it does
    return State(
        point.time, 0, value, round(scale, 6), min(state.seen + 1, params.scale.memory), since,
        0.0, round(beta, 4), round(known, 6),
    )  # fmt: skip


def find(state: State, point: ReadingPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    seen = _measure(state, point, _stored(point.value), params)
    noise = seen.sigma * math.sqrt(seen.seconds / HOUR)
    return Finding(
        direction="down",
        measured=Measured("own_log_change", seen.own, "1"),
        window_seconds=seen.seconds,
        statistic=Statistic("own change in sigmas", seen.own / noise, seen.limit / noise),
        context={
            "left_share": -math.expm1(seen.own),
            "locked_before": point.value * math.exp(-seen.own),
            "common_log_return": point.common_return or 0.0,
            "beta": state.beta,
            "steps_learned": float(state.seen),
        },
    )


def learning(state: State) -> int:
    """Return how many steps are still needed before an outflow can be told from noise."""
    return max(0, PARAMS.learn - state.seen)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of an outflow."""
    return (
        f"{symbol} {percent(math.expm1(finding.measured.value))} of its locked value within"
        f" {duration(finding.window_seconds)}, {abs(finding.statistic.value):.1f} σ of its own"
        f" noise after removing {finding.context['beta']:.1f} times what all protocols moved"
    )


def _stays_away(
    before: Step, after: Step, _sigma: float, _horizon: int, terms: Terms
) -> Measure | None:
    value = before.value * math.exp(own_return(before, after))
    return Measure(1 - value / terms["locked_before"], terms["left_share"] / 2)


DETECTOR = Detector(
    name="tvl_outflow",
    version=1,
    input="readings",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(),
    claim=Claim(
        name="stays_away",
        says="at least half of what left still away",
        measure=_stays_away,
        terms=("locked_before", "left_share"),
    ),
    kinds=("protocol_tvl",),
)
