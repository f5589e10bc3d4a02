"""Price anomaly: a log return that is large for this asset, the market's move removed.

    r = ln(p_t / p_{t-1})        the asset's return over dt seconds
    e = r - m                    m: median return of all assets over the same span
    z = e / (s * sqrt(dt / 900)) s: robust sigma of e per 15 minutes

It fires when |z| and |e| both reach their thresholds, once: it is armed again
when |z| has fallen below `rearm` and the cooldown is over. Symmetric in
direction, indifferent to unit and scale of the price.

Wrong when the volatility itself jumps (news hours), when an asset trades so
thinly that its price stands still for hours, and blind to slow drifts whose
single steps are ordinary. "learning" until `learn` steps were seen.
About 3 µs a point. The scale is the mean absolute deviation with a clipped
update, after Huber, Robust Statistics (1981).
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
    percent,
)


class Params(msgspec.Struct, frozen=True):
    """Thresholds in sigmas, the smallest log return worth a signal, times in seconds."""

    trigger: Trigger = Trigger(threshold=6.0, rearm=2.5, cooldown=3600)
    smallest: float = 0.02
    learn: int = 24
    scale: Scale = Scale(floor=0.0003, ceiling=0.05, memory=288)
    longest_gap: int = 6 * 3600


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last point, the scale of e per 15 minutes, and whether it may fire."""

    time: int = 0
    price: float = 0.0
    scale: float = 0.0
    seen: int = 0
    armed: bool = True
    fired_at: int = 0


PARAMS = Params()


def step(state: State, point: MarketPoint, params: Params = PARAMS) -> tuple[State, Finding | None]:
    """Take the next point; points must come in the order of time."""
    gap = point.time - state.time
    if state.price <= 0 or gap > params.longest_gap:
        return msgspec.structs.replace(state, time=point.time, price=point.price), None
    total = math.log(point.price / state.price)
    own = total - (point.market_return or 0.0)
    per_step = own / math.sqrt(gap / 900)
    sigma = params.scale.sigma(state.scale)
    z = per_step / sigma
    large = state.seen >= params.learn and abs(own) >= params.smallest
    fires, armed, fired_at = params.trigger.pull(
        state.armed, state.fired_at, point.time, abs(z), large
    )
    moved = total != 0  # a price that stands still teaches nothing about how it moves
    new = State(
        time=point.time,
        price=point.price,
        scale=params.scale.update(state.scale, per_step, state.seen) if moved else state.scale,
        seen=state.seen + moved,
        armed=armed,
        fired_at=fired_at,
    )
    if not fires:
        return new, None
    return new, Finding(
        direction="up" if own > 0 else "down",
        measured=Measured("log_return", total, "1"),
        window_seconds=gap,
        statistic=Statistic("robust z-score", z, params.trigger.threshold),
        context={
            "market_log_return": point.market_return or 0.0,
            "own_sigma": sigma * math.sqrt(gap / 900),
            "steps_learned": float(state.seen),
        },
    )


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a price anomaly."""
    move = math.expm1(finding.measured.value)
    market = math.expm1(finding.context["market_log_return"])
    return (
        f"{symbol} {percent(move)} in {duration(finding.window_seconds)},"
        f" {abs(finding.statistic.value):.1f} σ of its own noise"
        f" after removing the market's {percent(market)}"
    )


DETECTOR = Detector("price_anomaly", 1, "market", State, step, explain)
