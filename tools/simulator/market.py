"""The simulated market: price and volume of every coin at any instant of any date.

No history is played up to an instant. The log price at each midnight is a slow bounded
function of (seed, coin, day); inside a day a Brownian bridge runs between two midnights on
a five-minute grid, made of a market, a sector and an own factor under clustering
volatility. A day is computed for 250 coins at once (a few milliseconds) and kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.simulator.coins import Coin
from tools.simulator.events import STEP, Schedule
from tools.simulator.instants import DAY
from tools.simulator.market_days import STEPS, Block, MarketDays

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The market at one instant, a value per coin; prices in USD, NaN where unknown.

    `volume` is the notional of the last 24 hours in USD, `updated` Unix seconds.
    """

    price: Floats
    volume: Floats
    high: Floats
    low: Floats
    updated: Floats


class MarketSource(Protocol):
    """What a provider needs of a market, simulated or replayed."""

    @property
    def coins(self) -> Sequence[Coin]:
        """The coins, by their place in every array; an asset is such a place."""

    @property
    def capitalised(self) -> bool:
        """Whether supplies, and so market capitalisations, are known."""

    @property
    def revision(self) -> int:
        """Grows whenever the past may have changed, so that answers kept must go."""

    def __hash__(self) -> int:
        """By identity, so that what is made from a market can be kept beside it."""

    def snapshot(self, now: int) -> Snapshot:
        """The market as it was known at an instant."""

    def history(self, asset: int, instants: Instants) -> tuple[Floats, Floats]:
        """One coin's price and rolling 24 hour notional at each instant, ascending.

        The price is NaN before the coin's first.
        """


class SimulatedMarket:
    """A market that is a function of its seed and the events planted in it."""

    capitalised = True

    def __init__(self, seed: int, coins: Sequence[Coin], schedule: Schedule) -> None:
        self.coins = tuple(coins)
        self._schedule = schedule
        self._size = len(self.coins)
        self._base = np.log([coin.price for coin in self.coins])
        stable = np.array([coin.stable for coin in self.coins])
        turnover = np.where(stable, 0.25, 0.03 + 0.05 * np.modf(np.arange(self._size) * 0.618)[0])
        self._turnover = turnover * np.array([coin.price * coin.supply for coin in self.coins])
        self._days = MarketDays(seed, self.coins, schedule)
        self._kept_snapshots = lru_cache(maxsize=32)(self._compute_snapshot)

    @property
    def revision(self) -> int:
        """The count of planted events: planting may change the past."""
        return len(self._schedule.planted)

    def snapshot(self, now: int) -> Snapshot:
        """The market at an instant, as the provider would show it, stale coins included."""
        return self._kept_snapshots(now, self.revision)

    def history(self, asset: int, instants: Instants) -> tuple[Floats, Floats]:
        """One coin's price, flat where its feed is stale, and rolling notional at each instant."""
        seen = instants.copy()
        for event in self._schedule.between(int(instants.min()), int(instants.max()) + 1):
            if event.kind == "stale" and event.asset == asset:
                seen[(seen > event.start) & (seen < event.end)] = event.start
        logs, volumes = np.empty((2, len(instants)))
        grid = np.arange(STEPS + 1)
        block = self._days.block_of(asset)
        place = asset - block.first
        for day in np.unique(np.concatenate((seen, instants)) // DAY).tolist():
            level, volume = self._days.of(block, day)
            before = self._days.of(block, day - 1)[1][place]
            shown, asked = seen // DAY == day, instants // DAY == day
            logs[shown] = np.interp(seen[shown] % DAY / STEP, grid, level[place])
            steps = instants[asked] % DAY / STEP
            volumes[asked] = np.interp(steps, grid, volume[place])
            volumes[asked] += before[-1] - np.interp(steps, grid, before)
        return np.exp(logs + self._base[asset]), volumes * self._turnover[asset]

    def _compute_snapshot(self, now: int, _revision: int) -> Snapshot:
        price, volume, high, low = np.empty((4, self._size))
        for block in self._days.blocks:
            values = self._block_snapshot(block, now)
            for whole, part in zip((price, volume, high, low), values, strict=True):
                whole[block.places] = part
        # Each coin was last refreshed some seconds before the grid's instant.
        updated = now - (np.arange(self._size) * 7 % 45) - 0.001 * (np.arange(self._size) % 997)
        for event in self._schedule.between(now, now + 1):
            if event.kind == "stale" and event.start < now:
                frozen = self.snapshot(event.start)
                price[event.asset] = frozen.price[event.asset]
                volume[event.asset] = frozen.volume[event.asset]
                updated[event.asset] = frozen.updated[event.asset]
        return Snapshot(price, volume, high, low, updated)

    def _block_snapshot(self, block: Block, now: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Price, notional, high and low of 24 hours of the coins of a block."""
        day, second = divmod(now, DAY)
        (old, old_volume), (new, new_volume) = (
            self._days.of(block, day - 1),
            self._days.of(block, day),
        )
        # Columns of the two days on one grid; the first midnight of the second is STEPS.
        place = STEPS + second / STEP
        step, part = int(place) - STEPS, place % 1
        base, turnover = self._base[block.places], self._turnover[block.places]

        def level(column: int) -> Floats:
            return np.asarray(new[:, column].astype(np.float64) + base)

        def total(column: int) -> Floats:
            sums = new_volume[:, column] + old_volume[:, -1]
            return np.asarray(sums.astype(np.float64) * turnover)

        def total_before(column: int) -> Floats:
            if column == STEPS:
                return total(0)
            return np.asarray(old_volume[:, column].astype(np.float64) * turnover)

        log_price = level(step) * (1 - part) + level(step + 1) * part
        recent, earlier = new[:, : step + 1], old[:, step + 1 : STEPS]
        highest = np.maximum(recent.max(axis=1), earlier.max(axis=1, initial=-np.inf)) + base
        lowest = np.minimum(recent.min(axis=1), earlier.min(axis=1, initial=np.inf)) + base
        volume = total(step) * (1 - part) + total(step + 1) * part
        volume -= total_before(step) * (1 - part) + total_before(step + 1) * part
        high, low = np.exp(np.maximum(highest, log_price)), np.exp(np.minimum(lowest, log_price))
        return np.exp(log_price), volume, high, low
