"""Whether what a signal claimed came true, and how often it comes true anyway.

A signal is judged once its horizon has passed, from stored steps alone: the
claim's measure compares the newest step at or before the signal with the
newest one in (at + horizon - tolerance, at + horizon].

Its controls, the same measure with the same terms at earlier moments of the
same path, are the base rate it has to beat. They are taken from one path, so
asset and terms are equal and only the signal is missing. Their windows end a
GUARD before the signal: otherwise they would hold the very move that made it
fire. Each is judged as it would have been judged then, by the noise before it:
with the noise of the whole week, which knows how the controls came out, moments
picked at random seem to beat their controls (0.113 against 0.089 for moves
over 2 sigma in 24 h, hourly prices of 2021; 0.113 against 0.113 like this). A
claim with a side is asked for both sides: a moment without a signal has none,
and the days before a rise were mostly rises, which nobody could know on them.

sigma is the noise per 15 minutes of the path so far, the market's move removed:
a robust scale (base.Scale) of every change divided by sqrt(dt / 900).

Wrong when volatility has just changed: after a storm broke out a claim of "more
than a sigma, either way" holds more often than before it. That is what follows
such signals, but no foresight of direction. Blind where the path has gaps: such
a signal is not judged. About 1 ms for a week of 15-minute steps.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from signals.claims import Claim, Path, Step, Terms, own_return
from signals.detectors.base import Scale
from signals.redenomination import settled

FRESH = 900  # seconds: how old the price at the signal may be
GUARD = 3600  # seconds between the end of a control's window and the signal
FEWEST_STEPS = 24  # before a moment, for its sigma
SIGN = "sign"  # the term that holds the side of a claim, 1 or -1
SCALE = Scale(floor=0.00025, ceiling=0.05, memory=10_000)  # all of the path weighs the same


class Outcome(msgspec.Struct, frozen=True):
    """What came out. `hit` None: it could not be judged, and `reason` says why.

    `control_hits` of `control_n` controls would have been hits; one with a side counts twice.
    """

    hit: bool | None
    value: float | None = None
    threshold: float | None = None
    reason: str | None = None
    control_n: int = 0
    control_hits: int = 0


class _Trail(NamedTuple):
    """The usable steps, their times, and the sigma known at each (None: too few before it)."""

    steps: list[Step]
    times: list[int]
    sigmas: list[float | None]


def judge(claim: Claim, path: Path, at: int, horizon: int, terms: Terms) -> Outcome:
    """Judge a signal of time `at` on `path`: ascending steps, a week before it and up to horizon.

    Nothing after `at + horizon` is looked at. A step whose value is not positive and
    finite, or that is a bad tick, counts as not stored.
    """
    steps = settled([one for one in path if one.time <= at + horizon])
    trail = _Trail(steps, [one.time for one in steps], list(noise(steps)))
    now = _newest(trail.times, at - FRESH - 1, at)
    if now is None:
        return Outcome(None, reason="no price at the signal")
    then = _newest(trail.times, at + horizon - tolerance(horizon), at + horizon)
    if then is None:
        return Outcome(None, reason="no price at the horizon")
    if trail.sigmas[now] is None:
        return Outcome(None, reason="too few prices before the signal")
    measured = _measure(claim, trail, now, then, horizon, terms)
    if measured is None:
        return Outcome(None, reason="the prices do not tell")
    value, threshold = measured
    sides = [terms, terms | {SIGN: -terms[SIGN]}] if SIGN in terms else [terms]
    windows = controls(trail.times, at, horizon)
    others = [_measure(claim, trail, i, j, horizon, one) for i, j in windows for one in sides]
    told = [one[0] >= one[1] for one in others if one is not None]
    return Outcome(
        hit=value >= threshold,
        value=round(value, 6),
        threshold=round(threshold, 6),
        control_n=len(told),
        control_hits=sum(told),
    )


def tolerance(horizon: int) -> int:
    """Return how many seconds before the horizon its price may have been stored."""
    return max(900, horizon // 8)


def spacing(horizon: int) -> int:
    """Return the seconds between controls: 1 h, 2 h and 6 h for 1 h, 4 h and 24 h.

    Wider than the horizon there would be too few of them in a week, much denser
    they would say the same thing again.
    """
    return min(max(3600, horizon // 2), 6 * 3600)


def controls(times: Sequence[int], at: int, horizon: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last step, as indices, of each control's window, newest first."""
    chosen = None
    for moment in range(at - GUARD - horizon, times[0] - 1, -spacing(horizon)):
        i = bisect_right(times, moment) - 1
        if i == chosen:
            continue  # in a gap: it is the step of the control before
        chosen = i
        end = times[i] + horizon
        j = _newest(times, end - tolerance(horizon), end)
        if j is not None:
            yield i, j


def noise(steps: Path) -> Iterator[float | None]:
    """Yield the sigma per 15 minutes that is known at each step, from the steps up to it.

    A value that stands still for some steps and then moves is one long step:
    counted as several, most of them 0, a series that is stored more often than
    it changes would seem calmer than it is.
    """
    deviation, seen = 0.0, 0
    last: Step | None = None
    for count, one in enumerate(steps, start=1):
        if last is None:
            last = one
        elif one.value != last.value and one.time > last.time:
            size = own_return(last, one) / math.sqrt((one.time - last.time) / 900)
            deviation = SCALE.update(deviation, size, seen)
            seen += 1
            last = one
        yield SCALE.sigma(deviation) if count >= FEWEST_STEPS else None


def _newest(times: Sequence[int], after: int, until: int) -> int | None:
    """Return the index of the newest time in (after, until]."""
    i = bisect_right(times, until) - 1
    return i if i >= 0 and times[i] > after else None


def _measure(
    claim: Claim, trail: _Trail, i: int, j: int, horizon: int, terms: Terms
) -> tuple[float, float] | None:
    sigma = trail.sigmas[i]
    if sigma is None:
        return None
    measured = claim.measure(trail.steps[i], trail.steps[j], sigma, horizon, terms)
    if measured is None or not all(map(math.isfinite, measured)):
        return None
    return measured
