"""Volume spike: much more is traded than in the same hours of the day before.

Providers give a rolling 24 h volume V. Over dt seconds it changes by what was
traded now minus what was traded in the same window yesterday:

    e = (V_t - V_{t-1}) / V_{t-1} * (86400 / dt)   in units of the average flow
    z = e / (s / sqrt(dt / 900))                   s: robust sigma of e at 15 minutes

so the asset's daily cycle is removed by the provider's own arithmetic. It
fires upwards only (a spike leaving the window a day later is no event), when
z and e both reach their thresholds, once until it has calmed down.

Wrong on the same hour of the day after a quiet or a wild day (only one day is
compared, weekly cycles are not), and when a provider revises its volume or
adds an exchange. "learning" until `learn` steps were seen. About 3 µs a point.
"""

import math

import msgspec

from signals.detectors.base import (
    Detector,
    Finding,
    MarketPoint,
    Measured,
    Scale,
    Statistic,
    Trigger,
    duration,
)


class Params(msgspec.Struct, frozen=True):
    """Thresholds in sigmas and in average flows, times in seconds."""

    trigger: Trigger = Trigger(threshold=7.0, rearm=2.5, cooldown=3600)
    smallest: float = 3.0
    learn: int = 24
    scale: Scale = Scale(floor=0.02, ceiling=2.0, memory=288)
    longest_gap: int = 6 * 3600


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last point, the scale of e at 15 minutes, and whether it may fire."""

    time: int = 0
    volume: float = 0.0
    scale: float = 0.0
    seen: int = 0
    armed: bool = True
    fired_at: int = 0


PARAMS = Params()


def step(state: State, point: MarketPoint, params: Params = PARAMS) -> tuple[State, Finding | None]:
    """Take the next point; points must come in the order of time."""
    volume, gap = point.volume_24h or 0.0, point.time - state.time
    if volume <= 0:
        return msgspec.structs.replace(state, time=point.time, volume=0.0), None
    if state.volume <= 0 or gap > params.longest_gap:
        return msgspec.structs.replace(state, time=point.time, volume=volume), None
    excess = (volume - state.volume) / state.volume * 86400 / gap
    per_step = excess * math.sqrt(gap / 900)
    sigma = params.scale.sigma(state.scale)
    z = per_step / sigma
    large = state.seen >= params.learn and excess >= params.smallest
    fires, armed, fired_at = params.trigger.pull(state.armed, state.fired_at, point.time, z, large)
    new = State(
        time=point.time,
        volume=volume,
        scale=params.scale.update(state.scale, per_step, state.seen),
        seen=state.seen + 1,
        armed=armed,
        fired_at=fired_at,
    )
    if not fires:
        return new, None
    return new, Finding(
        direction="up",
        measured=Measured("excess_flow", excess, "average flows"),
        window_seconds=gap,
        statistic=Statistic("robust z-score", z, params.trigger.threshold),
        context={"volume_24h": volume, "steps_learned": float(state.seen)},
    )


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a volume spike."""
    return (
        f"{symbol} volume: {finding.measured.value:.1f}× its {duration(finding.window_seconds)}"
        f" average more than at the same time yesterday,"
        f" {finding.statistic.value:.1f} σ of its usual difference between days"
    )


DETECTOR = Detector("volume_spike", 1, "market", State, step, explain)
