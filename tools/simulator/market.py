"""The simulated market: price and volume of every coin at any instant of any date.

No history is played up to an instant. The log price at each midnight is a slow bounded
function of (seed, coin, day); inside a day a Brownian bridge runs between two midnights on
a five-minute grid, made of a market, a sector and an own factor under clustering
volatility. A day is computed for all coins at once (a few milliseconds) and kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.simulator.coins import Coin
from tools.simulator.events import REACH_DAYS, STEP, Schedule
from tools.simulator.instants import DAY

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

STEPS = DAY // STEP
# Squared loadings of a five-minute return on the market, the sector and the coin itself.
_MARKET, _SECTOR, _OWN = 0.35, 0.25, 0.40


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
        self._seed = seed
        self._schedule = schedule
        self._size = len(self.coins)
        self._base = np.log([coin.price for coin in self.coins])
        stable = np.array([coin.stable for coin in self.coins])
        rank = np.arange(self._size) / self._size
        # Standard deviation of a 15-minute return: 0.22 % for the first, 0.8 % for the last.
        quarter_hour = np.where(stable, 0.0002, 0.0022 + 0.0058 * rank**0.8)
        self._sigma = quarter_hour / np.sqrt(3)
        self._stable = stable
        names = sorted({coin.sector for coin in self.coins})
        self._sector = np.array([names.index(coin.sector) for coin in self.coins])
        self._sectors = len(names)
        turnover = np.where(stable, 0.25, 0.03 + 0.05 * np.modf(np.arange(self._size) * 0.618)[0])
        self._turnover = turnover * np.array([coin.price * coin.supply for coin in self.coins])
        self._waves = np.random.default_rng([seed, 0]).uniform(0, 2 * np.pi, (self._size + 1, 4))
        self._kept_days = lru_cache(maxsize=128)(self._compute_day)
        self._kept_windows = lru_cache(maxsize=4)(self._join_days)

    @property
    def revision(self) -> int:
        """The count of planted events: planting may change the past."""
        return len(self._schedule.planted)

    def snapshot(self, now: int) -> Snapshot:
        """The market at an instant, as the provider would show it, stale coins included."""
        day, second = divmod(now, DAY)
        logs, volumes = self._kept_windows(day, self.revision)
        place = STEPS + second / STEP
        step, part = int(place), place % 1
        log_price = logs[:, step] * (1 - part) + logs[:, step + 1] * part
        past = logs[:, step - STEPS + 1 : step + 1]
        volume = _at(volumes, place) - _at(volumes, place - STEPS)
        high = np.exp(np.maximum(past.max(axis=1), log_price))
        low = np.exp(np.minimum(past.min(axis=1), log_price))
        # Each coin was last refreshed some seconds before the grid's instant.
        updated = now - (np.arange(self._size) * 7 % 45) - 0.001 * (np.arange(self._size) % 997)
        price = np.exp(log_price)
        for event in self._schedule.between(now, now + 1):
            if event.kind == "stale" and event.start < now:
                frozen = self.snapshot(event.start)
                price[event.asset] = frozen.price[event.asset]
                volume[event.asset] = frozen.volume[event.asset]
                updated[event.asset] = frozen.updated[event.asset]
        return Snapshot(price, volume, high, low, updated)

    def history(self, asset: int, instants: Instants) -> tuple[Floats, Floats]:
        """One coin's price, flat where its feed is stale, and rolling notional at each instant."""
        seen = instants.copy()
        for event in self._schedule.between(int(instants.min()), int(instants.max()) + 1):
            if event.kind == "stale" and event.asset == asset:
                seen[(seen > event.start) & (seen < event.end)] = event.start
        logs, volumes = np.empty((2, len(instants)))
        grid = np.arange(STEPS + 1)
        for day in np.unique(np.concatenate((seen, instants)) // DAY).tolist():
            level, volume = self._day(day)
            before = self._day(day - 1)[1][asset]
            shown, asked = seen // DAY == day, instants // DAY == day
            logs[shown] = np.interp(seen[shown] % DAY / STEP, grid, level[asset])
            place = instants[asked] % DAY / STEP
            volumes[asked] = np.interp(place, grid, volume[asset])
            volumes[asked] += before[-1] - np.interp(place, grid, before)
        return np.exp(logs + self._base[asset]), volumes * self._turnover[asset]

    def _day(self, day: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._kept_days(day, self.revision)

    def _join_days(self, day: int, _revision: int) -> tuple[Floats, Floats]:
        """Log prices and cumulative volumes of a day and the one before, on one grid."""
        (old, old_volume), (new, new_volume) = self._day(day - 1), self._day(day)
        logs: Floats = np.concatenate((old[:, :-1], new), axis=1, dtype=np.float64)
        both = (old_volume[:, :-1], new_volume + old_volume[:, -1:])
        volumes: Floats = np.concatenate(both, axis=1, dtype=np.float64)
        return logs + self._base[:, None], volumes * self._turnover[:, None]

    def _compute_day(
        self, day: int, _revision: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log price over the coin's level, and cumulative volume over its usual daily one.

        Both have shape (coins, 289): the five-minute grid from midnight to midnight.
        """
        rng = np.random.default_rng([self._seed, 2, day])
        market = rng.standard_normal(STEPS)
        sectors = rng.standard_normal((self._sectors, STEPS))
        own = rng.standard_normal((self._size, STEPS))
        common = np.sqrt(_MARKET) * market + np.sqrt(_SECTOR) * sectors
        shocks = common[self._sector] + np.sqrt(_OWN) * own
        shocks[self._stable] = own[self._stable]
        shocks *= _clustering(rng, self._sectors)[self._sector] * self._sigma[:, None]
        walk = np.zeros((self._size, STEPS + 1))
        np.cumsum(shocks, axis=1, out=walk[:, 1:])
        along = np.arange(STEPS + 1) / STEPS
        start, end = self._midnight(day), self._midnight(day + 1)
        logs = start[:, None] + (end - start)[:, None] * along + walk - walk[:, -1:] * along

        grid = day * DAY + np.arange(STEPS + 1, dtype=np.int64) * STEP
        interval = np.exp(0.3 * rng.standard_normal((self._size, STEPS)) - 0.045) / STEPS
        interval *= 1 + 0.35 * np.sin(2 * np.pi * (along[:-1] - 0.35))  # busiest at 14:30 UTC
        interval *= 0.8 if day % 7 in (2, 3) else 1.08  # 1970-01-01 was a Thursday
        for past in range(day - REACH_DAYS, day + 1):
            for event in self._schedule.of_day(past):
                move = event.log_move(grid)
                if move is not None:
                    logs[event.asset] += move
                factor = event.volume_factor(grid[:-1]) if event.end > grid[0] else None
                if factor is not None:
                    interval[event.asset] *= factor
        volume = np.zeros((self._size, STEPS + 1))
        np.cumsum(interval, axis=1, out=volume[:, 1:])
        return logs.astype(np.float32), volume.astype(np.float32)

    def _midnight(self, day: int) -> Floats:
        """Log price over the coin's level at 00:00 UTC, events left out; bounded."""
        periods = np.array([430.0, 151.0, 67.0, 29.0])
        heights = np.array([0.22, 0.12, 0.07, 0.04])
        waves = (heights * np.sin(2 * np.pi * day / periods + self._waves)).sum(axis=1)
        jitter = np.random.default_rng([self._seed, 1, day]).standard_normal(self._size)
        daily = self._sigma * np.sqrt(STEPS) * 0.7 * np.clip(jitter, -2.5, 2.5)
        return np.asarray(np.where(self._stable, 0.0, waves[-1] + waves[:-1]) + daily)


def _clustering(rng: np.random.Generator, sectors: int) -> Floats:
    """A volatility multiplier per sector and step that wanders over some two hours."""
    kernel = np.exp(-np.arange(96) / 24)
    kernel /= np.sqrt((kernel**2).sum())
    noise = rng.standard_normal((sectors, STEPS + len(kernel) - 1))
    smooth = np.stack([np.convolve(row, kernel, mode="valid") for row in noise])
    return np.asarray(np.exp(0.22 * np.clip(smooth, -2.2, 2.2) - 0.05))


def _at(grid: Floats, place: float) -> Floats:
    """The rows of a grid, linearly between its columns."""
    step, part = int(place), place % 1
    return np.asarray(grid[:, step] * (1 - part) + grid[:, min(step + 1, grid.shape[1] - 1)] * part)
