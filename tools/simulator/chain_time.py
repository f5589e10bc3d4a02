"""Chains by the clock: heights, difficulty, fees and supplies as smooth functions of an instant.

Nothing here knows the market or its events, and any instant can be asked for. Levels are
orders of magnitude to start from, not measurements.
"""

import math
from functools import lru_cache

HALVING_HEIGHT, HALVING = 840_000, 1_713_571_767  # the block of 2024-04-20T00:09:27Z
RETARGET = 2016
SPACING = 600
MERGE_HEIGHT, MERGE, SLOT = 15_537_394, 1_663_224_179, 12  # the first block after 2022-09-15
_DRIFT, _DRIFT_BLOCKS = 60_000.0, 9_000.0  # seconds ahead of or behind the plan, and its period
_DIFFICULTY = 8.8e13  # at the halving
_HOUR, _DAY, _YEAR = 3600.0, 86_400.0, 31_557_600.0


def wave(now: float, *parts: tuple[float, float]) -> float:
    """The sum of sines at an instant; each part is (period in seconds, height)."""
    return sum(height * math.sin(2 * math.pi * now / period) for period, height in parts)


def found_at(height: int) -> int:
    """When a Bitcoin block was, or will be, found (Unix s); grows with the height.

    Blocks come faster and slower in turn, so that the difficulty has something to follow.
    """
    past = height - HALVING_HEIGHT
    drift = _DRIFT * math.sin(2 * math.pi * past / _DRIFT_BLOCKS)
    scatter = (height * 2_654_435_761 >> 7) % 400 - 200
    return HALVING + int(SPACING * past + drift) + scatter


def bitcoin_height(now: float) -> int:
    """The newest Bitcoin block at an instant."""
    reach = int(_DRIFT / SPACING) + 2
    middle = HALVING_HEIGHT + int((now - HALVING) / SPACING)
    low, high = middle - reach, middle + reach
    while high - low > 1:
        half = (low + high) // 2
        low, high = (half, high) if found_at(half) <= now else (low, half)
    return low


@lru_cache(maxsize=4096)
def retarget_factor(epoch: int) -> float:
    """What the difficulty is multiplied by at the end of an epoch of 2016 blocks."""
    taken = found_at((epoch + 1) * RETARGET) - found_at(epoch * RETARGET)
    return RETARGET * SPACING / taken


@lru_cache(maxsize=64)
def difficulty(epoch: int) -> float:
    """The difficulty of an epoch of 2016 blocks."""
    known = HALVING_HEIGHT // RETARGET
    value = _DIFFICULTY
    for past in range(known, epoch):
        value *= retarget_factor(past)
    for past in range(epoch, known):
        value /= retarget_factor(past)
    return value


def hashrate(now: float) -> float:
    """Hashes a second that find blocks at the pace of the last hundred."""
    height = bitcoin_height(now)
    taken = found_at(height) - found_at(height - 100)
    return difficulty(height // RETARGET) * 2**32 / (taken / 100)


def fee_level(now: float) -> float:
    """What the next Bitcoin block costs, in sat/vB: 0.9 to 9, cheap at night and at week-ends."""
    return 2.8 * math.exp(wave(now, (7 * _DAY, 0.5), (_DAY, 0.4), (2311.0, 0.15), (677.0, 0.08)))


def ethereum_height(now: float) -> int:
    """The newest Ethereum block at an instant: one per slot since the merge."""
    return MERGE_HEIGHT + int(now - MERGE) // SLOT


def slot_time(height: int) -> int:
    """When an Ethereum block was proposed (Unix s)."""
    return MERGE + (height - MERGE_HEIGHT) * SLOT


def base_fee(height: int) -> int:
    """The base fee of an Ethereum block in wei: 0.1 to 2 Gwei."""
    now = slot_time(height)
    level = wave(now, (7 * _DAY, 0.4), (_DAY, 0.5), (5 * _HOUR, 0.25), (601.0, 0.1))
    return int(0.42e9 * math.exp(level))


def gas_used_ratio(height: int) -> float:
    """The share of an Ethereum block's gas limit that was used, about a half."""
    return round(0.5 + 0.3 * math.sin(height * 1.7) + 0.12 * math.sin(height * 0.31), 7)


def issued_ether(now: float) -> int:
    """Wei given to validators since staking began, at some 0.94 million ether a year."""
    return int((1_900_000 + 940_000 * (now - MERGE) / _YEAR) * 1000) * 10**15


def burnt_ether(now: float) -> int:
    """Wei burnt with base fees, more slowly every year."""
    years = max((now - MERGE) / _YEAR, 0.0)
    return int((2_600_000 + 2_400_000 * math.log1p(years)) * 1000) * 10**15


def withdrawn_ether(now: float) -> int:
    """Wei that left staking since April 2023."""
    years = max((now - 1_681_300_000) / _YEAR, 0.0)
    return int(9_500_000 * years * 1000) * 10**15


def sentiment_index(day: int) -> int:
    """The fear and greed index of a day (days since 1970), 5 to 95."""
    level = 50 + wave(day * _DAY, (97 * _DAY, 24), (31 * _DAY, 12), (9 * _DAY, 6))
    return max(5, min(95, round(level + (day * 2_654_435_761 >> 9) % 7 - 3)))
