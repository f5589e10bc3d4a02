"""Prices as one venue sees them: the market's, a few basis points off, other ones each minute."""

from hashlib import blake2b
from zlib import crc32

import numpy as np

from tools.simulator.market import Floats, MarketSource

EUR_USD = 1.09  # dollars for a euro; the simulated foreign exchange market is shut


def venue_prices(market: MarketSource, venue: str, now: int, basis_points: float = 4.0) -> Floats:
    """USD prices of every coin at a venue, NaN where unknown.

    A venue is off by at most `basis_points`; the same venue and minute give the same prices.
    """
    prices = market.snapshot(now).price
    rng = np.random.default_rng([crc32(venue.encode()), now // 60])
    return np.asarray(prices * (1 + rng.uniform(-1, 1, len(prices)) * basis_points / 10_000))


def off_by(what: str, now: int, basis_points: float = 4.0) -> float:
    """A factor near one for a single price, by the same rule as a venue's."""
    draw = number_of(f"{what}/{now // 60}") % 20_001
    return 1 + (draw / 10_000 - 1) * basis_points / 10_000


def number_of(what: str) -> int:
    """A 63-bit number that belongs to a text for good."""
    return int.from_bytes(blake2b(what.encode(), digest_size=8).digest(), "big") >> 1


def change(now: float, before: float, digits: int = 5) -> float | None:
    """The change in percent; None where either price is unknown."""
    if not before > 0 or not now > 0:
        return None
    return round((now / before - 1) * 100, digits)
