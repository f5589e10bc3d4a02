"""What detectors share: points, findings, the declaration, and a robust scale.

A detector is pure functions over one series. `step(state, point)` returns the
next state and a score: how far the point is out of the ordinary, in units of
what is worth a signal, so |score| >= 1 fires; the sign is the direction and 0
means ordinary or still learning. `find(state, point)` tells the evidence for
the score of that same step, and is only asked when it fires. When a score
becomes an event, and when the event is over, is signals.trigger's, the same
for all. A detector reads no clock and looks at no other series: what it needs
to know of the market travels in the point.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from signals.claims import Claim
from signals.trigger import Trigger

Input = Literal["market", "news", "sources", "readings"]
Direction = Literal["up", "down"]


class MarketPoint(msgspec.Struct, frozen=True):
    """One tick of one asset: epoch seconds, US dollars.

    `market_return` is the median log return of all assets over the same span
    as this asset's last step, `dispersion` the median distance from it per 15
    minutes; None when too few assets stepped with it. `volume_before` is what the
    sources of this volume said at the asset's last step, None where that is not known.
    """

    time: int
    price: float
    volume_24h: float | None
    market_return: float | None = None
    market_cap: float | None = None
    dispersion: float | None = None
    volume_before: float | None = None


def linked_volume(point: MarketPoint, last: float) -> float | None:
    """Return the volume as the last one and what its sources have seen change since.

    Sources that come and go differ by some percent, which would seem to be hours of trading.
    """
    if point.volume_24h is None or not point.volume_before or last <= 0:
        return point.volume_24h
    return last * point.volume_24h / point.volume_before


class NewsPoint(msgspec.Struct, frozen=True):
    """One story about one asset, told once: epoch seconds, tone in [-1, 1]."""

    time: int
    tone: float
    source: str


class SourceQuote(msgspec.Struct, frozen=True, array_like=True):
    """What one source said of an asset: US dollars, and its own time in epoch seconds."""

    source: str
    price: float
    observed_at: int


class SourcesPoint(msgspec.Struct, frozen=True):
    """What every source said of one asset at one tick, by name of the source.

    `troubled` are the sources that are wrong for most assets at this tick.
    """

    time: int
    quotes: tuple[SourceQuote, ...]
    troubled: tuple[str, ...] = ()


class ReadingPoint(msgspec.Struct, frozen=True):
    """One reading of one series, in the unit of its kind (common.readings).

    `common_return` is the median log change of all series of that kind over
    the same step as this series' last; None when too few stepped with it.
    """

    time: int
    value: float
    common_return: float | None = None


class Measured(msgspec.Struct, frozen=True):
    """A measured quantity and its unit ("1" for a ratio)."""

    name: str
    value: float
    unit: str


class Statistic(msgspec.Struct, frozen=True):
    """What was compared with what."""

    name: str
    value: float
    threshold: float


class Finding(msgspec.Struct, frozen=True):
    """What a detector found at one point.

    `context` holds further numbers by name, `labels` words that were derived
    from numbers (the stage of a pump, the source that stands still).
    """

    direction: Direction
    measured: Measured
    window_seconds: int
    statistic: Statistic
    context: dict[str, float]
    labels: dict[str, str] = {}


class Detector(msgspec.Struct, frozen=True):
    """The declaration of a detector.

    `state` is the Struct that is stored; its field `time` is the last point's
    time. A new `version` starts from an empty state. `learning(state)` is how
    many points it still needs before it may score. `explain(symbol, finding)`
    makes the sentence a person reads from the finding's numbers. `claim` is
    what a signal of this type says will follow. `kinds` are the kinds of
    readings it watches.
    """

    name: str
    version: int
    input: Input
    state: type[Any]
    step: Callable[[Any, Any], tuple[Any, float]]
    find: Callable[[Any, Any], Finding]
    learning: Callable[[Any], int]
    explain: Callable[[str, Finding], str]
    trigger: Trigger
    claim: Claim
    kinds: tuple[str, ...] = ()


NORMAL = 1.2533  # sigma over mean absolute deviation, for a normal distribution
CLIP = 4.0  # sigmas: what a single point may teach the scale


class Scale(msgspec.Struct, frozen=True):
    """How a robust scale learns: the bounds of what is believed, and the memory in samples.

    `floor` keeps a series that never moved from calling its first tremor
    infinite, `ceiling` keeps the first samples, when nothing is known yet,
    from blinding it. After Huber, Robust Statistics (1981).
    """

    floor: float
    ceiling: float
    memory: int

    def sigma(self, deviation: float) -> float:
        """Return the sigma that a mean absolute deviation stands for."""
        return NORMAL * max(deviation, self.floor)

    def update(self, deviation: float, sample: float, seen: int) -> float:
        """Return the mean absolute deviation after `sample`, the `seen`-th (from 0).

        An equal-weight mean until `memory` samples are in, exponential with
        that memory afterwards. A sample counts for at most CLIP sigmas, so
        one absurd point moves the scale a little and is forgotten.
        """
        believed = CLIP * self.sigma(deviation) if seen >= 4 else self.ceiling
        size = min(abs(sample), believed, self.ceiling)
        return deviation + (size - deviation) / min(seen + 1, self.memory)


def percent(ratio: float) -> str:
    """Return a ratio as a signed percentage, for sentences: 0.061 is "+6.1 %"."""
    return f"{round(ratio * 100, 1) + 0.0:+.1f} %"  # + 0.0: no "-0.0"


def duration(seconds: int) -> str:
    """Return a span for sentences: "15 min", "6 h"."""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{round(seconds / 60)} min"
