"""Volume spike: much more is traded than this asset usually trades at this hour of the week.

The flow of each interval is reconstructed from rolling volumes (signals.flow):

    y = ln(flow) - (level + hour of day + day of week)
    z = y / (s (900 / dt)^1/8)      s: robust sigma of y at 15 minutes
    score = min(z / sigmas, y / ln(multiple)), never below 0

so its own noise and a plain multiple must both be passed, and a fall is no event.
The level follows in 3 days; the hour counts as it is learned, the day of week (mean
y, drawn to 0) from two weeks on. A point teaches at most CLIP sigmas (Huber, 1981).

A spike is "wash-like" when the price moved less than STILL of what so much flow
usually moves it (|return| grows with the root of the flow: Clark, Econometrica
41, 1973; not said of prices that hardly move), or a day's volume is more than
TURNOVER market capitalisations. That describes numbers: two patient traders
look the same, and so does one real spike in 13. See Cong, Li, Tang, Yang,
"Crypto Wash Trading" (Management Science 69, 2023).

A volume 20 times the last one, or a 20th, is believed when the next point agrees:
a spike that large comes one tick late, a bad tick never. Wrong when a provider
revises upwards (one event), blind at the same minute as yesterday's spike (taken
for its echo) and while a volume is repeated. "learning" for `learn` volumes. About
10 µs a point, 15 µs an hourly one; a state has 800 bytes.
"""

import math
from typing import NamedTuple

import msgspec

from signals import flow
from signals.claims import Claim, Measure, Terms
from signals.claims import Step as Stored
from signals.detectors.base import (
    CLIP,
    Detector,
    Finding,
    MarketPoint,
    Measured,
    Scale,
    Statistic,
    duration,
    linked_volume,
    percent,
)
from signals.trigger import Trigger

replace = msgspec.structs.replace
LEAST, MOST = 1e-6, 1e15  # US dollars a day: outside, it is no volume
DOUBTED = 20.0  # times the last volume, or the part of it, that the next point must confirm
STILL = 0.3
TURNOVER = 3.0
WEEK = 7 * 86400
WEEKDAYS = ("Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday")


class Params(msgspec.Struct, frozen=True):
    """Thresholds in sigmas and as a multiple of the usual flow, times in seconds."""

    sigmas: float = 3.0
    multiple: float = 4.0
    learn: int = 24
    level_memory: int = 3 * 86400
    scale: Scale = Scale(floor=0.12, ceiling=1.5, memory=672)
    impact: Scale = Scale(floor=0.0, ceiling=0.05, memory=672)
    least_impact: float = 0.0004  # mean |return| of a quarter-hour below which a price is pegged
    longest_gap: int = 6 * 3600


class State(msgspec.Struct, frozen=True, array_like=True):
    """The last point, the last day of volumes, and what `seen` volumes taught.

    `scale` is the mean |y| at 15 minutes, `impact` the mean |log return| of a
    quarter-hour of usual flow, `taught` the seconds that were compared.
    """

    time: int = 0
    price: float = 0.0
    doubt: float = 0.0
    seen: int = 0
    taught: int = 0
    level: float = 0.0
    scale: float = 0.0
    impact: float = 0.0
    week: tuple[float, ...] = (0.0,) * 7
    day: flow.Day = flow.Day()


PARAMS = Params()


class Seen(NamedTuple):
    """A point compared with what is usual."""

    flows: flow.Flows
    y: float
    z: float
    unit: float  # y times this is y at 15 minutes
    of_week: float  # the part of y's usual level that is the day of the week's
    middle: int  # of the interval, epoch seconds
    move: float
    usual_move: float  # of the size of that flow


def step(state: State, point: MarketPoint, params: Params = PARAMS) -> tuple[State, float]:
    """Take the next point. One out of order or without a price changes nothing."""
    if point.time <= state.time or not 0 < point.price < math.inf:
        return state, 0.0
    volume = linked_volume(point, state.day.volume)
    if volume is None or volume == state.day.volume or not LEAST <= volume <= MOST:
        return replace(state, time=point.time), 0.0
    if state.day.volume <= 0 or point.time - state.day.since > flow.DAY:
        return _started(state, point, volume), 0.0
    believed = 1 / DOUBTED < volume / state.day.volume < DOUBTED
    if not believed and not 1 / DOUBTED < volume / (state.doubt or math.inf) < DOUBTED:
        return replace(state, time=point.time, doubt=volume), 0.0
    seen = _measure(state, point, params)
    new = _learned(state, point, seen, params) if believed else _started(state, point, volume)
    return new, _score(state, seen, params)


