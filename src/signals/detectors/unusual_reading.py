"""Unusual reading: a fee, a gas price, a backlog or a figure of a custom feed is new in its kind.

    s = surprise(value)            signals.surprise: how new the point is, 0 to 1
    score = +-s / threshold        the sign says on which side of the usual value it is

Nothing is assumed of such a series: no unit, no noise, no season. So this is the
detector that is measured on the Numenta Anomaly Benchmark (`make eval`). On
prices it would fire eight times for one event that matters, which is why they
have a detector of their own.

A value further away than ABSURD times what was seen is believed when the next
one confirms it, one reading late; while learning it then begins anew from there.

When it is wrong: see signals.surprise; for some hours after an alarm it only
tells of what is more unusual still. "learning" for LEARN readings. About 12 µs a
point.
"""

import math

import msgspec

from signals import surprise
from signals.claims import Claim, Measure, Step, Terms
from signals.detectors.base import Detector, Finding, Measured, ReadingPoint, Statistic
from signals.trigger import Trigger

LEARN = 144  # readings; a day and a half of quarter hours
ABSURD = 20.0  # ranges of what was seen, or 2 % of the usual value where that is more
KINDS = ("bitcoin_fee", "bitcoin_mempool", "gas_price", "fear_greed", "custom")


class Params(msgspec.Struct, frozen=True):
    """`threshold`: the surprise that fires; `memory` of what is usual, in readings."""

    threshold: float = surprise.THRESHOLD
    memory: int = 96


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last reading, what is usual, what surprise remembers, a value to be confirmed."""

    time: int = 0
    usual: float = 0.0
    seen: int = 0
    kept: surprise.State = msgspec.field(default_factory=surprise.State)
    suspect: float | None = None


PARAMS = Params()


def step(state: State, point: ReadingPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next reading. One out of order, or that is no number, changes nothing."""
    if point.time <= state.time or not math.isfinite(point.value):
        return state, 0.0
    if _absurd(state, point.value):
        confirmed = state.suspect is not None and not _far(state, point.value, state.suspect)
        if not confirmed:
            return msgspec.structs.replace(state, time=point.time, suspect=point.value), 0.0
        if state.seen < LEARN:
            state = State(usual=point.value, seen=state.seen)
    after, score = _scored(state, point, params)
    usual = state.usual + (point.value - state.usual) / min(state.seen + 1, params.memory)
    return State(point.time, usual, state.seen + 1, after), score


def _absurd(state: State, value: float) -> bool:
    return state.seen > 0 and _far(state, value, state.usual)


def _far(state: State, value: float, other: float) -> bool:
    return abs(value - other) > ABSURD * max(surprise.width(state.kept), 0.02 * abs(other))


def _scored(state: State, point: ReadingPoint, params: Params) -> tuple[surprise.State, float]:
    # The engine asks `find` with the state before, and `surprise.step` uses up the one it is given.
    after, size = surprise.step(surprise.copy(state.kept), point.time, point.value)
    if state.seen < LEARN:
        return after, 0.0
    return after, math.copysign(size / params.threshold, point.value - state.usual)


def find(state: State, point: ReadingPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score that `step` gives for the same state and point."""
    _, score = _scored(state, point, params)
    return Finding(
        direction="up" if score > 0 else "down",
        measured=Measured("value", point.value, "1"),
        window_seconds=point.time - state.time,
        statistic=Statistic("surprise", score * params.threshold, params.threshold),
        context={
            "usual": state.usual,
            "away": point.value - state.usual,
            "readings_learned": float(state.seen),
        },
    )


def learning(state: State) -> int:
    """Return how many readings are still needed before one can be new."""
    return max(0, LEARN - state.seen)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of an unusual reading."""
    return (
        f"{symbol} at {finding.measured.value:.6g}, usually {finding.context['usual']:.6g}:"
        f" unlike anything in {finding.context['readings_learned']:.0f} readings"
        f" (surprise {abs(finding.statistic.value):.2f}, told from"
        f" {finding.statistic.threshold:.2f} on)"
    )


def _stays(
    _before: Step, after: Step, _sigma: float, _horizon: int, terms: Terms
) -> Measure | None:
    if not terms["away"]:
        return None
    return Measure((after.value - terms["usual"]) / terms["away"], 0.5)


DETECTOR = Detector(
    name="unusual_reading",
    version=1,
    input="readings",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(cooldown=2 * 3600),
    claim=Claim(
        name="stays",
        says="a value at least half as far from the usual one",
        measure=_stays,
        terms=("usual", "away"),
    ),
    kinds=KINDS,
)
