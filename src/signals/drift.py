"""Moves over hours whose single steps are ordinary: where a series stood at each of some hours."""

import math
from typing import NamedTuple

import msgspec

from signals.detectors.base import Scale

HOUR = 3600
ANCHORS = 6  # hours looked back on


class Anchor(msgspec.Struct, frozen=True, array_like=True):
    """Where an asset stood: epoch seconds, price, sums of its clipped own moves and the market's.

    Clipped, because a jump would else be a drift for hours.
    """

    time: int
    price: float
    level: float
    market: float


class Drift(NamedTuple):
    """The move since an anchor, and in sigmas; without an anchor there is none."""

    moved: float
    z: float
    since: Anchor | None


def largest(anchors: tuple[Anchor, ...], time: int, level: float, sigma: float) -> Drift:
    """Return the drift that stands out most; `sigma` is that of hours, per 15 minutes."""
    found = Drift(0.0, 0.0, None)
    for anchor in anchors:
        if time - anchor.time < HOUR:
            continue  # steps that few are told by themselves
        moved = level - anchor.level
        z = moved / (sigma * math.sqrt((time - anchor.time) / 900))
        if abs(z) > abs(found.z):
            found = Drift(moved, z, anchor)
    return found


def learned(
    anchors: tuple[Anchor, ...], now: Anchor, scale: Scale, deviation: float, seen: int
) -> tuple[tuple[Anchor, ...], float]:
    """Return the anchors, and the mean absolute move per 15 minutes, once `now` is an hour on."""
    if anchors and now.time - anchors[-1].time < HOUR:
        return anchors, deviation
    if anchors:
        span = math.sqrt((now.time - anchors[0].time) / 900)
        deviation = scale.update(deviation, (now.level - anchors[0].level) / span, seen)
    return (*anchors, now)[-ANCHORS:], deviation
