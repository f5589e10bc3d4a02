"""One price of an asset out of several: the volume-weighted median of fresh sources.

A source is left out, and named with the reason, when its stamp is older than
FRESH_SECONDS or when its price is an outlier: of three or more, one that is
further from their median than TOLERANCE and than DEVIATIONS robust standard
deviations (1.4826 times the median absolute deviation; Hampel, JASA 1974);
of two that differ by more than DISAGREEMENT, the one that knows less of the
market. Sources are left out rather than averaged away: one wrong decimal
point must not move the price at all.

Volume is the median of the sources that count all venues. Where such sources are
collected and none of them spoke, it is unknown: what a few venues sum to is another
quantity. Where there are only venues it is their sum. All prices in US dollars, times in
epoch seconds.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple

import msgspec

FRESH_SECONDS = 1800
TOLERANCE = 0.02
DEVIATIONS = 5.0
DISAGREEMENT = 0.05

Coverage = Literal["aggregate", "venue"]


class Price(NamedTuple):
    """What one source says of an asset."""

    source: str
    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: int


class Inputs(msgspec.Struct):
    """What a consensus was made of: prices used, sources rejected and why, spread of the used.

    `spread` is the highest over the lowest price, minus one.
    """

    used: dict[str, float]
    rejected: dict[str, str]
    spread: float


class Consensus(NamedTuple):
    """The price of an asset; `observed_at` is that of the newest source used."""

    price: float
    volume_24h: float | None
    market_cap: float | None
    observed_at: int
    inputs: Inputs


def agree(prices: Sequence[Price], coverage: Mapping[str, Coverage], tick: int) -> Consensus | None:
    """Return the consensus at `tick`; None when no source is fresh.

    `coverage` is that of every source that is collected, asked or not.
    """
    rejected: dict[str, str] = {}
    fresh: list[Price] = []
    for one in sorted(prices):
        age = tick - one.observed_at
        if age > FRESH_SECONDS:
            rejected[one.source] = f"observed {age // 60} minutes before"
        else:
            fresh.append(one)
    if not fresh:
        return None
    used = _without_outliers(fresh, coverage, rejected)
    values = [one.price for one in used]
    caps = [one.market_cap for one in used if one.market_cap is not None]
    inputs = Inputs(
        used={one.source: one.price for one in used},
        rejected=rejected,
        spread=round(max(values) / min(values) - 1, 6),
    )
    return Consensus(
        price=_weighted_median(used),
        volume_24h=_volume(used, coverage),
        market_cap=median(caps) if caps else None,
        observed_at=max(one.observed_at for one in used),
        inputs=inputs,
    )


def _without_outliers(
    fresh: list[Price], coverage: Mapping[str, Coverage], rejected: dict[str, str]
) -> list[Price]:
    if len(fresh) == 2:
        low, high = sorted(one.price for one in fresh)
        if high / low - 1 <= DISAGREEMENT:
            return fresh
        kept, other = sorted(
            fresh,
            key=lambda one: (coverage.get(one.source) != "aggregate", -(one.volume_24h or 0)),
        )
        rejected[other.source] = f"{_percent(other.price, kept.price)} {kept.source}"
        return [kept]
    middle = median(one.price for one in fresh)
    deviation = 1.4826 * median(abs(one.price - middle) for one in fresh)
    limit = max(TOLERANCE * middle, DEVIATIONS * deviation)
    used = [one for one in fresh if abs(one.price - middle) <= limit]
    for one in fresh:
        if one not in used:
            rejected[one.source] = f"{_percent(one.price, middle)} the median"
    return used


def _percent(price: float, reference: float) -> str:
    change = 100 * (price / reference - 1)
    return f"{abs(change):.3g} % {'above' if change > 0 else 'below'}"


def _weighted_median(used: Sequence[Price]) -> float:
    """The price at which half of the volume is cheaper; between two when they share it evenly."""
    known = [one.volume_24h for one in used if one.volume_24h]
    smallest = min(known, default=1.0)  # who does not say weighs as little as the least
    ordered = sorted((one.price, one.volume_24h or smallest) for one in used)
    half = sum(weight for _, weight in ordered) / 2
    passed = 0.0
    for place, (price, weight) in enumerate(ordered):
        passed += weight
        if passed > half:
            return price
        if passed == half:
            return (price + ordered[place + 1][0]) / 2
    return ordered[-1][0]


def _volume(used: Sequence[Price], coverage: Mapping[str, Coverage]) -> float | None:
    everywhere = [
        one.volume_24h
        for one in used
        if one.volume_24h is not None and coverage.get(one.source) == "aggregate"
    ]
    if everywhere:
        return median(everywhere)
    if "aggregate" in coverage.values():
        return None
    venues = [one.volume_24h for one in used if one.volume_24h is not None]
    return sum(venues) if venues else None