def find(state: State, point: MarketPoint, params: Params = PARAMS) -> Finding:
    """Return the evidence for the score of a point, from the state before it."""
    volume, seen = point.volume_24h or 0.0, _measure(state, point, params)
    multiple, hours = math.exp(seen.y), seen.middle // 3600
    context = {
        "multiple": multiple,
        "flow": seen.flows.flow,
        "usual_flow": seen.flows.flow / multiple,
        "volume_24h": volume,
        "volume_before": state.day.volume,
        "price_move": seen.move,
        "usual_move": seen.usual_move,
        "steps_learned": float(state.seen),
    }
    labels = {"usual_for": f"{WEEKDAYS[hours // 24 % 7]} {hours % 24:02d}:00 UTC"}
    if point.market_cap is not None and 0 < point.market_cap < math.inf:
        context["turnover"] = volume / point.market_cap
    still = state.impact >= params.least_impact and abs(seen.move) < STILL * seen.usual_move
    if still or context.get("turnover", 0.0) > TURNOVER:
        labels["pattern"] = "wash-like"
    return Finding(
        direction="up",
        measured=Measured("flow_multiple", multiple, "1"),
        window_seconds=seen.flows.seconds,
        statistic=Statistic("robust z-score", seen.z, params.sigmas),
        context=context,
        labels=labels,
    )


def learning(state: State) -> int:
    """Return how many compared volumes are still needed."""
    return max(0, PARAMS.learn - state.seen)


def explain(symbol: str, finding: Finding) -> str:
    """Return the sentence of a volume spike."""
    sentence = (
        f"{symbol} volume: {finding.measured.value:.1f}× its usual for a"
        f" {finding.labels['usual_for']}, {finding.statistic.value:.1f} σ of its own noise,"
        f" over {duration(finding.window_seconds)}"
    )
    if "pattern" not in finding.labels:
        return sentence
    turnover = finding.context.get("turnover", 0.0)
    why = f"a day's volume is {turnover:.1f}× its market cap"
    if turnover <= TURNOVER:
        move = percent(math.expm1(finding.context["price_move"]))
        why = f"the price did not move with it ({move})"
    return f"{sentence}; {why}, as in wash trading"


def persists(was: Stored, now: Stored, _s: float, horizon: int, terms: Terms) -> Measure | None:
    """Return V_h - V_0 in average flows; half of one over an hour holds, a tenth over a day."""
    before = terms["volume_before"]
    if was.volume_24h is None or now.volume_24h is None or before <= 0:
        return None
    more = (now.volume_24h - was.volume_24h) / before * flow.DAY / horizon
    return Measure(more, 0.5 * math.sqrt(3600 / horizon))


def _started(state: State, point: MarketPoint, volume: float) -> State:
    """Nothing is known of the last day; what was learned of the asset stays."""
    level, day = math.log(volume / flow.SLOTS), flow.start(state.day, point.time, volume)
    return replace(state, time=point.time, price=point.price, doubt=0.0, level=level, day=day)


def _measure(state: State, point: MarketPoint, params: Params) -> Seen:
    flows = flow.flows(state.day, point.time, linked_volume(point, state.day.volume) or 0)
    middle, weeks = point.time - flows.seconds // 2, state.taught / WEEK
    of_week = state.week[middle // 86400 % 7] * (weeks / (weeks + 4) if weeks >= 2 else 0.0)
    y = math.log(flows.flow / flows.shape) - state.level - of_week
    unit = (max(flows.seconds, flow.SLOT) / flow.SLOT) ** 0.125
    z = y * unit / params.scale.sigma(state.scale)
    move = math.log(point.price) - math.log(state.price)
    if state.day.since == state.time:  # the market's move is that of the same span
        move -= point.market_return or 0.0
    usual_move = state.impact * math.sqrt(math.exp(y) * flows.seconds / flow.SLOT)
    return Seen(flows, y, z, unit, of_week, middle, move, usual_move)


def _score(state: State, seen: Seen, params: Params) -> float:
    if state.seen < params.learn or seen.flows.seconds > params.longest_gap:
        return 0.0
    return max(0.0, min(seen.z / params.sigmas, seen.y / math.log(params.multiple)))


def _learned(state: State, point: MarketPoint, seen: Seen, params: Params) -> State:
    day, seconds = flow.follow(state.day, seen.flows, point.time), seen.flows.seconds
    if day is state.day:
        return replace(state, time=point.time, doubt=0.0)
    state = replace(state, time=point.time, price=point.price, doubt=0.0, day=day)
    if seconds > params.longest_gap:
        return state
    most = CLIP * params.scale.sigma(state.scale) / seen.unit
    error = max(-most, min(most, seen.y))
    week, weekday = list(state.week), seen.middle // 86400 % 7
    gain = seconds / 86400 / min(state.taught / WEEK + 1, 6.0)  # a mean over 6 weeks
    week[weekday] += (error + seen.of_week - week[weekday]) * gain
    impact = abs(seen.move) / math.sqrt(math.exp(seen.y) * seconds / flow.SLOT)
    return replace(
        state,
        seen=state.seen + 1,
        taught=state.taught + seconds,
        level=state.level + error * max(seconds / params.level_memory, 1 / (state.seen + 2)),
        scale=params.scale.update(state.scale, seen.y * seen.unit, state.seen),
        impact=params.impact.update(state.impact, impact, state.seen),
        week=tuple(week),
    )


DETECTOR = Detector(
    name="volume_spike",
    version=2,
    input="market",
    state=State,
    step=step,
    find=find,
    learning=learning,
    explain=explain,
    trigger=Trigger(rearm=0.4, cooldown=2 * 3600),
    claim=Claim(
        name="volume_persists",
        says="clearly more trading than in the same hours of the day before",
        measure=persists,
        terms=("volume_before",),
    ),
)
