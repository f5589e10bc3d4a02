"""The days of the simulated market, computed for a block of coins at a time and kept.

The first block holds the 250 coins that are always there and is drawn from streams of its
own, so a larger market leaves their prices alone. Further blocks see the same market and
sector factors under own shocks; a coin that follows another has its price and some noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.simulator.coins import COUNT, Coin
from tools.simulator.events import REACH_DAYS, STEP, Schedule
from tools.simulator.instants import DAY

Floats = NDArray[np.float64]
Day = tuple[NDArray[np.float32], NDArray[np.float32]]

STEPS = DAY // STEP
# Squared loadings of a five-minute return on the market, the sector and the coin itself.
_MARKET, _SECTOR, _OWN = 0.35, 0.25, 0.40
_PERIODS = np.array([430.0, 151.0, 67.0, 29.0])
_HEIGHTS = np.array([0.22, 0.12, 0.07, 0.04])


@dataclass(frozen=True)
class Block:
    """Coins that are computed together; `first` is the place of its first in the market."""

    number: int
    first: int
    coins: tuple[Coin, ...]
    sigma: Floats
    steady: NDArray[np.bool_]
    sector: NDArray[np.int64]
    waves: Floats

    @property
    def places(self) -> slice:
        """Its coins in an array over the market."""
        return slice(self.first, self.first + len(self.coins))


class MarketDays:
    """Log prices and volumes by block and day, a function of the seed and the schedule."""

    def __init__(self, seed: int, coins: Sequence[Coin], schedule: Schedule) -> None:
        self._seed = seed
        self._schedule = schedule
        self._place = {coin.id: place for place, coin in enumerate(coins)}
        self._names = sorted({coin.sector for coin in coins[:COUNT]})
        # The market's own slow wave was drawn after those of the first coins.
        drawn = np.random.default_rng([seed, 0]).uniform(0, 2 * np.pi, (len(coins[:COUNT]) + 1, 4))
        self._tide = drawn[-1]
        self.blocks = [self._block(0, 0, coins[:COUNT], drawn[:-1])]
        unranked = sum(coin.unranked for coin in coins[COUNT:])
        edges = [COUNT, *range(COUNT + unranked, len(coins), COUNT), len(coins)]
        for start, end in pairwise(edges):
            if start < end:
                number = len(self.blocks)
                own = np.random.default_rng([seed, 22, number, 1])
                waves = own.uniform(0, 2 * np.pi, (end - start, 4))
                self.blocks.append(self._block(number, start, coins[start:end], waves))
        self._kept = lru_cache(maxsize=max(128, 12 * len(self.blocks)))(self._compute)

    def of(self, block: Block, day: int) -> Day:
        """Log price over the coin's level, and cumulative volume over its usual daily one.

        Both have shape (coins, 289): the five-minute grid from midnight to midnight.
        """
        return self._kept(block.number, day, len(self._schedule.planted))

    def block_of(self, asset: int) -> Block:
        """The block that holds a coin."""
        return next(block for block in reversed(self.blocks) if block.first <= asset)

    def _block(self, number: int, first: int, coins: Sequence[Coin], waves: Floats) -> Block:
        steady = np.array([coin.stable or coin.follows is not None for coin in coins])
        rank = np.arange(len(coins)) / len(coins) if number == 0 else np.ones(len(coins))
        # Standard deviation of a 15-minute return: 0.22 % for the first, 0.8 % for the last.
        quarter_hour = np.where(steady, 0.0002, 0.0022 + 0.0058 * rank**0.8)
        sector = [
            self._names.index(coin.sector) if coin.sector in self._names else 0 for coin in coins
        ]
        return Block(
            number, first, tuple(coins), quarter_hour / np.sqrt(3), steady, np.array(sector), waves
        )

    def _compute(self, number: int, day: int, _revision: int) -> Day:
        block = self.blocks[number]
        size = len(block.coins)
        rng = np.random.default_rng([self._seed, 2, day])
        market = rng.standard_normal(STEPS)
        sectors = rng.standard_normal((len(self._names), STEPS))
        if number:
            rng = np.random.default_rng([self._seed, 20, number, day])
        own = rng.standard_normal((size, STEPS))
        common = np.sqrt(_MARKET) * market + np.sqrt(_SECTOR) * sectors
        shocks = common[block.sector] + np.sqrt(_OWN) * own
        shocks[block.steady] = own[block.steady]
        clusters = _clustering(rng, len(self._names))
        shocks *= clusters[block.sector] * block.sigma[:, None]
        walk = np.zeros((size, STEPS + 1))
        np.cumsum(shocks, axis=1, out=walk[:, 1:])
        along = np.arange(STEPS + 1) / STEPS
        start, end = self._midnight(block, day), self._midnight(block, day + 1)
        logs = start[:, None] + (end - start)[:, None] * along + walk - walk[:, -1:] * along
        for place, coin in enumerate(block.coins):
            if coin.follows is not None:
                logs[place] += self.of(self.blocks[0], day)[0][self._place[coin.follows]]

        grid = day * DAY + np.arange(STEPS + 1, dtype=np.int64) * STEP
        interval = np.exp(0.3 * rng.standard_normal((size, STEPS)) - 0.045) / STEPS
        interval *= 1 + 0.35 * np.sin(2 * np.pi * (along[:-1] - 0.35))  # busiest at 14:30 UTC
        interval *= 0.8 if day % 7 in (2, 3) else 1.08  # 1970-01-01 was a Thursday
        for past in range(day - REACH_DAYS, day + 1):
            for event in self._schedule.of_day(past):
                place = event.asset - block.first
                if not 0 <= place < size:
                    continue
                move = event.log_move(grid)
                if move is not None:
                    logs[place] += move
                factor = event.volume_factor(grid[:-1]) if event.end > grid[0] else None
                if factor is not None:
                    interval[place] *= factor
        volume = np.zeros((size, STEPS + 1))
        np.cumsum(interval, axis=1, out=volume[:, 1:])
        return logs.astype(np.float32), volume.astype(np.float32)

    def _midnight(self, block: Block, day: int) -> Floats:
        """Log price over the coin's level at 00:00 UTC, events left out; bounded."""
        tide = (_HEIGHTS * np.sin(2 * np.pi * day / _PERIODS + self._tide)).sum()
        waves = (_HEIGHTS * np.sin(2 * np.pi * day / _PERIODS + block.waves)).sum(axis=1)
        key = [self._seed, 23, block.number, day] if block.number else [self._seed, 1, day]
        jitter = np.random.default_rng(key).standard_normal(len(block.coins))
        daily = block.sigma * np.sqrt(STEPS) * 0.7 * np.clip(jitter, -2.5, 2.5)
        return np.asarray(np.where(block.steady, 0.0, tide + waves) + daily)


def _clustering(rng: np.random.Generator, sectors: int) -> Floats:
    """A volatility multiplier per sector and step that wanders over some two hours."""
    kernel = np.exp(-np.arange(96) / 24)
    kernel /= np.sqrt((kernel**2).sum())
    noise = rng.standard_normal((sectors, STEPS + len(kernel) - 1))
    smooth = np.stack([np.convolve(row, kernel, mode="valid") for row in noise])
    return np.asarray(np.exp(0.22 * np.clip(smooth, -2.2, 2.2) - 0.05))
