"""What detectors share: points, findings, the declaration, and a robust scale.

A detector is one pure function `step(state, point) -> (state, Finding | None)`
over one series. It keeps O(1) state, reads no clock and looks at no other
series; what it needs to know of the market travels in the point.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

Input = Literal["market", "news"]
Direction = Literal["up", "down"]


class MarketPoint(msgspec.Struct, frozen=True):
    """One tick of one asset: epoch seconds, US dollars.

    `market_return` is the median log return of all assets over the same span
    as this asset's last step, None when too few assets stepped with it.
    """

    time: int
    price: float
    volume_24h: float | None
    market_return: float | None = None


class NewsPoint(msgspec.Struct, frozen=True):
    """One story about one asset: epoch seconds, tone in [-1, 1]."""

    time: int
    tone: float
    source: str


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
    """What a detector found at one point; `context` holds further numbers by name."""

    direction: Direction
    measured: Measured
    window_seconds: int
    statistic: Statistic
    context: dict[str, float]


class Detector(msgspec.Struct, frozen=True):
    """The declaration of a detector.

    `state` is the Struct that is stored; its field `time` is the last point's
    time. A new `version` starts from an empty state. `explain(symbol,
    finding)` makes the sentence a person reads from the finding's numbers.
    """

    name: str
    version: int
    input: Input
    state: type[Any]
    step: Callable[[Any, Any], tuple[Any, Finding | None]]
    explain: Callable[[str, Finding], str]


NORMAL = 1.2533  # sigma over mean absolute deviation, for a normal distribution
CLIP = 4.0  # sigmas: what a single point may teach the scale


class Scale(msgspec.Struct, frozen=True):
    """How a robust scale learns: the bounds of what is believed, and the memory in samples.

    `floor` keeps a series that never moved from calling its first tremor
    infinite, `ceiling` keeps the first samples, when nothing is known yet,
    from blinding it.
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


class Trigger(msgspec.Struct, frozen=True):
    """When a size in sigmas is an event: once, and again only after it has calmed down.

    `threshold` and `rearm` in sigmas, `cooldown` in seconds.
    """

    threshold: float
    rearm: float
    cooldown: int

    def pull(
        self, armed: bool, fired_at: int, time: int, size: float, large: bool
    ) -> tuple[bool, bool, int]:
        """Return whether it fires at `time`, and `armed` and `fired_at` from then on.

        `large` says that what was measured is large enough by other measures too.
        """
        hit = large and size >= self.threshold
        fires = hit and armed
        calm = size < self.rearm and time - fired_at >= self.cooldown
        return fires, not hit and (armed or calm), time if fires else fired_at


def percent(ratio: float) -> str:
    """Return a ratio as a signed percentage, for sentences: 0.061 is "+6.1 %"."""
    return f"{ratio * 100:+.1f} %"


def duration(seconds: int) -> str:
    """Return a span for sentences: "15 min", "6 h"."""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{round(seconds / 60)} min"
