"""What was traded in each interval, from a rolling 24 h volume.

A rolling sum V only tells differences: over an interval, V_t - V_{t-1} is what
was traded now minus what was traded in the same interval a day before. So the
last day's flows are kept in a ring of 96 quarter-hours, and

    f_t = (V_t - V_{t-1}) + f_{t-24h}        US dollars a quarter-hour, spread evenly

An error of the ring (its unknown start, an exchange that was added, a bad
tick) would come back every day. Each flow is therefore pulled PULL of the way
a day towards the usual one of its hour: a tenth of an error is left after 8
days. Three more rules keep one bad value from lasting:

* a flow that leaves counts for at most MOST usual ones, so what did not leave
  on time is no new spike; and if it never leaves it is forgotten the next day;
* a flow is at least LEAST of the usual one. A fall of REVISED usual flows more
  was no trade but a revision: a debt that the next rise within PAYABLE pays
  first, so an exchange that drops out and returns is no spike;
* the detector passes on no volume that is unchanged: what a provider that stood
  still tells next is spread over all the time since.

Differences remove the daily cycle itself, but not its trace: trading is noisy in
proportion to its size, so busy hours change more from day to day. The cycle is
learned from that, log |V_t - V_{t-1}| on two harmonics of the day by least mean
squares, clipped, starting from no cycle. It is wrong where noise does not grow
with the flow (volumes rounded to a few digits: no cycle is seen), and says
nothing of an hour whose trading is the same every day to the dollar.

Source: the arithmetic of rolling sums; the proportion of noise and level is the
multiplicative intraday model of Andersen & Bollerslev, "Intraday periodicity and
volatility persistence" (J. Empirical Finance 4, 1997).
"""

import math
from typing import NamedTuple

import msgspec

SLOT = 900  # seconds
SLOTS = 96
DAY = 86400
CODE = 32.0  # codes of the ring per unit of log dollars: 1.6 % at most are lost
PULL = 0.25  # a day
PULLED = 2.0  # usual flows: an error counts as no larger when it is pulled
MOST = 2.0  # usual flows
LEAST = 0.25  # usual flows
REVISED = 4.0  # usual flows
PAYABLE = 6 * 3600  # seconds
RHYTHM_MEMORY = 28 * DAY
RHYTHM_PRIOR = 40  # samples that "no cycle" counts for
LONGEST_LESSON = 2 * 3600  # seconds, of what a change may tell of its hour
CLIP = 2.0  # log: what one change may differ by
BASIS = tuple(
    tuple(
        wave(2 * math.pi * n * (slot - 0.5) / SLOTS)
        for n in (1, 2)
        for wave in (math.cos, math.sin)
    )
    for slot in range(SLOTS)
)

Rhythm = tuple[float, float, float, float]


class Day(msgspec.Struct, frozen=True, array_like=True):
    """The last day of one series: its volume at `since`, and a flow per quarter-hour.

    `ring` holds CODE times the log of dollars. `change` is the mean log size of
    a change, in average flows, and `rhythm` the cycle learned from `samples`.
    `debt` is what a fall must have revised, to be paid until `due`.
    """

    since: int = 0
    volume: float = 0.0
    debt: float = 0.0
    due: int = 0
    samples: int = 0
    change: float = 0.0
    rhythm: Rhythm = (0.0, 0.0, 0.0, 0.0)
    ring: list[int] = []


class Flows(NamedTuple):
    """What was traded over `seconds`, US dollars a quarter-hour.

    `shape` is what the hour usually has, as a multiple of the day's average;
    `ring` is None while less than a quarter-hour went by, `volume` the new V.
    """

    seconds: int
    flow: float
    shape: float
    ring: list[int] | None
    debt: float
    due: int
    volume: float


def shape(rhythm: Rhythm, slot: int) -> float:
    """Return the usual flow of a quarter-hour (counted from 1970) over the day's average."""
    a, b, c, d = rhythm
    p, q, r, s = BASIS[slot % SLOTS]
    mean = 1 + (a * a + b * b + c * c + d * d) / 4  # of the exponential over a day
    return math.exp(a * p + b * q + c * r + d * s) / mean


def code(dollars: float) -> int:
    """Return the form in which the ring keeps a flow."""
    return round(CODE * math.log(max(dollars, 1e-9)))


def start(day: Day, time: int, volume: float) -> Day:
    """Return a day of which only the volume is known; the cycle that was learned stays."""
    ring = [code(volume / SLOTS * shape(day.rhythm, slot)) for slot in range(SLOTS)]
    return msgspec.structs.replace(day, since=time, volume=volume, debt=0.0, ring=ring)


def edge(time: int) -> int:
    """Return the quarter-hour that ends nearest to a time, counted from 1970."""
    return (time + SLOT // 2) // SLOT


def flows(day: Day, time: int, volume: float) -> Flows:
    """Return what was traded between `day.since` and `time`, at most a day later."""
    first, last = edge(day.since), edge(time)
    seconds = time - day.since
    count = seconds / SLOT
    gained = volume - day.volume
    debt, due = (day.debt, day.due) if time <= day.due else (0.0, 0)
    repaid = min(debt, max(gained, 0.0))
    each = (gained - repaid) / count
    average = day.volume / SLOTS
    ring = day.ring.copy() if last > first else None
    believed = shapes = lacking = 0.0
    slots = range(first + 1, max(last, first + 1) + 1)
    for slot in slots:
        ratio = shape(day.rhythm, slot)
        usual = average * ratio
        old = math.exp(day.ring[slot % SLOTS] / CODE)
        old -= PULL * max(-PULLED * usual, min(PULLED * usual, old - usual))
        full, certain = old + each, min(old, MOST * usual) + each
        believed += certain
        shapes += ratio
        if ring is not None:
            kept = max(min(full, max(certain, MOST * usual)), LEAST * usual)
            ring[slot % SLOTS] = code(kept)
            lacking += max(0.0, LEAST * usual - full)
    typical = shapes / len(slots)
    flow = max(believed / len(slots), LEAST * average * typical)
    if count < 1:  # the rest of the quarter-hour is taken as usual
        flow = flow * count + average * typical * (1 - count)
    debt -= repaid
    if lacking > REVISED * average * typical:
        debt, due = debt + lacking, time + PAYABLE
    return Flows(seconds, flow, typical, ring, debt, due, volume)


def follow(day: Day, now: Flows, time: int) -> Day:
    """Return the day after an interval; less than a quarter-hour is left to the next one."""
    if now.ring is None:
        return day
    rhythm, level, samples = day.rhythm, day.change, day.samples
    if now.seconds <= LONGEST_LESSON:
        size = math.log(max(abs(now.volume / day.volume - 1), 1e-12) * DAY / now.seconds)
        basis = BASIS[(edge(time) - now.seconds // SLOT // 2) % SLOTS]
        told = sum(k * b for k, b in zip(rhythm, basis, strict=True))
        error = max(-CLIP, min(CLIP, size - level - told))
        gain = max(now.seconds / RHYTHM_MEMORY, 1 / (samples + RHYTHM_PRIOR))
        a, b, c, d = (k + 2 * gain * error * wave for k, wave in zip(rhythm, basis, strict=True))
        level = level + error * max(gain, 1 / (samples + 1)) if samples else size
        rhythm, samples = (a, b, c, d), samples + 1
    return Day(time, now.volume, now.debt, now.due, samples, level, rhythm, now.ring)
