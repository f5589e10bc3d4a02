"""Which detector should find which planted event, by when, and which of its signals are right.

An event can be known from an instant on:
    jump, volume_spike, pump_dump    its start
    news_move in prices              20 minutes after its start, when the price begins to move
    drift                            its end
    stale                            start + 15 min: the stamp has stood for a whole tick
    depeg                            start + 30 min, when it is at its lowest
    tvl_outflow                      the first hourly reading from its end on
    news_move, sentiment_turn in     its third story of at least two sources, counting those
    stories                          that were understood to be about its coin; if there are
                                     none such it cannot be known, and counts as missed

It is found within one tick when its detector fires on its asset, in its direction, after its
start and at the latest at the first tick at least 15 minutes after that instant. A signal is
right when an event that touches its detector's data was under way on its asset, or on the
coin that asset follows, between the event's start and two hours after its end.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from tools.simulator.events import Event

TICK, MINUTE, HOUR = 900, 60, 3600
AFTERWARDS = 2 * HOUR

PRICES = ("jump", "drift", "news_move", "pump_dump", "depeg", "stale")
VOLUMES = ("volume_spike", "pump_dump", "stale")
STORIES = ("news_move", "sentiment_turn")
# What moves the data of each detector.
TOUCHES = {
    "price_anomaly": PRICES,
    "depeg": PRICES,
    "pump": (*PRICES, *VOLUMES),
    "volume_spike": VOLUMES,
    "sentiment_shift": STORIES,
    "source_trouble": ("stale",),
    "tvl_outflow": ("tvl_outflow",),
}
# Which events each detector is there for.
FINDS = {
    "price_anomaly": ("jump", "drift", "news_move"),
    "depeg": ("depeg",),
    "pump": ("pump_dump",),
    "volume_spike": ("volume_spike",),
    "sentiment_shift": STORIES,
    "source_trouble": ("stale",),
    "tvl_outflow": ("tvl_outflow",),
}
_SIGNED = ("jump", "drift", "news_move", "sentiment_turn")
_DOWN = ("depeg", "tvl_outflow")

Told = Sequence[tuple[int, str]]  # when each story was published and by whom, ascending


class Fire(NamedTuple):
    """A signal: which detector's, when (epoch seconds), of which asset, which way."""

    detector: str
    tick: int
    asset_id: str
    direction: Literal["up", "down"]


class Sought(NamedTuple):
    """An event on an asset, for a detector. `knowable` None: nothing of it could be known."""

    event: Event
    asset_id: str
    detector: str
    knowable: int | None

    @property
    def deadline(self) -> int:
        """The tick at which it has to be found; where it cannot be known, when it is over."""
        instant = self.event.end if self.knowable is None else self.knowable
        return -(-(instant + TICK) // TICK) * TICK

    def first_of(self, fires: Iterable[Fire], until: int) -> int | None:
        """Return the tick of the first signal of it up to `until`."""
        start, wanted = self.event.start, direction_of(self.event)
        ticks = (
            one.tick
            for one in fires
            if (one.detector, one.asset_id) == (self.detector, self.asset_id)
            and start <= one.tick <= until
            and wanted in (None, one.direction)
        )
        return min(ticks, default=None)

    def found(self, fires: Iterable[Fire]) -> int | None:
        """Return the tick of the first signal of it that is within one tick."""
        return None if self.knowable is None else self.first_of(fires, self.deadline)


def direction_of(event: Event) -> str | None:
    """Return which way an event goes; None: either way will do."""
    if event.kind in _DOWN:
        return "down"
    if event.kind in _SIGNED:
        return "up" if event.size > 0 else "down"
    return None


def knowable(event: Event, detector: str, told: Told) -> int | None:
    """Return when a detector could know of an event."""
    if detector == "sentiment_shift":
        return _third_story(told)
    match event.kind:
        case "news_move":
            return event.start + 20 * MINUTE
        case "drift":
            return event.end
        case "stale":
            return event.start + TICK
        case "depeg":
            return event.start + 30 * MINUTE
        case "tvl_outflow":
            return -(-event.end // HOUR) * HOUR
    return event.start


def _third_story(told: Told) -> int | None:
    for count, (time, _) in enumerate(told, 1):
        if count >= 3 and len({source for _, source in told[:count]}) >= 2:
            return time
    return None


def right(fire: Fire, on_asset: Iterable[Event], kinds: Sequence[str]) -> bool:
    """Tell whether an event of `kinds`, among those on a signal's asset, was under way."""
    return any(
        one.kind in kinds and one.start <= fire.tick <= one.end + AFTERWARDS for one in on_asset
    )
