"""Planted, labelled events: what a detector should find in the simulated market.

Every event is a function of (seed, UTC day), so any date can be asked for without simulating
up to it. A price event moves the log price by a piecewise linear profile; one that holds
fades over six days, far below the noise of a quarter of an hour, so its end is no event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tools.simulator.coins import COUNT, DEFI, Coin
from tools.simulator.instants import DAY, iso

STEP = 300  # seconds; the grid of the market
HOLD = DAY  # how long a held move keeps its full size
FADE = 6 * DAY  # and how long it then takes to be gone
REACH_DAYS = 8  # an event of this many days ago no longer moves the price
LEAD_DAYS = 2  # stories that set the tone before a sentiment turn appear this early

MINUTE = 60
_STORIES_MINUTES = 20  # a news move's stories come first, the price follows


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of event does; `minutes` and `size` are the ranges drawn from."""

    name: str
    per_day: int
    minutes: tuple[int, int]
    size: tuple[float, float]
    signed: bool
    pool: str
    detail: str


KINDS = {
    kind.name: kind
    for kind in (
        # News kinds choose first: the pool of majors is the smallest.
        Kind("news_move", 3, (35, 35), (0.05, 0.08), True, "major",
             "3 to 5 stories in two or more feeds within 20 minutes, then this log return "
             "within 15 minutes, held"),
        Kind("sentiment_turn", 3, (180, 180), (1.0, 1.0), True, "major",
             "six or more stories of the size's sign over 3 hours; no price move"),
        Kind("stale", 1, (120, 120), (1.0, 1.0), False, "large",
             "price and last_updated stand still for 2 hours"),
        Kind("pump_dump", 3, (90, 90), (0.22, 0.47), False, "small",
             "this log return within 20 minutes at 30 times the volume, gone within 90 minutes"),
        Kind("jump", 6, (5, 5), (0.06, 0.14), True, "any",
             "this log return within one five-minute step, held"),
        Kind("drift", 3, (300, 300), (0.11, 0.13), True, "any",
             "this log return, evenly over 5 hours, held"),
        Kind("volume_spike", 6, (20, 40), (15.0, 40.0), False, "any",
             "interval volume multiplied by the size; no price move"),
        # Planted only.
        Kind("depeg", 0, (600, 600), (0.04, 0.12), False, "stable",
             "the price falls by this log return within 30 minutes and is back after 10 hours"),
        Kind("tvl_outflow", 0, (60, 60), (0.3, 0.8), False, "defi",
             "this share of the value locked in the coin's protocol leaves within an hour, held"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One event on the coin at `asset` in the market; instants in Unix seconds."""

    id: str
    kind: str
    asset: int
    start: int
    end: int
    size: float
    planted: bool = False

    def label(self, coins: Sequence[Coin]) -> dict[str, object]:
        """The row `GET /labels` gives for this event."""
        coin = coins[self.asset]
        return {
            "id": self.id,
            "kind": self.kind,
            "asset_id": coin.id,
            "symbol": coin.symbol,
            "start": iso(self.start),
            "end": iso(self.end),
            "size": self.size,
            "detail": KINDS[self.kind].detail,
        }

    def log_move(self, instants: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """What the event adds to the log price at each instant; None if it moves no price."""
        after = [self.end, self.end + HOLD, self.end + HOLD + FADE]
        held = [self.size, self.size, 0.0]
        match self.kind:
            case "jump" | "drift":
                return np.interp(instants, [self.start, *after], [0.0, *held])
            case "news_move":
                published = self.start + _STORIES_MINUTES * MINUTE
                return np.interp(instants, [published, *after], [0.0, *held])
            case "pump_dump":
                top = self.start + 20 * MINUTE
                # Most of the way down is quick, the rest is a slow bleed.
                knots = [self.start, top, top + 25 * MINUTE, self.end]
                return np.interp(instants, knots, [0.0, self.size, self.size * 0.3, 0.0])
            case "depeg":
                knots = [self.start, self.start + 30 * MINUTE, self.start + 360 * MINUTE, self.end]
                return np.interp(instants, knots, [0.0, -self.size, -self.size * 0.8, 0.0])
        return None

    def value_left(self, instants: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of the locked value that an outflow leaves at each instant."""
        after = [self.end, self.end + HOLD, self.end + HOLD + FADE]
        gone = np.interp(instants, [self.start, *after], [0.0, self.size, self.size, 0.0])
        return np.asarray(1 - gone)

    def volume_factor(self, instants: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """What multiplies the volume of the intervals that start at the instants, if anything."""
        inside = (instants >= self.start) & (instants < self.end)
        match self.kind:
            case "volume_spike":
                return np.where(inside, self.size, 1.0)
            case "pump_dump":
                rising = inside & (instants < self.start + 20 * MINUTE)
                return np.where(rising, 30.0, np.where(inside, 8.0, 1.0))
        return None


class Schedule:
    """The events of a market: the day's own, drawn from the seed, and those planted by hand."""

    def __init__(self, seed: int, coins: Sequence[Coin]) -> None:
        self._seed = seed
        self.coins = tuple(coins)
        self._by_id = {coin.id: index for index, coin in enumerate(coins)}
        self.planted: list[Event] = []
        # Drawn among the first 250 coins only: a larger market has the same events.
        moving = [index for index, coin in enumerate(coins[:COUNT]) if not coin.stable]
        self._pools = {
            "major": [index for index in moving if index < 30],
            "large": [index for index in moving if index < 60],
            "small": [index for index in moving if index >= 150],
            "any": moving,
            "stable": [index for index, coin in enumerate(coins) if coin.stable],
            "defi": [index for index in moving if coins[index].sector == DEFI],
        }
        self._drawn = lru_cache(maxsize=1024)(self._draw)

    def of_day(self, day: int) -> list[Event]:
        """The events that start on a UTC day (days since 1970), planted ones last."""
        planted = [event for event in self.planted if event.start // DAY == day]
        return [*self._drawn(day), *planted]

    def between(self, start: int, end: int) -> list[Event]:
        """The events under way at some instant of [start, end), earliest first."""
        days = range(start // DAY - 1, (end - 1) // DAY + 1)
        found = [event for day in days for event in self.of_day(day)]
        overlap = [event for event in found if event.start < end and event.end > start]
        return sorted(overlap, key=lambda event: (event.start, event.id))

    def drawn_turns(self, day: int) -> dict[int, Event]:
        """The sentiment turns drawn for a day, by asset."""
        return {event.asset: event for event in self._drawn(day) if event.kind == "sentiment_turn"}

    def plant(self, kind: str, asset_id: str, at: int, size: float | None) -> Event:
        """Add an event from `at`, rounded up to the five-minute grid.

        `size` is a log return, a multiplier of volume, a share, or a sign; None takes the
        kind's smallest. Raises ValueError, with a message that says what to change.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}, got {kind!r}")
        if asset_id not in self._by_id:
            raise ValueError(f"asset_id {asset_id!r} is not in /coins/list")
        pool = KINDS[kind].pool
        if pool in ("stable", "defi") and self._by_id[asset_id] not in self._pools[pool]:
            of_pool = ", ".join(self.coins[index].id for index in self._pools[pool][:5])
            raise ValueError(f"asset_id of {kind} must be of its kind, such as {of_pool}")
        chosen = _check_size(KINDS[kind], KINDS[kind].size[0] if size is None else size)
        start = -(-at // STEP) * STEP
        end = start + KINDS[kind].minutes[0] * MINUTE
        name = f"planted-{len(self.planted) + 1}"
        event = Event(name, kind, self._by_id[asset_id], start, end, chosen, planted=True)
        self.planted.append(event)
        return event

    def _draw(self, day: int) -> tuple[Event, ...]:
        rng = np.random.default_rng([self._seed, 3, day])
        # A coin is only eligible every third day and once on it, so no two drawn events can
        # meet on one coin even where one of them crosses midnight.
        free = {
            name: [index for index in pool if index % 3 == day % 3]
            for name, pool in self._pools.items()
        }
        used: set[int] = set()
        events = []
        for kind in (kind for kind in KINDS.values() if kind.per_day):
            slot = DAY // kind.per_day
            for number in range(kind.per_day):
                # The last 90 minutes of a slot stay empty: starts are at least that far apart.
                offset = int(rng.integers((slot - 90 * MINUTE) // STEP)) * STEP
                choices = [index for index in free[kind.pool] if index not in used]
                asset = choices[int(rng.integers(len(choices)))]
                used.add(asset)
                low, high = kind.minutes
                length = int(rng.integers(low // 5, high // 5 + 1)) * STEP
                sign = -1.0 if kind.signed and rng.random() < 0.5 else 1.0
                size = sign * round(float(rng.uniform(*kind.size)), 4)
                start = day * DAY + number * slot + offset
                name = f"{iso(start)[:10]}-{kind.name}-{number + 1}"
                events.append(Event(name, kind.name, asset, start, start + length, size))
        return tuple(events)


def _check_size(kind: Kind, size: float) -> float:
    match kind.name:
        case "volume_spike":
            if not 1 < size <= 1000:
                raise ValueError("size of volume_spike is a multiplier between 1 and 1000")
        case "pump_dump" | "depeg":
            if not 0 < size <= 2:
                raise ValueError(f"size of {kind.name} is a log return above 0 and at most 2")
        case "tvl_outflow":
            if not 0 < size < 1:
                raise ValueError("size of tvl_outflow is a share between 0 and 1")
        case "sentiment_turn":
            if size == 0:
                raise ValueError("size of sentiment_turn is a sign: 1 for good news, -1 for bad")
            return 1.0 if size > 0 else -1.0
        case "stale":
            return 1.0
        case _:
            if size == 0 or abs(size) > 2:
                raise ValueError(f"size of {kind.name} is a log return within -2..2, and not 0")
    return size
