"""The flow of a market beside its price: how much was traded, against what is usual there.

A point is a bar with its own flow, or a tick with a rolling 24 h volume V. What
V tells of the flow over dt seconds, in units of the day's average, is

    x = max(1, 1 + (V_t / V_(t-1) - 1) * 86400 / dt)

because the difference of two sums is what came in now minus what came in at the
same time yesterday; below the average nothing is told. Wrong at the hour of
yesterday's surge (which hides today's), and when a provider revises its volume.

Flow is spiky: one order can be a hundred usual ones. So its size is judged on
the log scale, where mean and spread are not made by the largest: an absurd
figure is forgotten within 20 steps, only if it was the first within 300. Steps
without trading teach nothing, or a market that is mostly silent would find any
trade enormous. A count of trades scatters less than a volume and no single
order makes it large, so trades are taken where they are known.
"""

import math

import msgspec

from signals.detectors.base import CLIP, MarketPoint, Scale, linked_volume

DAY = 86400
SPREAD = Scale(floor=0.1, ceiling=3.0, memory=1000)
# Sigmas of ln x below which no spread is believed, however regular the steps were.
LEAST_OF_TRADES = 1.0  # a usual bar has a few trades, and counts of a few scatter by that much
LEAST_OF_VOLUME = 0.7


class FlowPoint(msgspec.Struct, frozen=True):
    """A bar: its end in epoch seconds, its last price, and what was traded since the last point.

    `volume` and `buys` (its part bought by takers) in any one unit; None where not known.
    """

    time: int
    price: float
    volume: float | None
    buys: float | None = None
    trades: float | None = None


Point = FlowPoint | MarketPoint


class Flow(msgspec.Struct, frozen=True):
    """ln x of a step, and whether x counts trades."""

    log: float
    counted: bool


class Usual(msgspec.Struct, frozen=True, array_like=True):
    """Mean and mean deviation of ln x over the steps with trading, and their number."""

    log: float = 0.0
    spread: float = 0.0
    steps: int = 0
    counted: bool = False

    def surge(self, flow: Flow | None, learn: int) -> float:
        """Return by how many sigmas a flow exceeds the usual one; 0 where none is known.

        What was learned from fewer than `learn` steps, or of another figure, is no measure.
        """
        if flow is None or flow.counted != self.counted or self.steps < learn:
            return 0.0
        least = LEAST_OF_TRADES if flow.counted else LEAST_OF_VOLUME
        return (flow.log - self.log) / max(SPREAD.sigma(self.spread), least)

    def after(self, flow: Flow | None) -> "Usual":
        """Return what is usual after a step; another figure than before starts anew."""
        if flow is None:
            return self
        if not self.steps or flow.counted != self.counted:
            return Usual(flow.log, 0.0, 1, flow.counted)
        off = flow.log - self.log
        spread = SPREAD.update(self.spread, off, self.steps)
        believed = CLIP * SPREAD.sigma(spread)
        gain = 1 / min(self.steps + 1, SPREAD.memory)
        log = self.log + gain * min(max(off, -believed), believed)
        return Usual(log, spread, self.steps + 1, flow.counted)


def day_volume(point: Point) -> float:
    """Return the rolling volume of a tick in US dollars, 0 where it is not known."""
    volume = point.volume_24h if isinstance(point, MarketPoint) else None
    return volume if volume is not None and 0 < volume < math.inf else 0.0


def flow_of(point: Point, volume_before: float, gap: int) -> Flow | None:
    """Return the flow of the `gap` seconds up to a point, None where nothing is known of it."""
    counted = False
    if isinstance(point, MarketPoint):
        now = linked_volume(point, volume_before) if day_volume(point) else None
        traded = None
        if now and volume_before > 0:
            traded = max(1.0, 1 + (now / volume_before - 1) * DAY / gap)
    elif point.trades is not None:
        traded, counted = point.trades, True
    else:
        traded = point.volume
    if traded is None or not 0 < traded < math.inf:
        return None
    return Flow(math.log(traded), counted)


def buy_share(point: Point) -> float | None:
    """Return the share of a bar's volume that takers bought, None where it is not known."""
    if isinstance(point, MarketPoint) or point.buys is None or not point.volume:
        return None
    share = point.buys / point.volume
    return min(max(share, 0.0), 1.0) if math.isfinite(share) else None


def thinness(volume_24h: float) -> float:
    """Return what a move counts on a market of so many US dollars a day; 1 where unknown.

    1.25 up to a million, a quarter less for each factor of ten, 0.5 from a billion on.
    """
    if volume_24h <= 0:
        return 1.0
    return min(max(1 - 0.25 * math.log10(volume_24h / 1e7), 0.5), 1.25)
